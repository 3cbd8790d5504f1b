//! Jobs that come again.

use crate::kit::{Ran, clock, rows};
use jiff::SignedDuration;
use jobfuture_db::{Clock, Db};
use jobfuture_jobs::{Failure, Job, Queue, Rules, State, Worker};
use jobfuture_testkit::PostgresServer;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Sweep;

impl Job for Sweep {
    const KIND: &'static str = "sweep";

    fn rules() -> Rules {
        Rules { most_attempts: 1, ..Rules::default() }
    }
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn sweeper(queue: &Queue, every: SignedDuration, ran: &Ran) -> Worker {
    let ran = ran.clone();
    Worker::new(queue.clone()).every(every, Sweep, move |_| {
        let ran = ran.clone();
        async move {
            ran.add(1);
            Ok(())
        }
    })
}

/// Two handles on one database, as two processes have them.
async fn two_processes(url: &str) {
    let clock = clock();
    let (first, second) = (Db::open(url).await.unwrap(), Db::open(url).await.unwrap());
    let ran = Ran::default();
    let workers = [&first, &second].map(|db| sweeper(&Queue::new((*db).clone(), clock.clone()), HOUR, &ran));
    for hour in 1..=20 {
        let [one, other] = &workers;
        let (one, other) = tokio::join!(one.run_due(), other.run_due());
        assert_eq!((ran.all().len(), one.unwrap() + other.unwrap()), (hour, 1), "in hour {hour}");
        clock.advance(HOUR);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_one_runs_it_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    two_processes(&format!("sqlite:{}", folder.path().join("two.db").display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_one_runs_it_on_postgres() {
    two_processes(&PostgresServer::shared().database()).await;
}

async fn next(queue: &Queue, clock: &Clock) -> SignedDuration {
    queue.recurring().await.unwrap()[0].next_at.duration_since(clock.now())
}

jobfuture_testkit::both_engines! {
    async fn what_was_missed_is_not_made_up_for_and_the_series_keeps_its_times(db: Db) {
        let clock = clock();
        let queue = Queue::new(db.clone(), clock.clone());
        let ran = Ran::default();
        let worker = sweeper(&queue, HOUR, &ran);
        assert_eq!(worker.run_due().await, Ok(1), "for the first time at once");
        assert_eq!(next(&queue, &clock).await, HOUR);
        clock.advance(HOUR * 5 + SignedDuration::from_mins(10));
        assert_eq!(worker.run_due().await, Ok(1));
        assert_eq!(next(&queue, &clock).await, SignedDuration::from_mins(50));
        let all = queue.recurring().await.unwrap();
        assert_eq!((all[0].kind.as_str(), all[0].every_seconds, all[0].state), ("sweep", 3600, None));
    }

    async fn a_release_with_another_pace_is_followed(db: Db) {
        let clock = clock();
        let queue = Queue::new(db.clone(), clock.clone());
        let ran = Ran::default();
        sweeper(&queue, HOUR * 24, &ran).run_due().await.unwrap();
        assert_eq!(next(&queue, &clock).await, HOUR * 24);
        sweeper(&queue, HOUR, &ran).run_due().await.unwrap();
        assert_eq!(next(&queue, &clock).await, HOUR, "sooner, but not at once");
        sweeper(&queue, HOUR * 24, &ran).run_due().await.unwrap();
        assert_eq!((next(&queue, &clock).await, ran.all().len()), (HOUR, 1), "later from the next time on");
    }

    async fn while_the_last_one_has_not_ended_none_is_made(db: Db) {
        let clock = clock();
        let queue = Queue::new(db.clone(), clock.clone());
        let ran = Ran::default();
        let worker = sweeper(&queue, SignedDuration::from_secs(10), &ran);
        worker.run_due().await.unwrap();
        clock.advance(SignedDuration::from_secs(10));
        // Somebody takes it and is at it for long.
        let idle = Worker::new(queue.clone()).every(SignedDuration::from_secs(10), Sweep, async |_| {
            std::future::pending::<()>().await;
            Ok(())
        });
        let stop = async { tokio::time::sleep(std::time::Duration::from_millis(300)).await };
        let busy = idle.grace(std::time::Duration::from_secs(3600));
        let working = async {
            tokio::select! { () = busy.run(stop) => {}, () = tokio::time::sleep(std::time::Duration::from_millis(600)) => {} }
        };
        working.await;
        assert_eq!(queue.recurring().await.unwrap()[0].state, Some(State::Running));
        clock.advance(SignedDuration::from_secs(10));
        assert_eq!(worker.run_due().await, Ok(0));
        assert_eq!(rows(&db).await, 1);
    }

    async fn one_that_never_goes_well_is_one_line_for_the_operator(db: Db) {
        let clock = clock();
        let queue = Queue::new(db.clone(), clock.clone());
        let failing = Worker::new(queue.clone())
            .every(HOUR, Sweep, async |_| Err(Failure::again("the disk is full")));
        for _ in 0..3 {
            assert_eq!(failing.run_due().await, Ok(1));
            assert_eq!(rows(&db).await, 1);
            let all = queue.recurring().await.unwrap();
            assert_eq!((all[0].state, all[0].last_error.as_deref()), (Some(State::GaveUp), Some("the disk is full")));
            clock.advance(HOUR);
        }
        let ran = Ran::default();
        sweeper(&queue, HOUR, &ran).run_due().await.unwrap();
        assert_eq!(rows(&db).await, 0);
        assert_eq!(queue.recurring().await.unwrap()[0].last_error, None);
    }
}
