//! Writing jobs down, and taking those that are due.

use crate::Job;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Clock, Db, Error, ToValue, Tx, Value, params, record};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use uuid::Uuid;

/// Added to a kind's timeout, so that a worker has settled a job before another one takes it.
pub(crate) const MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// Jobs that one statement writes down; the last is one, so that none is left.
const ROWS: [usize; 3] = [50, 10, 1];

const INSERT: &str = "insert into job (id, kind, unique_key, payload, state, due_at, attempts, made_at) values";
/// Of those that wait there is one for each key: it has the newer payload and the earlier time.
const ONE_FOR_EACH_KEY: &str =
    "on conflict (kind, unique_key) where unique_key is not null and state = 'waiting' do update
    set payload = excluded.payload,
        due_at = case when excluded.due_at < job.due_at then excluded.due_at else job.due_at end";

/// In SQLite nobody else writes meanwhile. PostgreSQL's text passes by rows that others are just taking; that a row is due is
/// looked at again when it is locked. The rows are picked first and once: in a plain subquery they could be picked anew for
/// each row.
const TAKE: [&str; 2] = [
    "update job set state = 'running', lease = $4, due_at = $5, attempts = attempts + 1
     where id in (select id from job where kind = $1 and due_at <= $2 order by due_at, id limit $3)
     returning id, payload, attempts",
    "with picked as materialized (
         select id from job where kind = $1 and due_at <= $2 order by due_at, id limit $3 for update skip locked
     )
     update job set state = 'running', lease = $4, due_at = $5, attempts = attempts + 1
     from picked where job.id = picked.id
     returning job.id, job.payload, job.attempts",
];

/// The queue of a database. Clones are one queue: what one of them is given wakes the worker of another.
#[derive(Clone, Debug)]
pub struct Queue {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    wake: Arc<Notify>,
}

record! {
    /// A job that was taken.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Claimed {
        /// Which one.
        pub id: Uuid,
        /// What it is told, as JSON.
        pub payload: String,
        /// How often it was taken, this time included.
        pub attempts: u32,
    }
}

/// A job before it is written down. Its id stays when a transaction is run again.
#[derive(Clone, Debug)]
struct NewRow {
    id: Uuid,
    kind: &'static str,
    key: Option<String>,
    payload: Option<String>,
    due_at: Timestamp,
    made_at: Timestamp,
}

impl Queue {
    /// On a database that is open.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, wake: Arc::new(Notify::new()) }
    }

    /// Writes a job down within a transaction, to be run as soon as that is kept. If it is not kept, there never was a job.
    ///
    /// A worker of this process looks at once, and soon again, so that nobody has to tell it of the commit; those of other
    /// processes look within some seconds.
    ///
    /// # Errors
    /// The database's; [`Error::Refused`] for a payload that JSON cannot hold (a map whose keys are not text).
    pub fn add<J: Job>(&self, tx: &mut Tx<'_>, job: &J) -> Result<(), Error> {
        self.add_at(tx, job, self.clock.now())
    }

    /// As [`Self::add`], to be run at a time, or soon after it.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn add_at<J: Job>(&self, tx: &mut Tx<'_>, job: &J, at: Timestamp) -> Result<(), Error> {
        NewRow::of(job, at, self.clock.now()).insert(tx)?;
        self.wake();
        Ok(())
    }

    /// As [`Self::add`], for many of a kind, in few statements.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn add_all<J: Job>(&self, tx: &mut Tx<'_>, jobs: &[J]) -> Result<(), Error> {
        let now = self.clock.now();
        let rows: Vec<NewRow> = jobs.iter().map(|job| NewRow::of(job, now, now)).collect();
        insert_all(tx, &one_for_each_key(rows))?;
        self.wake();
        Ok(())
    }

    /// Writes a job down by itself, where there is no transaction that it belongs to.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn enqueue<J: Job>(&self, job: &J) -> Result<(), Error> {
        self.enqueue_at(job, self.clock.now()).await
    }

    /// As [`Self::enqueue`], to be run at a time, or soon after it.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn enqueue_at<J: Job>(&self, job: &J, at: Timestamp) -> Result<(), Error> {
        let row = NewRow::of(job, at, self.clock.now());
        self.db.execute(&insert_text(1), &row.values()).await?;
        self.wake();
        Ok(())
    }

    /// As [`Self::enqueue`], for many of a kind, all of them or none.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn enqueue_all<J: Job>(&self, jobs: &[J]) -> Result<(), Error> {
        let now = self.clock.now();
        let rows = one_for_each_key(jobs.iter().map(|job| NewRow::of(job, now, now)).collect());
        self.db.transaction(move |tx| insert_all(tx, &rows)).await?;
        self.wake();
        Ok(())
    }

    /// Has a worker of this process look at once, and soon again.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits for [`Self::wake`].
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Takes up to `most` jobs of a kind that are due, the longest due first, and gives them with the lease under which how they
    /// went is told ([`Self::settle`](crate::Queue::settle)). Nobody else takes them for `timeout` and half a minute. A job
    /// that was given up by the death of its worker is among them, with its attempts counted on.
    ///
    /// A [`Worker`](crate::Worker) does this by itself; it is here for whoever runs jobs in another way.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim(&self, kind: &str, most: usize, timeout: Duration) -> Result<(Uuid, Vec<Claimed>), Error> {
        let (now, lease) = (self.clock.now(), Uuid::now_v7());
        let timeout = SignedDuration::try_from(timeout).unwrap_or(SignedDuration::MAX);
        let until = now.saturating_add(timeout.saturating_add(MARGIN)).unwrap_or(Timestamp::MAX);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let [sqlite, postgres] = TAKE;
        let sql = self.db.engine().pick(sqlite, postgres);
        Ok((lease, self.db.all(sql, params![kind, now, most, lease, until]).await?))
    }
}

impl NewRow {
    fn of<J: Job>(job: &J, due_at: Timestamp, made_at: Timestamp) -> Self {
        let payload = serde_json::to_string(job).ok();
        Self { id: Uuid::now_v7(), kind: J::KIND, key: job.key(), payload, due_at, made_at }
    }

    fn insert(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.execute(&insert_text(1), &self.values()).map(|_| ())
    }

    fn values(&self) -> [Value<'_>; 6] {
        [
            self.id.to_value(),
            self.kind.to_value(),
            self.key.to_value(),
            // A payload that is none is null, which the column refuses.
            self.payload.to_value(),
            self.due_at.to_value(),
            self.made_at.to_value(),
        ]
    }
}

/// A statement cannot change a row twice: of several with one key the last is written.
fn one_for_each_key(rows: Vec<NewRow>) -> Vec<NewRow> {
    let mut last: HashMap<String, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(key) = &row.key {
            last.insert(key.clone(), at);
        }
    }
    let is_last = |at: usize, row: &NewRow| row.key.as_ref().is_none_or(|key| last.get(key) == Some(&at));
    rows.iter().enumerate().filter(|(at, row)| is_last(*at, row)).map(|(_, row)| row.clone()).collect()
}

/// In statements of few lengths, because each text is kept prepared.
fn insert_all(tx: &mut Tx<'_>, rows: &[NewRow]) -> Result<(), Error> {
    let mut left = rows;
    for length in ROWS {
        let full = left.chunks_exact(length);
        let rest = full.remainder();
        let text = insert_text(length);
        for chunk in full {
            let values: Vec<Value<'_>> = chunk.iter().flat_map(NewRow::values).collect();
            tx.execute(&text, &values)?;
        }
        left = rest;
    }
    Ok(())
}

fn insert_text(rows: usize) -> String {
    let row = |at: usize| {
        let [id, kind, key, payload, due, made] = std::array::from_fn(|column| 6 * at + column + 1);
        format!("(${id}, ${kind}, ${key}, ${payload}, 'waiting', ${due}, 0, ${made})")
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("{INSERT} {} {ONE_FOR_EACH_KEY}", rows.join(", "))
}
