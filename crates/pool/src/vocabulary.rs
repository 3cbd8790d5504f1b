//! Values and their numbers.

use crate::value::{Facet, Value, Word};
use hashbrown::HashTable;
use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

/// How many values candidates may have written as they like, before further ones are not searched: a list that strangers fill must
/// have an end, and the content's own values must always find room.
const MOST_TYPED: usize = 40_000;
const MOST: usize = u16::MAX as usize - 1;

/// How a sieve's holes are shared out. What nearly every search asks for, and what there are few of, has holes of its own, so that hardly
/// anybody falls through by chance; all the rest shares what is left.
const HOLES: [(&[Facet], u8); 7] = [
    (&[Facet::Role], 24),
    (&[Facet::Level], 6),
    (&[Facet::Seniority], 3),
    (&[Facet::Remote], 3),
    (&[Facet::Hours], 3),
    (&[Facet::Currency], 5),
    (&[Facet::Competency, Facet::Shown, Facet::Country, Facet::Language], 84),
];

/// The first hole of a kind of values, how many it has, and which of [`HOLES`] it is.
fn holes_of(facet: Facet) -> (u8, u8, usize) {
    let mut first = 0;
    for (kind, (facets, wide)) in HOLES.iter().enumerate() {
        if facets.contains(&facet) {
            return (first, *wide, kind);
        }
        first += wide;
    }
    (first - 1, 1, HOLES.len() - 1)
}

/// A value's number. Zero is none.
pub(crate) type Atom = u16;

/// Every value that anybody has had, and its number. Numbers are not taken back: what nobody has any more is counted as zero, and is
/// gone when the pool is filled anew.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    values: Vec<Value>,
    by_facet: [Vec<Atom>; Facet::ALL.len()],
    atoms: HashTable<Atom>,
    hasher: RandomState,
    typed: usize,
    /// By number, the hole of a sieve that it is in, see [`Self::hole`]; and how many values have come to each kind of holes.
    holes: Vec<u8>,
    in_holes: [u16; HOLES.len()],
    /// Numbers in the order of their values, and the place of each in it.
    sorted: Vec<Atom>,
    ranks: Vec<u16>,
    /// Of which levels and languages there are numbers, for “at least”.
    levels: BTreeMap<Arc<str>, Vec<Atom>>,
    languages: BTreeMap<Arc<str>, Vec<Atom>>,
}

impl Vocabulary {
    /// The number of a value, if anybody has ever had it.
    pub fn atom(&self, value: &Value) -> Option<Atom> {
        self.find(&Word::of(value))
    }

    pub fn find(&self, word: &Word<'_>) -> Option<Atom> {
        self.atoms.find(self.hasher.hash_one(word), |atom| Word::of(self.value(*atom)) == *word).copied()
    }

    /// The number of a value; nothing if there are too many values already.
    pub fn learn(&mut self, word: Word<'_>) -> Option<Atom> {
        if let Some(known) = self.find(&word) {
            return Some(known);
        }
        let value = word.value();
        let typed = usize::from(value.is_typed());
        if self.values.len() + 1 >= MOST || (typed > 0 && self.typed >= MOST_TYPED) {
            return None;
        }
        let rank = self.sorted.partition_point(|atom| *self.value(*atom) < value);
        let atom = self.values.len() as Atom + 1;
        self.typed += typed;
        match &value {
            Value::Level { role, .. } => self.levels.entry(role.clone()).or_default().push(atom),
            Value::Language { language, .. } => self.languages.entry(language.clone()).or_default().push(atom),
            _ => {}
        }
        self.values.push(value);
        self.by_facet[word.facet as usize].push(atom);
        let (first, wide, kind) = holes_of(word.facet);
        self.holes.push(first + (self.in_holes[kind] % u16::from(wide)) as u8);
        self.in_holes[kind] = self.in_holes[kind].wrapping_add(1);
        self.sorted.insert(rank, atom);
        self.ranks.push(0);
        for (rank, atom) in self.sorted.iter().enumerate().skip(rank) {
            self.ranks[usize::from(*atom) - 1] = rank as u16;
        }
        let (values, hasher) = (&self.values, &self.hasher);
        let hash = |atom: &Atom| hasher.hash_one(Word::of(&values[usize::from(*atom) - 1]));
        self.atoms.insert_unique(hasher.hash_one(&word), atom, hash);
        Some(atom)
    }

    /// The numbers of all values of a kind, rising.
    pub fn of_facet(&self, facet: Facet) -> &[Atom] {
        &self.by_facet[facet as usize]
    }

    /// The hole of a sieve that a value is in.
    pub fn hole(&self, atom: Atom) -> u128 {
        1 << self.holes[usize::from(atom) - 1]
    }

    /// The place of a value among all, in their order.
    pub fn rank(&self, atom: Atom) -> u16 {
        self.ranks[usize::from(atom) - 1]
    }

    /// The value of a number.
    pub fn value(&self, atom: Atom) -> &Value {
        &self.values[usize::from(atom) - 1]
    }

    /// Fetches some, all at once, before they are cloned one after another.
    pub fn fetch(&self, atoms: impl Iterator<Item = Atom>) {
        std::hint::black_box(atoms.fold(0, |touched, atom| touched ^ self.value(atom).touch()));
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
        let known = |number: &usize| vocabulary.learn(Word::country(&number.to_string())).is_some();
        assert_eq!((0..MOST_TYPED + 10).filter(known).count(), MOST_TYPED);
        assert!(vocabulary.learn(Word::country("5")).is_some(), "what is known stays known");
        assert!(vocabulary.learn(Word::new(Facet::Role, "django-developer")).is_some());
    }

    #[test]
    fn a_sieve_has_a_hole_for_every_value_and_kinds_share_none() {
        assert_eq!(HOLES.iter().map(|(_, wide)| u32::from(*wide)).sum::<u32>(), u128::BITS);
        let mut vocabulary = Vocabulary::default();
        let mut all = [0_u128; 10];
        for facet in Facet::ALL {
            assert_eq!(HOLES.iter().filter(|(facets, _)| facets.contains(&facet)).count(), 1, "{facet:?}");
            for number in 0..200 {
                let atom = vocabulary.learn(Word::new(facet, &number.to_string())).unwrap();
                all[facet as usize] |= vocabulary.hole(atom);
            }
        }
        let (roles, ways) = (all[Facet::Role as usize], all[Facet::Remote as usize]);
        assert_eq!((roles.count_ones(), ways.count_ones(), roles & ways), (24, 3, 0));
        assert_eq!(all.iter().fold(0, |any, holes| any | holes), u128::MAX);
    }

    #[test]
    fn ranks_are_the_order_of_values_whenever_they_came() {
        let mut vocabulary = Vocabulary::default();
        let words = |text| [Word::new(Facet::Shown, text), Word::country(text), Word::new(Facet::Role, text)];
        let atoms: Vec<Atom> =
            ["m", "b", "z", "a", "q"].into_iter().flat_map(words).filter_map(|word| vocabulary.learn(word)).collect();
        for one in &atoms {
            for other in &atoms {
                let values = vocabulary.value(*one).cmp(vocabulary.value(*other));
                assert_eq!(vocabulary.rank(*one).cmp(&vocabulary.rank(*other)), values);
            }
        }
    }
}
