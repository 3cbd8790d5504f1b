//! PostgreSQL: a small pool of connections.

mod codec;
pub(crate) mod open;
mod statement;

use crate::db::How;
use crate::traffic::Counters;
use crate::{Error, OwnedRecord, Snapshot, Tx, Value, migrate};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use open::Open;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio_postgres::NoTls;

/// Connections of one process. PostgreSQL serves a few busy ones better than many.
const CONNECTIONS: usize = 16;
/// How long to wait for a connection, and how long a transaction that collides is tried again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Row locks keep apart those who must not meet; nothing else is watched.
const HOLDING: &str = "begin isolation level read committed";
const WRITING: &str = "begin isolation level serializable";
const READING: &str = "begin isolation level repeatable read, read only";

#[derive(Debug)]
pub(crate) struct Postgres {
    pool: Pool,
    counters: Arc<Counters>,
}

impl Postgres {
    /// Connects, migrates, and makes the pool.
    pub(crate) async fn open(config: tokio_postgres::Config, counters: Arc<Counters>) -> Result<Self, Error> {
        let (mut client, lock) = (connect(&config).await?, connect(&config).await?);
        migrate::postgres(&mut client, &lock).await?;
        // “Fast” asks only whether the connection is known to be closed; a test on each use would double a short read.
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Other { detail: error.to_string() })?;
        Ok(Self { pool, counters })
    }

    async fn begin(&self, how: &'static str) -> Result<Open, Error> {
        Ok(Open::new(self.connection().await?, Handle::current(), Arc::clone(&self.counters), how))
    }

    async fn connection(&self) -> Result<Object, Error> {
        self.pool.get().await.map_err(|error| Error::pool(&error))
    }

    pub(crate) async fn rows<T: OwnedRecord>(&self, sql: &str, params: &[Value<'_>]) -> Result<Vec<T>, Error> {
        self.counters.wait();
        statement::rows(&self.connection().await?, sql, params).await
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
        self.counters.wait();
        statement::execute(&self.connection().await?, sql, params).await
    }

    /// Runs reads on one snapshot. They never collide, and so run once.
    pub(crate) async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Snapshot<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let mut open = self.begin(READING).await?;
        // There is nothing to keep: it is taken back when it is dropped.
        let run = tokio::task::spawn_blocking(move || Snapshot::run(Tx::postgres(&mut open), &work));
        match run.await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(_) => Err(Error::Closed.into()),
        }
    }

    /// Runs a transaction, and again while it collides with others.
    pub(crate) async fn transaction<T, E, F>(&self, mut work: F, how: How) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let started = Instant::now();
        for attempt in 1.. {
            let open = match how {
                How::Shared | How::Alone => self.begin(WRITING).await?,
                How::Holding(table, id) => {
                    let mut open = self.begin(HOLDING).await?;
                    open.later(&format!("select 1 from {table} where id = $1 for update"), &[Value::Uuid(id)]);
                    open
                }
            };
            // The closure waits for the server step by step, on a thread that may wait.
            let run = tokio::task::spawn_blocking(move || {
                let outcome = attempt_once(open, &work);
                (outcome, work)
            });
            let outcome;
            (outcome, work) = match run.await {
                Ok(done) => done,
                Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
                Err(_) => return Err(Error::Closed.into()),
            };
            match outcome {
                Attempt::Done(result) => return result,
                Attempt::Collided if started.elapsed() < PATIENCE => {
                    self.counters.again();
                    tokio::time::sleep(pause(attempt)).await;
                }
                Attempt::Collided => break,
            }
        }
        Err(Error::Conflict.into())
    }
}

enum Attempt<T, E> {
    Done(Result<T, E>),
    Collided,
}

fn attempt_once<T, E: From<Error>>(mut open: Open, work: &impl Fn(&mut Tx<'_>) -> Result<T, E>) -> Attempt<T, E> {
    let mut tx = Tx::postgres(&mut open);
    let outcome = work(&mut tx);
    let failure = tx.into_failure();
    if failure.is_none() && outcome.is_ok() {
        return match open.commit() {
            Ok(()) => Attempt::Done(outcome),
            Err(Error::Conflict) => Attempt::Collided,
            Err(error) => Attempt::Done(Err(error.into())),
        };
    }
    match (outcome, failure) {
        (_, Some(Error::Conflict)) => Attempt::Collided,
        (Ok(_), Some(failure)) => Attempt::Done(Err(failure.into())),
        (outcome, _) => Attempt::Done(outcome),
    }
}

/// A random wait that grows, so that those who collided do not meet again at once.
fn pause(attempt: u32) -> Duration {
    let longest = 1_000_u128 << attempt.min(6);
    Duration::from_micros(u64::try_from(uuid::Uuid::now_v7().as_u128() % longest).unwrap_or(0))
}

/// A connection of its own, beside the pool.
async fn connect(config: &tokio_postgres::Config) -> Result<tokio_postgres::Client, Error> {
    let (client, connection) =
        config.connect(NoTls).await.map_err(|error| Error::Unreachable { detail: crate::error::chain(&error) })?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "a connection to PostgreSQL broke");
        }
    });
    Ok(client)
}
