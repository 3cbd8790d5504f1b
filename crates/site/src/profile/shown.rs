//! Values as people read them, and what a viewer sees: one template for everybody who looks.

use super::words_of;
use crate::page::day;
use askama::Template;
use jiff::Timestamp;
use jobfuture_content::Library;
use jobfuture_credential::{Condition, Signal};
use jobfuture_disclosure::{Entry, Field, FieldValue, Seen, Vocabulary};

/// One line of an entry.
pub(crate) struct Line {
    pub text: String,
    /// Whether it is an address that may be followed.
    pub is_link: bool,
    /// Whether it stands below what it is about.
    pub is_quiet: bool,
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
    pub fn of(seen: &Seen, library: &Library) -> Self {
        let words = &words_of(library);
        let fields = seen.fields().map(|(field, value)| FieldShown {
            label: field.label_for_others(),
            entries: entries(field, value, words),
        });
        let signals =
            seen.signals().iter().map(|signal| says(library, signal.says(), signal.evidence(), signal.expires_at()));
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
    value.entries().iter().map(|entry| entry_lines(field, entry, words)).collect()
}

/// One entry as a person would write it.
fn entry_lines(field: Field, entry: &Entry, words: &Vocabulary) -> Vec<Line> {
    let text = |key: &str| -> &str {
        let column = field.columns().iter().find(|column| column.key == key);
        let found = entry.get(key).map(String::as_str).unwrap_or_default();
        column.map_or(found, |column| words.shown(column.kind, found))
    };
    let joined = |keys: &[&str], by: &str| {
        let filled: Vec<&str> = keys.iter().map(|key| text(key)).filter(|text| !text.is_empty()).collect();
        filled.join(by)
    };
    let lines = match field {
        Field::Pay => vec![format!("At least {} {} {}", grouped(text("least")), text("currency"), text("per"))],
        Field::Zone => vec![format!("From UTC{} to UTC{}", offset(text("from")), offset(text("to")))],
        Field::Availability if text("from").is_empty() => vec![text("hours").to_owned()],
        Field::Availability => vec![format!("{}, from {}", text("hours"), date_words(text("from")))],
        Field::Languages => vec![joined(&["language", "fluency"], ": ")],
        Field::Place => vec![joined(&["town", "country"], ", ")],
        Field::RightToWork => vec![joined(&["where", "basis"], ": ")],
        Field::Contact => vec![joined(&["kind", "value"], ": ")],
        Field::Experience => {
            vec![joined(&["title", "organisation"], ", "), period(text("from"), text("to")), text("about").to_owned()]
        }
        Field::Education => vec![joined(&["what", "organisation"], ", "), until(text("to")), String::new()],
        Field::Projects => vec![text("title").to_owned(), text("url").to_owned(), text("about").to_owned()],
        _ => field.columns().iter().map(|column| text(column.key).to_owned()).collect(),
    };
    let is_link = |at: usize| field == Field::Projects && at == 1;
    let is_quiet = |at: usize| matches!(field, Field::Experience | Field::Education) && at == 1;
    let all = lines.into_iter().enumerate().filter(|(_, text)| !text.is_empty());
    all.map(|(at, text)| Line { text, is_link: is_link(at), is_quiet: is_quiet(at) }).collect()
}

/// `68000` as `68,000`.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `2` as `+2`, `-3` as `−3`.
fn offset(hours: &str) -> String {
    match hours.strip_prefix('-') {
        Some(hours) => format!("\u{2212}{hours}"),
        None => format!("+{hours}"),
    }
}

fn period(from: &str, to: &str) -> String {
    match (from.is_empty(), to.is_empty()) {
        (true, _) => until(to),
        (false, true) => format!("Since {}", month_words(from)),
        (false, false) => format!("{} to {}", month_words(from), month_words(to)),
    }
}

fn until(to: &str) -> String {
    if to.is_empty() { String::new() } else { format!("Until {}", month_words(to)) }
}

/// `2024-03` as `March 2024`.
fn month_words(text: &str) -> String {
    let day: Option<jiff::civil::Date> = format!("{text}-01").parse().ok();
    day.map_or_else(|| text.to_owned(), |day| day.strftime("%B %Y").to_string())
}

/// A signal in words.
pub(crate) fn says(
    library: &Library,
    says: &Signal,
    evidence: &[jobfuture_disclosure::Evidence],
    until: Timestamp,
) -> SignalShown {
    let names = |list: &[jobfuture_credential::Named]| list.iter().map(|one| one.name.to_string()).collect();
    let versions =
        says.versions.iter().map(|one| format!("{} (version {})", title(library, one.of.as_str()), one.version));
    SignalShown {
        title: format!("{}: at {} or above", says.role.name, says.at_least.name),
        facts: vec![
            ("How it was taken", condition_words(&says.condition)),
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

/// What a check or a task is called; by its id if the content has dropped it.
fn title<'t>(library: &'t Library, id: &'t str) -> &'t str {
    let check = library.checks.get(id).map(|check| check.manifest.title.as_str());
    check.or_else(|| Some(library.tasks.get(id)?.manifest.title.as_str())).unwrap_or(id)
}

/// How a check was taken.
pub(crate) fn condition_words(condition: &Condition) -> String {
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

fn date_words(text: &str) -> String {
    let day: Option<jiff::civil::Date> = text.parse().ok();
    day.map_or_else(|| text.to_owned(), |day| day.strftime("%-d %B %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_read_as_a_person_would_write_them() {
        let shown = |field: Field, pairs: &[(&str, &str)]| {
            let entry: Entry = pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
            entry_lines(field, &entry, &Vocabulary::default()).into_iter().map(|line| line.text).collect::<Vec<_>>()
        };
        let pay = [("least", "1068000"), ("currency", "EUR"), ("per", "year")];
        assert_eq!(shown(Field::Pay, &pay), ["At least 1,068,000 EUR a year"]);
        assert_eq!(shown(Field::Zone, &[("from", "-3"), ("to", "2")]), ["From UTC\u{2212}3 to UTC+2"]);
        assert_eq!(shown(Field::Place, &[("country", "Austria")]), ["Austria"]);
        let job = [("title", "Developer"), ("from", "2020-03"), ("about", "Search")];
        assert_eq!(shown(Field::Experience, &job), ["Developer", "Since March 2020", "Search"]);
        assert_eq!(
            shown(Field::Availability, &[("hours", "full-time"), ("from", "2027-02-01")]),
            ["Full time, from 1 February 2027"]
        );
    }
}
