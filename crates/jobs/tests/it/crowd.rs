//! Many workers at once.

use crate::kit::{Errand, Ran, errand, queue, rows, until};
use jobfuture_db::Db;
use jobfuture_jobs::Queue;
use std::time::Duration;

const JOBS: i64 = 2_000;

jobfuture_testkit::both_engines! {
    async fn sixteen_workers_run_two_thousand_jobs_once_each_while_they_come(db: Db) {
        let (queue, clock) = queue(&db);
        let ran = Ran::default();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let workers: Vec<_> = (0..16).map(|_| {
            // Each with a bell of its own, as if it were in another process.
            let worker = ran.worker(&Queue::new(db.clone(), clock.clone())).at_once(4);
            let mut stopped = stopped.clone();
            tokio::spawn(async move { worker.run(async { drop(stopped.wait_for(|stop| *stop).await) }).await })
        }).collect();
        for first in (0..JOBS).step_by(40) {
            let errands: Vec<Errand> = (first..first + 40).map(errand).collect();
            let asked = queue.clone();
            db.transaction(move |tx| asked.add_all(tx, &errands)).await.unwrap();
        }
        for _ in 0..6 {
            if ran.all().len() as i64 >= JOBS {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        until("every job ran", async || ran.all().len() as i64 >= JOBS).await;
        stop.send(true).unwrap();
        for worker in workers {
            worker.await.unwrap();
        }
        let mut all = ran.all();
        all.sort_unstable();
        assert_eq!(all, (0..JOBS).collect::<Vec<_>>());
        assert_eq!(rows(&db).await, 0);
    }
}
