//! A worker that is told to stop.

use crate::kit::{Errand, Ran, errand, queue, rows, until};
use jobfuture_db::Db;
use jobfuture_jobs::{State, Worker};
use std::time::Duration;
use tokio::sync::oneshot;

jobfuture_testkit::both_engines! {
    async fn what_runs_is_finished_and_the_rest_is_left(db: Db) {
        let (queue, _) = queue(&db);
        for number in 0..10 {
            queue.enqueue(&errand(number)).await.unwrap();
        }
        let (ran, (stop, stopped)) = (Ran::default(), oneshot::channel::<()>());
        let noted = ran.clone();
        let worker = Worker::new(queue.clone()).at_once(2).on(move |errand: Errand| {
            let noted = noted.clone();
            async move {
                tokio::time::sleep(Duration::from_millis(if errand.number < 2 { 200 } else { 20_000 })).await;
                noted.add(errand.number);
                Ok(())
            }
        });
        let working = tokio::spawn(async move { worker.run(async { drop(stopped.await) }).await });
        let of = async |state| queue.counts().await.unwrap().iter().find(|count| count.state == state).map(|count| count.jobs);
        until("two run", async || of(State::Running).await == Some(2)).await;
        stop.send(()).unwrap();
        working.await.unwrap();
        let mut all = ran.all();
        all.sort_unstable();
        assert_eq!((all, rows(&db).await), (vec![0, 1], 8));
        assert_eq!(of(State::Running).await, None);
    }

    async fn what_does_not_end_is_given_back_and_its_attempt_not_counted(db: Db) {
        let (queue, _) = queue(&db);
        queue.enqueue(&errand(1)).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let worker = Worker::new(queue.clone()).grace(Duration::from_millis(50)).on(async |_: Errand| {
            std::future::pending::<()>().await;
            Ok(())
        });
        let working = tokio::spawn(async move { worker.run(async { drop(stopped.await) }).await });
        until("it runs", async || queue.counts().await.unwrap()[0].state == State::Running).await;
        stop.send(()).unwrap();
        working.await.unwrap();
        let (attempts,): (i64,) = db.one("select attempts from job where state = 'waiting'", &[]).await.unwrap();
        assert_eq!(attempts, 0);
        // Another one takes it at once, without waiting for the lease.
        let ran = Ran::default();
        assert_eq!(ran.worker(&queue).run_due().await, Ok(1));
    }
}
