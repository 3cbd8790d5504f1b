//! What can be read and is still wrong.
//!
//! Each file here asks about one thing. The library holds no lines for most of what it holds, so a fault's line is
//! found by looking in the file again for the words that are wrong.

mod answers;
mod behaviours;
mod checks;
mod competencies;
mod expected;
mod explain;
mod guides;
mod links;
mod quick;
mod roles;
mod tasks;
mod text;

use crate::fault::Fault;
use crate::model::{Library, Task};
use crate::read::line_of;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every fault of a library that could be read, in order of file and line. Empty when there is none.
///
/// Files are read again from [`Library::root`], to find lines; where that fails, a fault's line is 1.
pub fn lint(library: &Library) -> Vec<Fault> {
    let mut lint = Lint { library, texts: BTreeMap::new(), faults: Vec::new() };
    lint.competencies();
    lint.projects();
    lint.guides();
    lint.tasks();
    lint.quick_questions();
    lint.roles();
    lint.checks();
    lint.answers();
    lint.texts();
    lint.links();
    lint.faults.sort();
    lint.faults.dedup();
    lint.faults
}

struct Lint<'l> {
    library: &'l Library,
    texts: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

impl Lint<'_> {
    fn fault(&mut self, file: impl AsRef<Path>, line: usize, says: impl Into<String>, mend: impl Into<String>) {
        self.faults.push(Fault::new(file, line, says, mend));
    }

    /// A fault at the first line of `file` that holds `needle`.
    fn fault_at(&mut self, file: &str, needle: &str, says: impl Into<String>, mend: impl Into<String>) {
        let line = line_of(self.text(file), needle);
        self.fault(file, line, says, mend);
    }

    /// The text of a file; empty when it cannot be read.
    fn text(&mut self, file: &str) -> &str {
        let root = &self.library.root;
        self.texts
            .entry(file.to_owned())
            .or_insert_with(|| fs::read_to_string(root.join(file)).unwrap_or_default().replace("\r\n", "\n"))
    }

    fn projects(&mut self) {
        for project in self.library.projects.values() {
            for needed in ["manage.py", "requirements.lock"] {
                if !project.files.contains_key(needed) {
                    let mend = "Add it: the grader needs it to run the project";
                    self.fault(format!("projects/{}/{needed}", project.id), 1, "The file is missing", mend);
                }
            }
        }
    }
}

/// A file of a task, relative to the content root.
fn file_of(task: &Task, name: &str) -> String {
    format!("tasks/{}/{name}", task.id)
}
