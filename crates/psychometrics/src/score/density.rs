//! A posterior between the nodes: its density, and what is read off it with more resolution than the grid's spacing.
//!
//! The weights of a posterior are its density at the nodes, up to a factor, and the logarithm of that density is smooth.
//! So the logarithm is interpolated, by the cubic through four nodes, which is exact for a normal density however narrow.
//! Spreading each weight over its own cell instead would widen a posterior and bias statements near a cut.

use crate::grid::{NODES, REACH, SPACING};
use crate::math::{exp, ln};

/// Parts into which the space between two nodes is divided.
const PARTS: usize = 8;
/// Points of the fine grid.
pub(super) const FINE: usize = (NODES - 1) * PARTS + 1;
/// Distance of two points of the fine grid.
pub(super) const STEP: f64 = SPACING / PARTS as f64;
/// A weight below this part of the largest has no logarithm worth interpolating.
const FLOOR: f64 = 1e-250;
/// Two neighbours below this part of the largest hold nothing that a statement could be about.
const NOTHING: f64 = 1e-17;

/// The level at a point of the fine grid.
pub(super) fn fine_node(index: usize) -> f64 {
    index as f64 * STEP - REACH
}

/// What is believed of a level, between the nodes too. Made once by [`super::Posterior::density`] for several readings.
#[derive(Clone)]
pub struct Density {
    heights: Box<[f64; FINE]>,
    /// P(level ≤ point).
    cumulative: Box<[f64; FINE]>,
}

impl Density {
    pub(super) fn of(weights: &[f64; NODES]) -> Self {
        let mut heights = between(weights);
        let mut cumulative = Box::new([0.0; FINE]);
        for part in 1..FINE {
            cumulative[part] = cumulative[part - 1] + area(&heights, part);
        }
        let sum = cumulative[FINE - 1];
        cumulative.iter_mut().for_each(|mass| *mass /= sum);
        heights.iter_mut().for_each(|height| *height /= sum);
        Self { heights, cumulative }
    }

    /// P(level ≤ `theta`): 0 below the grid and 1 above it.
    #[must_use]
    pub fn cumulative(&self, theta: f64) -> f64 {
        let place = (theta + REACH) / STEP;
        if place.is_nan() || place <= 0.0 {
            return 0.0;
        }
        if place >= (FINE - 1) as f64 {
            return 1.0;
        }
        let part = place as usize;
        let (from, to) = (self.heights[part], self.heights[part + 1]);
        let mass = self.cumulative[part + 1] - self.cumulative[part];
        let s = place - part as f64;
        let share = if from + to > 0.0 { s * (2.0 * from + (to - from) * s) / (from + to) } else { s };
        self.cumulative[part] + mass * share
    }

    /// The level below which the probability `p` lies. A `p` outside \[0, 1\] is taken as the nearer end.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        let p = if p > 0.0 { p.min(1.0) } else { 0.0 };
        // The first point whose probability reaches p; the part before it holds the quantile.
        let end = self.cumulative.partition_point(|&mass| mass < p).clamp(1, FINE - 1);
        let (before, mass) = (self.cumulative[end - 1], self.cumulative[end] - self.cumulative[end - 1]);
        let (from, to) = (self.heights[end - 1], self.heights[end]);
        let share = if mass > 0.0 { ((p - before) / mass).clamp(0.0, 1.0) } else { 0.0 };
        // Where the density rises or falls linearly over the part.
        let target = share * 0.5 * (from + to);
        let root = from + (from * from + 2.0 * (to - from) * target).max(0.0).sqrt();
        let s = if root > 0.0 { (2.0 * target / root).clamp(0.0, 1.0) } else { share };
        fine_node(end - 1) + s * STEP
    }

    /// Two levels with this much probability between them and the same on each side of them.
    #[must_use]
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let outside = 0.5 * (1.0 - level.clamp(0.0, 1.0));
        (self.quantile(outside), self.quantile(1.0 - outside))
    }

    /// Twenty equally likely levels, in order: the quantiles at 1/40, 3/40, …, 39/40 of a quantile dot plot (M. Kay et al.
    /// 2016, When (ish) is my bus?).
    #[must_use]
    pub fn dots(&self) -> [f64; 20] {
        std::array::from_fn(|dot| self.quantile((dot as f64 + 0.5) / 20.0))
    }

    /// P(level > other's level), of two that know nothing of one another.
    pub(super) fn probability_above(&self, other: &Self) -> f64 {
        // Both vanish at the ends, so the plain sum is exact to many digits.
        let sum: f64 =
            self.heights.iter().zip(other.cumulative.iter()).map(|(height, below)| height * below).sum::<f64>()
                / self.heights.iter().sum::<f64>();
        sum.clamp(0.0, 1.0)
    }
}

/// Says nothing of the level.
impl std::fmt::Debug for Density {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Density(…)")
    }
}

/// Area below the heights from the point before to this one: exact for cubics, apart from the ends.
fn area(heights: &[f64; FINE], part: usize) -> f64 {
    let (from, to) = (heights[part - 1], heights[part]);
    let trapezium = 0.5 * (from + to);
    if part < 2 || part + 1 >= FINE {
        return trapezium * STEP;
    }
    let area = trapezium + (from + to - heights[part - 2] - heights[part + 1]) / 24.0;
    area.clamp(0.0, 2.0 * trapezium) * STEP
}

/// Values at the points of the fine grid, from values at the nodes that are not negative and not all nought; the largest at
/// a node is 1.
pub(super) fn between(values: &[f64; NODES]) -> Box<[f64; FINE]> {
    let largest = values.iter().copied().fold(0.0, f64::max);
    let scaled = values.map(|value| value / largest);
    let logs = scaled.map(|value| ln(value.max(FLOOR)));
    let second = |q: usize| logs[q + 1] - 2.0 * logs[q] + logs[q - 1];
    let mut fine = Box::new([0.0; FINE]);
    for q in 0..NODES - 1 {
        let (from, to) = (scaled[q], scaled[q + 1]);
        let left = if q == 0 { second(1) } else { second(q) };
        let right = if q + 2 == NODES { second(q) } else { second(q + 1) };
        let (left, right) = agreed(left, right);
        for part in 0..PARTS {
            let t = part as f64 / PARTS as f64;
            fine[q * PARTS + part] = if part == 0 {
                from
            } else if from <= FLOOR || to <= FLOOR || (from < NOTHING && to < NOTHING) {
                from + t * (to - from)
            } else {
                let bend = ((2.0 - t) * left + (1.0 + t) * right) / 3.0;
                exp(logs[q] + t * (logs[q + 1] - logs[q]) - 0.5 * t * (1.0 - t) * bend)
            };
        }
    }
    fine[FINE - 1] = scaled[NODES - 1];
    fine
}

/// Second differences at both ends of a cell, made harmless where they are large and contradict each other: at the brink of
/// a likelihood that drops to next to nothing, a cubic would overshoot.
fn agreed(left: f64, right: f64) -> (f64, f64) {
    let (smaller, larger) = if left.abs() < right.abs() { (left, right) } else { (right, left) };
    if larger.abs() <= 1.0 || (smaller * larger > 0.0 && larger.abs() <= 4.0 * smaller.abs()) {
        (left, right)
    } else if smaller * larger > 0.0 {
        (smaller, smaller)
    } else {
        (0.0, 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::posterior::{Likelihood, Posterior};
    use super::*;
    use crate::grid::{node, normal_weights};
    use crate::math::normal_quantile;
    use proptest::prelude::*;

    #[test]
    fn a_normal_posterior_has_normal_quantiles_however_narrow() {
        for sd in [0.05, 0.1, 0.15, 0.3, 0.6, 1.0] {
            for mean in [0.0, 0.07, -1.13, 2.5].into_iter().filter(|mean: &f64| mean.abs() + 5.0 * sd < 6.0) {
                let density = Density::of(&normal_weights(mean, sd));
                for p in [0.01, 0.025, 0.2, 0.5, 0.8, 0.975, 0.99] {
                    let wanted = mean + sd * normal_quantile(p);
                    let found = density.quantile(p);
                    let within = if sd < 0.1 { 0.01 } else { 0.004 };
                    assert!((found - wanted).abs() < within * sd, "{mean} {sd} {p}: {found} {wanted}");
                    assert!((density.cumulative(wanted) - p).abs() < 0.001, "{mean} {sd} {p}");
                }
            }
        }
    }

    #[test]
    fn quantile_and_cumulative_are_inverse_and_monotone() {
        let density = Density::of(&normal_weights(0.4, 0.33));
        let mut before = f64::NEG_INFINITY;
        for k in 1..200 {
            let p = f64::from(k) / 200.0;
            let theta = density.quantile(p);
            assert!(theta > before);
            assert!((density.cumulative(theta) - p).abs() < 1e-12);
            before = theta;
        }
        assert_eq!(
            (density.quantile(-1.0), density.quantile(f64::NAN)),
            (density.quantile(0.0), density.quantile(0.0))
        );
        assert!(density.quantile(2.0) <= 6.0);
    }

    #[test]
    fn a_posterior_on_one_node_stays_within_its_neighbours() {
        let mut weights = [0.0; NODES];
        weights[33] = 1.0;
        let density = Density::of(&weights);
        let (from, to) = density.interval(0.95);
        assert!(from > node(32) && to < node(34) && (0.5 * (from + to) - node(33)).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn whatever_the_answers_readings_are_finite_and_in_order(
            chances in prop::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64, 1e-300..1e-200_f64], NODES),
            cut in -6.0..6.0_f64,
        ) {
            let Ok(answer) = Likelihood::new(chances.try_into().unwrap()) else { return Ok(()) };
            let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
            if posterior.observe(&answer).is_err() {
                return Ok(());
            }
            let density = posterior.density();
            let dots = density.dots();
            prop_assert!(dots.iter().all(|dot| dot.abs() <= 6.0));
            prop_assert!(dots.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert!((0.0..=1.0).contains(&density.cumulative(cut)));
            prop_assert!(posterior.mode().abs() <= 6.0);
            for (dot, theta) in dots.iter().enumerate() {
                prop_assert!((density.cumulative(*theta) - (dot as f64 + 0.5) / 20.0).abs() < 1e-9);
            }
        }
    }
}
