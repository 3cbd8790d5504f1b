//! The connections that read.

use super::connect;
use crate::Error;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;

/// A few connections, opened as they are needed and kept.
#[derive(Debug)]
pub(crate) struct Readers {
    file: PathBuf,
    places: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Opens the first, so that a file that cannot be read is known at once.
    pub(crate) fn open(file: &Path) -> Result<Self, Error> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let first = reader(file)?;
        Ok(Self {
            file: file.to_owned(),
            places: Semaphore::new((cores * 2).clamp(4, 32)),
            idle: Mutex::new(vec![first]),
        })
    }

    /// Waits for a connection and works with it on this very thread: a hop to another costs more than most reads take.
    pub(crate) async fn lend<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let _place = self.places.acquire().await.map_err(|_| Error::Closed)?;
        here(|| {
            let idle = self.idle().pop();
            let connection = idle.map_or_else(|| reader(&self.file), Ok)?;
            let result = work(&connection);
            self.idle().push(connection);
            result
        })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn reader(file: &Path) -> Result<Connection, Error> {
    let connection = connect(file)?;
    connection
        .pragma_update(None, "query_only", "on")
        .map_err(|error| Error::sqlite(error, "pragma query_only").at(file))?;
    Ok(connection)
}

/// Runs blocking work here. The runtime is told when it has other threads to go on with; a runtime of one thread has
/// none, and simply waits the microseconds that a read takes.
fn here<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
