//! What a new reading of a board changes.

use crate::digest::Digest;
use crate::posting::Posting;
use crate::read::Read;
use std::collections::{HashMap, HashSet};

/// A posting that came in before and is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The board's name for it.
    pub external_id: String,
    /// Of the posting as it was read last.
    pub digest: Digest,
}

/// From so many on, the loss of more than half is doubted. Of three vacancies two may well be filled in a week.
const MANY_GONE: usize = 3;

/// Why nothing is closed although postings are not on the board any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The reading was cut short.
    #[error("The board was not read to its end, so what was not seen may still be there.")]
    Incomplete,
    /// Postings whose id could not be read: each may be one that seems gone.
    #[error("{0} postings could not be told apart, and may be among those that seem gone.")]
    Nameless(usize),
    /// None is left.
    #[error("The board is empty, and held {0} postings before.")]
    Empty(usize),
    /// More than half, and at least three.
    #[error("{gone} of {known} postings are not on the board any more.")]
    MostGone {
        /// Not there any more.
        gone: usize,
        /// Before.
        known: usize,
    },
}

/// What is to be done so that the site says what the board says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'a> {
    /// Not known before.
    pub new: Vec<&'a Posting>,
    /// Known, and saying something else now.
    pub changed: Vec<&'a Posting>,
    /// Ids of those that say the same.
    pub same: Vec<&'a str>,
    /// Ids of known ones that are on the board and could not be read: left as they are.
    pub unread: Vec<&'a str>,
    gone: Vec<&'a str>,
    doubt: Option<Doubt>,
}

impl<'a> Plan<'a> {
    /// Ids of known ones that are not on the board any more, for showing.
    pub fn gone(&self) -> &[&'a str] {
        &self.gone
    }

    /// Why none of them is closed yet.
    pub fn doubt(&self) -> Option<&Doubt> {
        self.doubt.as_ref()
    }

    /// Ids of those to close: all that are gone, and none in doubt.
    pub fn to_close(&self) -> &[&'a str] {
        if self.doubt.is_some() { &[] } else { &self.gone }
    }

    /// The same plan without its doubt, when somebody of the company has said that it is so.
    #[must_use]
    pub fn confirmed(self) -> Self {
        Self { doubt: None, ..self }
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.to_close().is_empty()
    }
}

/// Compares a reading with what is known. A feed that fails, shrinks or loses its ids closes nothing by itself: the plan says
/// so ([`Plan::doubt`]) and waits to be confirmed.
pub fn diff<'a>(known: &'a [Known], read: &'a Read) -> Plan<'a> {
    let before: HashMap<&str, Digest> = known.iter().map(|one| (one.external_id.as_str(), one.digest)).collect();
    let mut plan = Plan { new: vec![], changed: vec![], same: vec![], unread: vec![], gone: vec![], doubt: None };
    for posting in &read.postings {
        match before.get(posting.external_id.as_str()) {
            None => plan.new.push(posting),
            Some(digest) if *digest == posting.digest() => plan.same.push(&posting.external_id),
            Some(_) => plan.changed.push(posting),
        }
    }
    let there: HashSet<&str> = read.postings.iter().map(|posting| posting.external_id.as_str()).collect();
    let untaken: Vec<Option<&str>> =
        read.faults.iter().filter(|fault| !fault.is_taken()).map(|fault| fault.external_id.as_deref()).collect();
    let unread: HashSet<&str> = untaken.iter().copied().flatten().collect();
    let mut once = HashSet::new();
    let missing = known.iter().map(|one| one.external_id.as_str()).filter(|id| !there.contains(id) && once.insert(*id));
    (plan.unread, plan.gone) = missing.partition(|id| unread.contains(id));
    let nameless = untaken.iter().filter(|id| id.is_none()).count();
    plan.doubt = doubt(&plan, read, nameless, before.len());
    plan
}

fn doubt(plan: &Plan<'_>, read: &Read, nameless: usize, known: usize) -> Option<Doubt> {
    let gone = plan.gone.len();
    if gone == 0 {
        None
    } else if !read.complete {
        Some(Doubt::Incomplete)
    } else if nameless > 0 {
        Some(Doubt::Nameless(nameless))
    } else if read.listed == 0 {
        Some(Doubt::Empty(known))
    } else if gone >= MANY_GONE && gone * 2 > known {
        Some(Doubt::MostGone { gone, known })
    } else {
        None
    }
}
