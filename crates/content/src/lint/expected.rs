//! `expected.toml`: every submission has an expectation, and together they show that each behaviour is needed.

use super::behaviours::Behaviour;
use super::{Lint, file_of};
use crate::model::{Outcome, Task};

const ACCEPTED: usize = 2;
const MUTANTS: usize = 6;
const STOPS: [&str; 6] = ["cpu", "wall", "memory", "statements", "rows", "exit"];

impl Lint<'_> {
    pub(super) fn expected(&mut self, task: &Task, behaviours: &[Behaviour]) {
        let file = file_of(task, "expected.toml");
        let expected = &task.expected;
        self.outcome(&file, "[starter]", &expected.starter, behaviours);
        if expected.starter.fails.is_empty() && expected.starter.stopped.is_none() {
            let mend = "Name what it fails: a starter that passes asks for nothing";
            self.fault_at(&file, "[starter]", "The starter is expected to pass", mend);
        }
        for (name, outcome) in &expected.submissions {
            self.outcome(&file, &format!("\"{name}\""), outcome, behaviours);
            self.fits_group(&file, name, outcome);
            if !task.submissions.contains_key(name) {
                let says = format!("The submission `{name}` does not exist");
                self.fault_at(&file, name, says, "Add it under submissions/, or remove the expectation");
            }
        }
        for name in task.submissions.keys().filter(|name| !expected.submissions.contains_key(*name)) {
            let mend = format!("Add [submissions.\"{name}\"] to expected.toml");
            self.fault(
                file_of(task, &format!("submissions/{name}")),
                1,
                "Nothing is expected of this submission",
                mend,
            );
        }
        self.enough(task, &file);
        self.needed(task, &file, behaviours);
    }

    fn outcome(&mut self, file: &str, heading: &str, outcome: &Outcome, behaviours: &[Behaviour]) {
        for id in outcome.fails.iter().filter(|id| !behaviours.iter().any(|behaviour| behaviour.id == **id)) {
            let says = format!("The behaviour `{id}` does not exist");
            let line = self.line_below(file, heading, id);
            self.fault(file, line, says, "Name the id of a file in behaviours/");
        }
        if let Some(stopped) = outcome.stopped.as_deref().filter(|stopped| !STOPS.contains(stopped)) {
            let line = self.line_below(file, heading, stopped);
            let says = format!("`{stopped}` is nothing that stops a run");
            self.fault(file, line, says, format!("Write one of {}", STOPS.join(", ")));
        }
    }

    /// The line of the first `needle` behind a heading.
    fn line_below(&mut self, file: &str, heading: &str, needle: &str) -> usize {
        let text = self.text(file);
        let from = text.find(heading).unwrap_or(0);
        let at = text[from..].find(needle).map_or(from, |at| from + at);
        text[..at].matches('\n').count() + 1
    }

    /// Whether what is expected of a submission fits the folder that it is in.
    fn fits_group(&mut self, file: &str, name: &str, outcome: &Outcome) {
        let Outcome { fails, stopped } = outcome;
        let (wrong, mend) = match name.split('/').next() {
            Some("accepted") => {
                (!fails.is_empty() || stopped.is_some(), "Write fails = []: an accepted submission passes")
            }
            Some("mutants") => (fails.is_empty() || stopped.is_some(), "Name the behaviours that it fails"),
            Some("slow") => (stopped.is_none(), "Write what stops it, for example stopped = \"cpu\""),
            _ => (fails.is_empty() && stopped.is_none(), "Write what stops it, for example stopped = \"exit\""),
        };
        if wrong {
            self.fault_at(
                file,
                &format!("\"{name}\""),
                format!("What is expected of `{name}` does not fit its folder"),
                mend,
            );
        }
    }

    fn enough(&mut self, task: &Task, file: &str) {
        for (group, wanted) in [("accepted", ACCEPTED), ("mutants", MUTANTS)] {
            let there = task.submissions.keys().filter(|name| name.split('/').next() == Some(group)).count();
            if there < wanted {
                let says = format!("submissions/{group} holds {there}, and a task needs {wanted}");
                let mend = match group {
                    "accepted" => "Add one in another style, so that the checks are not fitted to one",
                    _ => "Add wrong submissions that a person would write",
                };
                self.fault(file, 1, says, mend);
            }
        }
    }

    /// Each behaviour must be the only one that some mutant fails, or leaving it out would change nothing.
    fn needed(&mut self, task: &Task, file: &str, behaviours: &[Behaviour]) {
        let expected = task.expected.submissions.iter();
        let mutants: Vec<&Outcome> =
            expected.filter(|(name, _)| name.starts_with("mutants/")).map(|(_, outcome)| outcome).collect();
        for behaviour in behaviours {
            if !mutants.iter().any(|outcome| matches!(outcome.fails.as_slice(), [only] if *only == behaviour.id)) {
                let says = format!("No mutant fails `{}` and nothing else", behaviour.id);
                let mend =
                    "Add one that does, or drop the behaviour: without such a mutant nothing shows that it is needed";
                self.fault(file, 1, says, mend);
            }
        }
    }
}
