//! How many of those who match have each value.

use crate::asked::Asked;
use crate::bits;
use crate::block::Block;
use crate::lent::Lent;
use crate::posting::Posting;
use crate::query::Count;
use crate::value::{Facet, Value};
use crate::vocabulary::{Atom, Vocabulary};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// To read what one candidate has takes about as long as so many words of a set, or of places in a list.
const READING: usize = 60;
/// Of so many values it is counted how many have them, where a facet shows twenty of some hundreds: the others are too few.
const LOOKED_AT: usize = 128;

/// So many values are asked for together.
const TOGETHER: usize = 8;

/// Those of a block who match, whose values are counted when they are asked for.
pub(crate) struct Counted<'p> {
    block: &'p Block,
    /// With room for every place of a block.
    found: Lent<u64>,
    all: u32,
}

impl Counted<'_> {
    /// How many have a value.
    fn of(&self, atom: Atom) -> u32 {
        match (self.block.posting(atom), self.found.first_chunk()) {
            (Some(posting), Some(found)) => posting.count_in(found),
            _ => 0,
        }
    }

    /// How many can have a value at most of which the block has this.
    fn at_most(&self, posting: &Posting) -> u32 {
        self.all.min(posting.len() as u32)
    }

    /// Whether it is quicker to count values of so many of a block than to read what each of them has.
    pub fn is_quicker(block: &Block, all: usize) -> bool {
        all * READING > block.len() / 64 * LOOKED_AT + block.values() * 2
    }
}

/// Values by how many have them.
pub(crate) struct Counts<'p> {
    /// Of those who were read, by value.
    read: Lent<u32>,
    blocks: Vec<Counted<'p>>,
}

impl<'p> Counts<'p> {
    /// `end` is one more than the greatest number of a value.
    pub fn new(end: usize) -> Self {
        Self { read: Lent::of(0, end), blocks: Vec::new() }
    }

    /// Counts what one has.
    pub fn add(&mut self, atoms: &[Atom]) {
        atoms.iter().for_each(|atom| self.read[usize::from(*atom)] += 1);
    }

    /// Counts what these of a block have.
    pub fn add_block(&mut self, block: &'p Block, found: &[u64], all: usize) {
        let mut own = Lent::new();
        own.extend_from_slice(found);
        own.resize(bits::WORDS, 0);
        self.blocks.push(Counted { block, found: own, all: all as u32 });
    }

    /// How many have a value.
    fn of(&self, atom: Atom) -> u32 {
        self.read[usize::from(atom)] + self.blocks.iter().map(|one| one.of(atom)).sum::<u32>()
    }

    /// Asks for those who have these values, all at once, before they are counted one after another.
    fn fetch(&self, values: &[(u32, Atom)]) {
        let postings = |one: &Counted<'p>| values.iter().filter_map(|(_, atom)| one.block.posting(*atom));
        let touched = self.blocks.iter().flat_map(postings).fold(0, |touched, posting| touched ^ posting.touch());
        std::hint::black_box(touched);
    }

    /// The same of a value that so many can have at most, unless it turns out on the way that it is fewer than `least`.
    fn if_at_least(&self, atom: Atom, most: u32, least: u32) -> Option<u32> {
        let mut still = most;
        for one in &self.blocks {
            let Some(posting) = one.block.posting(atom) else { continue };
            still -= one.at_most(posting) - one.of(atom);
            if still < least {
                return None;
            }
        }
        Some(still)
    }

    /// By value, how many can have it at most.
    fn at_most(&self) -> Lent<u32> {
        let mut most = Lent::new();
        most.extend_from_slice(&self.read);
        for one in &self.blocks {
            one.block.postings().for_each(|(atom, posting)| most[usize::from(atom)] += one.at_most(posting));
        }
        most
    }

    /// Values by how many have them: so many of each facet, and those that were asked for.
    pub fn facets(&self, asked: &Asked, limit: usize, vocabulary: &Vocabulary) -> BTreeMap<Facet, Vec<Count>> {
        let at_most = self.at_most();
        let (mut besides, mut room) = (self.asked_for(asked, vocabulary), Lent::new());
        let shown = Facet::ALL.map(|facet| {
            some_have(vocabulary.of_facet(facet), &at_most, &mut room);
            self.most(&mut room, limit, vocabulary)
        });
        vocabulary.fetch(shown.iter().flatten().map(|(_, atom)| *atom));
        let facets = Facet::ALL.into_iter().zip(shown).map(|(facet, shown)| {
            let mut all: Vec<Count> = Vec::with_capacity(shown.len());
            all.extend(
                shown.iter().map(|(count, atom)| Count { value: vocabulary.value(*atom).clone(), count: *count }),
            );
            let more = besides.iter_mut().filter(|(value, atom, _)| {
                value.facet() == facet && !atom.is_some_and(|atom| shown.iter().any(|(_, other)| *other == atom))
            });
            all.extend(more.map(|(value, _, count)| Count { value: value.clone(), count: *count }));
            (facet, all)
        });
        facets.collect()
    }

    /// What was asked for, with its number and how many have it, in the order in which it is shown.
    fn asked_for<'v>(&self, asked: &'v Asked, vocabulary: &'v Vocabulary) -> Vec<(&'v Value, Option<Atom>, u32)> {
        let named = asked.named.iter().map(|(value, atom)| (value, *atom, atom.map_or(0, |atom| self.of(atom))));
        // Of levels and languages “at least” was asked for: those that somebody has.
        let at_least = asked.groups.iter().flatten().map(|atom| (vocabulary.value(*atom), Some(*atom), self.of(*atom)));
        let mut all: Vec<_> = named.chain(at_least.filter(|(_, _, count)| *count > 0)).collect();
        all.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.0.cmp(other.0)));
        all.dedup_by(|one, other| one.0 == other.0);
        all
    }

    /// So many of these values, those that most have. Each comes with how many can have it at most.
    fn most(&self, values: &mut [(u32, Atom)], limit: usize, vocabulary: &Vocabulary) -> Vec<(u32, Atom)> {
        if limit == 0 || values.is_empty() {
            return Vec::new();
        }
        let place = |count: u32, atom: Atom| (u32::MAX - count, vocabulary.rank(atom));
        let mut counted = Lent::new();
        let mut counts = if self.blocks.is_empty() {
            values
        } else {
            self.count_until_sure(values, limit, &mut counted);
            &mut counted
        };
        if counts.len() > limit {
            counts.select_nth_unstable_by_key(limit - 1, |(count, atom)| place(*count, *atom));
            counts = &mut counts[..limit];
        }
        counts.sort_unstable_by_key(|(count, atom)| place(*count, *atom));
        // Those that nobody has are the last.
        counts[..counts.partition_point(|(count, _)| *count > 0)].to_vec()
    }

    /// Counts values, those first that most can have, until nobody left can be among so many of the commonest.
    fn count_until_sure(&self, values: &mut [(u32, Atom)], limit: usize, counts: &mut Vec<(u32, Atom)>) {
        let sure = limit.min(values.len());
        if sure < values.len() {
            values.select_nth_unstable_by_key(sure, |(most, _)| Reverse(*most));
        }
        let (first, rest) = values.split_at(sure);
        self.fetch(first);
        counts.extend(first.iter().map(|(_, atom)| (self.of(*atom), *atom)));
        let mut best: BinaryHeap<Reverse<u32>> = counts.iter().map(|(count, _)| Reverse(*count)).collect();
        let least = |best: &BinaryHeap<Reverse<u32>>| best.peek().map_or(0, |least| least.0);
        let mut able: Lent<(u32, Atom)> = Lent::new();
        able.extend(rest.iter().copied().filter(|(most, _)| *most >= least(&best)));
        able.sort_unstable_by_key(|(most, _)| Reverse(*most));
        for some in able.chunks(TOGETHER) {
            if some[0].0 < least(&best) {
                break;
            }
            self.fetch(some);
            for (most, atom) in some {
                if let Some(count) = self.if_at_least(*atom, *most, least(&best)) {
                    counts.push((count, *atom));
                    best.pop();
                    best.push(Reverse(count));
                }
            }
        }
    }
}

/// Of these values, those that somebody can have, put into `found` with how many can.
fn some_have(atoms: &[Atom], at_most: &[u32], found: &mut Vec<(u32, Atom)>) {
    found.resize(atoms.len(), (0, 0));
    let mut end = 0;
    for atom in atoms {
        // A sum and no branch: whether anybody has it cannot be foretold.
        let most = at_most[usize::from(*atom)];
        found[end] = (most, *atom);
        end += usize::from(most > 0);
    }
    found.truncate(end);
}
