//! Questions about a candidate's own code: enough of them, each of its own name, asked as people that there are.

use super::behaviours::is_file_name_of;
use super::{Lint, file_of};
use crate::explain::{Deed, ExplainQuestion, MigrateTo, Observed, Sent, TestsCount, TestsSeen};
use crate::model::{Status, Task, TaskKind};
use std::collections::BTreeSet;

/// An active task asks so many at least: one may be left out, because nothing could be observed.
const QUESTIONS: usize = 2;

impl Lint<'_> {
    /// Only for tasks that render.
    pub(super) fn explain_back(&mut self, task: &Task) {
        let Ok(variant) = task.variant(0) else { return };
        let questions = &variant.explain_back;
        let folder = file_of(task, "explain-back");
        if task.manifest.status == Status::Active && questions.len() < QUESTIONS {
            let says = format!("{} questions are asked about the candidate's own code", questions.len());
            self.fault(&folder, 1, says, format!("Add some: an active task has {QUESTIONS} or more"));
        }
        if !questions.is_empty() && questions.iter().all(|question| question.same_for_all.is_some()) {
            let mend = "Ask something that submissions answer differently";
            self.fault(&folder, 1, "Every question has the same answer for all", mend);
        }
        let mut ids = BTreeSet::new();
        for question in questions {
            let file = format!("{folder}/{}", question.file);
            if !ids.insert(question.id.as_str()) {
                let says = format!("The question id `{}` is taken", question.id);
                self.fault_at(&file, "id", says, "Give it an id of its own");
            }
            self.explained(task, &file, question);
        }
    }

    fn explained(&mut self, task: &Task, file: &str, question: &ExplainQuestion) {
        if !is_file_name_of(&question.file, 'Q', &question.id) {
            let says = format!("The question `{}` stands in `{}`", question.id, question.file);
            self.fault_at(file, "id", says, format!("Call the file Q1-{}.toml, with a number of its own", question.id));
        }
        if question.same_for_all.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            self.fault_at(file, "same_for_all", "No reason is given", "Say why it is worth asking all the same");
        }
        for name in question.left_out.keys() {
            let can_be = name == "starter" || name.starts_with("accepted/") && task.submissions.contains_key(name);
            if !can_be {
                let says = format!("`{name}` is neither the starter nor an accepted submission");
                self.fault_at(file, name, says, "Correct or remove it: others may be left out without a word");
            }
        }
        for sent in requests_of(question) {
            self.person(task, file, &sent.person);
        }
        self.fits_kind_of_task(task, file, question);
    }

    fn person(&mut self, task: &Task, file: &str, person: &str) {
        let Some(project) = self.library.projects.get(&task.manifest.project) else { return };
        if !person.is_empty() && !project.people.iter().any(|one| one == person) {
            let says = format!("Nobody in the project is called `{person}`");
            self.fault_at(file, &format!("\"{person}\""), says, format!("Write one of {}", project.people.join(", ")));
        }
    }

    fn fits_kind_of_task(&mut self, task: &Task, file: &str, question: &ExplainQuestion) {
        let does: Vec<TaskKind> = question.before.iter().filter_map(kind_of_deed).collect();
        let observes = match &question.observed {
            Observed::Request { .. } => Some(TaskKind::Serve),
            Observed::Migrate { .. } => Some(TaskKind::Migrate),
            Observed::Tests(_) => Some(TaskKind::Tests),
            Observed::Sql(_) => None,
        };
        let kind = task.manifest.kind;
        let steps_of_tests = kind == TaskKind::Tests && (!question.before.is_empty() || observes.is_none());
        if does.into_iter().chain(observes).any(|needed| needed != kind) || steps_of_tests {
            let mend = "serve: request and sql; migrate: migrate and sql; tests: tests, and no steps";
            self.fault_at(file, "[observe]", "What is done or observed does not fit the task's kind", mend);
        }
        if let Observed::Tests(tests) = &question.observed {
            self.tests_seen(task, file, tests);
        }
    }

    fn tests_seen(&mut self, task: &Task, file: &str, tests: &TestsSeen) {
        if !tests.against.starts_with("correct-") || !task.test_mutants.contains_key(&tests.against) {
            let says = format!("`{}` is not a correct variant of the application", tests.against);
            self.fault_at(file, &tests.against, says, "Name a folder testmutants/correct-…: others are secret");
        }
        let narrowed = tests.method.is_some() || tests.ends.is_some() || tests.status.is_some();
        if tests.count == TestsCount::Tests && narrowed {
            let says = "Tests have neither method nor path nor status";
            self.fault_at(file, "tests", says, "Count requests, or remove method, ends and status");
        }
    }
}

fn requests_of(question: &ExplainQuestion) -> impl Iterator<Item = &Sent> {
    let before = question.before.iter().filter_map(|deed| match deed {
        Deed::Request { sent, .. } => Some(sent),
        _ => None,
    });
    let observed = match &question.observed {
        Observed::Request { sent, .. } => Some(sent),
        _ => None,
    };
    before.chain(observed)
}

fn kind_of_deed(deed: &Deed) -> Option<TaskKind> {
    match deed {
        Deed::Request { .. } => Some(TaskKind::Serve),
        Deed::Migrate(MigrateTo { .. }) => Some(TaskKind::Migrate),
        Deed::Sql(_) => None,
    }
}
