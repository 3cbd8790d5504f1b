//! Quick questions: each renders with every seed, measures a competency that exists, and says where it comes from.

use super::Lint;
use crate::model::{ParameterRange, Status};
use crate::quick::{QUESTION_SEEDS, QuickQuestion};
use std::collections::{BTreeMap, BTreeSet};

impl Lint<'_> {
    pub(super) fn quick_questions(&mut self) {
        let library = self.library;
        let known: BTreeSet<&str> = library.competencies.iter().map(|one| one.id.as_str()).collect();
        let mut uuids: BTreeMap<uuid::Uuid, &str> = BTreeMap::new();
        for question in library.questions.values() {
            let (file, manifest) = (question.file.to_string_lossy().into_owned(), &question.manifest);
            if !known.contains(manifest.competency.as_str()) {
                let says = format!("The competency `{}` does not exist", manifest.competency);
                self.fault_at(&file, &manifest.competency, says, "Name one of competencies.toml, or add it there");
            }
            if !library.projects.contains_key(&manifest.project) {
                let says = format!("The project `{}` does not exist", manifest.project);
                self.fault_at(&file, "project", says, "Name a folder of projects/");
            }
            if let Some(other) = uuids.insert(manifest.uuid, &question.id) {
                let says = format!("The uuid is that of `{other}` too");
                self.fault_at(&file, "uuid", says, "Make a new one: answers are stored under it");
            }
            self.measured(question, &file);
            self.cited(question, &file);
            for enemy in manifest.enemies.iter().filter(|enemy| !library.questions.contains_key(*enemy)) {
                let says = format!("The enemy `{enemy}` does not exist");
                self.fault_at(&file, "enemies", says, "Name another question's file, without .md");
            }
            self.rendered(question, &file);
        }
    }

    fn measured(&mut self, question: &QuickQuestion, file: &str) {
        let manifest = &question.manifest;
        let difficulty = &manifest.difficulty;
        if !(difficulty.sd > 0.0 && difficulty.sd <= 3.0 && difficulty.mean.abs() <= 4.0) {
            let mend = "A mean between -4 and 4 logits, and a positive standard deviation of at most 3";
            self.fault_at(file, "difficulty", "The difficulty is none", mend);
        }
        if !(10..=600).contains(&manifest.seconds) {
            self.fault_at(
                file,
                "seconds",
                "A quick question takes between 10 and 600 seconds",
                "Correct it, or make a task",
            );
        }
        for (name, range) in &manifest.parameters {
            let empty = match range {
                ParameterRange::Int(low, high) => high < low,
                ParameterRange::Choose(choices) => choices.is_empty(),
            };
            if empty {
                self.fault_at(file, name, format!("The parameter `{name}` has no value"), "Give it at least one");
            }
        }
    }

    fn cited(&mut self, question: &QuickQuestion, file: &str) {
        let manifest = &question.manifest;
        if manifest.sources.iter().all(|source| source.trim().is_empty()) {
            self.fault_at(file, "sources", "The question names no source", "Name the documentation and its section");
        }
        if manifest.status == Status::Active && manifest.authors.is_empty() {
            self.fault_at(file, "authors", "The question names no author", "Name at least one");
        }
    }

    /// What one seed spoils the others usually do too: the first fault is told.
    fn rendered(&mut self, question: &QuickQuestion, file: &str) {
        let seeds = if question.is_family() { QUESTION_SEEDS } else { 1 };
        for seed in 0..seeds {
            match question.variant(seed) {
                Ok(variant) => {
                    let mut ids = BTreeSet::new();
                    for proof in variant.proofs().filter(|proof| !ids.insert(proof.id.clone())) {
                        let says = format!("Two proofs are called `{}`", proof.id);
                        self.fault(file, proof.line, says, "Rename one of them");
                    }
                }
                Err(fault) => {
                    self.faults.push(fault);
                    return;
                }
            }
        }
    }
}
