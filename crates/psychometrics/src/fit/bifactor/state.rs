//! Parameters of a bifactor or testlet model, and one step of EM.

use super::expect::{Expectation, Table, expect};
use super::grid::Grid;
use super::patterns::Block;
use crate::fit::belief::Beliefs;
use crate::fit::curve::{Curvature, INTERCEPTS, SLOPE, SPECIFIC, Shape};
use crate::fit::maximise::{ItemModel, Points, SpecificSlope, expected, expected_value, maximise};
use crate::item::Curve;
use crate::math::{Matrix, exp, ln};
use crate::responses::Responses;

/// Halvings of a factor's step before it is given up.
const HALVINGS: usize = 12;
/// Standard deviation of a factor at which a fit begins (testlet).
const FIRST_SD: f64 = 0.6;
/// Slope on a factor of its own at which a fit begins (bifactor).
const FIRST_OWN: f64 = 0.5;

/// All parameters.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    /// For each item its flat row.
    pub rows: Vec<Vec<f64>>,
    /// Standard deviations of the factors (testlet), otherwise empty.
    pub sds: Vec<f64>,
}

/// What does not change from step to step.
pub(super) struct Problem {
    pub grid: Grid,
    pub blocks: Vec<Block>,
    pub shapes: Vec<Shape>,
    pub factors: Vec<Option<usize>>,
    /// What is believed of each item.
    pub beliefs: Vec<Beliefs>,
    /// Whether slopes on a factor hang on the general ones.
    pub testlet: bool,
    pub weights: Vec<f64>,
    pub threads: usize,
}

impl Problem {
    /// One item as the M-step sees it.
    pub fn model(&self, item: usize, state: &State) -> ItemModel {
        let specific = match self.factors[item] {
            None => SpecificSlope::Fixed,
            Some(factor) if self.testlet => SpecificSlope::Tied(state.sds[factor]),
            Some(_) => SpecificSlope::Free,
        };
        let beliefs = self.beliefs[item].clone();
        ItemModel { shape: self.shapes[item], slope: true, specific, lower: false, beliefs }
    }

    /// Where a fit begins: slopes of 1 and intercepts from how many reached each category.
    pub fn start(&self, responses: &Responses) -> State {
        let count = self.factors.iter().flatten().max().map_or(0, |last| last + 1);
        let sds = if self.testlet { vec![FIRST_SD; count] } else { Vec::new() };
        let counts = responses.category_counts();
        let rows = (0..self.shapes.len()).map(|item| {
            let own = match self.factors[item] {
                Some(_) if self.testlet => FIRST_SD,
                Some(_) => FIRST_OWN,
                None => 0.0,
            };
            let mut row =
                vec![self.beliefs[item].ln_slope.map_or(1.0, |belief| exp(belief.mean).clamp(0.05, 5.0)), own];
            row.extend(first_intercepts(&counts[item], 1.0 + own * own));
            row.push(f64::NEG_INFINITY);
            row
        });
        State { rows: rows.collect(), sds }
    }

    /// Free parameters as one row: those of the items one after the other, then the factors' standard deviations.
    pub fn flat(&self, state: &State) -> Vec<f64> {
        let items = state.rows.iter().enumerate();
        let own = items.flat_map(|(item, row)| self.model(item, state).free().into_iter().map(|place| row[place]));
        own.chain(state.sds.iter().copied()).collect()
    }

    /// The state of a row as [`Problem::flat`] makes it; nothing when it describes no items.
    pub fn unflat(&self, flat: &[f64], like: &State) -> Option<State> {
        let mut state = like.clone();
        let first_sd = flat.len() - state.sds.len();
        state.sds.copy_from_slice(&flat[first_sd..]);
        let mut values = flat.iter();
        for item in 0..state.rows.len() {
            let model = self.model(item, &state);
            let row = &mut state.rows[item];
            for (place, value) in model.free().into_iter().zip(&mut values) {
                row[place] = *value;
            }
            model.settle(row);
            let slope = model.beliefs.ln_slope.is_none() || row[SLOPE] > 0.0;
            if !slope || !self.shapes[item].holds(row) || crate::fit::maximise::beyond_limits(&model, row) {
                return None;
            }
        }
        Some(state)
    }

    fn points(&self, block: &Block) -> Points<'_> {
        match block.factor {
            Some(_) => Points { general: &self.grid.pair_general, specific: Some(&self.grid.pair_own) },
            None => Points { general: &self.grid.general, specific: None },
        }
    }

    /// Chances of all categories of a block's items.
    pub fn table(&self, block: &Block, state: &State) -> Table {
        let mut table = vec![0.0; block.categories * self.points(block).general.len()];
        for place in 0..block.items.len() {
            self.fill(block, place, state, &mut table);
        }
        table
    }

    /// Those of one item.
    pub fn fill(&self, block: &Block, place: usize, state: &State, table: &mut [f64]) {
        let points = self.points(block);
        let width = points.general.len();
        let (item, offset) = (block.items[place], block.offsets[place]);
        let (shape, row) = (self.shapes[item], &state.rows[item]);
        let mut logs = vec![0.0; shape.categories];
        for point in 0..width {
            let own = points.specific.map_or(0.0, |specific| specific[point]);
            shape.log_probabilities(row, row[SLOPE] * points.general[point] + row[SPECIFIC] * own, &mut logs);
            for (category, log) in logs.iter().enumerate() {
                table[(offset + category) * width + point] = exp(*log);
            }
        }
    }

    /// The E-step.
    pub fn expect(&self, state: &State) -> Expectation {
        let tables: Vec<Table> = self.blocks.iter().map(|block| self.table(block, state)).collect();
        expect(&self.grid, &self.blocks, &tables, &self.weights, self.threads)
    }

    /// Expected numbers of one item's answers.
    fn item_counts<'a>(&self, block: &Block, counts: &'a [f64], place: usize) -> &'a [f64] {
        let width = self.points(block).general.len();
        let (from, categories) = (block.offsets[place], self.shapes[block.items[place]].categories);
        &counts[from * width..(from + categories) * width]
    }

    /// The M-step: one step of scoring for each item, then one for each factor's standard deviation.
    pub fn maximise(&self, expectation: &Expectation, state: &mut State) {
        for (block, counts) in self.blocks.iter().zip(&expectation.counts) {
            let points = self.points(block);
            let moved = super::parallel::run(self.threads, block.items.len(), |place| {
                let item = block.items[place];
                let mut row = state.rows[item].clone();
                let counts = self.item_counts(block, counts, place);
                maximise(&self.model(item, state), &points, counts, &mut row, 1, 0.0);
                row
            });
            block.items.iter().zip(moved).for_each(|(&item, row)| state.rows[item] = row);
            if let (true, Some(factor)) = (self.testlet, block.factor) {
                self.maximise_sd(block, counts, factor, state);
            }
        }
    }

    fn maximise_sd(&self, block: &Block, counts: &[f64], factor: usize, state: &mut State) {
        let (mut gradient, mut curvature) = (0.0, 0.0);
        for (place, &item) in block.items.iter().enumerate() {
            let slope = state.rows[item][SLOPE];
            let counts = self.item_counts(block, counts, place);
            let model = self.model(item, state);
            let sums = expected(&model, &self.points(block), counts, &state.rows[item], Curvature::Expected);
            gradient += slope * sums.gradient[SPECIFIC];
            curvature += slope * slope * sums.curvature[(SPECIFIC, SPECIFIC)];
        }
        if curvature <= 0.0 {
            return;
        }
        let value = |state: &State| -> f64 {
            let items = block.items.iter().enumerate();
            items
                .map(|(place, &item)| {
                    let counts = self.item_counts(block, counts, place);
                    expected_value(&self.model(item, state), &self.points(block), counts, &state.rows[item])
                })
                .sum()
        };
        let before = value(state);
        let mut step = gradient / curvature;
        for _ in 0..HALVINGS {
            let moved = self.with_sd(block, factor, state.sds[factor] + step, state);
            if value(&moved) >= before - before.abs() * 1e-13 {
                *state = moved;
                return;
            }
            step *= 0.5;
        }
    }

    /// The same with another standard deviation of one factor.
    fn with_sd(&self, block: &Block, factor: usize, sd: f64, state: &State) -> State {
        let mut moved = state.clone();
        moved.sds[factor] = sd;
        for &item in &block.items {
            self.model(item, &moved).settle(&mut moved.rows[item]);
        }
        moved
    }

    /// Derivatives of the log-likelihood by the free parameters of one block, which are those of the expected complete-data
    /// log-likelihood at the same parameters (R. A. Fisher's identity): those of its items one after the other, then its
    /// factor's standard deviation. `table` is that of the state, `counts` what the E-step made of it.
    pub fn score(&self, block: &Block, state: &State, table: &Table, counts: &[f64]) -> Vec<f64> {
        let mut score = Vec::new();
        let mut of_sd = 0.0;
        for (place, &item) in block.items.iter().enumerate() {
            let gradient = self.gradient(block, place, counts, table, state);
            score.extend(self.model(item, state).free().into_iter().map(|place| gradient[place]));
            of_sd += state.rows[item][SLOPE] * gradient[SPECIFIC];
        }
        if self.testlet && block.factor.is_some() {
            score.push(of_sd);
        }
        score
    }

    /// Where each block's parameters stand in a row as [`Problem::flat`] makes it, in the order of [`Problem::score`].
    pub fn places(&self, state: &State) -> Vec<Vec<usize>> {
        let mut begins = Vec::with_capacity(state.rows.len());
        let mut next = 0;
        for item in 0..state.rows.len() {
            let count = self.model(item, state).free().len();
            begins.push(next..next + count);
            next += count;
        }
        let of = |block: &Block| {
            let sd = block.factor.filter(|_| self.testlet).map(|factor| next + factor);
            block.items.iter().flat_map(|&item| begins[item].clone()).chain(sd).collect()
        };
        self.blocks.iter().map(of).collect()
    }

    /// Derivatives of one item's expected complete-data log-likelihood, without beliefs. The table holds all chances
    /// already, so nothing dear is left to do.
    fn gradient(&self, block: &Block, place: usize, counts: &[f64], table: &[f64], state: &State) -> Vec<f64> {
        let item = block.items[place];
        let (points, model) = (self.points(block), self.model(item, state));
        let counts = self.item_counts(block, counts, place);
        let chances = self.item_counts(block, table, place);
        let (width, last) = (points.general.len(), self.shapes[item].intercepts());
        let tie = if let SpecificSlope::Tied(sd) = model.specific { sd } else { 0.0 };
        let mut gradient = vec![0.0; self.shapes[item].len()];
        for point in 0..width {
            // Chances to reach category c and the next one; the derivative of ln P(c) by z is what both lack of 1.
            let (mut reach, mut by_z) = (1.0, 0.0);
            let mut below = 0.0;
            for c in 0..=last {
                let (count, chance) = (counts[c * width + point], chances[c * width + point]);
                let next = if c == last { 0.0 } else { (reach - chance).max(0.0) };
                by_z += count * (1.0 - reach - next);
                let ratio = if chance > 0.0 { count / chance } else { 0.0 };
                if c > 0 {
                    gradient[INTERCEPTS + c - 1] += reach * (1.0 - reach) * (ratio - below);
                }
                below = ratio;
                reach = next;
            }
            let own = points.specific.map_or(0.0, |specific| specific[point]);
            gradient[SLOPE] += by_z * (points.general[point] + tie * own);
            gradient[SPECIFIC] += by_z * own;
        }
        gradient
    }

    /// Derivatives of the beliefs' log-density by all free parameters.
    pub fn prior_score(&self, state: &State) -> Vec<f64> {
        let own = (0..state.rows.len()).flat_map(|item| {
            let (model, row) = (self.model(item, state), &state.rows[item]);
            let mut gradient = vec![0.0; row.len()];
            let mut unused = Matrix::zeros(row.len(), row.len());
            model.beliefs.add(self.shapes[item], row, Curvature::Expected, &mut gradient, &mut unused);
            model.free().into_iter().map(move |place| gradient[place])
        });
        own.chain(state.sds.iter().map(|_| 0.0)).collect()
    }

    /// Log-density of what is believed, at a state; 0 without beliefs.
    pub fn log_prior(&self, state: &State) -> f64 {
        let items = self.beliefs.iter().zip(&self.shapes).zip(&state.rows);
        items.map(|((beliefs, shape), row)| beliefs.log_density(*shape, row)).sum()
    }

    /// Turns factors round whose slopes are negative on the whole: the likelihood does not tell the two signs apart.
    pub fn turn(&self, state: &mut State) {
        for sd in &mut state.sds {
            *sd = sd.abs();
        }
        for block in self.blocks.iter().filter(|block| block.factor.is_some()) {
            let sum: f64 = block.items.iter().map(|&item| state.rows[item][SPECIFIC]).sum();
            if !self.testlet && sum < 0.0 {
                block.items.iter().for_each(|&item| state.rows[item][SPECIFIC] *= -1.0);
            }
        }
        for item in 0..state.rows.len() {
            self.model(item, state).settle(&mut state.rows[item]);
        }
    }
}

/// Logits of reaching each category, stretched by what the levels spread.
fn first_intercepts(counts: &[f64], variance: f64) -> Vec<f64> {
    let total: f64 = counts.iter().sum();
    // √(1 + π²/… · variance): the logistic curve averaged over a normal level is flatter by about this.
    let stretch = (1.0 + 0.346 * variance).sqrt();
    let mut above = total;
    counts[..counts.len() - 1]
        .iter()
        .map(|count| {
            above -= count;
            let share = (above + 0.5) / (total + 1.0);
            stretch * (ln(share) - ln(1.0 - share))
        })
        .collect()
}

/// The shape of an item of so many categories.
pub(super) fn shape(categories: usize) -> Shape {
    let curve = if categories == 2 { Curve::Dichotomous } else { Curve::Graded };
    Shape { curve, categories }
}

/// Number of estimated parameters of an item's flat row beside the specific slope.
pub(super) fn intercepts_of(row: &[f64]) -> &[f64] {
    &row[INTERCEPTS..row.len() - 1]
}
