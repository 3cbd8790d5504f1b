//! The connections that read.
//!
//! Most reads take microseconds: less than it costs to hand them to another thread, or to hand the runtime's other work
//! to one. So a read is begun on the thread that asks for it, and interrupted when it takes longer than [`SHORT`]. It is
//! then begun again where the runtime knows that the thread is busy, and takes its time.

use super::{connect, statement};
use crate::{Error, Snapshot, Tx};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;

/// How long a read may hold a thread on which others wait: some forty times what the queries of a page take.
const SHORT: Duration = Duration::from_millis(1);
/// After how many steps of SQLite's machine the clock is looked at: some ten microseconds.
const STEPS: i32 = 1_000;

/// A few connections, opened as they are needed and kept.
#[derive(Debug)]
pub(crate) struct Readers {
    file: PathBuf,
    places: Semaphore,
    idle: Mutex<Vec<Reader>>,
}

impl Readers {
    /// Opens the first, so that a file that cannot be read is known at once.
    pub(crate) fn open(file: &Path) -> Result<Self, Error> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let first = Reader::open(file)?;
        Ok(Self {
            file: file.to_owned(),
            places: Semaphore::new((cores * 2).clamp(4, 32)),
            idle: Mutex::new(vec![first]),
        })
    }

    /// Waits for a connection and works with it on this very thread. The work is done anew if it turns out to be long.
    pub(crate) async fn lend<T, E: From<Error>>(&self, work: impl Fn(&Connection) -> Result<T, E>) -> Result<T, E> {
        let _place = self.places.acquire().await.map_err(|_| Error::Closed)?;
        // A runtime of one thread has no other to go on with: it simply waits.
        if !matches!(Handle::try_current().map(|handle| handle.runtime_flavor()), Ok(RuntimeFlavor::MultiThread)) {
            return self.patiently(work);
        }
        let short = self.take().and_then(|reader| {
            let outcome = reader.at_most(SHORT, &work);
            self.put(reader);
            outcome
        });
        short.unwrap_or_else(|| tokio::task::block_in_place(|| self.patiently(work)))
    }

    fn patiently<T, E: From<Error>>(&self, work: impl Fn(&Connection) -> Result<T, E>) -> Result<T, E> {
        let reader = self.take().map_or_else(|| Reader::open(&self.file), Ok)?;
        let outcome = work(&reader.connection);
        self.put(reader);
        outcome
    }

    fn take(&self) -> Option<Reader> {
        self.idle().pop()
    }

    /// Keeps a connection for the next. One that hangs in a transaction would show it an old database: it is closed.
    fn put(&self, reader: Reader) {
        if reader.connection.is_autocommit() {
            self.idle().push(reader);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[derive(Debug)]
struct Reader {
    connection: Connection,
    watch: Arc<Watch>,
}

impl Reader {
    fn open(file: &Path) -> Result<Self, Error> {
        let mut connection = connect(file)?;
        let failure = |error| Error::sqlite(error, "opening a reader").at(file);
        connection.pragma_update(None, "query_only", "on").map_err(failure)?;
        let watch = Arc::new(Watch::new());
        let looks = Arc::clone(&watch);
        connection.progress_handler(STEPS, Some(move || looks.is_over())).map_err(failure)?;
        Ok(Self { connection, watch })
    }

    /// Does the work, or gives `None` if it took longer.
    fn at_most<T>(&self, time: Duration, work: impl Fn(&Connection) -> T) -> Option<T> {
        self.watch.begin(time);
        let outcome = work(&self.connection);
        (!self.watch.end()).then_some(outcome)
    }
}

/// Interrupts a connection at a set time.
#[derive(Debug)]
struct Watch {
    since: Instant,
    /// In nanoseconds after `since`; never, outside of [`Reader::at_most`].
    until: AtomicU64,
    interrupted: AtomicBool,
}

const NEVER: u64 = u64::MAX;

impl Watch {
    fn new() -> Self {
        Self { since: Instant::now(), until: AtomicU64::new(NEVER), interrupted: AtomicBool::new(false) }
    }

    fn begin(&self, time: Duration) {
        self.interrupted.store(false, Ordering::Relaxed);
        self.until.store(nanoseconds(self.since.elapsed() + time), Ordering::Relaxed);
    }

    /// Ends the watch, and tells whether it interrupted.
    fn end(&self) -> bool {
        self.until.store(NEVER, Ordering::Relaxed);
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Asked by SQLite between its steps, on the thread that works.
    fn is_over(&self) -> bool {
        let until = self.until.load(Ordering::Relaxed);
        let over = until != NEVER && nanoseconds(self.since.elapsed()) > until;
        if over {
            self.interrupted.store(true, Ordering::Relaxed);
        }
        over
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(NEVER)
}

/// Reads within one transaction: SQLite's snapshot begins with the first statement that reads.
pub(crate) fn in_snapshot<T, E: From<Error>>(
    connection: &Connection,
    work: &impl Fn(&mut Snapshot<'_>) -> Result<T, E>,
) -> Result<T, E> {
    statement::execute(connection, "begin", &[])?;
    let outcome = Snapshot::run(Tx::sqlite_reading(connection), work);
    // Some failures have ended it already. If it cannot be ended, the connection is not used again.
    if !connection.is_autocommit() {
        let _ = statement::execute(connection, "commit", &[]);
    }
    outcome
}
