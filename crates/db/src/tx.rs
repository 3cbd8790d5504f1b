//! A transaction, seen from inside.

use crate::postgres::open::Open;
use crate::row::at_most_one;
use crate::{Engine, Error, OwnedRecord, Rows, Value, sqlite};

/// The statements of one transaction; made by [`Db::transaction`](crate::Db::transaction).
#[derive(Debug)]
pub struct Tx<'a> {
    on: On<'a>,
    /// The first failure. After it nothing more is run and nothing is kept, on either engine.
    failed: Option<Error>,
    /// Statements that were asked of it.
    asked: u64,
}

enum On<'a> {
    Sqlite(&'a rusqlite::Connection),
    /// A snapshot: nothing may write.
    SqliteReading(&'a rusqlite::Connection),
    Postgres(&'a mut Open),
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(connection: &'a rusqlite::Connection) -> Self {
        Self { on: On::Sqlite(connection), failed: None, asked: 0 }
    }

    pub(crate) fn sqlite_reading(connection: &'a rusqlite::Connection) -> Self {
        Self { on: On::SqliteReading(connection), failed: None, asked: 0 }
    }

    pub(crate) fn postgres(open: &'a mut Open) -> Self {
        Self { on: On::Postgres(open), failed: None, asked: 0 }
    }

    /// How many statements were asked of it.
    pub(crate) fn asked(&self) -> u64 {
        self.asked
    }

    /// The failure that forbids to keep this transaction.
    pub(crate) fn into_failure(self) -> Option<Error> {
        self.failed
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.on {
            On::Sqlite(_) | On::SqliteReading(_) => Engine::Sqlite,
            On::Postgres(_) => Engine::Postgres,
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
        self.unless_failed(1, |on| match on {
            On::Sqlite(connection) => sqlite::statement::keep(connection, sql, params, false),
            On::SqliteReading(connection) => sqlite::statement::keep(connection, sql, params, true),
            On::Postgres(open) => open.rows(sql, params),
        })
    }

    /// All rows of several statements, none of which needs what another finds, in their order. PostgreSQL is asked for all of
    /// them at once, so that they cost one wait.
    ///
    /// # Errors
    /// As [`Self::rows`].
    pub fn together(&mut self, asks: &[(&str, &[Value<'_>])]) -> Result<Vec<Rows>, Error> {
        let keep = |connection: &rusqlite::Connection, reading| {
            asks.iter().map(|(sql, params)| sqlite::statement::keep(connection, sql, params, reading)).collect()
        };
        self.unless_failed(asks.len(), |on| match on {
            On::Sqlite(connection) => keep(connection, false),
            On::SqliteReading(connection) => keep(connection, true),
            On::Postgres(open) => open.together(asks),
        })
    }

    /// Runs one statement, and gives the number of rows that it changed.
    ///
    /// # Errors
    /// As [`Db::execute`](crate::Db::execute).
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
        self.unless_failed(1, |on| match on {
            On::Sqlite(connection) => sqlite::statement::execute(connection, sql, params),
            On::SqliteReading(_) => Err(sqlite::statement::no_read(sql)),
            On::Postgres(open) => open.execute(sql, params),
        })
    }

    /// Runs one statement of which nothing has to be known but that it is done before the next one. PostgreSQL is sent it
    /// together with the next statement that is waited for, or with the commit, so that several cost one wait.
    ///
    /// # Errors
    /// As [`Self::execute`]; on PostgreSQL a failure shows at that next statement, or as the transaction's own.
    pub fn execute_later(&mut self, sql: &str, params: &[Value<'_>]) -> Result<(), Error> {
        self.unless_failed(1, |on| match on {
            On::Sqlite(connection) => sqlite::statement::execute(connection, sql, params).map(|_| ()),
            On::SqliteReading(_) => Err(sqlite::statement::no_read(sql)),
            On::Postgres(open) => {
                open.later(sql, params);
                Ok(())
            }
        })
    }

    fn fetch<T: OwnedRecord>(&mut self, sql: &str, params: &[Value<'_>], most: usize) -> Result<Vec<T>, Error> {
        self.unless_failed(1, |on| match on {
            On::Sqlite(connection) => sqlite::statement::rows(connection, sql, params, most),
            On::SqliteReading(connection) => {
                sqlite::statement::read(connection, sql, params, most)?.ok_or_else(|| sqlite::statement::no_read(sql))
            }
            On::Postgres(open) => open.rows(sql, params)?.records(),
        })
    }

    fn unless_failed<T>(
        &mut self,
        statements: usize,
        run: impl FnOnce(&mut On<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(first) = &self.failed {
            return Err(first.clone());
        }
        self.asked += statements as u64;
        run(&mut self.on).inspect_err(|error| self.failed = Some(error.clone()))
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
