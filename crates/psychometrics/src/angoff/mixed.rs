//! The mixed model of ratings, by EM for restricted maximum likelihood.
//!
//! Henderson's equations, with the interaction of rater and item integrated out inside each block and the items
//! eliminated one by one, so that what is solved has the size of levels, raters, and raters by levels.

use super::Spread;
use crate::math::{Matrix, exp, ln};
use std::collections::BTreeMap;

/// One rating.
#[derive(Clone, Copy)]
pub(super) struct Observation {
    pub rater: usize,
    pub item: usize,
    pub level: usize,
    pub logit: f64,
}

/// How many there are.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub raters: usize,
    pub items: usize,
    pub levels: usize,
}

impl Sizes {
    /// Whether there is more than one level, so that interactions can be told from the rest.
    fn interactions(self) -> bool {
        self.levels > 1
    }

    /// Levels, raters, and raters by levels.
    fn small(self) -> usize {
        self.levels + self.raters + if self.interactions() { self.raters * self.levels } else { 0 }
    }

    fn rater(self, rater: usize) -> usize {
        self.levels + rater
    }

    fn rater_at(self, rater: usize, level: usize) -> usize {
        self.levels + self.raters + rater * self.levels + level
    }

    /// The places of an observation's effects, other than its item.
    fn places(self, rater: usize, level: usize) -> Places {
        let last = if self.interactions() { self.rater_at(rater, level) } else { 0 };
        Places { all: [level, self.rater(rater), last], count: if self.interactions() { 3 } else { 2 } }
    }
}

/// Two or three places, without a heap: they are asked for in the innermost loop.
#[derive(Clone, Copy)]
struct Places {
    all: [usize; 3],
    count: usize,
}

impl Places {
    fn each(&self) -> &[usize] {
        &self.all[..self.count]
    }

    fn sum(&self, values: &[f64]) -> f64 {
        self.each().iter().map(|&place| values[place]).sum()
    }
}

/// Variances.
#[derive(Clone, Copy, PartialEq)]
struct Variances {
    items: f64,
    raters: f64,
    by_level: f64,
    by_item: f64,
    rest: f64,
}

impl Variances {
    fn all(self) -> [f64; 5] {
        [self.items, self.raters, self.by_level, self.by_item, self.rest]
    }

    /// Whether a step of EM moved nothing that matters against the variance of all ratings.
    fn close(self, next: Self, whole: f64) -> bool {
        self.all().into_iter().zip(next.all()).all(|(old, new)| (old - new).abs() <= 1e-4 * new + 1e-6 * whole)
    }

    /// Goes on in the direction of two steps of EM, in logarithms (SQUAREM, R. Varadhan and C. Roland 2008).
    fn extrapolate(start: Self, once: Self, twice: Self) -> Self {
        let (start, once, twice) = (start.all(), once.all(), twice.all());
        let logs: [Option<[f64; 3]>; 5] =
            std::array::from_fn(|k| (twice[k] > 0.0).then(|| [ln(start[k]), ln(once[k]), ln(twice[k])]));
        let (mut steps, mut bends) = (0.0, 0.0);
        for [start, once, twice] in logs.iter().flatten() {
            steps += (once - start).powi(2);
            bends += (twice - 2.0 * once + start).powi(2);
        }
        let reach = (steps / bends.max(f64::MIN_POSITIVE)).sqrt().clamp(1.0, 8.0);
        let further = logs.map(|logs| {
            logs.map_or(0.0, |[start, once, twice]| {
                let (step, bend) = (once - start, twice - 2.0 * once + start);
                // Never far from where EM itself has come.
                exp((start + 2.0 * reach * step + reach * reach * bend).clamp(twice - 2.0, twice + 2.0)).max(FLOOR)
            })
        });
        let [items, raters, by_level, by_item, rest] = further;
        Self { items, raters, by_level, by_item, rest }
    }
}

/// No variance is smaller.
const FLOOR: f64 = 1e-9;

/// What was found.
pub(super) struct Mixed {
    sizes: Sizes,
    variances: Variances,
    /// Levels, raters, raters by levels.
    small: Vec<f64>,
    small_covariance: Matrix,
    /// β of each item, its variance, and its regression on the small effects.
    pub items: Vec<ItemEffect>,
}

/// An item's effect given the small ones: mean + along · (small − their estimates), with `variance` about it.
pub(super) struct ItemEffect {
    pub mean: f64,
    pub along: Vec<f64>,
    pub variance: f64,
}

impl Mixed {
    /// γ.
    pub fn levels(&self) -> &[f64] {
        &self.small[..self.sizes.levels]
    }

    /// Covariance of γ.
    pub fn level_covariance(&self) -> Matrix {
        let mut covariance = Matrix::zeros(self.sizes.levels, self.sizes.levels);
        for row in 0..self.sizes.levels {
            covariance.row_mut(row).copy_from_slice(&self.small_covariance.row(row)[..self.sizes.levels]);
        }
        covariance
    }

    /// Covariance of an item's effect with γ, and its variance.
    pub fn item_covariance(&self, item: usize) -> (Vec<f64>, f64) {
        let effect = &self.items[item];
        let across = self.small_covariance.times(&effect.along);
        let variance = effect.variance + dot(&across, &effect.along);
        (across[..self.sizes.levels].to_vec(), variance)
    }

    /// ρ.
    pub fn rater(&self, rater: usize) -> f64 {
        self.small[self.sizes.rater(rater)]
    }

    /// δ.
    pub fn rater_at(&self, rater: usize, level: usize) -> f64 {
        if self.sizes.interactions() { self.small[self.sizes.rater_at(rater, level)] } else { 0.0 }
    }

    pub fn spread(&self) -> Spread {
        let Variances { items, raters, by_level, by_item, rest } = self.variances;
        Spread {
            items: items.sqrt(),
            raters: raters.sqrt(),
            raters_by_level: by_level.sqrt(),
            raters_by_item: by_item.sqrt(),
            rest: rest.sqrt(),
        }
    }
}

/// Rounds of two steps of EM at most; variances near nought creep, and matter little where they are.
const ROUNDS: usize = 60;

/// Fits, or nothing when the equations have no solution.
pub(super) fn fit(observations: &[Observation], sizes: Sizes) -> Option<Mixed> {
    let blocks = blocks(observations);
    let mean = observations.iter().map(|one| one.logit).sum::<f64>() / observations.len() as f64;
    let whole = observations.iter().map(|one| (one.logit - mean).powi(2)).sum::<f64>() / observations.len() as f64;
    // Identical ratings leave nothing to divide; a thousandth of a logit is nobody's precision.
    let part = (whole / 5.0).max(1e-6);
    let interaction = if sizes.interactions() { part } else { 0.0 };
    let mut variances =
        Variances { items: part, raters: part, by_level: interaction, by_item: interaction, rest: part };
    let step = |at: Variances| -> Option<Variances> {
        Some(improve(&solve(&blocks, sizes, at)?, &blocks, observations.len()))
    };
    for _ in 0..ROUNDS {
        let once = step(variances)?;
        let twice = step(once)?;
        if once.close(twice, whole) {
            variances = twice;
            break;
        }
        variances = Variances::extrapolate(variances, once, twice);
    }
    solve(&blocks, sizes, variances)
}

/// The ratings of one rater of one item: levels and logits.
struct Block {
    rater: usize,
    item: usize,
    ratings: Vec<(usize, f64)>,
}

fn blocks(observations: &[Observation]) -> Vec<Block> {
    let mut blocks: BTreeMap<(usize, usize), Vec<(usize, f64)>> = BTreeMap::new();
    for one in observations {
        blocks.entry((one.item, one.rater)).or_default().push((one.level, one.logit));
    }
    blocks.into_iter().map(|((item, rater), ratings)| Block { rater, item, ratings }).collect()
}

/// Estimates and their covariance for given variances.
fn solve(blocks: &[Block], sizes: Sizes, variances: Variances) -> Option<Mixed> {
    let size = sizes.small();
    let mut left = Matrix::zeros(size, size);
    let mut right = vec![0.0; size];
    for rater in 0..sizes.raters {
        left[(sizes.rater(rater), sizes.rater(rater))] = 1.0 / variances.raters;
        if sizes.interactions() {
            for level in 0..sizes.levels {
                let place = sizes.rater_at(rater, level);
                left[(place, place)] = 1.0 / variances.by_level;
            }
        }
    }
    // For each item its own equation: weight, right side, and its row of the small effects.
    let mut own = vec![(1.0 / variances.items, 0.0, vec![0.0; size]); sizes.items];
    for block in blocks {
        add_block(block, sizes, variances, &mut left, &mut right, &mut own[block.item]);
    }
    for (weight, side, row) in &own {
        for (one, by) in row.iter().enumerate().filter(|(_, by)| **by != 0.0) {
            right[one] -= by * side / weight;
            // Cholesky's factor is made from the lower triangle alone.
            for (cell, other) in left.row_mut(one)[..=one].iter_mut().zip(row) {
                *cell -= by / weight * other;
            }
        }
    }
    let factor = left.cholesky()?;
    let small = factor.solve(&right);
    let effect = |(weight, side, row): (f64, f64, Vec<f64>)| ItemEffect {
        mean: (side - dot(&row, &small)) / weight,
        along: row.iter().map(|by| -by / weight).collect(),
        variance: 1.0 / weight,
    };
    let items = own.into_iter().map(effect).collect();
    Some(Mixed { sizes, variances, small_covariance: factor.inverse(), small, items })
}

/// Adds a block's part, with weights (I − q J)/σ² that come of integrating η out.
fn add_block(
    block: &Block,
    sizes: Sizes,
    variances: Variances,
    left: &mut Matrix,
    right: &mut [f64],
    own: &mut (f64, f64, Vec<f64>),
) {
    let count = block.ratings.len() as f64;
    let share = variances.by_item / (variances.rest + count * variances.by_item);
    let sum: f64 = block.ratings.iter().map(|(_, logit)| logit).sum();
    let each = (1.0 - share * count) / variances.rest;
    own.0 += count * each;
    own.1 += sum * each;
    for &(level, logit) in &block.ratings {
        let weighted = (logit - share * sum) / variances.rest;
        for &place in sizes.places(block.rater, level).each() {
            own.2[place] += each;
            right[place] += weighted;
            for &(other, _) in &block.ratings {
                let weight = (f64::from(u8::from(other == level)) - share) / variances.rest;
                for &across in sizes.places(block.rater, other).each() {
                    left[(place, across)] += weight;
                }
            }
        }
    }
}

/// One step of EM.
fn improve(mixed: &Mixed, blocks: &[Block], count: usize) -> Variances {
    let sizes = mixed.sizes;
    let old = mixed.variances;
    let square = |place: usize| mixed.small[place].powi(2) + mixed.small_covariance[(place, place)];
    let raters = (0..sizes.raters).map(|rater| square(sizes.rater(rater))).sum::<f64>() / sizes.raters as f64;
    let by_level = if sizes.interactions() {
        let first = sizes.rater_at(0, 0);
        (first..sizes.small()).map(square).sum::<f64>() / (sizes.raters * sizes.levels) as f64
    } else {
        0.0
    };
    let (mut items, mut by_item, mut rest) = (0.0, 0.0, 0.0);
    let mut before = None;
    let (mut across, mut item_variance) = (Vec::new(), 0.0);
    for block in blocks {
        if before != Some(block.item) {
            let effect = &mixed.items[block.item];
            across = mixed.small_covariance.times(&effect.along);
            item_variance = effect.variance + dot(&across, &effect.along);
            items += effect.mean.powi(2) + item_variance;
            before = Some(block.item);
        }
        let (sum, trace) = expected_squares(mixed, block, &across, item_variance);
        let n = block.ratings.len() as f64;
        let shrink = old.by_item / (old.rest + n * old.by_item);
        let left = shrink * old.rest;
        let eta = left + shrink * shrink * sum;
        by_item += eta;
        rest += trace - 2.0 * shrink * sum + n * eta;
    }
    Variances {
        items: (items / sizes.items as f64).max(FLOOR),
        raters: raters.max(FLOOR),
        by_level: if sizes.interactions() { by_level.max(FLOOR) } else { 0.0 },
        by_item: if sizes.interactions() { (by_item / blocks.len() as f64).max(FLOOR) } else { 0.0 },
        rest: (rest / count as f64).max(FLOOR),
    }
}

/// Expected square of the sum of a block's residuals, and expected sum of their squares, over what is uncertain of effects.
fn expected_squares(mixed: &Mixed, block: &Block, across: &[f64], item_variance: f64) -> (f64, f64) {
    let (mut sum, mut trace) = (0.0, 0.0);
    let sizes = mixed.sizes;
    let places: Vec<Places> = block.ratings.iter().map(|(level, _)| sizes.places(block.rater, *level)).collect();
    let residuals: Vec<f64> = block
        .ratings
        .iter()
        .zip(&places)
        .map(|((_, logit), places)| logit - places.sum(&mixed.small) - mixed.items[block.item].mean)
        .collect();
    for one in 0..places.len() {
        for other in 0..=one {
            let small: f64 =
                places[one].each().iter().map(|&row| places[other].sum(mixed.small_covariance.row(row))).sum();
            let covariance = small + places[one].sum(across) + places[other].sum(across) + item_variance;
            let square = residuals[one] * residuals[other] + covariance;
            if one == other {
                sum += square;
                trace += square;
            } else {
                sum += 2.0 * square;
            }
        }
    }
    (sum, trace)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
