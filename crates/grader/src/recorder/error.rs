//! Errors: as CPython's sqlite3 would raise them for the candidate, and typed ones for the grader.

use super::limits::LimitHit;
use rusqlite::ffi;
use serde::{Serialize, Serializer};
use std::fmt;

/// The exception class that CPython's sqlite3 module (3.11) raises for a fault. Django maps these to its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// A constraint was broken.
    Integrity,
    /// SQL that cannot be run: no such table, a syntax error, an interrupt.
    Operational,
    /// The module was used wrongly: two statements in one call, a wrong number of parameters.
    Programming,
    /// SQLite was used wrongly.
    Interface,
    /// A value is too long.
    Data,
    /// Anything else, "not authorized" among it.
    Database,
    /// Something that this database has not.
    NotSupported,
    /// SQLite is in a state that it should not be in.
    Internal,
    /// An integer beyond 64 bits (a Python built-in, not one of sqlite3's).
    Overflow,
    /// Out of memory (a Python built-in, not one of sqlite3's).
    Memory,
}

impl ErrorClass {
    /// The name of the Python class.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integrity => "IntegrityError",
            Self::Operational => "OperationalError",
            Self::Programming => "ProgrammingError",
            Self::Interface => "InterfaceError",
            Self::Data => "DataError",
            Self::Database => "DatabaseError",
            Self::NotSupported => "NotSupportedError",
            Self::Internal => "InternalError",
            Self::Overflow => "OverflowError",
            Self::Memory => "MemoryError",
        }
    }

    /// CPython's table from SQLite's primary result codes to classes (`Modules/_sqlite/util.c`).
    fn of(code: i32) -> Self {
        match code & 0xff {
            ffi::SQLITE_INTERNAL | ffi::SQLITE_NOTFOUND => Self::Internal,
            ffi::SQLITE_NOMEM => Self::Memory,
            ffi::SQLITE_ERROR
            | ffi::SQLITE_PERM
            | ffi::SQLITE_ABORT
            | ffi::SQLITE_BUSY
            | ffi::SQLITE_LOCKED
            | ffi::SQLITE_READONLY
            | ffi::SQLITE_INTERRUPT
            | ffi::SQLITE_IOERR
            | ffi::SQLITE_FULL
            | ffi::SQLITE_CANTOPEN
            | ffi::SQLITE_PROTOCOL
            | ffi::SQLITE_EMPTY
            | ffi::SQLITE_SCHEMA => Self::Operational,
            ffi::SQLITE_CORRUPT => Self::Database,
            ffi::SQLITE_TOOBIG => Self::Data,
            ffi::SQLITE_CONSTRAINT | ffi::SQLITE_MISMATCH => Self::Integrity,
            ffi::SQLITE_MISUSE | ffi::SQLITE_RANGE => Self::Interface,
            _ => Self::Database,
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for ErrorClass {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A fault in the candidate's SQL or parameters, as CPython's sqlite3 would raise it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{class}: {message}")]
pub struct SqlError {
    /// Class of the Python exception.
    pub class: ErrorClass,
    /// Its text, as SQLite or CPython words it.
    pub message: String,
    /// SQLite's extended result code; 0 for faults that CPython finds itself.
    pub code: i32,
}

impl SqlError {
    pub(super) fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), code: 0 }
    }

    /// What CPython would say of an error of rusqlite's.
    pub(super) fn from_rusqlite(error: &rusqlite::Error) -> Self {
        let (error, message) = match error {
            rusqlite::Error::SqliteFailure(error, message) => (error, message.clone()),
            rusqlite::Error::SqlInputError { error, msg, .. } => (error, Some(msg.clone())),
            rusqlite::Error::MultipleStatement => return Self::many_statements(),
            other => return Self::new(ErrorClass::Database, other.to_string()),
        };
        let message = message.unwrap_or_else(|| ffi::code_to_str(error.extended_code).to_owned());
        Self { class: ErrorClass::of(error.extended_code), message, code: error.extended_code }
    }

    pub(super) fn many_statements() -> Self {
        Self::new(ErrorClass::Programming, "You can only execute one statement at a time.")
    }
}

/// Why a statement of the candidate's was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The candidate is told and may go on.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The run is over: nothing of the candidate's is executed any more.
    #[error(transparent)]
    Limit(#[from] LimitHit),
}

impl Refusal {
    /// The error for the candidate, if it is theirs.
    pub fn sql(&self) -> Option<&SqlError> {
        match self {
            Self::Sql(error) => Some(error),
            Self::Limit(_) => None,
        }
    }
}

/// A fault on the trusted side: in a task's SQL, in a snapshot, or in the recorder.
#[derive(Debug, thiserror::Error)]
pub enum RecorderError {
    /// The connection could not be opened or set up as it must be.
    #[error("cannot set up the recorder's database: {0}")]
    SetUp(#[source] rusqlite::Error),
    /// The snapshot is no SQLite database, or too large.
    #[error("cannot restore the snapshot: {0}")]
    Restore(#[source] rusqlite::Error),
    /// The database could not be written out.
    #[error("cannot serialize the database: {0}")]
    Serialize(#[source] rusqlite::Error),
    /// A transaction is open, so the database is not in a state to be kept.
    #[error("the database cannot be kept while a transaction is open")]
    InTransaction,
    /// A trusted statement failed.
    #[error("{message}, in: {sql}")]
    Trusted {
        /// The beginning of the SQL.
        sql: String,
        /// SQLite's words.
        message: String,
    },
    /// A trusted statement has a parameter that nothing was given for.
    #[error("no value for the parameter {name}, in: {sql}")]
    MissingParameter {
        /// As written, with its colon; `?` for one without a name.
        name: String,
        /// The beginning of the SQL.
        sql: String,
    },
}
