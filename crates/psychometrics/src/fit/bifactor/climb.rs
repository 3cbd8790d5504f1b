//! EM, accelerated.

use super::state::{Problem, State};
use crate::fit::plan::Plan;
use crate::fit::result::{Convergence, FitProgress};
use std::ops::ControlFlow;

/// Where the climb ended.
pub(super) struct Climb {
    pub state: State,
    pub log_likelihood: f64,
    pub iterations: usize,
    pub convergence: Convergence,
}

/// Climbs from `state` by EM; every two steps SQUAREM (R. Varadhan and C. Roland 2008) leaps, if that does not fall.
///
/// EM moves little long before it has arrived. So it has converged only when the largest change, times the steps that the
/// last leap was worth, is below the tolerance.
pub(super) fn climb(
    problem: &Problem,
    plan: &Plan,
    state: State,
    progress: &mut dyn FnMut(FitProgress) -> ControlFlow<()>,
) -> Climb {
    let mut climb = Climb {
        state,
        log_likelihood: f64::NEG_INFINITY,
        iterations: 0,
        convergence: Convergence::OutOfIterations { largest_change: f64::INFINITY },
    };
    while climb.iterations < plan.max_iterations {
        let start = climb.state.clone();
        let (first, change) = climb.step(problem, start.clone());
        if climb.ended(plan, change, 1.0, progress) || climb.iterations == plan.max_iterations {
            climb.state = first;
            break;
        }
        let (second, change) = climb.step(problem, first.clone());
        climb.state = second.clone();
        if !plan.accelerate {
            if climb.ended(plan, change, 1.0, progress) {
                break;
            }
            continue;
        }
        let (leap, worth) = leap(problem, [&start, &first, &second]);
        if climb.ended(plan, change, worth, progress) {
            break;
        }
        if let Some(leap) = leap.filter(|_| climb.iterations < plan.max_iterations) {
            let floor = climb.log_likelihood;
            let (beyond, _) = climb.step(problem, leap);
            // The step has just told how likely the answers are at the leap; before, at the first of the two steps.
            if climb.log_likelihood >= floor {
                climb.state = beyond;
            }
        }
    }
    climb.log_likelihood = problem.expect(&climb.state).log_likelihood;
    climb
}

impl Climb {
    /// One step of EM: where it leads, and the largest change of a parameter. Notes the log-likelihood (with
    /// priors their density too) before the step.
    fn step(&mut self, problem: &Problem, mut state: State) -> (State, f64) {
        let expectation = problem.expect(&state);
        self.log_likelihood = expectation.log_likelihood + problem.log_prior(&state);
        self.iterations += 1;
        let before = problem.flat(&state);
        problem.maximise(&expectation, &mut state);
        let after = problem.flat(&state);
        let change = before.iter().zip(&after).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        (state, change)
    }

    /// Tells how it goes, and whether it is over.
    fn ended(
        &mut self,
        plan: &Plan,
        change: f64,
        worth: f64,
        progress: &mut dyn FnMut(FitProgress) -> ControlFlow<()>,
    ) -> bool {
        let told =
            FitProgress { iteration: self.iterations, log_likelihood: self.log_likelihood, largest_change: change };
        if progress(told).is_break() {
            self.convergence = Convergence::Stopped;
            return true;
        }
        // A first step of a pair knows nothing of the leap: it ends only when it hardly moves at all.
        let distance = if worth > 1.0 || !plan.accelerate { change * worth } else { change * 20.0 };
        let close = distance < plan.tolerance;
        self.convergence =
            if close { Convergence::Converged } else { Convergence::OutOfIterations { largest_change: change } };
        close
    }
}

/// Where SQUAREM leaps to from three states in a row, and how many steps the leap is worth.
fn leap(problem: &Problem, states: [&State; 3]) -> (Option<State>, f64) {
    let [x0, x1, x2] = states.map(|state| problem.flat(state));
    let square = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>();
    let first = square(&mut x0.iter().zip(&x1).map(|(a, b)| b - a)).sqrt();
    let bend = square(&mut (0..x0.len()).map(|k| x2[k] - 2.0 * x1[k] + x0[k])).sqrt();
    if bend <= 0.0 || first <= 0.0 {
        return (None, 1.0);
    }
    let stride = (first / bend).max(1.0);
    if stride <= 1.0 {
        return (None, 1.0 + 1e-9);
    }
    let point: Vec<f64> = (0..x0.len())
        .map(|k| x0[k] + 2.0 * stride * (x1[k] - x0[k]) + stride * stride * (x2[k] - 2.0 * x1[k] + x0[k]))
        .collect();
    (problem.unflat(&point, states[2]), stride)
}
