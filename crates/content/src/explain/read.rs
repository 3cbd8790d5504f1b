//! `explain-back/*.toml` of one variant: TOML into a question, with a fault for what does not fit together.

use super::{ANSWER, Asks, Deed, ExplainQuestion, MigrateTo, Observed, Sent, TestsSeen};
use crate::fault::Fault;
use crate::markdown::{Renderer, parse};
use crate::model::{Choice, Task};
use crate::read::{line_of, toml_fault};
use crate::template::Templates;
use crate::variant::{first, not_toml, saved_names};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a request is answered with unless its file says otherwise.
const GOOD: [u16; 3] = [200, 201, 204];

/// A file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    asks: Asks,
    prompt: String,
    explanation: String,
    #[serde(default)]
    options: Vec<Choice>,
    same_for_all: Option<String>,
    #[serde(default)]
    left_out: BTreeMap<String, String>,
    #[serde(default)]
    facts: BTreeMap<String, String>,
    #[serde(default)]
    step: Vec<RawDeed>,
    observe: RawObserved,
}

/// A `[[step]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDeed {
    request: Option<String>,
    #[serde(default, rename = "as")]
    person: String,
    body: Option<serde_json::Value>,
    status: Option<Statuses>,
    #[serde(default)]
    save: BTreeMap<String, String>,
    sql: Option<String>,
    migrate: Option<MigrateTo>,
}

/// `[observe]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawObserved {
    request: Option<String>,
    #[serde(default, rename = "as")]
    person: String,
    body: Option<serde_json::Value>,
    status: Option<Statuses>,
    at: Option<String>,
    sql: Option<String>,
    migrate: Option<MigrateTo>,
    tests: Option<TestsSeen>,
    grow: Option<String>,
}

/// One status or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Statuses {
    One(u16),
    Many(Vec<u16>),
}

impl Task {
    /// One question of `explain-back/` with this variant's parameters.
    pub(crate) fn explain_question(
        &self,
        templates: &Templates,
        name: &str,
        text: &str,
    ) -> Result<ExplainQuestion, Fault> {
        let file = Path::new("tasks").join(&self.id).join("explain-back").join(name);
        let (rendered, kept) = templates.render_keeping(&file, text)?;
        let toml = |error: &toml::de::Error| toml_fault(&file, &rendered, 0, error);
        let table: toml::Table = toml::from_str(&rendered).map_err(|error| not_toml(toml(&error)))?;
        let raw: Raw = toml::from_str(&rendered).map_err(|error| toml(&error))?;
        let reading = Reading { task: self, file, text, kept, saved: saved_names(&table) };
        reading.question(name, raw)
    }
}

/// One file being read.
struct Reading<'a> {
    task: &'a Task,
    file: PathBuf,
    /// As written, to find lines in.
    text: &'a str,
    /// Names in braces that are no parameters.
    kept: BTreeSet<String>,
    saved: BTreeSet<&'a str>,
}

impl Reading<'_> {
    fn question(&self, name: &str, raw: Raw) -> Result<ExplainQuestion, Fault> {
        self.names(&raw)?;
        let options = self.options(&raw)?;
        let prompt_html = self.html("prompt", &raw.prompt)?;
        let explanation_html = self.html("explanation", &raw.explanation)?;
        let before = raw.step.into_iter().map(|step| self.deed(step)).collect::<Result<_, _>>()?;
        let observed = self.observed(raw.asks, raw.observe)?;
        Ok(ExplainQuestion {
            file: name.to_owned(),
            id: raw.id,
            asks: raw.asks,
            options,
            same_for_all: raw.same_for_all,
            left_out: raw.left_out,
            facts: raw.facts,
            before,
            observed,
            prompt_html,
            explanation_html,
        })
    }

    /// What stands in braces must have a value when it is needed: the prompt is shown before anything is run.
    fn names(&self, raw: &Raw) -> Result<(), Fault> {
        let is_fact = |name: &str| self.task.manifest.facts.contains_key(name) || raw.facts.contains_key(name);
        let in_explanation = |name: &str| is_fact(name) || name == ANSWER;
        let anywhere = |name: &str| in_explanation(name) || self.saved.contains(name);
        let mend = "Use parameters and facts; `{{ answer }}` in the explanation; what a step saves in later steps";
        let unknown = self.kept.iter().map(String::as_str).find(|name| !anywhere(name));
        let in_prompt = || names_in(&raw.prompt).find(|name| !is_fact(name));
        let explained = || names_in(&raw.explanation).find(|name| !in_explanation(name));
        match unknown.or_else(in_prompt).or_else(explained) {
            None => Ok(()),
            Some(name) => Err(self.fault(name, format!("`{name}` has no value where it stands"), mend)),
        }
    }

    fn options(&self, raw: &Raw) -> Result<Vec<String>, Fault> {
        let shown = |option: &Choice| match option {
            Choice::Int(number) => number.to_string(),
            Choice::Text(text) => text.clone(),
        };
        let options: Vec<String> = raw.options.iter().map(shown).collect();
        let different: BTreeSet<&String> = options.iter().collect();
        if !raw.asks.is_chosen() && !options.is_empty() {
            let says = "A number is typed, and options are given";
            return Err(self.fault("options", says, "Remove `options`, or ask for a status or a value"));
        }
        if raw.asks.is_chosen() && (options.len() < 3 || different.len() < options.len()) {
            let says = "There are fewer than three different options";
            return Err(self.fault("options", says, "Add answers that other submissions give"));
        }
        if options.iter().any(|option| option.trim().is_empty() || option.contains("{{")) {
            let says = "An option is empty or is made of facts";
            return Err(self.fault("options", says, "Write it out; parameters may stand in it"));
        }
        Ok(options)
    }

    fn html(&self, key: &str, markdown: &str) -> Result<String, Fault> {
        if markdown.trim().is_empty() {
            return Err(self.fault(key, format!("The {key} is empty"), "Write it"));
        }
        let mut renderer = Renderer::new(self.file.clone(), markdown, &self.task.links);
        let html = renderer.html(&parse(markdown));
        let above = self.line_above(key);
        first(renderer.faults).map_err(|fault| Fault { line: fault.line + above, ..fault })?;
        Ok(html)
    }

    /// Lines of the file before the first of a text that stands under a key.
    fn line_above(&self, key: &str) -> usize {
        let line = line_of(self.text, &format!("{key} ="));
        let opens =
            self.text.lines().nth(line - 1).is_some_and(|line| line.ends_with("\"\"\"") || line.ends_with("'''"));
        if opens { line } else { line - 1 }
    }

    fn deed(&self, raw: RawDeed) -> Result<Deed, Fault> {
        match (raw.request, raw.sql, raw.migrate) {
            (Some(request), None, None) => {
                let sent = self.sent(request, raw.person, raw.body, statuses(raw.status))?;
                Ok(Deed::Request { sent, save: raw.save })
            }
            (None, Some(sql), None) => Ok(Deed::Sql(sql)),
            (None, None, Some(to)) => Ok(Deed::Migrate(to)),
            _ => {
                Err(self.fault("[[step]]", "A step does nothing, or several things", "Give it request, sql or migrate"))
            }
        }
    }

    fn observed(&self, asks: Asks, raw: RawObserved) -> Result<Observed, Fault> {
        let growth = asks == Asks::Growth;
        let mend = "statements: request or migrate; growth: the same, with grow; status: request; \
                    value: request with at, or sql; number: the same, or tests";
        let unfit = |says: &str| Err(self.fault("[observe]", says, mend));
        if growth != raw.grow.is_some() {
            return unfit("`grow` belongs to a question that asks for growth, and to no other");
        }
        match (raw.request, raw.sql, raw.migrate, raw.tests) {
            (Some(request), None, None, None) => {
                let at = matches!(asks, Asks::Value | Asks::Number);
                if at != raw.at.is_some() {
                    return unfit("`at` belongs to a question that asks for a value or a number, and to no other");
                }
                if asks == Asks::Status && raw.status.is_some() {
                    return unfit("The status is asked for, and is demanded too");
                }
                let status = if asks == Asks::Status { Vec::new() } else { statuses(raw.status) };
                let sent = self.sent(request, raw.person, raw.body, status)?;
                Ok(Observed::Request { sent, at: raw.at, grow: raw.grow })
            }
            (None, Some(sql), None, None) if matches!(asks, Asks::Value | Asks::Number) => Ok(Observed::Sql(sql)),
            (None, None, Some(to), None) if matches!(asks, Asks::Statements | Asks::Growth) => {
                Ok(Observed::Migrate { to, grow: raw.grow })
            }
            (None, None, None, Some(tests)) if asks == Asks::Number => Ok(Observed::Tests(tests)),
            _ => unfit("What is observed is not what is asked for"),
        }
    }

    fn sent(
        &self,
        request: String,
        person: String,
        body: Option<serde_json::Value>,
        status: Vec<u16>,
    ) -> Result<Sent, Fault> {
        if request.split_once(' ').is_none_or(|(_, path)| !path.starts_with('/')) {
            let says = format!("`{request}` is not a method and a path");
            return Err(self.fault("request", says, "Write it as GET /path/"));
        }
        Ok(Sent { request, person, body, status })
    }

    fn fault(&self, needle: &str, says: impl Into<String>, mend: &str) -> Fault {
        Fault::new(&self.file, line_of(self.text, needle), says, mend)
    }
}

fn statuses(raw: Option<Statuses>) -> Vec<u16> {
    match raw {
        None => GOOD.to_vec(),
        Some(Statuses::One(one)) => vec![one],
        Some(Statuses::Many(many)) => many,
    }
}

/// The names in braces.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim())
}
