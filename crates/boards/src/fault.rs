//! What can be wrong with an answer or a file as a whole, and with one posting in it.

use crate::read::{LARGEST, LONGEST_DESCRIPTION, LONGEST_LINE, MOST_POSTINGS};
use serde::Serialize;
use std::fmt;

/// Why an answer or a file could not be read at all: what was expected, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More than [`LARGEST`].
    #[error("it has {bytes} bytes; at most {} MiB are read. Split the board or the file.", LARGEST >> 20)]
    TooLarge {
        /// How many there are.
        bytes: usize,
    },
    /// Bytes in no encoding that we could tell.
    #[error("it is not text in UTF-8 from byte {at} on, and declares no other encoding. Save it as UTF-8.")]
    NotText {
        /// From 0.
        at: usize,
    },
    /// Bytes that do not fit the encoding which they declare.
    #[error("it says that it is written in {encoding}, and is not. Save it as UTF-8.")]
    NotIn {
        /// Its name.
        encoding: &'static str,
    },
    /// No JSON.
    #[error(
        "JSON was expected, and it cannot be read on from line {line}, column {column}. Is this the board's own answer, \
         or a page in its place?"
    )]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1; 0 where the line has not begun.
        column: usize,
    },
    /// No XML.
    #[error("XML was expected, and it cannot be read on from byte {at}: {why}.")]
    NotXml {
        /// From 0.
        at: u64,
        /// What stands there.
        why: String,
    },
    /// A document type, by which entities are made that grow when they are read.
    #[error("the XML has a document type (<!DOCTYPE …>), which is not read. Boards send none; take it out of a file.")]
    DocumentType,
    /// Another form than the board's documented one.
    #[error(
        "{expected} was expected at {at}, and there is {found}. Is this the right board, or has it changed its form?"
    )]
    Shape {
        /// The path, as `$.jobs` or `/workzag-jobs`.
        at: String,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A page that says nothing of vacancies to machines.
    #[error(
        "the page has no schema.org JobPosting ({scripts} scripts of type application/ld+json, {broken} of them broken). \
         Give the address of a page that describes one vacancy, or of the board behind it."
    )]
    NoPosting {
        /// How many scripts of linked data there are.
        scripts: usize,
        /// How many of them are no JSON.
        broken: usize,
    },
    /// More than [`MOST_POSTINGS`].
    #[error("it has {0} postings; at most {MOST_POSTINGS} are read.")]
    TooMany(usize),
    /// A file of CSV without a header.
    #[error("there is nothing in the file; a row with the names of the columns comes first.")]
    NoHeader,
    /// A column that we do not know.
    #[error("the column “{name}” is not known. The columns are {known}.")]
    UnknownColumn {
        /// As it is written.
        name: String,
        /// All that there are.
        known: String,
    },
    /// Two columns of one name.
    #[error("two columns are called “{0}”. Take one out.")]
    SameColumn(String),
    /// A column without which there is no posting.
    #[error("there is no column “{0}”. Add it.")]
    MissingColumn(&'static str),
    /// Quotes that do not close, and the like.
    #[error("the CSV cannot be read on from line {line}: {why}.")]
    NotCsv {
        /// From 1.
        line: u64,
        /// What stands there.
        why: String,
    },
}

/// A part of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[allow(missing_docs, reason = "each is the field of that name")]
pub enum Field {
    Id,
    Title,
    Company,
    Url,
    ApplyUrl,
    Description,
    Department,
    Team,
    Seniority,
    Place,
    Remote,
    Employment,
    Pay,
    PublishedAt,
    UpdatedAt,
    ClosesAt,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::Company => "company",
            Self::Url => "address",
            Self::ApplyUrl => "address for applications",
            Self::Description => "description",
            Self::Department => "department",
            Self::Team => "team",
            Self::Seniority => "seniority",
            Self::Place => "place",
            Self::Remote => "remote work",
            Self::Employment => "type of employment",
            Self::Pay => "pay",
            Self::PublishedAt => "date of publication",
            Self::UpdatedAt => "date of change",
            Self::ClosesAt => "closing date",
        })
    }
}

/// What is wrong with one posting. The others are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}{at}: {problem} {}", self.whose(), self.outcome())]
pub struct PostingFault {
    /// Where it stands, as `$.jobs[3].title`, `/workzag-jobs/position[2]` or `row 5, title`.
    pub at: String,
    /// The board's name for the posting, if that could be read.
    pub external_id: Option<String>,
    /// Its title, if that could be read.
    pub title: Option<String>,
    /// The part that was not taken. `None` where the whole posting was not.
    pub field: Option<Field>,
    /// What is wrong.
    pub problem: Problem,
}

impl PostingFault {
    /// Whether the posting was read, without that field.
    pub fn is_taken(&self) -> bool {
        self.field.is_some()
    }

    fn whose(&self) -> String {
        self.title.as_ref().map(|title| format!("“{title}”, ")).unwrap_or_default()
    }

    fn outcome(&self) -> String {
        match self.field {
            Some(Field::Pay) => "This pay was not read.".to_owned(),
            Some(field) => format!("Read without its {field}."),
            None => "This posting was not read.".to_owned(),
        }
    }
}

/// What is wrong with a part of a posting; a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub enum Problem {
    /// Not there, null or blank.
    #[error("There is no {0}.")]
    Missing(Field),
    /// Another kind of value.
    #[error("There is {found} where {expected} was expected.")]
    Kind {
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A line of more than [`LONGEST_LINE`], a description of more than [`LONGEST_DESCRIPTION`].
    #[error("It has {0} characters; a line may have {LONGEST_LINE}, a description {LONGEST_DESCRIPTION}.")]
    TooLong(usize),
    /// The same id as an earlier posting, with another content.
    #[error("An earlier posting has the same id and says something else; that one counts.")]
    Repeated,
    /// No address of the web.
    #[error("“{0}” is no address that begins with https:// or http://.")]
    Address(String),
    /// No date.
    #[error("“{0}” is no date that could be read; write it as 2026-11-30.")]
    Date(String),
    /// A word that we do not know.
    #[error("The word “{0}” is not known here.")]
    Word(String),
    /// Something that is no country.
    #[error("“{0}” is no country by its name or its code of ISO 3166.")]
    Country(String),
    /// No amount.
    #[error("“{0}” is no amount; write digits, and at most two decimals behind a point.")]
    Amount(String),
    /// The lower end above the upper.
    #[error("The pay is upside down: from {min} to {max}. Mend it on the board.")]
    UpsideDown {
        /// As stated.
        min: String,
        /// As stated.
        max: String,
    },
    /// Amounts, and nothing to count them in.
    #[error("The pay names no currency.")]
    NoCurrency,
    /// Something that is no currency.
    #[error("“{0}” is no currency by its code of ISO 4217, as EUR.")]
    Currency(String),
    /// Cents of a currency that has none.
    #[error("The pay is stated in cents of {0}, which has no cents, so it could be a hundred times as much.")]
    CentsOf(String),
    /// Pay for a time that is none of ours, such as half a month.
    #[error("Pay for “{0}” is not a year's, month's, week's, day's or hour's.")]
    Period(String),
    /// A script of linked data that is no JSON.
    #[error("This script of linked data is no JSON from line {line}, column {column} on.")]
    BrokenScript {
        /// From 1, within the script.
        line: usize,
        /// From 1; 0 where the line has not begun.
        column: usize,
    },
    /// A row of CSV with another number of fields.
    #[error("The row has {fields} fields, the header {columns}.")]
    Ragged {
        /// Of the row.
        fields: usize,
        /// Of the header.
        columns: usize,
    },
}
