//! SQLite: several connections that read, one thread that writes.

mod readers;
pub(crate) mod statement;
mod writer;

use crate::{Error, OwnedRecord, Snapshot, Tx, Value, migrate};
use readers::Readers;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use writer::Writer;

/// How long a connection waits for another process that holds the file.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Sqlite {
    file: PathBuf,
    readers: Readers,
    writer: Writer,
}

impl Sqlite {
    /// Opens and migrates the file. It blocks, so it runs beside the runtime's own threads.
    pub(crate) async fn open(file: PathBuf) -> Result<Self, Error> {
        let opening = tokio::task::spawn_blocking(move || {
            let mut connection = connect(&file)?;
            migrate::sqlite(&mut connection, &file).map_err(|error| error.at(&file))?;
            let readers = Readers::open(&file)?;
            let writer = Writer::start(connection)?;
            Ok(Self { file, readers, writer })
        });
        opening.await.map_err(|error| Error::Other { detail: error.to_string() })?
    }

    /// Reads at once; a statement that turns out to write is handed to the writer.
    pub(crate) async fn rows<T: OwnedRecord>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        most: usize,
    ) -> Result<Vec<T>, Error> {
        let read = self.readers.lend(|connection| statement::read(connection, sql, params, most)).await?;
        if let Some(rows) = read {
            return Ok(rows);
        }
        let (sql, params) = owned(sql, params);
        self.write(move |connection| statement::rows(connection, &sql, &params, most)).await
    }

    /// Runs reads on one snapshot.
    pub(crate) async fn read<T, E: From<Error>>(
        &self,
        work: impl Fn(&mut Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.lend(move |connection| readers::in_snapshot(connection, &work)).await
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
        let (sql, params) = owned(sql, params);
        self.write(move |connection| statement::execute(connection, &sql, &params)).await
    }

    /// One statement is atomic by itself: it needs no savepoint within its group.
    async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer.run(work, false).await.map_err(|error: Error| error.at(&self.file))
    }

    pub(crate) async fn transaction<T, E, F>(&self, work: F, alone: bool) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.run(move |connection| writer::in_savepoint(connection, &work), alone).await
    }
}

fn owned(sql: &str, params: &[Value<'_>]) -> (String, Vec<Value<'static>>) {
    (sql.to_owned(), params.iter().map(|value| value.clone().into_owned()).collect())
}

/// A connection with the settings that the promises of this crate rest on.
fn connect(file: &Path) -> Result<Connection, Error> {
    let failure = |error| Error::sqlite(error, "opening").at(file);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(failure)?;
    connection.busy_timeout(PATIENCE).map_err(failure)?;
    // A file that may only be read is opened without a word, and fails at the first write: say it now.
    if connection.is_readonly("main").map_err(failure)? {
        return Err(Error::Unwritable { path: file.display().to_string(), detail: "it may only be read".into() });
    }
    let mode: String = connection.query_row("pragma journal_mode = wal", [], |row| row.get(0)).map_err(failure)?;
    if mode != "wal" {
        let detail = "its file system has no shared memory for a write-ahead log: use a local disk".to_owned();
        return Err(Error::Unwritable { path: file.display().to_string(), detail });
    }
    connection
        .execute_batch(
            "pragma synchronous = full;
             pragma foreign_keys = on;
             pragma trusted_schema = off;
             pragma journal_size_limit = 67108864;",
        )
        .map_err(failure)?;
    // Plans that do not depend on the values bound: else each use of a cached statement plans it anew, because the driver
    // clears its bindings when it goes back into the cache. Nearly a third of a read's time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failure)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}
