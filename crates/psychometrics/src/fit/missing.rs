//! What of the information is missing because levels are not seen: for each person the covariance, over their posterior, of
//! the complete-data score (T. A. Louis 1982).
//!
//! A person's score is a smooth function of the level, so its covariance has few dimensions: its coefficients on
//! polynomials that are orthonormal under the person's posterior. The narrower the posterior, the fewer are needed.

use super::curve::{Curvature, Derivatives, INTERCEPTS, SLOPE};
use super::em::Problem;
use super::maximise::ItemModel;
use super::pack::Roll;
use super::population::LEAST_VARIANCE;
use super::setup::State;
use crate::grid::{NODES, normalise_logs};
use crate::responses::{Person, Responses};

/// Coefficients that are kept at most; unused ones are 0.
pub(crate) const RANK: usize = 16;
/// Nodes of less weight than this take no part.
const LEAST: f64 = 1e-10;

/// Where the parameters of items and groups stand among all estimated ones.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// For each item its first parameter, and their number; 0 of an item that is set aside.
    pub items: Vec<(usize, usize)>,
    /// For each group mean and variance, if they are estimated.
    pub groups: Vec<[Option<usize>; 2]>,
    pub total: usize,
}

impl Places {
    /// Of all items but those set aside (ascending), which are taken as known. A variance at its least is taken as known too.
    pub fn new(models: &[ItemModel], state: &State, aside: &[usize]) -> Self {
        let mut total = 0;
        let mut take = |count: usize| {
            total += count;
            total - count
        };
        let count = |(index, model): (usize, &ItemModel)| {
            if aside.binary_search(&index).is_ok() { 0 } else { model.free().len() }
        };
        let items = models.iter().enumerate().map(count).map(|count| (take(count), count)).collect();
        let groups = state.groups.iter();
        let groups = groups
            .map(|group| {
                let variance = group.variance_free && group.variance > 1.01 * LEAST_VARIANCE;
                [group.mean_free.then(|| take(1)), variance.then(|| take(1))]
            })
            .collect();
        Self { items, groups, total }
    }

    /// Blocks of the parameters: one an item, and one of all groups together.
    pub fn blocks(&self) -> Vec<(usize, usize)> {
        let end = self.items.last().map_or(0, |(first, count)| first + count);
        let groups = (end < self.total).then(|| (end, self.total - end));
        self.items.iter().copied().chain(groups).collect()
    }
}

/// One person's scores: the parameters that they touch, and coefficients of each.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    pub weight: f64,
    pub places: Vec<u32>,
    pub coefficients: Vec<[f64; RANK]>,
    /// How many coefficients are used.
    pub rank: usize,
}

/// Tables from which any person's scores are made.
pub(crate) struct ScoreTables<'a> {
    responses: &'a Responses,
    roll: &'a Roll,
    places: &'a Places,
    /// Logarithms of probabilities, for each row of the layout.
    logs: Vec<f64>,
    priors: Vec<[f64; NODES]>,
    /// First row of each item in `logs`.
    first: Vec<usize>,
    /// For each row of the layout where its derivatives begin in `slopes`, in rows of `NODES`, one a parameter.
    slope_rows: Vec<usize>,
    slopes: Vec<f64>,
    /// For each group: derivatives by mean and variance.
    groups: Vec<[[f64; NODES]; 2]>,
    levels: [f64; NODES],
}

impl<'a> ScoreTables<'a> {
    pub fn new(
        problem: &Problem<'_>,
        state: &State,
        responses: &'a Responses,
        roll: &'a Roll,
        places: &'a Places,
    ) -> Self {
        let logs = problem.logs(state);
        let (mut slope_rows, mut slopes, mut first) = (Vec::new(), Vec::new(), Vec::new());
        for ((model, row), rows) in problem.setup.items.iter().zip(&state.rows).zip(&problem.layout.items) {
            first.push(rows.first);
            for category in 0..=rows.categories {
                slope_rows.push(slopes.len());
                if category < rows.categories {
                    derivatives(model, row, category, &problem.nodes.levels, &mut slopes);
                }
            }
        }
        let groups = state.groups.iter().map(|group| {
            let (mean, variance) = (group.mean, group.variance);
            [
                problem.nodes.levels.map(|level| (level - mean) / variance),
                problem.nodes.levels.map(|level| ((level - mean).powi(2) - variance) / (2.0 * variance * variance)),
            ]
        });
        Self {
            responses,
            roll,
            places,
            groups: groups.collect(),
            logs: logs.rows,
            priors: logs.groups,
            first,
            slope_rows,
            slopes,
            levels: problem.nodes.levels,
        }
    }

    /// Number of people or patterns.
    pub fn people(&self) -> usize {
        self.roll.rows.len()
    }

    /// Parameters that one person touches, at most.
    pub fn widest(&self) -> usize {
        let touched = |person: Person<'_>| -> usize {
            person.answers.iter().map(|answer| self.places.items[answer.item as usize].1).sum()
        };
        self.roll.people(self.responses).map(touched).max().unwrap_or(0)
    }

    /// The scores of one person.
    pub fn scores(&self, index: usize, out: &mut Scores) {
        let person = self.responses.person(self.roll.rows[index] as usize);
        out.places.clear();
        out.coefficients.clear();
        out.weight = self.roll.weights[index];
        let mut posterior = self.priors[person.group];
        for answer in person.answers {
            let row = self.first[answer.item as usize] + usize::from(answer.category);
            posterior.iter_mut().zip(&self.logs[row * NODES..][..NODES]).for_each(|(sum, log)| *sum += log);
        }
        if normalise_logs(&mut posterior).is_none() {
            return;
        }
        let basis = Basis::new(&self.levels, &posterior);
        out.rank = basis.rank;
        for answer in person.answers {
            let row = self.first[answer.item as usize] + usize::from(answer.category);
            let (place, count) = self.places.items[answer.item as usize];
            for parameter in 0..count {
                let slopes = &self.slopes[self.slope_rows[row] + parameter * NODES..][..NODES];
                out.places.push((place + parameter) as u32);
                out.coefficients.push(basis.coefficients(slopes));
            }
        }
        for (place, slopes) in self.places.groups[person.group].iter().zip(&self.groups[person.group]) {
            if let Some(place) = place {
                out.places.push(*place as u32);
                out.coefficients.push(basis.coefficients(slopes));
            }
        }
    }
}

/// Derivatives of ln P(category) by the item's estimated parameters, one row of nodes each.
fn derivatives(model: &ItemModel, row: &[f64], category: usize, levels: &[f64; NODES], out: &mut Vec<f64>) {
    let free = model.free();
    let begin = out.len();
    out.resize(begin + free.len() * NODES, 0.0);
    let mut at = Derivatives::new(model.shape, row);
    for (node, level) in levels.iter().enumerate() {
        at.at(row, row[SLOPE] * level, |other| if other == category { 1.0 } else { 0.0 }, Curvature::Expected);
        for (parameter, &place) in free.iter().enumerate() {
            let value = if place == SLOPE { level * at.gradient[0] } else { at.gradient[place - INTERCEPTS + 1] };
            out[begin + parameter * NODES + node] = value;
        }
    }
}

/// Polynomials, orthonormal under a posterior and to the constant, each times the posterior, on the nodes that count.
struct Basis {
    low: usize,
    high: usize,
    rank: usize,
    weighted: [[f64; NODES]; RANK],
}

impl Basis {
    fn new(levels: &[f64; NODES], posterior: &[f64; NODES]) -> Self {
        let low = posterior.iter().position(|weight| *weight > LEAST).unwrap_or(0);
        let high = posterior.iter().rposition(|weight| *weight > LEAST).unwrap_or(0) + 1;
        let mean: f64 = levels.iter().zip(posterior).map(|(level, weight)| level * weight).sum();
        let variance: f64 = levels.iter().zip(posterior).map(|(level, w)| (level - mean).powi(2) * w).sum();
        // The coefficient of degree k falls like (slope × sd)ᵏ / √k!, so narrow posteriors need few.
        let enough = match variance {
            v if v < 0.0625 => 4,
            v if v < 0.16 => 8,
            _ => RANK,
        };
        let mut basis = Self { low, high, rank: 0, weighted: [[0.0; NODES]; RANK] };
        let (mut before, mut now) = ([0.0; NODES], [1.0; NODES]);
        let mut norm = 0.0;
        // The recurrence of three terms: x pₖ = βₖ₊₁ pₖ₊₁ + αₖ pₖ + βₖ pₖ₋₁.
        for degree in 0..enough.min(high - low - 1) {
            let inner = |f: &dyn Fn(usize) -> f64| (low..high).map(|q| posterior[q] * f(q)).sum::<f64>();
            let alpha = inner(&|q| (levels[q] - mean) * now[q] * now[q]);
            let mut next = [0.0; NODES];
            for q in low..high {
                next[q] = (levels[q] - mean - alpha) * now[q] - norm * before[q];
            }
            let square = inner(&|q| next[q] * next[q]);
            if square.is_nan() || square < 1e-24 {
                break;
            }
            norm = square.sqrt();
            next.iter_mut().for_each(|value| *value /= norm);
            for q in low..high {
                basis.weighted[degree][q] = posterior[q] * next[q];
            }
            basis.rank = degree + 1;
            (before, now) = (now, next);
        }
        basis
    }

    #[inline]
    fn coefficients(&self, values: &[f64]) -> [f64; RANK] {
        let mut out = [0.0; RANK];
        for (sum, weighted) in out[..self.rank].iter_mut().zip(&self.weighted) {
            let terms = weighted[self.low..self.high].iter().zip(&values[self.low..self.high]);
            *sum = terms.map(|(a, b)| a * b).sum();
        }
        out
    }
}
