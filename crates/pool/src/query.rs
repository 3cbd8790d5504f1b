//! Who asks what, and the answer.

use crate::value::{Facet, Fluency, Hours, Remote, Taken, Value};
use crate::{Error, Pay, Zones};
use jiff::Timestamp;
use jiff::civil::Date;
use jobfuture_disclosure::{Act, AsCompany};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Of competencies, and of those that a signal shows, in each list.
const MOST_COMPETENCIES: usize = 20;
const MOST_LANGUAGES: usize = 10;
/// Of values any of which will do.
const MOST_VALUES: usize = 100;

/// A company that looks into the pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub(crate) company: Uuid,
    pub(crate) roles: BTreeSet<String>,
}

impl Viewer {
    /// Whoever acts for a company, with the roles that it looks for; nobody if it is not verified, or if somebody of their role does not
    /// see candidates.
    pub fn of(company: &AsCompany, roles: impl IntoIterator<Item = impl Into<String>>) -> Option<Self> {
        (company.is_verified() && company.may(Act::Candidates)).then(|| Self::new(company.company(), roles))
    }

    /// A company for which nobody in particular acts, as when a saved search is repeated. That it is verified is the caller's to
    /// know.
    pub fn new(company: Uuid, roles: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { company, roles: roles.into_iter().map(Into::into).collect() }
    }

    /// Which company.
    pub fn company(&self) -> Uuid {
        self.company
    }
}

/// What is asked. Lists that are empty ask for nothing. Each filter is met by what a candidate states where the viewer sees it; whoever
/// does not state it is left out, for whatever reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Now: what has ended by then is not there, and freshness is counted from that day (UTC).
    pub at: Timestamp,
    /// Roles that they look for; any will do.
    pub roles: Vec<String>,
    /// A level that a signal shows: of one of [`Self::roles`], or of any role if none is asked for.
    pub level: Option<AtLeast>,
    /// Levels as they see them; any will do.
    pub seniority: Vec<String>,
    /// Competencies, stated or shown by a signal: all of them.
    pub must: Vec<String>,
    /// Competencies that a signal shows: all of them.
    pub shown: Vec<String>,
    /// Competencies that would be good to have. They leave nobody out: who states more of them comes sooner.
    pub nice: Vec<String>,
    /// Countries; any will do. Without regard to case.
    pub countries: Vec<String>,
    /// Time zones, some of which they could share.
    pub zones: Option<Zones>,
    /// Ways of working; any will do.
    pub remote: Vec<Remote>,
    /// What can be paid: they would work for that or less, in this currency. No rate is invented.
    pub pay: Option<Pay>,
    /// How much they would like to work; any will do.
    pub hours: Vec<Hours>,
    /// They say from when they could begin, to work so much, and it is no later.
    pub available_by: Option<Date>,
    /// Languages, all of them, without regard to case; spoken at least so well, if it is said how well.
    pub languages: Vec<(String, Option<Fluency>)>,
    /// How many are skipped.
    pub offset: usize,
    /// How many are wanted at most. The total and the facets are of all.
    pub limit: usize,
    /// How many values of each facet are wanted at most; values that were asked for are among them in any case.
    pub facet_limit: usize,
}

/// A level that a signal shows, or a higher one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtLeast {
    /// The lowest that will do.
    pub level: String,
    /// How the check may have been taken; in any way if there is none.
    pub taken: Vec<Taken>,
}

impl Query {
    /// Everybody, at this time: twenty of them, and twenty values of each facet.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            roles: Vec::new(),
            level: None,
            seniority: Vec::new(),
            must: Vec::new(),
            shown: Vec::new(),
            nice: Vec::new(),
            countries: Vec::new(),
            zones: None,
            remote: Vec::new(),
            pay: None,
            hours: Vec::new(),
            available_by: None,
            languages: Vec::new(),
            offset: 0,
            limit: 20,
            facet_limit: 20,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let sizes = [
            ("competencies that are needed", self.must.len(), MOST_COMPETENCIES),
            ("competencies that are shown", self.shown.len(), MOST_COMPETENCIES),
            ("competencies that are good to have", self.nice.len(), MOST_COMPETENCIES),
            ("languages", self.languages.len(), MOST_LANGUAGES),
            ("roles", self.roles.len(), MOST_VALUES),
            ("levels", self.seniority.len(), MOST_VALUES),
            ("countries", self.countries.len(), MOST_VALUES),
        ];
        if let Some((what, found, most)) = sizes.into_iter().find(|(_, found, most)| found > most) {
            return Err(Error::TooMany { what, found, most });
        }
        if self.zones.is_some_and(|zones| zones.from > zones.to) {
            return Err(Error::Zones);
        }
        Ok(())
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The candidates of this page, in order.
    pub found: Vec<Found>,
    /// How many match.
    pub total: usize,
    /// For each facet its values among all who match: those of most candidates first (of as many, in the order of values).
    pub facets: BTreeMap<Facet, Vec<Count>>,
}

/// A candidate who matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Who. For nobody's eyes: a company knows them by another name.
    pub candidate: Uuid,
    /// What of the query they meet, and by what.
    pub why: Vec<Why>,
    /// How fresh what is seen of them is.
    pub freshness: Freshness,
}

/// One thing that somebody meets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Why {
    /// Whether it was needed.
    pub wish: Wish,
    /// What it is.
    pub what: Matched,
    /// What it rests on.
    pub ground: Ground,
}

/// How much something is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// It is needed.
    Must,
    /// It would be good to have.
    Nice,
}

/// What somebody meets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matched {
    /// A value that was asked for; or a level that is higher, a language that is spoken better.
    Value(Value),
    /// They would work for this.
    Pay(Pay),
    /// They could share these time zones.
    Zones(Zones),
    /// They could begin on this day.
    From(Hours, Date),
}

/// What something rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// They state it.
    Stated,
    /// A signal shows it.
    Signal,
}

/// How long ago a candidate made a grant, or took a check, of which the viewer sees something: the latest counts. In steps so great
/// that nothing can be told from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freshness {
    /// Longer ago.
    Older,
    /// At most 365 days ago.
    Year,
    /// At most 90 days ago.
    Quarter,
    /// At most 30 days ago.
    Month,
}

/// A value of a facet, and how many candidates have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The value.
    pub value: Value,
    /// How many.
    pub count: u32,
}
