//! Several reads of one moment, seen from inside.

use crate::{Engine, Error, OwnedRecord, Rows, Tx, Value};

/// Why a statement that would write fails in a snapshot.
pub(crate) const NO_READ: &str = "it would write, and a snapshot only reads: use `transaction`";

/// The database at one moment; made by [`Db::read`](crate::Db::read).
#[derive(Debug)]
pub struct Snapshot<'a>(Tx<'a>);

impl<'a> Snapshot<'a> {
    /// Has `work` read in a transaction that has begun.
    pub(crate) fn run<T, E: From<Error>>(tx: Tx<'a>, work: &impl Fn(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let mut snapshot = Self(tx);
        let outcome = work(&mut snapshot);
        match (outcome, snapshot.0.into_failure()) {
            (Ok(_), Some(failure)) => Err(failure.into()),
            (outcome, _) => outcome,
        }
    }

    /// How many statements were asked of it.
    pub(crate) fn asked(&self) -> u64 {
        self.0.asked()
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.0.engine()
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// As [`Db::all`](crate::Db::all), and [`Error::Sql`] when it would write; after the first failure every call gives
    /// that failure again.
    pub fn all<T: OwnedRecord>(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<T>, Error> {
        self.0.all(sql, params)
    }

    /// All rows of a statement, kept together for records that borrow their text.
    ///
    /// # Errors
    /// As [`Self::all`]; a column of another type is found by [`Rows::records`].
    pub fn rows(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Rows, Error> {
        self.0.rows(sql, params)
    }

    /// All rows of several statements, in their order; in PostgreSQL for the price of one.
    ///
    /// # Errors
    /// As [`Self::rows`].
    pub fn together(&mut self, asks: &[(&str, &[Value<'_>])]) -> Result<Vec<Rows>, Error> {
        self.0.together(asks)
    }

    /// The one row of a statement.
    ///
    /// # Errors
    /// As [`Db::one`](crate::Db::one). Finding none, or several, is an answer: the snapshot goes on.
    pub fn one<T: OwnedRecord>(&mut self, sql: &str, params: &[Value<'_>]) -> Result<T, Error> {
        self.0.one(sql, params)
    }

    /// The one row of a statement, or none.
    ///
    /// # Errors
    /// As [`Db::optional`](crate::Db::optional).
    pub fn optional<T: OwnedRecord>(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Option<T>, Error> {
        self.0.optional(sql, params)
    }
}
