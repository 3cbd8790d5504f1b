//! Everybody in the pool, and what is open of them: changed by one at a time.

use crate::block::{BLOCK, Block};
use crate::change::{Audience, Change};
use crate::held::{AllHeld, Circle, Held, To};
use crate::record::{At, Record, Records};
use crate::row::Row;
use crate::view::{Apart, Named, Slot};
use crate::vocabulary::Vocabulary;
use hashbrown::HashTable;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;
use uuid::Uuid;

/// Everybody in the pool.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub vocabulary: Vocabulary,
    pub records: Records,
    roles: HashMap<Box<str>, u16>,
    /// By role, the blocks in which those stand who granted to its pool.
    homes: Vec<Vec<u32>>,
    blocks: Vec<Block>,
    companies: HashMap<Uuid, u32>,
    /// By company.
    pub named: Vec<Named>,
    /// Who granted to several pools, by two of them.
    several: HashMap<(u16, u16), Apart>,
    /// By number, who it is and where what they granted is written.
    ids: Vec<Uuid>,
    first: Vec<At>,
    free: Vec<u32>,
    /// Candidates and companies from which they are hidden.
    hidden: BTreeSet<(u32, u32)>,
    numbers: HashTable<u32>,
    hasher: RandomState,
}

impl People {
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn role(&self, role: &str) -> Option<u16> {
        self.roles.get(role).copied()
    }

    pub fn company(&self, id: Uuid) -> Option<u32> {
        self.companies.get(&id).copied()
    }

    /// Who it is.
    pub fn id(&self, person: u32) -> Uuid {
        self.ids[person as usize]
    }

    /// Reads a byte of who they are, so that all of it comes at once.
    pub fn fetch_ids(&self, people: impl Iterator<Item = u32>) {
        std::hint::black_box(people.fold(0, |touched, person| touched ^ self.id(person).as_bytes()[0]));
    }

    /// What somebody has granted.
    pub fn granted(&self, person: u32) -> impl Iterator<Item = Record<'_>> {
        self.records.chain(self.first[person as usize])
    }

    /// Reads a word of what these have granted, so that it comes while others are asked for as well: of all first grants, then of the
    /// second ones.
    pub fn fetch(&self, people: impl Iterator<Item = u32> + Clone) {
        let first = |person: u32| self.first[person as usize];
        let touched = people.clone().fold(0, |touched, person| touched ^ self.records.touch(first(person)));
        let second = people.filter_map(|person| Some(self.records.get(first(person))?.next()));
        std::hint::black_box(second.fold(touched, |touched, second| touched ^ self.records.touch(second)));
    }

    /// The blocks of a role, with their numbers.
    pub fn blocks(&self, role: u16) -> impl Iterator<Item = (u32, &Block)> {
        self.homes[usize::from(role)].iter().map(|number| (*number, &self.blocks[*number as usize]))
    }

    /// Who granted to both pools, or twice to one. The lesser number is first.
    pub fn several(&self, one: u16, other: u16) -> Option<&Apart> {
        self.several.get(&(one, other))
    }

    /// The companies from which somebody is hidden, rising.
    fn hidden_from(&self, person: u32) -> impl Iterator<Item = u32> {
        self.hidden.range((person, 0)..=(person, u32::MAX)).map(|(_, company)| *company)
    }

    fn find(&self, id: Uuid) -> Option<u32> {
        self.numbers.find(self.hasher.hash_one(id), |person| self.id(*person) == id).copied()
    }

    /// Makes all changes of one candidate.
    pub fn change(&mut self, id: Uuid, changes: impl IntoIterator<Item = Change>) {
        let known = self.find(id);
        let before = AllHeld::new(known.iter().flat_map(|one| self.granted(*one)).map(Record::held).collect());
        let hidden_before: Vec<u32> = known.into_iter().flat_map(|person| self.hidden_from(person)).collect();
        let (mut after, mut hidden) = (before.clone(), hidden_before.clone());
        for change in changes {
            match change {
                Change::Granted(projection) => {
                    let (to, role) = match &projection.audience {
                        Audience::Pool { role } => (To::Pool(self.learn_role(role)), Some(role.as_str())),
                        Audience::Company(company) => (To::Company(self.learn_company(*company)), None),
                    };
                    let row = Row::pack(&projection, role, &mut self.vocabulary);
                    after.put(Held { to, grant: projection.grant, place: None, row });
                }
                Change::Ended { grant, .. } => after.remove(grant),
                Change::Hidden { companies, .. } => {
                    let mut numbers: Vec<u32> = companies.into_iter().map(|one| self.learn_company(one)).collect();
                    numbers.sort_unstable();
                    numbers.dedup();
                    hidden = numbers;
                }
                Change::Gone { .. } => {
                    after.clear();
                    hidden.clear();
                }
            }
        }
        let is_there = !(after.is_empty() && hidden.is_empty());
        if (&before, &hidden_before) == (&after, &hidden) || (known.is_none() && !is_there) {
            return;
        }
        let person = known.unwrap_or_else(|| self.arrive(id));
        self.stand(person, &before, &mut after);
        self.set_apart(person, &before, &after);
        self.hide(person, (&before, &hidden_before), (&after, &hidden));
        self.write(person, &after);
        if !is_there {
            self.leave(person, id);
        }
    }

    /// Brings the blocks of roles from what was held before to what is held now.
    fn stand(&mut self, person: u32, before: &AllHeld, after: &mut AllHeld) {
        for held in before.iter() {
            if let Some(place) = held.place.filter(|place| after.at(*place).is_none()) {
                self.blocks[place as usize / BLOCK].leave((place as usize % BLOCK) as u16, &held.row.atoms);
            }
        }
        for (role, held) in after.of_pools() {
            let known = held.place;
            let place = known.unwrap_or_else(|| self.settle(person, role));
            held.place = Some(place);
            let was = known.and_then(|place| before.at(place));
            if was.is_none_or(|was| was.row != held.row) {
                let atoms = was.map_or(&[][..], |was| &was.row.atoms);
                self.blocks[place as usize / BLOCK].put((place as usize % BLOCK) as u16, atoms, &held.row);
            }
        }
    }

    /// Finds a place for somebody in a block of a role.
    fn settle(&mut self, person: u32, role: u16) -> Slot {
        let home = &mut self.homes[usize::from(role)];
        let known = home.iter().rev().copied().find(|number| self.blocks[*number as usize].has_room());
        let number = known.unwrap_or_else(|| {
            let number = self.blocks.len() as u32;
            self.blocks.push(Block::default());
            home.push(number);
            number
        });
        let at = self.blocks[number as usize].settle(person);
        number * BLOCK as u32 + u32::from(at)
    }

    /// Sees to it that those are looked at one by one of whom somebody sees more than one pool does.
    fn set_apart(&mut self, person: u32, before: &AllHeld, after: &AllHeld) {
        let (circles, sieve) = (after.circles(), after.sieve(&self.vocabulary));
        for circle in before.circles() {
            if let Some(apart) = self.apart(circle) {
                apart.take(person, before.places(Some(circle)));
            }
        }
        for circle in circles {
            if let Some(apart) = self.apart(circle) {
                apart.put(person, sieve, after.places(Some(circle)));
            }
        }
    }

    fn apart(&mut self, circle: Circle) -> Option<&mut Apart> {
        match circle {
            Circle::Pools(one, other) => Some(self.several.entry((one, other)).or_default()),
            Circle::Company(company) => self.named.get_mut(company as usize).map(|named| &mut named.apart),
        }
    }

    fn hide(&mut self, person: u32, before: (&AllHeld, &[u32]), after: (&AllHeld, &[u32])) {
        for company in before.1 {
            self.named[*company as usize].show(person, before.0.places(None));
            self.hidden.remove(&(person, *company));
        }
        for company in after.1 {
            self.named[*company as usize].hide(person, after.0.places(None));
            self.hidden.insert((person, *company));
        }
    }

    /// Writes down what is held now.
    fn write(&mut self, person: u32, held: &AllHeld) {
        self.records.wipe(self.first[person as usize]);
        let mut next = At::default();
        for one in held.iter().rev() {
            next = self.records.write(one, next);
            if let Some(place) = one.place {
                self.blocks[place as usize / BLOCK].write((place as usize % BLOCK) as u16, next);
            }
        }
        self.first[person as usize] = next;
    }

    /// Gives somebody new a number.
    fn arrive(&mut self, id: Uuid) -> u32 {
        let person = self.free.pop().unwrap_or_else(|| {
            self.ids.push(id);
            self.first.push(At::default());
            (self.ids.len() - 1) as u32
        });
        self.ids[person as usize] = id;
        let (ids, hasher) = (&self.ids, &self.hasher);
        let hash = |person: &u32| hasher.hash_one(ids[*person as usize]);
        self.numbers.insert_unique(hasher.hash_one(id), person, hash);
        person
    }

    /// Takes the number back.
    fn leave(&mut self, person: u32, id: Uuid) {
        if let Ok(entry) = self.numbers.find_entry(self.hasher.hash_one(id), |other| *other == person) {
            entry.remove();
        }
        self.ids[person as usize] = Uuid::nil();
        self.free.push(person);
    }

    fn learn_role(&mut self, role: &str) -> u16 {
        if let Some(known) = self.role(role) {
            return known;
        }
        let number = self.homes.len() as u16;
        self.homes.push(Vec::new());
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
        for (id, first) in self.ids.iter().zip(&self.first) {
            let over = self.records.chain(*first).filter(|record| record.until() <= now);
            ended.extend(over.map(|record| (*id, record.grant())));
        }
        ended.sort_unstable();
        ended
    }
}
