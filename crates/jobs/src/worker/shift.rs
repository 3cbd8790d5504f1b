//! One worker at work: what runs, what has ended and is still to be written down, and when to look again.

use super::{Kind, Worker};
use crate::queue::Claimed;
use crate::{Failure, Outcome, Ticket};
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Error, ToValue, Value};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;
use uuid::Uuid;

/// The wait after something was to be done: work mostly comes together, and a job that is not committed yet soon will be.
const SHORTEST: Duration = Duration::from_millis(2);
/// The wait when nothing has been to be done for long: after that the jobs of other processes are found.
const LONGEST: Duration = Duration::from_secs(5);
/// The wait after the first failure of the database.
const TROUBLE: Duration = Duration::from_secs(1);
/// The longest wait for a database that is away.
const LONG_TROUBLE: Duration = Duration::from_secs(30);
/// Jobs that are taken at once, so that one worker does not take all from the others.
const BATCH: usize = 10;
/// How long a job that is stopped may take to notice.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// As long as jobs come in full hands, it is asked only so often what is due: others may have become due meanwhile.
const FRESH: Duration = Duration::from_millis(50);
/// How often it is tried to write down how the last jobs went.
const FAREWELLS: usize = 3;

pub(super) struct Shift<'w> {
    worker: &'w Worker,
    running: JoinSet<Result<(), Failure>>,
    held: HashMap<Id, Held>,
    /// Jobs of each kind that run.
    busy: Vec<usize>,
    ended: Vec<(Ticket, Outcome)>,
    begun: usize,
    is_announced: bool,
    /// The kind that is served first, so that none is always last.
    first: usize,
    /// What was due when it was asked last, while there is more of it than was taken.
    known: Option<(Instant, Dues)>,
}

/// What is known of a job that runs.
struct Held {
    ticket: Ticket,
    kind: usize,
    attempts: u32,
}

/// What came of looking.
struct Look {
    /// Whether anything was done, so that there may be more.
    moved: bool,
    /// When something is due next.
    next: Option<Timestamp>,
}

/// What came of asking, until something failed.
#[derive(Default)]
struct Sought {
    /// By kind, with the lease.
    taken: Vec<(usize, Uuid, Vec<Claimed>)>,
    next: Option<Timestamp>,
    is_moving: bool,
    known: Option<(Instant, Dues)>,
    failure: Option<Error>,
}

#[derive(PartialEq)]
enum Hands {
    Free,
    Full,
}

/// When what is due: for each kind and each plan, in their order.
struct Dues {
    kinds: Vec<Option<Timestamp>>,
    plans: Vec<Option<Timestamp>>,
}

impl<'w> Shift<'w> {
    pub(super) fn new(worker: &'w Worker) -> Self {
        Self {
            worker,
            running: JoinSet::new(),
            held: HashMap::new(),
            busy: vec![0; worker.kinds.len()],
            ended: Vec::new(),
            begun: 0,
            is_announced: false,
            first: 0,
            known: None,
        }
    }

    /// Until it is told to stop.
    pub(super) async fn work(mut self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let (mut wait, mut trouble) = (SHORTEST, TROUBLE);
        loop {
            let pause = match self.look().await {
                Ok(Look { moved: true, .. }) => {
                    (wait, trouble) = (SHORTEST, TROUBLE);
                    Duration::ZERO
                }
                Ok(Look { next, .. }) => {
                    trouble = TROUBLE;
                    let now = self.worker.queue.clock.now();
                    // What is due now and was not taken waits for a place, and a place is heard of.
                    let until = next.map(|next| next.duration_since(now)).filter(SignedDuration::is_positive);
                    let until = until.and_then(|until| Duration::try_from(until).ok()).unwrap_or(LONGEST);
                    let pause = wait.min(until);
                    wait = (wait * 2).min(LONGEST);
                    pause
                }
                Err(error) => {
                    // Its words may repeat values of rows.
                    tracing::warn!("jobs cannot be looked for: {}", Failure::from(error).reason());
                    let pause = trouble;
                    trouble = (trouble * 2).min(LONG_TROUBLE);
                    pause
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(one) = self.running.join_next_with_id() => self.note(one),
                () = self.worker.queue.woken(), if !pause.is_zero() => wait = SHORTEST,
                () = rest(pause) => {}
            }
            self.note_all();
        }
        self.close().await;
    }

    /// Until nothing is due.
    pub(super) async fn work_off(mut self) -> Result<usize, Error> {
        loop {
            let look = match self.look().await {
                Ok(look) => look,
                Err(error) => {
                    self.close().await;
                    return Err(error);
                }
            };
            if !self.running.is_empty() {
                if let Some(one) = self.running.join_next_with_id().await {
                    self.note(one);
                }
                self.note_all();
            } else if !look.moved && self.ended.is_empty() {
                return Ok(self.begun);
            }
        }
    }

    /// Writes down what has ended, and begins what is due and has a place.
    async fn look(&mut self) -> Result<Look, Error> {
        if !self.is_announced {
            for plan in &self.worker.plans {
                self.worker.queue.announce(plan).await?;
            }
            self.is_announced = true;
        }
        let wrote = !self.ended.is_empty();
        let known = self.known.take().filter(|(since, _)| since.elapsed() < FRESH);
        // Together: in SQLite they share a commit, to PostgreSQL they go over two connections.
        let (settled, sought) = tokio::join!(self.worker.queue.settle(&self.ended), self.seek(known));
        if settled.is_ok() {
            self.ended.clear();
        }
        let Sought { taken, next, is_moving, known, failure } = sought;
        let moved = wrote || is_moving;
        self.known = known;
        self.first = (self.first + 1).checked_rem(self.worker.kinds.len()).unwrap_or(0);
        // What was taken is begun also when something else failed: it is nobody else's for the time of its lease.
        for (kind, lease, claimed) in taken {
            claimed.into_iter().for_each(|one| self.begin(kind, lease, one));
        }
        settled?;
        failure.map_or(Ok(Look { moved, next }), Err)
    }

    /// Asks what is due, makes the jobs of plans, and takes what is due and has a place.
    async fn seek(&self, known: Option<(Instant, Dues)>) -> Sought {
        let mut sought = Sought::default();
        if let Err(error) = self.seek_into(&mut sought, known).await {
            sought.failure = Some(error);
        }
        sought
    }

    async fn seek_into(&self, sought: &mut Sought, known: Option<(Instant, Dues)>) -> Result<(), Error> {
        let (since, dues) = self.dues(known).await?;
        sought.next = dues.kinds.iter().chain(&dues.plans).flatten().min().copied();
        sought.is_moving = self.tick(&dues).await?;
        if self.take(sought, &dues.kinds).await? == Hands::Full {
            sought.known = Some((since, dues));
        }
        Ok(())
    }

    /// One statement tells of every kind and plan, whatever waits.
    async fn dues(&self, known: Option<(Instant, Dues)>) -> Result<(Instant, Dues), Error> {
        if let Some(known) = known {
            return Ok(known);
        }
        let now = Instant::now();
        let (kinds, plans) = (&self.worker.kinds, &self.worker.plans);
        let mut dues = Dues { kinds: vec![None; kinds.len()], plans: vec![None; plans.len()] };
        if kinds.is_empty() {
            return Ok((now, dues));
        }
        let of_kind = "(select due_at from job where kind = $N and due_at is not null order by due_at limit 1)";
        let of_plan = "(select next_at from job_schedule where kind = $N)";
        let questions = kinds.iter().map(|_| of_kind).chain(plans.iter().map(|_| of_plan));
        let parts = questions.enumerate().map(|(at, question)| {
            format!("select cast({at} as bigint) as place, {} as at", question.replace("$N", &format!("${}", at + 1)))
        });
        let sql = parts.collect::<Vec<_>>().join(" union all ");
        let names = kinds.iter().map(|kind| kind.name).chain(plans.iter().map(|plan| plan.kind));
        let names: Vec<&str> = names.collect();
        let values: Vec<Value<'_>> = names.iter().map(|name| name.to_value()).collect();
        let found: Vec<(i64, Option<Timestamp>)> = self.worker.queue.db.all(&sql, &values).await?;
        for (place, at) in found {
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            let slot = match place.checked_sub(kinds.len()) {
                None => dues.kinds.get_mut(place),
                Some(plan) => dues.plans.get_mut(plan),
            };
            if let Some(slot) = slot {
                *slot = at;
            }
        }
        Ok((now, dues))
    }

    /// Makes the jobs of plans whose time has come.
    async fn tick(&self, dues: &Dues) -> Result<bool, Error> {
        let now = self.worker.queue.clock.now();
        let mut ticked = false;
        for (plan, due) in self.worker.plans.iter().zip(&dues.plans) {
            if due.is_some_and(|due| due <= now) {
                ticked |= self.worker.queue.tick(plan).await?;
            }
        }
        Ok(ticked)
    }

    /// Takes jobs of the kinds that have some due, each in its turn. Full hands are of a kind that may have more.
    async fn take(&self, sought: &mut Sought, dues: &[Option<Timestamp>]) -> Result<Hands, Error> {
        let now = self.worker.queue.clock.now();
        let (mut free, mut hands) = (self.worker.at_once.saturating_sub(self.running.len()), Hands::Free);
        let kinds = self.worker.kinds.len();
        for kind in (self.first..kinds).chain(0..self.first) {
            let Kind { name, rules, .. } = &self.worker.kinds[kind];
            let most = free.min(rules.at_once.max(1).saturating_sub(self.busy[kind])).min(BATCH);
            let is_due = dues.get(kind).copied().flatten().is_some_and(|due| due <= now);
            if most == 0 || !is_due {
                continue;
            }
            let (lease, claimed) = self.worker.queue.claim(name, most, rules.timeout).await?;
            free -= claimed.len().min(free);
            if claimed.len() == most {
                hands = Hands::Full;
            }
            sought.is_moving |= !claimed.is_empty();
            sought.taken.push((kind, lease, claimed));
        }
        Ok(hands)
    }

    fn begin(&mut self, kind: usize, lease: Uuid, job: Claimed) {
        let ticket = Ticket { id: job.id, lease };
        let Kind { name, rules, handler } = &self.worker.kinds[kind];
        if job.attempts > rules.most_attempts.max(1) {
            // Each of its attempts was counted when it began, and none has told how it ended.
            let reason = "it was not heard of again: the process that ran it has ended, or did not stop it in time";
            tracing::warn!(kind = name, "a job was given up: {reason}");
            self.ended.push((ticket, Outcome::GivenUp { reason: reason.to_owned() }));
            return;
        }
        let (handler, timeout) = (Arc::clone(handler), rules.timeout);
        let task = self.running.spawn(async move {
            // Within the task, so that a panic before the first wait is the job's as well.
            let work = async { handler(&job.payload).await };
            match tokio::time::timeout(timeout, work).await {
                Ok(outcome) => outcome,
                Err(_) => Err(Failure::again(format!("it was stopped after {} s", timeout.as_secs_f64()))),
            }
        });
        self.busy[kind] += 1;
        self.begun += 1;
        self.held.insert(task.id(), Held { ticket, kind, attempts: job.attempts });
    }

    /// Notes all that have ended, without waiting.
    fn note_all(&mut self) {
        while let Some(one) = self.running.try_join_next_with_id() {
            self.note(one);
        }
    }

    fn note(&mut self, one: Result<(Id, Result<(), Failure>), JoinError>) {
        let (id, outcome) = match one {
            Ok((id, outcome)) => (id, Some(outcome)),
            // What it said stands in the log by the hook of panics; it may be about somebody.
            Err(error) if error.is_panic() => {
                (error.id(), Some(Err(Failure::again("it panicked: the log says where"))))
            }
            Err(error) => (error.id(), None),
        };
        let Some(held) = self.held.remove(&id) else { return };
        self.busy[held.kind] -= 1;
        let outcome = match outcome {
            Some(Ok(())) => Outcome::Done,
            Some(Err(failure)) => self.failed(&held, &failure),
            None => Outcome::GivenBack,
        };
        self.ended.push((held.ticket, outcome));
    }

    fn failed(&self, held: &Held, failure: &Failure) -> Outcome {
        let Kind { name, rules, .. } = &self.worker.kinds[held.kind];
        let (reason, attempts) = (failure.reason().to_owned(), held.attempts);
        if failure.is_final() || attempts >= rules.most_attempts.max(1) {
            tracing::warn!(kind = name, attempts, "a job was given up: {reason}");
            return Outcome::GivenUp { reason };
        }
        tracing::info!(kind = name, attempts, "a job failed and is tried again: {reason}");
        let wait = rules.backoff.wait(attempts, held.ticket.id);
        let at = self.worker.queue.clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
        Outcome::Again { at, reason }
    }

    /// Waits for what runs, stops what does not end, and writes down how it went.
    async fn close(&mut self) {
        let until = Instant::now() + self.worker.grace;
        while let Ok(Some(one)) = tokio::time::timeout_at(until, self.running.join_next_with_id()).await {
            self.note(one);
        }
        self.running.abort_all();
        let until = Instant::now() + LAST_WORDS;
        while let Ok(Some(one)) = tokio::time::timeout_at(until, self.running.join_next_with_id()).await {
            self.note(one);
        }
        // Those that block do not notice. They may be run twice, as after a crash.
        self.ended.extend(self.held.drain().map(|(_, held)| (held.ticket, Outcome::GivenBack)));
        for _ in 0..FAREWELLS {
            match self.worker.queue.settle(&self.ended).await {
                Ok(_) => return,
                Err(_) => tokio::time::sleep(LAST_WORDS).await,
            }
        }
        tracing::warn!("how {} jobs went could not be written down: they are run again", self.ended.len());
    }
}

/// Nothing at all for no time: a timer would make a millisecond of it.
async fn rest(pause: Duration) {
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
}
