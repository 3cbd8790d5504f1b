//! Parameter expansion (C. Liu, D. Rubin and Y. N. Wu 1998): origin and unit of the level.
//!
//! The reference group's mean is fixed at 0 and its variance at 1, because moving all people or all items comes to the same.
//! Plain EM pays for that with hundreds of tiny steps, above all on long tests: each step moves the items only as far as
//! the people, held in place by these same items, allow. So within the M-step the reference group is let free, and what
//! it finds is then expressed in items and other groups. The likelihood of both is the same, and neither can fall.

use super::curve::{INTERCEPTS, SLOPE};
use super::em::Problem;
use super::population::{Nodes, Population};
use super::setup::State;
use crate::grid::NODES;
use crate::item::Curve;
use crate::math::{exp, ln};

/// Differences for derivatives of what is believed.
const DIFFERENCE: f64 = 1e-4;
/// Steps towards the best origin and unit, where items have beliefs.
const STEPS: usize = 3;

/// `state` after the M-step, with the origin and unit at which the reference group's weights are most likely.
pub(crate) fn expanded(problem: &Problem<'_>, state: State, reference: &[f64; NODES]) -> State {
    let scaled = problem.setup.items.iter().any(|model| model.slope);
    let free =
        Population { mean_free: true, variance_free: scaled || state.groups[0].variance_free, ..state.groups[0] };
    let found = free.maximised(&problem.nodes, reference);
    let unit = if scaled { 0.5 * ln(found.variance) } else { 0.0 };
    if problem.family_sd.is_none() && problem.setup.items.iter().all(|model| model.beliefs.is_empty()) {
        let mut next = moved(problem, &state, found.mean, unit).unwrap_or_else(|| state.clone());
        if !scaled && next != state {
            next.groups[0].variance = found.variance;
        }
        return next;
    }
    with_beliefs(problem, state, reference, scaled)
}

/// The state when the level's origin is moved to `origin` and its unit is e^`unit`. Nothing if that leaves the limits.
fn moved(problem: &Problem<'_>, state: &State, origin: f64, unit: f64) -> Option<State> {
    let scale = exp(unit);
    let mut moved = state.clone();
    for (model, row) in problem.setup.items.iter().zip(&mut moved.rows) {
        let a = row[SLOPE];
        for (k, d) in row[INTERCEPTS..model.shape.lower()].iter_mut().enumerate() {
            let times = if model.shape.curve == Curve::PartialCredit { (k + 1) as f64 } else { 1.0 };
            *d += times * a * origin;
        }
        if model.slope {
            row[SLOPE] *= scale;
        }
        if super::maximise::beyond_limits(model, row) {
            return None;
        }
    }
    for group in &mut moved.groups[1..] {
        group.mean = (group.mean - origin) / scale;
        group.variance /= scale * scale;
    }
    Some(moved)
}

/// Where items have beliefs, these resist; a few steps of Newton's method find the best of both.
fn with_beliefs(problem: &Problem<'_>, state: State, reference: &[f64; NODES], scaled: bool) -> State {
    let value = |[origin, unit]: [f64; 2]| {
        let Some(moved) = moved(problem, &state, origin, unit) else { return f64::NEG_INFINITY };
        let variance = if scaled { exp(2.0 * unit) } else { state.groups[0].variance };
        expected_people(&problem.nodes, reference, origin, variance) + problem.log_prior(&moved)
    };
    let mut at = [0.0; 2];
    let mut best = value(at);
    for _ in 0..STEPS {
        let step = newton(&value, at, best, scaled);
        let longest = step.iter().fold(0.0_f64, |longest, part| longest.max(part.abs()));
        let mut share = (0.5 / longest).min(1.0);
        let mut better = None;
        for _ in 0..12 {
            let next = [at[0] + share * step[0], at[1] + share * step[1]];
            let now = value(next);
            if now > best {
                better = Some((next, now));
                break;
            }
            share *= 0.5;
        }
        let Some((next, now)) = better else { break };
        (at, best) = (next, now);
        if longest < 1e-7 {
            break;
        }
    }
    moved(problem, &state, at[0], at[1]).unwrap_or(state)
}

fn expected_people(nodes: &Nodes, weights: &[f64; NODES], mean: f64, variance: f64) -> f64 {
    let population = Population { mean, variance, mean_free: true, variance_free: true };
    population.log_weights(nodes).iter().zip(weights).map(|(log, weight)| log * weight).sum()
}

/// A step of Newton's method by central differences; along the gradient where the value is not concave.
fn newton(value: &impl Fn([f64; 2]) -> f64, at: [f64; 2], here: f64, scaled: bool) -> [f64; 2] {
    let h = DIFFERENCE;
    let by = |i: f64, j: f64| value([at[0] + i * h, at[1] + j * h]);
    let (right, left) = (by(1.0, 0.0), by(-1.0, 0.0));
    let slope = (right - left) / (2.0 * h);
    let bend = -(right - 2.0 * here + left) / (h * h);
    if !scaled {
        return [if bend > 0.0 { slope / bend } else { slope.signum() * 0.1 }, 0.0];
    }
    let (up, down) = (by(0.0, 1.0), by(0.0, -1.0));
    let mixed = -(by(1.0, 1.0) - by(1.0, -1.0) - by(-1.0, 1.0) + by(-1.0, -1.0)) / (4.0 * h * h);
    let (slope_up, bend_up) = ((up - down) / (2.0 * h), -(up - 2.0 * here + down) / (h * h));
    let determinant = bend * bend_up - mixed * mixed;
    if bend > 0.0 && determinant > 0.0 {
        return [(bend_up * slope - mixed * slope_up) / determinant, (bend * slope_up - mixed * slope) / determinant];
    }
    [slope.signum() * 0.1, slope_up.signum() * 0.1]
}
