//! Values as people read them, and what a viewer sees: one template for everybody who looks.

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use jobfuture_credential::{Condition, Signal};
use jobfuture_disclosure::{Field, FieldValue, Kind, Seen, Vocabulary};

/// One line of an entry: what it is, where that is not plain, and the text.
pub(crate) struct Line {
    pub label: Option<&'static str>,
    pub text: String,
    /// Whether it is an address that may be followed.
    pub is_link: bool,
}

/// A field with its entries.
pub(crate) struct FieldShown {
    pub label: &'static str,
    pub entries: Vec<Vec<Line>>,
}

/// A signal, word for word as everybody sees it.
pub(crate) struct SignalShown {
    pub title: String,
    pub facts: Vec<(&'static str, String)>,
    pub competencies: Vec<String>,
    pub behaviours: Vec<String>,
    pub evidence: Vec<(String, String, String)>,
    pub until: String,
    /// Where a company gets it with a proof.
    pub proof_url: Option<String>,
}

/// What somebody sees of a candidate.
#[derive(Template)]
#[template(path = "profile/seen.html")]
pub(crate) struct SeenPart {
    pub called: String,
    pub terms: Vec<(String, String)>,
    pub fields: Vec<FieldShown>,
    pub signals: Vec<SignalShown>,
    /// The audience of a proof, where one can be asked for.
    pub audience: Option<String>,
}

impl SeenPart {
    /// Of what the door gave.
    pub fn of(seen: &Seen, words: &Vocabulary) -> Self {
        let fields = seen.fields().map(|(field, value)| FieldShown {
            label: field.label_for_others(),
            entries: entries(field, value, words),
        });
        let signals = seen.signals().iter().map(|signal| says(signal.says(), signal.evidence(), signal.expires_at()));
        Self {
            called: seen.called(),
            terms: seen.terms().iter().map(|terms| (terms.purpose.clone(), day(terms.until))).collect(),
            fields: fields.collect(),
            signals: signals.collect(),
            audience: None,
        }
    }
}

/// Fields as their owner reads them.
pub(crate) fn fields_shown(field: Field, value: Option<&FieldValue>, words: &Vocabulary) -> Vec<Vec<Line>> {
    value.map(|value| entries(field, value, words)).unwrap_or_default()
}

fn entries(field: Field, value: &FieldValue, words: &Vocabulary) -> Vec<Vec<Line>> {
    let columns = field.columns();
    let lines = |entry: &jobfuture_disclosure::Entry| {
        let filled = columns.iter().filter_map(|column| Some((column, entry.get(column.key)?)));
        let lines = filled.enumerate().map(|(at, (column, text))| Line {
            label: (at > 0).then(|| column.label.split(" (").next().unwrap_or(column.label)),
            text: words.shown(column.kind, text).to_owned(),
            is_link: column.kind == Kind::Url,
        });
        lines.collect()
    };
    value.entries().iter().map(lines).collect()
}

/// A signal in words.
pub(crate) fn says(says: &Signal, evidence: &[jobfuture_disclosure::Evidence], until: Timestamp) -> SignalShown {
    let names = |list: &[jobfuture_credential::Named]| list.iter().map(|one| one.name.to_string()).collect();
    let versions = says.versions.iter().map(|one| format!("{} (version {})", one.of, one.version));
    SignalShown {
        title: format!("{}: at {} or above", says.role.name, says.at_least.name),
        facts: vec![
            ("How it was taken", condition(&says.condition)),
            ("On", date_words(says.taken_on.as_str())),
            ("What was asked", versions.collect::<Vec<_>>().join(", ")),
        ],
        competencies: names(&says.competencies),
        behaviours: names(&says.behaviours),
        evidence: evidence.iter().map(|one| (one.task.clone(), one.path.clone(), one.text.clone())).collect(),
        until: day(until),
        proof_url: None,
    }
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Practice {} => "As practice".to_owned(),
        Condition::Unaided {} => "Unaided, as the candidate declares".to_owned(),
        Condition::OwnTools {} => "With their own tools, assistants included".to_owned(),
        Condition::ProvidedAssistant {} => "With the assistant that the check provides".to_owned(),
        Condition::Witnessed { company, on } => format!("Witnessed live by {company} on {}", date_words(on.as_str())),
    }
}

/// The day of the check behind a signal.
pub(crate) fn day_of(says: &Signal) -> String {
    date_words(says.taken_on.as_str())
}

/// A day as a person says it.
pub(crate) fn day(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

fn date_words(text: &str) -> String {
    let day: Option<jiff::civil::Date> = text.parse().ok();
    day.map_or_else(|| text.to_owned(), |day| day.strftime("%-d %B %Y").to_string())
}
