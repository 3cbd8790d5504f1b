//! Work that is done by itself: a small durable queue on [`jobfuture_db`], and jobs that come again.
//!
//! A kind of job is a type with [`Job`]; its rules stand beside it. Whoever wants one writes it down within the transaction
//! that makes it necessary, and a [`Worker`] runs it:
//!
//! ```no_run
//! use jobfuture_db::{Clock, Db};
//! use jobfuture_jobs::{Failure, Job, Queue, Worker};
//! use serde::{Deserialize, Serialize};
//!
//! /// Asks a company's name server again whether its proof stands.
//! #[derive(Serialize, Deserialize)]
//! struct Recheck { company: u32 }
//!
//! impl Job for Recheck {
//!     const KIND: &'static str = "company re-check";
//!
//!     fn key(&self) -> Option<String> {
//!         Some(self.company.to_string())
//!     }
//! }
//!
//! async fn recheck(job: Recheck) -> Result<(), Failure> {
//!     let answered = job.company > 0;
//!     if answered { Ok(()) } else { Err(Failure::again("the name server did not answer")) }
//! }
//!
//! # async fn example(db: Db) -> Result<(), jobfuture_db::Error> {
//! let queue = Queue::new(db.clone(), Clock::system());
//! let asked = queue.clone();
//! db.transaction(move |tx| {
//!     // … whatever makes it necessary …
//!     asked.add(tx, &Recheck { company: 7 })
//! })
//! .await?;
//! Worker::new(queue).on(recheck).run(std::future::pending()).await;
//! # Ok(()) }
//! ```
//!
//! # What holds
//! - A job that was written down is run, or stands in the operator's list with the reason: a killed process loses none. One
//!   whose transaction was not kept is never run.
//! - It is taken by one worker at a time, for as long as its kind's timeout and a little more (a lease). So a handler may be
//!   begun **again** after a crash, and must be safe to run twice.
//! - Jobs of a kind are begun in the order of their times. Nothing is said of the order in which they end.
//! - Of jobs that wait there is one for each kind and [`Job::key`]. One that runs does not count: it may have looked before
//!   the reason for the next one came.
//! - What fails is tried again, later each time ([`Backoff`]), and in the end given up and kept for the operator. A panic
//!   and a timeout are failures like others.
//! - Times are those of the [`Clock`](jobfuture_db::Clock). Processes that share a database should agree on the time to within the lease's margin.
//!
//! # How it works
//! A job is a row, and a row that is done is deleted: what has been done costs nothing. One index holds the time from which
//! each may be taken; taking moves that time to the end of the lease, so that a job whose worker has died comes up by itself. On
//! PostgreSQL workers pass by each other's rows (`for update skip locked`), in SQLite there is one writer anyway. All
//! statements of the worker stand by themselves and so never collide as transactions do.

mod backoff;
mod job;
mod operator;
mod queue;
mod schedule;
mod settle;
mod worker;

pub use backoff::Backoff;
pub use job::{Failure, Job, Rules};
pub use operator::{Count, Failed, Recurring, State};
pub use queue::{Claimed, Queue};
pub use settle::{Outcome, Ticket};
pub use worker::Worker;
