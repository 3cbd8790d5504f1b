//! Scores of a block's parameters given the general level, for each pattern.
//!
//! When parameters of one block are moved, the others' patterns keep these; only how likely each general level is to a
//! person changes. So a score beside the estimates costs one block's E-step, and for the others a sum over general levels.

use super::expect::{Table, Walk, width};
use super::parallel::run;
use super::state::{Problem, State};
use crate::fit::curve::{SLOPE, SPECIFIC};
use crate::fit::maximise::SpecificSlope;

/// Numbers that are kept at most for one block (16 million are 128 MB).
const ROOM: usize = 16_000_000;

/// For each pattern and general level the scores of the block's free parameters, times the pattern's chance.
pub(super) struct Conditional {
    parameters: usize,
    values: Vec<f64>,
}

/// Derivatives of the log-chance of one category over the points: by z, and by the intercepts at its lower and upper edge.
#[derive(Clone)]
struct Slopes {
    by_z: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
}

/// Where a category's derivatives go.
#[derive(Clone, Copy)]
struct Home {
    item: usize,
    /// First of the item's parameters within the block.
    first: usize,
    category: usize,
    categories: usize,
}

impl Conditional {
    /// Nothing when there are so many patterns that it would take too much room.
    pub fn of(problem: &Problem, b: usize, state: &State, table: &Table) -> Option<Self> {
        let block = &problem.blocks[b];
        let levels = problem.grid.general.len();
        let (homes, own) = homes(problem, b, state);
        let parameters = own + usize::from(problem.testlet && block.factor.is_some());
        let row = levels * parameters;
        if block.len().saturating_mul(row) > ROOM {
            return None;
        }
        let slopes: Vec<Slopes> = homes.iter().map(|home| slopes(problem, b, home, table)).collect();
        let size = block.len().div_ceil(16).max(1);
        let pieces: Vec<usize> = (0..block.len()).step_by(size).collect();
        let parts = run(problem.threads, pieces.len(), |k| {
            let to = (pieces[k] + size).min(block.len());
            let mut values = vec![0.0; (to - pieces[k]) * row];
            Walk::new(&problem.grid, block, table).visit(pieces[k], to, |index, product| {
                let out = &mut values[(index - pieces[k]) * row..(index - pieces[k] + 1) * row];
                add_pattern(problem, b, state, (&homes, &slopes), block.pattern(index), product, out);
            });
            values
        });
        Some(Self { parameters, values: parts.concat() })
    }

    /// The block's scores for these posterior weights of patterns over their chances.
    pub fn scores(&self, ratios: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.parameters];
        for (ratio, row) in ratios.iter().zip(self.values.chunks(self.parameters)) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += ratio * value);
        }
        sums
    }
}

/// For each category of the block's table where its derivatives go, and the number of the items' free parameters.
fn homes(problem: &Problem, b: usize, state: &State) -> (Vec<Home>, usize) {
    let mut homes = Vec::new();
    let mut first = 0;
    for &item in &problem.blocks[b].items {
        let categories = problem.shapes[item].categories;
        homes.extend((0..categories).map(|category| Home { item, first, category, categories }));
        first += problem.model(item, state).free().len();
    }
    (homes, first)
}

fn slopes(problem: &Problem, b: usize, home: &Home, table: &Table) -> Slopes {
    let block = &problem.blocks[b];
    let width = width(&problem.grid, block);
    let place = block.items.binary_search(&home.item).unwrap_or(0);
    let chance = |category: usize, point: usize| table[(block.offsets[place] + category) * width + point];
    let mut slopes = Slopes { by_z: vec![0.0; width], low: vec![0.0; width], high: vec![0.0; width] };
    for point in 0..width {
        let above: f64 = (home.category + 1..home.categories).map(|category| chance(category, point)).sum();
        let own = chance(home.category, point);
        let reach = if home.category == 0 { 1.0 } else { above + own };
        slopes.by_z[point] = 1.0 - reach - above;
        if own > 0.0 {
            slopes.low[point] = reach * (1.0 - reach) / own;
            slopes.high[point] = -above * (1.0 - above) / own;
        }
    }
    slopes
}

/// Adds the scores of one pattern, whose chance over the points is `product`.
fn add_pattern(
    problem: &Problem,
    b: usize,
    state: &State,
    (homes, slopes): (&[Home], &[Slopes]),
    pattern: &[u32],
    product: &[f64],
    out: &mut [f64],
) {
    let (block, grid) = (&problem.blocks[b], &problem.grid);
    let levels = grid.general.len();
    let own = product.len() / levels;
    let parameters = out.len() / levels;
    for &code in pattern {
        let (home, slopes) = (&homes[code as usize], &slopes[code as usize]);
        let model = problem.model(home.item, state);
        let free = model.free();
        let at = |place: usize| free.iter().position(|&one| one == place).map(|k| home.first + k);
        let tie = if let SpecificSlope::Tied(sd) = model.specific { sd } else { 0.0 };
        let first = home.first + free.len() - (home.categories - 1);
        for (g, row) in out.chunks_mut(parameters).enumerate() {
            let (mut by_z, mut by_own, mut low, mut high) = (0.0, 0.0, 0.0, 0.0);
            for s in 0..own {
                let point = g * own + s;
                let weight = product[point];
                let part = weight * slopes.by_z[point];
                by_z += part;
                by_own += part * if block.factor.is_some() { grid.own[s] } else { 0.0 };
                low += weight * slopes.low[point];
                high += weight * slopes.high[point];
            }
            if let Some(k) = at(SLOPE) {
                row[k] += by_z * grid.general[g] + tie * by_own;
            }
            if let Some(k) = at(SPECIFIC) {
                row[k] += by_own;
            }
            if home.category > 0 {
                row[first + home.category - 1] += low;
            }
            if home.category + 1 < home.categories {
                row[first + home.category] += high;
            }
            if problem.testlet && block.factor.is_some() {
                row[parameters - 1] += state.rows[home.item][SLOPE] * by_own;
            }
        }
    }
}
