//! What one grant opens, packed: a list of numbers, and what is compared by size.

use crate::change::Projection;
use crate::facts::Facts;
use crate::value::{Facet, Hours, Word};
use crate::vocabulary::{Atom, Vocabulary};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use std::borrow::Cow;

/// Days are counted from here.
const FIRST_DAY: Date = date(2000, 1, 1);

/// A day as a number, for what is stored: 2 and more. Zero is none, and one a beginning without a day.
pub(crate) const NO_DAY: u16 = 1;

/// What is open to somebody: of one grant, or of several together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row<'r> {
    /// A year, in the smallest unit. Without a currency it is not stated.
    pub pay: i64,
    /// Seconds since 1970, from when it is not there.
    pub until: u32,
    pub currency: Atom,
    /// From when, by [`Hours`].
    pub from: [u16; 3],
    /// The latest act of which the viewer sees something, as a day.
    pub fresh: u16,
    pub zones: Option<(i8, i8)>,
    /// Rising, each once.
    pub atoms: Cow<'r, [Atom]>,
}

/// A day as it is stored.
pub(crate) fn day(date: Date) -> u16 {
    let days = date.since(FIRST_DAY).map_or(0, |span| span.get_days());
    u16::try_from(days.max(0)).map_or(u16::MAX, |days| days.saturating_add(2))
}

/// The day that is stored so.
pub(crate) fn date_of(day: u16) -> Date {
    FIRST_DAY.saturating_add(jiff::Span::new().days(i32::from(day.saturating_sub(2))))
}

/// A time as it is stored; what is left of a second is dropped, so that nothing lasts longer than it was granted.
pub(crate) fn seconds(time: Timestamp) -> u32 {
    u32::try_from(time.as_second().max(0)).unwrap_or(u32::MAX)
}

impl Row<'_> {
    /// Packs what a grant opens: values that have a number, and whether all have. `role` is that of the pool to which it opens it.
    pub fn pack(projection: &Projection, role: Option<&str>, vocabulary: &Vocabulary) -> (Row<'static>, bool) {
        let Facts { pay, zones, availability, signals, .. } = &projection.facts;
        let (mut atoms, mut is_whole): (Vec<Atom>, bool) = (Vec::with_capacity(64), true);
        for word in projection.words(role) {
            match vocabulary.find(&word) {
                Some(atom) => atoms.push(atom),
                None => is_whole = false,
            }
        }
        atoms.sort_unstable();
        atoms.dedup();
        let mut from = [0; 3];
        for one in availability {
            let day = one.from.map_or(NO_DAY, day);
            let slot = &mut from[one.hours as usize];
            *slot = earliest(*slot, day);
        }
        let currency = pay.as_ref().and_then(|pay| vocabulary.find(&Word::new(Facet::Currency, &pay.currency)));
        let taken = signals.iter().filter_map(|signal| signal.on);
        let row = Row {
            pay: pay.as_ref().filter(|_| currency.is_some()).map_or(0, |pay| pay.yearly),
            until: seconds(projection.until),
            currency: currency.unwrap_or_default(),
            from,
            fresh: taken.chain([projection.made_on]).map(day).max().unwrap_or_default(),
            zones: zones.map(|zones| (zones.from, zones.to)),
            atoms: atoms.into(),
        };
        (row, is_whole)
    }

    /// The same, for as long as one likes.
    pub fn kept(self) -> Row<'static> {
        Row { atoms: Cow::Owned(self.atoms.into_owned()), ..self }
    }

    /// Takes in what another grant opens of the same candidate.
    pub fn unite(&mut self, other: &Row<'_>) {
        (self.pay, self.currency) = (self.pay, self.currency).max((other.pay, other.currency));
        self.zones = self.zones.max(other.zones);
        self.fresh = self.fresh.max(other.fresh);
        for (mine, theirs) in self.from.iter_mut().zip(other.from) {
            *mine = earliest(*mine, theirs);
        }
        self.atoms = Cow::Owned(united(&self.atoms, &other.atoms));
    }

    pub fn has(&self, atom: Atom) -> bool {
        self.atoms.binary_search(&atom).is_ok()
    }

    pub fn from(&self, hours: Hours) -> u16 {
        self.from[hours as usize]
    }
}

/// Whether two spans of time zones have one in common.
pub(crate) fn share(one: (i8, i8), other: (i8, i8)) -> bool {
    (one.0 <= other.1) & (other.0 <= one.1)
}

/// What is in one of two lists or in both; all of them rise.
fn united(one: &[Atom], other: &[Atom]) -> Vec<Atom> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let (mut at, mut beside) = (0, 0);
    while let (Some(first), Some(second)) = (one.get(at), other.get(beside)) {
        all.push(*first.min(second));
        // Sums and no branch: which of them is the lesser cannot be foretold.
        at += usize::from(first <= second);
        beside += usize::from(second <= first);
    }
    all.extend_from_slice(&one[at..]);
    all.extend_from_slice(&other[beside..]);
    all
}

/// Of two beginnings the earlier, if both are stated; a day is more than no day.
fn earliest(one: u16, other: u16) -> u16 {
    match (one, other) {
        (0 | NO_DAY, _) => other.max(one),
        (_, 0 | NO_DAY) => one,
        _ => one.min(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_back_and_those_too_early_or_too_late_are_the_first_and_the_last() {
        for known in [date(2000, 1, 1), date(2026, 11, 22), date(2179, 6, 1)] {
            assert_eq!(date_of(day(known)), known);
        }
        assert_eq!((day(date(1970, 1, 1)), day(date(9999, 1, 1))), (2, u16::MAX));
    }

    #[test]
    fn of_two_beginnings_the_earlier_day_counts() {
        for (one, other, earlier) in [(0, 0, 0), (0, 1, 1), (1, 9, 9), (9, 0, 9), (9, 5, 5), (1, 1, 1)] {
            assert_eq!((earliest(one, other), earliest(other, one)), (earlier, earlier));
        }
    }
}
