//! Calibration from beginning to end: refuse, start, climb, and say what is uncertain.

use super::bifactor::calibrate_bifactor;
use super::em::{Course, Ended, Problem, run};
use super::families;
use super::pack::{Layout, Packed, Roll};
use super::plan::{Model, Plan};
use super::population::Nodes;
use super::report::report;
use super::result::{Fit, FitError, FitProgress};
use super::setup::{State, prepare};
use crate::responses::Responses;
use std::ops::ControlFlow;

/// Up to so many answers (equal patterns counted once) everything is in f64.
const SMALL: usize = 300_000;
/// There the tolerance is smaller by this, as it costs next to nothing.
const SMALL_TOLERANCE: f64 = 0.01;
/// A part of the people is fitted first when it has at least so many …
const PART_PEOPLE: usize = 1500;
/// … so many answers …
const PART_ANSWERS: usize = 200_000;
/// … and each category so many.
const PART_CATEGORY: f64 = 15.0;
/// How near to the part's own maximum: what is left is less than the part differs from the whole.
const PART_TOLERANCE: f64 = 0.01;
/// Nobody needs more threads.
const MOST_THREADS: usize = 256;
/// Rounds of spread within families and items in turn.
const FAMILY_ROUNDS: usize = 12;

/// Fits a model to answers: marginal maximum likelihood, or with priors the mode of the posterior (MAP), by EM on a grid
/// of 61 levels.
///
/// People's levels are normal in each group. The first group is the reference: its mean is 0 and, where slopes are
/// estimated, its variance 1; means and variances of the others are estimated. The grid reaches from −6 to 6, and further
/// where a group is so wide or far away that it would not fit; a variance below 0.02 is too narrow for it and is
/// given as 0.02, without an error. People who answered nothing say nothing and are left out.
///
/// Priors are taken on ln a, b and the logit of the guessing asymptote, and the mode on these scales. An item of the model
/// with three parameters for which no prior of guessing is given gets [`USUAL_GUESSING`](super::USUAL_GUESSING).
///
/// Standard errors are those of the observed information, exact up to 1,500 parameters (and about 2 × 10¹⁰ products of
/// scores). In larger banks each item's own block is exact, and of what lies between items eight directions are kept;
/// that is within 2 % of the whole matrix where it was compared. An item that the answers leave undetermined is named in
/// [`Convergence::Undetermined`](super::Convergence::Undetermined); it has no errors, and those of the others take it as known.
///
/// Up to 300,000 answers (equal patterns counted once) everything is computed in f64; beyond, people are summed up in f32
/// in blocks that are merged in f64, and the final log-likelihood and standard errors are in f64. The result does not
/// depend on the number of threads, nor on the processor.
///
/// Bifactor and testlet models (`Plan::factors`) are fitted by dimension reduction, in f64, to one group: the sum over each
/// factor's own level is done inside the sum over the general one. Slopes and intercepts are named as in R mirt's `bfactor`.
///
/// `progress` is called after each iteration of EM and may stop the fit; what there is then is given back.
///
/// # Errors
/// Answers or a plan that cannot be fitted; see [`FitError`].
pub fn calibrate(
    responses: &Responses,
    plan: &Plan,
    progress: &mut dyn FnMut(FitProgress) -> ControlFlow<()>,
) -> Result<Fit, FitError> {
    if matches!(plan.model, Model::Bifactor | Model::Testlet) {
        return calibrate_bifactor(responses, plan, progress);
    }
    let (setup, mut state) = prepare(responses, plan)?;
    let roll = Roll::new(responses);
    let layout = Layout::new(responses, &roll);
    let threads = plan.threads.clamp(1, MOST_THREADS);
    let mut iterations = 0;
    let mut nodes = Nodes::usual();
    let family_sd = (!setup.families.is_empty()).then_some(families::START);
    if let Some(part) = part(responses, &roll) {
        let packed = Packed::new(responses, &part, &layout);
        let wide = false;
        let mut problem = Problem { setup: &setup, layout: &layout, packed: &packed, wide, nodes, threads, family_sd };
        let course = Course { tolerance: PART_TOLERANCE.max(plan.tolerance), ..course(plan) };
        if run(&mut problem, &mut state, course, &mut iterations, progress) == Ended::Stopped {
            // A part of the people was seen only; the likelihood that is told is still that of all.
            let packed = Packed::new(responses, &roll, &layout);
            let whole = Problem { packed: &packed, ..problem };
            return Ok(report(responses, plan, &roll, &whole, &state, iterations, Ended::Stopped));
        }
        nodes = problem.nodes;
    }
    let packed = Packed::new(responses, &roll, &layout);
    let wide = roll.answers <= SMALL;
    let mut problem = Problem { setup: &setup, layout: &layout, packed: &packed, wide, nodes, threads, family_sd };
    let mut ended = climb(&mut problem, &mut state, plan, &mut iterations, progress);
    for _ in 0..FAMILY_ROUNDS {
        let Some(before) = problem.family_sd.filter(|_| ended == Ended::Converged) else { break };
        let now = families::spread(&problem, &state, responses, &roll, before);
        problem.family_sd = Some(now);
        ended = climb(&mut problem, &mut state, plan, &mut iterations, progress);
        if (now / before - 1.0).abs() < 0.005 {
            break;
        }
    }
    Ok(report(responses, plan, &roll, &problem, &state, iterations, ended))
}

/// To the top: in f32 as far as that is worth it, and then in f64.
fn climb(
    problem: &mut Problem<'_>,
    state: &mut State,
    plan: &Plan,
    iterations: &mut usize,
    progress: &mut dyn FnMut(FitProgress) -> ControlFlow<()>,
) -> Ended {
    let mut course = course(plan);
    if !problem.wide {
        let ended = run(problem, state, course, iterations, progress);
        if ended != Ended::Coarse {
            return ended;
        }
        problem.wide = true;
    } else {
        course.tolerance *= SMALL_TOLERANCE;
    }
    run(problem, state, course, iterations, progress)
}

fn course(plan: &Plan) -> Course {
    Course { tolerance: plan.tolerance, max_iterations: plan.max_iterations, accelerate: plan.accelerate }
}

/// A part of the people to begin with, if they are so many that it saves time and still holds enough of every category.
fn part(responses: &Responses, roll: &Roll) -> Option<Roll> {
    let counts = responses.category_counts();
    let rarest = counts.iter().flatten().copied().filter(|count| *count > 0.0).fold(f64::INFINITY, f64::min);
    let fits = |step: usize| {
        roll.rows.len() / step >= PART_PEOPLE
            && roll.answers / step >= PART_ANSWERS
            && rarest / step as f64 >= PART_CATEGORY
    };
    let step = [16, 12, 8, 6, 4].into_iter().find(|step| fits(*step))?;
    Some(roll.every(step, responses))
}
