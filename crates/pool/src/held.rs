//! What one candidate has granted, as a change finds it and leaves it.

use crate::row::Row;
use crate::view::{Slot, View, hole};
use crate::vocabulary::Atom;
use std::collections::BTreeMap;
use uuid::Uuid;

/// To whom, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum To {
    /// The pool of a role.
    Pool(u16),
    /// A company.
    Company(u32),
}

/// With whom a candidate is kept: with those of whom the same pools know, because sets of people who are kept side by side are small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Home {
    /// Those who granted to the pool of this role, and of no other.
    Pool(u16),
    /// Those who granted to several.
    SeveralPools,
    /// Those who granted to none.
    NoPool,
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub to: To,
    pub grant: Uuid,
    pub row: Row,
}

/// All grants of a candidate: those to pools first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AllHeld(Vec<Held>);

impl AllHeld {
    pub fn new(mut held: Vec<Held>) -> Self {
        held.sort_unstable_by_key(|one| (one.to, one.grant));
        Self(held)
    }

    pub fn put(&mut self, held: Held) {
        self.remove(held.grant);
        self.0.push(held);
        self.0.sort_unstable_by_key(|one| (one.to, one.grant));
    }

    pub fn remove(&mut self, grant: Uuid) {
        self.0.retain(|one| one.grant != grant);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With whom their candidate is kept.
    pub fn home(&self) -> Home {
        let mut roles = self.0.iter().filter_map(|one| match one.to {
            To::Pool(role) => Some(role),
            To::Company(_) => None,
        });
        match (roles.next(), roles.next_back()) {
            (None, _) => Home::NoPool,
            (Some(first), Some(last)) if first != last => Home::SeveralPools,
            (Some(role), _) => Home::Pool(role),
        }
    }

    /// The one that stands in the table, if one is to a pool, and the others.
    pub fn parted(mut self) -> (Option<Held>, Vec<Held>) {
        let is_many = self.0.iter().filter(|one| matches!(one.to, To::Pool(_))).count() > 1;
        self.0.iter_mut().for_each(|one| one.row.is_one_of_many = is_many);
        let has_pool = self.0.first().is_some_and(|one| matches!(one.to, To::Pool(_)));
        let first = has_pool.then(|| self.0.remove(0));
        (first, self.0)
    }

    /// What each pool sees of it, as values.
    fn by_role(&self) -> BTreeMap<u16, Vec<Atom>> {
        let mut by_role: BTreeMap<u16, Vec<Atom>> = BTreeMap::new();
        for Held { to, row, .. } in &self.0 {
            if let To::Pool(role) = to {
                by_role.entry(*role).or_default().extend_from_slice(&row.atoms);
            }
        }
        for atoms in by_role.values_mut() {
            atoms.sort_unstable();
            atoms.dedup();
        }
        by_role
    }

    /// Brings the views of pools from what was held before to what is held now.
    pub fn show(before: &Self, after: &Self, slot: Slot, views: &mut [View]) {
        let (before, after) = (before.by_role(), after.by_role());
        for (role, atoms) in &before {
            let now = after.get(role).map(Vec::as_slice);
            views[usize::from(*role)].change(slot, Some(atoms), now);
        }
        for (role, atoms) in after.iter().filter(|(role, _)| !before.contains_key(role)) {
            views[usize::from(*role)].change(slot, None, Some(atoms));
        }
    }

    /// The companies to which something is granted by name.
    pub fn companies(&self) -> impl Iterator<Item = u32> {
        self.0.iter().filter_map(|one| match one.to {
            To::Company(company) => Some(company),
            To::Pool(_) => None,
        })
    }

    /// All that there is, for the first sieve of whoever sees more than a pool.
    pub fn sieve(&self) -> u64 {
        self.0.iter().flat_map(|one| &one.row.atoms).fold(0, |sieve, atom| sieve | hole(*atom))
    }
}
