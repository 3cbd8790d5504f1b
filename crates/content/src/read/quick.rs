//! `questions/<subject>/<question>.md`

use super::section::{body_of, front_matter};
use super::{Reader, line_of};
use crate::link::LinkIndex;
use crate::quick::{QuestionManifest, QuickQuestion};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

impl Reader<'_> {
    /// All questions of all subjects. A library need not have any.
    pub(super) fn quick_questions(&mut self, links: &Arc<LinkIndex>) -> BTreeMap<String, Arc<QuickQuestion>> {
        let mut found: BTreeMap<String, Arc<QuickQuestion>> = BTreeMap::new();
        for (subject, file, id) in self.quick_files() {
            self.id(&file, "", &id);
            if let Some(other) = found.get(&id) {
                let says = format!("The question `{id}` stands in {} too", other.file.display());
                self.fault(&file, 1, says, "Give it another name: answers are stored under it");
            } else if let Some(question) = self.quick_question(&subject, &id, &file, links) {
                found.insert(id, Arc::new(question));
            }
        }
        found
    }

    /// Subject, file and id of each question, in order.
    pub(super) fn quick_files(&mut self) -> Vec<(String, String, String)> {
        let mut files = Vec::new();
        if !self.is_folder("questions") {
            return files;
        }
        for subject in self.folders("questions") {
            let folder = format!("questions/{subject}");
            for name in self.plain_files(&folder) {
                let file = format!("{folder}/{name}");
                match name.strip_suffix(".md") {
                    Some(id) => files.push((subject.clone(), file, id.to_owned())),
                    None => self.fault(&file, 1, "A question is a Markdown file", "Name it <id>.md, or move it"),
                }
            }
        }
        files
    }

    fn quick_question(&mut self, subject: &str, id: &str, file: &str, links: &Arc<LinkIndex>) -> Option<QuickQuestion> {
        let text = self.text(file)?;
        let Some((front, _)) = front_matter(&text) else {
            let mend = "Begin it with a line +++, then TOML, then a line +++";
            self.fault(file, 1, "The question has no front matter", mend);
            return None;
        };
        let manifest: QuestionManifest = self.toml(file, front, 1)?;
        if manifest.version == 0 {
            self.fault(file, line_of(&text, "version"), "Versions begin at 1", "Write version = 1");
        }
        let next = self.next(file, &text, &manifest.next);
        Some(QuickQuestion {
            id: id.to_owned(),
            subject: subject.to_owned(),
            manifest,
            next,
            file: PathBuf::from(file),
            body: body_of(&text),
            links: Arc::clone(links),
        })
    }
}
