//! What one company sees.

use crate::held::To;
use crate::people::People;
use crate::query::Viewer;
use crate::row::Row;
use crate::view::{Named, Slot, View};
use std::borrow::Cow;
use uuid::Uuid;

/// The pool through the eyes of a company. Everything that an answer is made of goes through here.
pub(crate) struct Eyes<'p> {
    people: &'p People,
    pub company: Uuid,
    /// By number, rising.
    roles: Vec<u16>,
    number: Option<u32>,
    now: u32,
}

impl<'p> Eyes<'p> {
    pub fn of(viewer: &Viewer, people: &'p People, now: u32) -> Self {
        let mut roles: Vec<u16> = viewer.roles.iter().filter_map(|role| people.role(role)).collect();
        roles.sort_unstable();
        Self { people, company: viewer.company, roles, number: people.company(viewer.company), now }
    }

    /// The pools that it looks into.
    pub fn views(&self) -> impl Iterator<Item = &'p View> {
        self.roles.iter().map(|role| &self.people.views[usize::from(*role)])
    }

    /// What is granted to it by name, and who is hidden from it.
    pub fn named(&self) -> Option<&'p Named> {
        self.number.map(|number| &self.people.named[number as usize])
    }

    /// The one row of somebody whom a view has and who granted nothing to the company by name, if they granted to no other pool.
    pub fn only(&self, slot: Slot) -> Option<&'p Row> {
        Some(self.people.row(slot)).filter(|row| !row.is_one_of_many)
    }

    pub fn is_over(&self, row: &Row) -> bool {
        row.until <= self.now
    }

    /// All that it sees of somebody, of however many grants; nothing if that is nothing. Whether they are hidden is not asked.
    pub fn sees(&self, slot: Slot) -> Option<Cow<'p, Row>> {
        let is_for_us = |to: To| match to {
            To::Pool(role) => self.roles.binary_search(&role).is_ok(),
            To::Company(company) => Some(company) == self.number,
        };
        let mut rows = self.people.rows(slot, is_for_us).filter(|row| !self.is_over(row));
        let mut seen = Cow::Borrowed(rows.next()?);
        rows.for_each(|row| seen.to_mut().unite(row));
        Some(seen)
    }

    pub fn id(&self, slot: Slot) -> Uuid {
        self.people.id(slot)
    }
}
