//! The schema, brought up to date in numbered steps that both engines share.
//!
//! A step is `migrations/NNNN_name.sql`. Where one text cannot serve both engines (beyond `create table`, `create index`
//! and `alter table … add column` few can), it is two files, `NNNN_name.sqlite.sql` and `NNNN_name.postgres.sql`, and is
//! listed as `apart`. A step that has been released is never edited: refinery compares checksums.

use crate::{Engine, Error};
use refinery::{Migration, Runner, error::Kind};
use std::path::Path;

/// One step, as each engine is told it.
struct Step {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! step {
    ($name:literal) => {
        step!($name, concat!($name, ".sql"), concat!($name, ".sql"))
    };
    ($name:literal, apart) => {
        step!($name, concat!($name, ".sqlite.sql"), concat!($name, ".postgres.sql"))
    };
    ($name:literal, $sqlite:expr, $postgres:expr) => {
        Step {
            name: $name,
            sqlite: include_str!(concat!("../migrations/", $sqlite)),
            postgres: include_str!(concat!("../migrations/", $postgres)),
        }
    };
}

/// Every step, oldest first; `step!("0002_x", apart)` for one that is two files.
const STEPS: &[Step] = &[
    step!("0001_proof_run"),
    step!("0002_account"),
    step!("0003_check"),
    step!("0004_oidc"),
    step!("0005_disclosure"),
    step!("0006_seal_checks"),
    step!("0007_company_proof"),
    step!("0008_vacancy"),
    step!("0009_job"),
    step!("0010_board"),
    step!("0011_pool"),
    step!("0012_introduction"),
    step!("0013_kit"),
];

/// Migrates a SQLite file while a lock on its folder keeps other processes waiting.
///
/// The folder is locked and not the file: closing any descriptor of the file would drop SQLite's own locks on it.
pub(crate) fn sqlite(connection: &mut rusqlite::Connection, file: &Path) -> Result<(), Error> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _lock = std::fs::File::open(folder)
        .and_then(|folder| folder.lock().map(|()| folder))
        .map_err(|error| Error::Unwritable { path: file.display().to_string(), detail: error.to_string() })?;
    // A step may rebuild a table that others point to, as SQLite's manual describes; the pointers are checked afterwards.
    pragma(connection, "foreign_keys", "off")?;
    let report = runner(Engine::Sqlite)?.run(connection).map_err(failure)?;
    pragma(connection, "foreign_keys", "on")?;
    if report.applied_migrations().is_empty() { Ok(()) } else { check_pointers(connection) }
}

fn pragma(connection: &rusqlite::Connection, name: &str, value: &str) -> Result<(), Error> {
    connection.pragma_update(None, name, value).map_err(|error| Error::sqlite(error, name))
}

fn check_pointers(connection: &rusqlite::Connection) -> Result<(), Error> {
    let sql = "select count(*), coalesce(min(\"table\"), '') from pragma_foreign_key_check";
    let (broken, table): (i64, String) = connection
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(|error| Error::sqlite(error, sql))?;
    if broken == 0 {
        return Ok(());
    }
    Err(Error::Migration { detail: format!("{broken} rows of “{table}” and others point to nothing") })
}

/// Migrates a PostgreSQL database while `lock`, another connection to it, holds an advisory lock.
///
/// The lock ends with its transaction, so that it works through a connection pooler too.
pub(crate) async fn postgres(client: &mut tokio_postgres::Client, lock: &tokio_postgres::Client) -> Result<(), Error> {
    let take = "begin; select pg_advisory_xact_lock(7462037419)";
    lock.batch_execute(take).await.map_err(|error| Error::postgres(&error, take))?;
    let done = runner(Engine::Postgres)?.run_async(client).await.map_err(failure);
    lock.batch_execute("commit").await.map_err(|error| Error::postgres(&error, "commit"))?;
    done.map(|_| ())
}

fn runner(engine: Engine) -> Result<Runner, Error> {
    let steps = STEPS.iter().map(|step| {
        let (number, name) = step.name.split_once('_').unwrap_or((step.name, ""));
        Migration::unapplied(&format!("V{number}__{name}"), engine.pick(step.sqlite, step.postgres)).map_err(failure)
    });
    Ok(Runner::new(&steps.collect::<Result<Vec<_>, _>>()?))
}

/// The newest step that this release knows.
fn known() -> i64 {
    let newest = STEPS.last().and_then(|step| step.name.split('_').next());
    newest.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn failure(error: refinery::Error) -> Error {
    match error.kind() {
        Kind::MissingVersion(found) if i64::from(found.version()) > known() => {
            Error::NewerSchema { found: found.version().into(), known: known() }
        }
        Kind::Connection(..) => connection_failure(&error),
        _ => Error::Migration { detail: crate::error::chain(&error) },
    }
}

/// What the engine said while a step ran: a full disk or a locked file is told as such.
fn connection_failure(error: &refinery::Error) -> Error {
    let detail = crate::error::chain(error);
    let cause = std::error::Error::source(error);
    let sqlite =
        cause.and_then(|cause| cause.downcast_ref::<rusqlite::Error>()).map(|cause| Error::sqlite_ref(cause, ""));
    let postgres = || cause.and_then(|cause| cause.downcast_ref()).map(|cause| Error::postgres(cause, ""));
    match sqlite.or_else(postgres) {
        Some(error @ (Error::DiskFull | Error::Busy { .. } | Error::Unwritable { .. } | Error::Unreachable { .. })) => {
            error
        }
        _ => Error::Migration { detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_step_and_the_steps_are_numbered_without_gaps() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| name.split('.').next().unwrap().to_owned())
            .collect();
        files.sort();
        files.dedup();
        assert_eq!(files, STEPS.iter().map(|step| step.name).collect::<Vec<_>>());
        for (at, step) in STEPS.iter().enumerate() {
            assert!(step.name.starts_with(&format!("{:04}_", at + 1)), "{}", step.name);
        }
    }
}
