//! The jobs' side of `cargo xtask bench queue`: `bench_queue sqlite FOLDER` or `bench_queue postgres`.
//!
//! For each line with a number of jobs on standard input it runs them through all of their life and prints what it took as a line of
//! JSON. It ends when its standard input ends. Everything that is acknowledged is on the disk, on both engines.

#![allow(clippy::unwrap_used, reason = "an example may stop with a message")]

use jobfuture_db::{Clock, Db};
use jobfuture_jobs::{Failure, Job, Outcome, Queue, Rules, Ticket, Worker};
use jobfuture_testkit::PostgresServer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Jobs that are taken, and written off, at once.
const CLAIM: usize = 10;
/// Jobs that one transaction writes down.
const TOGETHER: usize = 10;
/// Transactions under way at once, and workers.
const AT_ONCE: usize = 8;
const FEW: usize = 1_000;
const MANY: usize = 100_000;
/// How often jobs are taken and written off before each backlog is measured, and while it is.
const WARM: usize = 20;
const TAKES: usize = 60;

/// Nothing is to be done, but what is told has a size.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Errand {
    number: usize,
    about: String,
}

impl Job for Errand {
    const KIND: &'static str = "errand";

    fn rules() -> Rules {
        Rules { at_once: 2 * CLAIM, ..Rules::default() }
    }
}

fn errands(count: usize) -> Vec<Errand> {
    (0..count).map(|number| Errand { number, about: "0193a3f0-7c1e-7d4c-9a57-2f0a1b3c4d5e".to_owned() }).collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (url, _server) = match arguments.as_slice() {
        ["sqlite", folder] => (format!("sqlite:{}", Path::new(folder).join("queue.db").display()), None),
        ["postgres"] => {
            let server = PostgresServer::start();
            let url = server.database();
            keep_what_is_acknowledged(&server);
            (url, Some(server))
        }
        _ => panic!("bench_queue sqlite FOLDER, or bench_queue postgres"),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let db = runtime.block_on(Db::open(&url)).unwrap();
    println!("{}", json!({ "ready": true }));
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        println!("{}", runtime.block_on(round(&db, line.trim().parse().unwrap())));
    }
}

/// Tests need no durability of their server, and have switched it off. Here it is what is measured.
fn keep_what_is_acknowledged(server: &PostgresServer) {
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        server.run("postgres", &format!("alter system set {setting} = on"));
    }
    server.run("postgres", "select pg_reload_conf()");
}

/// Jobs a second in each part of their life, and how long it takes to take some of few and of many.
async fn round(db: &Db, jobs: usize) -> Value {
    db.execute("delete from job", &[]).await.unwrap();
    let queue = Queue::new(db.clone(), Clock::system());
    let alone = per_second(jobs / 10, add(&queue, jobs / 10, 1)).await;
    drain(db, jobs / 10).await;
    let together = per_second(jobs, add(&queue, jobs, TOGETHER)).await;
    let drained = per_second(jobs, drain(db, jobs)).await;
    let whole = per_second(jobs, async { tokio::join!(add(&queue, jobs, TOGETHER), drain(db, jobs)) }).await;
    let mut takes = [0.0; 2];
    for (take, backlog) in takes.iter_mut().zip([FEW, MANY]) {
        let waiting: (i64,) = db.one("select count(*) from job", &[]).await.unwrap();
        add(&queue, backlog - usize::try_from(waiting.0).unwrap(), 500).await;
        *take = take_and_write_off(&queue).await;
    }
    db.execute("delete from job", &[]).await.unwrap();
    json!({
        "alone": alone, "together": together, "drained": drained, "whole": whole, "few_ms": takes[0], "many_ms": takes[1],
    })
}

async fn per_second<T>(jobs: usize, work: impl Future<Output = T>) -> f64 {
    let began = Instant::now();
    work.await;
    jobs as f64 / began.elapsed().as_secs_f64()
}

/// Writes jobs down, so many in a transaction, several transactions at once.
async fn add(queue: &Queue, jobs: usize, together: usize) {
    let left = Arc::new(AtomicUsize::new(jobs.div_ceil(together)));
    let adders = (0..AT_ONCE).map(|_| {
        let (left, queue, errands) = (left.clone(), queue.clone(), errands(together));
        tokio::spawn(async move {
            while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                add_once(&queue, &errands).await;
            }
        })
    });
    for adder in adders.collect::<Vec<_>>() {
        adder.await.unwrap();
    }
}

async fn add_once(queue: &Queue, errands: &[Errand]) {
    queue.enqueue_all(errands).await.unwrap();
}

/// Workers that take up to ten at once and do nothing with them, until so many have been done.
async fn drain(db: &Db, jobs: usize) {
    let (done, all_done) = (Arc::new(AtomicUsize::new(0)), Arc::new(tokio::sync::Semaphore::new(0)));
    let workers = (0..AT_ONCE).map(|_| {
        let (done, all_done, stop) = (done.clone(), all_done.clone(), all_done.clone());
        let worker = Worker::new(Queue::new(db.clone(), Clock::system())).at_once(2 * CLAIM).on(move |_: Errand| {
            if done.fetch_add(1, Ordering::SeqCst) + 1 == jobs {
                all_done.add_permits(AT_ONCE);
            }
            std::future::ready(Ok::<(), Failure>(()))
        });
        tokio::spawn(async move { worker.run(async { stop.acquire().await.unwrap().forget() }).await })
    });
    // A worker ends when the last jobs are written off.
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
}

/// Milliseconds, in the median, to take ten jobs and to write them off.
async fn take_and_write_off(queue: &Queue) -> f64 {
    let mut took = Vec::new();
    for at in 0..WARM + TAKES {
        let began = Instant::now();
        let (lease, taken) = queue.claim(Errand::KIND, CLAIM, Duration::from_secs(60)).await.unwrap();
        assert_eq!(taken.len(), CLAIM);
        let done: Vec<(Ticket, Outcome)> =
            taken.iter().map(|job| (Ticket { id: job.id, lease }, Outcome::Done)).collect();
        assert_eq!(queue.settle(&done).await.unwrap(), CLAIM as u64);
        if at >= WARM {
            took.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    took.sort_unstable_by(f64::total_cmp);
    took[took.len() / 2]
}
