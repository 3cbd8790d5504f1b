//! What has a number: values, roles and companies.

use crate::change::{Audience, Change, Projection};
use crate::held::{Held, To};
use crate::row::Row;
use crate::vocabulary::Vocabulary;
use std::collections::HashMap;
use uuid::Uuid;

/// Numbers of all that has been heard of.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub vocabulary: Vocabulary,
    roles: HashMap<Box<str>, u16>,
    companies: HashMap<Uuid, u32>,
}

/// A change in numbers.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Grant(Held),
    End(Uuid),
    Hide(Vec<u32>),
    Leave,
}

impl Names {
    pub fn role(&self, role: &str) -> Option<u16> {
        self.roles.get(role).copied()
    }

    pub fn company(&self, id: Uuid) -> Option<u32> {
        self.companies.get(&id).copied()
    }

    /// How many roles there are.
    pub fn roles(&self) -> usize {
        self.roles.len()
    }

    /// How many companies there are.
    pub fn companies(&self) -> usize {
        self.companies.len()
    }

    /// Changes in numbers; nothing if something in them has none.
    pub fn known(&self, changes: &[Change]) -> Option<Vec<Act>> {
        let mut all = Vec::with_capacity(changes.len());
        for change in changes {
            match self.act(change)? {
                (act, true) => all.push(act),
                (_, false) => return None,
            }
        }
        Some(all)
    }

    /// Changes in numbers. What has none gets one, but for values where there are too many already.
    pub fn learn(&mut self, changes: &[Change]) -> Vec<Act> {
        for change in changes {
            match change {
                Change::Granted(projection) => self.learn_all(projection),
                Change::Hidden { companies, .. } => companies.iter().for_each(|one| self.learn_company(*one)),
                Change::Ended { .. } | Change::Gone { .. } => {}
            }
        }
        changes.iter().filter_map(|change| Some(self.act(change)?.0)).collect()
    }

    /// A change in numbers, and whether all of its values have one; nothing if whom it concerns has none.
    fn act(&self, change: &Change) -> Option<(Act, bool)> {
        let act = match change {
            Change::Granted(projection) => {
                let (to, role) = match &projection.audience {
                    Audience::Pool { role } => (To::Pool(self.role(role)?), Some(role.as_str())),
                    Audience::Company(company) => (To::Company(self.company(*company)?), None),
                };
                let (row, is_whole) = Row::pack(projection, role, &self.vocabulary);
                return Some((Act::Grant(Held { to, grant: projection.grant, place: None, row }), is_whole));
            }
            Change::Ended { grant, .. } => Act::End(*grant),
            Change::Hidden { companies, .. } => {
                let mut numbers = companies.iter().map(|one| self.company(*one)).collect::<Option<Vec<u32>>>()?;
                numbers.sort_unstable();
                numbers.dedup();
                Act::Hide(numbers)
            }
            Change::Gone { .. } => Act::Leave,
        };
        Some((act, true))
    }

    fn learn_all(&mut self, projection: &Projection) {
        let role = match &projection.audience {
            Audience::Pool { role } => Some(role.as_str()),
            Audience::Company(company) => {
                self.learn_company(*company);
                None
            }
        };
        if let Some(role) = role.filter(|role| self.role(role).is_none()) {
            self.roles.insert(role.into(), self.roles.len() as u16);
        }
        for word in projection.words(role) {
            self.vocabulary.learn(word);
        }
    }

    fn learn_company(&mut self, id: Uuid) {
        let number = self.companies.len() as u32;
        self.companies.entry(id).or_insert(number);
    }
}
