//! What stands in a field: entries of checked text.

use crate::{Column, Field};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What may stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of at most so many characters.
    Line(usize),
    /// Several lines of at most so many characters together.
    Text(usize),
    /// An address of a page, http or https.
    Url,
    /// `2024-03`.
    Month,
    /// `2027-01-15`.
    Day,
    /// A whole number.
    Whole {
        /// The least that may stand there.
        least: i64,
        /// The most.
        most: i64,
    },
    /// `EUR`.
    Currency,
    /// One of these: as it is stored, and what a person reads.
    Choice(&'static [(&'static str, &'static str)]),
    /// A role of the content.
    Role,
    /// A competency of the content.
    Competency,
    /// A level of a role.
    Level,
}

/// What the content calls things: id, and what a person reads.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Roles.
    pub roles: Vec<(String, String)>,
    /// Competencies.
    pub competencies: Vec<(String, String)>,
    /// Levels, rising.
    pub levels: Vec<(String, String)>,
}

impl Vocabulary {
    /// The choices of a column that is chosen from the content or from a list of ours; none where it is typed.
    pub fn choices(&self, kind: Kind) -> Option<Vec<(&str, &str)>> {
        fn both(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
            pairs.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect()
        }
        match kind {
            Kind::Role => Some(both(&self.roles)),
            Kind::Competency => Some(both(&self.competencies)),
            Kind::Level => Some(both(&self.levels)),
            Kind::Choice(pairs) => Some(pairs.to_vec()),
            _ => None,
        }
    }

    /// What a person reads where this stands. Something that the content has dropped is shown by its id.
    pub fn shown<'s>(&'s self, kind: Kind, text: &'s str) -> &'s str {
        let found = self.choices(kind).and_then(|choices| choices.into_iter().find(|(id, _)| *id == text));
        found.map_or(text, |(_, name)| name)
    }
}

/// One entry of a field: text by column, in no other column than the field's.
pub type Entry = BTreeMap<String, String>;

/// What stands in a field. Made by [`FieldValue::check`], so that it fits the field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldValue {
    entries: Vec<Entry>,
}

/// What is wrong with one thing that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which entry, from 0.
    pub entry: usize,
    /// Which column; nothing when it is about the entry as a whole.
    pub column: Option<&'static str>,
    /// What is wrong, and the mend, as a sentence.
    pub says: String,
}

impl FieldValue {
    /// Checks what was typed. Entries with nothing in them are left out; nothing at all gives no value.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place and mend.
    pub fn check(field: Field, typed: &[Entry], words: &Vocabulary) -> Result<Option<Self>, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        for (at, typed) in typed.iter().enumerate() {
            let entry = check_entry(field, at, typed, words, &mut faults);
            if !entry.is_empty() && !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        if entries.len() > field.most_entries() {
            let says = format!("There is room for {} here. Take some out.", field.most_entries());
            faults.push(Fault { entry: field.most_entries(), column: None, says });
        }
        match (faults.is_empty(), entries.is_empty()) {
            (false, _) => Err(faults),
            (true, true) => Ok(None),
            (true, false) => Ok(Some(Self { entries })),
        }
    }

    /// Its entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether something in it names somebody.
    pub(crate) fn names_somebody(&self, field: Field) -> bool {
        let naming = || field.columns().iter().filter(|column| column.names_somebody);
        self.entries.iter().any(|entry| naming().any(|column| entry.contains_key(column.key)))
    }

    /// Without what names somebody.
    #[must_use]
    pub(crate) fn masked(mut self, field: Field) -> Self {
        for column in field.columns().iter().filter(|column| column.names_somebody) {
            for entry in &mut self.entries {
                entry.remove(column.key);
            }
        }
        self
    }
}

/// Says nothing of the person.
impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldValue(…)")
    }
}

fn check_entry(field: Field, at: usize, typed: &Entry, words: &Vocabulary, faults: &mut Vec<Fault>) -> Entry {
    let mut entry = Entry::new();
    for column in field.columns() {
        let text = typed.get(column.key).map(|text| text.trim()).unwrap_or_default();
        if text.is_empty() {
            continue;
        }
        match check_text(column.kind, text, words) {
            Ok(text) => {
                entry.insert(column.key.to_owned(), text);
            }
            Err(says) => {
                faults.push(Fault { entry: at, column: Some(column.key), says });
                // So that it is no missing one besides.
                entry.insert(column.key.to_owned(), String::new());
            }
        }
    }
    if entry.is_empty() {
        return entry;
    }
    for column in field.columns().iter().filter(|column| column.required && !entry.contains_key(column.key)) {
        faults.push(Fault { entry: at, column: Some(column.key), says: missing(column) });
    }
    if field == Field::Zone || entry.contains_key("from") && entry.contains_key("to") {
        check_order(field, at, &entry, faults);
    }
    entry
}

fn missing(column: &Column) -> String {
    format!("“{}” is needed here, or leave the whole entry empty.", column.label)
}

fn check_order(field: Field, at: usize, entry: &Entry, faults: &mut Vec<Fault>) {
    let (Some(from), Some(to)) = (entry.get("from"), entry.get("to")) else { return };
    let is_wrong = match field {
        Field::Zone => from.parse::<i64>().ok() > to.parse::<i64>().ok(),
        _ => !from.is_empty() && !to.is_empty() && from > to,
    };
    if is_wrong {
        let says = "This ends before it begins. Put the earlier one first.".to_owned();
        faults.push(Fault { entry: at, column: Some("to"), says });
    }
}

/// Checks one text; gives it as it is kept.
fn check_text(kind: Kind, text: &str, words: &Vocabulary) -> Result<String, String> {
    let length = |most: usize| match text.chars().count() {
        count if count > most => Err(format!("This has {count} characters; there is room for {most}.")),
        _ => Ok(()),
    };
    if let Some(choices) = words.choices(kind) {
        let known = choices.iter().any(|(id, _)| *id == text);
        return if known { Ok(text.to_owned()) } else { Err("Choose one of those that are offered.".to_owned()) };
    }
    match kind {
        Kind::Line(most) => {
            length(most)?;
            if text.chars().any(|c| c.is_control() || steers(c)) {
                return Err("Write it in one line, without control characters.".to_owned());
            }
        }
        Kind::Text(most) => {
            length(most)?;
            if text.chars().any(|c| c != '\n' && c != '\r' && c != '\t' && (c.is_control() || steers(c))) {
                return Err("There are control characters in it. Type it again without them.".to_owned());
            }
            return Ok(text.replace("\r\n", "\n").replace('\r', "\n"));
        }
        Kind::Url => {
            length(300)?;
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let is_plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c));
            if !host.contains('.') || host.contains('@') || !is_plain {
                return Err("Write a whole address, as in https://example.org/page.".to_owned());
            }
        }
        Kind::Month => {
            let day = format!("{text}-01");
            if text.len() != 7 || day.parse::<jiff::civil::Date>().is_err() {
                return Err("Write year and month, as in 2024-03.".to_owned());
            }
        }
        Kind::Day => {
            if text.len() != 10 || text.parse::<jiff::civil::Date>().is_err() {
                return Err("Write a day as in 2027-01-15.".to_owned());
            }
        }
        Kind::Whole { least, most } => match text.parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => return Ok(number.to_string()),
            _ => return Err(format!("Write a whole number between {least} and {most}.")),
        },
        Kind::Currency => {
            let code = text.to_ascii_uppercase();
            if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err("Write the currency as three letters, as in EUR.".to_owned());
            }
            return Ok(code);
        }
        Kind::Choice(_) | Kind::Role | Kind::Competency | Kind::Level => {}
    }
    Ok(text.to_owned())
}

/// Characters that steer how text is shown could make it say something else than it holds.
pub(crate) fn steers(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(pairs: &[(&str, &str)]) -> Entry {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    fn faults(field: Field, pairs: &[(&str, &str)]) -> Vec<String> {
        let words = Vocabulary { levels: vec![("middle".into(), "Middle".into())], ..Vocabulary::default() };
        let checked = FieldValue::check(field, &[entry(pairs)], &words);
        checked.err().unwrap_or_default().into_iter().map(|fault| fault.says).collect()
    }

    #[test]
    fn what_fits_is_kept_as_it_is_meant() {
        let typed = [entry(&[("least", " 60000 "), ("currency", "eur"), ("per", "year")]), Entry::new()];
        let value = FieldValue::check(Field::Pay, &typed, &Vocabulary::default()).unwrap().unwrap();
        assert_eq!(value.entries(), [entry(&[("least", "60000"), ("currency", "EUR"), ("per", "year")])]);
        assert_eq!(FieldValue::check(Field::Pay, &[Entry::new()], &Vocabulary::default()), Ok(None));
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_mend() {
        assert_eq!(faults(Field::Pay, &[("least", "a lot"), ("currency", "EUR"), ("per", "year")]).len(), 1);
        assert_eq!(faults(Field::Pay, &[("least", "5")]).len(), 2, "currency and period are missing");
        assert!(faults(Field::Seniority, &[("level", "middle")]).is_empty());
        assert_eq!(faults(Field::Seniority, &[("level", "0.87")]), ["Choose one of those that are offered."]);
        assert_eq!(faults(Field::Zone, &[("from", "3"), ("to", "-2")]).len(), 1);
        let dated = |from, to| faults(Field::Experience, &[("title", "x"), ("from", from), ("to", to)]);
        assert!(dated("2020-01", "2020-01").is_empty());
        assert_eq!(dated("2021-01", "2020-01").len(), 1);
        assert_eq!(dated("2021-13", "2022-01").len(), 1);
        for url in ["javascript:alert(1)", "https://", "http://a", "https://a.b/ c", "https://me@a.b", "ftp://a.b"] {
            assert_eq!(faults(Field::Projects, &[("title", "x"), ("url", url)]).len(), 1, "{url}");
        }
        assert_eq!(faults(Field::Headline, &[("headline", "a\u{202e}b")]).len(), 1);
        assert_eq!(faults(Field::Headline, &[("headline", &"x".repeat(161))]).len(), 1);
    }

    #[test]
    fn what_is_not_a_column_of_the_field_is_not_kept() {
        let typed = [entry(&[("headline", "Django"), ("score", "97")])];
        let value = FieldValue::check(Field::Headline, &typed, &Vocabulary::default()).unwrap().unwrap();
        assert_eq!(value.entries(), [entry(&[("headline", "Django")])]);
    }

    #[test]
    fn a_mask_leaves_no_name() {
        let typed = [entry(&[("title", "Developer"), ("organisation", "Hill Books"), ("about", "Search")])];
        let value = FieldValue::check(Field::Experience, &typed, &Vocabulary::default()).unwrap().unwrap();
        assert_eq!(value.masked(Field::Experience).entries(), [entry(&[("title", "Developer"), ("about", "Search")])]);
    }
}
