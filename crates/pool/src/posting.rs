//! Who in a block has one value: a list where they are few, bits where they are many.

use crate::bits;
use crate::lent::Lent;

/// Shorter lists stay lists, in however small a block.
const LEAST: usize = 32;
/// A place in a list takes as much memory as sixteen bits, and as much time as several times that.
const PLACE: usize = 48;

/// Bytes that come together from memory, and those after which it is somewhere else.
const LINE: usize = 64;
const PAGE: usize = 4_096;

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
            && *count as usize * PLACE < block
        {
            *self = Self::Few(bits::places(words));
        }
    }

    /// Reads a word of each line of memory at which nobody would guess that it comes next.
    pub fn touch(&self) -> u64 {
        match self {
            Self::Few(places) => places.iter().step_by(LINE / 2).take(4).fold(0, |all, place| all ^ u64::from(*place)),
            Self::Many(words, _) => {
                let word = |at: usize| words.get(at).copied().unwrap_or_default();
                word(0) ^ word(LINE / 8) ^ word(LINE / 4) ^ word(PAGE / 8) ^ word(PAGE / 8 + LINE / 8)
            }
        }
    }

    /// Reads what [`Self::insert`] and [`Self::remove`] will read.
    pub fn touch_at(&self, at: u16) -> u64 {
        match self {
            Self::Few(places) => places.binary_search(&at).unwrap_or_else(|place| place) as u64,
            Self::Many(words, _) => words.get(usize::from(at) / 64).copied().unwrap_or_default(),
        }
    }

    /// How many of a set have the value.
    pub fn count_in(&self, words: &[u64; bits::WORDS]) -> u32 {
        match self {
            Self::Few(places) => bits::count_listed(words, places),
            Self::Many(own, _) => bits::count_both(own, words),
        }
    }

    /// Puts all of them into a set that has room for them.
    pub fn add_to(&self, words: &mut [u64]) {
        match self {
            Self::Few(places) => places.iter().for_each(|at| words[usize::from(*at) / 64] |= 1 << (at % 64)),
            Self::Many(own, _) => bits::unite(words, own),
        }
    }

    /// Adds one to each of those in a set who have the value.
    pub fn count_each(&self, words: &[u64], each: &mut [u8]) {
        match self {
            Self::Few(places) => places.iter().for_each(|at| each[usize::from(*at)] += bits::has(words, *at) as u8),
            Self::Many(own, _) => {
                let mut both: Lent<u64> = Lent::new();
                both.extend(own.iter().zip(words).map(|(one, other)| one & other));
                bits::each(&both, |at| each[usize::from(at)] += 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn words(places: &BTreeSet<u16>) -> Vec<u64> {
        let mut words = Vec::new();
        places.iter().for_each(|at| {
            bits::insert(&mut words, *at);
        });
        words
    }

    fn sets() -> impl Strategy<Value = BTreeSet<u16>> {
        let few = proptest::collection::btree_set(0..5_000_u16, 0..40);
        let many = (1..60_u16, 0..9_000_u16).prop_map(|(step, end)| (0..end).step_by(step.into()).collect());
        prop_oneof![few, many, Just((0..4_999).collect())]
    }

    proptest! {
        #[test]
        fn a_posting_is_a_set_whether_it_is_a_list_or_bits(
            acts in proptest::collection::vec((any::<bool>(), 0..700_u16), 0..600),
            sizes in proptest::collection::vec(1..40_000_usize, 600),
            other in sets(),
        ) {
            let (mut posting, mut set) = (Posting::new(), BTreeSet::new());
            for ((is_in, at), size) in acts.into_iter().zip(sizes) {
                if is_in {
                    posting.insert(at, size.max(700));
                    set.insert(at);
                } else {
                    posting.remove(at);
                    set.remove(&at);
                    posting.settle(size);
                }
            }
            let other_words = words(&other);
            let mut padded = [0; bits::WORDS];
            padded[..other_words.len()].copy_from_slice(&other_words);
            let both: Vec<u16> = set.intersection(&other).copied().collect();
            prop_assert_eq!(posting.len(), set.len());
            prop_assert_eq!(posting.count_in(&padded) as usize, both.len());
            let mut all = vec![0; 1_024];
            posting.add_to(&mut all);
            prop_assert_eq!(bits::places(&all), set.iter().copied().collect::<Vec<_>>());
            let mut each = vec![0; 10_000];
            posting.count_each(&other_words, &mut each);
            let counted: Vec<u16> = (0..10_000).filter(|at| each[usize::from(*at)] == 1).collect();
            prop_assert_eq!(counted, both);
        }

        #[test]
        fn places_are_written_down_left_out_and_put_back(set in sets(), step in 1..9_u16) {
            let mut words = words(&set);
            let mut places = bits::places(&words);
            prop_assert!(places.iter().eq(&set));
            bits::retain(&mut places, |at| at % step == 0);
            let kept: Vec<u16> = set.into_iter().filter(|at| at % step == 0).collect();
            prop_assert_eq!(&places, &kept);
            bits::put(&mut words, &places);
            prop_assert_eq!(bits::places(&words), kept);
        }

        #[test]
        fn ones_are_counted_as_one_counts_them(one in sets(), other in sets()) {
            let (both, union) = (one.intersection(&other).count(), one.union(&other).count());
            let (one, other) = (words(&one), words(&other));
            prop_assert_eq!(bits::count_both(&one, &other) as usize, both);
            prop_assert_eq!(bits::count_both_anywhere(&one, &other) as usize, both);
            let mut kept = one.clone();
            bits::keep(&mut kept, &other);
            prop_assert_eq!(bits::count(&kept), both);
            let mut all = one;
            all.resize(1_024, 0);
            bits::unite(&mut all, &other);
            prop_assert_eq!(bits::count(&all), union);
        }
    }

    #[test]
    fn a_full_block_has_all_places() {
        assert!(bits::places(&[u64::MAX; 1_024]).into_iter().eq(0..=u16::MAX));
    }
}
