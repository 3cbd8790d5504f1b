//! The pool: changed by one, asked by many.

use crate::asked::Asked;
use crate::exposure::Exposure;
use crate::order::{self, Ranks};
use crate::people::People;
use crate::plan::Plan;
use crate::read::Eyes;
use crate::row::seconds;
use crate::search::Matches;
use crate::turns::Turns;
use crate::{Answer, Change, Error, Query, Viewer};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLockReadGuard, RwLockWriteGuard};
use uuid::Uuid;

/// So many candidates are changed before searches have their turn again: a twentieth of a millisecond.
const AT_ONCE: usize = 2;

/// The candidate pool. Clones are the same pool. Searches run side by side, and wait for the change of a few candidates at most.
#[derive(Clone)]
pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    levels: Vec<String>,
    ranks: Ranks,
    people: Turns<People>,
    /// Held by whoever changes somebody, so that what they plan holds until it is made.
    changing: Mutex<()>,
    exposure: Exposure,
}

impl Pool {
    /// An empty pool. `levels` are those of the content, rising. `key` is a secret of the instance that decides among equals: with the
    /// same key the order is the same in every process and after every start.
    pub fn new(levels: impl IntoIterator<Item = impl Into<String>>, key: [u8; 16]) -> Self {
        let levels = levels.into_iter().map(Into::into).collect();
        let (people, exposure) = (Turns::default(), Exposure::default());
        Self { shared: Arc::new(Shared { levels, ranks: Ranks(key), people, changing: Mutex::default(), exposure }) }
    }

    /// Makes changes, in their order. All those of one candidate are seen at once; on return every search sees all of them.
    pub fn apply(&self, changes: impl IntoIterator<Item = Change>) {
        let mut rest = by_candidate(changes).into_iter().peekable();
        let _alone = self.alone();
        while rest.peek().is_some() {
            let some = rest.by_ref().take(AT_ONCE);
            let mut plans: Vec<Plan> = some.filter_map(|(id, changes)| self.plan(id, &changes)).collect();
            self.fetch(&plans);
            let mut people = self.write();
            plans.iter_mut().for_each(|plan| people.make(plan));
        }
    }

    /// Reads what will be changed, while others search.
    fn fetch(&self, plans: &[Plan]) {
        let people = self.read();
        plans.iter().for_each(|plan| people.fetch_planned(plan));
    }

    /// Works out what is to be changed about a candidate, while others search.
    fn plan(&self, id: Uuid, changes: &[Change]) -> Option<Plan> {
        let known = self.read().names.known(changes);
        let acts = match known {
            Some(acts) => acts,
            None => self.write().learn(changes),
        };
        self.read().plan(id, acts)
    }

    /// Puts these changes in the place of everything, all at once: searches see what was there until all of it is ready. What was
    /// shown to whom stays counted.
    pub fn rebuild(&self, changes: impl IntoIterator<Item = Change>) {
        let mut people = People::default();
        for change in changes {
            people.change(change.candidate(), &[change]);
        }
        let before = {
            let _alone = self.alone();
            std::mem::replace(&mut *self.write(), people)
        };
        // Dropping a million people takes its time, and nobody has to wait for it.
        drop(before);
    }

    /// Searches.
    ///
    /// # Errors
    /// If more is asked for than a search takes, or time zones the wrong way round.
    pub fn search(&self, viewer: &Viewer, query: &Query) -> Result<Answer, Error> {
        query.check()?;
        let people = self.read();
        let vocabulary = &people.names.vocabulary;
        let asked = Asked::read(query, &self.shared.levels, vocabulary);
        let eyes = Eyes::of(viewer, &people, asked.now);
        let matches = Matches::find(&eyes, &asked, vocabulary.end());
        let (total, facets) = (matches.found.len(), matches.counts.facets(&asked, query.facet_limit, vocabulary));
        let times = self.shared.exposure.times(viewer.company);
        let found = order::page(matches.found, &eyes, &asked, query, &self.shared.ranks, &times, vocabulary);
        Ok(Answer { found, total, facets })
    }

    /// How many candidates there are of whom somebody may see something, or from whom somebody is hidden.
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Grants that have ended by then and are still kept, with their candidates. No search sees them any more. The follower makes them
    /// anew, without a signal that has ended, or says [`Change::Ended`].
    pub fn ended(&self, now: Timestamp) -> Vec<(Uuid, Uuid)> {
        self.read().ended(seconds(now))
    }

    /// Counts that candidates were shown to a company. Whoever shows an answer says so; a search that nobody looks at counts for
    /// nothing.
    pub fn count_shown(&self, company: Uuid, candidates: impl IntoIterator<Item = Uuid>) {
        self.shared.exposure.count(company, candidates);
    }

    /// How often which candidates were shown to a company, to be kept over a restart.
    pub fn shown(&self, company: Uuid) -> Vec<(Uuid, u32)> {
        self.shared.exposure.get(company)
    }

    /// Sets how often which candidates were shown to a company, in the place of what was counted.
    pub fn set_shown(&self, company: Uuid, counts: impl IntoIterator<Item = (Uuid, u32)>) {
        self.shared.exposure.set(company, counts);
    }

    fn alone(&self) -> MutexGuard<'_, ()> {
        self.shared.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, People> {
        self.shared.people.read()
    }

    fn write(&self) -> RwLockWriteGuard<'_, People> {
        self.shared.people.write()
    }
}

/// The changes of each candidate, in their order.
fn by_candidate(changes: impl IntoIterator<Item = Change>) -> Vec<(Uuid, Vec<Change>)> {
    let mut all: Vec<Change> = changes.into_iter().collect();
    all.sort_by_key(Change::candidate);
    let mut by_candidate: Vec<(Uuid, Vec<Change>)> = Vec::new();
    for change in all {
        match by_candidate.last_mut() {
            Some((candidate, changes)) if *candidate == change.candidate() => changes.push(change),
            _ => by_candidate.push((change.candidate(), vec![change])),
        }
    }
    by_candidate
}
