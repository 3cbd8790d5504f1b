//! Reads `content/` whole and collects every fault on the way.

mod answers;
mod check;
mod files;
mod guide;
mod project;
mod quick;
mod role;
mod section;
mod task;

pub(crate) use files::line_of;
pub(crate) use section::body_of;

use crate::fault::{Fault, Faults};
use crate::link::{LinkIndex, is_id};
use crate::model::{Competency, Library, Link, NextStep, RawNextStep};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Competencies {
    #[serde(default)]
    competency: Vec<Competency>,
}

impl Library {
    /// Reads everything under `root` (the folder `content/` itself). Faults name files relative to `root`; reading
    /// goes on behind each, so that one run names as many as can be told apart. What can be read and is still
    /// wrong, a dangling link for example, is found by [`crate::lint`].
    pub fn read(root: &Path) -> Result<Self, Faults> {
        let mut reader = Reader { root, faults: Vec::new() };
        let competencies = reader.competencies();
        let projects = reader.each("projects", Reader::project);
        let links = Arc::new(reader.index());
        let guides = reader.each("guides", |reader, id| reader.guide(id, &links));
        let tasks = reader.each("tasks", |reader, id| reader.task(id, &links));
        let roles = reader.each_if_there("roles", |reader, id| reader.role(id, &links));
        let checks = reader.each_if_there("checks", |reader, id| reader.check(id, &links));
        let questions = reader.quick_questions(&links);
        let answers = reader.answers(&links);
        match Faults::some(reader.faults) {
            Some(faults) => Err(faults),
            None => Ok(Self {
                root: root.to_path_buf(),
                competencies,
                guides,
                projects,
                tasks,
                roles,
                checks,
                questions,
                answers,
                links,
            }),
        }
    }
}

struct Reader<'r> {
    root: &'r Path,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, file: impl AsRef<Path>, line: usize, says: impl Into<String>, mend: impl Into<String>) {
        self.faults.push(Fault::new(file, line, says, mend));
    }

    /// Each folder of a kind, read by `one`.
    fn each<T>(&mut self, kind: &str, mut one: impl FnMut(&mut Self, &str) -> Option<T>) -> BTreeMap<String, Arc<T>> {
        let mut found = BTreeMap::new();
        for id in self.folders(kind) {
            if let Some(thing) = one(self, &id) {
                found.insert(id, Arc::new(thing));
            }
        }
        found
    }

    /// As [`Self::each`], of a kind that a library need not have.
    fn each_if_there<T>(
        &mut self,
        kind: &str,
        one: impl FnMut(&mut Self, &str) -> Option<T>,
    ) -> BTreeMap<String, Arc<T>> {
        if self.is_folder(kind) { self.each(kind, one) } else { BTreeMap::new() }
    }

    fn competencies(&mut self) -> Vec<Competency> {
        let file = "competencies.toml";
        let Some(text) = self.text(file) else { return Vec::new() };
        let Some(read) = self.toml::<Competencies>(file, &text, 0) else { return Vec::new() };
        for competency in &read.competency {
            self.id(file, &text, &competency.id);
        }
        read.competency
    }

    /// Faults an id that is not one.
    fn id(&mut self, file: &str, text: &str, id: &str) {
        if !is_id(id) {
            let mend = "Use lower-case words joined by single hyphens";
            self.fault(file, line_of(text, id), format!("`{id}` is not an id"), mend);
        }
    }

    /// Faults an id that differs from its folder's name.
    fn id_of_folder(&mut self, file: &str, text: &str, id: &str, folder: &str) {
        if id != folder {
            let says = format!("The id is `{id}` and the folder is called `{folder}`");
            self.fault(file, line_of(text, "id ="), says, "Give both the same name");
        }
    }

    /// TOML that begins behind `above` lines of its file.
    fn toml<T: DeserializeOwned>(&mut self, file: impl AsRef<Path>, text: &str, above: usize) -> Option<T> {
        match toml::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.faults.push(toml_fault(file.as_ref(), text, above, &error));
                None
            }
        }
    }

    /// Links of a `next` list. `whole` is the text of the file, to find their lines in.
    fn next(&mut self, file: &str, whole: &str, raw: &[RawNextStep]) -> Vec<NextStep> {
        let mut steps = Vec::new();
        for step in raw {
            match Link::parse(&step.to) {
                Ok(to) => steps.push(NextStep { to, why: step.why.clone() }),
                Err(bad) => {
                    let mend = "Write one of these, with ids in lower case";
                    self.fault(file, line_of(whole, &step.to), bad.to_string(), mend);
                }
            }
        }
        steps
    }

    /// What exists, before anything is read closely: links need it.
    fn index(&mut self) -> LinkIndex {
        let before = self.faults.len();
        let mut index = LinkIndex::default();
        for task in self.folders("tasks") {
            index.add_task(&task);
        }
        if self.is_folder("roles") {
            for role in self.folders("roles") {
                index.add_role(&role);
            }
        }
        if self.is_folder("checks") {
            for check in self.folders("checks") {
                index.add_check(&check);
            }
        }
        for (asker, file) in self.answer_files() {
            if let Some(text) = self.text(&file) {
                index.add_answers(asker, answers::asked_ids(&text));
            }
        }
        for (_, _, id) in self.quick_files() {
            index.add_quick(&id);
        }
        for guide in self.folders("guides") {
            index.add_guide(&guide);
            for (section, file) in self.section_files(&guide) {
                if let Some(text) = self.text(&file) {
                    index.add_section(&guide, &section, section::question_ids(&text));
                }
            }
        }
        // The same folders and files are walked again below, where their faults are kept.
        self.faults.truncate(before);
        index
    }
}

/// A TOML error with its line.
pub(crate) fn toml_fault(file: &Path, text: &str, above: usize, error: &toml::de::Error) -> Fault {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = above + 1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
    let says = error.message().trim().trim_end_matches('.').replace('\n', "; ");
    Fault::new(
        file,
        line,
        format!("The TOML is not as the format asks: {says}"),
        "See docs/content-format.md for this file",
    )
}
