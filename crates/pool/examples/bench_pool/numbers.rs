//! Values as numbers, for the engines that we stand beside.

use jobfuture_codes::Code;
use jobfuture_pool::{Facts, Query};
use std::collections::HashMap;

/// What has a number in `atoms`.
#[derive(Default)]
pub struct Numbers(HashMap<String, i32>);

impl Numbers {
    pub fn of(&mut self, kind: &str, text: &str) -> i32 {
        let next = self.0.len() as i32 + 10;
        *self.0.entry(format!("{kind} {text}")).or_insert(next)
    }

    /// All values of what a grant opens to an audience.
    pub fn atoms(&mut self, audience: i32, role: Option<&str>, facts: &Facts) -> Vec<i32> {
        let mut atoms = vec![audience];
        atoms.extend(facts.roles.iter().map(String::as_str).chain(role).map(|one| self.of("role", one)));
        atoms.extend(facts.seniority.iter().map(|one| self.of("seniority", one)));
        atoms.extend(facts.competencies.iter().map(|one| self.of("competency", one)));
        for signal in &facts.signals {
            atoms.push(
                self.of(&format!("level of {}", signal.role), &format!("{} {}", signal.level, signal.taken.id())),
            );
            for one in &signal.competencies {
                atoms.extend([self.of("competency", one), self.of("shown", one)]);
            }
        }
        atoms.extend(facts.country.iter().map(|one| self.of("country", one)));
        atoms.extend(facts.remote.iter().map(|one| self.of("remote", one.id())));
        atoms.extend(facts.availability.iter().map(|one| self.of("hours", one.hours.id())));
        let fluency = |one: &jobfuture_pool::Language| one.fluency.map_or("", |fluency| fluency.id());
        atoms.extend(
            facts.languages.iter().map(|one| self.of("language", &format!("{} {}", one.language, fluency(one)))),
        );
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }

    /// What must be there of a query, each of them.
    pub fn must(&mut self, query: &Query) -> Vec<i32> {
        let mut must: Vec<i32> = query.roles.iter().map(|one| self.of("role", one)).collect();
        must.extend(query.remote.iter().map(|one| self.of("remote", one.id())));
        must.extend(query.must.iter().map(|one| self.of("competency", one)));
        must
    }

    /// Every level will do: the searches ask for the lowest.
    pub fn levels(&self, query: &Query) -> Vec<i32> {
        let of: Vec<String> = query.roles.iter().map(|role| format!("level of {role} ")).collect();
        let all = self.0.iter().filter(|(text, _)| of.iter().any(|of| text.starts_with(of)));
        all.map(|(_, number)| *number).collect()
    }
}
