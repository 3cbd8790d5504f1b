//! A random walk of all that can be done with the queue, beside a model of it.

use crate::kit::{Errand, MINUTE, clock, errand, keyed};
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Clock, Db};
use jobfuture_jobs::{Job, Outcome, Queue, Ticket};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::HashMap;
use uuid::Uuid;

/// Something that is done. Numbers choose among what is there.
#[derive(Debug, Clone)]
enum Move {
    Add { key: Option<u8>, in_minutes: i64 },
    Take { most: usize },
    Settle { which: usize, how: How },
    Retry { which: usize },
    Forget { which: usize },
    Pass { seconds: i64 },
}

#[derive(Debug, Clone, Copy)]
enum How {
    Done,
    Again { in_minutes: i64 },
    GivenUp,
    GivenBack,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let how = prop_oneof![
        3 => Just(How::Done),
        2 => (0_i64..3).prop_map(|in_minutes| How::Again { in_minutes }),
        1 => Just(How::GivenUp),
        1 => Just(How::GivenBack),
    ];
    let one = prop_oneof![
        4 => (prop::option::of(0_u8..3), 0_i64..3).prop_map(|(key, in_minutes)| Move::Add { key, in_minutes }),
        3 => (1_usize..4).prop_map(|most| Move::Take { most }),
        4 => (any::<usize>(), how).prop_map(|(which, how)| Move::Settle { which, how }),
        1 => any::<usize>().prop_map(|which| Move::Retry { which }),
        1 => any::<usize>().prop_map(|which| Move::Forget { which }),
        2 => (1_i64..100).prop_map(|seconds| Move::Pass { seconds }),
    ];
    prop::collection::vec(one, 1..40)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Waiting,
    Running(Uuid),
    GaveUp,
}

/// A job as it should stand.
#[derive(Debug, Clone)]
struct Model {
    number: i64,
    key: Option<u8>,
    at: Where,
    due: Timestamp,
    attempts: u32,
}

/// The queue, and what should be in it.
struct Walk {
    queue: Queue,
    clock: Clock,
    jobs: Vec<Model>,
    /// Which row is which job, once it was taken.
    ids: HashMap<Uuid, i64>,
    tickets: Vec<Ticket>,
    added: i64,
}

impl Walk {
    async fn make(&mut self, one: &Move) {
        match one {
            Move::Add { key, in_minutes } => self.add(*key, *in_minutes).await,
            Move::Take { most } => self.take(*most).await,
            Move::Settle { which, how } => self.settle(*which, *how).await,
            Move::Retry { which } => self.retry(*which).await,
            Move::Forget { which } => self.forget(*which).await,
            Move::Pass { seconds } => self.clock.advance(SignedDuration::from_secs(*seconds)),
        }
    }

    fn waits(&self, key: Option<u8>, but: i64) -> Option<usize> {
        let same = |job: &Model| job.at == Where::Waiting && job.key == key && job.number != but;
        key.and_then(|_| self.jobs.iter().position(same))
    }

    async fn add(&mut self, key: Option<u8>, in_minutes: i64) {
        let due = self.clock.now() + SignedDuration::from_mins(in_minutes);
        self.added += 1;
        let number = self.added;
        let job = key.map_or_else(|| errand(number), |key| keyed(number, &key.to_string()));
        self.queue.enqueue_at(&job, due).await.unwrap();
        match self.waits(key, number) {
            Some(at) => {
                let former = self.jobs[at].number;
                self.ids.values_mut().filter(|id| **id == former).for_each(|id| *id = number);
                let job = &mut self.jobs[at];
                (job.number, job.due) = (number, job.due.min(due));
            }
            None => self.jobs.push(Model { number, key, at: Where::Waiting, due, attempts: 0 }),
        }
    }

    async fn take(&mut self, most: usize) {
        let now = self.clock.now();
        let (lease, taken) = self.queue.claim(Errand::KIND, most, MINUTE).await.unwrap();
        let is_due = |job: &&Model| job.at != Where::GaveUp && job.due <= now;
        let mut due: Vec<Timestamp> = self.jobs.iter().filter(is_due).map(|job| job.due).collect();
        due.sort_unstable();
        assert_eq!(taken.len(), due.len().min(most), "{:?}", self.jobs);
        let mut dues = Vec::new();
        for one in taken {
            let errand: Errand = serde_json::from_str(&one.payload).unwrap();
            let job = self.jobs.iter_mut().find(|job| job.number == errand.number).expect("a job that is there");
            assert!(job.at != Where::GaveUp && job.due <= now, "{job:?}");
            assert_eq!(one.attempts, job.attempts + 1, "{job:?}");
            dues.push(job.due);
            (job.at, job.attempts, job.due) =
                (Where::Running(lease), one.attempts, now + SignedDuration::from_secs(90));
            self.ids.insert(one.id, errand.number);
            self.tickets.push(Ticket { id: one.id, lease });
        }
        dues.sort_unstable();
        assert_eq!(dues, due[..dues.len()], "the longest due first");
    }

    async fn settle(&mut self, which: usize, how: How) {
        if self.tickets.is_empty() {
            return;
        }
        // Also tickets that fit no more.
        let ticket = self.tickets[which % self.tickets.len()];
        let now = self.clock.now();
        let outcome = match how {
            How::Done => Outcome::Done,
            How::Again { in_minutes } => {
                Outcome::Again { at: now + SignedDuration::from_mins(in_minutes), reason: "no answer".into() }
            }
            How::GivenUp => Outcome::GivenUp { reason: "no such board".into() },
            How::GivenBack => Outcome::GivenBack,
        };
        let settled = self.queue.settle(&[(ticket, outcome)]).await.unwrap();
        let number = self.ids[&ticket.id];
        let at = self.jobs.iter().position(|job| job.number == number && job.at == Where::Running(ticket.lease));
        assert_eq!(settled, u64::from(at.is_some()), "{how:?} of {number} in {:?}", self.jobs);
        let Some(at) = at else { return };
        let joins = self.waits(self.jobs[at].key, number).is_some();
        let job = &mut self.jobs[at];
        match how {
            How::GivenUp => job.at = Where::GaveUp,
            How::Again { .. } | How::GivenBack if joins => drop(self.jobs.remove(at)),
            How::Done => drop(self.jobs.remove(at)),
            How::Again { in_minutes } => {
                (job.at, job.due) = (Where::Waiting, now + SignedDuration::from_mins(in_minutes));
            }
            How::GivenBack => (job.at, job.due, job.attempts) = (Where::Waiting, now, job.attempts - 1),
        }
    }

    /// A job that was taken once, as the operator's list would name it, and where it stands in the model.
    fn known(&self, which: usize) -> Option<(Uuid, Option<usize>)> {
        let ticket = self.tickets.get(which.checked_rem(self.tickets.len())?)?;
        let number = self.ids[&ticket.id];
        let is_free = |job: &Model| job.number == number && !matches!(job.at, Where::Running(_));
        Some((ticket.id, self.jobs.iter().position(is_free)))
    }

    async fn retry(&mut self, which: usize) {
        let Some((id, at)) = self.known(which) else { return };
        assert_eq!(self.queue.retry(id).await, Ok(at.is_some()));
        let (Some(at), now) = (at, self.clock.now()) else { return };
        if let Some(other) = self.waits(self.jobs[at].key, self.jobs[at].number) {
            self.jobs[other].due = now;
            self.jobs.remove(at);
        } else {
            let job = &mut self.jobs[at];
            (job.at, job.due, job.attempts) = (Where::Waiting, now, 0);
        }
    }

    async fn forget(&mut self, which: usize) {
        let Some((id, at)) = self.known(which) else { return };
        assert_eq!(self.queue.forget(id).await, Ok(at.is_some()));
        if let Some(at) = at {
            self.jobs.remove(at);
        }
    }

    async fn compare(&self) {
        let counts = self.queue.counts().await.unwrap();
        let all: i64 = counts.iter().map(|count| count.jobs).sum();
        assert_eq!(all, self.jobs.len() as i64, "{counts:?} {:?}", self.jobs);
    }
}

async fn go(db: &Db, moves: &[Move]) {
    db.execute("delete from job", &[]).await.unwrap();
    let clock = clock();
    let (queue, jobs, tickets) = (Queue::new(db.clone(), clock.clone()), Vec::new(), Vec::new());
    let mut walk = Walk { queue, clock, jobs, ids: HashMap::new(), tickets, added: 0 };
    for one in moves {
        walk.make(one).await;
        walk.compare().await;
    }
}

jobfuture_testkit::both_engines! {
    async fn a_random_walk_goes_as_the_model_says(db: Db) {
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
            let outcome = runner.run(&moves(), |moves| {
                runtime.block_on(go(&db, &moves));
                Ok(())
            });
            outcome.unwrap();
        })
        .await
        .unwrap();
    }
}
