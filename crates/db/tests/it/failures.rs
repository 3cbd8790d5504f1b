//! The same failure is the same error on both engines, and leaves the database whole.

use jobfuture_db::{Db, Error, params};
use jobfuture_testkit::{PostgresServer, both_engines, on_sqlite};
use std::path::Path;

async fn shelves(db: &Db) {
    db.execute("create table shelf (name text primary key)", &[]).await.unwrap();
    db.execute(
        "create table book (title text not null, shelf text references shelf (name) on delete restrict, pages bigint check (pages > 0))",
        &[],
    )
    .await
    .unwrap();
    db.execute("insert into shelf values ('low')", &[]).await.unwrap();
    db.execute("insert into book values ('Emma', 'low', 400)", &[]).await.unwrap();
}

both_engines! {
    async fn a_second_row_of_the_same_key_is_unique(db: Db) {
        shelves(&db).await;
        let error = db.execute("insert into shelf values ($1)", params!["low"]).await.unwrap_err();
        assert!(matches!(&error, Error::Unique { table, .. } if table == "shelf"), "{error:?}");
    }

    async fn a_pointer_to_nothing_is_a_foreign_key(db: Db) {
        shelves(&db).await;
        for sql in ["insert into book values ('x', 'high', 1)", "delete from shelf"] {
            let error = db.execute(sql, &[]).await.unwrap_err();
            assert!(matches!(&error, Error::ForeignKey { .. }), "{sql}: {error:?}");
        }
    }

    async fn what_the_schema_forbids_is_refused(db: Db) {
        shelves(&db).await;
        for sql in ["insert into book values ('x', 'low', 0)", "insert into book values (null, 'low', 1)"] {
            let error = db.execute(sql, &[]).await.unwrap_err();
            assert!(matches!(&error, Error::Refused { .. }), "{sql}: {error:?}");
        }
    }

    /// One bad write among many that share a commit fails by itself.
    async fn a_failed_write_takes_nobody_with_it(db: Db) {
        shelves(&db).await;
        let writes = (0..50).map(|number| {
            let db = db.clone();
            let name = if number % 10 == 0 { "low".to_owned() } else { format!("shelf {number}") };
            tokio::spawn(async move { db.execute("insert into shelf values ($1)", params![name]).await.is_ok() })
        });
        let mut kept = 0;
        for write in writes.collect::<Vec<_>>() {
            kept += i64::from(write.await.unwrap());
        }
        let (rows,): (i64,) = db.one("select count(*) from shelf", &[]).await.unwrap();
        assert_eq!((kept, rows), (45, 46));
    }
}

/// Another process that holds the file for longer than our patience.
#[test]
fn a_file_that_another_process_holds_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("held.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open(&format!("sqlite:{}", file.display())).await.unwrap();
        let holder = rusqlite::Connection::open(&file).unwrap();
        holder.execute_batch("begin immediate").unwrap();
        let error = db.execute("create table x (y bigint)", &[]).await.unwrap_err();
        assert!(matches!(error, Error::Busy { .. }), "{error:?}");
        let (runs,): (i64,) = db.one("select count(*) from proof_run", &[]).await.unwrap();
        assert_eq!(runs, 0, "reads go on");
        holder.execute_batch("commit").unwrap();
        db.execute("create table x (y bigint)", &[]).await.unwrap();
    });
}

/// SQLite takes back the whole transaction when its file cannot grow: the small writes beside the large one are kept.
#[test]
fn a_file_that_may_not_grow_fails_only_who_needs_the_room() {
    on_sqlite(|db| async move {
        db.execute("create table heap (words text)", &[]).await.unwrap();
        let (pages,): (i64,) = db.one("pragma page_count", &[]).await.unwrap();
        let limit = format!("pragma max_page_count = {}", pages + 20);
        db.transaction(move |tx| tx.one::<(i64,)>(&limit, &[])).await.unwrap();
        let writes = (0..40).map(|number| {
            let db = db.clone();
            let words = "x".repeat(if number == 20 { 4_000_000 } else { 10 });
            tokio::spawn(async move { db.execute("insert into heap values ($1)", params![words]).await })
        });
        let mut outcomes = Vec::new();
        for write in writes.collect::<Vec<_>>() {
            outcomes.push(write.await.unwrap());
        }
        let failures: Vec<&Error> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        assert_eq!(failures, [&Error::DiskFull]);
        let (rows,): (i64,) = db.one("select count(*) from heap", &[]).await.unwrap();
        assert_eq!(rows, 39);
    });
}

const FULL_DISK: &str = "JOBFUTURE_TEST_FULL_DISK";

/// A disk of 4 MiB that fills up: the error says so, what was acknowledged is whole, and room mends it.
#[test]
fn a_full_disk_is_a_clear_error_and_no_damage() {
    if let Some(folder) = std::env::var_os(FULL_DISK) {
        return fill_the_disk(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=4m none \"$0\" || exit 77; exec \"$1\" --exact failures::a_full_disk_is_a_clear_error_and_no_damage";
    let run = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .args([folder.path(), &std::env::current_exe().unwrap()])
        .env(FULL_DISK, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    if said.contains("unshare") || run.status.code() == Some(77) {
        return println!("not run: this machine lets nobody mount a small disk ({})", said.trim());
    }
    assert!(run.status.success(), "{}{said}", String::from_utf8_lossy(&run.stdout));
}

fn fill_the_disk(folder: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = format!("sqlite:{}", folder.join("small.db").display());
    runtime.block_on(async {
        let db = Db::open(&url).await.unwrap();
        db.execute("create table heap (words text)", &[]).await.unwrap();
        let mut kept = 0_i64;
        let error = loop {
            match db.execute("insert into heap values ($1)", params!["x".repeat(5_000)]).await {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
            assert!(kept < 1_000, "a disk of 4 MiB never filled up");
        };
        assert_eq!(error, Error::DiskFull);
        let count = |db: Db| async move { db.one::<(i64,)>("select count(*) from heap", &[]).await.unwrap().0 };
        assert_eq!(count(db.clone()).await, kept);
        drop(db);
        let db = Db::open(&url).await.unwrap();
        assert_eq!(count(db.clone()).await, kept, "what was acknowledged is whole");
        let (verdict,): (String,) = db.one("pragma integrity_check", &[]).await.unwrap();
        assert_eq!(verdict, "ok");
    });
}

#[test]
fn a_server_that_dies_is_unreachable() {
    let server = PostgresServer::start();
    let url = server.database();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open(&url).await.unwrap();
        server.stop();
        for _ in 0..3 {
            let error = db.execute("delete from proof_run", &[]).await.unwrap_err();
            assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
            let error = db.transaction(|tx| tx.execute("delete from proof_run", &[])).await.unwrap_err();
            assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
        }
    });
}
