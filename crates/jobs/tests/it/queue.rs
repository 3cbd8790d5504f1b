//! Writing down and taking.

use crate::kit::{Errand, LEASE, MINUTE, Ran, errand, keyed, queue, rows, until};
use jiff::SignedDuration;
use jobfuture_db::{Db, Error};
use jobfuture_jobs::{Job, Outcome, Ticket};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

jobfuture_testkit::both_engines! {
    async fn a_job_of_a_transaction_that_was_not_kept_never_runs(db: Db) {
        let (queue, _) = queue(&db);
        let asked = queue.clone();
        let outcome: Result<(), Error> = db.transaction(move |tx| {
            asked.add(tx, &errand(1))?;
            tx.execute("insert into nowhere values (1)", &[]).map(|_| ())
        }).await;
        assert!(outcome.is_err());
        let asked = queue.clone();
        db.transaction(move |tx| asked.add(tx, &errand(2))).await.unwrap();
        let ran = Ran::default();
        assert_eq!(ran.worker(&queue).run_due().await, Ok(1));
        assert_eq!(ran.all(), [2]);
        assert_eq!(rows(&db).await, 0, "what is done is not kept");
    }

    async fn jobs_run_from_their_time_on_in_the_order_of_their_times(db: Db) {
        let (queue, clock) = queue(&db);
        let now = clock.now();
        for (number, minutes) in [(1, 30), (2, 10), (3, 20)] {
            queue.enqueue_at(&errand(number), now + SignedDuration::from_mins(minutes)).await.unwrap();
        }
        let ran = Ran::default();
        let worker = ran.worker(&queue).at_once(1);
        assert_eq!(worker.run_due().await, Ok(0));
        clock.advance(SignedDuration::from_mins(10));
        assert_eq!(worker.run_due().await, Ok(1));
        clock.advance(SignedDuration::from_mins(50));
        worker.run_due().await.unwrap();
        assert_eq!(ran.all(), [2, 3, 1]);
    }

    async fn those_with_one_time_run_in_the_order_in_which_they_came(db: Db) {
        let (queue, _) = queue(&db);
        let errands: Vec<Errand> = (0..120).map(errand).collect();
        let asked = queue.clone();
        db.transaction(move |tx| asked.add_all(tx, &errands)).await.unwrap();
        let ran = Ran::default();
        ran.worker(&queue).at_once(1).run_due().await.unwrap();
        assert_eq!(ran.all(), (0..120).collect::<Vec<_>>());
    }

    async fn of_two_who_take_at_the_same_time_one_gets_a_job(db: Db) {
        let (queue, _) = queue(&db);
        for round in 0..20 {
            queue.enqueue(&errand(round)).await.unwrap();
            let takes = (0..4).map(|_| {
                let queue = queue.clone();
                tokio::spawn(async move { queue.claim(Errand::KIND, 10, MINUTE).await.unwrap().1.len() })
            });
            let mut taken = 0;
            for take in takes.collect::<Vec<_>>() {
                taken += take.await.unwrap();
            }
            assert_eq!(taken, 1, "round {round}");
        }
    }

    async fn a_job_whose_worker_died_is_taken_again_when_the_lease_has_run_out(db: Db) {
        let (queue, clock) = queue(&db);
        queue.enqueue(&errand(1)).await.unwrap();
        let (lost, first) = queue.claim(Errand::KIND, 10, MINUTE).await.unwrap();
        assert_eq!(first.len(), 1);
        clock.advance(LEASE - SignedDuration::from_millis(1));
        assert!(queue.claim(Errand::KIND, 10, MINUTE).await.unwrap().1.is_empty());
        clock.advance(SignedDuration::from_millis(1));
        let (lease, again) = queue.claim(Errand::KIND, 10, MINUTE).await.unwrap();
        assert_eq!((again[0].id, again[0].attempts), (first[0].id, 2));
        // The one who was taken for dead comes back, and has nothing to say any more.
        for outcome in [Outcome::Done, Outcome::GivenBack, Outcome::GivenUp { reason: "late".into() }] {
            let late = Ticket { id: first[0].id, lease: lost };
            assert_eq!(queue.settle(&[(late, outcome)]).await, Ok(0));
        }
        assert_eq!(queue.settle(&[(Ticket { id: again[0].id, lease }, Outcome::Done)]).await, Ok(1));
        assert_eq!(rows(&db).await, 0);
    }

    async fn of_those_that_wait_there_is_one_for_each_key(db: Db) {
        let (queue, clock) = queue(&db);
        let later = clock.now() + SignedDuration::from_hours(1);
        queue.enqueue_at(&keyed(1, "a"), later).await.unwrap();
        queue.enqueue_at(&keyed(2, "a"), later + SignedDuration::from_hours(1)).await.unwrap();
        queue.enqueue_at(&keyed(3, "b"), later).await.unwrap();
        assert_eq!(rows(&db).await, 2);
        let ran = Ran::default();
        clock.advance(SignedDuration::from_hours(1));
        ran.worker(&queue).at_once(1).run_due().await.unwrap();
        assert_eq!(ran.all(), [2, 3], "the newer payload at the earlier time");
        // Asked for again while it runs, it runs again.
        queue.enqueue(&keyed(4, "a")).await.unwrap();
        let (lease, taken) = queue.claim(Errand::KIND, 1, MINUTE).await.unwrap();
        queue.enqueue(&keyed(5, "a")).await.unwrap();
        assert_eq!(rows(&db).await, 2);
        // If the first one fails now, the second does for both.
        let again = Outcome::Again { at: clock.now(), reason: "no answer".into() };
        assert_eq!(queue.settle(&[(Ticket { id: taken[0].id, lease }, again)]).await, Ok(1));
        assert_eq!(rows(&db).await, 1);
        ran.worker(&queue).run_due().await.unwrap();
        assert_eq!(ran.all(), [2, 3, 5]);
    }

    async fn many_with_one_key_in_one_transaction_are_one(db: Db) {
        let (queue, _) = queue(&db);
        let errands: Vec<Errand> = (0..130).map(|number| keyed(number, ["a", "b"][number as usize % 2])).collect();
        let asked = queue.clone();
        db.transaction(move |tx| asked.add_all(tx, &errands)).await.unwrap();
        let ran = Ran::default();
        ran.worker(&queue).run_due().await.unwrap();
        let mut all = ran.all();
        all.sort_unstable();
        assert_eq!(all, [128, 129]);
    }

    async fn kinds_that_a_worker_was_not_told_are_left_to_others(db: Db) {
        #[derive(Serialize, Deserialize)]
        struct Strange;
        impl Job for Strange {
            const KIND: &'static str = "strange";
        }
        let (queue, _) = queue(&db);
        queue.enqueue(&Strange).await.unwrap();
        queue.enqueue(&errand(1)).await.unwrap();
        let ran = Ran::default();
        assert_eq!(ran.worker(&queue).run_due().await, Ok(1));
        assert_eq!(rows(&db).await, 1);
    }

    async fn what_json_cannot_hold_is_refused(db: Db) {
        #[derive(Serialize, Deserialize)]
        struct Broken(HashMap<(i64, i64), i64>);
        impl Job for Broken {
            const KIND: &'static str = "broken";
        }
        let (queue, _) = queue(&db);
        let outcome = queue.enqueue(&Broken(HashMap::from([((1, 2), 3)]))).await;
        assert!(matches!(outcome, Err(Error::Refused { .. })), "{outcome:?}");
    }

    async fn an_idle_worker_is_woken_by_what_is_added(db: Db) {
        let (queue, _) = queue(&db);
        let ran = Ran::default();
        let worker = ran.worker(&queue);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let working = tokio::spawn(async move { worker.run(async { drop(stopped.await) }).await });
        // Long enough for its waits to have grown.
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        let (asked, began) = (queue.clone(), std::time::Instant::now());
        db.transaction(move |tx| asked.add(tx, &errand(1))).await.unwrap();
        until("the job ran", async || ran.all() == [1]).await;
        assert!(began.elapsed().as_millis() < 1_000, "{:?}", began.elapsed());
        stop.send(()).unwrap();
        working.await.unwrap();
        assert_eq!(rows(&db).await, 0, "a worker that stops writes down what it did");
    }
}
