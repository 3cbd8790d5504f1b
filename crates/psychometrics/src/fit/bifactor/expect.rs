//! The E-step by dimension reduction: the sum over each factor's own level is done inside the sum over the general one
//! (R. D. Gibbons and D. R. Hedeker 1992; L. Cai 2010).

use super::grid::Grid;
use super::parallel::run;
use super::patterns::{Block, NO_PATTERN};
use crate::math::ln;

/// Pieces into which the patterns of a block are cut at most. Fixed, so that sums do not depend on the number of threads.
const PIECES: usize = 16;
/// Patterns of a piece at least, so that sharing of beginnings pays.
const LEAST: usize = 64;
/// A product below this is brought up again.
const SMALL: f64 = 1e-60;

/// What the E-step finds.
pub(super) struct Expectation {
    pub log_likelihood: f64,
    /// For each block the expected numbers: category by category of its items, over the pairs of levels (or over the
    /// general levels where the block has no factor).
    pub counts: Vec<Vec<f64>>,
}

/// Chances of the categories of a block's items, category by category, over the points of the block.
pub(super) type Table = Vec<f64>;

/// Points of a block.
pub(super) fn width(grid: &Grid, block: &Block) -> usize {
    grid.general.len() * if block.factor.is_some() { grid.own.len() } else { 1 }
}

/// One E-step. `weights` are those of the people; `threads` do not change a bit.
pub(super) fn expect(grid: &Grid, blocks: &[Block], tables: &[Table], weights: &[f64], threads: usize) -> Expectation {
    let sums: Vec<Sums> =
        blocks.iter().zip(tables).map(|(block, table)| integrate(grid, block, table, threads)).collect();
    let tables: Vec<&Table> = tables.iter().collect();
    complete(grid, blocks, &tables, &sums.iter().collect::<Vec<_>>(), weights, threads)
}

/// Where the pieces of a block begin and end.
fn pieces(block: &Block) -> Vec<(usize, usize)> {
    let size = block.len().div_ceil(PIECES).max(LEAST);
    (0..block.len()).step_by(size).map(|from| (from, (from + size).min(block.len()))).collect()
}

/// The inner sums of one block.
pub(super) fn integrate(grid: &Grid, block: &Block, table: &Table, threads: usize) -> Sums {
    let pieces = pieces(block);
    let parts = run(threads, pieces.len(), |k| Walk::new(grid, block, table).integrate(pieces[k].0, pieces[k].1));
    let mut sums = Sums::default();
    for part in parts {
        sums.values.extend(part.values);
        sums.logs.extend(part.logs);
    }
    sums
}

/// What is left of the E-step when the inner sums stand.
fn complete(
    grid: &Grid,
    blocks: &[Block],
    tables: &[&Table],
    sums: &[&Sums],
    weights: &[f64],
    threads: usize,
) -> Expectation {
    let (log_likelihood, ratios) = over_people(grid, blocks, sums, weights);
    let parts = blocks.iter().zip(tables).zip(&ratios);
    let counts = parts.map(|((block, table), ratios)| count(grid, block, table, ratios, threads)).collect();
    Expectation { log_likelihood, counts }
}

/// Expected numbers of one block.
pub(super) fn count(grid: &Grid, block: &Block, table: &Table, ratios: &[f64], threads: usize) -> Vec<f64> {
    let pieces = pieces(block);
    let parts = run(threads, pieces.len(), |k| Walk::new(grid, block, table).count(pieces[k].0, pieces[k].1, ratios));
    let mut counts = vec![0.0; block.categories * width(grid, block)];
    for part in parts {
        counts.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
    }
    counts
}

/// For each pattern the chance of its answers at each general level, up to a factor.
#[derive(Default)]
pub(super) struct Sums {
    values: Vec<f64>,
    /// Logarithm of the factor.
    logs: Vec<f64>,
}

/// The outer sum: the log-likelihood, and for each block and pattern the people's posterior weight over the pattern's own
/// chance, at each general level.
pub(super) fn over_people(grid: &Grid, blocks: &[Block], sums: &[&Sums], weights: &[f64]) -> (f64, Vec<Vec<f64>>) {
    let levels = grid.general.len();
    let mut ratios: Vec<Vec<f64>> = blocks.iter().map(|block| vec![0.0; block.len() * levels]).collect();
    let mut log_likelihood = 0.0;
    let mut joint = vec![0.0; levels];
    for (person, &weight) in weights.iter().enumerate() {
        joint.copy_from_slice(&grid.general_weights);
        let mut log = 0.0;
        let own = || blocks.iter().enumerate().map(|(b, block)| (b, block.pattern_of[person]));
        for (b, pattern) in own().filter(|(_, pattern)| *pattern != NO_PATTERN) {
            let start = pattern as usize * levels;
            joint.iter_mut().zip(&sums[b].values[start..start + levels]).for_each(|(sum, value)| *sum *= value);
            log += sums[b].logs[pattern as usize];
        }
        let total: f64 = joint.iter().sum();
        if total.is_nan() || total <= 0.0 {
            log_likelihood = f64::NEG_INFINITY;
            continue;
        }
        log_likelihood += weight * (ln(total) + log);
        for (b, pattern) in own().filter(|(_, pattern)| *pattern != NO_PATTERN) {
            let start = pattern as usize * levels;
            let values = &sums[b].values[start..start + levels];
            for ((ratio, value), joint) in ratios[b][start..start + levels].iter_mut().zip(values).zip(&joint) {
                if *value > 0.0 {
                    *ratio += weight * joint / (total * value);
                }
            }
        }
    }
    (log_likelihood, ratios)
}

/// Goes through sorted patterns, keeping the products of their beginnings.
pub(super) struct Walk<'a> {
    block: &'a Block,
    table: &'a [f64],
    width: usize,
    levels: usize,
    /// Products of the first 0, 1, 2, … answers; the first is the prior of the own level.
    products: Vec<Vec<f64>>,
    /// Logarithms of what was divided out of them.
    logs: Vec<f64>,
}

impl<'a> Walk<'a> {
    pub fn new(grid: &Grid, block: &'a Block, table: &'a [f64]) -> Self {
        let levels = grid.general.len();
        let start = match block.factor {
            Some(_) => (0..levels).flat_map(|_| grid.own_weights.iter().copied()).collect(),
            None => vec![1.0; levels],
        };
        Self { block, table, width: width(grid, block), levels, products: vec![start], logs: vec![0.0] }
    }

    /// Answers that two neighbouring patterns have in common at their beginnings.
    fn common(&self, index: usize, from: usize) -> usize {
        if index == from {
            return 0;
        }
        let pair = self.block.pattern(index - 1).iter().zip(self.block.pattern(index));
        pair.take_while(|(a, b)| a == b).count()
    }

    /// Brings the products to this pattern, of which the first `common` answers stand already.
    fn go_to(&mut self, index: usize, common: usize) {
        for (depth, &code) in self.block.pattern(index).iter().enumerate().skip(common) {
            if self.products.len() < depth + 2 {
                self.products.push(vec![0.0; self.width]);
                self.logs.push(0.0);
            }
            let (before, after) = self.products.split_at_mut(depth + 1);
            let chances = &self.table[code as usize * self.width..(code as usize + 1) * self.width];
            let product = &mut after[0];
            for ((place, value), chance) in product.iter_mut().zip(&before[depth]).zip(chances) {
                *place = value * chance;
            }
            self.logs[depth + 1] = self.logs[depth];
            if depth % 8 == 7 {
                let largest = product.iter().copied().fold(0.0, f64::max);
                if largest < SMALL && largest > 0.0 {
                    product.iter_mut().for_each(|value| *value /= largest);
                    self.logs[depth + 1] += ln(largest);
                }
            }
        }
    }

    /// Sums over the own level.
    fn integrate(mut self, from: usize, to: usize) -> Sums {
        let mut sums =
            Sums { values: Vec::with_capacity((to - from) * self.levels), logs: Vec::with_capacity(to - from) };
        for index in from..to {
            let common = self.common(index, from);
            self.go_to(index, common);
            let depth = self.block.pattern(index).len();
            let start = sums.values.len();
            sums.values
                .extend(self.products[depth].chunks(self.width / self.levels).map(|row| row.iter().sum::<f64>()));
            let largest = sums.values[start..].iter().copied().fold(0.0, f64::max);
            if largest > 0.0 {
                sums.values[start..].iter_mut().for_each(|value| *value /= largest);
            }
            sums.logs.push(self.logs[depth] + ln(largest));
        }
        sums
    }

    /// Shows each pattern's chance over the points, in the scale of the sums.
    pub fn visit(mut self, from: usize, to: usize, mut see: impl FnMut(usize, &[f64])) {
        let mut scaled = vec![0.0; self.width];
        for index in from..to {
            let common = self.common(index, from);
            self.go_to(index, common);
            let depth = self.block.pattern(index).len();
            let scale = self.scale(depth);
            scaled.iter_mut().zip(&self.products[depth]).for_each(|(place, value)| *place = scale * value);
            see(index, &scaled);
        }
    }

    /// What brings the largest sum over the own level to 1; 0 when all are nought.
    fn scale(&self, depth: usize) -> f64 {
        let rows = self.products[depth].chunks(self.width / self.levels);
        let largest = rows.map(|row| row.iter().sum::<f64>()).fold(0.0, f64::max);
        if largest > 0.0 { 1.0 / largest } else { 0.0 }
    }

    /// Expected numbers. The posterior weight of a pattern is added to the last answer; when the walk leaves an answer, all
    /// that came together there is added to its count and handed to the answer before it.
    fn count(mut self, from: usize, to: usize, ratios: &[f64]) -> Vec<f64> {
        let mut counts = vec![0.0; self.block.categories * self.width];
        let mut masses: Vec<Vec<f64>> = vec![vec![0.0; self.width]];
        for index in from..to {
            let common = self.common(index, from);
            if index > from {
                self.leave(index - 1, common, &mut masses, &mut counts);
            }
            self.go_to(index, common);
            let depth = self.block.pattern(index).len();
            while masses.len() <= depth {
                masses.push(vec![0.0; self.width]);
            }
            self.add_leaf(depth, &ratios[index * self.levels..(index + 1) * self.levels], &mut masses[depth]);
        }
        self.leave(to - 1, 0, &mut masses, &mut counts);
        counts
    }

    /// The ratios were made for sums whose largest was 1; so are the products here.
    fn add_leaf(&self, depth: usize, ratios: &[f64], mass: &mut [f64]) {
        let own = self.width / self.levels;
        let scale = self.scale(depth);
        for ((mass, product), ratio) in mass.chunks_mut(own).zip(self.products[depth].chunks(own)).zip(ratios) {
            let share = ratio * scale;
            mass.iter_mut().zip(product).for_each(|(sum, value)| *sum += share * value);
        }
    }

    fn leave(&self, index: usize, common: usize, masses: &mut [Vec<f64>], counts: &mut [f64]) {
        for (depth, &code) in self.block.pattern(index).iter().enumerate().skip(common).rev() {
            let (before, after) = masses.split_at_mut(depth + 1);
            let count = &mut counts[code as usize * self.width..(code as usize + 1) * self.width];
            for ((mass, count), before) in after[0].iter_mut().zip(count).zip(&mut before[depth]) {
                *count += *mass;
                *before += *mass;
                *mass = 0.0;
            }
        }
    }
}
