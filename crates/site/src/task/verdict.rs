//! A verdict as the candidate reads it.

use crate::error::SiteError;
use crate::page::{Html, render};
use crate::practice::StatementList;
use askama::Template;
use jobfuture_content::{Limits, Task, Variant};
use jobfuture_grader::verdict::{BehaviourVerdict, Evidence, Verdict};

#[derive(Template)]
#[template(path = "task/verdict.html")]
struct VerdictView<'a> {
    verdict: &'a Verdict,
    variant: &'a Variant,
    limits: &'a Limits,
    statements: StatementList,
    explain: Option<Html>,
    /// Whether what was asked for stands on the same page, to be led to.
    has_requirements: bool,
}

/// Whether the explanation may stand behind a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explaining {
    /// Once all is shown.
    OncePassed,
    /// In any case: the task is over.
    Always,
    /// Not yet: the task is being worked on within a check.
    NotYet,
}

/// A verdict, and the explanation behind it.
pub fn verdict_html(
    verdict: &Verdict,
    task: &Task,
    variant: &Variant,
    explaining: Explaining,
) -> Result<Html, SiteError> {
    let statements = StatementList::new(&verdict.statements);
    let is_explained = match explaining {
        Explaining::OncePassed => verdict.passed,
        Explaining::Always => true,
        Explaining::NotYet => false,
    };
    let explain = is_explained.then(|| Html::from_content(variant.explain_html.as_str()));
    let has_requirements = explaining != Explaining::Always;
    render(&VerdictView { verdict, variant, limits: &task.manifest.limits, statements, explain, has_requirements })
}

impl VerdictView<'_> {
    fn shown(&self) -> usize {
        self.verdict.behaviours.iter().filter(|behaviour| behaviour.passed).count()
    }

    /// The heading; also what is announced.
    fn summary(&self) -> String {
        let count = self.verdict.behaviours.len();
        match (self.verdict.passed, self.shown()) {
            (true, _) if count == 1 => "The one behaviour is shown".to_owned(),
            (true, _) => format!("All {count} behaviours are shown"),
            (false, 0) => format!("None of {count} behaviours is shown yet"),
            (false, shown) => format!("{shown} of {count} behaviours are shown"),
        }
    }

    /// What a requirement says, for the link's title.
    fn requirement(&self, behaviour: &BehaviourVerdict) -> &str {
        let found = self.variant.requirements.iter().find(|(id, _)| *id == behaviour.requirement);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// What speaks against a behaviour. What stopped the whole run is said once, above them all.
    fn evidence_of<'v>(&'v self, behaviour: &'v BehaviourVerdict) -> impl Iterator<Item = &'v Evidence> {
        let stop = self.verdict.stopped.as_ref().map(|stop| stop.says.as_str());
        behaviour
            .evidence
            .iter()
            .filter(move |evidence| evidence.request.is_some() || Some(evidence.says.as_str()) != stop)
    }

    fn statements_of(&self, evidence: &Evidence) -> Option<StatementList> {
        let (from, count) = evidence.statements?;
        let list = StatementList::new(self.verdict.statements.get(from..)?.get(..count)?);
        (!list.is_empty()).then_some(list)
    }

    fn total(&self) -> Option<String> {
        self.verdict.timings_ms.get("total").map(|total| milliseconds(*total))
    }

    /// What was used of the limits: name, used, allowed.
    fn used(&self) -> [(&'static str, String, String); 3] {
        let (used, limits) = (&self.verdict.used, self.limits);
        let seconds = format!("{:.2} s", used.cpu_seconds);
        [
            ("Processor time", seconds, format!("{} s", limits.cpu_seconds)),
            ("Statements", used.statements.to_string(), limits.statements.to_string()),
            ("Rows", used.rows.to_string(), limits.rows.to_string()),
        ]
    }

    fn timings(&self) -> impl Iterator<Item = (&str, String)> {
        self.verdict.timings_ms.iter().map(|(phase, time)| (phase_in_words(phase), milliseconds(*time)))
    }
}

fn phase_in_words(phase: &str) -> &str {
    match phase {
        "wait" => "Waiting for a fresh process",
        "world" => "Drawing the rows",
        "load" => "Loading your code",
        "behaviours" => "Asking and looking",
        "total" => "All together",
        other => other,
    }
}

fn milliseconds(time: f64) -> String {
    if time < 10.0 { format!("{time:.1} ms") } else { format!("{time:.0} ms") }
}
