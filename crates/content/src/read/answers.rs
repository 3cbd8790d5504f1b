//! `answers/candidates.md` and `answers/employers.md`

use super::Reader;
use super::section::{body_of, front_matter};
use crate::answers::{AnswerGroup, Answers, Asked, Asker, Place};
use crate::link::{LinkIndex, is_id};
use crate::markdown::{Heading, Piece, Renderer, headings, parse, plain};
use crate::model::RawNextStep;
use jobfuture_codes::Code;
use pulldown_cmark::{Event, Tag, TagEnd};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The longest answer, in words: who asks wants to go on.
const MOST_WORDS: usize = 150;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: String,
    summary: String,
    licence: String,
    authors: Vec<String>,
    #[serde(default)]
    next: Vec<RawNextStep>,
}

/// Ids of the questions in a file.
pub(super) fn asked_ids(text: &str) -> Vec<String> {
    let body = body_of(text);
    let pieces = parse(&body);
    headings(&pieces).iter().filter(|heading| heading.level == 3).filter_map(|h| h.id.map(str::to_owned)).collect()
}

impl Reader<'_> {
    /// The files, with who asks in each.
    pub(super) fn answer_files(&mut self) -> Vec<(Asker, String)> {
        if !self.is_folder("answers") {
            return Vec::new();
        }
        let mut files = Vec::new();
        for name in self.plain_files("answers") {
            let file = format!("answers/{name}");
            match name.strip_suffix(".md").and_then(Asker::parse) {
                Some(asker) => files.push((asker, file)),
                None => self.fault(file, 1, "No page shows this file", "Call it candidates.md or employers.md"),
            }
        }
        files
    }

    pub(super) fn answers(&mut self, links: &LinkIndex) -> BTreeMap<Asker, Arc<Answers>> {
        let mut found = BTreeMap::new();
        for (asker, file) in self.answer_files() {
            if let Some(answers) = self.answers_of(asker, &file, links) {
                found.insert(asker, Arc::new(answers));
            }
        }
        found
    }

    fn answers_of(&mut self, asker: Asker, file: &str, links: &LinkIndex) -> Option<Answers> {
        let text = self.text(file)?;
        let Some((front, _)) = front_matter(&text) else {
            let mend = "Begin it with a line +++, then TOML, then a line +++";
            self.fault(file, 1, "The page of answers has no front matter", mend);
            return None;
        };
        let front: FrontMatter = self.toml(file, front, 1)?;
        let next = self.next(file, &text, &front.next);
        let body = body_of(&text);
        let mut renderer = Renderer::new(PathBuf::from(file), &body, links);
        let groups = groups(&mut renderer, &parse(&body));
        self.faults.append(&mut renderer.faults);
        Some(Answers {
            asker,
            title: front.title,
            summary: front.summary,
            licence: front.licence,
            authors: front.authors,
            next,
            groups,
            file: PathBuf::from(file),
        })
    }
}

/// Cuts a page into groups, and these into questions.
fn groups(renderer: &mut Renderer<'_>, pieces: &[Piece<'_>]) -> Vec<AnswerGroup> {
    let all = headings(pieces);
    let mut groups: Vec<AnswerGroup> = Vec::new();
    if all.first().is_none_or(|first| first.from > 0) {
        let mend = "Begin with a group, ## Title {#id}; what is said of the whole page stands in `summary`";
        renderer.fault(
            pieces.first().map_or(0, |(_, range)| range.start),
            "The page does not begin with a group",
            mend,
        );
    }
    for (nth, heading) in all.iter().enumerate() {
        let end = all.get(nth + 1).map_or(pieces.len(), |next| next.from);
        match (heading.level, groups.last_mut()) {
            (2, _) => groups.extend(group(renderer, heading, &pieces[heading.to..end])),
            (3, Some(group)) => group.questions.extend(question(renderer, heading, &pieces[heading.to..end])),
            (3, None) => {
                let mend = "Write a group above it: ## Title {#id}";
                renderer.fault(heading.at, format!("The question \"{}\" stands in no group", heading.title), mend);
            }
            (level, _) => {
                let mend = "Use ## for a group and ### for a question";
                renderer.fault(heading.at, format!("A heading of level {level} has no place here"), mend);
            }
        }
    }
    groups
}

fn group(renderer: &mut Renderer<'_>, heading: &Heading<'_, '_>, inside: &[Piece<'_>]) -> Option<AnswerGroup> {
    let says = format!("The group \"{}\"", heading.title);
    if let Some((_, range)) = inside.first() {
        let mend = "Move it into an answer";
        renderer.fault(range.start, format!("{says} has text before its first question"), mend);
    }
    if let Some((key, _)) = heading.attrs.first() {
        renderer.fault(heading.at, format!("`{key}` is not understood"), "A group's braces hold #id and nothing else");
    }
    let Some(id) = heading.id.filter(|id| is_id(id)) else {
        let mend = "End the heading with {#id}; an id is lower-case words joined by hyphens";
        renderer.fault(heading.at, format!("{says} has no id"), mend);
        return None;
    };
    let line = renderer.lines.at(heading.at);
    Some(AnswerGroup { id: id.to_owned(), title: heading.title.clone(), questions: Vec::new(), line })
}

fn question(renderer: &mut Renderer<'_>, heading: &Heading<'_, '_>, inside: &[Piece<'_>]) -> Option<Asked> {
    let says = format!("The question \"{}\"", heading.title);
    if !heading.title.ends_with('?') {
        renderer.fault(
            heading.at,
            format!("{says} asks nothing"),
            "Write it as somebody would ask it, with a question mark",
        );
    }
    let places = places(renderer, heading);
    length_and_way_on(renderer, heading, inside);
    let answer_html = renderer.html(inside);
    let Some(id) = heading.id.filter(|id| is_id(id)) else {
        let mend = "End the heading with {#id where=…}; an id is lower-case words joined by hyphens";
        renderer.fault(heading.at, format!("{says} has no id"), mend);
        return None;
    };
    let line = renderer.lines.at(heading.at);
    Some(Asked { id: id.to_owned(), title: heading.title.clone(), places, answer_html, line })
}

/// An answer that says something, in few words, and leads on.
fn length_and_way_on(renderer: &mut Renderer<'_>, heading: &Heading<'_, '_>, inside: &[Piece<'_>]) {
    let text = inside.iter().map(|piece| match piece.0 {
        Event::End(TagEnd::Paragraph | TagEnd::Item) => " ".to_owned(),
        _ => plain(std::slice::from_ref(piece)),
    });
    let words = text.collect::<String>().split_whitespace().count();
    if words == 0 {
        renderer.fault(heading.at, format!("\"{}\" has no answer", heading.title), "Write it below");
        return;
    }
    if words > MOST_WORDS {
        let says = format!("The answer to \"{}\" has {words} words", heading.title);
        renderer.fault(heading.at, says, format!("Say it in {MOST_WORDS}, or make two questions of it"));
    }
    if !inside.iter().any(|(event, _)| matches!(event, Event::Start(Tag::Link { .. }))) {
        let says = format!("The answer to \"{}\" leads nowhere", heading.title);
        renderer.fault(heading.at, says, "Link to where one goes on, such as page:checks or guide:django");
    }
}

/// The places in a question's braces; faults for whatever is missing or not understood.
fn places(renderer: &mut Renderer<'_>, heading: &Heading<'_, '_>) -> Vec<Place> {
    let mut places = Vec::new();
    for (key, value) in heading.attrs {
        if key.as_ref() != "where" {
            let mend = "A question's braces hold #id and where=PLACE,PLACE";
            renderer.fault(heading.at, format!("`{key}` is not understood"), mend);
            continue;
        }
        for name in value.as_deref().unwrap_or_default().split(',') {
            match Place::parse(name) {
                Some(place) if places.contains(&place) => {
                    renderer.fault(heading.at, format!("The place `{name}` is named twice"), "Name it once");
                }
                Some(place) => places.push(place),
                None => {
                    let known: Vec<&str> = Place::ALL.iter().map(|place| place.id()).collect();
                    let mend = format!("Name one of {}", known.join(", "));
                    renderer.fault(heading.at, format!("`{name}` is not a place at which questions are offered"), mend);
                }
            }
        }
    }
    if places.is_empty() && !heading.attrs.iter().any(|(key, _)| key.as_ref() == "where") {
        let says = format!("No page offers the question \"{}\"", heading.title);
        renderer.fault(heading.at, says, "End the heading with {#id where=PLACE}: the place at which it arises");
    }
    places
}
