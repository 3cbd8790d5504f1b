//! Sets of places in a block: a bit for each. Words that are not there are empty.

use multiversion::multiversion;

/// Puts a place in; whether it was not there.
pub(crate) fn insert(words: &mut Vec<u64>, at: u16) -> bool {
    let word = usize::from(at) / 64;
    if word >= words.len() {
        // Little more than is needed: a block has a hundred such sets.
        words.reserve_exact((word + 1 - words.len()).max(words.len() / 8));
        words.resize(word + 1, 0);
    }
    let bit = 1 << (at % 64);
    let is_new = words[word] & bit == 0;
    words[word] |= bit;
    is_new
}

/// Takes a place out; whether it was there.
pub(crate) fn remove(words: &mut [u64], at: u16) -> bool {
    let Some(word) = words.get_mut(usize::from(at) / 64) else { return false };
    let bit = 1 << (at % 64);
    let was_there = *word & bit != 0;
    *word &= !bit;
    was_there
}

/// Whether a place is in: 1 or 0, to be added up.
pub(crate) fn has(words: &[u64], at: u16) -> u32 {
    words.get(usize::from(at) / 64).map_or(0, |word| (word >> (at % 64) & 1) as u32)
}

/// Words of a set that has room for every place of a block.
pub(crate) const WORDS: usize = 1 << 10;

/// How many of these places are in.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
pub(crate) fn count_listed(words: &[u64; WORDS], places: &[u16]) -> u32 {
    // Four sums, so that none waits for the one before it.
    let mut counts = [0_u64; 4];
    let (fours, rest) = places.as_chunks::<4>();
    for four in fours {
        for lane in 0..4 {
            counts[lane] += words[four[lane] as usize / 64] >> (four[lane] % 64) & 1;
        }
    }
    for at in rest {
        counts[0] += words[*at as usize / 64] >> (at % 64) & 1;
    }
    (counts[0] + counts[1] + counts[2] + counts[3]) as u32
}

/// Does something with each place, rising.
#[inline]
pub(crate) fn each(words: &[u64], mut act: impl FnMut(u16)) {
    for (number, word) in (0_u16..).zip(words) {
        each_in(*word, number, &mut act);
    }
}

/// The same of one word, by its number.
#[inline]
pub(crate) fn each_in(mut word: u64, number: u16, mut act: impl FnMut(u16)) {
    while word != 0 {
        act(number * 64 + word.trailing_zeros() as u16);
        word &= word - 1;
    }
}

/// So many places are written down at once, whether there are so many or not: no branch depends on how many there are, which cannot be
/// foretold.
const AT_ONCE: usize = 4;

/// The places, rising, put into an empty list.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
pub(crate) fn list(words: &[u64], places: &mut Vec<u16>) {
    let all = words.iter().map(|word| word.count_ones() as usize).sum::<usize>();
    places.resize(all + AT_ONCE, 0);
    let mut end = 0;
    for (number, word) in (0_u16..).zip(words) {
        let (mut rest, mut at) = (*word, end);
        end += word.count_ones() as usize;
        loop {
            for place in &mut places[at..at + AT_ONCE] {
                *place = (number * 64).wrapping_add(rest.trailing_zeros() as u16);
                rest &= rest.wrapping_sub(1);
            }
            at += AT_ONCE;
            if at >= end {
                break;
            }
        }
    }
    places.truncate(all);
}

/// The places, rising.
pub(crate) fn places(words: &[u64]) -> Vec<u16> {
    let mut places = Vec::new();
    list(words, &mut places);
    places
}

/// Keeps those places of which this holds.
#[inline]
pub(crate) fn retain(places: &mut Vec<u16>, holds: impl Fn(u16) -> bool) {
    // A sum and no branch: whether it holds cannot be foretold.
    let mut kept = 0;
    for number in 0..places.len() {
        let at = places[number];
        places[kept] = at;
        kept += usize::from(holds(at));
    }
    places.truncate(kept);
}

/// Puts these places, for which there is room, in the place of those that are there.
pub(crate) fn put(words: &mut [u64], places: &[u16]) {
    words.fill(0);
    places.iter().for_each(|at| words[usize::from(*at) / 64] |= 1 << (at % 64));
}

/// How many there are.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
pub(crate) fn count(words: &[u64]) -> usize {
    words.iter().map(|word| word.count_ones() as usize).sum()
}

/// How many are in both, counted with what the processor has.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
pub(crate) fn count_both(one: &[u64], other: &[u64]) -> u32 {
    count_both_anywhere(one, other)
}

/// The same, with what the crate is compiled for: any processor, where nothing else is asked for.
///
/// Loops instead of iterators: what an iterator's method is given is a function of its own, which is compiled for any processor if it is
/// not inlined, and it was not.
#[inline(always)]
pub(crate) fn count_both_anywhere(one: &[u64], other: &[u64]) -> u32 {
    let (one, other) = (&one[..one.len().min(other.len())], &other[..one.len().min(other.len())]);
    let (pieces, rest) = one.as_chunks::<PIECE>();
    let (others, other_rest) = other.as_chunks::<PIECE>();
    let (mut carried, mut count) = (Carried::default(), 0);
    for at in 0..pieces.len() {
        count += carried.add(&pieces[at], &others[at]);
    }
    count = count * 8 + carried.count();
    for at in 0..rest.len() {
        count += (rest[at] & other_rest[at]).count_ones();
    }
    count
}

/// Words of which the processor takes several at once.
type Lane = [u64; 4];
const PIECE: usize = 32;

/// Sums of ones by place, before they are counted: one count for eight words where the processor has no instruction for it.
#[derive(Default)]
struct Carried {
    ones: Lane,
    twos: Lane,
    fours: Lane,
}

impl Carried {
    /// Adds the ones of both; what is eight of a place is counted.
    #[inline(always)]
    fn add(&mut self, one: &[u64; PIECE], other: &[u64; PIECE]) -> u32 {
        let fours = [self.sixteen(one, other, 0), self.sixteen(one, other, 16)];
        ones(add(&mut self.fours, fours[0], fours[1]))
    }

    /// Adds sixteen words; what is four of a place is given back.
    #[inline(always)]
    fn sixteen(&mut self, one: &[u64; PIECE], other: &[u64; PIECE], first: usize) -> Lane {
        let twos = add(&mut self.ones, both(one, other, first), both(one, other, first + 4));
        let more = add(&mut self.ones, both(one, other, first + 8), both(one, other, first + 12));
        add(&mut self.twos, twos, more)
    }

    #[inline(always)]
    fn count(&self) -> u32 {
        ones(self.ones) + 2 * ones(self.twos) + 4 * ones(self.fours)
    }
}

/// What is in both, from a word on.
#[inline(always)]
fn both(one: &[u64; PIECE], other: &[u64; PIECE], first: usize) -> Lane {
    let mut both = Lane::default();
    for lane in 0..4 {
        both[lane] = one[first + lane] & other[first + lane];
    }
    both
}

/// Adds two to a sum, place by place, and gives what is carried.
#[inline(always)]
fn add(sum: &mut Lane, one: Lane, other: Lane) -> Lane {
    let mut carry = Lane::default();
    for lane in 0..4 {
        let either = sum[lane] ^ one[lane];
        carry[lane] = sum[lane] & one[lane] | either & other[lane];
        sum[lane] = either ^ other[lane];
    }
    carry
}

#[inline(always)]
fn ones(lane: Lane) -> u32 {
    lane[0].count_ones() + lane[1].count_ones() + lane[2].count_ones() + lane[3].count_ones()
}

/// Keeps those that are in the other set as well.
pub(crate) fn keep(words: &mut [u64], other: &[u64]) {
    let (both, rest) = words.split_at_mut(other.len().min(words.len()));
    both.iter_mut().zip(other).for_each(|(word, other)| *word &= other);
    rest.fill(0);
}

/// Puts those of the other set in, as far as there is room.
pub(crate) fn unite(words: &mut [u64], other: &[u64]) {
    words.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
}
