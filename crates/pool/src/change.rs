//! What goes in.

use crate::Facts;
use crate::value::{Facet, Word};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// To whom a grant opens something. A link opens nothing here: whoever has it has found the candidate already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Companies that look for this role. Whoever grants to its pool looks for the role themselves.
    Pool {
        /// Its id in the content.
        role: String,
    },
    /// One company.
    Company(Uuid),
}

/// What one grant opens of one candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// Whose. It comes back in answers, and is for nobody's eyes: a company knows candidates by other names.
    pub candidate: Uuid,
    /// Which grant.
    pub grant: Uuid,
    /// To whom.
    pub audience: Audience,
    /// When its candidate made it, which is fresh for those to whom it opens something.
    pub made_on: Date,
    /// When it ends by itself, or when one of its signals does, whichever is first: from then on it opens nothing until it is handed in
    /// again without the signal. [`Pool::ended`](crate::Pool::ended) tells which are due.
    pub until: Timestamp,
    /// What it opens.
    pub facts: Facts,
}

impl Projection {
    /// All values that it opens. `role` is that of the pool to which it opens them.
    pub(crate) fn words<'w>(&'w self, role: Option<&'w str>) -> impl Iterator<Item = Word<'w>> {
        self.facts.words().into_iter().chain(role.map(|role| Word::new(Facet::Role, role)))
    }
}

/// A change of what companies may see.
#[allow(clippy::large_enum_variant, reason = "nearly all are grants")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A grant as it is now: made, narrowed, or with facts that have changed.
    Granted(Projection),
    /// A grant that opens nothing any more: revoked or at its end.
    Ended {
        /// Whose.
        candidate: Uuid,
        /// Which.
        grant: Uuid,
    },
    /// The companies that see nothing of a candidate, whatever was granted: those that they block, and those for which they act
    /// themselves. Takes the place of what was said before.
    Hidden {
        /// Who.
        candidate: Uuid,
        /// From whom.
        companies: Vec<Uuid>,
    },
    /// Nothing of a candidate is to be known any more: they leave, or are about to.
    Gone {
        /// Who.
        candidate: Uuid,
    },
}

impl Change {
    /// About whom it is.
    pub fn candidate(&self) -> Uuid {
        match self {
            Self::Granted(projection) => projection.candidate,
            Self::Ended { candidate, .. } | Self::Hidden { candidate, .. } | Self::Gone { candidate } => *candidate,
        }
    }
}
