//! Competencies: named once, in an order that is no circle, and each measured by something.

use super::{Lint, file_of};
use crate::model::{Library, Status};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "competencies.toml";

impl Lint<'_> {
    pub(super) fn competencies(&mut self) {
        let library = self.library;
        let mut seen = BTreeSet::new();
        for competency in &library.competencies {
            if !seen.insert(competency.id.as_str()) {
                let line = self.last_line_of(&competency.id);
                let says = format!("The competency `{}` stands twice", competency.id);
                self.fault(FILE, line, says, "Rename or remove one of them");
            }
        }
        for competency in &library.competencies {
            for other in competency.requires.iter().filter(|other| !seen.contains(other.as_str())) {
                let says = format!("`{}` requires `{other}`, which does not exist", competency.id);
                self.fault_at(FILE, &format!("\"{other}\""), says, "Name a competency of this file, or add it");
            }
        }
        self.circle();
        self.unmeasured();
        self.unknown_in_guides(&seen);
        self.unknown_in_tasks(&seen);
    }

    fn last_line_of(&mut self, id: &str) -> usize {
        let needle = format!("id = \"{id}\"");
        let text = self.text(FILE);
        text.rfind(&needle).map_or(1, |at| text[..at].matches('\n').count() + 1)
    }

    /// Takes away, again and again, whatever requires nothing that is left. What cannot be taken away is a circle,
    /// or stands behind one.
    fn circle(&mut self) {
        let mut left: BTreeMap<&str, BTreeSet<&str>> = self
            .library
            .competencies
            .iter()
            .map(|one| (one.id.as_str(), one.requires.iter().map(String::as_str).collect()))
            .collect();
        loop {
            let ids: BTreeSet<&str> = left.keys().copied().collect();
            let before = left.len();
            left.retain(|_, requires| requires.iter().any(|other| ids.contains(other)));
            if left.len() == before {
                break;
            }
        }
        // One fault for the circle, at the first in the file.
        let first = self.library.competencies.iter().find(|one| left.contains_key(one.id.as_str()));
        if let Some(first) = first {
            let ids: Vec<&str> = left.keys().copied().collect();
            let says = format!("These competencies require each other in a circle: {}", ids.join(", "));
            self.fault_at(FILE, &format!("id = \"{}\"", first.id), says, "Take one `requires` out of the circle");
        }
    }

    fn unmeasured(&mut self) {
        let measured = measured(self.library);
        for competency in &self.library.competencies {
            if !measured.contains(competency.id.as_str()) {
                let says = format!("No question and no task measures `{}`", competency.id);
                let mend = "Add a question or a task that does, or remove the competency";
                self.fault_at(FILE, &format!("id = \"{}\"", competency.id), says, mend);
            }
        }
    }

    fn unknown_in_guides(&mut self, known: &BTreeSet<&str>) {
        let library = self.library;
        let mend = "Name one of competencies.toml, or add it there";
        for section in library.guides.values().flat_map(|guide| &guide.sections) {
            for id in section.competencies.iter().filter(|id| !known.contains(id.as_str())) {
                let file = section.file.to_string_lossy();
                self.fault_at(&file, id, format!("The competency `{id}` does not exist"), mend);
            }
            let own = section.questions.iter().filter(|question| !section.competencies.contains(&question.competency));
            for question in own.filter(|question| !known.contains(question.competency.as_str())) {
                let says = format!("The competency `{}` does not exist", question.competency);
                self.fault(&section.file, question.line, says, mend);
            }
        }
    }

    fn unknown_in_tasks(&mut self, known: &BTreeSet<&str>) {
        let library = self.library;
        for task in library.tasks.values() {
            let file = file_of(task, "task.toml");
            let weights = &task.manifest.competencies;
            for weight in weights.iter().filter(|weight| !known.contains(weight.id.as_str())) {
                let mend = "Name one of competencies.toml, or add it there";
                self.fault_at(&file, &weight.id, format!("The competency `{}` does not exist", weight.id), mend);
            }
            let sum: f64 = weights.iter().map(|weight| weight.weight).sum();
            if (sum - 1.0).abs() > 0.001 || weights.iter().any(|weight| weight.weight <= 0.0) {
                let says = format!("The weights of the competencies sum to {sum:.3}");
                self.fault_at(&file, "competencies", says, "Make them positive, with a sum of 1");
            }
        }
    }
}

/// Ids of competencies that a question, or a task that is not retired, measures.
fn measured(library: &Library) -> BTreeSet<&str> {
    let sections = library.guides.values().flat_map(|guide| &guide.sections);
    let asked = sections.flat_map(|section| &section.questions).map(|question| question.competency.as_str());
    let tasks = library.tasks.values().filter(|task| task.manifest.status != Status::Retired);
    let done = tasks.flat_map(|task| &task.manifest.competencies).map(|weight| weight.id.as_str());
    let quick = library.questions.values().filter(|question| question.manifest.status != Status::Retired);
    asked.chain(done).chain(quick.map(|question| question.manifest.competency.as_str())).collect()
}
