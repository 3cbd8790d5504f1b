//! Guides: one id for one thing, and nothing merely asserted.

use super::Lint;
use crate::model::{Block, Guide, Proof, Question, Section};
use std::collections::BTreeMap;

impl Lint<'_> {
    pub(super) fn guides(&mut self) {
        for guide in self.library.guides.values() {
            let file = format!("guides/{}/guide.toml", guide.id);
            if !self.library.projects.contains_key(&guide.project) {
                let says = format!("The project `{}` does not exist", guide.project);
                self.fault_at(&file, "project =", says, "Name a folder of projects/");
            }
            if guide.sections.is_empty() {
                self.fault(&file, 1, "The guide has no section", "Add one: 01-name.md");
            }
            if let Some(opening) = &guide.opening
                && !guide.proofs().any(|proof| proof.id == *opening)
            {
                let says = format!("The proof `{opening}` does not exist");
                self.fault_at(&file, "opening =", says, "Name a proof of this guide, or leave the line out");
            }
            self.question_ids(guide);
            self.proof_ids(guide);
            for section in &guide.sections {
                for question in &section.questions {
                    self.sources(section, question);
                }
            }
            for proof in guide.proofs().filter(|proof| !claims(proof)) {
                let says = format!("The proof `{}` claims nothing", proof.id);
                let mend = "Add statements=N to its fence, an output block behind it, or an assert";
                self.fault(&proof.file, proof.line, says, mend);
            }
        }
    }

    fn question_ids(&mut self, guide: &Guide) {
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        for section in &guide.sections {
            for question in &section.questions {
                let place = format!("{}:{}", section.file.display(), question.line);
                match seen.get(question.id.as_str()) {
                    Some(first) => {
                        let says = format!("The question id `{}` is taken at {first}", question.id);
                        self.fault(&section.file, question.line, says, "Give it an id of its own");
                    }
                    None => {
                        seen.insert(&question.id, place);
                    }
                }
            }
        }
    }

    fn proof_ids(&mut self, guide: &Guide) {
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        for proof in guide.proofs() {
            match seen.get(proof.id.as_str()) {
                Some(first) => {
                    let says = format!("The proof id `{}` is taken at {first}", proof.id);
                    self.fault(&proof.file, proof.line, says, "Give it an id of its own");
                }
                None => {
                    seen.insert(&proof.id, format!("{}:{}", proof.file.display(), proof.line));
                }
            }
        }
    }

    fn sources(&mut self, section: &Section, question: &Question) {
        let listed = |block: &Block| matches!(block, Block::Html(html) if html.contains("<li>"));
        if question.sources.iter().any(listed) {
            return;
        }
        let proved = question.strong.iter().any(|block| block.proof().is_some());
        let says = if proved {
            format!("The question \"{}\" names no source", question.title)
        } else {
            format!("The strong answer to \"{}\" has neither a proof nor a source", question.title)
        };
        let mend = "List under Sources what it rests on, each as `- name, section`";
        self.fault(&section.file, question.line, says, mend);
    }
}

fn claims(proof: &Proof) -> bool {
    let asserts =
        |line: &str| line.trim_start().strip_prefix("assert").is_some_and(|rest| rest.starts_with([' ', '(']));
    proof.statements.is_some() || proof.output.is_some() || proof.code.lines().any(asserts)
}
