//! Grants: who may see what, what for, and until when. One row, made, narrowed and revoked by its candidate alone.

mod block;
mod check;
mod end;
mod list;
mod make;
mod promised;

pub use block::Blocked;
pub use end::end_grant;
pub use list::GrantEntry;
pub use make::ReadyGrant;
pub use promised::PromisedGrant;

use crate::Field;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Days that a grant may last, at most.
pub const MOST_DAYS: i64 = 366;
/// Days that a link may last, at most.
pub const MOST_LINK_DAYS: i64 = 90;
/// How often a link may be opened, at most.
pub const MOST_OPENS: i64 = 1_000;

/// Something that can be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// A field of the profile.
    Field(Field),
    /// A signal, by its id.
    Signal(Uuid),
}

impl Fact {
    /// As it was written: `field:headline`, `signal:…`; nothing if there is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("field", id) => Field::parse(id).map(Self::Field),
            ("signal", id) => Uuid::try_parse(id).ok().map(Self::Signal),
            _ => None,
        }
    }
}

/// For forms and rows.
impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Field(field) => write!(f, "field:{}", field.id()),
            Self::Signal(id) => write!(f, "signal:{id}"),
        }
    }
}

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// One company, by its id.
    Company(Uuid),
    /// Verified companies that look for this role.
    Pool {
        /// Its id in the content.
        role: String,
    },
    /// Whoever has the link.
    Link {
        /// How often it may be opened.
        opens_at_most: i64,
    },
}

/// What a candidate is about to grant.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// To whom.
    pub audience: Audience,
    /// What.
    pub facts: BTreeSet<Fact>,
    /// What for, in the candidate's words; the viewer reads it.
    pub purpose: String,
    /// For how long.
    pub days: i64,
}

/// The permission itself, while the door reads: what one candidate opens to one viewer at this moment. Nobody else can make
/// one.
///
/// ```compile_fail
/// let forged = jobfuture_disclosure::Grant { owner: uuid::Uuid::nil(), facts: &Default::default() };
/// ```
#[derive(Debug)]
pub struct Grant<'d> {
    owner: Uuid,
    facts: &'d BTreeSet<Fact>,
}

impl<'d> Grant<'d> {
    /// Only for the door, from rows that it selected for its viewer.
    pub(crate) fn from_rows(owner: Uuid, facts: &'d BTreeSet<Fact>) -> Self {
        Self { owner, facts }
    }

    /// Whether it opens this of that person.
    pub(crate) fn opens(&self, owner: Uuid, fact: Fact) -> bool {
        self.owner == owner && self.facts.contains(&fact)
    }
}
