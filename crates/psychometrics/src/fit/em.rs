//! The EM algorithm, and its extrapolation.

use super::belief::Beliefs;
use super::curve::{INTERCEPTS, SLOPE};
use super::expand::expanded;
use super::expect::{Logs, Totals, expect, log_likelihood};
use super::maximise::{ItemModel, Points, maximise};
use super::pack::{Layout, Packed};
use super::plan::NormalPrior;
use super::population::Nodes;
use super::result::FitProgress;
use super::setup::{Setup, State};
use crate::grid::NODES;
use std::ops::ControlFlow;

/// The M-step of an item takes so many steps at most; one is nearly always enough near the end.
const STEPS: usize = 4;
/// A change that is so much smaller than the last one's is not followed further within an M-step.
const STEP_SHARE: f64 = 0.05;

/// What is fitted to whom.
pub(crate) struct Problem<'a> {
    pub setup: &'a Setup,
    pub layout: &'a Layout,
    pub packed: &'a Packed,
    /// Whether people are summed up in f64 (small data) or f32.
    pub wide: bool,
    pub nodes: Nodes,
    pub threads: usize,
    /// Standard deviation of difficulties within a family; nothing without families.
    pub family_sd: Option<f64>,
}

/// When to stop, and what to do on the way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    pub tolerance: f64,
    /// Of EM, counting those that were done before.
    pub max_iterations: usize,
    pub accelerate: bool,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ended {
    Converged,
    /// As near as sums in f32 allow; f64 can go on.
    Coarse,
    OutOfIterations {
        largest_change: f64,
    },
    Stopped,
}

impl Problem<'_> {
    /// Logarithms of all probabilities.
    pub fn logs(&self, state: &State) -> Logs {
        let mut rows = vec![0.0; self.layout.rows * NODES];
        for ((model, row), place) in self.setup.items.iter().zip(&state.rows).zip(&self.layout.items) {
            let z = self.nodes.levels.map(|level| row[SLOPE] * level);
            model.shape.log_rows(row, &z, &mut rows[place.first * NODES..(place.first + place.categories) * NODES]);
        }
        Logs { rows, groups: state.groups.iter().map(|group| group.log_weights(&self.nodes)).collect() }
    }

    /// Expected counts. The log-likelihood in it is as precise as people are summed up.
    pub fn expect(&self, state: &State) -> Totals {
        let logs = self.logs(state);
        if self.wide {
            expect::<f64>(self.layout, self.packed, &logs, self.threads)
        } else {
            expect::<f32>(self.layout, self.packed, &logs, self.threads)
        }
    }

    /// The marginal log-likelihood, always in f64.
    pub fn log_likelihood(&self, state: &State) -> f64 {
        log_likelihood::<f64>(self.layout, self.packed, &self.logs(state), self.threads)
    }

    /// Log-density of all that is believed of the items.
    pub fn log_prior(&self, state: &State) -> f64 {
        let models = self.models(state);
        let one = |(model, row): (&ItemModel, &Vec<f64>)| model.beliefs.log_density(model.shape, row);
        models.iter().zip(&state.rows).map(one).sum()
    }

    /// Items with what is believed of them now: a family's mean is where its items are.
    pub fn models(&self, state: &State) -> Vec<ItemModel> {
        let mut models = self.setup.items.clone();
        let Some(sd) = self.family_sd else { return models };
        for family in &self.setup.families {
            let location = |&item: &usize| location(&self.setup.items[item], &state.rows[item]);
            let mean = family.iter().map(location).sum::<f64>() / family.len() as f64;
            for &item in family {
                let belief = Beliefs::location(models[item].shape, NormalPrior { mean, sd });
                models[item].beliefs.difficulties.push(belief);
            }
        }
        models
    }

    /// The M-step.
    pub fn maximise(&self, state: &State, totals: &Totals, tolerance: f64) -> State {
        let models = self.models(state);
        let mut next = state.clone();
        let points = Points { general: &self.nodes.levels, specific: None };
        let one = |(index, row): (usize, &mut Vec<f64>)| {
            maximise(&models[index], &points, totals.item(self.layout, index), row, STEPS, tolerance);
        };
        // Items do not touch each other, so they may be shared out in any way.
        let share = next.rows.len().div_ceil(self.threads.max(1)).max(16);
        if self.threads <= 1 || next.rows.len() <= share {
            next.rows.iter_mut().enumerate().for_each(one);
        } else {
            std::thread::scope(|scope| {
                for (part, rows) in next.rows.chunks_mut(share).enumerate() {
                    let numbered = rows.iter_mut().enumerate().map(move |(at, row)| (part * share + at, row));
                    scope.spawn(|| numbered.for_each(one));
                }
            });
        }
        for (group, weights) in next.groups.iter_mut().zip(&totals.groups) {
            *group = group.maximised(&self.nodes, weights);
        }
        expanded(self, next, &totals.groups[0])
    }

    /// Whether one log-posterior is not below another, but for rounding.
    fn not_below(&self, now: f64, before: f64) -> bool {
        let slack = if self.wide { 1e-11 } else { 1e-7 };
        now >= before - slack * before.abs()
    }
}

/// The mean of an item's difficulties.
pub(crate) fn location(model: &ItemModel, row: &[f64]) -> f64 {
    let (combination, _) = Beliefs::location(model.shape, NormalPrior { mean: 0.0, sd: 1.0 });
    -combination.iter().map(|(index, share)| share * row[INTERCEPTS + index]).sum::<f64>() / row[SLOPE]
}

/// EM from a state until it has converged. `iterations` are counted on.
pub(crate) fn run(
    problem: &mut Problem<'_>,
    state: &mut State,
    course: Course,
    iterations: &mut usize,
    progress: &mut dyn FnMut(FitProgress) -> ControlFlow<()>,
) -> Ended {
    let mut squarem = Squarem { longest: 1.0 };
    let mut pace = Pace { rates: [0.0; 4], change: 1.0, smallest: f64::INFINITY, since: 0 };
    let mut totals = problem.expect(state);
    loop {
        // Two steps of EM from `state`: to `first`, then to `second`.
        let Some(first) = step(problem, state, &totals, &mut pace, iterations, progress) else { return Ended::Stopped };
        let small = pace.change;
        if let Some(ended) = pace.ended(problem.wide, course.tolerance) {
            *state = first;
            return ended;
        }
        if *iterations >= course.max_iterations {
            *state = first;
            return Ended::OutOfIterations { largest_change: pace.change };
        }
        let middle = problem.expect(&first);
        if !course.accelerate {
            (*state, totals) = (first, middle);
            respread(problem, state, &mut totals);
            continue;
        }
        let Some(second) = step(problem, &first, &middle, &mut pace, iterations, progress) else {
            *state = first;
            return Ended::Stopped;
        };
        pace.note(pace.change / small);
        if let Some(ended) = pace.ended(problem.wide, course.tolerance) {
            *state = second;
            return ended;
        }
        if *iterations >= course.max_iterations {
            *state = second;
            return Ended::OutOfIterations { largest_change: pace.change };
        }
        (*state, totals) = squarem.leap(problem, [state, &first, &second], &middle);
        respread(problem, state, &mut totals);
    }
}

/// Spreads the grid if a group has grown out of it.
fn respread(problem: &mut Problem<'_>, state: &State, totals: &mut Totals) {
    if let Some(nodes) = problem.nodes.wider(&state.groups) {
        problem.nodes = nodes;
        *totals = problem.expect(state);
    }
}

/// One M-step, and its report.
fn step(
    problem: &Problem<'_>,
    state: &State,
    totals: &Totals,
    pace: &mut Pace,
    iterations: &mut usize,
    progress: &mut dyn FnMut(FitProgress) -> ControlFlow<()>,
) -> Option<State> {
    let next = problem.maximise(state, totals, STEP_SHARE * pace.change);
    let (before, after) = (state.vector(problem.setup), next.vector(problem.setup));
    pace.moved(before.iter().zip(&after).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max));
    *iterations += 1;
    let report = FitProgress {
        iteration: *iterations,
        log_likelihood: totals.log_likelihood + problem.log_prior(state),
        largest_change: pace.change,
    };
    progress(report).is_continue().then_some(next)
}

/// How fast it converges: a small change is no sign of a near end when each is nearly as large as the one before.
struct Pace {
    /// Ratios of successive changes, the latest last.
    rates: [f64; 4],
    change: f64,
    /// The smallest change so far, and how many steps ago it was.
    smallest: f64,
    since: usize,
}

impl Pace {
    fn moved(&mut self, change: f64) {
        self.change = change;
        self.since += 1;
        if change < 0.7 * self.smallest {
            (self.smallest, self.since) = (change, 0);
        }
    }

    fn note(&mut self, rate: f64) {
        self.rates.rotate_left(1);
        self.rates[3] = if rate.is_finite() { rate.clamp(0.0, 0.98) } else { 0.0 };
    }

    /// Converged when all that is still to come, as a geometric series, is below the tolerance. In f32 changes become
    /// noise before that if the tolerance is small or the pace slow.
    fn ended(&self, wide: bool, tolerance: f64) -> Option<Ended> {
        /// Changes of this size are noise of f32, or so they may be …
        const NOISE: f64 = 3e-5;
        /// … and so are those that have been no smaller for so many steps.
        const STALLED: usize = 10;
        let rate = self.rates.iter().copied().fold(0.0, f64::max);
        if self.change * (rate / (1.0 - rate)).max(1.0) <= tolerance {
            return Some(Ended::Converged);
        }
        (!wide && (self.change <= NOISE || (self.since >= STALLED && self.change < 0.01))).then_some(Ended::Coarse)
    }
}

/// Squared extrapolation, scheme S3 of R. Varadhan and C. Roland (2008), with a guard: no leap may fall.
struct Squarem {
    /// The longest leap that is taken; grows while leaps succeed.
    longest: f64,
}

impl Squarem {
    const GROWTH: f64 = 4.0;

    /// From three successive states of EM to a fourth, with what is expected there.
    fn leap(
        &mut self,
        problem: &Problem<'_>,
        [zeroth, first, second]: [&State; 3],
        middle: &Totals,
    ) -> (State, Totals) {
        let [x, y, z] = [zeroth, first, second].map(|state| state.vector(problem.setup));
        let change: Vec<f64> = y.iter().zip(&x).map(|(y, x)| y - x).collect();
        let bend: Vec<f64> = z.iter().zip(&y).zip(&change).map(|((z, y), r)| z - y - r).collect();
        let norm = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let wanted = norm(&change) / norm(&bend);
        let length = if wanted.is_finite() { wanted.clamp(1.0, self.longest) } else { 1.0 };
        let plain = || (second.clone(), problem.expect(second));
        if length == self.longest {
            self.longest *= Self::GROWTH;
        }
        if length <= 1.01 {
            return plain();
        }
        let far: Vec<f64> = (0..x.len()).map(|k| x[k] + 2.0 * length * change[k] + length * length * bend[k]).collect();
        let Some(state) = second.with(problem.setup, &far) else {
            self.longest = (self.longest / Self::GROWTH / Self::GROWTH).max(1.0);
            return plain();
        };
        let totals = problem.expect(&state);
        let before = middle.log_likelihood + problem.log_prior(first);
        if problem.not_below(totals.log_likelihood + problem.log_prior(&state), before) {
            return (state, totals);
        }
        self.longest = (self.longest / Self::GROWTH / Self::GROWTH).max(1.0);
        plain()
    }
}
