//! `kill -9` in mid-write loses nothing that was acknowledged.

use jobfuture_db::{Db, params};
use jobfuture_testkit::PostgresServer;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

const ADDRESS: &str = "JOBFUTURE_TEST_WRITE_UNTIL_KILLED";

#[test]
fn a_killed_process_loses_no_acknowledged_write_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    kill_three_times(&format!("sqlite:{}", folder.path().join("crash.db").display()));
}

#[test]
fn a_killed_process_loses_no_acknowledged_write_on_postgres() {
    kill_three_times(&PostgresServer::shared().database());
}

/// What the killed process is: this test, run again with an address.
#[test]
fn writes_until_killed_when_it_is_the_child() {
    if let Ok(url) = std::env::var(ADDRESS) {
        tokio::runtime::Runtime::new().unwrap().block_on(write_for_ever(&url));
    }
}

/// Half of the writers write single statements, half transactions; each says what was acknowledged.
async fn write_for_ever(url: &str) {
    let db = Db::open(url).await.unwrap();
    let writers: Vec<_> = (0..16).map(|writer| tokio::spawn(write_and_tell(db.clone(), writer))).collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn write_and_tell(db: Db, writer: u32) {
    let sql = "insert into written values ($1)";
    loop {
        let key = uuid::Uuid::now_v7();
        if writer.is_multiple_of(2) {
            db.execute(sql, params![key]).await.unwrap();
        } else {
            db.transaction(move |tx| tx.execute(sql, params![key])).await.unwrap();
        }
        // One line, one call: a line that arrives is whole. Not `println`, which the test harness keeps to itself.
        let line = format!("written {key}\n");
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    }
}

fn kill_three_times(url: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let open = || runtime.block_on(Db::open(url)).unwrap();
    runtime.block_on(open().execute("create table written (key uuid primary key)", &[])).unwrap();
    let mut acknowledged = HashSet::new();
    for _ in 0..3 {
        acknowledged.extend(keys_of_a_killed_writer(url));
        let found: Vec<(uuid::Uuid,)> = runtime.block_on(open().all("select key from written", &[])).unwrap();
        let found: HashSet<_> = found.into_iter().map(|(key,)| key).collect();
        let lost = acknowledged.difference(&found).count();
        assert_eq!(lost, 0, "of {} acknowledged writes", acknowledged.len());
    }
    println!("{} acknowledged writes, none lost", acknowledged.len());
}

/// Runs a writer until it has told of 300 writes, kills it, and gathers all that it told.
fn keys_of_a_killed_writer(url: &str) -> Vec<uuid::Uuid> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::writes_until_killed_when_it_is_the_child", "--nocapture"])
        .env(ADDRESS, url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keys = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Some(key) = line.unwrap().strip_prefix("written ").and_then(|key| key.parse().ok()) else { continue };
        keys.push(key);
        if keys.len() == 300 {
            // `Child::kill` sends SIGKILL: nothing of the process runs after it.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(keys.len() >= 300, "the writer ended by itself after {} writes", keys.len());
    keys
}
