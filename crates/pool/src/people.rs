//! Everybody in the pool, and what is open of them: changed by one at a time.

use crate::change::{Audience, Change};
use crate::held::{AllHeld, Held, Home, To};
use crate::row::Row;
use crate::view::{Named, Slot, View};
use crate::vocabulary::Vocabulary;
use hashbrown::HashTable;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use uuid::Uuid;

/// Candidates of one block: as many as a set keeps in one piece.
const BLOCK: usize = 1 << 16;

/// A candidate in a block.
#[derive(Debug, Clone, Copy)]
struct Person {
    id: Uuid,
    /// The grant whose row stands in the block, and the role of its pool.
    first: Option<(u16, Uuid)>,
}

/// Candidates who are kept side by side.
#[derive(Debug)]
struct Block {
    home: Home,
    rows: Vec<Row>,
    people: Vec<Person>,
    free: Vec<u16>,
}

/// Everybody in the pool.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub vocabulary: Vocabulary,
    roles: HashMap<Box<str>, u16>,
    /// By role.
    pub views: Vec<View>,
    companies: HashMap<Uuid, u32>,
    /// By company.
    pub named: Vec<Named>,
    blocks: Vec<Block>,
    homes: HashMap<Home, Vec<usize>>,
    /// Grants that do not stand in a block.
    more: HashMap<Slot, Box<[Held]>>,
    /// From whom candidates are hidden.
    hidden: HashMap<Slot, Box<[u32]>>,
    slots: HashTable<Slot>,
    hasher: RandomState,
}

impl People {
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn role(&self, role: &str) -> Option<u16> {
        self.roles.get(role).copied()
    }

    pub fn company(&self, id: Uuid) -> Option<u32> {
        self.companies.get(&id).copied()
    }

    /// Who is there.
    pub fn id(&self, slot: Slot) -> Uuid {
        self.blocks[slot as usize / BLOCK].people[slot as usize % BLOCK].id
    }

    /// The row that stands in the block.
    pub fn row(&self, slot: Slot) -> &Row {
        &self.blocks[slot as usize / BLOCK].rows[slot as usize % BLOCK]
    }

    /// What a candidate has granted to those of whom `sees` is true.
    pub fn rows<'p, F: Fn(To) -> bool>(&'p self, slot: Slot, sees: F) -> impl Iterator<Item = &'p Row> + use<'p, F> {
        let person = &self.blocks[slot as usize / BLOCK].people[slot as usize % BLOCK];
        let first = person.first.is_some_and(|(role, _)| sees(To::Pool(role))).then(|| self.row(slot));
        let more = self.more.get(&slot).map_or(&[][..], |more| more.as_ref());
        first.into_iter().chain(more.iter().filter(move |held| sees(held.to)).map(|held| &held.row))
    }

    fn find(&self, id: Uuid) -> Option<Slot> {
        self.slots.find(self.hasher.hash_one(id), |slot| self.id(*slot) == id).copied()
    }

    /// Makes all changes of one candidate.
    pub fn change(&mut self, id: Uuid, changes: impl IntoIterator<Item = Change>) {
        let slot = self.find(id);
        let before = slot.map(|slot| self.held(slot)).unwrap_or_default();
        let hidden_before: Box<[u32]> = slot.and_then(|slot| self.hidden.get(&slot).cloned()).unwrap_or_default();
        let (mut after, mut hidden) = (before.clone(), hidden_before.clone());
        for change in changes {
            match change {
                Change::Granted(projection) => {
                    let (to, role) = match &projection.audience {
                        Audience::Pool { role } => (To::Pool(self.learn_role(role)), Some(role.as_str())),
                        Audience::Company(company) => (To::Company(self.learn_company(*company)), None),
                    };
                    let row = Row::pack(&projection, role, &mut self.vocabulary);
                    after.put(Held { to, grant: projection.grant, row });
                }
                Change::Ended { grant, .. } => after.remove(grant),
                Change::Hidden { companies, .. } => {
                    hidden = companies.into_iter().map(|company| self.learn_company(company)).collect();
                    hidden.sort_unstable();
                }
                Change::Gone { .. } => {
                    after.clear();
                    hidden = Box::default();
                }
            }
        }
        let is_known = !(after.is_empty() && hidden.is_empty());
        match slot {
            Some(slot) if is_known && self.blocks[slot as usize / BLOCK].home == after.home() => {
                self.write(slot, (&before, &hidden_before), (after, hidden));
            }
            _ => {
                if let Some(slot) = slot {
                    self.write(slot, (&before, &hidden_before), Default::default());
                    self.leave(slot, id);
                }
                if is_known {
                    let slot = self.settle(id, after.home());
                    self.write(slot, (&AllHeld::default(), &[]), (after, hidden));
                }
            }
        }
    }

    /// Brings everything from what was held and hidden before to what is held and hidden now.
    fn write(&mut self, slot: Slot, before: (&AllHeld, &[u32]), (after, hidden): (AllHeld, Box<[u32]>)) {
        AllHeld::show(before.0, &after, slot, &mut self.views);
        self.show_by_name(slot, before.0, &after);
        self.hide(slot, before.1, hidden);
        self.keep(slot, after);
    }

    fn show_by_name(&mut self, slot: Slot, before: &AllHeld, after: &AllHeld) {
        before.companies().for_each(|company| {
            if !after.companies().any(|other| other == company) {
                self.named[company as usize].change(slot, None);
            }
        });
        let sieve = after.sieve();
        after.companies().for_each(|company| self.named[company as usize].change(slot, Some(sieve)));
    }

    fn hide(&mut self, slot: Slot, before: &[u32], after: Box<[u32]>) {
        before.iter().for_each(|company| {
            self.named[*company as usize].hide(slot, false);
        });
        after.iter().for_each(|company| {
            self.named[*company as usize].hide(slot, true);
        });
        match after.is_empty() {
            true => self.hidden.remove(&slot),
            false => self.hidden.insert(slot, after),
        };
    }

    /// What a candidate has granted.
    fn held(&self, slot: Slot) -> AllHeld {
        let person = &self.blocks[slot as usize / BLOCK].people[slot as usize % BLOCK];
        let first = person.first.map(|(role, grant)| Held { to: To::Pool(role), grant, row: self.row(slot).clone() });
        let more = self.more.get(&slot).map_or(&[][..], |more| more.as_ref());
        AllHeld::new(first.into_iter().chain(more.iter().cloned()).collect())
    }

    fn keep(&mut self, slot: Slot, held: AllHeld) {
        let (first, more) = held.parted();
        let block = &mut self.blocks[slot as usize / BLOCK];
        let at = slot as usize % BLOCK;
        block.people[at].first = first.as_ref().and_then(|held| match held.to {
            To::Pool(role) => Some((role, held.grant)),
            To::Company(_) => None,
        });
        block.rows[at] = first.map(|held| held.row).unwrap_or_default();
        match more.is_empty() {
            true => self.more.remove(&slot),
            false => self.more.insert(slot, more.into_boxed_slice()),
        };
    }

    /// Finds a place for somebody new.
    fn settle(&mut self, id: Uuid, home: Home) -> Slot {
        let places = self.homes.entry(home).or_default();
        let blocks = &self.blocks;
        let has_room = |number: &usize| !blocks[*number].free.is_empty() || blocks[*number].rows.len() < BLOCK;
        let known = places.iter().copied().rev().find(has_room);
        let number = match known {
            Some(number) => number,
            None => {
                let mut block = Block { home, rows: Vec::new(), people: Vec::new(), free: Vec::new() };
                // So that it never moves: what is not used of it is no memory yet.
                block.rows.reserve_exact(BLOCK);
                block.people.reserve_exact(BLOCK);
                self.blocks.push(block);
                places.push(self.blocks.len() - 1);
                self.blocks.len() - 1
            }
        };
        let (block, person) = (&mut self.blocks[number], Person { id, first: None });
        let at = match block.free.pop() {
            Some(at) => {
                block.people[usize::from(at)] = person;
                usize::from(at)
            }
            None => {
                block.rows.push(Row::default());
                block.people.push(person);
                block.rows.len() - 1
            }
        };
        let slot = (number * BLOCK + at) as Slot;
        let (blocks, hasher) = (&self.blocks, &self.hasher);
        let hash = |slot: &Slot| hasher.hash_one(blocks[*slot as usize / BLOCK].people[*slot as usize % BLOCK].id);
        self.slots.insert_unique(hasher.hash_one(id), slot, hash);
        slot
    }

    /// Gives a place back.
    fn leave(&mut self, slot: Slot, id: Uuid) {
        if let Ok(entry) = self.slots.find_entry(self.hasher.hash_one(id), |other| *other == slot) {
            entry.remove();
        }
        let block = &mut self.blocks[slot as usize / BLOCK];
        block.people[slot as usize % BLOCK].id = Uuid::nil();
        block.free.push((slot as usize % BLOCK) as u16);
    }

    fn learn_role(&mut self, role: &str) -> u16 {
        if let Some(known) = self.role(role) {
            return known;
        }
        let number = self.views.len() as u16;
        self.views.push(View::default());
        self.roles.insert(role.into(), number);
        number
    }

    fn learn_company(&mut self, id: Uuid) -> u32 {
        let number = self.named.len() as u32;
        let known = *self.companies.entry(id).or_insert(number);
        if known == number {
            self.named.push(Named::default());
        }
        known
    }

    /// Grants that have ended by then, and that are still here.
    pub fn ended(&self, now: u32) -> Vec<(Uuid, Uuid)> {
        let mut ended = Vec::new();
        for block in &self.blocks {
            for (row, person) in block.rows.iter().zip(&block.people) {
                ended.extend(person.first.filter(|_| row.until <= now).map(|(_, grant)| (person.id, grant)));
            }
        }
        for (slot, more) in &self.more {
            let over = more.iter().filter(|held| held.row.until <= now);
            ended.extend(over.map(|held| (self.id(*slot), held.grant)));
        }
        ended.sort_unstable();
        ended
    }
}
