//! Tasks: what a candidate may change, and that every seed renders.

use super::{Lint, file_of};
use crate::model::{FileSet, Library, Task, TaskKind};
use crate::paths::glob;
use std::collections::{BTreeMap, BTreeSet};

/// Seeds with which every template is tried.
const SEEDS: std::ops::Range<u64> = 0..20;

impl Lint<'_> {
    pub(super) fn tasks(&mut self) {
        let library = self.library;
        let mut uuids = BTreeMap::new();
        for task in library.tasks.values() {
            let file = file_of(task, "task.toml");
            if let Some(first) = uuids.insert(task.manifest.uuid, task.id.as_str()) {
                let says = format!("The uuid is that of the task `{first}`");
                self.fault_at(&file, "uuid", says, "Make a new one");
            }
            if !library.projects.contains_key(&task.manifest.project) {
                let says = format!("The project `{}` does not exist", task.manifest.project);
                self.fault_at(&file, "project =", says, "Name a folder of projects/");
            }
            self.design(task);
            self.names(task);
            self.fits_kind(task);
            self.editable(library, task);
            self.submissions(task);
            if self.renders(task) {
                self.behaviours(task);
                self.explain_back(task);
            }
        }
    }

    fn design(&mut self, task: &Task) {
        let file = file_of(task, "design.md");
        if self.text(&file).trim().is_empty() {
            self.fault(file, 1, "The task has no design.md", "Say there, for authors, why the task is as it is");
        }
    }

    /// A name in braces must mean one thing.
    fn names(&mut self, task: &Task) {
        for (name, _) in &task.parameters {
            if task.manifest.facts.contains_key(name) {
                let says = format!("`{name}` is a parameter and a fact");
                let mend = "Rename one of them: in a behaviour, braces could mean either";
                self.fault_at(&file_of(task, "variant.toml"), name, says, mend);
            }
        }
    }

    fn fits_kind(&mut self, task: &Task) {
        let file = file_of(task, "task.toml");
        let snapshot = &task.manifest.snapshot;
        if task.manifest.kind != TaskKind::Migrate && (snapshot.fixture.is_some() || !snapshot.migrate.is_empty()) {
            let says = "Only a task of kind \"migrate\" has a snapshot of its own";
            self.fault_at(&file, "[snapshot]", says, "Remove [snapshot], or change the kind");
        }
        let is_tests = task.manifest.kind == TaskKind::Tests;
        if is_tests && task.test_mutants.is_empty() {
            let mend = "Add testmutants/correct-… and broken ones beside it";
            self.fault_at(&file, "kind =", "A task about testing has no variants of the application", mend);
        }
        if !is_tests && !task.test_mutants.is_empty() {
            let says = "Only a task of kind \"tests\" has testmutants";
            self.fault_at(&file, "kind =", says, "Remove the folder, or change the kind");
        }
    }

    fn editable(&mut self, library: &Library, task: &Task) {
        let file = file_of(task, "editable.toml");
        let mut there: BTreeSet<&str> = task.starter.keys().map(|path| plain_name(path)).collect();
        there.extend(task.submissions.values().flat_map(|files| files.keys()).map(|path| plain_name(path)));
        if let Some(project) = library.projects.get(&task.manifest.project) {
            there.extend(project.files.keys().map(String::as_str));
        }
        for pattern in &task.editable.editable {
            if !has_place(pattern, &there) {
                let says = format!("`{pattern}` matches no file of the starter, the project or a submission");
                let mend = "Correct it, or remove it; a glob for new files must lie in a folder that is there";
                self.fault_at(&file, pattern, says, mend);
            }
        }
        if !task.is_editable(&task.editable.open_first) {
            let says = format!("`{}` is opened first and is not editable", task.editable.open_first);
            self.fault_at(&file, "open_first", says, "Name a file that a glob of `editable` matches");
        }
    }

    fn submissions(&mut self, task: &Task) {
        for (name, files) in &task.submissions {
            if files.is_empty() {
                let file = file_of(task, &format!("submissions/{name}"));
                self.fault(file, 1, "The submission has no file", "Add one, or remove the folder");
            }
            for path in files.keys().filter(|path| !task.is_editable(plain_name(path))) {
                let says = format!("`{}` is not a file that a candidate may change", plain_name(path));
                let mend = "Move the change into an editable file, or widen editable.toml";
                self.fault(file_of(task, &format!("submissions/{name}/{path}")), 1, says, mend);
            }
        }
    }

    /// Whether the task itself renders. Of each set of files, the first seed that fails is named.
    fn renders(&mut self, task: &Task) -> bool {
        let own = SEEDS.into_iter().find_map(|seed| task.variant(seed).err());
        let whole = own.is_none();
        self.faults.extend(own);
        for files in task.submissions.values().chain(task.test_mutants.values()) {
            self.faults.extend(first_failure(task, files));
        }
        whole
    }
}

fn first_failure(task: &Task, files: &FileSet) -> Option<crate::fault::Fault> {
    SEEDS.into_iter().find_map(|seed| task.render_files(files, &task.parameters_of(seed)).err())
}

/// The name under which a file is laid down.
fn plain_name(path: &str) -> &str {
    path.strip_suffix(".jinja").unwrap_or(path)
}

/// Whether a glob matches a file that is there, or could match a new one in a folder that is.
fn has_place(pattern: &str, there: &BTreeSet<&str>) -> bool {
    let Ok(matcher) = glob(pattern).map(|glob| glob.compile_matcher()) else { return true };
    if there.iter().any(|path| matcher.is_match(path)) {
        return true;
    }
    let Some(wild) = pattern.find(['*', '?', '[', '{']) else { return false };
    match pattern[..wild].rfind('/') {
        Some(end) => there.iter().any(|path| path.starts_with(&pattern[..=end])),
        None => true,
    }
}
