//! What can be wrong with a file, said with its place and the mend.

use crate::item::ItemError;
use crate::responses::{MAX_CATEGORIES, MAX_ITEMS, ResponsesError};

/// A file that cannot be taken. Rows are counted as in a spreadsheet: the header is row 1.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The file could not be read at all.
    #[error("it cannot be read: {0}")]
    Io(std::io::Error),
    /// No header.
    #[error("there is nothing in it; a header row with the names of the columns comes first")]
    Empty,
    /// A header and nothing below it.
    #[error("there is a header and no row below it")]
    NoRows,
    /// A header without a column of answers.
    #[error("no column is left that holds answers: the header names {0}")]
    NoItems(String),
    /// Another encoding.
    #[error("it is written in UTF-16; save it as CSV in UTF-8")]
    Utf16,
    /// Bytes that are no text.
    #[error("row {row}, column {column}: these bytes are no text in UTF-8; save the file as CSV in UTF-8")]
    NotUtf8 {
        /// Where.
        row: u64,
        /// Name, or number counted from 1.
        column: String,
    },
    /// A line without an end.
    #[error("a line is longer than {} MiB; is this a CSV file?", super::source::LONGEST_LINE >> 20)]
    LongLine,
    /// A nameless column.
    #[error(
        "column {0} has no name in the header; name it or take it out (R's write.csv adds such a column of row names \
         unless row.names = FALSE)"
    )]
    NoName(usize),
    /// Two columns of one name.
    #[error("columns {first} and {second} are both called {name}; give each its own name")]
    SameName {
        /// The name.
        name: String,
        /// Counted from 1.
        first: usize,
        /// Counted from 1.
        second: usize,
    },
    /// More columns than items can be.
    #[error("{0} columns are more than the {MAX_ITEMS} that are taken")]
    TooManyColumns(usize),
    /// A column that was asked for.
    #[error("there is no column called {wanted} ({role}); the header names {known}")]
    NoColumn {
        /// Asked for.
        wanted: String,
        /// What for.
        role: &'static str,
        /// What there is.
        known: String,
    },
    /// A column that was asked for twice.
    #[error("column {name} cannot be both {first} and {second}")]
    TwoRoles {
        /// Name.
        name: String,
        /// One.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A column that nothing here knows.
    #[error("row 1: column {name} is not known here; the columns are {known}")]
    UnknownColumn {
        /// Name.
        name: String,
        /// Those that are.
        known: &'static str,
    },
    /// A column that the bank does not know.
    #[error("column {0} is no item of the bank; if it holds no answers, leave it out (--ignore)")]
    NotInBank(String),
    /// A row of another length.
    #[error("row {row} and the header differ in their number of cells: {found} and {wanted}")]
    Ragged {
        /// Where.
        row: u64,
        /// Cells.
        found: usize,
        /// Cells of the header.
        wanted: usize,
    },
    /// An answer that is no whole number.
    #[error(
        "row {row}, column {column}: “{found}” is no category; categories are whole numbers such as 0 and 1, a missing \
         answer is empty or NA; code text as numbers from the lowest category up, and leave out a column that holds no \
         answers (--ignore, --weights, --groups)"
    )]
    Category {
        /// Where.
        row: u64,
        /// Name.
        column: String,
        /// As written.
        found: String,
    },
    /// An answer that the bank's item has no category for.
    #[error("row {row}, column {column}: category {found} is not known; the bank's item has {known}")]
    UnknownCategory {
        /// Where.
        row: u64,
        /// Name.
        column: String,
        /// As written.
        found: String,
        /// Those that it has.
        known: String,
    },
    /// A column that is no item.
    #[error(
        "row {row}, column {column}: this is its value number {}, and an item has at most {MAX_CATEGORIES} categories; \
         leave out a column that holds no answers (--ignore, --weights, --groups)",
        MAX_CATEGORIES + 1
    )]
    TooManyCategories {
        /// Where.
        row: u64,
        /// Name.
        column: String,
    },
    /// A weight that counts nobody.
    #[error("row {row}, column {column}: the weight “{found}” is no number of people; a weight is from 0 to 10⁹")]
    Weight {
        /// Where.
        row: u64,
        /// Name.
        column: String,
        /// As written.
        found: String,
    },
    /// Nobody counts.
    #[error("every row has weight 0")]
    NoWeight,
    /// A person without a group.
    #[error("row {row}, column {column}: the group is missing; give it, or take the row out")]
    NoGroup {
        /// Where.
        row: u64,
        /// Name.
        column: String,
    },
    /// A column that is no group.
    #[error("row {row}, column {column}: this is group number {}; at most {} are taken", limit + 1, limit)]
    TooManyGroups {
        /// Where.
        row: u64,
        /// Name.
        column: String,
        /// How many there may be.
        limit: usize,
    },
    /// A cell that must hold a number.
    #[error("row {row}, column {column}: “{found}” is not {wanted}")]
    Number {
        /// Where.
        row: u64,
        /// Name.
        column: String,
        /// As written.
        found: String,
        /// What belongs there.
        wanted: &'static str,
    },
    /// A cell that must not be empty.
    #[error("row {row}, column {column}: the cell is empty; {wanted} belongs there")]
    EmptyCell {
        /// Where.
        row: u64,
        /// Name.
        column: String,
        /// What belongs there.
        wanted: &'static str,
    },
    /// An item that the answers have no column for.
    #[error("row {row}, column item: there is no item called {item}")]
    UnknownItem {
        /// Where.
        row: u64,
        /// As written.
        item: String,
    },
    /// One thing said twice.
    #[error("row {row}: {what} stands in row {first} already")]
    Twice {
        /// Where.
        row: u64,
        /// What is said twice.
        what: String,
        /// Where it was said first.
        first: u64,
    },
    /// Cells that contradict each other or the model.
    #[error("row {row}, column {column}: {says}")]
    Contradiction {
        /// Where.
        row: u64,
        /// Name.
        column: String,
        /// What contradicts what, and the mend.
        says: String,
    },
    /// A JSON file of another shape. The text names line and column.
    #[error("{0}")]
    Json(serde_json::Error),
    /// An item of a bank that is none.
    #[error("item {name} (number {number}): {says}")]
    BankItem {
        /// Name.
        name: String,
        /// Counted from 1.
        number: usize,
        /// What is wrong with it.
        says: String,
    },
    /// A bank that is none.
    #[error("{0}")]
    Bank(String),
    /// What only the whole of the answers shows.
    #[error(transparent)]
    Responses(#[from] ResponsesError),
}

impl TextError {
    /// A parameter error, with the item that it belongs to.
    pub(super) fn item(name: &str, index: usize, error: &ItemError) -> Self {
        Self::BankItem { name: name.to_owned(), number: index + 1, says: error.to_string() }
    }
}

/// A stranger's text for a message: short, and without what a terminal would obey.
pub(super) fn shown(bytes: &[u8]) -> String {
    const LONGEST: usize = 40;
    let text = String::from_utf8_lossy(bytes);
    let mut out: String = text.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

/// Some names for a message.
pub(super) fn some_names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 8;
    let more = names.len().saturating_sub(MOST);
    let mut text = names.take(MOST).map(|name| shown(name.as_bytes())).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
