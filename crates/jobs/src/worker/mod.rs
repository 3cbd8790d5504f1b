//! Who runs jobs: which kinds, by what, and how many at once.

mod shift;

use crate::schedule::Plan;
use crate::{Failure, Job, Queue, Rules};
use jiff::SignedDuration;
use jobfuture_db::Error;
use shift::Shift;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Jobs that a worker runs at once, of all kinds together.
const AT_ONCE: usize = 16;
/// How long those that run are waited for when the worker is told to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) type Work = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;
/// From a payload to the work that it asks for.
pub(crate) type Handler = Arc<dyn Fn(&str) -> Work + Send + Sync>;

/// Runs jobs of the kinds that it was told, as long as it is let.
///
/// Several may work on one database, in one process or in many. Kinds that it was not told it leaves to others.
pub struct Worker {
    pub(crate) queue: Queue,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) at_once: usize,
    pub(crate) grace: Duration,
}

/// A kind that the worker runs.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) rules: Rules,
    pub(crate) handler: Handler,
}

impl Worker {
    /// A worker that knows no kind yet.
    pub fn new(queue: Queue) -> Self {
        Self { queue, kinds: Vec::new(), plans: Vec::new(), at_once: AT_ONCE, grace: GRACE }
    }

    /// Runs jobs of a kind by this handler; the last one told counts. It must be safe to run twice, and what blocks in it goes to
    /// `spawn_blocking`, where no timeout stops it.
    #[must_use]
    pub fn on<J: Job, F, W>(mut self, handler: F) -> Self
    where
        F: Fn(J) -> W + Send + Sync + 'static,
        W: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |payload| match serde_json::from_str(payload) {
            Ok(job) => Box::pin(handler(job)),
            // Another release may be able to: while processes are replaced one after another, both are there.
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let reason = format!("this release cannot read what it was told (line {line}, column {column})");
                Box::pin(std::future::ready(Err(Failure::again(reason))))
            }
        });
        self.kinds.retain(|kind| kind.name != J::KIND);
        self.kinds.push(Kind { name: J::KIND, rules: J::rules(), handler });
        self
    }

    /// As [`Self::on`], and has this job run every so often (in whole seconds): for the first time at once, and then at times
    /// that are kept in the database, where of several processes one makes the job. Times that were missed are not made up
    /// for, and a time at which the last one has not ended is left out. `every` is of a kind, so there is one job for each.
    #[must_use]
    pub fn every<J: Job, F, W>(mut self, every: SignedDuration, job: J, handler: F) -> Self
    where
        F: Fn(J) -> W + Send + Sync + 'static,
        W: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        // What is no JSON is not readable either, and stands in the operator's list as that.
        let payload = serde_json::to_string(&job).unwrap_or_default();
        let every = SignedDuration::from_secs(every.as_secs().max(1));
        self.plans.retain(|plan| plan.kind != J::KIND);
        self.plans.push(Plan { kind: J::KIND, every, payload });
        self.on(handler)
    }

    /// How many jobs run at once, of all kinds together: at least one, and 16 if nothing is said. A kind has a limit of its own.
    #[must_use]
    pub fn at_once(mut self, most: usize) -> Self {
        self.at_once = most.max(1);
        self
    }

    /// How long those that run are waited for when the worker is told to stop; ten seconds if nothing is said.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Works until `stop` comes. Then nothing more is begun, what runs is waited for, and what has not ended by then is stopped
    /// and given back, so that another worker takes it at once.
    ///
    /// A database that is away is waited for. When nothing is to be done, it looks after a wait that grows to five seconds, or
    /// when something is due, or when its queue is given something.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        Shift::new(self).work(stop).await;
    }

    /// Runs all that is due, until nothing is, and gives the number of jobs that were begun: for tests, and for whoever has
    /// another clock.
    ///
    /// # Errors
    /// The database's. What was begun is given back.
    pub async fn run_due(&self) -> Result<usize, Error> {
        Shift::new(self).work_off().await
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.name).collect();
        f.debug_struct("Worker").field("kinds", &kinds).field("at_once", &self.at_once).finish_non_exhaustive()
    }
}
