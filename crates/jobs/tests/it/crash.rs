//! `kill -9` in the midst of work loses no job.

use crate::kit::{Errand, errand, rows};
use jiff::SignedDuration;
use jobfuture_db::{Clock, Db, params};
use jobfuture_jobs::{Failure, Queue, Worker};
use jobfuture_testkit::PostgresServer;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

const ADDRESS: &str = "JOBFUTURE_TEST_WORK_UNTIL_KILLED";
const JOBS: i64 = 600;

#[test]
fn a_killed_worker_loses_no_job_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    kill_three_times(&format!("sqlite:{}", folder.path().join("crash.db").display()));
}

#[test]
fn a_killed_worker_loses_no_job_on_postgres() {
    kill_three_times(&PostgresServer::shared().database());
}

/// What the killed process is: this test, run again with an address.
#[test]
fn works_until_killed_when_it_is_the_child() {
    if let Ok(url) = std::env::var(ADDRESS) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let db = Db::open(&url).await.unwrap();
            worker(&db, Clock::system(), Tells::Of).run(std::future::pending()).await;
        });
    }
}

/// Whether a worker says on the standard output what ran. Then it also takes its time.
#[derive(Clone, Copy, PartialEq)]
enum Tells {
    Of,
    Nothing,
}

/// Notes each run in a table.
fn worker(db: &Db, clock: Clock, tells: Tells) -> Worker {
    let noted = db.clone();
    Worker::new(Queue::new(db.clone(), clock)).at_once(8).on(move |errand: Errand| {
        let db = noted.clone();
        async move {
            db.execute("insert into ran values ($1)", params![errand.number]).await?;
            if tells == Tells::Nothing {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
            // One line, one call: a line that arrives is whole.
            let line = format!("ran {}\n", errand.number);
            std::io::stdout().lock().write_all(line.as_bytes()).map_err(|_| Failure::again("nobody listens"))
        }
    })
}

fn kill_three_times(url: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(Db::open(url)).unwrap();
    runtime.block_on(async {
        db.execute("create table ran (number bigint not null)", &[]).await.unwrap();
        let (errands, queue) = ((0..JOBS).map(errand).collect::<Vec<_>>(), Queue::new(db.clone(), Clock::system()));
        db.transaction(move |tx| queue.add_all(tx, &errands)).await.unwrap();
    });
    for _ in 0..3 {
        kill_after(url, 60);
    }
    runtime.block_on(async {
        let left = rows(&db).await;
        assert!(left > 0 && left < JOBS, "{left} of {JOBS} jobs are left");
        // The leases of the dead run out.
        #[expect(clippy::disallowed_methods, reason = "later than the clock of a process that has ended")]
        let later = Clock::fixed(jiff::Timestamp::now() + SignedDuration::from_mins(10));
        worker(&db, later, Tells::Nothing).run_due().await.unwrap();
        assert_eq!(rows(&db).await, 0);
        let runs: Vec<(i64, i64)> =
            db.all("select number, count(*) as runs from ran group by number order by number", &[]).await.unwrap();
        let runs: BTreeMap<i64, i64> = runs.into_iter().collect();
        assert_eq!(runs.len() as i64, JOBS, "each job ran");
        // Only what was under way when a process was killed, eight at a time, ran again.
        let again: i64 = runs.values().map(|runs| runs - 1).sum();
        assert!(again <= 3 * 16, "{again} runs too many");
    });
}

/// Runs a worker until it has told of so many jobs, and kills it.
fn kill_after(url: &str, jobs: usize) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::works_until_killed_when_it_is_the_child", "--nocapture"])
        .env(ADDRESS, url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ran = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        ran += usize::from(line.unwrap().starts_with("ran "));
        if ran == jobs {
            // `Child::kill` sends SIGKILL: nothing of the process runs after it.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(ran >= jobs, "the worker ended by itself after {ran} jobs");
}
