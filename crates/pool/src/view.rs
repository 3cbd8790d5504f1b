//! Who has what, where one audience sees it.

use crate::vocabulary::Atom;
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// A candidate's place in the pool.
pub(crate) type Slot = u32;

/// What is open to the pool of one role: built of what grants open to it, and of nothing else.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// Everybody of whom something is open.
    pub all: RoaringBitmap,
    by: HashMap<Atom, RoaringBitmap>,
}

impl View {
    /// Who has a value.
    pub fn with(&self, atom: Atom) -> Option<&RoaringBitmap> {
        self.by.get(&atom)
    }

    /// Puts one candidate's values in the place of those that they had; `None` is to have no grant.
    pub fn change(&mut self, slot: Slot, before: Option<&[Atom]>, after: Option<&[Atom]>) {
        match (before, after) {
            (None, Some(_)) => self.all.insert(slot),
            (Some(_), None) => self.all.remove(slot),
            _ => false,
        };
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        for gone in before.iter().filter(|atom| after.binary_search(atom).is_err()) {
            if let Some(with) = self.by.get_mut(gone) {
                with.remove(slot);
                if with.is_empty() {
                    self.by.remove(gone);
                }
            }
        }
        for new in after.iter().filter(|atom| before.binary_search(atom).is_err()) {
            self.by.entry(*new).or_default().insert(slot);
        }
    }
}

/// What is open to one company by name, and who is hidden from it.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Who granted something to it, rising; for each of them a sieve of all that they have anywhere. Whoever falls through need not be
    /// looked at; whoever does not is looked at through what the company sees.
    pub slots: Vec<Slot>,
    pub sieves: Vec<u64>,
    /// Rising. Most companies have few of either, for which a list is smaller than a set.
    pub hidden: Vec<Slot>,
}

impl Named {
    /// Puts a candidate in, with this sieve, or takes them out.
    pub fn change(&mut self, slot: Slot, sieve: Option<u64>) {
        match (self.slots.binary_search(&slot), sieve) {
            (Ok(at), Some(sieve)) => self.sieves[at] = sieve,
            (Ok(at), None) => {
                self.slots.remove(at);
                self.sieves.remove(at);
            }
            (Err(at), Some(sieve)) => {
                self.slots.insert(at, slot);
                self.sieves.insert(at, sieve);
            }
            (Err(_), None) => {}
        }
    }

    /// Hides a candidate, or does so no more.
    pub fn hide(&mut self, slot: Slot, hidden: bool) {
        match (self.hidden.binary_search(&slot), hidden) {
            (Ok(at), false) => {
                self.hidden.remove(at);
            }
            (Err(at), true) => self.hidden.insert(at, slot),
            _ => {}
        }
    }

    pub fn hides(&self, slot: Slot) -> bool {
        self.hidden.binary_search(&slot).is_ok()
    }
}

/// The hole of a sieve that a value is in.
pub(crate) fn hole(atom: Atom) -> u64 {
    1 << (u32::from(atom).wrapping_mul(0x9E37_79B1) >> 26)
}
