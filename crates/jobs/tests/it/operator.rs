//! What the operator sees and does.

use crate::kit::{Errand, MINUTE, Ran, errand, keyed, queue, rows};
use jiff::SignedDuration;
use jobfuture_db::Db;
use jobfuture_jobs::{Failure, Job, Outcome, Queue, State, Ticket, Worker};

/// Takes one job and has it end so.
async fn end_one(queue: &Queue, outcome: Outcome) -> Ticket {
    let (lease, taken) = queue.claim(Errand::KIND, 1, MINUTE).await.unwrap();
    let ticket = Ticket { id: taken[0].id, lease };
    assert_eq!(queue.settle(&[(ticket, outcome)]).await, Ok(1));
    ticket
}

fn given_up() -> Outcome {
    Outcome::GivenUp { reason: "there is no such board".into() }
}

jobfuture_testkit::both_engines! {
    async fn counts_say_how_many_stand_where(db: Db) {
        let (queue, clock) = queue(&db);
        for number in 0..5 {
            queue.enqueue(&errand(number)).await.unwrap();
        }
        end_one(&queue, given_up()).await;
        queue.claim(Errand::KIND, 2, MINUTE).await.unwrap();
        let counts = queue.counts().await.unwrap();
        let of = |state| counts.iter().find(|count| count.state == state).unwrap();
        assert_eq!((of(State::Waiting).jobs, of(State::Running).jobs, of(State::GaveUp).jobs), (2, 2, 1));
        assert_eq!((of(State::Waiting).due_at, of(State::GaveUp).due_at), (Some(clock.now()), None));
        assert!(counts.iter().all(|count| count.kind == "errand"));
    }

    async fn what_was_given_up_can_be_tried_again_from_the_beginning(db: Db) {
        let (queue, clock) = queue(&db);
        queue.enqueue(&errand(7)).await.unwrap();
        let ticket = end_one(&queue, given_up()).await;
        let ran = Ran::default();
        assert_eq!(ran.worker(&queue).run_due().await, Ok(0));
        clock.advance(SignedDuration::from_hours(1));
        assert_eq!(queue.retry(ticket.id).await, Ok(true));
        let failed = &queue.failed(10).await.unwrap()[0];
        assert_eq!((failed.state, failed.attempts, failed.due_at), (State::Waiting, 0, Some(clock.now())));
        assert_eq!(ran.worker(&queue).run_due().await, Ok(1));
        assert_eq!((ran.all(), rows(&db).await), (vec![7], 0));
        assert_eq!(queue.retry(ticket.id).await, Ok(false));
    }

    async fn one_whose_key_waits_again_becomes_one_with_that(db: Db) {
        let (queue, clock) = queue(&db);
        queue.enqueue(&keyed(1, "a")).await.unwrap();
        let ticket = end_one(&queue, given_up()).await;
        queue.enqueue_at(&keyed(2, "a"), clock.now() + SignedDuration::from_hours(5)).await.unwrap();
        assert_eq!(queue.retry(ticket.id).await, Ok(true));
        let ran = Ran::default();
        assert_eq!(ran.worker(&queue).run_due().await, Ok(1));
        assert_eq!((ran.all(), rows(&db).await), (vec![2], 0));
    }

    async fn what_waits_for_its_next_attempt_can_be_run_now_or_forgotten(db: Db) {
        let (queue, _) = queue(&db);
        let failing = Worker::new(queue.clone()).on(async |_: Errand| Err(Failure::again("no answer")));
        queue.enqueue(&errand(1)).await.unwrap();
        failing.run_due().await.unwrap();
        let id = queue.failed(10).await.unwrap()[0].id;
        assert_eq!(queue.retry(id).await, Ok(true));
        let ran = Ran::default();
        assert_eq!(ran.worker(&queue).run_due().await, Ok(1));
        queue.enqueue(&errand(2)).await.unwrap();
        failing.run_due().await.unwrap();
        let id = queue.failed(10).await.unwrap()[0].id;
        assert_eq!((queue.forget(id).await, queue.forget(id).await), (Ok(true), Ok(false)));
        assert_eq!(rows(&db).await, 0);
    }

    async fn what_runs_is_left_alone(db: Db) {
        let (queue, _) = queue(&db);
        queue.enqueue(&errand(1)).await.unwrap();
        let (lease, taken) = queue.claim(Errand::KIND, 1, MINUTE).await.unwrap();
        let id = taken[0].id;
        assert_eq!((queue.retry(id).await, queue.forget(id).await), (Ok(false), Ok(false)));
        assert_eq!(queue.settle(&[(Ticket { id, lease }, Outcome::Done)]).await, Ok(1));
    }
}
