//! Behaviours and requirements, one for the other. Only the keys that all behaviours share are read here; the rest
//! is the grader's to understand.

use super::{Lint, file_of};
use crate::model::{Task, TaskKind};
use std::collections::BTreeSet;

const KINDS: [&str; 7] =
    ["http", "database_effect", "index_used", "migration", "query_growth", "permission_matrix", "tests_kill_mutants"];

/// The common keys of one behaviour.
pub(super) struct Behaviour {
    pub(super) id: String,
    /// Relative to the content root.
    pub(super) file: String,
    kind: String,
    requirement: String,
    live: Vec<String>,
    kill: Vec<String>,
}

impl Lint<'_> {
    /// Only for tasks that render.
    pub(super) fn behaviours(&mut self, task: &Task) {
        let Ok(variant) = task.variant(0) else { return };
        let mut found: Vec<Behaviour> = Vec::new();
        for (name, text) in &variant.behaviours {
            let file = file_of(task, &format!("behaviours/{name}"));
            let Ok(table) = toml::from_str::<toml::Table>(text) else { continue };
            let Some(behaviour) = self.common(task, file, name, &table) else { continue };
            if found.iter().any(|other| other.id == behaviour.id) {
                let says = format!("The behaviour id `{}` is taken", behaviour.id);
                self.fault_at(&behaviour.file, "id", says, "Give it an id of its own");
            }
            found.push(behaviour);
        }
        if found.is_empty() {
            self.fault(file_of(task, "behaviours"), 1, "The task has no behaviour", "Add one: behaviours/B1-name.toml");
        }
        self.requirements(task, &found, &variant.requirements);
        if variant.hints.is_empty() {
            self.fault(file_of(task, "hints.md"), 1, "The task has no hint", "Write one under a ## heading");
        }
        self.saved_before_use(task, &variant.behaviours);
        if task.manifest.kind == TaskKind::Tests {
            self.test_mutants(task, &found);
        }
        self.expected(task, &found);
    }

    fn common(&mut self, task: &Task, file: String, name: &str, table: &toml::Table) -> Option<Behaviour> {
        let text = |key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let list = |key: &str| {
            let values = table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
            values.filter_map(toml::Value::as_str).map(str::to_owned).collect()
        };
        for key in ["id", "kind", "requirement", "title"] {
            if text(key).is_none_or(|value| value.trim().is_empty()) {
                let mend = "Every behaviour has id, kind, requirement and title";
                self.fault(&file, 1, format!("The behaviour has no `{key}`"), mend);
            }
        }
        let (id, kind, requirement) = (text("id")?, text("kind")?, text("requirement")?);
        if !is_file_name_of(name, 'B', &id) {
            let says = format!("The behaviour `{id}` stands in `{name}`");
            self.fault_at(&file, "id", says, format!("Call the file B1-{id}.toml, with a number of its own"));
        }
        let about_tests = task.manifest.kind == TaskKind::Tests;
        if !KINDS.contains(&kind.as_str()) {
            let says = format!("`{kind}` is not a kind of behaviour");
            self.fault_at(&file, "kind", says, format!("Write one of {}", KINDS.join(", ")));
        } else if about_tests != (kind == "tests_kill_mutants") {
            let mend = "Tasks of kind \"tests\" have behaviours of kind \"tests_kill_mutants\", and only they";
            self.fault_at(&file, "kind", format!("`{kind}` does not fit the task's kind"), mend);
        }
        Some(Behaviour { id, file, kind, requirement, live: list("live"), kill: list("kill") })
    }

    fn requirements(&mut self, task: &Task, behaviours: &[Behaviour], requirements: &[(String, String)]) {
        let prompt = file_of(task, "prompt.md");
        if requirements.is_empty() {
            self.fault(&prompt, 1, "The prompt has no requirement", "Write each as ### R1: heading, and its text");
        }
        let mut seen = BTreeSet::new();
        for (id, _) in requirements {
            let heading = format!("### {id}:");
            if !seen.insert(id.as_str()) {
                self.fault_at(&prompt, &heading, format!("The requirement {id} stands twice"), "Number it anew");
            }
            if !behaviours.iter().any(|behaviour| behaviour.requirement == *id) {
                let mend = format!("Add a behaviour with requirement = \"{id}\", or drop the requirement");
                self.fault_at(&prompt, &heading, format!("No behaviour checks {id}"), mend);
            }
        }
        for behaviour in behaviours.iter().filter(|behaviour| !seen.contains(behaviour.requirement.as_str())) {
            let says = format!("The requirement {} is not in the prompt", behaviour.requirement);
            let mend = "Cite one that is there, or ask for it in prompt.md: nothing unasked is checked";
            self.fault_at(&behaviour.file, "requirement", says, mend);
        }
    }

    /// A step that names what a later one, or itself, saves would be sent with the braces in it.
    fn saved_before_use(&mut self, task: &Task, behaviours: &[(String, String)]) {
        for (name, text) in behaviours {
            let Ok(table) = toml::from_str::<toml::Table>(text) else { continue };
            let steps: Vec<&toml::Value> =
                table.get("step").and_then(toml::Value::as_array).into_iter().flatten().collect();
            let saves = |step: &&toml::Value| -> Vec<String> {
                step.get("save")
                    .and_then(toml::Value::as_table)
                    .into_iter()
                    .flat_map(|save| save.keys().cloned())
                    .collect()
            };
            for (at, step) in steps.iter().enumerate() {
                let shown = step.to_string();
                let before: Vec<String> = steps[..at].iter().flat_map(saves).collect();
                let later = steps[at..].iter().flat_map(saves).filter(|name| !before.contains(name));
                let known = |name: &String| task.manifest.facts.contains_key(name);
                for early in later.filter(|name| !known(name) && shown.contains(&format!("{{{{ {name} }}}}"))) {
                    let says = format!("`{early}` is used before a step saves it");
                    let file = file_of(task, &format!("behaviours/{name}"));
                    self.fault_at(&file, &early, says, "Save it in an earlier step");
                }
            }
        }
    }

    fn test_mutants(&mut self, task: &Task, behaviours: &[Behaviour]) {
        let mut named = BTreeSet::new();
        for behaviour in behaviours.iter().filter(|behaviour| behaviour.kind == "tests_kill_mutants") {
            let lists = [(&behaviour.live, true), (&behaviour.kill, false)];
            for (name, correct) in
                lists.iter().flat_map(|(names, correct)| names.iter().map(move |name| (name, *correct)))
            {
                named.insert(name.as_str());
                if !task.test_mutants.contains_key(name) {
                    let says = format!("The variant `{name}` does not exist");
                    self.fault_at(&behaviour.file, name, says, "Name a folder of testmutants/");
                } else if name.starts_with("correct-") != correct {
                    let says = format!("`{name}` stands in the wrong list");
                    let mend = "Put correct-… under `live` and the broken ones under `kill`";
                    self.fault_at(&behaviour.file, name, says, mend);
                }
            }
        }
        for name in task.test_mutants.keys().filter(|name| !named.contains(name.as_str())) {
            let file = file_of(task, &format!("testmutants/{name}"));
            self.fault(file, 1, "No behaviour runs the tests against this variant", "Name it under `live` or `kill`");
        }
    }
}

/// `B3-few-rows.toml` for `few-rows`
pub(super) fn is_file_name_of(name: &str, letter: char, id: &str) -> bool {
    let number = name.strip_prefix(letter).and_then(|rest| rest.strip_suffix(&format!("-{id}.toml")));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
