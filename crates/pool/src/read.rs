//! What one company sees.

use crate::block::Block;
use crate::held::To;
use crate::people::People;
use crate::query::Viewer;
use crate::record::Records;
use crate::row::Row;
use crate::view::{Apart, Named};
use crate::vocabulary::Vocabulary;
use uuid::Uuid;

/// The pool through the eyes of a company. Everything that an answer is made of goes through here.
pub(crate) struct Eyes<'p> {
    people: &'p People,
    pub company: Uuid,
    /// By number, rising.
    roles: Vec<u16>,
    number: Option<u32>,
    pub now: u32,
}

impl<'p> Eyes<'p> {
    pub fn of(viewer: &Viewer, people: &'p People, now: u32) -> Self {
        let mut roles: Vec<u16> = viewer.roles.iter().filter_map(|role| people.names.role(role)).collect();
        roles.sort_unstable();
        Self { people, company: viewer.company, roles, number: people.names.company(viewer.company), now }
    }

    /// The blocks of the pools that it looks into, with their numbers.
    pub fn blocks(&self) -> impl Iterator<Item = (u32, &'p Block)> {
        self.roles.iter().flat_map(|role| self.people.blocks(*role))
    }

    /// What is granted to it by name, and who is hidden from it.
    pub fn named(&self) -> Option<&'p Named> {
        self.number.map(|number| &self.people.named[number as usize])
    }

    /// Those of whom it sees more than one grant, or one that is in no block.
    pub fn apart(&self) -> Vec<&'p Apart> {
        let mut all: Vec<&Apart> = self.named().map(|named| &named.apart).into_iter().collect();
        for (at, one) in self.roles.iter().enumerate() {
            all.extend(self.roles[at..].iter().filter_map(|other| self.people.several(*one, *other)));
        }
        all
    }

    /// Values and their numbers.
    pub fn vocabulary(&self) -> &'p Vocabulary {
        &self.people.names.vocabulary
    }

    /// Where grants are written. Of those that a block of [`Self::blocks`] names, the company sees what they open.
    pub fn records(&self) -> &'p Records {
        &self.people.records
    }

    /// All that it sees of somebody, of however many grants; nothing if that is nothing. Whether they are hidden is not asked.
    pub fn sees(&self, person: u32) -> Option<Row<'p>> {
        let is_for_us = |to: To| match to {
            To::Pool(role) => self.roles.binary_search(&role).is_ok(),
            To::Company(company) => Some(company) == self.number,
        };
        let granted = self.people.granted(person);
        let mut rows = granted.filter(|record| record.until() > self.now && is_for_us(record.to()));
        let mut seen = rows.next()?.row();
        rows.for_each(|record| seen.unite(&record.row()));
        Some(seen)
    }

    /// Asks for what there is of some, before [`Self::sees`] is asked of them.
    pub fn fetch(&self, people: impl Iterator<Item = u32> + Clone) {
        self.people.fetch(people);
    }

    /// Asks for who they are, before [`Self::id`] is asked.
    pub fn fetch_ids(&self, people: impl Iterator<Item = u32>) {
        self.people.fetch_ids(people);
    }

    pub fn id(&self, person: u32) -> Uuid {
        self.people.id(person)
    }
}
