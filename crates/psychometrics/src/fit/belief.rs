//! What is believed of an item's parameters, as a term of the log-posterior.
//!
//! Each belief is a normal distribution of ln a, of a difficulty b = −D/a with a combination D of intercepts, or of the
//! logit of the lower asymptote. The mode is taken on these scales: their density is added as it is, without a Jacobian.

use super::curve::{Curvature, INTERCEPTS, SLOPE, Shape};
use super::plan::NormalPrior;
use crate::item::Curve;
use crate::math::{Matrix, ln};

/// ln √(2π).
const LN_ROOT_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// What is believed of one item.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Beliefs {
    /// Of ln a.
    pub ln_slope: Option<NormalPrior>,
    /// Of differences of difficulty: combinations of intercepts, by index from 0, and the belief of −combination/a.
    pub difficulties: Vec<(Vec<(usize, f64)>, NormalPrior)>,
    /// Of the logit of the lower asymptote.
    pub logit_lower: Option<NormalPrior>,
}

impl Beliefs {
    /// Of the difficulty of one intercept: a threshold, or a step of partial credit.
    pub fn difficulty(curve: Curve, index: usize, prior: NormalPrior) -> (Vec<(usize, f64)>, NormalPrior) {
        let before = (curve == Curve::PartialCredit && index > 0).then(|| (index - 1, -1.0));
        (std::iter::once((index, 1.0)).chain(before).collect(), prior)
    }

    /// Of the mean of all difficulties of an item.
    pub fn location(shape: Shape, prior: NormalPrior) -> (Vec<(usize, f64)>, NormalPrior) {
        let count = shape.intercepts();
        let share = 1.0 / count as f64;
        let combination = match shape.curve {
            // Steps telescope to the last intercept.
            Curve::PartialCredit => vec![(count - 1, share)],
            _ => (0..count).map(|index| (index, share)).collect(),
        };
        (combination, prior)
    }

    /// Whether nothing is believed.
    pub fn is_empty(&self) -> bool {
        self.ln_slope.is_none() && self.difficulties.is_empty() && self.logit_lower.is_none()
    }

    /// Log-density at a row of parameters; −∞ where a belief has no meaning (ln a of a slope that is not positive).
    pub fn log_density(&self, shape: Shape, row: &[f64]) -> f64 {
        let a = row[SLOPE];
        let one = |value: f64, prior: &NormalPrior| {
            let t = (value - prior.mean) / prior.sd;
            -0.5 * t * t - ln(prior.sd) - LN_ROOT_TWO_PI
        };
        if (self.ln_slope.is_some() && a <= 0.0) || (!self.difficulties.is_empty() && a.abs() < 1e-6) {
            return f64::NEG_INFINITY;
        }
        let mut sum = self.ln_slope.as_ref().map_or(0.0, |prior| one(ln(a), prior));
        for (combination, prior) in &self.difficulties {
            sum += one(-combined(combination, row) / a, prior);
        }
        sum + self.logit_lower.as_ref().map_or(0.0, |prior| one(row[shape.lower()], prior))
    }

    /// Adds first derivatives, and second ones with their sign turned, to those of the answers. `Curvature::Expected`
    /// leaves out the curvature of the scales themselves, so that what is added is never negative.
    pub fn add(&self, shape: Shape, row: &[f64], which: Curvature, gradient: &mut [f64], curvature: &mut Matrix) {
        let a = row[SLOPE];
        let exact = if which == Curvature::Observed { 1.0 } else { 0.0 };
        if let Some(prior) = &self.ln_slope {
            let t = (ln(a) - prior.mean) / prior.sd;
            gradient[SLOPE] -= t / (prior.sd * a);
            curvature[(SLOPE, SLOPE)] += (1.0 / (prior.sd * prior.sd) - exact * t / prior.sd) / (a * a);
        }
        for (combination, prior) in &self.difficulties {
            let u = -combined(combination, row) / a;
            let t = (u - prior.mean) / prior.sd;
            let by_slope = -u / a;
            let terms = || {
                let intercepts = combination.iter().map(|&(index, share)| (INTERCEPTS + index, -share / a));
                std::iter::once((SLOPE, by_slope)).chain(intercepts)
            };
            for (place, by) in terms() {
                gradient[place] -= t / prior.sd * by;
                for (other, by_other) in terms() {
                    curvature[(place, other)] += by * by_other / (prior.sd * prior.sd);
                }
            }
            let bend = exact * t / prior.sd;
            curvature[(SLOPE, SLOPE)] += bend * 2.0 * u / (a * a);
            for &(index, share) in combination {
                curvature[(SLOPE, INTERCEPTS + index)] += bend * share / (a * a);
                curvature[(INTERCEPTS + index, SLOPE)] += bend * share / (a * a);
            }
        }
        if let Some(prior) = &self.logit_lower {
            let place = shape.lower();
            gradient[place] -= (row[place] - prior.mean) / (prior.sd * prior.sd);
            curvature[(place, place)] += 1.0 / (prior.sd * prior.sd);
        }
    }
}

fn combined(combination: &[(usize, f64)], row: &[f64]) -> f64 {
    combination.iter().map(|&(index, share)| share * row[INTERCEPTS + index]).sum()
}
