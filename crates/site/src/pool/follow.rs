//! The candidate pool of one process, and how it follows the database: what grants open, read through the one door. Nothing is shown
//! from it: whoever it finds is looked at again.

use super::shown::Shown;
use crate::error::SiteError;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Clock, Db, params};
use jobfuture_disclosure::{Disclosure, Opened, OpenedBy, OpenedTo};
use jobfuture_pool::{Answer, Audience, Change, Facts, Pool, Projection, Query, Viewer};
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OnceCell};
use uuid::Uuid;

/// By how much the clocks of processes may differ, and a transaction take, before a change is found only by the next
/// [`CandidatePool::reconcile`].
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);
/// Candidates that are read at a time.
const PORTION: usize = 250;
/// Up to so many it is looked at each time whose grants have ended; with more, after [`SELDOM`].
const FEW: usize = 20_000;
const SELDOM: Duration = Duration::from_secs(5);
/// How long a search waits for what has just changed. Where very much has, it answers from what was there before.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long is kept whose grants have changed: longer than any process goes without looking.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// The candidate pool. Clones are the same one.
#[derive(Clone)]
pub struct CandidatePool(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    disclosure: Disclosure,
    /// Of the content, rising.
    levels: Vec<String>,
    pool: OnceCell<Pool>,
    is_filled: AtomicBool,
    followed: Mutex<Followed>,
    shown: Shown,
}

/// What is known of the database, and how far.
#[derive(Default)]
struct Followed {
    /// The latest change that was seen; nothing before all was read once.
    position: Option<Timestamp>,
    /// Which change of whom was taken in, as far as it would be read again.
    taken: HashMap<Uuid, (Timestamp, i64)>,
    /// Who opens something.
    known: BTreeSet<Uuid>,
    /// When it was last looked at whose grants have ended.
    ended: Option<Instant>,
    /// When changes were last looked for.
    looked_at: Option<Timestamp>,
}

impl std::fmt::Debug for CandidatePool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CandidatePool(…)")
    }
}

fn failed(error: jobfuture_disclosure::Error) -> SiteError {
    SiteError::internal("the candidate pool", &error)
}

impl CandidatePool {
    /// On this database. It is empty until it is first followed or searched.
    pub(crate) fn new(db: Db, clock: Clock, disclosure: Disclosure, levels: Vec<String>) -> Self {
        let (pool, is_filled, followed, shown) =
            (OnceCell::new(), AtomicBool::new(false), Mutex::default(), Shown::default());
        Self(Arc::new(Inner { db, clock, disclosure, levels, pool, is_filled, followed, shown }))
    }

    pub(super) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(super) fn shown(&self) -> &Shown {
        &self.0.shown
    }

    /// The lowest level of the content.
    pub(super) fn lowest_level(&self) -> &str {
        self.0.levels.first().map(String::as_str).unwrap_or_default()
    }

    /// The time by which grants end.
    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The index, made when it is first needed: its order among equals hangs on a secret of the instance.
    pub(super) async fn index(&self) -> Result<&Pool, SiteError> {
        let make = async {
            let secret = self.0.disclosure.keys().instance_secret("pool").await.map_err(failed)?;
            let key =
                secret.first_chunk().ok_or_else(|| SiteError::internal("the pool's secret", &"it is too short"))?;
            Ok::<_, SiteError>(Pool::new(self.0.levels.iter().map(String::as_str), *key))
        };
        self.0.pool.get_or_try_init(|| make).await
    }

    /// Searches, with all that was written before. Nothing while the pool is read for the first time, which takes a minute where
    /// there are very many.
    ///
    /// # Errors
    /// The databases'; [`SiteError::Refused`] for a query that asks for too much.
    pub async fn search(&self, viewer: &Viewer, query: &Query) -> Result<Option<Answer>, SiteError> {
        if !self.be_current().await? {
            return Ok(None);
        }
        self.know_what_was_shown(viewer.company()).await?;
        self.search_as_it_is(viewer, query).await.map(Some)
    }

    /// The same in what is known already: for a second question about the same page.
    pub(super) async fn search_as_it_is(&self, viewer: &Viewer, query: &Query) -> Result<Answer, SiteError> {
        let refused = |error: jobfuture_pool::Error| SiteError::Refused(format!("In this search {error}."));
        self.index().await?.search(viewer, query).map_err(refused)
    }

    /// Takes in what has changed. Says whether there is anything to search.
    async fn be_current(&self) -> Result<bool, SiteError> {
        // By itself, so that a reader who goes away does not break off what all wait for.
        let this = self.clone();
        let following = tokio::spawn(async move { this.follow().await });
        match tokio::time::timeout(PATIENCE, following).await {
            Ok(Ok(done)) => done.map(|()| true),
            Ok(Err(error)) => Err(SiteError::internal("the candidate pool", &error)),
            Err(_) => Ok(self.0.is_filled.load(Ordering::Acquire)),
        }
    }

    /// Takes in what changed, by whichever process. Called before each search, and several times a second.
    ///
    /// # Errors
    /// The databases'.
    pub async fn follow(&self) -> Result<(), SiteError> {
        let pool = self.index().await?;
        let mut followed = self.0.followed.lock().await;
        followed.wake(self.now());
        let Some(position) = followed.position else {
            let (latest,): (Option<Timestamp>,) =
                self.0.db.one("select max(changed_at) as latest from pool_changed", &[]).await?;
            let mut after = Some(Uuid::nil());
            while let Some(from) = after {
                after = self.read_on(pool, &mut followed, from).await?;
            }
            followed.position = latest.or(Some(Timestamp::UNIX_EPOCH));
            self.0.is_filled.store(true, Ordering::Release);
            return Ok(());
        };
        let since = position.checked_sub(OVERLAP).unwrap_or(Timestamp::UNIX_EPOCH);
        let sql = "select account, changed_at, nth from pool_changed where changed_at >= $1";
        let changed: Vec<(Uuid, Timestamp, i64)> = self.0.db.all(sql, params![since]).await?;
        let latest = changed.iter().map(|(_, at, _)| *at).max();
        let is_new = |(account, at, nth): &(Uuid, Timestamp, i64)| followed.taken.get(account) != Some(&(*at, *nth));
        let new: Vec<(Uuid, Timestamp, i64)> = changed.into_iter().filter(is_new).collect();
        for portion in new.chunks(PORTION) {
            let accounts: Vec<Uuid> = portion.iter().map(|(account, ..)| *account).collect();
            self.read_again(pool, &mut followed, &accounts).await?;
            followed.taken.extend(portion.iter().map(|(account, at, nth)| (*account, (*at, *nth))));
        }
        followed.position = latest.max(Some(position));
        followed.taken.retain(|_, (at, _)| *at >= since);
        self.let_end(pool, &mut followed).await
    }

    /// Makes those anew of whose grants one has ended by itself: without it, or without a signal that has.
    async fn let_end(&self, pool: &Pool, followed: &mut Followed) -> Result<(), SiteError> {
        if pool.len() > FEW && followed.ended.is_some_and(|last| last.elapsed() < SELDOM) {
            return Ok(());
        }
        followed.ended = Some(Instant::now());
        let accounts: BTreeSet<Uuid> = pool.ended(self.now()).into_iter().map(|(account, _)| account).collect();
        let accounts: Vec<Uuid> = accounts.into_iter().collect();
        for portion in accounts.chunks(PORTION) {
            self.read_again(pool, followed, portion).await?;
        }
        Ok(())
    }

    /// Reads everything again, a portion at a time while searches and followers go on: for what [`Self::follow`] could not see.
    ///
    /// # Errors
    /// The databases'.
    pub async fn reconcile(&self) -> Result<(), SiteError> {
        self.follow().await?;
        let pool = self.index().await?;
        let mut after = Some(Uuid::nil());
        while let Some(from) = after {
            let mut followed = self.0.followed.lock().await;
            after = self.read_on(pool, &mut followed, from).await?;
        }
        self.forget_what_was_shown();
        Ok(())
    }

    /// Deletes what says whose grants have changed and every process has read long ago; who slept meanwhile reads everything again.
    ///
    /// # Errors
    /// The database's.
    pub async fn sweep(&self) -> Result<(), SiteError> {
        self.follow().await?;
        let before = self.now().checked_sub(KEPT).map_err(|error| SiteError::internal("a time", &error))?;
        self.0.db.execute("delete from pool_changed where changed_at < $1", params![before]).await?;
        Ok(())
    }

    async fn read_again(&self, pool: &Pool, followed: &mut Followed, accounts: &[Uuid]) -> Result<(), SiteError> {
        let all = self.0.disclosure.opened(accounts).await.map_err(failed)?;
        take_in(pool, followed, all);
        Ok(())
    }

    /// Reads the next portion behind this account. Gives from where to go on, if there is more.
    async fn read_on(&self, pool: &Pool, followed: &mut Followed, after: Uuid) -> Result<Option<Uuid>, SiteError> {
        let all = self.0.disclosure.opened_after(after, PORTION).await.map_err(failed)?;
        let next = (all.len() == PORTION).then(|| all.last().map(|by| by.account)).flatten();
        // Whoever was known between them opens nothing any more.
        let end = next.map_or(Bound::Unbounded, Bound::Included);
        let found: BTreeSet<Uuid> = all.iter().map(|by| by.account).collect();
        let known = followed.known.range((Bound::Excluded(after), end)).copied();
        let gone = known.filter(|account| !found.contains(account));
        let nothing = |account| OpenedBy { account, grants: Vec::new(), hidden_from: Vec::new() };
        let gone: Vec<OpenedBy> = gone.map(nothing).collect();
        take_in(pool, followed, all.into_iter().chain(gone).collect());
        Ok(next)
    }
}

impl Followed {
    /// Whoever has not looked for so long that changes may have been deleted unread begins anew.
    fn wake(&mut self, now: Timestamp) {
        if self.looked_at.is_some_and(|last| now.duration_since(last) >= KEPT / 2) {
            self.position = None;
        }
        self.looked_at = Some(now);
    }
}

fn take_in(pool: &Pool, followed: &mut Followed, all: Vec<OpenedBy>) {
    for by in &all {
        match by.grants.is_empty() {
            true => followed.known.remove(&by.account),
            false => followed.known.insert(by.account),
        };
    }
    pool.apply(all.into_iter().flat_map(changes));
}

/// All that a candidate opens, in the place of what was there.
fn changes(by: OpenedBy) -> Vec<Change> {
    let OpenedBy { account: candidate, grants, hidden_from: companies } = by;
    let mut changes = vec![Change::Gone { candidate }];
    if !grants.is_empty() {
        changes.push(Change::Hidden { candidate, companies });
        changes.extend(grants.iter().map(|opened| Change::Granted(projection(candidate, opened))));
    }
    changes
}

fn projection(candidate: Uuid, opened: &Opened) -> Projection {
    let audience = match opened.to() {
        OpenedTo::Company(company) => Audience::Company(*company),
        OpenedTo::Pool { role } => Audience::Pool { role: role.clone() },
    };
    Projection {
        candidate,
        grant: opened.grant(),
        audience,
        made_on: opened.made_at().to_zoned(TimeZone::UTC).date(),
        until: opened.until(),
        facts: Facts::of(opened.fields(), opened.signals()),
    }
}
