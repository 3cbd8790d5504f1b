//! Headers, and small tables with columns of known names.

use super::error::{TextError, shown, some_names};
use super::source::Source;
use csv::ByteRecord;
use std::collections::HashMap;
use std::io::Read;

/// Names of the columns, which are all there and all different.
pub(super) fn header<R: Read>(source: &mut Source<R>, most: usize) -> Result<Vec<String>, TextError> {
    let mut record = ByteRecord::new();
    source.next(&mut record)?.ok_or(TextError::Empty)?;
    if record.len() > most {
        return Err(TextError::TooManyColumns(record.len()));
    }
    let mut names = Vec::with_capacity(record.len());
    let mut places = HashMap::new();
    for (index, cell) in record.iter().enumerate() {
        let name = std::str::from_utf8(cell.trim_ascii())
            .map_err(|_| TextError::NotUtf8 { row: 1, column: (index + 1).to_string() })?;
        if name.is_empty() {
            return Err(TextError::NoName(index + 1));
        }
        if let Some(first) = places.insert(name.to_owned(), index + 1) {
            return Err(TextError::SameName { name: shown(name.as_bytes()), first, second: index + 1 });
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

/// A table of which every column is known.
pub(super) struct Table<R: Read> {
    source: Source<R>,
    names: Vec<String>,
    record: ByteRecord,
}

/// One row of it.
pub(super) struct Row<'a> {
    /// As a spreadsheet counts.
    pub number: u64,
    names: &'a [String],
    record: &'a ByteRecord,
}

impl<R: Read> Table<R> {
    /// Reads the header; `is_known` says which names may stand there, `known` lists them for people, `needed` must.
    pub fn open(
        input: R,
        needed: &[&str],
        known: &'static str,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, TextError> {
        /// More columns than any table of ours has.
        const MOST: usize = 10_000;
        let mut source = Source::open(input)?;
        let names = header(&mut source, MOST)?;
        if let Some(name) = names.iter().find(|name| !is_known(name)) {
            return Err(TextError::UnknownColumn { name: shown(name.as_bytes()), known });
        }
        for wanted in needed {
            if !names.iter().any(|name| name == wanted) {
                let known = some_names(names.iter().map(String::as_str));
                return Err(TextError::NoColumn { wanted: (*wanted).to_owned(), role: "needed here", known });
            }
        }
        Ok(Self { source, names, record: ByteRecord::new() })
    }

    /// The next row.
    pub fn next(&mut self) -> Result<Option<Row<'_>>, TextError> {
        let Some(number) = self.source.next(&mut self.record)? else { return Ok(None) };
        if self.record.len() != self.names.len() {
            return Err(TextError::Ragged { row: number, found: self.record.len(), wanted: self.names.len() });
        }
        Ok(Some(Row { number, names: &self.names, record: &self.record }))
    }
}

impl Row<'_> {
    /// The cell of a column; nothing if it is empty or there is no such column.
    pub fn get(&self, column: &str) -> Result<Option<&str>, TextError> {
        let Some(index) = self.names.iter().position(|name| name == column) else { return Ok(None) };
        let cell = self.record.get(index).unwrap_or_default().trim_ascii();
        let text = std::str::from_utf8(cell)
            .map_err(|_| TextError::NotUtf8 { row: self.number, column: column.to_owned() })?;
        Ok((!text.is_empty()).then_some(text))
    }

    /// The cell of a column that must not be empty.
    pub fn need(&self, column: &str, wanted: &'static str) -> Result<&str, TextError> {
        let missing = || TextError::EmptyCell { row: self.number, column: column.to_owned(), wanted };
        self.get(column)?.ok_or_else(missing)
    }

    /// A number that `is_fit` for what it means; nothing if the cell is empty.
    pub fn number(
        &self,
        column: &str,
        wanted: &'static str,
        is_fit: impl Fn(f64) -> bool,
    ) -> Result<Option<f64>, TextError> {
        let Some(text) = self.get(column)? else { return Ok(None) };
        let number = text.parse().ok().filter(|number: &f64| number.is_finite() && is_fit(*number));
        let fault = || self.unfit(column, text, wanted);
        number.map(Some).ok_or_else(fault)
    }

    /// A number that must be there.
    pub fn need_number(
        &self,
        column: &str,
        wanted: &'static str,
        is_fit: impl Fn(f64) -> bool,
    ) -> Result<f64, TextError> {
        self.number(column, wanted, is_fit)?.ok_or_else(|| TextError::EmptyCell {
            row: self.number,
            column: column.to_owned(),
            wanted,
        })
    }

    fn unfit(&self, column: &str, text: &str, wanted: &'static str) -> TextError {
        let found = shown(text.as_bytes());
        TextError::Number { row: self.number, column: column.to_owned(), found, wanted }
    }

    /// What cells of this row contradict.
    pub fn contradiction(&self, column: &str, says: impl Into<String>) -> TextError {
        TextError::Contradiction { row: self.number, column: column.to_owned(), says: says.into() }
    }
}
