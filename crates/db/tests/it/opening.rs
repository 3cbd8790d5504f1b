//! Opening a database: making it, migrating it, refusing it.

use jobfuture_db::{Db, Engine, Error, params};
use jobfuture_testkit::{PostgresServer, both_engines};
use std::path::Path;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

fn sqlite(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// A fresh database of each engine.
fn fresh(folder: &tempfile::TempDir) -> [String; 2] {
    [sqlite(&folder.path().join("fresh.db")), PostgresServer::shared().database()]
}

both_engines! {
    async fn the_first_table_is_there(db: Db) {
        let at: jiff::Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let values = params!["key", "django", "lazy", "Django 5.2.19", at, true, 12_i64];
        let sql = "insert into proof_run (key, guide, proof, versions, proved_at, passed, millis)
                   values ($1, $2, $3, $4, $5, $6, $7)
                   on conflict (key) do update set proved_at = excluded.proved_at";
        db.execute(sql, values).await.unwrap();
        db.execute(sql, values).await.unwrap();
        let found: (bool, i64) = db.one("select passed, millis from proof_run", &[]).await.unwrap();
        assert_eq!(found, (true, 12));
    }
}

#[test]
fn what_was_written_is_there_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    for url in fresh(&folder) {
        block_on(async {
            let db = Db::open(&url).await.unwrap();
            db.execute("create table kept (word text)", &[]).await.unwrap();
            db.execute("insert into kept values ('word')", &[]).await.unwrap();
            drop(db);
            let db = Db::open(&url).await.unwrap();
            assert_eq!(db.one::<(String,)>("select word from kept", &[]).await.unwrap().0, "word");
        });
    }
}

/// Several processes start at once, as after a reboot; each opens its own connection, so tasks show it as well.
/// Steps are numbered from 1 without a gap, so the number of the last is how many there are.
fn steps_of_the_schema() -> i64 {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name[..4].parse::<i64>().ok()).max().unwrap()
}

#[test]
fn many_may_open_a_fresh_database_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for url in fresh(&folder) {
        block_on(async {
            let openings = (0..8).map(|_| {
                let url = url.clone();
                tokio::spawn(async move { Db::open(&url).await })
            });
            for opening in openings.collect::<Vec<_>>() {
                let db = opening.await.unwrap().unwrap();
                let (steps,): (i64,) = db.one("select count(*) from refinery_schema_history", &[]).await.unwrap();
                assert_eq!(steps, steps_of_the_schema());
            }
        });
    }
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for url in fresh(&folder) {
        block_on(async {
            let db = Db::open(&url).await.unwrap();
            let sql = "insert into refinery_schema_history values (99, 'future', '2030-01-01T00:00:00Z', '1')";
            db.execute(sql, &[]).await.unwrap();
            drop(db);
            let error = Db::open(&url).await.unwrap_err();
            assert_eq!(error, Error::NewerSchema { found: 99, known: steps_of_the_schema() });
            assert!(error.to_string().contains("newer release"), "{error}");
        });
    }
}

#[test]
fn an_edited_step_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for url in fresh(&folder) {
        block_on(async {
            let db = Db::open(&url).await.unwrap();
            db.execute("update refinery_schema_history set checksum = '1'", &[]).await.unwrap();
            drop(db);
            let error = Db::open(&url).await.unwrap_err();
            assert!(matches!(&error, Error::Migration { detail } if detail.contains("different")), "{error:?}");
        });
    }
}

#[test]
fn a_folder_that_is_not_there_is_unwritable() {
    let folder = tempfile::tempdir().unwrap();
    let error = block_on(Db::open(&sqlite(&folder.path().join("nowhere/a.db")))).unwrap_err();
    assert!(matches!(&error, Error::Unwritable { path, .. } if path.ends_with("nowhere/a.db")), "{error:?}");
}

#[test]
fn a_file_that_is_no_database_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.db");
    std::fs::write(&file, "Dear Sir or Madam, ".repeat(1_000)).unwrap();
    let error = block_on(Db::open(&sqlite(&file))).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("Dear"), "it was not touched");
}

/// Root may write anywhere, so the test becomes somebody else, on a thread of its own (Linux counts that by thread).
#[test]
fn a_folder_or_file_that_may_not_be_written_is_unwritable() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    drop(block_on(Db::open(&sqlite(&file))).unwrap());
    let set_mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    };
    for (folder_mode, file_mode) in [(0o555, 0o644), (0o777, 0o444)] {
        set_mode(folder.path(), folder_mode);
        set_mode(&file, file_mode);
        let name = if file_mode == 0o644 { "new.db" } else { "a.db" };
        let url = sqlite(&folder.path().join(name));
        let error = as_somebody_else(move || block_on_here(Db::open(&url)).unwrap_err());
        assert!(matches!(&error, Error::Unwritable { path, .. } if path.ends_with(name)), "{error:?}");
    }
    set_mode(folder.path(), 0o755);
}

fn block_on_here<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn as_somebody_else<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::spawn(|| {
        // SAFETY: changes only which user this thread, and those that it starts, are to the file system.
        unsafe { libc::setfsuid(65_534) };
        work()
    });
    thread.join().unwrap()
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let folder = tempfile::tempdir().unwrap();
    let host = folder.path().display().to_string().replace('/', "%2F");
    for url in [format!("postgres://postgres@{host}/x"), PostgresServer::shared().url("no_such_database")] {
        let error = block_on(Db::open(&url)).unwrap_err();
        assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    }
}

/// A runtime of one thread has nobody to hand its work to: it must neither panic nor wait for itself.
#[test]
fn a_runtime_of_one_thread_does_not_block_itself() {
    let folder = tempfile::tempdir().unwrap();
    for url in fresh(&folder) {
        block_on_here(async {
            let db = Db::open(&url).await.unwrap();
            let sql = "insert into proof_run values ('k', 'g', 'p', 'v', $1, $2, 1)";
            let at: jiff::Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
            db.transaction(move |tx| tx.execute(sql, params![at, true])).await.unwrap();
            let (runs,): (i64,) = db.one("select count(*) from proof_run", &[]).await.unwrap();
            assert_eq!(runs, 1);
            assert!(matches!(db.engine(), Engine::Sqlite | Engine::Postgres));
        });
    }
}
