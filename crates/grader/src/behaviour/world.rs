//! The rows and facts of one run: drawn from its seed, the same for every behaviour, known to nobody else.

use super::matcher::plain;
use super::{Ask, matcher};
use crate::GradeError;
use crate::recorder::{Recorder, Snapshot, TrustedRows, Value as Sql};
use crate::run::Request;
use jobfuture_content::{Task, Variant};
use serde_json::Value;
use std::collections::BTreeMap;

/// A database filled for this run, and the values drawn from it.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub snapshot: Snapshot,
    pub facts: BTreeMap<String, Sql>,
    sessions: BTreeMap<String, String>,
}

/// As long as Django's: the same secret in the cookie and in the header.
const CSRF_SECRET: &str = "jobfutureharnesscsrfsecretabcdef";

impl World {
    /// Lays the task's rows over a snapshot, and draws its facts.
    pub(crate) fn draw(
        recorder: &mut Recorder,
        base: &Snapshot,
        sessions: &BTreeMap<String, String>,
        task: &Task,
        variant: &Variant,
        seed: u64,
    ) -> Result<Self, GradeError> {
        let none = BTreeMap::new();
        recorder.reseed(seed);
        recorder.restore(base)?;
        if !variant.world.trim().is_empty() {
            recorder.trusted_batch(&variant.world, &none)?;
        }
        let mut facts = BTreeMap::new();
        for (name, sql) in &task.manifest.facts {
            let rows = recorder.trusted_rows(sql, &none)?;
            let value = rows.rows.into_iter().next().and_then(|row| row.into_iter().next());
            let value =
                value.ok_or_else(|| GradeError::Internal(format!("the fact {name} has no value with this seed")))?;
            facts.insert(name.clone(), value);
        }
        recorder.settle();
        Ok(Self { snapshot: recorder.serialize()?, facts, sessions: sessions.clone() })
    }

    /// A text with its `{{ facts }}` filled in.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            filled.push_str(before);
            match after.split_once("}}") {
                Some((name, after)) if self.facts.contains_key(name.trim()) => {
                    filled.push_str(&text_of(&self.facts[name.trim()]));
                    rest = after;
                }
                _ => {
                    filled.push_str("{{");
                    rest = after;
                }
            }
        }
        filled + rest
    }

    /// The facts as they stand in texts.
    pub(crate) fn facts_as_text(&self) -> BTreeMap<String, String> {
        self.facts.iter().map(|(name, value)| (name.clone(), text_of(value))).collect()
    }

    /// JSON with its facts filled in. A text that is nothing but one fact becomes that fact, a number as a number.
    pub(crate) fn fill_json(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let name = text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).map(str::trim);
                match name.and_then(|name| self.facts.get(name)) {
                    Some(fact) => plain(fact.clone()),
                    None => Value::String(self.fill(text)),
                }
            }
            Value::Array(items) => items.iter().map(|item| self.fill_json(item)).collect(),
            Value::Object(object) => {
                Value::Object(object.iter().map(|(key, value)| (key.clone(), self.fill_json(value))).collect())
            }
            other => other.clone(),
        }
    }

    /// A request as a browser with this person's session would send it.
    pub(crate) fn request(&self, ask: &Ask) -> Result<Request, String> {
        let mut headers =
            vec![("Host".to_owned(), "testserver".to_owned()), ("Accept".into(), "application/json".into())];
        let mut cookies = vec![format!("csrftoken={CSRF_SECRET}")];
        if !ask.person.is_empty() {
            let key = self.sessions.get(&ask.person).ok_or_else(|| format!("nobody is called {}", ask.person))?;
            cookies.push(format!("sessionid={key}"));
        }
        headers.push(("Cookie".into(), cookies.join("; ")));
        let mut body = Vec::new();
        if let Some(json) = &ask.body {
            headers.push(("Content-Type".into(), "application/json".into()));
            body = self.fill_json(json).to_string().into_bytes();
        }
        if !matches!(ask.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            headers.push(("X-CSRFToken".into(), CSRF_SECRET.into()));
        }
        Ok(Request { method: ask.method.clone(), path: self.fill(&ask.path), headers, body, enforce_csrf: true })
    }

    /// All rows of a query of ours.
    pub(crate) fn rows(&self, recorder: &mut Recorder, sql: &str) -> Result<TrustedRows, String> {
        recorder.trusted_rows(&self.fill(sql), &self.facts).map_err(|error| error.to_string())
    }

    /// The first column of a query of ours.
    pub(crate) fn column(&self, recorder: &mut Recorder, sql: &str) -> Result<Vec<Value>, String> {
        let rows = self.rows(recorder, sql)?.rows;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next()).map(plain).collect())
    }

    /// A change of ours, behind the candidate's back.
    pub(crate) fn change(&self, recorder: &mut Recorder, sql: &str) -> Result<(), String> {
        recorder.rollback_open_transaction().map_err(|error| error.to_string())?;
        recorder.trusted_batch(&self.fill(sql), &self.facts).map_err(|error| error.to_string())
    }
}

fn text_of(value: &Sql) -> String {
    match value {
        Sql::Text(text) => text.clone(),
        other => plain(other.clone()).to_string(),
    }
}

/// Shortened for evidence.
pub(crate) fn rows_text(rows: &TrustedRows) -> String {
    let rows: Vec<Vec<Value>> = rows.rows.iter().map(|row| row.iter().cloned().map(plain).collect()).collect();
    matcher::cut(&serde_json::to_string(&rows).unwrap_or_default())
}
