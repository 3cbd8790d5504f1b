//! Everybody in the pool, and what is open of them: changed by one at a time.

use crate::block::{BLOCK, Block};
use crate::change::Change;
use crate::held::{AllHeld, Circle};
use crate::names::{Act, Names};
use crate::plan::{Plan, State};
use crate::record::{At, Record, Records};
use crate::view::{Apart, Named, Slot};
use hashbrown::HashTable;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;
use uuid::Uuid;

/// Everybody in the pool.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub names: Names,
    pub records: Records,
    /// By role, the blocks in which those stand who granted to its pool.
    homes: Vec<Vec<u32>>,
    blocks: Vec<Block>,
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

    /// Makes all changes of one candidate. What has no number gets one.
    pub fn change(&mut self, id: Uuid, changes: &[Change]) {
        let acts = self.names.known(changes).unwrap_or_else(|| self.learn(changes));
        if let Some(mut plan) = self.plan(id, acts) {
            self.make(&mut plan);
        }
    }

    /// Changes in numbers, see [`Names::learn`].
    pub fn learn(&mut self, changes: &[Change]) -> Vec<Act> {
        let acts = self.names.learn(changes);
        self.homes.resize_with(self.names.roles(), Vec::new);
        self.named.resize_with(self.names.companies(), Named::default);
        acts
    }

    /// Works out what is to be changed about a candidate; nothing if that is nothing. It holds until the next change.
    pub fn plan(&self, id: Uuid, acts: Vec<Act>) -> Option<Plan> {
        let known = self.find(id);
        let held = known.iter().flat_map(|one| self.granted(*one)).map(Record::held).collect();
        let hidden = known.into_iter().flat_map(|person| self.hidden_from(person)).collect();
        let before = State { held: AllHeld::new(held), hidden };
        Plan::new(id, known, before, acts, &self.names.vocabulary)
    }

    /// Reads what will be changed, while others search.
    pub fn fetch_planned(&self, plan: &Plan) {
        for (place, held) in plan.after.held.iter().filter_map(|one| Some((one.place?, one))) {
            let before = plan.before.held.at(place).map_or(&[][..], |was| &was.row.atoms);
            self.blocks[place as usize / BLOCK].fetch((place as usize % BLOCK) as u16, before, &held.row.atoms);
        }
    }

    /// Makes what was planned.
    pub fn make(&mut self, plan: &mut Plan) {
        let person = plan.known.unwrap_or_else(|| self.arrive(plan.id));
        let moves = plan.moves();
        self.stand(person, &plan.before.held, &mut plan.after.held);
        self.set_apart(person, plan, moves);
        if moves || plan.before.hidden != plan.after.hidden {
            self.hide(person, &plan.before, &plan.after);
        }
        self.write(person, &plan.after.held);
        if plan.after.is_empty() {
            self.leave(person, plan.id);
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
    fn set_apart(&mut self, person: u32, plan: &Plan, moves: bool) {
        let (before, after) = plan.circles();
        for circle in before.into_iter().filter(|circle| moves || !after.contains(circle)) {
            if let Some(apart) = self.apart(circle) {
                apart.take(person, plan.before.held.places(Some(circle)));
            }
        }
        for circle in after {
            if let Some(apart) = self.apart(circle) {
                apart.put(person, plan.sieve, plan.after.held.places(Some(circle)));
            }
        }
    }

    fn apart(&mut self, circle: Circle) -> Option<&mut Apart> {
        match circle {
            Circle::Pools(one, other) => Some(self.several.entry((one, other)).or_default()),
            Circle::Company(company) => self.named.get_mut(company as usize).map(|named| &mut named.apart),
        }
    }

    fn hide(&mut self, person: u32, before: &State, after: &State) {
        for company in &before.hidden {
            self.named[*company as usize].show(person, before.held.places(None));
            self.hidden.remove(&(person, *company));
        }
        for company in &after.hidden {
            self.named[*company as usize].hide(person, after.held.places(None));
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
