//! Where pages lead: to something that exists and is shown, each to a next step, and all of them led to.

use super::{Lint, file_of};
use crate::markdown::{Lines, parse};
use crate::model::{Library, Link, NextStep, Status};
use crate::read::{body_of, line_of};
use pulldown_cmark::{Event, Tag};
use std::collections::BTreeSet;

/// A link as it stands in a file.
struct Way {
    from: Link,
    to: Link,
    file: String,
    line: usize,
}

impl Lint<'_> {
    pub(super) fn links(&mut self) {
        let mut ways = Vec::new();
        let library = self.library;
        for guide in library.guides.values() {
            let file = format!("guides/{}/guide.toml", guide.id);
            self.next_steps(&Link::Guide(guide.id.clone()), &file, &guide.next, &mut ways);
            for section in &guide.sections {
                let from = Link::Section(guide.id.clone(), section.id.clone());
                let file = section.file.to_string_lossy().into_owned();
                self.next_steps(&from, &file, &section.next, &mut ways);
                let body = body_of(self.text(&file));
                inline(&from, &file, &body, &mut ways);
            }
        }
        for task in library.tasks.values() {
            let from = Link::Task(task.id.clone());
            self.next_steps(&from, &file_of(task, "task.toml"), &task.next, &mut ways);
            for (name, text) in [("prompt.md", &task.prompt), ("hints.md", &task.hints), ("explain.md", &task.explain)]
            {
                inline(&from, &file_of(task, name), text, &mut ways);
            }
            for (name, text) in &task.explain_back {
                inline(&from, &file_of(task, &format!("explain-back/{name}")), text, &mut ways);
            }
        }
        for role in library.roles.values() {
            let from = Link::Role(role.id.clone());
            let file = format!("roles/{}/role.toml", role.id);
            self.next_steps(&from, &file, &role.next, &mut ways);
            for level in &role.levels {
                self.next_steps(&from, &file, &level.prepare, &mut ways);
            }
            let about = format!("roles/{}/role.md", role.id);
            let words = self.text(&about).to_owned();
            inline(&from, &about, &words, &mut ways);
        }
        for check in library.checks.values() {
            let from = Link::Check(check.manifest.id.clone());
            let file = format!("checks/{}/check.toml", check.manifest.id);
            self.next_steps(&from, &file, &check.next, &mut ways);
            let about = format!("checks/{}/check.md", check.manifest.id);
            let words = self.text(&about).to_owned();
            inline(&from, &about, &words, &mut ways);
        }
        for question in library.questions.values() {
            let file = question.file.to_string_lossy().into_owned();
            let from = Link::Quick(question.id.clone());
            self.next_steps(&from, &file, &question.next, &mut ways);
            let body = question.body.clone();
            inline(&from, &file, &body, &mut ways);
        }
        for answers in library.answers.values() {
            let from = Link::Answers(answers.asker);
            let file = answers.file.to_string_lossy().into_owned();
            self.next_steps(&from, &file, &answers.next, &mut ways);
            let body = body_of(self.text(&file));
            inline(&from, &file, &body, &mut ways);
        }
        for way in &ways {
            self.dangling(way);
        }
        self.unreached(&ways);
    }

    fn next_steps(&mut self, from: &Link, file: &str, steps: &[NextStep], ways: &mut Vec<Way>) {
        if steps.is_empty() {
            let mend = "Add next = [{ to = \"…\", why = \"…\" }]";
            self.fault(file, 1, "The page has no next step", mend);
        }
        for step in steps {
            let to = step.to.to_string();
            let line = line_of(self.text(file), &format!("\"{to}\""));
            if step.why.trim().is_empty() {
                self.fault(file, line, format!("The next step to {to} gives no reason"), "Say why in one sentence");
            }
            if step.to == *from {
                self.fault(file, line, "The next step leads to the page itself", "Name another page");
            }
            ways.push(Way { from: from.clone(), to: step.to.clone(), file: file.to_owned(), line });
        }
    }

    fn dangling(&mut self, way: &Way) {
        if self.library.url(&way.to).is_none() {
            let says = format!("{} does not exist", way.to);
            self.fault(&way.file, way.line, says, "Correct the link, or add what it leads to");
            return;
        }
        let (status, what) = match &way.to {
            Link::Task(id) => (self.library.tasks.get(id).map(|task| task.manifest.status), "task"),
            Link::Quick(id) => (self.library.questions.get(id).map(|quick| quick.manifest.status), "question"),
            _ => return,
        };
        if let Some(status) = status.filter(|status| *status != Status::Active) {
            let status = if status == Status::Draft { "a draft" } else { "retired" };
            let says = format!("{} is {status} and is not shown", way.to);
            self.fault(&way.file, way.line, says, format!("Lead to an active {what}, or make this one active"));
        }
    }

    /// `page:home` lists the guides and the roles and leads to `page:questions`, which lists every active quick question; a guide lists
    /// its sections, and a section holds its questions. That the list of tasks names every active task is not counted: a
    /// reader should come to a task from what it practises, and if the list counted, no task could ever be unreached.
    fn unreached(&mut self, ways: &[Way]) {
        let library = self.library;
        let mut reached: BTreeSet<Link> = BTreeSet::new();
        let mut left: Vec<Link> = library.guides.keys().cloned().map(Link::Guide).collect();
        left.extend(["home", "questions"].map(|page| Link::Page(page.to_owned())));
        let listed = library.questions.values().filter(|question| question.manifest.status == Status::Active);
        left.extend(listed.map(|question| Link::Quick(question.id.clone())));
        left.extend(library.roles.keys().cloned().map(Link::Role));
        // The foot of every page names them.
        left.extend(library.answers.keys().copied().map(Link::Answers));
        // A role's page and the list of checks name them all.
        left.extend(library.checks.keys().cloned().map(Link::Check));
        while let Some(page) = left.pop() {
            let page = page_of(library, page);
            if let Link::Guide(id) = &page {
                let sections = library.guides.get(id).into_iter().flat_map(|guide| &guide.sections);
                left.extend(sections.map(|section| Link::Section(id.clone(), section.id.clone())));
            }
            if reached.insert(page.clone()) {
                left.extend(ways.iter().filter(|way| way.from == page).map(|way| way.to.clone()));
            }
        }
        for task in library.tasks.values().filter(|task| task.manifest.status == Status::Active) {
            if !reached.contains(&Link::Task(task.id.clone())) {
                let says = format!("Nothing that a reader comes to leads to task:{}", task.id);
                let mend = "Name it as a next step of a section that it practises";
                self.fault(file_of(task, "task.toml"), 1, says, mend);
            }
        }
    }
}

/// The page that a link opens: a question's is its section.
fn page_of(library: &Library, link: Link) -> Link {
    match &link {
        Link::Question(guide, question) => match library.links.section_of(guide, question) {
            Some(section) => Link::Section(guide.clone(), section.to_owned()),
            None => link,
        },
        Link::Answer(asker, _) => Link::Answers(*asker),
        _ => link,
    }
}

/// Content links in Markdown. Ill-formed ones were refused when the text was read or rendered.
fn inline(from: &Link, file: &str, text: &str, ways: &mut Vec<Way>) {
    let lines = Lines::new(text);
    for (event, range) in parse(text) {
        if let Event::Start(Tag::Link { dest_url, .. }) = event
            && let Ok(to) = Link::parse(&dest_url)
        {
            ways.push(Way { from: from.clone(), to, file: file.to_owned(), line: lines.at(range.start) });
        }
    }
}
