//! A transaction, seen from inside.

use crate::row::at_most_one;
use crate::{Engine, Error, OwnedRecord, Rows, Value, postgres, sqlite};
use tokio::runtime::Handle;

/// The statements of one transaction; made by [`Db::transaction`](crate::Db::transaction).
#[derive(Debug)]
pub struct Tx<'a> {
    on: On<'a>,
    /// The first failure. After it nothing more is run and nothing is kept, on either engine.
    failed: Option<Error>,
}

enum On<'a> {
    Sqlite(&'a rusqlite::Connection),
    /// A snapshot: nothing may write.
    SqliteReading(&'a rusqlite::Connection),
    Postgres(&'a deadpool_postgres::Transaction<'a>, &'a Handle),
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(connection: &'a rusqlite::Connection) -> Self {
        Self { on: On::Sqlite(connection), failed: None }
    }

    pub(crate) fn sqlite_reading(connection: &'a rusqlite::Connection) -> Self {
        Self { on: On::SqliteReading(connection), failed: None }
    }

    pub(crate) fn postgres(transaction: &'a deadpool_postgres::Transaction<'a>, handle: &'a Handle) -> Self {
        Self { on: On::Postgres(transaction, handle), failed: None }
    }

    /// The failure that forbids to keep this transaction.
    pub(crate) fn into_failure(self) -> Option<Error> {
        self.failed
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.on {
            On::Sqlite(_) | On::SqliteReading(_) => Engine::Sqlite,
            On::Postgres(..) => Engine::Postgres,
        }
    }

    /// All rows of a statement, reading or `returning`.
    ///
    /// # Errors
    /// As [`Db::all`](crate::Db::all); after the first failure every call gives that failure again.
    pub fn all<T: OwnedRecord>(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<T>, Error> {
        self.fetch(sql, params, usize::MAX)
    }

    /// The one row of a statement.
    ///
    /// # Errors
    /// As [`Db::one`](crate::Db::one). Finding none, or several, is an answer: the transaction goes on.
    pub fn one<T: OwnedRecord>(&mut self, sql: &str, params: &[Value<'_>]) -> Result<T, Error> {
        self.optional(sql, params)?.ok_or(Error::NoRow)
    }

    /// The one row of a statement, or none.
    ///
    /// # Errors
    /// As [`Db::optional`](crate::Db::optional).
    pub fn optional<T: OwnedRecord>(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Option<T>, Error> {
        at_most_one(self.fetch(sql, params, 2)?)
    }

    /// All rows of a statement, kept together for records that borrow their text.
    ///
    /// # Errors
    /// As [`Self::all`]; a column of another type is found by [`Rows::records`].
    pub fn rows(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Rows, Error> {
        self.unless_failed(|on| match on {
            On::Sqlite(connection) => sqlite::statement::keep(connection, sql, params, false),
            On::SqliteReading(connection) => sqlite::statement::keep(connection, sql, params, true),
            On::Postgres(tx, handle) => handle.block_on(postgres::statement::keep(*tx, sql, params)),
        })
    }

    /// Runs one statement, and gives the number of rows that it changed.
    ///
    /// # Errors
    /// As [`Db::execute`](crate::Db::execute).
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
        self.unless_failed(|on| match on {
            On::Sqlite(connection) => sqlite::statement::execute(connection, sql, params),
            On::SqliteReading(_) => Err(sqlite::statement::no_read(sql)),
            On::Postgres(tx, handle) => handle.block_on(postgres::statement::execute(*tx, sql, params)),
        })
    }

    fn fetch<T: OwnedRecord>(&mut self, sql: &str, params: &[Value<'_>], most: usize) -> Result<Vec<T>, Error> {
        self.unless_failed(|on| match on {
            On::Sqlite(connection) => sqlite::statement::rows(connection, sql, params, most),
            On::SqliteReading(connection) => {
                sqlite::statement::read(connection, sql, params, most)?.ok_or_else(|| sqlite::statement::no_read(sql))
            }
            On::Postgres(tx, handle) => handle.block_on(postgres::statement::rows(*tx, sql, params)),
        })
    }

    fn unless_failed<T>(&mut self, run: impl FnOnce(&On<'a>) -> Result<T, Error>) -> Result<T, Error> {
        if let Some(first) = &self.failed {
            return Err(first.clone());
        }
        run(&self.on).inspect_err(|error| self.failed = Some(error.clone()))
    }
}

impl std::fmt::Debug for On<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "SQLite",
            Self::SqliteReading(_) => "SQLite, reading",
            Self::Postgres(..) => "PostgreSQL",
        })
    }
}
