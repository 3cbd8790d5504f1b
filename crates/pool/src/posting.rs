//! Who in a block has one value: a list where they are few, bits where they are many, whichever is the smaller.

use crate::bits;

/// Shorter lists stay lists, in however small a block.
const LEAST: usize = 32;
/// A place in a list takes as much memory as sixteen bits.
const PLACE: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Posting {
    /// Rising.
    Few(Vec<u16>),
    /// With their number.
    Many(Vec<u64>, u32),
}

impl Posting {
    pub fn new() -> Self {
        Self::Few(Vec::new())
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Few(places) => places.len(),
            Self::Many(_, count) => *count as usize,
        }
    }

    /// Puts a place in. `block` is how many places there are altogether.
    pub fn insert(&mut self, at: u16, block: usize) {
        match self {
            Self::Many(words, count) => *count += u32::from(bits::insert(words, at)),
            Self::Few(places) => {
                let Err(place) = places.binary_search(&at) else { return };
                if places.len() == places.capacity() {
                    places.reserve_exact((places.len() / 4).max(4));
                }
                places.insert(place, at);
                if places.len() >= LEAST && places.len() * PLACE > block {
                    let (mut words, count) = (Vec::with_capacity(block.div_ceil(64)), places.len() as u32);
                    places.iter().for_each(|at| {
                        bits::insert(&mut words, *at);
                    });
                    *self = Self::Many(words, count);
                }
            }
        }
    }

    pub fn remove(&mut self, at: u16) {
        match self {
            Self::Many(words, count) => *count -= u32::from(bits::remove(words, at)),
            Self::Few(places) => {
                if let Ok(place) = places.binary_search(&at) {
                    places.remove(place);
                }
            }
        }
    }

    /// Becomes a list, if those of whom there were many are few among so many.
    pub fn settle(&mut self, block: usize) {
        if let Self::Many(words, count) = self
            && *count as usize * PLACE * 2 < block
        {
            *self = Self::Few(bits::places(words).collect());
        }
    }

    /// How many of a set have the value.
    pub fn count_in(&self, words: &[u64]) -> u32 {
        match self {
            Self::Few(places) => places.iter().map(|at| bits::has(words, *at)).sum(),
            Self::Many(own, _) => bits::count_both(own, words),
        }
    }

    /// Puts all of them into a set that has room for them.
    pub fn add_to(&self, words: &mut [u64]) {
        match self {
            Self::Few(places) => places.iter().for_each(|at| words[usize::from(*at) / 64] |= 1 << (at % 64)),
            Self::Many(own, _) => bits::add(words, own),
        }
    }

    /// Adds one to each of those in a set who have the value.
    pub fn count_each(&self, words: &[u64], each: &mut [u8]) {
        match self {
            Self::Few(places) => places.iter().for_each(|at| each[usize::from(*at)] += bits::has(words, *at) as u8),
            Self::Many(own, _) => {
                let both = |(number, (one, other)): (usize, (&u64, &u64))| (number, one & other);
                for (number, mut rest) in own.iter().zip(words).enumerate().map(both) {
                    while rest != 0 {
                        each[number * 64 + rest.trailing_zeros() as usize] += 1;
                        rest &= rest - 1;
                    }
                }
            }
        }
    }
}
