//! What one candidate has granted, as a change finds it and leaves it.

use crate::row::Row;
use crate::view::Slot;
use crate::vocabulary::Vocabulary;
use uuid::Uuid;

/// To whom, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum To {
    /// The pool of a role.
    Pool(u16),
    /// A company.
    Company(u32),
}

/// To whom more of a candidate is open than one pool sees, so that they are looked at one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Circle {
    /// Whoever looks into both of these pools, or into this one if it is twice the same. The lesser is first.
    Pools(u16, u16),
    /// A company to which something is granted by name.
    Company(u32),
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub to: To,
    pub grant: Uuid,
    /// Its place in a block, if it is to a pool and has one already.
    pub place: Option<Slot>,
    pub row: Row<'static>,
}

/// All grants of a candidate: those to pools first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AllHeld(Vec<Held>);

impl AllHeld {
    pub fn new(mut held: Vec<Held>) -> Self {
        held.sort_unstable_by_key(|one| (one.to, one.grant));
        Self(held)
    }

    /// Puts a grant in the place of what it was before.
    pub fn put(&mut self, mut held: Held) {
        if let Some(at) = self.0.iter().position(|one| one.grant == held.grant) {
            let before = self.0.remove(at);
            held.place = before.place.filter(|_| before.to == held.to);
        }
        let at = self.0.partition_point(|one| (one.to, one.grant) < (held.to, held.grant));
        self.0.insert(at, held);
    }

    pub fn remove(&mut self, grant: Uuid) {
        self.0.retain(|one| one.grant != grant);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Held> {
        self.0.iter()
    }

    /// Those to pools, with their roles.
    pub fn of_pools(&mut self) -> impl Iterator<Item = (u16, &mut Held)> {
        self.0.iter_mut().filter_map(|one| match one.to {
            To::Pool(role) => Some((role, one)),
            To::Company(_) => None,
        })
    }

    /// The grant that has this place.
    pub fn at(&self, place: Slot) -> Option<&Held> {
        self.0.iter().find(|one| one.place == Some(place))
    }

    /// The places that it has: of grants to any pool, or to one of these.
    pub fn places(&self, circle: Option<Circle>) -> impl Iterator<Item = Slot> {
        let is_in = move |to: To| match (circle, to) {
            (Some(Circle::Pools(one, other)), To::Pool(role)) => role == one || role == other,
            _ => true,
        };
        self.0.iter().filter(move |one| is_in(one.to)).filter_map(|one| one.place)
    }

    /// The place of each, if it is to a pool and has one already.
    pub fn all_places(&self) -> impl Iterator<Item = (To, Option<Slot>)> {
        self.0.iter().filter(|one| matches!(one.to, To::Pool(_))).map(|one| (one.to, one.place))
    }

    /// Those to whom more of it is open than one pool sees: rising, each once.
    pub fn circles(&self) -> Vec<Circle> {
        let mut circles = Vec::new();
        for (at, one) in self.0.iter().enumerate() {
            match one.to {
                To::Company(company) => circles.push(Circle::Company(company)),
                To::Pool(role) => circles.extend(self.0[at + 1..].iter().filter_map(|other| match other.to {
                    To::Pool(other) => Some(Circle::Pools(role, other)),
                    To::Company(_) => None,
                })),
            }
        }
        circles.sort_unstable();
        circles.dedup();
        circles
    }

    /// All that there is, for the first sieve of whoever sees more than a pool.
    pub fn sieve(&self, vocabulary: &Vocabulary) -> u128 {
        self.0.iter().flat_map(|one| one.row.atoms.iter()).fold(0, |sieve, atom| sieve | vocabulary.hole(*atom))
    }
}
