//! What a statement gives back.

use super::value::Value;
use serde::Serialize;

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Name, as SQLite tells it.
    pub name: String,
    /// The type that the table's definition gives it; `None` for expressions. Python's sqlite3 chooses its
    /// converter by it.
    pub decltype: Option<String>,
}

/// The answer to one statement of the candidate's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Columns; none for a statement that gives no rows.
    pub columns: Vec<Column>,
    /// All rows.
    pub rows: Vec<Vec<Value>>,
    /// Changed rows for INSERT, UPDATE, DELETE and REPLACE, else -1: as Python's DB-API says it.
    pub rowcount: i64,
    /// The last row id that an INSERT on this connection gave.
    pub lastrowid: i64,
    /// Whether a transaction is open after the statement.
    pub in_transaction: bool,
}

/// What a trusted query gave.
#[derive(Debug, Clone, PartialEq)]
pub struct TrustedRows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// All rows. Text that is not UTF-8 stands there with replacement characters.
    pub rows: Vec<Vec<Value>>,
}
