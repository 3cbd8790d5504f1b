//! From logits to the population's scale: where is the origin, and how long is a logit?
//!
//! For a given slope everything is linear and normal; the slope is integrated over a grid of its logarithm.

use super::mixed::{Mixed, Sizes};
use super::{Anchored, AngoffOptions};
use crate::fit::NormalPrior;
use crate::math::{Matrix, beta_inc, exp, ln};

/// Cuts and difficulties.
pub(super) struct Scaled {
    pub cuts: Vec<f64>,
    pub cut_covariance: Matrix,
    pub difficulties: Vec<NormalPrior>,
    /// ln a.
    pub slope: NormalPrior,
}

/// Points of ln a on each side of the prior's mean, up to five standard deviations.
const HALF: i32 = 40;

/// Nothing when a covariance cannot be inverted.
pub(super) fn scale(mixed: &Mixed, sizes: Sizes, options: &AngoffOptions) -> Option<Scaled> {
    let panel = Levels::new(mixed, sizes)?;
    let mut parts = Vec::new();
    for k in -HALF..=HALF {
        let z = 5.0 * f64::from(k) / f64::from(HALF);
        let ln_slope = options.slope.mean + options.slope.sd * z;
        let mut part = panel.at(exp(ln_slope), options)?;
        part.weight -= 0.5 * z * z;
        parts.push((ln_slope, part));
    }
    let largest = parts.iter().map(|(_, part)| part.weight).fold(f64::NEG_INFINITY, f64::max);
    parts.iter_mut().for_each(|(_, part)| part.weight = exp(part.weight - largest));
    let whole: f64 = parts.iter().map(|(_, part)| part.weight).sum();
    parts.iter_mut().for_each(|(_, part)| part.weight /= whole);

    let slope_mean: f64 = parts.iter().map(|(ln_slope, part)| part.weight * ln_slope).sum();
    let slope_square: f64 = parts.iter().map(|(ln_slope, part)| part.weight * (ln_slope - slope_mean).powi(2)).sum();
    let (cuts, cut_covariance) = mix(&parts, sizes.levels);
    let difficulties = (0..sizes.items).map(|item| difficulty(&panel, mixed, &parts, item, options)).collect();
    let slope = NormalPrior { mean: slope_mean, sd: slope_square.sqrt() };
    Some(Scaled { cuts, cut_covariance, difficulties, slope })
}

/// The panel's levels, in logits, widened for how few raters there are.
struct Levels {
    mean: Vec<f64>,
    /// Inverse of their covariance.
    precision: Matrix,
    /// Regression of each item's effect on the levels, and its variance about it.
    items: Vec<(Vec<f64>, f64)>,
}

/// Origin and levels for one slope.
struct Part {
    /// Logarithm of how well anchors and panel agree; later the probability.
    weight: f64,
    slope: f64,
    /// Origin, then levels in logits.
    mean: Vec<f64>,
    covariance: Matrix,
}

impl Levels {
    fn new(mixed: &Mixed, sizes: Sizes) -> Option<Self> {
        let covariance = mixed.level_covariance();
        let inverse = covariance.cholesky()?.inverse();
        let items = (0..sizes.items)
            .map(|item| {
                let (across, variance) = mixed.item_covariance(item);
                let along = inverse.times(&across);
                let explained: f64 = along.iter().zip(&across).map(|(a, b)| a * b).sum();
                (along, (variance - explained).max(0.0))
            })
            .collect();
        // That these items are not all items is known as well as the items are many; the rest rests on raters.
        let items_part = mixed.spread().items.powi(2) / sizes.items as f64;
        let widening = student_widening(sizes.raters as f64 - 1.0).powi(2);
        let widened = |kept: f64| {
            let mut wide = Matrix::zeros(sizes.levels, sizes.levels);
            for row in 0..sizes.levels {
                for (cell, value) in wide.row_mut(row).iter_mut().zip(covariance.row(row)) {
                    *cell = widening * (value - kept) + kept;
                }
            }
            wide.cholesky().map(|factor| factor.inverse())
        };
        let precision = widened(items_part).or_else(|| widened(0.0))?;
        Some(Self { mean: mixed.levels().to_vec(), precision, items })
    }

    /// Takes in the anchors, for one slope.
    fn at(&self, slope: f64, options: &AngoffOptions) -> Option<Part> {
        let size = self.mean.len() + 1;
        let mut left = Matrix::zeros(size, size);
        let mut right = vec![0.0; size];
        let pull = self.precision.times(&self.mean);
        for row in 1..size {
            left.row_mut(row)[1..].copy_from_slice(self.precision.row(row - 1));
            right[row] = pull[row - 1];
        }
        let row_of = |what: Anchored| {
            let mut row = vec![0.0; size];
            row[0] = 1.0;
            if let Anchored::Cut(level) = what {
                row[level + 1] = 1.0 / slope;
            }
            row
        };
        for anchor in &options.anchors {
            let row = row_of(anchor.what);
            let weight = 1.0 / (anchor.sd * anchor.sd);
            for one in 0..size {
                right[one] += weight * row[one] * anchor.theta;
                for other in 0..size {
                    left[(one, other)] += weight * row[one] * row[other];
                }
            }
        }
        let factor = left.cholesky()?;
        let mean = factor.solve(&right);
        let off: Vec<f64> = mean[1..].iter().zip(&self.mean).map(|(now, before)| now - before).collect();
        let mut misfit: f64 = self.precision.times(&off).iter().zip(&off).map(|(a, b)| a * b).sum();
        for anchor in &options.anchors {
            let found: f64 = row_of(anchor.what).iter().zip(&mean).map(|(a, b)| a * b).sum();
            misfit += ((found - anchor.theta) / anchor.sd).powi(2);
        }
        let determinant: f64 = (0..size).map(|k| ln(factor.lower()[(k, k)])).sum();
        Some(Part { weight: -0.5 * misfit - determinant, slope, mean, covariance: factor.inverse() })
    }
}

/// Mean and covariance of the cuts over all slopes.
fn mix(parts: &[(f64, Part)], levels: usize) -> (Vec<f64>, Matrix) {
    let cut = |part: &Part, level: usize| part.mean[0] + part.mean[level + 1] / part.slope;
    let mean: Vec<f64> =
        (0..levels).map(|level| parts.iter().map(|(_, part)| part.weight * cut(part, level)).sum()).collect();
    let mut covariance = Matrix::zeros(levels, levels);
    for (_, part) in parts {
        for one in 0..levels {
            for other in 0..levels {
                let c = &part.covariance;
                let inside = c[(0, 0)]
                    + (c[(0, one + 1)] + c[(0, other + 1)]) / part.slope
                    + c[(one + 1, other + 1)] / (part.slope * part.slope);
                let between = (cut(part, one) - mean[one]) * (cut(part, other) - mean[other]);
                covariance[(one, other)] += part.weight * (inside + between);
            }
        }
    }
    (mean, covariance)
}

/// b = origin − β/a over all slopes, with what is uncertain beside.
fn difficulty(
    panel: &Levels,
    mixed: &Mixed,
    parts: &[(f64, Part)],
    item: usize,
    options: &AngoffOptions,
) -> NormalPrior {
    let (along, about) = &panel.items[item];
    let estimate = mixed.items[item].mean;
    let mean_of = |part: &Part| {
        let moved: f64 = along.iter().enumerate().map(|(k, by)| by * (part.mean[k + 1] - panel.mean[k])).sum();
        part.mean[0] - (estimate + moved) / part.slope
    };
    let mean: f64 = parts.iter().map(|(_, part)| part.weight * mean_of(part)).sum();
    let mut variance = options.shared_error * options.shared_error;
    // An item's own slope stretches its distance from the cuts that it was rated at.
    let stretch = exp(options.slope_spread * options.slope_spread) - 1.0;
    for (_, part) in parts {
        let direction: Vec<f64> = std::iter::once(1.0).chain(along.iter().map(|by| -by / part.slope)).collect();
        let moved = part.covariance.times(&direction);
        let inside: f64 = moved.iter().zip(&direction).map(|(a, b)| a * b).sum();
        let levels = part.mean.len() - 1;
        let middle = part.mean[0] + part.mean[1..].iter().sum::<f64>() / (levels as f64 * part.slope);
        let own = (mean_of(part) - middle).powi(2) * stretch;
        let between = (mean_of(part) - mean).powi(2);
        variance += part.weight * (inside + about / (part.slope * part.slope) + own + between);
    }
    NormalPrior { mean, sd: variance.sqrt() }
}

/// How much wider Student's 95 % interval is than the normal one.
fn student_widening(df: f64) -> f64 {
    // P(|T| > t) = I_x(df/2, 1/2) with x = df/(df + t²); bisection, for it is needed once.
    let outside = |t: f64| beta_inc(0.5 * df, 0.5, df / (df + t * t));
    let (mut low, mut high) = (1.0, 20.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if outside(middle) > 0.05 { low = middle } else { high = middle }
    }
    0.5 * (low + high) / 1.959_963_984_540_054
}

#[cfg(test)]
mod tests {
    use super::student_widening;

    /// Tabulated 97.5 % points of t: 12.706 at 1 degree of freedom, 2.776 at 4, 2.228 at 10.
    #[test]
    fn widening_is_that_of_the_table() {
        for (df, t) in [(1.0, 12.706_2), (4.0, 2.776_4), (10.0, 2.228_1)] {
            assert!((student_widening(df) * 1.959_964 - t).abs() < 1e-4, "{df}");
        }
    }
}
