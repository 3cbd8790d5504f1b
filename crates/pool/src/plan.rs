//! What changes about one candidate, worked out beforehand: whoever changes it has little left to do while searches wait.

use crate::held::{AllHeld, Circle};
use crate::names::Act;
use crate::vocabulary::Vocabulary;
use uuid::Uuid;

/// What there was of a candidate, and what there is to be. It holds for as long as nothing else is changed about them.
#[derive(Debug)]
pub(crate) struct Plan {
    pub id: Uuid,
    /// Their number, if they have one.
    pub known: Option<u32>,
    pub before: State,
    pub after: State,
    /// Of all that they are to have anywhere, see [`AllHeld::sieve`].
    pub sieve: u128,
}

/// What there is of a candidate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub held: AllHeld,
    /// The companies from which they are hidden, rising.
    pub hidden: Vec<u32>,
}

impl State {
    pub fn is_empty(&self) -> bool {
        self.held.is_empty() && self.hidden.is_empty()
    }

    /// What there is after these acts.
    pub fn act(&mut self, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Grant(held) => self.held.put(held),
                Act::End(grant) => self.held.remove(grant),
                Act::Hide(companies) => self.hidden = companies,
                Act::Leave => *self = Self::default(),
            }
        }
    }
}

impl Plan {
    /// From what there is to what there is to be after these acts; nothing if that is the same.
    pub fn new(id: Uuid, known: Option<u32>, before: State, acts: Vec<Act>, vocabulary: &Vocabulary) -> Option<Self> {
        let mut after = before.clone();
        after.act(acts);
        let is_change = before != after && (known.is_some() || !after.is_empty());
        is_change.then(|| Self { id, known, sieve: after.held.sieve(vocabulary), before, after })
    }

    /// Those to whom more of the candidate was open than to one pool, and those to whom it is to be.
    pub fn circles(&self) -> (Vec<Circle>, Vec<Circle>) {
        (self.before.held.circles(), self.after.held.circles())
    }

    /// Whether they are to stand somewhere else in blocks than they did, or it is not known yet where.
    pub fn moves(&self) -> bool {
        !self.before.held.all_places().eq(self.after.held.all_places())
    }
}
