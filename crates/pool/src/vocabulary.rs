//! Values and their numbers.

use crate::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many values candidates may have written as they like, before further ones are not searched: a list that strangers fill must
/// have an end, and the content's own values must always find room.
const MOST_TYPED: usize = 40_000;
const MOST: usize = u16::MAX as usize - 1;

/// A value's number. Zero is none.
pub(crate) type Atom = u16;

/// Every value that anybody has had, and its number. Numbers are not taken back: what nobody has any more is counted as zero, and is
/// gone when the pool is filled anew.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    values: Vec<Value>,
    atoms: HashMap<Value, Atom>,
    typed: usize,
    /// Of which levels and languages there are numbers, for “at least”.
    levels: BTreeMap<Arc<str>, Vec<Atom>>,
    languages: BTreeMap<Arc<str>, Vec<Atom>>,
}

impl Vocabulary {
    /// The number of a value, if anybody has ever had it.
    pub fn atom(&self, value: &Value) -> Option<Atom> {
        self.atoms.get(value).copied()
    }

    /// The number of a value; nothing if there are too many values already.
    pub fn learn(&mut self, value: Value) -> Option<Atom> {
        if let Some(known) = self.atom(&value) {
            return Some(known);
        }
        let typed = usize::from(value.is_typed());
        if self.values.len() + 1 >= MOST || (typed > 0 && self.typed >= MOST_TYPED) {
            return None;
        }
        self.values.push(value.clone());
        let atom = self.values.len() as Atom;
        self.typed += typed;
        match &value {
            Value::Level { role, .. } => self.levels.entry(role.clone()).or_default().push(atom),
            Value::Language { language, .. } => self.languages.entry(language.clone()).or_default().push(atom),
            _ => {}
        }
        self.atoms.insert(value, atom);
        Some(atom)
    }

    /// The value of a number.
    pub fn value(&self, atom: Atom) -> &Value {
        &self.values[usize::from(atom) - 1]
    }

    /// One more than the greatest number.
    pub fn end(&self) -> usize {
        self.values.len() + 1
    }

    /// The levels of a role, or of all.
    pub fn levels(&self, role: Option<&str>) -> Vec<Atom> {
        match role {
            Some(role) => self.levels.get(role).cloned().unwrap_or_default(),
            None => self.levels.values().flatten().copied().collect(),
        }
    }

    /// A language, however well it is spoken.
    pub fn language(&self, language: &str) -> &[Atom] {
        self.languages.get(language).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_as_one_likes_leaves_room_for_the_rest() {
        let mut vocabulary = Vocabulary::default();
        let country = |number: usize| Value::Country(number.to_string().into());
        let known = (0..MOST_TYPED + 10).filter(|number| vocabulary.learn(country(*number)).is_some()).count();
        assert_eq!(known, MOST_TYPED);
        assert!(vocabulary.learn(country(5)).is_some(), "what is known stays known");
        assert!(vocabulary.learn(Value::Role("django-developer".into())).is_some());
    }
}
