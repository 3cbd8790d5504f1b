//! `tasks/<task>/`

use super::Reader;
use super::files::line_of;
use crate::link::{LinkIndex, is_id};
use crate::model::{Editable, Expected, FileSet, ParameterRange, Task, TaskManifest};
use crate::paths::glob;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kinds of submissions, each a folder.
const GROUPS: [&str; 4] = ["accepted", "mutants", "slow", "hostile"];

/// What stands in a task's folder.
const ENTRIES: [&str; 14] = [
    "task.toml",
    "prompt.md",
    "variant.toml",
    "world.sql",
    "starter",
    "editable.toml",
    "behaviours",
    "explain-back",
    "submissions",
    "expected.toml",
    "testmutants",
    "hints.md",
    "explain.md",
    "design.md",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    #[serde(default)]
    parameters: toml::Table,
}

impl Reader<'_> {
    pub(super) fn task(&mut self, id: &str, links: &Arc<LinkIndex>) -> Option<Task> {
        let folder = format!("tasks/{id}");
        self.known_entries(&folder);
        let manifest = self.manifest(&folder);
        let prompt = self.text(format!("{folder}/prompt.md"));
        let parameters = self.parameters(&folder);
        let editable = self.editable(&folder);
        let behaviours = self.numbered(&format!("{folder}/behaviours"), 'B', "A behaviour");
        let questions = format!("{folder}/explain-back");
        let explain_back =
            if self.is_folder(&questions) { self.numbered(&questions, 'Q', "A question") } else { Some(Vec::new()) };
        let submissions = self.submissions(&folder);
        let test_mutants = self.sets(&format!("{folder}/testmutants"), "");
        let starter = self.files_if_there(&format!("{folder}/starter"));
        let expected = self.expected(&folder);
        let hints = self.text(format!("{folder}/hints.md"));
        let explain = self.text(format!("{folder}/explain.md"));
        let world = self.text_if_there(format!("{folder}/world.sql")).unwrap_or_default();
        let (file, text, manifest) = manifest?;
        let next = self.next(&file, &text, &manifest.next);
        Some(Task {
            id: id.to_owned(),
            manifest,
            next,
            parameters: parameters?,
            prompt: prompt?,
            world,
            starter,
            editable: editable?,
            behaviours: behaviours?,
            explain_back: explain_back?,
            submissions,
            test_mutants,
            expected: expected?,
            hints: hints?,
            explain: explain?,
            links: Arc::clone(links),
        })
    }

    fn known_entries(&mut self, folder: &str) {
        let Ok(entries) = std::fs::read_dir(self.root.join(folder)) else { return };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        for name in names.filter(|name| !name.starts_with('.') && !ENTRIES.contains(&name.as_str())) {
            let mend = format!("Rename or remove it; a task holds {}", ENTRIES.join(", "));
            self.fault(format!("{folder}/{name}"), 1, "Nothing in a task is called so", mend);
        }
    }

    fn manifest(&mut self, folder: &str) -> Option<(String, String, TaskManifest)> {
        let file = format!("{folder}/task.toml");
        let text = self.text(&file)?;
        let manifest: TaskManifest = self.toml(&file, &text, 0)?;
        if manifest.uuid.get_version_num() != 7 {
            let line = line_of(&text, "uuid");
            self.fault(
                &file,
                line,
                "The uuid is not of version 7",
                "Make one with `uuidgen -7`, or any tool that makes version 7",
            );
        }
        if manifest.version == 0 {
            self.fault(&file, line_of(&text, "version"), "Versions begin at 1", "Write version = 1");
        }
        if let Some(earlier) = manifest.supersedes.as_ref().filter(|earlier| earlier.version >= manifest.version) {
            let says = format!("Version {} cannot supersede version {}", manifest.version, earlier.version);
            self.fault(&file, line_of(&text, "supersedes"), says, "Raise `version`, or name an earlier one");
        }
        if !["expert", "model", "data"].contains(&manifest.difficulty.source.as_str()) {
            let says = format!("`{}` is not a source of difficulty", manifest.difficulty.source);
            self.fault(&file, line_of(&text, "difficulty"), says, "Write expert, model or data");
        }
        Some((file, text, manifest))
    }

    fn parameters(&mut self, folder: &str) -> Option<Vec<(String, ParameterRange)>> {
        let file = format!("{folder}/variant.toml");
        let Some(text) = self.text_if_there(&file) else { return Some(Vec::new()) };
        let read: Parameters = self.toml(&file, &text, 0)?;
        let mut found = Vec::new();
        for (name, value) in read.parameters {
            let line = line_of(&text, &format!("[parameters.{name}]"));
            match value.try_into::<ParameterRange>() {
                Ok(ParameterRange::Int(low, high)) if low > high => {
                    let says = format!("{low} is more than {high}");
                    self.fault(&file, line, says, "Write the smaller number first");
                }
                Ok(ParameterRange::Choose(choices)) if choices.is_empty() => {
                    self.fault(&file, line, format!("`{name}` has nothing to choose from"), "Name at least one value");
                }
                Ok(range) => found.push((name, range)),
                Err(error) => {
                    let says = format!("`{name}` is not a parameter: {}", error.message());
                    self.fault(
                        &file,
                        line,
                        says,
                        "Write int = [low, high] or choose = [\"…\", …]: text and whole numbers",
                    );
                }
            }
        }
        Some(found)
    }

    fn editable(&mut self, folder: &str) -> Option<Editable> {
        let file = format!("{folder}/editable.toml");
        let text = self.text(&file)?;
        let editable: Editable = self.toml(&file, &text, 0)?;
        for pattern in &editable.editable {
            if let Err(error) = glob(pattern) {
                let says = format!("`{pattern}` is not a glob: {}", error.kind());
                self.fault(&file, line_of(&text, pattern), says, "Write a path in which *, ? and ** may stand");
            }
        }
        Some(editable)
    }

    /// The TOML files of a folder in the order of the numbers in their names.
    fn numbered(&mut self, folder: &str, letter: char, what: &str) -> Option<Vec<(String, String)>> {
        let mut found = Vec::new();
        for name in self.plain_files(folder) {
            let path = format!("{folder}/{name}");
            if name.ends_with(".toml") {
                let text = self.text(path)?;
                found.push((name, text));
            } else {
                self.fault(path, 1, format!("{what} is a .toml file"), "Rename or remove it");
            }
        }
        // B2 before B10.
        found.sort_by_key(|(name, _)| {
            let number =
                name.trim_start_matches(letter).split('-').next().and_then(|number| number.parse::<u32>().ok());
            (number.unwrap_or(u32::MAX), name.clone())
        });
        Some(found)
    }

    fn submissions(&mut self, folder: &str) -> BTreeMap<String, FileSet> {
        let folder = format!("{folder}/submissions");
        let mut found = BTreeMap::new();
        for group in self.folders(&folder) {
            if GROUPS.contains(&group.as_str()) {
                found.append(&mut self.sets(&format!("{folder}/{group}"), &format!("{group}/")));
            } else {
                let mend = format!("Put it under one of {}", GROUPS.join(", "));
                self.fault(format!("{folder}/{group}"), 1, format!("`{group}` is not a kind of submission"), mend);
            }
        }
        found
    }

    /// Each folder in `folder`, if that is there, as a set of files.
    fn sets(&mut self, folder: &str, prefix: &str) -> BTreeMap<String, FileSet> {
        let mut found = BTreeMap::new();
        if self.is_folder(folder) {
            for id in self.folders(folder) {
                let files = self.files(&format!("{folder}/{id}"));
                found.insert(format!("{prefix}{id}"), files);
            }
        }
        found
    }

    fn files_if_there(&mut self, folder: &str) -> FileSet {
        if self.is_folder(folder) { self.files(folder) } else { FileSet::new() }
    }

    fn expected(&mut self, folder: &str) -> Option<Expected> {
        let file = format!("{folder}/expected.toml");
        let text = self.text(&file)?;
        let expected: Expected = self.toml(&file, &text, 0)?;
        for name in expected.submissions.keys() {
            if !name.split_once('/').is_some_and(|(group, id)| GROUPS.contains(&group) && is_id(id)) {
                let says = format!("`{name}` is not the name of a submission");
                self.fault(
                    &file,
                    line_of(&text, name),
                    says,
                    "Write it as accepted/id, mutants/id, slow/id or hostile/id",
                );
            }
        }
        Some(expected)
    }
}
