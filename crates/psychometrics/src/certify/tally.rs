//! Counts of a simulation. All of them are whole numbers, so that parts add up to the same whatever the order: the results
//! are the same bits for any number of threads.

use crate::adaptive::{MAX_CUTS, Release, State, Stop};

/// Levels are counted in bins of this width, from −`LEVEL_REACH` to `LEVEL_REACH`; the outermost take what is beyond.
pub(crate) const LEVEL_WIDTH: f64 = 0.5;
pub(crate) const LEVEL_REACH: f64 = 3.0;
/// Bins of levels.
pub(crate) const LEVELS: usize = 12;
/// Bins of stated probabilities.
pub(crate) const STATED: usize = 20;
/// Longest check that is counted apart; longer ones are counted with it.
pub(crate) const LONGEST: usize = 200;
/// Fractions are counted in units of 2⁻²⁰.
const UNIT: f64 = 1_048_576.0;

/// How often, and in how many of the cases it held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub of: u64,
    pub held: u64,
}

impl Held {
    #[inline]
    fn add(&mut self, holds: bool) {
        self.of += 1;
        self.held += u64::from(holds);
    }

    fn merge(&mut self, other: &Self) {
        self.of += other.of;
        self.held += other.held;
    }
}

/// A sum of fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum(i64);

impl Sum {
    #[inline]
    fn add(&mut self, value: f64) {
        self.0 += (value * UNIT) as i64;
    }

    pub fn value(self) -> f64 {
        self.0 as f64 / UNIT
    }
}

/// A bin of stated probabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stated {
    pub held: Held,
    pub stated: Sum,
}

/// Counts for a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GroupTally {
    pub covered: Held,
    pub exact: u64,
    pub error: Sum,
    pub square: Sum,
    pub minutes: Sum,
    pub answers: u64,
    pub out_of_time: u64,
    /// By true level: people, and the sum of their errors.
    pub by_level: [(u64, Sum); LEVELS],
}

/// Counts of some of the people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub lengths: Vec<u64>,
    pub exposure: Vec<u64>,
    pub by_told: [Held; LEVELS],
    pub by_true: [Held; LEVELS],
    pub stated: [[Stated; STATED]; MAX_CUTS],
    pub exact: Held,
    pub within_one: Held,
    pub stops: [u64; Stop::ALL.len()],
    pub sd: Sum,
    pub sd_by_told: [Sum; LEVELS],
    pub questions: u64,
    pub tasks: u64,
    pub seeding: u64,
    pub uncovered: u64,
    pub blocks: Blocks,
    pub groups: Vec<GroupTally>,
}

/// Sums over blocks of people: how much the share who are covered differs from block to block, and so from one true bank to
/// another, since each block has a world of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Blocks {
    held_squares: u64,
    products: u64,
    squares: u64,
}

impl Blocks {
    /// Standard error of the share who are covered, of `of` people altogether.
    pub fn error(self, whole: Held) -> f64 {
        let share = whole.held as f64 / whole.of as f64;
        let [held, products, squares] = [self.held_squares, self.products, self.squares].map(|sum| sum as f64);
        (held - 2.0 * share * products + share * share * squares).max(0.0).sqrt() / whole.of as f64
    }
}

/// One person's truth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Truth {
    pub theta: f64,
    pub group: usize,
    /// Minutes that they really took, through the time that they were given.
    pub extra_time: f64,
}

impl Tally {
    pub fn new(families: usize, groups: usize) -> Self {
        Self {
            lengths: vec![0; LONGEST + 1],
            exposure: vec![0; families],
            by_told: Default::default(),
            by_true: Default::default(),
            stated: Default::default(),
            exact: Held::default(),
            within_one: Held::default(),
            stops: Default::default(),
            sd: Sum::default(),
            sd_by_told: Default::default(),
            questions: 0,
            tasks: 0,
            seeding: 0,
            uncovered: 0,
            blocks: Blocks::default(),
            groups: vec![GroupTally::default(); groups],
        }
    }

    /// Counts a person whose check has ended. `cuts` are the true places of the borders.
    #[inline]
    pub fn add(&mut self, release: &Release, state: &State, stop: Stop, truth: Truth, cuts: &[f64]) {
        let (theta, belief) = (truth.theta, &state.belief);
        let below = belief.below(theta);
        let covered = (0.025..=0.975).contains(&below);
        self.by_told[level_bin(belief.mean)].add(covered);
        self.by_true[level_bin(theta)].add(covered);
        let answers = state.answers.len();
        self.lengths[answers.min(LONGEST)] += 1;
        for answer in &state.answers {
            let facts = &release.facts[answer.item as usize];
            self.exposure[facts.family as usize] += 1;
            self.seeding += facts.shelf.stock as u64;
        }
        let (band, _) = belief.band(cuts.len());
        let mut true_band = 0;
        for (cut, at) in cuts.iter().enumerate() {
            let is_above = theta >= *at;
            true_band += usize::from(is_above);
            let stated = belief.above[cut];
            let bin = &mut self.stated[cut][((stated * STATED as f64) as usize).min(STATED - 1)];
            bin.held.add(is_above);
            bin.stated.add(stated);
        }
        self.exact.add(band == true_band);
        self.within_one.add(band.abs_diff(true_band) <= 1);
        self.stops[stop as usize] += 1;
        self.sd.add(belief.sd);
        self.sd_by_told[level_bin(belief.mean)].add(belief.sd);
        self.questions += u64::from(state.so_far[0].asked);
        self.tasks += u64::from(state.so_far[1].asked);
        self.uncovered += u64::from(!state.covers(release));
        let group = &mut self.groups[truth.group];
        let error = belief.mean - theta;
        group.covered.add(covered);
        group.exact += u64::from(band == true_band);
        group.error.add(error);
        group.square.add(error * error);
        group.minutes.add(state.seconds as f64 * truth.extra_time / 60.0);
        group.answers += answers as u64;
        group.out_of_time += u64::from(stop == Stop::OutOfTime);
        let by_level = &mut group.by_level[level_bin(theta)];
        by_level.0 += 1;
        by_level.1.add(error);
    }

    /// How many there are, and how many of them are covered by their interval.
    pub fn covered(&self) -> Held {
        self.by_true.iter().fold(Held::default(), |mut sum, bin| {
            sum.merge(bin);
            sum
        })
    }

    /// Counts what came to the tally since it was at `before` as a block.
    pub fn end_block(&mut self, before: Held) {
        let now = self.covered();
        let (of, held) = (now.of - before.of, now.held - before.held);
        self.blocks.held_squares += held * held;
        self.blocks.products += held * of;
        self.blocks.squares += of * of;
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        let add = |ours: &mut [u64], theirs: &[u64]| ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        add(&mut self.lengths, &other.lengths);
        add(&mut self.exposure, &other.exposure);
        add(&mut self.stops, &other.stops);
        self.by_told.iter_mut().zip(&other.by_told).for_each(|(a, b)| a.merge(b));
        self.by_true.iter_mut().zip(&other.by_true).for_each(|(a, b)| a.merge(b));
        for (ours, theirs) in self.stated.iter_mut().flatten().zip(other.stated.iter().flatten()) {
            ours.held.merge(&theirs.held);
            ours.stated.0 += theirs.stated.0;
        }
        self.exact.merge(&other.exact);
        self.within_one.merge(&other.within_one);
        self.sd.0 += other.sd.0;
        self.sd_by_told.iter_mut().zip(&other.sd_by_told).for_each(|(a, b)| a.0 += b.0);
        self.questions += other.questions;
        self.tasks += other.tasks;
        self.seeding += other.seeding;
        self.uncovered += other.uncovered;
        self.blocks.held_squares += other.blocks.held_squares;
        self.blocks.products += other.blocks.products;
        self.blocks.squares += other.blocks.squares;
        self.groups.iter_mut().zip(&other.groups).for_each(|(a, b)| a.merge(b));
    }
}

impl GroupTally {
    fn merge(&mut self, other: &Self) {
        self.covered.merge(&other.covered);
        self.exact += other.exact;
        self.error.0 += other.error.0;
        self.square.0 += other.square.0;
        self.minutes.0 += other.minutes.0;
        self.answers += other.answers;
        self.out_of_time += other.out_of_time;
        for (ours, theirs) in self.by_level.iter_mut().zip(&other.by_level) {
            ours.0 += theirs.0;
            ours.1.0 += theirs.1.0;
        }
    }
}

#[inline]
pub(crate) fn level_bin(level: f64) -> usize {
    // The cast stops at 0.
    (((level + LEVEL_REACH) / LEVEL_WIDTH) as usize).min(LEVELS - 1)
}
