//! Proportional odds: logistic regression of ordered categories, and of two, by Newton's method.
//!
//! P(at least k) = 1 / (1 + e^−(αₖ + x β)) with falling α (P. McCullagh 1980). The log-likelihood is concave (J. W. Pratt
//! 1981), so that Newton's steps, halved when they overshoot, find its maximum where there is one.

use super::report::Undetermined;
use crate::math::{Matrix, exp, ln, logistic, logit};

/// People of equal predictors.
pub(super) struct Cell {
    /// Predictors, as many as are used, scaled to a size of about 1.
    pub x: [f64; 3],
    /// Weighted number of people in each category; every category has somebody in some cell.
    pub counts: Vec<f64>,
}

/// A fitted regression.
pub(super) struct Fitted {
    pub log_likelihood: f64,
    /// Coefficients of the predictors.
    pub beta: Vec<f64>,
    /// Their covariance.
    pub covariance: Matrix,
}

/// Steps at most.
const ITERATIONS: usize = 60;
/// A coefficient this large, for a predictor of size 1, is on its way to infinity.
const RUNAWAY: f64 = 15.0;

/// Fits with the first `used` predictors.
pub(super) fn fit(cells: &[Cell], used: usize) -> Result<Fitted, Undetermined> {
    let thresholds = cells[0].counts.len() - 1;
    let mut at = start(cells, used);
    let mut value = log_likelihood(cells, thresholds, &at).ok_or(Undetermined::Separated)?;
    for _ in 0..ITERATIONS {
        let (gradient, information) = derivatives(cells, thresholds, &at);
        let factor = information.cholesky().ok_or(Undetermined::Separated)?;
        let step = factor.solve(&gradient);
        // Twice what the step promises to gain.
        let decrement: f64 = step.iter().zip(&gradient).map(|(step, slope)| step * slope).sum();
        if at[thresholds..].iter().any(|beta| beta.abs() > RUNAWAY) {
            return Err(Undetermined::Separated);
        }
        if decrement < 1e-13 * (1.0 + value.abs()) {
            let inverse = factor.inverse();
            let mut covariance = Matrix::zeros(used, used);
            for row in 0..used {
                covariance.row_mut(row).copy_from_slice(&inverse.row(thresholds + row)[thresholds..]);
            }
            return Ok(Fitted { log_likelihood: value, beta: at[thresholds..].to_vec(), covariance });
        }
        (at, value) = search(cells, thresholds, &at, &step, value).ok_or(Undetermined::NotConverged(ITERATIONS))?;
    }
    Err(Undetermined::NotConverged(ITERATIONS))
}

/// Log-likelihood of a regression without predictors.
pub(super) fn null_log_likelihood(cells: &[Cell]) -> f64 {
    let counts = totals(cells);
    let people: f64 = counts.iter().sum();
    counts.iter().filter(|count| **count > 0.0).map(|count| count * ln(count / people)).sum()
}

fn totals(cells: &[Cell]) -> Vec<f64> {
    let mut totals = vec![0.0; cells[0].counts.len()];
    for cell in cells {
        for (sum, count) in totals.iter_mut().zip(&cell.counts) {
            *sum += count;
        }
    }
    totals
}

/// Thresholds of the observed shares, and no effect of anything.
fn start(cells: &[Cell], used: usize) -> Vec<f64> {
    let counts = totals(cells);
    let people: f64 = counts.iter().sum();
    let mut above = people;
    let mut start = Vec::with_capacity(counts.len() - 1 + used);
    for count in &counts[..counts.len() - 1] {
        above -= count;
        start.push(logit(above / people));
    }
    start.resize(counts.len() - 1 + used, 0.0);
    start
}

/// The first half, quarter, … of the step that does not lose.
fn search(cells: &[Cell], thresholds: usize, at: &[f64], step: &[f64], value: f64) -> Option<(Vec<f64>, f64)> {
    let mut share = 1.0;
    for _ in 0..40 {
        let next: Vec<f64> = at.iter().zip(step).map(|(at, step)| at + share * step).collect();
        if let Some(reached) = log_likelihood(cells, thresholds, &next)
            && reached >= value - 1e-12 * value.abs()
        {
            return Some((next, reached));
        }
        share *= 0.5;
    }
    None
}

/// Where the probability of a category begins and ends: P = σ(from) − σ(to).
fn bounds(thresholds: usize, at: &[f64], cell: &Cell, category: usize) -> (f64, f64) {
    let linear: f64 = at[thresholds..].iter().zip(&cell.x).map(|(beta, x)| beta * x).sum();
    let from = if category == 0 { f64::INFINITY } else { at[category - 1] + linear };
    let to = if category == thresholds { f64::NEG_INFINITY } else { at[category] + linear };
    (from, to)
}

fn chance(from: f64, to: f64) -> f64 {
    match (from == f64::INFINITY, to == f64::NEG_INFINITY) {
        (true, _) => logistic(-to),
        (_, true) => logistic(from),
        _ => logistic(from) * logistic(-to) * (1.0 - exp(to - from)),
    }
}

fn log_likelihood(cells: &[Cell], thresholds: usize, at: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    for cell in cells {
        for (category, &count) in cell.counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            let (from, to) = bounds(thresholds, at, cell, category);
            let p = chance(from, to);
            if p.is_nan() || p <= 0.0 {
                return None;
            }
            sum += count * ln(p);
        }
    }
    Some(sum)
}

/// Gradient and observed information.
fn derivatives(cells: &[Cell], thresholds: usize, at: &[f64]) -> (Vec<f64>, Matrix) {
    let size = at.len();
    let mut gradient = vec![0.0; size];
    let mut information = Matrix::zeros(size, size);
    for cell in cells {
        for (category, &count) in cell.counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            let (from, to) = bounds(thresholds, at, cell, category);
            let p = chance(from, to);
            let density = |x: f64| if x.is_finite() { logistic(x) * logistic(-x) } else { 0.0 };
            let bend = |x: f64| if x.is_finite() { density(x) * (logistic(-x) - logistic(x)) } else { 0.0 };
            let slopes = [density(from) / p, -density(to) / p];
            let bends = [bend(from) / p - slopes[0] * slopes[0], -bend(to) / p - slopes[1] * slopes[1]];
            let mixed = -slopes[0] * slopes[1];
            let places = [category.checked_sub(1), (category < thresholds).then_some(category)];
            let curvature = [[bends[0], mixed], [mixed, bends[1]]];
            let directions = places.map(|place| direction(place, thresholds, size, cell));
            for (one, way) in directions.iter().enumerate() {
                for &(row, by) in way {
                    gradient[row] += count * slopes[one] * by;
                    for (other, across) in directions.iter().enumerate() {
                        for &(column, times) in across {
                            information[(row, column)] -= count * curvature[one][other] * by * times;
                        }
                    }
                }
            }
        }
    }
    (gradient, information)
}

/// How a bound moves with the parameters: by 1 with its threshold, by x with each coefficient.
fn direction(place: Option<usize>, thresholds: usize, size: usize, cell: &Cell) -> Vec<(usize, f64)> {
    let Some(place) = place else { return Vec::new() };
    std::iter::once((place, 1.0)).chain((thresholds..size).map(|k| (k, cell.x[k - thresholds]))).collect()
}
