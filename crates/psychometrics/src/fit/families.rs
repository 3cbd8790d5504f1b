//! Families: seeded variants of one question, whose difficulties scatter around the family's mean.
//!
//! The spread is estimated by empirical Bayes. Each item's likelihood, seen as a normal one of its mean difficulty, gives
//! an estimate with a variance; the spread is the one that makes these most likely when each family's mean is not known
//! (restricted maximum likelihood, as for random effects in a meta-analysis: W. Viechtbauer 2005).

use super::em::{Problem, location};
use super::expect::expect;
use super::information::{location_gradient, own_information};
use super::missing::{Places, ScoreTables};
use super::pack::Roll;
use super::setup::State;
use crate::math::ln;
use crate::responses::Responses;

/// The spread to begin with, in standard deviations of the reference population.
pub(crate) const START: f64 = 0.5;
/// Smaller and larger spreads are not told apart from these.
const LEAST: f64 = 0.02;
const MOST: f64 = 5.0;

/// An item's difficulty by its answers alone.
struct Estimate {
    value: f64,
    variance: f64,
}

/// The most likely spread, when items stand where they do under the spread `before`.
pub(crate) fn spread(problem: &Problem<'_>, state: &State, responses: &Responses, roll: &Roll, before: f64) -> f64 {
    let models = problem.models(state);
    let places = Places::new(&models, state, &[]);
    let totals = expect::<f64>(problem.layout, problem.packed, &problem.logs(state), problem.threads);
    let tables = ScoreTables::new(problem, state, responses, roll, &places);
    let blocks = own_information(problem, state, &totals, &tables, &places);
    let precision = 1.0 / (before * before);
    let families: Vec<Vec<Estimate>> = problem
        .setup
        .families
        .iter()
        .map(|family| {
            let at = |&item: &usize| location(&models[item], &state.rows[item]);
            let mean = family.iter().map(at).sum::<f64>() / family.len() as f64;
            let estimate = |&item: &usize| {
                let gradient = location_gradient(&models[item], &state.rows[item]);
                let solved = blocks[item].cholesky()?.solve(&gradient);
                let variance: f64 = gradient.iter().zip(&solved).map(|(a, b)| a * b).sum();
                // What the answers add to the family's own precision.
                let rest = 1.0 / variance - precision;
                let value = (at(&item) / variance - mean * precision) / rest;
                (rest > 1e-3 && value.is_finite()).then_some(Estimate { value, variance: 1.0 / rest })
            };
            family.iter().filter_map(estimate).collect()
        })
        .collect();
    let log_likelihood = |sd: f64| families.iter().map(|family| restricted(family, sd)).sum::<f64>();
    maximum(log_likelihood, ln(LEAST), ln(MOST))
}

/// Restricted log-likelihood of one family's estimates.
fn restricted(family: &[Estimate], sd: f64) -> f64 {
    let weight = |estimate: &Estimate| 1.0 / (estimate.variance + sd * sd);
    let total: f64 = family.iter().map(weight).sum();
    if family.len() < 2 {
        return 0.0;
    }
    let mean = family.iter().map(|estimate| weight(estimate) * estimate.value).sum::<f64>() / total;
    let one = |estimate: &Estimate| ln(weight(estimate)) - weight(estimate) * (estimate.value - mean).powi(2);
    0.5 * (family.iter().map(one).sum::<f64>() - ln(total))
}

/// e to the place of the largest value between two places, by golden section.
fn maximum(value: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let at = |x: f64| value(crate::math::exp(x));
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (at(left), at(right));
    for _ in 0..60 {
        if at_left >= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = at(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = at(right);
        }
    }
    crate::math::exp(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_of_exact_estimates_is_their_standard_deviation() {
        let values = [-0.7, 0.1, 0.3, 0.9];
        let family: Vec<Estimate> = values.iter().map(|&value| Estimate { value, variance: 1e-9 }).collect();
        let mean = values.iter().sum::<f64>() / 4.0;
        let wanted = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 3.0).sqrt();
        let found = maximum(|sd| restricted(&family, sd), ln(LEAST), ln(MOST));
        assert!((found - wanted).abs() < 1e-6, "{found} {wanted}");
    }
}
