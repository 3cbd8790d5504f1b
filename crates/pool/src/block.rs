//! Those who granted to the pool of one role, side by side: who has what, and when it ends.

use crate::bits;
use crate::posting::Posting;
use crate::record::At;
use crate::row::{Row, share};
use crate::vocabulary::Atom;

/// Places of a block: as many as sixteen bits can tell apart.
pub(crate) const BLOCK: usize = 1 << 16;
/// Whose place is empty is over with no time.
const NEVER: u32 = u32::MAX;
/// Shared with nobody.
const NO_ZONES: (i8, i8) = (i8::MAX, i8::MIN);

/// Whose a place is, and where what they granted is written: side by side, because both are wanted of whoever is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub person: u32,
    pub record: At,
}

/// Built of what grants open to the pool of one role, and of nothing else.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Values that somebody has, rising.
    atoms: Vec<Atom>,
    /// Who has them.
    postings: Vec<Posting>,
    /// Whose places are taken.
    taken: Vec<u64>,
    free: Vec<u16>,
    places: Vec<Place>,
    /// By place, what decides of order and end.
    fresh: Vec<u16>,
    until: Vec<u32>,
    zones: Vec<(i8, i8)>,
    /// What they want to be paid, see [`rounded`], in whatever currency; nothing if they do not say.
    pay: Vec<u16>,
    /// By word of a set of places, when the first of them ends.
    soonest: Vec<u32>,
}

impl Block {
    pub fn has_room(&self) -> bool {
        !self.free.is_empty() || self.places.len() < BLOCK
    }

    /// How many places there are, taken or not.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn place(&self, at: u16) -> Place {
        self.places[usize::from(at)]
    }

    pub fn fresh(&self, at: u16) -> u16 {
        self.fresh[usize::from(at)]
    }

    /// How many values somebody has.
    pub fn values(&self) -> usize {
        self.atoms.len()
    }

    /// Who has a value.
    pub fn posting(&self, atom: Atom) -> Option<&Posting> {
        self.atoms.binary_search(&atom).ok().map(|number| &self.postings[number])
    }

    /// All values that somebody has.
    pub fn postings(&self) -> impl Iterator<Item = (Atom, &Posting)> {
        self.atoms.iter().copied().zip(&self.postings)
    }

    /// Gives somebody a place, at which nothing is granted yet.
    pub fn settle(&mut self, person: u32) -> u16 {
        if let Some(at) = self.free.pop() {
            self.places[usize::from(at)].person = person;
            return at;
        }
        let at = self.places.len();
        if at == self.places.capacity() {
            let more = (at / 4).max(16).min(BLOCK - at);
            self.places.reserve_exact(more);
            self.fresh.reserve_exact(more);
            self.until.reserve_exact(more);
            self.zones.reserve_exact(more);
            self.pay.reserve_exact(more);
        }
        self.places.push(Place { person, record: At::default() });
        self.fresh.push(0);
        self.until.push(NEVER);
        self.zones.push(NO_ZONES);
        self.pay.push(0);
        self.soonest.resize(self.places.len().div_ceil(64), NEVER);
        if self.places.len().is_power_of_two() {
            // Among twice as many, many can have become few.
            let all = self.places.len();
            self.postings.iter_mut().for_each(|posting| posting.settle(all));
        }
        at as u16
    }

    /// Reads what is about to be changed, so that it is near when it is.
    pub fn fetch(&self, at: u16, before: &[Atom], after: &[Atom]) {
        let place = usize::from(at);
        let beside = (self.until[place], self.fresh[place], self.zones[place], self.pay[place], self.place(at).person);
        let atoms = only_in(before, after).chain(only_in(after, before));
        let touched = atoms.filter_map(|atom| self.posting(*atom)).fold(0, |touched, one| touched ^ one.touch_at(at));
        std::hint::black_box((beside, touched));
    }

    /// Puts what is granted in the place of what was.
    pub fn put(&mut self, at: u16, before: &[Atom], row: &Row<'_>) {
        bits::insert(&mut self.taken, at);
        self.change(at, before, &row.atoms);
        self.fresh[usize::from(at)] = row.fresh;
        self.zones[usize::from(at)] = row.zones.unwrap_or(NO_ZONES);
        self.pay[usize::from(at)] = rounded(row.pay);
        self.lasts(at, row.until);
    }

    /// Says where it is written.
    pub fn write(&mut self, at: u16, record: At) {
        self.places[usize::from(at)].record = record;
    }

    /// Takes somebody's grant out and gives the place back.
    pub fn leave(&mut self, at: u16, before: &[Atom]) {
        bits::remove(&mut self.taken, at);
        self.change(at, before, &[]);
        self.lasts(at, NEVER);
        self.write(at, At::default());
        self.free.push(at);
    }

    fn lasts(&mut self, at: u16, until: u32) {
        let word = usize::from(at) / 64;
        self.until[usize::from(at)] = until;
        let beside = self.until[word * 64..].iter().take(64);
        self.soonest[word] = beside.copied().min().unwrap_or(NEVER);
    }

    /// Both lists rise.
    fn change(&mut self, at: u16, before: &[Atom], after: &[Atom]) {
        for gone in only_in(before, after) {
            if let Ok(number) = self.atoms.binary_search(gone) {
                self.postings[number].remove(at);
                if self.postings[number].len() == 0 {
                    self.atoms.remove(number);
                    self.postings.remove(number);
                }
            }
        }
        let all = self.places.len();
        for new in only_in(after, before) {
            let number = self.atoms.binary_search(new).unwrap_or_else(|number| {
                self.atoms.insert(number, *new);
                self.postings.insert(number, Posting::new());
                number
            });
            self.postings[number].insert(at, all);
        }
    }

    /// Those who have one value of each group: put into `found`, if there can be any. `room` is for what is needed in between.
    pub fn meeting(&self, groups: &[Vec<Atom>], found: &mut Vec<u64>, room: &mut Vec<u64>) -> bool {
        let with = |group: &[Atom]| group.iter().any(|atom| self.atoms.binary_search(atom).is_ok());
        if !groups.iter().all(|group| with(group)) {
            return false;
        }
        found.clear();
        found.extend_from_slice(&self.taken);
        for group in groups {
            let mut having = group.iter().filter_map(|atom| self.posting(*atom));
            match (having.next(), having.next()) {
                (Some(Posting::Many(words, _)), None) => bits::keep(found, words),
                (one, other) => {
                    room.clear();
                    room.resize(found.len(), 0);
                    one.into_iter().chain(other).chain(having).for_each(|posting| posting.add_to(room));
                    bits::keep(found, room);
                }
            }
        }
        true
    }

    /// Leaves out those who share none of these time zones.
    pub fn leave_out_far(&self, places: &mut Vec<u16>, zones: (i8, i8)) {
        bits::retain(places, |at| {
            let own = self.zones[usize::from(at)];
            share(own, zones) & (own.0 <= own.1)
        });
    }

    /// Leaves out those who want to be paid more, but for those of whom that [cannot be told](Self::is_unsure) here.
    pub fn leave_out_dear(&self, places: &mut Vec<u16>, most: i64) {
        let most = rounded(most);
        bits::retain(places, |at| self.pay[usize::from(at)] <= most);
    }

    /// Whether what somebody granted must be read to know if they want to be paid more. Few are, for pay is rounded to a thousandth.
    pub fn is_unsure(&self, at: u16, most: i64) -> bool {
        self.pay[usize::from(at)] == rounded(most)
    }

    /// Leaves out those whose grant has ended by then.
    pub fn leave_out_ended(&self, found: &mut [u64], now: u32) {
        for (number, (word, soonest)) in (0_u16..).zip(found.iter_mut().zip(&self.soonest)) {
            if *soonest <= now {
                bits::each_in(*word, number, |at| {
                    *word &= !(u64::from(self.until[usize::from(at)] <= now) << (at % 64))
                });
            }
        }
    }
}

/// What is in one of two lists that rise, and not in the other.
fn only_in<'a>(one: &'a [Atom], other: &[Atom]) -> impl Iterator<Item = &'a Atom> {
    one.iter().filter(|atom| other.binary_search(atom).is_err())
}

/// Pay as a number that is the greater the greater pay is, or the same: the place of its highest bit, and the ten bits after it.
fn rounded(pay: i64) -> u16 {
    let Some(highest) = u64::try_from(pay).ok().and_then(u64::checked_ilog2) else { return 0 };
    let bits = (u128::from(pay.unsigned_abs()) << 10 >> highest) as u16;
    (highest as u16) << 10 | bits & 0x3ff
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounded_pay_keeps_the_order_and_tells_a_thousandth_apart(one in any::<i64>(), other in any::<i64>(), near in 1..1_i64 << 50) {
            prop_assert!(one > other || rounded(one) <= rounded(other));
            prop_assert!(rounded(near) < rounded(near + near / 500 + 1), "{near}");
        }
    }

    #[test]
    fn no_pay_is_the_least_and_the_greatest_has_room() {
        assert_eq!([i64::MIN, -1, 0, 1, 2, 3].map(rounded), [0, 0, 0, 0, 1 << 10, (1 << 10) + 512]);
        assert_eq!(rounded(i64::MAX), 62 << 10 | 0x3ff);
    }
}
