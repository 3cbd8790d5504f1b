//! Sets of places in a block: a bit for each. Words that are not there are empty.

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

/// The places, rising.
pub(crate) fn places(words: &[u64]) -> impl Iterator<Item = u16> {
    (0_u16..).zip(words).flat_map(|(number, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros() as u16)?;
            rest &= rest - 1;
            Some(number * 64 + bit)
        })
    })
}

/// How many there are.
pub(crate) fn count(words: &[u64]) -> usize {
    words.iter().map(|word| word.count_ones()).sum::<u32>() as usize
}

/// How many are in both.
pub(crate) fn count_both(one: &[u64], other: &[u64]) -> u32 {
    one.iter().zip(other).map(|(one, other)| (one & other).count_ones()).sum()
}

/// Keeps those that are in the other set as well.
pub(crate) fn keep(words: &mut [u64], other: &[u64]) {
    let (both, rest) = words.split_at_mut(other.len().min(words.len()));
    both.iter_mut().zip(other).for_each(|(word, other)| *word &= other);
    rest.fill(0);
}

/// Puts those of the other set in, as far as there is room.
pub(crate) fn add(words: &mut [u64], other: &[u64]) {
    words.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
}
