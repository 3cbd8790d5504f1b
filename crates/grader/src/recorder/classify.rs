//! What kind of statement a text is, by its first word.

/// Kinds of statement, as far as counting and Python's `rowcount` care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementKind {
    /// BEGIN, SAVEPOINT, RELEASE, COMMIT, END, ROLLBACK: shown, not counted.
    Transaction,
    /// PRAGMA: shown, not counted.
    Pragma,
    /// INSERT, UPDATE, DELETE, REPLACE: counted; Python tells the number of changed rows.
    Change,
    /// Everything else, SELECT, WITH, EXPLAIN and DDL among it: counted. A word that is not known is counted,
    /// so that no way of writing a statement makes it free.
    Other,
    /// White space and comments.
    Empty,
}

impl StatementKind {
    /// The kind of the statement that the text begins with.
    pub fn of(sql: &str) -> Self {
        let rest = strip_blank(sql);
        let length = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
        match rest[..length].to_ascii_uppercase().as_str() {
            "BEGIN" | "SAVEPOINT" | "RELEASE" | "COMMIT" | "END" | "ROLLBACK" => Self::Transaction,
            "PRAGMA" => Self::Pragma,
            "INSERT" | "UPDATE" | "DELETE" | "REPLACE" => Self::Change,
            "" if rest.is_empty() => Self::Empty,
            _ => Self::Other,
        }
    }

    /// Whether bounds on the number of statements are about it.
    pub fn counted(self) -> bool {
        matches!(self, Self::Change | Self::Other)
    }
}

/// The text without the white space, comments and semicolons that SQLite skips before a statement.
fn strip_blank(sql: &str) -> &str {
    let mut rest = sql;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}', ';', '\u{feff}']);
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.find('\n').map_or("", |end| &comment[end + 1..]);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
        } else {
            return rest;
        }
    }
}
