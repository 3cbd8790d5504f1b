//! What the operator sees of the queue, and may do. Payloads are not shown.

use crate::Queue;
use jiff::Timestamp;
use jobfuture_db::{Error, FromValue, Tx, Unfit, Value, params, record};
use uuid::Uuid;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// For its time, or for a worker.
    Waiting,
    /// Somebody has taken it.
    Running,
    /// It failed too often, or for good.
    GaveUp,
}

impl FromValue<'_> for State {
    fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
        let text = String::from_value(value)?;
        match text.as_str() {
            "waiting" => Ok(Self::Waiting),
            "running" => Ok(Self::Running),
            "gave up" => Ok(Self::GaveUp),
            _ => Err(Unfit { wanted: "the state of a job", found: "another text".to_owned() }),
        }
    }
}

record! {
    /// How many jobs of a kind stand where.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Count {
        /// The kind.
        pub kind: String,
        /// Where they stand.
        pub state: State,
        /// How many.
        pub jobs: i64,
        /// The earliest time from which one may be taken; none where they were given up.
        pub due_at: Option<Timestamp>,
    }
}

record! {
    /// A job whose last attempt failed.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Failed {
        /// To name it by.
        pub id: Uuid,
        /// The kind.
        pub kind: String,
        /// Where it stands now.
        pub state: State,
        /// From when on it is tried again.
        pub due_at: Option<Timestamp>,
        /// How often it was begun.
        pub attempts: u32,
        /// When it was asked for.
        pub made_at: Timestamp,
        /// When it failed last.
        pub failed_at: Timestamp,
        /// Why.
        pub last_error: String,
    }
}

record! {
    /// A job that comes again.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Recurring {
        /// The kind.
        pub kind: String,
        /// How often, in seconds.
        pub every_seconds: i64,
        /// When it comes next.
        pub next_at: Timestamp,
        /// When it came last.
        pub begun_at: Option<Timestamp>,
        /// Where the last one stands; none once it went well, or was forgotten.
        pub state: Option<State>,
        /// Why it failed last, if that has not been mended since.
        pub last_error: Option<String>,
    }
}

impl Queue {
    /// How many jobs of which kind stand where. Goes through all rows.
    ///
    /// # Errors
    /// The database's.
    pub async fn counts(&self) -> Result<Vec<Count>, Error> {
        let sql = "select kind, state, count(*) as jobs, min(due_at) as due_at from job
                   group by kind, state order by kind, state";
        self.db.all(sql, &[]).await
    }

    /// Jobs whose last attempt failed, the latest failure first.
    ///
    /// # Errors
    /// The database's.
    pub async fn failed(&self, most: usize) -> Result<Vec<Failed>, Error> {
        let sql = "select id, kind, state, due_at, attempts, made_at, failed_at, coalesce(last_error, '') as last_error
                   from job where failed_at is not null order by failed_at desc limit $1";
        self.db.all(sql, params![i64::try_from(most).unwrap_or(i64::MAX)]).await
    }

    /// Jobs that come again, the next one first.
    ///
    /// # Errors
    /// The database's.
    pub async fn recurring(&self) -> Result<Vec<Recurring>, Error> {
        let sql = "select job_schedule.kind as kind, every_seconds, next_at, begun_at, job.state as state,
                       job.last_error as last_error
                   from job_schedule left join job on job.id = job_schedule.job order by next_at, job_schedule.kind";
        self.db.all(sql, &[]).await
    }

    /// Has a job that waits or was given up run now, with as many attempts as a new one. Says whether there is such a job; one
    /// that runs is left alone. If another with its key waits, that one is run now and does for both.
    ///
    /// # Errors
    /// The database's.
    pub async fn retry(&self, id: Uuid) -> Result<bool, Error> {
        let now = self.clock.now();
        let found = self.db.transaction(move |tx| retry(tx, id, now)).await?;
        self.wake();
        Ok(found)
    }

    /// Removes a job that waits or was given up. Says whether there was such a job; one that runs is left alone.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget(&self, id: Uuid) -> Result<bool, Error> {
        let sql = "delete from job where id = $1 and state <> 'running'";
        Ok(self.db.execute(sql, params![id]).await? > 0)
    }
}

fn retry(tx: &mut Tx<'_>, id: Uuid, now: Timestamp) -> Result<bool, Error> {
    let sql = "select kind, unique_key from job where id = $1 and state <> 'running'";
    let Some((kind, key)) = tx.optional::<(String, Option<String>)>(sql, params![id])? else { return Ok(false) };
    let sql = "update job set due_at = $4 where kind = $1 and unique_key = $2 and state = 'waiting' and id <> $3";
    let sooner = "update job set state = 'waiting', due_at = $2, attempts = 0 where id = $1";
    if key.is_some() && tx.execute(sql, params![kind, key, id, now])? > 0 {
        tx.execute("delete from job where id = $1", params![id])?;
    } else {
        tx.execute(sooner, params![id, now])?;
    }
    Ok(true)
}
