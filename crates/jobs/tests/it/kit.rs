//! What the tests share: a kind of job, a clock, and a note of what ran.

use jiff::SignedDuration;
use jobfuture_db::{Clock, Db};
use jobfuture_jobs::{Failure, Job, Queue, Worker};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A job with a number, and a key if it is given one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Errand {
    pub number: i64,
    pub key: Option<String>,
}

impl Job for Errand {
    const KIND: &'static str = "errand";

    fn key(&self) -> Option<String> {
        self.key.clone()
    }
}

pub fn errand(number: i64) -> Errand {
    Errand { number, key: None }
}

pub fn keyed(number: i64, key: &str) -> Errand {
    Errand { number, key: Some(key.to_owned()) }
}

/// A minute, and what is added to it.
pub const MINUTE: Duration = Duration::from_secs(60);
pub const LEASE: SignedDuration = SignedDuration::from_secs(90);

pub fn clock() -> Clock {
    Clock::fixed("2026-11-22T10:00:00Z".parse().unwrap())
}

pub fn queue(db: &Db) -> (Queue, Clock) {
    let clock = clock();
    (Queue::new(db.clone(), clock.clone()), clock)
}

/// Numbers of the errands that ran, in order.
#[derive(Clone, Default)]
pub struct Ran(Arc<Mutex<Vec<i64>>>);

impl Ran {
    pub fn add(&self, number: i64) {
        self.0.lock().unwrap().push(number);
    }

    pub fn all(&self) -> Vec<i64> {
        self.0.lock().unwrap().clone()
    }

    /// A worker that notes each errand, and does nothing else.
    pub fn worker(&self, queue: &Queue) -> Worker {
        let ran = self.clone();
        Worker::new(queue.clone()).on(move |errand: Errand| {
            let ran = ran.clone();
            async move {
                ran.add(errand.number);
                Ok::<(), Failure>(())
            }
        })
    }
}

/// Waits, in real time, until something is so; fails after ten seconds.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..1_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it was not so after ten seconds: {what}");
}

/// How many rows the queue has.
pub async fn rows(db: &Db) -> i64 {
    let (rows,): (i64,) = db.one("select count(*) from job", &[]).await.unwrap();
    rows
}
