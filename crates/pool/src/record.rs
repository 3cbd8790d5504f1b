//! What is granted, written down: one grant after another in a few large pieces of memory, without a list of its own for each.

use crate::held::{Held, To};
use crate::row::Row;
use crate::view::Slot;
use crate::vocabulary::Atom;
use std::borrow::Cow;
use uuid::Uuid;

/// Where something is written, in twos of words. Zero is nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct At(u32);

/// Words of one piece: a megabyte.
const PIECE: usize = 1 << 19;
/// Words that every grant has. After them comes what only some have, then the values.
const HEAD: usize = 16;
const COMPANY: u32 = 1 << 31;

// What stands where in a head, by word.
const GRANT: usize = 0;
const TO: usize = 8;
const UNTIL: usize = 10;
const FRESH: usize = 12;
const CURRENCY: usize = 13;
const HAS: usize = 14;
const LENGTH: usize = 15;

// What only some have, in this order; the words that it takes stand in the upper half of the same word.
const HAS_NEXT: u16 = 1;
const HAS_PLACE: u16 = 1 << 1;
const HAS_ZONES: u16 = 1 << 2;
const HAS_FROM: [u16; 3] = [1 << 3, 1 << 4, 1 << 5];
const HAS_PAY: u16 = 1 << 6;
/// It takes four words.
const HAS_GREAT_PAY: u16 = 1 << 7;

/// All that is written.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pieces: Vec<Vec<u16>>,
    /// What is written no more, by its length in twos.
    free: Vec<Vec<At>>,
}

/// One grant as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'r> {
    head: &'r [u16; HEAD],
    more: &'r [u16],
    atoms: &'r [Atom],
}

impl At {
    /// The piece, and the word in it.
    fn place(self) -> (usize, usize) {
        let word = self.0 as usize * 2;
        (word / PIECE, word % PIECE)
    }
}

impl Records {
    /// What is written there.
    pub fn get(&self, at: At) -> Option<Record<'_>> {
        if at == At::default() {
            return None;
        }
        let (piece, first) = at.place();
        let (head, rest) = self.pieces.get(piece)?.get(first..)?.split_first_chunk::<HEAD>()?;
        let (more, rest) = rest.split_at_checked(usize::from(head[HAS] >> 8))?;
        Some(Record { head, more, atoms: rest.get(..usize::from(head[LENGTH]))? })
    }

    /// Reads a word of each part of it that comes by itself, so that it comes while others are asked for as well.
    pub fn touch(&self, at: At) -> u16 {
        let (piece, first) = at.place();
        let piece = self.pieces.get(piece).map_or(&[][..], Vec::as_slice);
        let word = |at: usize| piece.get(at).copied().unwrap_or_default();
        word(first + LENGTH).wrapping_add(word(first + LENGTH + 32)).wrapping_add(word(first + LENGTH + 48))
    }

    /// All that is written from there on, of one candidate.
    pub fn chain(&self, first: At) -> impl Iterator<Item = Record<'_>> {
        std::iter::successors(self.get(first), |record| self.get(record.next()))
    }

    /// Writes a grant down. `next` is where another one of its candidate is written.
    pub fn write(&mut self, held: &Held, next: At) -> At {
        let mut words: Vec<u16> = Vec::with_capacity(HEAD + 12 + held.row.atoms.len());
        put_together(held, next, &mut words);
        let twos = words.len().div_ceil(2);
        let at = self.free.get_mut(twos).and_then(Vec::pop).unwrap_or_else(|| self.grow(twos));
        let (piece, first) = at.place();
        self.pieces[piece][first..first + words.len()].copy_from_slice(&words);
        at
    }

    /// Wipes out what was written from there on, of one candidate.
    pub fn wipe(&mut self, first: At) {
        let mut at = first;
        while let Some(record) = self.get(at) {
            let words = HEAD + record.more.len() + record.atoms.len();
            let (twos, next) = (words.div_ceil(2), record.next());
            if self.free.len() <= twos {
                self.free.resize(twos + 1, Vec::new());
            }
            self.free[twos].push(at);
            at = next;
        }
    }

    fn grow(&mut self, twos: usize) -> At {
        let is_full = |piece: &Vec<u16>| piece.len() + twos * 2 > PIECE;
        if self.pieces.last().is_none_or(is_full) {
            let mut piece = Vec::with_capacity(PIECE);
            if self.pieces.is_empty() {
                // Nothing is written at zero.
                piece.resize(2, 0);
            }
            self.pieces.push(piece);
        }
        let number = self.pieces.len() - 1;
        let piece = &mut self.pieces[number];
        let at = (number * PIECE + piece.len()) / 2;
        piece.resize(piece.len() + twos * 2, 0);
        At(at as u32)
    }
}

/// Puts the words of a grant together.
fn put_together(held: &Held, next: At, words: &mut Vec<u16>) {
    let mut put = |value: u128, count: usize| words.extend((0..count).map(|word| (value >> (16 * word)) as u16));
    let Held { to, grant, place, row } = held;
    let to = match to {
        To::Pool(role) => u32::from(*role),
        To::Company(company) => COMPANY | company,
    };
    let pay = match (u32::try_from(row.pay), row.pay) {
        (_, 0) => (0, 0),
        (Ok(_), _) => (HAS_PAY, 2),
        (Err(_), _) => (HAS_PAY | HAS_GREAT_PAY, 4),
    };
    let flag = |flag: u16, is_there: bool| if is_there { flag } else { 0 };
    let has_next = next != At::default();
    let mut has =
        pay.0 | flag(HAS_NEXT, has_next) | flag(HAS_PLACE, place.is_some()) | flag(HAS_ZONES, row.zones.is_some());
    let from = HAS_FROM.iter().zip(row.from).filter(|(_, day)| *day != 0);
    from.for_each(|(flag, _)| has |= flag);
    let froms = row.from.iter().filter(|day| **day != 0).count();
    let twos = usize::from(has_next) + usize::from(place.is_some());
    let more = pay.1 + 2 * twos + usize::from(row.zones.is_some()) + froms;
    put(grant.as_u128(), 8);
    put(to.into(), 2);
    put(row.until.into(), 2);
    put(row.fresh.into(), 1);
    put(row.currency.into(), 1);
    put((has | (more as u16) << 8).into(), 1);
    put(row.atoms.len() as u128, 1);
    if has_next {
        put(next.0.into(), 2);
    }
    if let Some(place) = place {
        put((*place).into(), 2);
    }
    if let Some((from, to)) = row.zones {
        put(u16::from_le_bytes([from as u8, to as u8]).into(), 1);
    }
    row.from.iter().filter(|day| **day != 0).for_each(|day| put((*day).into(), 1));
    put(row.pay as u64 as u128, pay.1);
    words.extend_from_slice(&row.atoms);
}

/// A number of two words.
fn two(words: &[u16; HEAD], at: usize) -> u32 {
    u32::from(words[at]) | u32::from(words[at + 1]) << 16
}

/// The next words of what only some have, as a number.
fn next(more: &mut &[u16], count: usize) -> u64 {
    let Some((own, rest)) = more.split_at_checked(count) else { return 0 };
    *more = rest;
    own.iter().rev().fold(0, |number, word| number << 16 | u64::from(*word))
}

impl<'r> Record<'r> {
    fn has(self, flag: u16) -> bool {
        self.head[HAS] & flag != 0
    }

    /// Where another one of its candidate is written.
    pub fn next(self) -> At {
        if self.has(HAS_NEXT) { At(next(&mut { self.more }, 2) as u32) } else { At::default() }
    }

    pub fn grant(self) -> Uuid {
        let words = self.head[GRANT..TO].iter();
        Uuid::from_u128(words.rev().fold(0, |number, word| number << 16 | u128::from(*word)))
    }

    pub fn to(self) -> To {
        match two(self.head, TO) {
            to if to & COMPANY != 0 => To::Company(to & !COMPANY),
            to => To::Pool(to as u16),
        }
    }

    pub fn place(self) -> Option<Slot> {
        let mut more = self.more;
        if self.has(HAS_NEXT) {
            next(&mut more, 2);
        }
        self.has(HAS_PLACE).then(|| next(&mut more, 2) as Slot)
    }

    pub fn until(self) -> u32 {
        two(self.head, UNTIL)
    }

    /// The values that it opens, rising.
    pub fn atoms(self) -> &'r [Atom] {
        self.atoms
    }

    /// The day from which it is fresh.
    pub fn fresh(self) -> u16 {
        self.head[FRESH]
    }

    /// What it opens.
    pub fn row(self) -> Row<'r> {
        let before = 2 * (usize::from(self.has(HAS_NEXT)) + usize::from(self.has(HAS_PLACE)));
        let mut more = self.more.get(before..).unwrap_or_default();
        let zones = self.has(HAS_ZONES).then(|| (next(&mut more, 1) as u16).to_le_bytes());
        let from = HAS_FROM.map(|flag| if self.has(flag) { next(&mut more, 1) as u16 } else { 0 });
        let pay = match (self.has(HAS_PAY), self.has(HAS_GREAT_PAY)) {
            (false, _) => 0,
            (true, false) => next(&mut more, 2),
            (true, true) => next(&mut more, 4),
        };
        Row {
            pay: pay as i64,
            until: self.until(),
            currency: self.head[CURRENCY],
            from,
            fresh: self.fresh(),
            zones: zones.map(|[from, to]| (from as i8, to as i8)),
            atoms: Cow::Borrowed(self.atoms),
        }
    }

    /// It as it was before it was written.
    pub fn held(self) -> Held {
        Held { to: self.to(), grant: self.grant(), place: self.place(), row: self.row().kept() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn held() -> impl Strategy<Value = Held> {
        let to = prop_oneof![any::<u16>().prop_map(To::Pool), (0..COMPANY).prop_map(To::Company)];
        let pay = prop_oneof![Just(0), 1..10_000_000_i64, any::<i64>()];
        let day = || prop_oneof![Just(0), any::<u16>()];
        let row = (pay, any::<u32>(), any::<u16>(), [day(), day(), day()], any::<u16>(), any::<Option<(i8, i8)>>());
        let atoms = prop_oneof![proptest::collection::btree_set(1..=u16::MAX, 0..40), Just((1..2_000).collect())];
        (to, any::<u128>(), any::<Option<u32>>(), row, atoms).prop_map(|(to, grant, place, row, atoms)| {
            let (pay, until, currency, from, fresh, zones) = row;
            let atoms = Cow::Owned(atoms.into_iter().collect());
            let row = Row { pay, until, currency, from, fresh, zones, atoms };
            Held { to, grant: Uuid::from_u128(grant), place, row }
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_whatever_was_written_and_wiped_besides(
            acts in proptest::collection::vec((0..4_usize, proptest::collection::vec(held(), 0..4)), 1..30),
        ) {
            let mut records = Records::default();
            let mut people: Vec<(At, Vec<Held>)> = vec![Default::default(); 4];
            for (who, held) in acts {
                records.wipe(people[who].0);
                let first = held.iter().rev().fold(At::default(), |next, one| records.write(one, next));
                people[who] = (first, held);
                for (first, held) in &people {
                    let read: Vec<Held> = records.chain(*first).map(Record::held).collect();
                    prop_assert_eq!(&read, held);
                }
            }
        }
    }
}
