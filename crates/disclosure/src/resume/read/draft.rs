//! Entries as they stand in a file, and what of them fits.

use super::super::left_out::{after_colon, quoted};
use super::reader::Reader;
use crate::{Entry, Fault, Field, FieldValue};
use std::collections::BTreeSet;

/// Longer texts are not quoted where their length is what is wrong.
const LONGEST_QUOTED: usize = 80;

/// An entry that is yet to be checked.
pub(super) struct Draft {
    /// What is left out when it cannot be kept; nothing where it is one text and no more.
    whole: Option<String>,
    parts: Vec<Part>,
}

struct Part {
    column: &'static str,
    path: String,
    text: String,
}

impl Draft {
    /// One of several texts, which stands at this path.
    pub(super) fn of_several(path: &str) -> Self {
        Self { whole: Some(path.to_owned()), parts: Vec::new() }
    }

    /// One that is one text.
    pub(super) fn of_one(column: &'static str, path: &str, text: Option<String>) -> Self {
        Self { whole: None, parts: Vec::new() }.with(column, path, text)
    }

    /// With a text for a column, which stands at this path.
    pub(super) fn with(mut self, column: &'static str, path: &str, text: Option<String>) -> Self {
        self.parts.extend(text.map(|text| Part { column, path: path.to_owned(), text }));
        self
    }

    fn entry(&self) -> Entry {
        self.parts.iter().map(|part| (part.column.to_owned(), part.text.clone())).collect()
    }
}

impl Reader<'_> {
    /// Keeps as a field's value what fits of these entries. `needed` is what the file calls the column that none can do
    /// without, where it has another name for it.
    pub(super) fn keep(&mut self, field: Field, part: &str, needed: Option<&str>, drafts: Vec<Draft>) {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = BTreeSet::new();
        for draft in drafts {
            let entry = self.fitting(field, needed, draft);
            entries.extend(entry.filter(|entry| seen.insert(entry.clone())));
        }
        let room = field.most_entries();
        if entries.len() > room {
            let more = entries.len() - room;
            self.say(format!(
                "{part}: there is room for {room} of them here. The last ones were left out, {more} in all."
            ));
            entries.truncate(room);
        }
        match FieldValue::check(field, &entries, self.words) {
            Ok(Some(value)) => {
                self.fields.insert(field, value);
            }
            Ok(None) => {}
            // Each fits by itself and there is room for them, so only a rule about all of them together could say this.
            Err(faults) => faults.iter().for_each(|fault| self.say(format!("{part}: {}", after_colon(&fault.says)))),
        }
    }

    /// The entry without what does not fit; none, when it cannot do without that.
    fn fitting(&mut self, field: Field, needed: Option<&str>, mut draft: Draft) -> Option<Entry> {
        loop {
            match FieldValue::check(field, &[draft.entry()], self.words) {
                Ok(value) => return value?.entries().first().cloned(),
                Err(faults) => {
                    let mut is_lost = false;
                    for fault in &faults {
                        is_lost |= self.mend(field, needed, &mut draft, fault);
                    }
                    if is_lost {
                        return None;
                    }
                }
            }
        }
    }

    /// Takes what is wrong out of the entry. Tells whether the entry is lost with it.
    fn mend(&mut self, field: Field, needed: Option<&str>, draft: &mut Draft, fault: &Fault) -> bool {
        let says = after_colon(&fault.says);
        let whole = draft.whole.clone().unwrap_or_default();
        let column = field.columns().iter().find(|column| Some(column.key) == fault.column);
        let at = draft.parts.iter().position(|part| Some(part.column) == fault.column);
        match (column, at) {
            (Some(column), Some(at)) => {
                let part = draft.parts.remove(at);
                let is_short = part.text.chars().count() <= LONGEST_QUOTED;
                let quote = if is_short { format!(" {}", quoted(&part.text)) } else { String::new() };
                let is_lost = column.required;
                let rest = if is_lost && draft.whole.is_some() {
                    format!(" {whole} is left out with it.")
                } else {
                    String::new()
                };
                self.say(format!("{}{quote}: {says}{rest}", part.path));
                is_lost
            }
            (Some(column), None) => {
                let needed = needed.unwrap_or(column.key);
                self.say(format!("{whole}: left out, because it has no {needed}."));
                true
            }
            (None, _) => {
                self.say(format!("{whole}: {says}"));
                true
            }
        }
    }
}
