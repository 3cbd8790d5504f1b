//! What is granted, written down: one grant after another in a few large pieces of memory, without a list of its own for each.

use crate::held::{Held, To};
use crate::row::Row;
use crate::view::Slot;
use std::borrow::Cow;
use uuid::Uuid;

/// Where something is written, in fours of words. Zero is nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct At(u32);

/// Fours in one piece: a megabyte.
const PIECE: usize = 1 << 17;
/// Words before the values of a grant.
const HEAD: usize = 28;
const COMPANY: u32 = 1 << 31;
const NO_PLACE: u32 = u32::MAX;

// What stands where in a head, by word.
const NEXT: usize = 8;
const TO: usize = 10;
const PLACE: usize = 12;
const UNTIL: usize = 14;
const PAY: usize = 16;
const FROM: usize = 20;
const FRESH: usize = 23;
const CURRENCY: usize = 24;
const ZONES: usize = 25;
const HAS_ZONES: usize = 26;
const LENGTH: usize = 27;

/// All that is written.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pieces: Vec<Vec<u16>>,
    /// What is written no more, by its length in fours.
    free: Vec<Vec<At>>,
}

/// One grant as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'r> {
    head: &'r [u16; HEAD],
    atoms: &'r [u16],
}

impl Records {
    /// What is written there.
    pub fn get(&self, at: At) -> Option<Record<'_>> {
        if at == At::default() {
            return None;
        }
        let (piece, first) = (at.0 as usize / PIECE, at.0 as usize % PIECE * 4);
        let (head, rest) = self.pieces.get(piece)?.get(first..)?.split_first_chunk::<HEAD>()?;
        Some(Record { head, atoms: rest.get(..usize::from(head[LENGTH]))? })
    }

    /// Reads a word of it, so that it comes while others are asked for as well.
    pub fn touch(&self, at: At) -> u16 {
        let (piece, first) = (at.0 as usize / PIECE, at.0 as usize % PIECE * 4);
        let piece = self.pieces.get(piece).map_or(&[][..], Vec::as_slice);
        let word = |at: usize| piece.get(at).copied().unwrap_or_default();
        word(first + LENGTH).wrapping_add(word(first + LENGTH + 32))
    }

    /// All that is written from there on, of one candidate.
    pub fn chain(&self, first: At) -> impl Iterator<Item = Record<'_>> {
        std::iter::successors(self.get(first), |record| self.get(record.next()))
    }

    /// Writes a grant down. `next` is where another one of its candidate is written.
    pub fn write(&mut self, held: &Held, next: At) -> At {
        let words = HEAD + held.row.atoms.len();
        let fours = words.div_ceil(4);
        let at = self.free.get_mut(fours).and_then(Vec::pop).unwrap_or_else(|| self.grow(fours));
        let (piece, first) = (at.0 as usize / PIECE, at.0 as usize % PIECE * 4);
        let place = &mut self.pieces[piece][first..first + words];
        place[..HEAD].copy_from_slice(&head(held, next));
        place[HEAD..].copy_from_slice(&held.row.atoms);
        at
    }

    /// Wipes out what was written from there on, of one candidate.
    pub fn wipe(&mut self, first: At) {
        let mut at = first;
        while let Some(record) = self.get(at) {
            let (fours, next) = ((HEAD + record.atoms.len()).div_ceil(4), record.next());
            if self.free.len() <= fours {
                self.free.resize(fours + 1, Vec::new());
            }
            self.free[fours].push(at);
            at = next;
        }
    }

    fn grow(&mut self, fours: usize) -> At {
        let is_full = |piece: &Vec<u16>| piece.len() + fours * 4 > PIECE * 4;
        if self.pieces.last().is_none_or(is_full) {
            let mut piece = Vec::with_capacity(PIECE * 4);
            if self.pieces.is_empty() {
                // Nothing is written at zero.
                piece.resize(4, 0);
            }
            self.pieces.push(piece);
        }
        let number = self.pieces.len() - 1;
        let piece = &mut self.pieces[number];
        let at = number * PIECE + piece.len() / 4;
        piece.resize(piece.len() + fours * 4, 0);
        At(at as u32)
    }
}

fn head(held: &Held, next: At) -> [u16; HEAD] {
    let mut head = [0; HEAD];
    let mut put = |at: usize, value: u64, words: usize| {
        (0..words).for_each(|word| head[at + word] = (value >> (16 * word)) as u16);
    };
    let Held { to, grant, place, row } = held;
    let grant = grant.as_u128();
    put(0, grant as u64, 4);
    put(4, (grant >> 64) as u64, 4);
    put(NEXT, next.0.into(), 2);
    let to = match to {
        To::Pool(role) => u32::from(*role),
        To::Company(company) => COMPANY | company,
    };
    put(TO, to.into(), 2);
    put(PLACE, place.unwrap_or(NO_PLACE).into(), 2);
    put(UNTIL, row.until.into(), 2);
    put(PAY, row.pay as u64, 4);
    (0..).zip(row.from).for_each(|(at, day)| put(FROM + at, day.into(), 1));
    put(FRESH, row.fresh.into(), 1);
    put(CURRENCY, row.currency.into(), 1);
    let (from, to) = row.zones.unwrap_or_default();
    put(ZONES, u16::from_le_bytes([from as u8, to as u8]).into(), 1);
    put(HAS_ZONES, row.zones.is_some().into(), 1);
    put(LENGTH, row.atoms.len() as u64, 1);
    head
}

impl<'r> Record<'r> {
    fn two(self, at: usize) -> u32 {
        u32::from(self.head[at]) | u32::from(self.head[at + 1]) << 16
    }

    fn four(self, at: usize) -> u64 {
        u64::from(self.two(at)) | u64::from(self.two(at + 2)) << 32
    }

    fn next(self) -> At {
        At(self.two(NEXT))
    }

    pub fn grant(self) -> Uuid {
        Uuid::from_u128(u128::from(self.four(0)) | u128::from(self.four(4)) << 64)
    }

    pub fn to(self) -> To {
        match self.two(TO) {
            to if to & COMPANY != 0 => To::Company(to & !COMPANY),
            to => To::Pool(to as u16),
        }
    }

    pub fn place(self) -> Option<Slot> {
        Some(self.two(PLACE)).filter(|place| *place != NO_PLACE)
    }

    pub fn until(self) -> u32 {
        self.two(UNTIL)
    }

    /// What it opens.
    pub fn row(self) -> Row<'r> {
        let [from, to] = self.head[ZONES].to_le_bytes();
        Row {
            pay: self.four(PAY) as i64,
            until: self.until(),
            currency: self.head[CURRENCY],
            from: [self.head[FROM], self.head[FROM + 1], self.head[FROM + 2]],
            fresh: self.head[FRESH],
            zones: (self.head[HAS_ZONES] != 0).then_some((from as i8, to as i8)),
            atoms: Cow::Borrowed(self.atoms),
        }
    }

    /// It as it was before it was written.
    pub fn held(self) -> Held {
        Held { to: self.to(), grant: self.grant(), place: self.place(), row: self.row().kept() }
    }
}
