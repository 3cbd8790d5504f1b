//! The M-step of one item: the parameters that make its expected answers most likely.
//!
//! Counts of each category are given for each point (a level, and where the item has a factor of its own a level on that).
//! Steps follow Fisher's scoring; each is halved until the expected complete-data log-likelihood, with what is believed
//! of the item, has not fallen. So EM with any number of steps here never falls either.

use super::belief::Beliefs;
use super::curve::{Curvature, Derivatives, INTERCEPTS, SLOPE, SPECIFIC, Shape};
use super::edges::Edges;
use crate::item::Curve;
use crate::math::Matrix;

/// Beyond these a parameter runs away: at such slopes and intercepts an answer is certain on nearly all of the grid.
pub(crate) const LARGEST_SLOPE: f64 = 30.0;
/// See [`LARGEST_SLOPE`].
pub(crate) const LARGEST_INTERCEPT: f64 = 90.0;
/// The logit of the lower asymptote stays within minus and plus this: e⁻¹² is 6 in a million.
pub(crate) const LARGEST_LOGIT: f64 = 12.0;
/// No parameter moves further in one step.
const LONGEST_STEP: f64 = 2.0;
/// Halvings of a step before it is given up.
const HALVINGS: usize = 30;

/// What is estimated of the slope on a factor of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum SpecificSlope {
    /// There is no such factor, or its slope is known: it stays as it stands in the row.
    Fixed,
    /// Estimated.
    Free,
    /// The slope on the general level times this (a person-by-task effect of this standard deviation).
    Tied(f64),
}

/// An item as the M-step sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ItemModel {
    pub shape: Shape,
    /// Whether the slope is estimated.
    pub slope: bool,
    pub specific: SpecificSlope,
    /// Whether the lower asymptote is estimated.
    pub lower: bool,
    pub beliefs: Beliefs,
}

impl ItemModel {
    /// Places of the estimated parameters in the flat row, ascending.
    pub fn free(&self) -> Vec<usize> {
        let slope = self.slope.then_some(SLOPE);
        let specific = (self.specific == SpecificSlope::Free).then_some(SPECIFIC);
        let lower = self.lower.then_some(self.shape.lower());
        slope.into_iter().chain(specific).chain(INTERCEPTS..self.shape.lower()).chain(lower).collect()
    }

    /// Sets what follows from other parameters.
    pub fn settle(&self, row: &mut [f64]) {
        if let SpecificSlope::Tied(ratio) = self.specific {
            row[SPECIFIC] = ratio * row[SLOPE];
        }
    }
}

/// Where answers are expected: levels, and levels on the factor of its own where there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Points<'a> {
    pub general: &'a [f64],
    /// As many as `general`.
    pub specific: Option<&'a [f64]>,
}

impl Points<'_> {
    /// z at all points.
    pub fn z(&self, row: &[f64]) -> Vec<f64> {
        let general = self.general.iter().map(|u| row[SLOPE] * u);
        match self.specific {
            Some(specific) => general.zip(specific).map(|(z, v)| z + row[SPECIFIC] * v).collect(),
            None => general.collect(),
        }
    }
}

/// Expected complete-data log-likelihood of an item with its beliefs, and derivatives by all of its flat row.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub value: f64,
    pub gradient: Vec<f64>,
    /// Second derivatives with their sign turned.
    pub curvature: Matrix,
}

/// `counts` stand category by category: `counts[category * points + point]`, of any sum.
///
/// A tied slope's derivative by the general slope includes what it does through the specific one; the derivative by the
/// specific slope is given too, as if it were free (so the derivative by the tie is the slope times that).
pub(crate) fn expected(
    model: &ItemModel,
    points: &Points<'_>,
    counts: &[f64],
    row: &[f64],
    which: Curvature,
) -> Expected {
    let shape = model.shape;
    let number = points.general.len();
    let (length, inner) = (shape.len(), shape.intercepts() + 2);
    let mut sums = Expected { value: 0.0, gradient: vec![0.0; length], curvature: Matrix::zeros(length, length) };
    let tie = if let SpecificSlope::Tied(ratio) = model.specific { ratio } else { 0.0 };
    let mut at = Derivatives::new(shape, row);
    let z = points.z(row);
    let edges: Vec<Edges> = match shape.curve {
        Curve::PartialCredit => Vec::new(),
        _ => row[INTERCEPTS..shape.lower()].iter().map(|d| Edges::of(&z, *d)).collect(),
    };
    for point in 0..number {
        let total: f64 = (0..shape.categories).map(|category| counts[category * number + point]).sum();
        if total == 0.0 {
            continue;
        }
        let (u, v) = (points.general[point], points.specific.map_or(0.0, |specific| specific[point]));
        at.edges.iter_mut().zip(&edges).for_each(|(edge, edges)| *edge = edges.get(point));
        at.at_edges(row, z[point], |category| counts[category * number + point], which);
        sums.value += at.value;
        // How z changes with the two slopes.
        let by = [u + tie * v, v];
        for (place, by_place) in by.iter().enumerate() {
            sums.gradient[place] += by_place * at.gradient[0];
            for (other, by_other) in by.iter().enumerate() {
                sums.curvature[(place, other)] += by_place * by_other * at.curvature[0];
            }
            let row = sums.curvature.row_mut(place);
            for k in 1..inner {
                row[k + 1] += by_place * at.curvature[k];
            }
        }
        for k in 1..inner {
            sums.gradient[k + 1] += at.gradient[k];
            let row = sums.curvature.row_mut(k + 1);
            for (sum, value) in row[INTERCEPTS..].iter_mut().zip(&at.curvature[k * inner + 1..(k + 1) * inner]) {
                *sum += value;
            }
        }
    }
    for k in INTERCEPTS..length {
        for place in [SLOPE, SPECIFIC] {
            sums.curvature[(k, place)] = sums.curvature[(place, k)];
        }
    }
    if !model.beliefs.is_empty() {
        sums.value += model.beliefs.log_density(shape, row);
        model.beliefs.add(shape, row, which, &mut sums.gradient, &mut sums.curvature);
    }
    sums
}

/// Only the value of [`expected`]; −∞ for a row that describes no item or lies beyond the limits.
pub(crate) fn expected_value(model: &ItemModel, points: &Points<'_>, counts: &[f64], row: &[f64]) -> f64 {
    let shape = model.shape;
    if !shape.holds(row) || beyond_limits(model, row) {
        return f64::NEG_INFINITY;
    }
    let mut logs = vec![0.0; shape.categories * points.general.len()];
    shape.log_rows(row, &points.z(row), &mut logs);
    let sum = model.beliefs.log_density(shape, row) + dot(counts, &logs);
    if sum.is_nan() { f64::NEG_INFINITY } else { sum }
}

/// Σ a b, in lanes of fixed order.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (a, b) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.0.iter().zip(b.0) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a.1.iter().zip(b.1).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f64>() + rest
}

/// Whether an estimated parameter lies beyond what can be told from the answers.
pub(crate) fn beyond_limits(model: &ItemModel, row: &[f64]) -> bool {
    let lower = row[model.shape.lower()];
    (model.slope && row[SLOPE].abs() > LARGEST_SLOPE)
        || (model.specific != SpecificSlope::Fixed && row[SPECIFIC].abs() > LARGEST_SLOPE)
        || row[INTERCEPTS..model.shape.lower()].iter().any(|d| d.abs() > LARGEST_INTERCEPT)
        || (model.lower && lower.abs() > LARGEST_LOGIT)
}

/// Moves `row` uphill, at most `steps` times and until no parameter moves by more than `tolerance`. Gives the largest
/// move of the last step.
pub(crate) fn maximise(
    model: &ItemModel,
    points: &Points<'_>,
    counts: &[f64],
    row: &mut [f64],
    steps: usize,
    tolerance: f64,
) -> f64 {
    let free = model.free();
    let mut largest = 0.0;
    for _ in 0..steps {
        let sums = expected(model, points, counts, row, Curvature::Expected);
        let step = direction(&sums, &free);
        largest = uphill(model, points, counts, row, &free, &step, sums.value);
        if largest <= tolerance {
            break;
        }
    }
    largest
}

/// Curvature⁻¹ × gradient of the estimated parameters. Where the curvature is not positive definite (no answers), it is
/// made so by adding to its diagonal.
fn direction(sums: &Expected, free: &[usize]) -> Vec<f64> {
    let size = free.len();
    let gradient: Vec<f64> = free.iter().map(|&place| sums.gradient[place]).collect();
    let largest = free.iter().map(|&place| sums.curvature[(place, place)].abs()).fold(1e-12, f64::max);
    let mut ridge = 0.0;
    for _ in 0..40 {
        let mut matrix = Matrix::zeros(size, size);
        for (i, &place) in free.iter().enumerate() {
            for (j, &other) in free.iter().enumerate() {
                matrix[(i, j)] = sums.curvature[(place, other)];
            }
            matrix[(i, i)] += ridge;
        }
        if let Some(factor) = matrix.cholesky() {
            let step = factor.solve(&gradient);
            if step.iter().all(|value| value.is_finite()) {
                return step;
            }
        }
        ridge = if ridge == 0.0 { 1e-9 * largest } else { ridge * 10.0 };
    }
    vec![0.0; size]
}

/// Goes the step, or as much of it as does not fall. Gives the largest move of a parameter.
fn uphill(
    model: &ItemModel,
    points: &Points<'_>,
    counts: &[f64],
    row: &mut [f64],
    free: &[usize],
    step: &[f64],
    before: f64,
) -> f64 {
    let longest = step.iter().fold(0.0_f64, |longest, value| longest.max(value.abs()));
    if longest == 0.0 {
        return 0.0;
    }
    let mut share = (LONGEST_STEP / longest).min(1.0);
    // What rounding alone may take away near the top.
    let slack = before.abs() * 1e-13;
    let mut moved = row.to_vec();
    for _ in 0..HALVINGS {
        for (&place, value) in free.iter().zip(step) {
            moved[place] = row[place] + share * value;
        }
        model.settle(&mut moved);
        if expected_value(model, points, counts, &moved) >= before - slack {
            row.copy_from_slice(&moved);
            return share * longest;
        }
        share *= 0.5;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::super::plan::NormalPrior;
    use super::*;
    use crate::grid::{nodes, normal_weights};
    use crate::item::Curve;
    use crate::math::logit;

    fn models() -> Vec<(ItemModel, Vec<f64>)> {
        let model = |curve, categories, lower, beliefs| ItemModel {
            shape: Shape { curve, categories },
            slope: true,
            specific: SpecificSlope::Free,
            lower,
            beliefs,
        };
        let normal = |mean, sd| NormalPrior { mean, sd };
        let graded = Shape { curve: Curve::Graded, categories: 4 };
        let beliefs = Beliefs {
            ln_slope: Some(normal(0.2, 0.3)),
            difficulties: vec![
                Beliefs::difficulty(Curve::Graded, 1, normal(0.3, 0.5)),
                Beliefs::location(graded, normal(-0.3, 0.4)),
            ],
            logit_lower: None,
        };
        let step = Beliefs {
            difficulties: vec![Beliefs::difficulty(Curve::PartialCredit, 1, normal(0.3, 0.5))],
            ..Beliefs::default()
        };
        let guess = Beliefs { logit_lower: Some(normal(-1.4, 0.5)), ..Beliefs::default() };
        let none = f64::NEG_INFINITY;
        vec![
            (model(Curve::Dichotomous, 2, false, Beliefs::default()), vec![1.2, 0.4, -0.3, none]),
            (model(Curve::Dichotomous, 2, true, guess), vec![1.2, 0.4, -0.3, logit(0.2)]),
            (model(Curve::Graded, 4, false, beliefs), vec![1.5, 0.6, 1.1, 0.2, -0.9, none]),
            (model(Curve::PartialCredit, 3, false, step), vec![0.8, 0.3, 0.4, -0.2, none]),
        ]
    }

    /// Points with a second factor, and counts that no parameters fit exactly.
    fn design(model: &ItemModel, row: &[f64]) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let (mut general, mut specific, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (theta, weight) in nodes().iter().zip(normal_weights(0.0, 1.0)) {
            for (other, share) in [(-1.0, 0.3), (0.0, 0.4), (1.3, 0.3)] {
                general.push(*theta);
                specific.push(other);
                weights.push(weight * share);
            }
        }
        let categories = model.shape.categories;
        let (mut counts, mut logs) = (vec![0.0; categories * general.len()], vec![0.0; categories]);
        let points = Points { general: &general, specific: Some(&specific) };
        for (point, weight) in weights.iter().enumerate() {
            model.shape.log_probabilities(row, points.z(row)[point], &mut logs);
            for category in 0..categories {
                let tilt = 1.0 + 0.5 * ((point + 7 * category) as f64 * 0.7).sin();
                counts[category * general.len() + point] = 500.0 * weight * logs[category].exp() * tilt;
            }
        }
        (general, specific, counts)
    }

    #[test]
    fn derivatives_are_those_of_finite_differences() {
        for (model, row) in models() {
            let (general, specific, counts) = design(&model, &row);
            let points = Points { general: &general, specific: Some(&specific) };
            let exact = expected(&model, &points, &counts, &row, Curvature::Observed);
            assert!((exact.value - expected_value(&model, &points, &counts, &row)).abs() < 1e-9 * exact.value.abs());
            for place in model.free() {
                let h = 1e-5;
                let moved = |by: f64| {
                    let mut row = row.clone();
                    row[place] += by;
                    expected(&model, &points, &counts, &row, Curvature::Observed)
                };
                let (up, down) = (moved(h), moved(-h));
                let slope = (up.value - down.value) / (2.0 * h);
                assert!((slope - exact.gradient[place]).abs() < 1e-4 * (1.0 + slope.abs()), "{model:?} {place}");
                for other in model.free() {
                    let bend = -(up.gradient[other] - down.gradient[other]) / (2.0 * h);
                    let found = exact.curvature[(place, other)];
                    assert!(
                        (bend - found).abs() < 1e-5 * (1.0 + bend.abs()),
                        "{model:?} {place} {other} {bend} {found}"
                    );
                }
            }
        }
    }

    #[test]
    fn steps_never_fall_and_end_where_the_slope_is_nought() {
        for (model, mut row) in models() {
            let (general, specific, counts) = design(&model, &row);
            let points = Points { general: &general, specific: Some(&specific) };
            let mut before = expected_value(&model, &points, &counts, &row);
            for _ in 0..60 {
                let moved = maximise(&model, &points, &counts, &mut row, 1, 0.0);
                let now = expected_value(&model, &points, &counts, &row);
                assert!(now >= before - 1e-9 * before.abs(), "{model:?}: {before} {now}");
                before = now;
                if moved < 1e-10 {
                    break;
                }
            }
            let sums = expected(&model, &points, &counts, &row, Curvature::Expected);
            for place in model.free() {
                assert!(sums.gradient[place].abs() < 1e-4, "{model:?} {place} {}", sums.gradient[place]);
            }
        }
    }

    #[test]
    fn expected_counts_lead_back_to_the_parameters_also_when_slopes_are_tied() {
        for (mut model, row) in models() {
            model.beliefs = Beliefs::default();
            model.specific = SpecificSlope::Tied(0.5);
            let mut truth = row.clone();
            model.settle(&mut truth);
            let (general, specific, _) = design(&model, &row);
            let points = Points { general: &general, specific: Some(&specific) };
            let categories = model.shape.categories;
            let mut counts = vec![0.0; categories * general.len()];
            let mut logs = vec![0.0; categories];
            for point in 0..general.len() {
                model.shape.log_probabilities(&truth, points.z(&truth)[point], &mut logs);
                for category in 0..categories {
                    counts[category * general.len() + point] = 100.0 * logs[category].exp();
                }
            }
            let mut found = truth.clone();
            model.free().iter().for_each(|&place| found[place] *= 0.8);
            maximise(&model, &points, &counts, &mut found, 100, 1e-12);
            for (found, wanted) in found.iter().zip(&truth).filter(|(_, wanted)| wanted.is_finite()) {
                assert!((found - wanted).abs() < 1e-6, "{model:?} {found} {wanted}");
            }
        }
    }

    #[test]
    fn without_answers_the_beliefs_alone_decide() {
        let normal = |mean, sd| NormalPrior { mean, sd };
        let beliefs = Beliefs {
            ln_slope: Some(normal(0.3, 0.2)),
            difficulties: vec![Beliefs::difficulty(Curve::Dichotomous, 0, normal(0.7, 0.5))],
            logit_lower: Some(normal(-1.0, 0.5)),
        };
        let shape = Shape { curve: Curve::Dichotomous, categories: 2 };
        let model = ItemModel { shape, slope: true, specific: SpecificSlope::Fixed, lower: true, beliefs };
        let points = Points { general: &nodes(), specific: None };
        let mut row = vec![1.0, 0.0, 0.0, -2.0];
        maximise(&model, &points, &[0.0; 122], &mut row, 100, 1e-12);
        let slope = 0.3_f64.exp();
        for (found, wanted) in row.iter().zip([slope, 0.0, -0.7 * slope, -1.0]) {
            assert!((found - wanted).abs() < 1e-8, "{found} {wanted}");
        }
    }
}
