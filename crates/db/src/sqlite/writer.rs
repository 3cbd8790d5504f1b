//! The one thread that writes, and its group commit.
//!
//! A durable commit waits for the disk, so a commit for each write would mean a few hundred to a few thousand writes a
//! second. Instead every write that is waiting joins one transaction, and all of them are answered after its commit: the
//! promise is the same, the wait is shared. A transaction of several statements runs in a savepoint, so that its failure
//! takes back its own statements only.

use crate::{Error, Tx};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// A group is closed when it holds this many writes …
const MOST: usize = 256;
/// … or has taken this long, so that the first does not wait for many slow ones.
const LONGEST: Duration = Duration::from_millis(4);
/// Work that holds up the others longer than this is told to the log.
const SLOW: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, which owns the connection from now on.
    pub(crate) fn start(connection: Connection) -> Result<Self, Error> {
        let (queue, jobs) = mpsc::channel(4 * MOST);
        let thread = thread::Builder::new()
            .name("database writer".into())
            .spawn(move || serve(&connection, jobs))
            .map_err(|error| Error::Other { detail: error.to_string() })?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Has the thread do `work`, and waits until it is on the disk. A panic in `work` goes on here, and harms no one else.
    pub(crate) async fn run<T, E, F>(&self, work: F, alone: bool) -> Result<T, E>
    where
        F: Fn(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work { work, alone, outcome: None, reply });
        let queue = self.queue.as_ref().ok_or(Error::Closed)?;
        queue.send(job).await.map_err(|_| Error::Closed)?;
        match answer.await.map_err(|_| Error::Closed)?? {
            Ok(outcome) => outcome,
            Err(panic) => resume_unwind(panic),
        }
    }
}

impl Drop for Writer {
    /// Ends the thread after what was asked of it, so that the file is closed in order.
    fn drop(&mut self) {
        self.queue = None;
        let thread = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id());
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the database writer panicked");
        }
    }
}

/// A write on its way through the thread.
trait Job: Send + std::fmt::Debug {
    /// Whether it shares its commit with nobody.
    fn alone(&self) -> bool;
    /// Does the work; it can be done anew if the group was lost.
    fn run(&mut self, connection: &Connection);
    /// Whether the work itself reported a failure.
    fn failed(&self) -> bool;
    /// Tells the outcome to the one who asked.
    fn answer(self: Box<Self>);
    /// Tells that nothing was kept.
    fn refuse(self: Box<Self>, error: Error);
}

struct Work<F, T, E> {
    work: F,
    alone: bool,
    outcome: Option<thread::Result<Result<T, E>>>,
    reply: oneshot::Sender<Result<thread::Result<Result<T, E>>, Error>>,
}

impl<F, T, E> Job for Work<F, T, E>
where
    F: Fn(&Connection) -> Result<T, E> + Send,
    T: Send,
    E: Send,
{
    fn alone(&self) -> bool {
        self.alone
    }

    fn run(&mut self, connection: &Connection) {
        let started = Instant::now();
        self.outcome = Some(catch_unwind(AssertUnwindSafe(|| (self.work)(connection))));
        if !self.alone && started.elapsed() > SLOW {
            tracing::warn!(
                millis = started.elapsed().as_millis(),
                "a slow write held up the others: use long_transaction"
            );
        }
    }

    fn failed(&self) -> bool {
        !matches!(self.outcome, Some(Ok(Ok(_))))
    }

    /// Nobody may be waiting any more; the write is kept all the same.
    fn answer(self: Box<Self>) {
        let Self { outcome, reply, .. } = *self;
        let _ = reply.send(outcome.ok_or(Error::Closed));
    }

    fn refuse(self: Box<Self>, error: Error) {
        let _ = self.reply.send(Err(error));
    }
}

impl<F, T, E> std::fmt::Debug for Work<F, T, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("alone", &self.alone).finish_non_exhaustive()
    }
}

fn serve(connection: &Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut next = None;
    while let Some(first) = next.take().or_else(|| jobs.blocking_recv()) {
        next = group(connection, first, &mut jobs);
    }
}

/// One transaction: the first job and all that wait behind it. Gives back a job that must not join them.
fn group(
    connection: &Connection,
    first: Box<dyn Job>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
) -> Option<Box<dyn Job>> {
    if let Err(error) = control(connection, "begin immediate") {
        // Another process holds the file, and those who wait have waited with the first. They are gathered before anybody
        // is told, so that one who comes back with the next write is not refused for the last one's reason.
        let waiting: Vec<_> = std::iter::from_fn(|| jobs.try_recv().ok()).collect();
        std::iter::once(first).chain(waiting).for_each(|job| job.refuse(error.clone()));
        return None;
    }
    let started = Instant::now();
    let alone = first.alone();
    let (mut done, mut next, mut left) = (Vec::new(), Some(first), None);
    while let Some(mut job) = next.take() {
        job.run(connection);
        done.push(job);
        if connection.is_autocommit() {
            again_one_by_one(connection, done);
            return None;
        }
        if alone || done.len() >= MOST || started.elapsed() >= LONGEST {
            break;
        }
        match jobs.try_recv() {
            Ok(job) if job.alone() => left = Some(job),
            Ok(job) => next = Some(job),
            Err(_) => {}
        }
    }
    finish(connection, done);
    left
}

/// Commits, and answers. A disk that was full for the whole group may have room for its small ones.
fn finish(connection: &Connection, done: Vec<Box<dyn Job>>) {
    match commit(connection) {
        Ok(()) => done.into_iter().for_each(Job::answer),
        Err(Error::DiskFull) if done.len() > 1 => again_one_by_one(connection, done),
        Err(error) => done.into_iter().for_each(|job| job.refuse(error.clone())),
    }
}

/// Some failures (a full disk, a fault of it) make SQLite take back the whole transaction. Nothing of the group was
/// kept nor acknowledged, so each job is done anew by itself, and only the guilty one fails.
fn again_one_by_one(connection: &Connection, jobs: Vec<Box<dyn Job>>) {
    for mut job in jobs {
        if let Err(error) = control(connection, "begin immediate") {
            job.refuse(error);
            continue;
        }
        job.run(connection);
        let lost = connection.is_autocommit();
        match if lost { Ok(()) } else { commit(connection) } {
            Ok(()) if lost && !job.failed() => {
                job.refuse(Error::Other { detail: "the engine took the transaction back".into() });
            }
            Ok(()) => job.answer(),
            Err(error) => job.refuse(error),
        }
    }
}

fn commit(connection: &Connection) -> Result<(), Error> {
    control(connection, "commit").inspect_err(|_| {
        if !connection.is_autocommit() && control(connection, "rollback").is_err() {
            tracing::error!("a transaction could neither be kept nor taken back");
        }
    })
}

fn control(connection: &Connection, sql: &str) -> Result<(), Error> {
    super::statement::execute(connection, sql, &[]).map(|_| ())
}

/// Runs a transaction of several statements within the group, so that its failure takes back no more than itself.
pub(crate) fn in_savepoint<T, E: From<Error>>(
    connection: &Connection,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    control(connection, "savepoint one")?;
    let mut tx = Tx::sqlite(connection);
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
    let failure = tx.into_failure();
    if failure.is_some() || !matches!(outcome, Ok(Ok(_))) {
        // If the engine took back everything, there is no savepoint left to go back to.
        if !connection.is_autocommit() {
            control(connection, "rollback to one")?;
        }
    }
    if !connection.is_autocommit() {
        control(connection, "release one")?;
    }
    match (outcome.unwrap_or_else(|panic| resume_unwind(panic)), failure) {
        (Ok(_), Some(failure)) => Err(failure.into()),
        (outcome, _) => outcome,
    }
}
