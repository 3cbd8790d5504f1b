//! The face of the crate: one handle, whichever engine is behind it.

use crate::engine::Address;
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::traffic::{Counters, Traffic};
use crate::{Engine, Error, OwnedRecord, Snapshot, Tx, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// A database. Clones share it; the last one closes it.
#[derive(Clone, Debug)]
pub struct Db {
    behind: Arc<Behind>,
    counters: Arc<Counters>,
}

#[derive(Debug)]
enum Behind {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Beside whom a transaction runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    /// All others, as if there were none.
    Shared,
    /// As much as can be, by itself.
    Alone,
    /// All who do not hold this row of this table.
    Holding(&'static str, Uuid),
}

impl Db {
    /// Opens `sqlite:PATH` (made if it is not there) or `postgres://…`, and brings its schema up to date.
    ///
    /// Several processes may open the same database at once; one migrates while the others wait.
    ///
    /// # Errors
    /// [`Error::BadUrl`], [`Error::TlsNotBuilt`]; [`Error::Unwritable`], [`Error::Damaged`], [`Error::Unreachable`];
    /// [`Error::NewerSchema`] when a newer release has used it; [`Error::Migration`].
    pub async fn open(url: &str) -> Result<Self, Error> {
        let counters = Arc::<Counters>::default();
        let behind = match Address::parse(url)? {
            Address::Sqlite(file) => Behind::Sqlite(Sqlite::open(file).await?),
            Address::Postgres(config) => Behind::Postgres(Postgres::open(*config, Arc::clone(&counters)).await?),
        };
        Ok(Self { behind: Arc::new(behind), counters })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match &*self.behind {
            Behind::Sqlite(_) => Engine::Sqlite,
            Behind::Postgres(_) => Engine::Postgres,
        }
    }

    /// What was asked of it so far.
    pub fn traffic(&self) -> Traffic {
        self.counters.read()
    }

    /// All rows of a statement. A statement that writes (`insert … returning`) goes the way of writes by itself.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Column`], and what [`Self::execute`] gives.
    pub async fn all<T: OwnedRecord>(&self, sql: &str, params: &[Value<'_>]) -> Result<Vec<T>, Error> {
        self.rows(sql, params, usize::MAX).await
    }

    /// The one row of a statement.
    ///
    /// # Errors
    /// [`Error::NoRow`], [`Error::ManyRows`], and what [`Self::all`] gives.
    pub async fn one<T: OwnedRecord>(&self, sql: &str, params: &[Value<'_>]) -> Result<T, Error> {
        self.optional(sql, params).await?.ok_or(Error::NoRow)
    }

    /// The one row of a statement, or none.
    ///
    /// # Errors
    /// [`Error::ManyRows`], and what [`Self::all`] gives.
    pub async fn optional<T: OwnedRecord>(&self, sql: &str, params: &[Value<'_>]) -> Result<Option<T>, Error> {
        crate::row::at_most_one(self.rows(sql, params, 2).await?)
    }

    async fn rows<T: OwnedRecord>(&self, sql: &str, params: &[Value<'_>], most: usize) -> Result<Vec<T>, Error> {
        self.counters.statements(1);
        match &*self.behind {
            Behind::Sqlite(sqlite) => {
                self.counters.wait();
                sqlite.rows(sql, params, most).await
            }
            Behind::Postgres(postgres) => postgres.rows(sql, params).await,
        }
    }

    /// Several reads that see the database at one moment, for the price of one: in SQLite they are one loan of a connection
    /// and one lock of the file, in PostgreSQL one connection.
    ///
    /// ```no_run
    /// # async fn example(db: jobfuture_db::Db, guide: String) -> Result<(), jobfuture_db::Error> {
    /// use jobfuture_db::params;
    /// let (passed, all) = db
    ///     .read(move |read| {
    ///         let sql = "select count(*) from proof_run where guide = $1 and passed = $2";
    ///         let (passed,): (i64,) = read.one(sql, params![guide, true])?;
    ///         let (failed,): (i64,) = read.one(sql, params![guide, false])?;
    ///         Ok::<_, jobfuture_db::Error>((passed, passed + failed))
    ///     })
    ///     .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `work` may run **more than once** and does nothing but speak to `read`, as in [`Self::transaction`]: a snapshot that
    /// is kept long keeps SQLite's log from being cut and PostgreSQL's rows from being cleaned. Render afterwards.
    ///
    /// # Errors
    /// What `work` returns; what [`Self::all`] gives; [`Error::Sql`] when a statement would write.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Snapshot<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        // Of work that took long and was begun anew only what was asked in the end counts.
        let asked = Arc::<AtomicU64>::default();
        let asks = Arc::clone(&asked);
        let work = move |read: &mut Snapshot<'_>| {
            let outcome = work(read);
            asks.store(read.asked(), Ordering::Relaxed);
            outcome
        };
        let outcome = match &*self.behind {
            Behind::Sqlite(sqlite) => {
                self.counters.wait();
                sqlite.read(work).await
            }
            Behind::Postgres(postgres) => postgres.read(work).await,
        };
        self.counters.statements(asked.load(Ordering::Relaxed));
        outcome
    }

    /// Runs one statement that writes, and gives the number of rows that it changed. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`Error::Unique`], [`Error::ForeignKey`], [`Error::Refused`] by the schema; [`Error::Busy`],
    /// [`Error::Unreachable`], [`Error::DiskFull`] by the world; [`Error::Sql`] by mistake.
    pub async fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
        self.counters.statements(1);
        match &*self.behind {
            Behind::Sqlite(sqlite) => {
                self.counters.wait();
                sqlite.execute(sql, params).await
            }
            Behind::Postgres(postgres) => postgres.execute(sql, params).await,
        }
    }

    /// Runs several statements as one: all of them are kept when `work` returns `Ok`, none when it returns an error.
    ///
    /// ```no_run
    /// # async fn example(db: jobfuture_db::Db, guide: String) -> Result<(), jobfuture_db::Error> {
    /// use jobfuture_db::params;
    /// let removed = db.transaction(move |tx| {
    ///     let (proofs,): (i64,) = tx.one("select count(*) from proof_run where guide = $1", params![guide])?;
    ///     tx.execute("delete from proof_run where guide = $1", params![guide])?;
    ///     Ok::<_, jobfuture_db::Error>(proofs)
    /// });
    /// # removed.await?; Ok(()) }
    /// ```
    ///
    /// It behaves as if no other transaction ran beside it, on both engines: in SQLite because one thread runs them in
    /// turn, in PostgreSQL because they are serializable and tried again when they collide. So `work` may run **more than
    /// once**, and does nothing but speak to `tx`: no mail, no files, no waiting. In SQLite it shares its commit with other
    /// writes, which is why it is a plain closure and not a future: it cannot wait for anything while they wait for it.
    /// It ends even when the caller stops waiting. Work of more than some milliseconds goes to [`Self::long_transaction`].
    ///
    /// After one of its statements has failed nothing is kept, whatever `work` returns (PostgreSQL's rule, held on both).
    ///
    /// # Errors
    /// What `work` returns; what [`Self::execute`] gives; [`Error::Conflict`] when it collided for five seconds on end.
    pub async fn transaction<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.transact(work, How::Shared).await
    }

    /// As [`Self::transaction`], for work on a row and on what hangs on it, which is changed by nobody who does not hold the
    /// row: those who name the same row (by its column `id`) run in turn, and all others beside them, without a collision.
    ///
    /// In PostgreSQL the row is locked first, and every statement behind that sees what was committed before it. To detect
    /// collisions instead, as [`Self::transaction`] does, costs more where many work beside each other in one table: PostgreSQL
    /// looks at pages of indexes, in which neighbours collide who have nothing in common. In SQLite, where all writes run in
    /// turn, it is the same as [`Self::transaction`]. What `work` reads of other rows may change before it commits.
    ///
    /// # Errors
    /// As [`Self::transaction`].
    pub async fn transaction_on<T, E, F>(&self, table: &'static str, id: Uuid, work: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.transact(work, How::Holding(table, id)).await
    }

    /// As [`Self::transaction`], for imports and backfills: in SQLite it shares its commit with nobody, so that writes
    /// before it are answered at once. Those after it wait, because SQLite has one writer: do it in portions.
    ///
    /// # Errors
    /// As [`Self::transaction`].
    pub async fn long_transaction<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.transact(work, How::Alone).await
    }

    async fn transact<T, E, F>(&self, work: F, how: How) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let counters = Arc::clone(&self.counters);
        let work = move |tx: &mut Tx<'_>| {
            let outcome = work(tx);
            counters.statements(tx.asked());
            outcome
        };
        match &*self.behind {
            Behind::Sqlite(sqlite) => {
                self.counters.wait();
                sqlite.transaction(work, matches!(how, How::Alone)).await
            }
            Behind::Postgres(postgres) => postgres.transaction(work, how).await,
        }
    }
}
