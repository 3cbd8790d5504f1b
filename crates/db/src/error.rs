//! What can go wrong with a database, said so that the reader knows the mend.

use std::error::Error as StdError;
use tokio_postgres::error::SqlState;

/// A failure of the database. The same variant means the same thing on both engines.
///
/// `Clone`, because one failed commit answers every write that it carried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is neither SQLite's nor PostgreSQL's.
    #[error("this is not the address of a database ({why}): write sqlite:PATH or postgres://USER@HOST/NAME")]
    BadUrl {
        /// What is wrong with it, without its password.
        why: String,
    },
    /// The address asks for TLS, which is not built in.
    #[error(
        "TLS to PostgreSQL is not built in yet: use a unix socket, a private network or a tunnel, with sslmode=disable or \
         sslmode=prefer"
    )]
    TlsNotBuilt,
    /// A row with this key stands already.
    #[error("such a row stands already in “{table}” ({detail}): change it, or insert with “on conflict”")]
    Unique {
        /// The table.
        table: String,
        /// The columns (SQLite) or the constraint (PostgreSQL).
        detail: String,
    },
    /// A row points to one that does not exist, or is still pointed to.
    #[error(
        "a row points to one that does not exist, or would be left pointing to nothing ({detail}): write the owner first, delete it last"
    )]
    ForeignKey {
        /// What the engine says.
        detail: String,
    },
    /// A `check` or `not null` of the schema refused the row.
    #[error("the schema refuses this row ({detail}): check the value before writing it")]
    Refused {
        /// What the engine says.
        detail: String,
    },
    /// Somebody else holds the database, or every connection is in use.
    #[error(
        "the database is busy ({detail}): try again; if it stays so, end the program that holds it open, or use PostgreSQL"
    )]
    Busy {
        /// What was waited for.
        detail: String,
    },
    /// Transactions kept changing the same rows under each other (PostgreSQL; tried several times already).
    #[error("other transactions kept changing the same rows: try again")]
    Conflict,
    /// The server does not answer, or does not let us in.
    #[error(
        "PostgreSQL cannot be reached ({detail}): check that it runs, and the host, user, password and name in the address"
    )]
    Unreachable {
        /// What the driver says.
        detail: String,
    },
    /// The file or its folder may not be written (or made).
    #[error(
        "the database file {path} cannot be opened for writing ({detail}): check that its folder exists, belongs to this user, and is not mounted read-only"
    )]
    Unwritable {
        /// The file.
        path: String,
        /// What the engine says.
        detail: String,
    },
    /// No room left. Nothing of the refused write was kept, and the file is whole.
    #[error("the disk of the database is full: make room; the last write was not kept, what was saved before is whole")]
    DiskFull,
    /// The file is not a database, or is damaged.
    #[error("the database is damaged, or is no database at all ({detail}): restore the last backup")]
    Damaged {
        /// What the engine says.
        detail: String,
    },
    /// A newer release has used this database.
    #[error(
        "the database has schema {found}, this release knows only {known}: start the newer release, or restore the backup made before the upgrade"
    )]
    NewerSchema {
        /// The schema of the database.
        found: i64,
        /// The newest schema that this release knows.
        known: i64,
    },
    /// A migration failed; it was rolled back.
    #[error(
        "the schema could not be brought up to date ({detail}); nothing of the failed step was kept: report this, and start the former release meanwhile"
    )]
    Migration {
        /// Which step, and what the engine says.
        detail: String,
    },
    /// The statement is wrong, which is a mistake in the program.
    #[error("wrong SQL: {detail}\n{sql}")]
    Sql {
        /// The statement.
        sql: String,
        /// What the engine says.
        detail: String,
    },
    /// A column is missing or holds another type than the program wants.
    #[error("column “{column}”: {detail}")]
    Column {
        /// The column, or its number from 1.
        column: String,
        /// What was wanted and what was found.
        detail: String,
    },
    /// [`Db::one`](crate::Db::one) found nothing.
    #[error("no row, where one was to be found: use `optional` if none may be there")]
    NoRow,
    /// [`Db::one`](crate::Db::one) or [`Db::optional`](crate::Db::optional) found several rows.
    #[error("several rows, where one was to be found: narrow the statement, or write `limit 1`")]
    ManyRows,
    /// The database was closed while this was asked of it.
    #[error("the database is closed: the process is shutting down")]
    Closed,
    /// Anything else.
    #[error("the database failed: {detail}")]
    Other {
        /// What the engine says.
        detail: String,
    },
}

impl Error {
    /// A failure of SQLite, while running `sql`.
    pub(crate) fn sqlite(error: rusqlite::Error, sql: &str) -> Self {
        Self::sqlite_ref(&error, sql)
    }

    /// As [`Self::sqlite`], for an error that somebody else keeps.
    pub(crate) fn sqlite_ref(error: &rusqlite::Error, sql: &str) -> Self {
        use rusqlite::ErrorCode;
        let detail = error.to_string();
        let Some(code) = error.sqlite_error_code() else { return Self::Sql { sql: sql.into(), detail } };
        match code {
            ErrorCode::ConstraintViolation => constraint(error, detail),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy { detail },
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                Self::Unwritable { path: String::new(), detail }
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged { detail },
            ErrorCode::Unknown | ErrorCode::ApiMisuse | ErrorCode::TypeMismatch => {
                Self::Sql { sql: sql.into(), detail }
            }
            _ => Self::Other { detail },
        }
    }

    /// The same failure, with the path that it concerns.
    pub(crate) fn at(self, file: &std::path::Path) -> Self {
        match self {
            Self::Unwritable { detail, .. } => Self::Unwritable { path: file.display().to_string(), detail },
            other => other,
        }
    }

    /// A failure of PostgreSQL or its driver, while running `sql`.
    pub(crate) fn postgres(error: &tokio_postgres::Error, sql: &str) -> Self {
        let detail = chain(error);
        let Some(db) = error.as_db_error() else {
            let ours =
                error.to_string().contains("serializing parameter") || error.to_string().contains("deserializing");
            return if ours { Self::Sql { sql: sql.into(), detail } } else { Self::Unreachable { detail } };
        };
        let name = db.constraint().unwrap_or(db.message()).to_owned();
        match *db.code() {
            SqlState::UNIQUE_VIOLATION => Self::Unique { table: db.table().unwrap_or_default().into(), detail: name },
            SqlState::FOREIGN_KEY_VIOLATION | SqlState::RESTRICT_VIOLATION => Self::ForeignKey { detail: name },
            SqlState::CHECK_VIOLATION | SqlState::NOT_NULL_VIOLATION => Self::Refused { detail: db.message().into() },
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Self::Conflict,
            SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS => Self::Busy { detail },
            SqlState::READ_ONLY_SQL_TRANSACTION => {
                Self::Sql { sql: sql.into(), detail: crate::snapshot::NO_READ.into() }
            }
            SqlState::DISK_FULL => Self::DiskFull,
            SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => Self::Damaged { detail },
            ref code => by_class(code.code(), detail, sql),
        }
    }

    /// No connection from the pool.
    pub(crate) fn pool(error: &deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => match Self::postgres(error, "") {
                // Whatever kept us from connecting, the mend is to look at the server.
                Self::Busy { detail } => Self::Busy { detail },
                _ => Self::Unreachable { detail: chain(error) },
            },
            deadpool_postgres::PoolError::Timeout(_) => Self::Busy { detail: "every connection is in use".into() },
            other => Self::Unreachable { detail: other.to_string() },
        }
    }
}

/// SQLite says “UNIQUE constraint failed: table.column, table.column”.
fn constraint(error: &rusqlite::Error, detail: String) -> Error {
    let kind = error.sqlite_error().map(|error| error.extended_code).unwrap_or_default();
    match kind {
        rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            let columns = detail.split_once(": ").map(|(_, columns)| columns).unwrap_or(&detail);
            let table = columns.split_once('.').map(|(table, _)| table).unwrap_or_default();
            Error::Unique { table: table.into(), detail: columns.into() }
        }
        // “on delete restrict” arrives as a trigger's refusal, so the words decide.
        _ if detail.contains("FOREIGN KEY") => Error::ForeignKey { detail },
        _ => Error::Refused { detail },
    }
}

/// PostgreSQL's codes that share a meaning by their first two letters (its manual, appendix A).
fn by_class(code: &str, detail: String, sql: &str) -> Error {
    match code.get(..2) {
        Some("08" | "28" | "3D") => Error::Unreachable { detail },
        Some("57") if code != SqlState::QUERY_CANCELED.code() => Error::Unreachable { detail },
        Some("22" | "42" | "0A" | "26") => Error::Sql { sql: sql.into(), detail },
        Some("53" | "57") => Error::Busy { detail },
        _ => Error::Other { detail },
    }
}

/// An error and all that caused it, in one line.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}
