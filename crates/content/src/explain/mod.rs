//! Explain-back: a few questions about a candidate's own code, asked once it was handed in. What is right is in no file: the
//! grader finds it by running that code.

mod read;

use crate::markdown::escape;
use crate::quick::Form;
use crate::variant::shuffle;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest observed value, in letters, that is shown among the options.
const MAX_OPTION: usize = 80;

/// What of a run a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Asks {
    /// How many counted statements reach the database. Typed.
    Statements,
    /// How many more of them do after rows were added. Typed.
    Growth,
    /// The status of an answer. Chosen.
    Status,
    /// A text, a number, `true`, `false` or `null`. Chosen.
    Value,
    /// A number, or how many elements a list has. Typed.
    Number,
}

/// A question about a candidate's own code, in one variant of its task.
#[derive(Debug, Clone)]
pub struct ExplainQuestion {
    /// Name of its file in `explain-back/`.
    pub file: String,
    /// Unique in the task.
    pub id: String,
    /// What is asked for.
    pub asks: Asks,
    /// Plausible answers, in the order of the file; none where a number is typed.
    pub options: Vec<String>,
    /// Why it is asked although all submissions of the task give the same answer.
    pub same_for_all: Option<String>,
    /// Submissions of the task (`starter`, `accepted/…`) in which there is nothing to observe, and why.
    pub left_out: BTreeMap<String, String>,
    /// Facts of this question alone: name → SQL that yields one value of the run's world.
    pub facts: BTreeMap<String, String>,
    /// What is done first, in order.
    pub before: Vec<Deed>,
    /// What is looked at.
    pub observed: Observed,
    /// HTML; facts are still `{{ name }}`, see [`ExplainQuestion::prompt`].
    pub prompt_html: String,
    /// HTML; facts and `{{ answer }}` are still in braces, see [`ExplainQuestion::explanation`].
    pub explanation_html: String,
}

/// Something that is done before anything is observed. Facts in it are still `{{ name }}`.
#[derive(Debug, Clone)]
pub enum Deed {
    /// A request of somebody.
    Request {
        /// What is asked.
        sent: Sent,
        /// JSON path of the answer → name that later deeds may use.
        save: BTreeMap<String, String>,
    },
    /// A change behind the candidate's back.
    Sql(String),
    /// The candidate's migrations.
    Migrate(MigrateTo),
}

/// What is looked at.
#[derive(Debug, Clone)]
pub enum Observed {
    /// The answer to a request.
    Request {
        /// What is asked.
        sent: Sent,
        /// JSON path to what is asked for (values and numbers).
        at: Option<String>,
        /// SQL that makes more rows (growth).
        grow: Option<String>,
    },
    /// One value of the database.
    Sql(String),
    /// What a migration takes.
    Migrate {
        /// Where to.
        to: MigrateTo,
        /// SQL that makes more rows (growth).
        grow: Option<String>,
    },
    /// What the candidate's own tests do.
    Tests(TestsSeen),
}

/// A request to be filled with facts.
#[derive(Debug, Clone)]
pub struct Sent {
    /// `GET /api/books/`
    pub request: String,
    /// Who asks; empty: nobody is signed in.
    pub person: String,
    /// Sent as JSON.
    pub body: Option<serde_json::Value>,
    /// With any other status nothing was observed. Empty where the status itself is asked for.
    pub status: Vec<u16>,
}

/// Where to migrate to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrateTo {
    /// The app.
    pub app: String,
    /// `zero`, `latest` or the beginning of a migration's name.
    pub to: String,
}

/// What is counted when the candidate's tests run.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestsSeen {
    /// The correct variant of the application that they are run against.
    pub against: String,
    /// Tests, or requests.
    pub count: TestsCount,
    /// Of requests: only those with this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Of requests: only those whose path ends so.
    #[serde(default)]
    pub ends: Option<String>,
    /// Of requests: only those that the application answered so.
    #[serde(default)]
    pub status: Option<u16>,
}

/// What of a run of tests is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TestsCount {
    /// Tests that ran.
    Tests,
    /// Requests that they made.
    Requests,
}

impl Asks {
    /// Whether the answer is chosen among options, and not typed.
    pub fn is_chosen(self) -> bool {
        matches!(self, Self::Status | Self::Value)
    }
}

impl ExplainQuestion {
    /// How it is answered.
    pub fn form(&self) -> Form {
        if self.asks.is_chosen() { Form::Choice } else { Form::Number }
    }

    /// What is asked, with the facts of the run: safe HTML.
    pub fn prompt(&self, facts: &BTreeMap<String, String>) -> String {
        filled(&self.prompt_html, facts, None)
    }

    /// What to take away, with the facts of the run and what was observed: safe HTML.
    pub fn explanation(&self, facts: &BTreeMap<String, String>, answer: &str) -> String {
        filled(&self.explanation_html, facts, Some(answer))
    }

    /// The options of somebody whose code was seen to give this answer, as plain text: statuses by their number, others in an
    /// order that the seed decides. What was seen is always among them. `None`: it cannot be shown as an option.
    pub fn options_with(&self, answer: &str, seed: u64) -> Option<Vec<String>> {
        if !self.asks.is_chosen() {
            return Some(Vec::new());
        }
        let mut options = self.options.clone();
        if !options.iter().any(|option| option == answer) {
            let is_short = answer.chars().take(MAX_OPTION + 1).count() <= MAX_OPTION;
            if answer.trim().is_empty() || !is_short || answer.contains(char::is_control) {
                return None;
            }
            options.push(answer.to_owned());
        }
        match self.asks {
            Asks::Status => options.sort(),
            _ => shuffle(seed, &mut options),
        }
        Some(options)
    }
}

/// HTML with the values of a run in place of `{{ name }}`. A value is text, whatever is in it.
fn filled(html: &str, facts: &BTreeMap<String, String>, answer: Option<&str>) -> String {
    let mut out = String::with_capacity(html.len() + 32);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let value = after.split_once("}}").and_then(|(name, after)| {
            let name = name.trim();
            let value = if name == ANSWER { answer } else { facts.get(name).map(String::as_str) };
            value.map(|value| (value, after))
        });
        match value {
            Some((value, after)) => {
                out.push_str(&escape(value));
                rest = after;
            }
            None => {
                out.push_str("{{");
                rest = after;
            }
        }
    }
    out + rest
}

/// The name under which an explanation has what was observed.
const ANSWER: &str = "answer";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_text() {
        let facts = BTreeMap::from([("title".to_owned(), "<b>*A* & {{ answer }}".to_owned())]);
        assert_eq!(
            filled("<p>{{ title }} {{answer}} {{ other }} {{</p>", &facts, Some("7")),
            "<p>&lt;b&gt;*A* &amp; {{ answer }} 7 {{ other }} {{</p>"
        );
    }
}
