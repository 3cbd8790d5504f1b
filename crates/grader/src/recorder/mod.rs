//! The recorder: a private in-memory SQLite database for one run, which executes what an untrusted process sends,
//! counts it, times it and classifies it.
//!
//! Two sides use it. The candidate's statements come in through [`Recorder::execute`] and
//! [`Recorder::execute_many`]: guarded, limited, recorded, and answered as CPython's sqlite3 module would. The
//! grader's own SQL (a task's `world.sql`, checks, query plans) goes through [`Recorder::trusted_batch`],
//! [`Recorder::trusted_rows`] and [`Recorder::plan`]: not counted, not recorded, and with seeded random functions.
//!
//! A recorder may move between threads but is used from one at a time; it has no global state.

mod answer;
mod classify;
mod error;
mod functions;
mod guard;
mod limits;
mod open;
mod random;
mod records;
mod run;
mod trusted;
mod value;
mod words;

pub use answer::{Answer, Column, TrustedRows};
pub use classify::StatementKind;
pub use error::{ErrorClass, RecorderError, Refusal, SqlError};
pub use limits::{LimitHit, RecorderLimits};
pub(crate) use records::cut;
pub use records::{OUTSIDE, RunTotals, WindowTotals};
pub use value::{INTEGER_TOO_LARGE, Value};

use crate::verdict::Statement;
use limits::Watch;
pub(crate) use random::Draw;
use records::Records;
use rusqlite::{Connection, MAIN_DB};
use std::sync::{Arc, Mutex};

/// A whole database as bytes, cheap to share between runs.
#[derive(Debug, Clone)]
pub struct Snapshot(Arc<[u8]>);

impl Snapshot {
    /// The bytes of an SQLite database file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Snapshot {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

/// A private database and the record of what was done to it. See the module's documentation.
pub struct Recorder {
    connection: Connection,
    limits: RecorderLimits,
    watch: Arc<Watch>,
    draw: Arc<Mutex<Draw>>,
    /// What the database is replaced by before the candidate's next statement.
    awaited: Option<Snapshot>,
    records: Records,
    stopped: Option<LimitHit>,
}

impl Recorder {
    /// Opens an empty database. Until [`Recorder::reseed`], random values come from seed 0.
    ///
    /// # Errors
    /// When SQLite refuses one of the settings that make it safe.
    pub fn new(limits: RecorderLimits) -> Result<Self, RecorderError> {
        let watch = Arc::new(Watch::default());
        let draw = Arc::new(Mutex::new(Draw::new(0)));
        let connection = open::open(&limits, &watch, &draw)?;
        let records = Records::new(&limits);
        Ok(Self { connection, limits, watch, draw, awaited: None, records, stopped: None })
    }

    /// Starts the stream of random values anew from a seed, and forgets which ids were drawn.
    pub fn reseed(&mut self, seed: u64) {
        *self.draw.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Draw::new(seed);
    }

    /// What was drawn so far is the world: its ids stay taken in every [`Recorder::branch`].
    pub fn settle(&mut self) {
        self.draw.lock().unwrap_or_else(std::sync::PoisonError::into_inner).settle();
    }

    /// Starts another stream of random values in the settled world, always the same one for a seed.
    pub fn branch(&mut self, seed: u64) {
        self.draw.lock().unwrap_or_else(std::sync::PoisonError::into_inner).branch(seed);
    }

    /// Where the stream of random values is.
    pub(crate) fn draw(&self) -> Draw {
        self.draw.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Goes on with the stream of random values from there.
    pub(crate) fn draw_from(&mut self, draw: Draw) {
        *self.draw.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = draw;
    }

    /// Takes over the other's database, with its stream of random values, and gives its own for it. Records, totals and
    /// limits stay where they are.
    pub(crate) fn exchange_database(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.connection, &mut other.connection);
        std::mem::swap(&mut self.watch, &mut other.watch);
        std::mem::swap(&mut self.draw, &mut other.draw);
        std::mem::swap(&mut self.awaited, &mut other.awaited);
    }

    /// Replaces the database by the snapshot as soon as the candidate sends a statement, which may never come: for as long
    /// as nobody else asks.
    pub(crate) fn restore_when_asked(&mut self, snapshot: &Snapshot) {
        self.awaited = Some(snapshot.clone());
    }

    /// Replaces the database by the snapshot. Ends an open transaction and puts the connection's settings back.
    /// Records, totals, an open window and the stream of random values go on.
    ///
    /// # Errors
    /// When the bytes are no database, or there is no memory for them.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), RecorderError> {
        self.awaited = None;
        // Statements prepared against the old schema would only be prepared again.
        self.connection.flush_prepared_statement_cache();
        self.rollback_open_transaction()?;
        // SQLite deserializes by an ATTACH of its own, which the guard would refuse.
        self.as_trusted(|recorder| {
            let bytes = snapshot.as_bytes();
            recorder
                .connection
                .deserialize_read_exact(MAIN_DB, bytes, bytes.len(), false)
                .and_then(|()| open::reset(&recorder.connection, &recorder.limits))
                .map_err(RecorderError::Restore)
        })
    }

    /// The database as it is now.
    ///
    /// # Errors
    /// [`RecorderError::InTransaction`] while one is open.
    pub fn serialize(&mut self) -> Result<Snapshot, RecorderError> {
        if self.in_transaction() {
            return Err(RecorderError::InTransaction);
        }
        // SQLite asks for the number of pages by a PRAGMA of its own.
        self.as_trusted(|recorder| {
            let data = recorder.connection.serialize(MAIN_DB).map_err(RecorderError::Serialize)?;
            Ok(Snapshot(Arc::from(&data[..])))
        })
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Takes back what an open transaction did, if there is one.
    ///
    /// # Errors
    /// When SQLite cannot roll back.
    pub fn rollback_open_transaction(&mut self) -> Result<(), RecorderError> {
        if !self.in_transaction() {
            return Ok(());
        }
        self.as_trusted(|recorder| recorder.connection.execute_batch("ROLLBACK").map_err(RecorderError::Restore))
    }

    /// Rows that were changed since the connection was opened, by anyone.
    pub fn total_changes(&self) -> u64 {
        self.connection.total_changes()
    }

    /// Opens a window: statements belong to it until it is ended. A window that is open is ended first.
    pub fn begin_window(&mut self, label: &str) {
        self.records.begin_window(label);
    }

    /// Ends the window and says what was seen in it. All zeros if none was open.
    pub fn end_window(&mut self) -> WindowTotals {
        self.records.end_window()
    }

    /// The statements that were kept, in order: at most [`RecorderLimits::kept_statements`].
    pub fn statements(&self) -> &[Statement] {
        &self.records.statements
    }

    /// The whole text of a kept statement, where its record may be cut. `None` if it was too long to keep.
    pub fn whole_sql(&self, index: usize) -> Option<&str> {
        self.records.whole_sql(index)
    }

    /// Whether a kept statement was answered with an error.
    pub fn was_refused(&self, index: usize) -> bool {
        self.records.was_refused(index)
    }

    /// Exact totals of the run.
    pub fn totals(&self) -> RunTotals {
        self.records.totals
    }

    /// What stopped the run, if a limit did.
    pub fn stopped(&self) -> Option<LimitHit> {
        self.stopped
    }

    /// The limits that this recorder was made with.
    pub fn limits(&self) -> &RecorderLimits {
        &self.limits
    }

    /// Lifts the guard for one call, and only for it.
    fn as_trusted<T>(&mut self, call: impl FnOnce(&mut Self) -> T) -> T {
        self.watch.begin(self.limits.trusted_time, u64::MAX);
        self.watch.set_trusted(true);
        let result = call(self);
        self.watch.set_trusted(false);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn ids(recorder: &mut Recorder) -> Vec<Vec<Value>> {
        recorder.trusted_rows("select random_id(), random_id()", &BTreeMap::new()).unwrap().rows
    }

    fn holding(table: &str) -> Recorder {
        let mut recorder = Recorder::new(RecorderLimits::default()).unwrap();
        recorder.trusted_batch(&format!("create table {table} (id)"), &BTreeMap::new()).unwrap();
        recorder
    }

    #[test]
    fn databases_are_exchanged_and_records_stay() {
        let (mut ours, mut other) = (holding("ours"), holding("other"));
        ours.execute("select * from ours", &[]).unwrap();
        ours.exchange_database(&mut other);
        ours.execute("select * from ours", &[]).unwrap_err();
        ours.execute("select * from other", &[]).unwrap();
        assert_eq!((ours.totals().statements, other.totals().statements), (3, 0));
    }

    #[test]
    fn an_awaited_snapshot_comes_with_the_first_statement() {
        let snapshot = holding("project").serialize().unwrap();
        let (mut ours, mut other) = (holding("world"), Recorder::new(RecorderLimits::default()).unwrap());
        other.restore_when_asked(&snapshot);
        ours.exchange_database(&mut other);
        ours.execute("select * from world", &[]).unwrap_err();
        ours.execute("select * from project", &[]).unwrap();
        ours.exchange_database(&mut other);
        ours.execute("select * from world", &[]).unwrap();
    }

    #[test]
    fn the_stream_of_random_values_goes_on_where_it_was() {
        let mut recorder = holding("world");
        let first = ids(&mut recorder);
        let there = recorder.draw();
        let second = ids(&mut recorder);
        recorder.reseed(0);
        assert_eq!(ids(&mut recorder), first);
        recorder.reseed(7);
        recorder.draw_from(there);
        assert_eq!(ids(&mut recorder), second);
    }
}
