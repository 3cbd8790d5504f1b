//! What goes wrong: tried again later and later, given up, and told to the operator.

use crate::kit::{Errand, LEASE, errand, queue, rows};
use jiff::SignedDuration;
use jobfuture_db::{Clock, Db};
use jobfuture_jobs::{Backoff, Failure, Job, Queue, Rules, State, Worker};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Goes wrong in one way or another.
#[derive(Debug, Serialize, Deserialize)]
enum Trouble {
    Again,
    ForGood,
    Panics,
    PanicsAtOnce,
    TakesLong,
}

impl Job for Trouble {
    const KIND: &'static str = "trouble";

    fn rules() -> Rules {
        let backoff = Backoff { first: SignedDuration::from_mins(1), longest: SignedDuration::from_mins(3) };
        Rules { timeout: Duration::from_millis(100), most_attempts: 4, at_once: 2, backoff }
    }
}

fn worker(queue: &Queue) -> Worker {
    Worker::new(queue.clone()).on(|trouble: Trouble| {
        assert!(!matches!(trouble, Trouble::PanicsAtOnce), "as it was told");
        async move {
            match trouble {
                Trouble::Again => Err(Failure::again("the board did not answer")),
                Trouble::ForGood => Err(Failure::for_good("there is no such board")),
                Trouble::TakesLong => {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                    Ok(())
                }
                _ => panic!("as it was told"),
            }
        }
    })
}

/// The waits until each next attempt, in seconds.
async fn waits(queue: &Queue, clock: &Clock) -> Vec<f64> {
    let (worker, mut waits) = (worker(queue), Vec::new());
    loop {
        assert_eq!(worker.run_due().await, Ok(1));
        let failed = queue.failed(10).await.unwrap();
        let [one] = failed.as_slice() else { panic!("{failed:?}") };
        assert_eq!(one.attempts as usize, waits.len() + 1);
        let Some(due) = one.due_at else {
            assert_eq!(one.state, State::GaveUp);
            return waits;
        };
        let wait = due.duration_since(clock.now());
        waits.push(wait.as_secs_f64());
        clock.advance(wait - SignedDuration::from_micros(1));
        assert_eq!(worker.run_due().await, Ok(0), "not before its time");
        clock.advance(SignedDuration::from_micros(1));
    }
}

jobfuture_testkit::both_engines! {
    async fn waits_grow_and_in_the_end_it_is_given_up(db: Db) {
        let (queue, clock) = queue(&db);
        queue.enqueue(&Trouble::Again).await.unwrap();
        let waits = waits(&queue, &clock).await;
        assert_eq!(waits.len(), 3);
        for (wait, whole) in waits.iter().zip([60.0, 120.0, 180.0]) {
            assert!(*wait >= whole / 2.0 && *wait <= whole, "{waits:?}");
        }
        let failed = &queue.failed(10).await.unwrap()[0];
        assert_eq!((failed.kind.as_str(), failed.last_error.as_str()), ("trouble", "the board did not answer"));
        clock.advance(SignedDuration::from_hours(10_000));
        assert_eq!(worker(&queue).run_due().await, Ok(0), "what was given up is left alone");
    }

    async fn a_panic_and_a_timeout_are_failures_like_others(db: Db) {
        let (queue, _) = queue(&db);
        for (trouble, reason) in [
            (Trouble::Panics, "it panicked: the log says where"),
            (Trouble::PanicsAtOnce, "it panicked: the log says where"),
            (Trouble::TakesLong, "it was stopped after 0.1 s"),
        ] {
            queue.enqueue(&trouble).await.unwrap();
            worker(&queue).run_due().await.unwrap();
            let failed = queue.failed(10).await.unwrap();
            assert_eq!((failed[0].last_error.as_str(), failed[0].state), (reason, State::Waiting), "{trouble:?}");
            assert_eq!(queue.forget(failed[0].id).await, Ok(true));
        }
    }

    async fn a_failure_for_good_is_not_tried_again(db: Db) {
        let (queue, _) = queue(&db);
        queue.enqueue(&Trouble::ForGood).await.unwrap();
        worker(&queue).run_due().await.unwrap();
        let failed = &queue.failed(10).await.unwrap()[0];
        assert_eq!((failed.state, failed.attempts), (State::GaveUp, 1));
    }

    async fn a_job_that_kills_its_process_each_time_is_given_up(db: Db) {
        let (queue, clock) = queue(&db);
        queue.enqueue(&Trouble::Again).await.unwrap();
        let rules = Trouble::rules();
        for _ in 0..rules.most_attempts {
            assert_eq!(queue.claim(Trouble::KIND, 1, rules.timeout).await.unwrap().1.len(), 1);
            clock.advance(LEASE);
        }
        assert_eq!(worker(&queue).run_due().await, Ok(0));
        let failed = &queue.failed(10).await.unwrap()[0];
        assert_eq!(failed.state, State::GaveUp);
        assert!(failed.last_error.contains("not heard of again"), "{}", failed.last_error);
    }

    async fn a_payload_that_cannot_be_read_is_a_failure_with_its_place(db: Db) {
        let (queue, _) = queue(&db);
        queue.enqueue(&errand(1)).await.unwrap();
        db.execute("update job set payload = '{\"number\": \"ada@example.org\"}'", &[]).await.unwrap();
        let worker = Worker::new(queue.clone()).on(async |_: Errand| Ok(()));
        worker.run_due().await.unwrap();
        let failed = &queue.failed(10).await.unwrap()[0];
        assert!(failed.last_error.contains("line 1") && !failed.last_error.contains("ada"), "{}", failed.last_error);
    }

    async fn no_more_of_a_kind_run_at_once_than_its_rules_say(db: Db) {
        #[derive(Serialize, Deserialize)]
        struct Few;
        impl Job for Few {
            const KIND: &'static str = "few";
            fn rules() -> Rules {
                Rules { at_once: 3, ..Rules::default() }
            }
        }
        let (queue, _) = queue(&db);
        for _ in 0..20 {
            queue.enqueue(&Few).await.unwrap();
        }
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (now, peak) = (running.clone(), most.clone());
        let worker = Worker::new(queue.clone()).on(move |_: Few| {
            let (now, peak) = (now.clone(), peak.clone());
            async move {
                peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(5)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        });
        assert_eq!(worker.run_due().await, Ok(20));
        assert_eq!((running.load(Ordering::SeqCst), most.load(Ordering::SeqCst)), (0, 3));
        assert_eq!(rows(&db).await, 0);
    }
}
