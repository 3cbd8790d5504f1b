//! Calibration from beginning to end: refuse, start, climb, and say what is uncertain.

use super::bifactor::calibrate_bifactor;
use super::curve::{INTERCEPTS, SLOPE, logistic_or_nought};
use super::em::{Course, Ended, Problem, run};
use super::families;
use super::information::{Indefinite, Uncertain, uncertain};
use super::maximise::{ItemModel, LARGEST_INTERCEPT, LARGEST_LOGIT, LARGEST_SLOPE};
use super::missing::{Places, ScoreTables};
use super::pack::{Layout, Packed, Roll};
use super::plan::{Model, Plan, StandardErrors};
use super::population::Nodes;
use super::result::{Convergence, Fit, FitError, FitProgress, FittedGroup, FittedItem, ItemErrors};
use super::setup::{State, prepare};
use crate::math::Matrix;
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
/// where a group is so wide or far away that it would not fit. People who answered nothing say nothing and are left out.
///
/// Priors are taken on ln a, b and the logit of the guessing asymptote, and the mode on these scales. An item of the model
/// with three parameters for which no prior of guessing is given gets [`USUAL_GUESSING`](super::USUAL_GUESSING).
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
            return Ok(finish(responses, plan, &roll, &mut problem, &state, iterations, Ended::Stopped));
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
    Ok(finish(responses, plan, &roll, &mut problem, &state, iterations, ended))
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

/// Everything of the fit from where it ended.
fn finish(
    responses: &Responses,
    plan: &Plan,
    roll: &Roll,
    problem: &mut Problem<'_>,
    state: &State,
    iterations: usize,
    ended: Ended,
) -> Fit {
    // A stopped fit may have seen a part of the people only; its likelihood is still that of all.
    let all;
    if problem.packed.people_listed() != roll.rows.len() {
        all = Packed::new(responses, roll, problem.layout);
        let whole = Problem { packed: &all, nodes: problem.nodes.clone(), ..*problem };
        return finish_whole(responses, plan, roll, &whole, state, iterations, ended);
    }
    finish_whole(responses, plan, roll, problem, state, iterations, ended)
}

fn finish_whole(
    responses: &Responses,
    plan: &Plan,
    roll: &Roll,
    problem: &Problem<'_>,
    state: &State,
    iterations: usize,
    ended: Ended,
) -> Fit {
    let models = problem.models(state);
    let places = Places::new(&models, state);
    let mut running = runaway(&models, state);
    let mut found = None;
    if plan.standard_errors == StandardErrors::Observed && ended != Ended::Stopped && running.is_empty() {
        let totals =
            super::expect::expect::<f64>(problem.layout, problem.packed, &problem.logs(state), problem.threads);
        let tables = ScoreTables::new(problem, state, responses, roll, &places);
        match uncertain(problem, state, &totals, &tables, &places) {
            Ok(uncertain) => found = Some(uncertain),
            Err(Indefinite(blocks)) => running = blocks.into_iter().filter(|index| *index < models.len()).collect(),
        }
        if found.is_none() && running.is_empty() {
            // Items and groups cannot be told apart: no item alone is to blame.
            running = (0..models.len()).collect();
        }
    }
    let convergence = match ended {
        Ended::Stopped => Convergence::Stopped,
        _ if !running.is_empty() => Convergence::Undetermined {
            items: running.iter().map(|&item| responses.items()[item].name.clone()).collect(),
        },
        Ended::Converged | Ended::Coarse => Convergence::Converged,
        Ended::OutOfIterations { largest_change } => Convergence::OutOfIterations { largest_change },
    };
    Fit {
        model: plan.model,
        log_likelihood: problem.log_likelihood(state),
        log_prior: problem.log_prior(state),
        convergence,
        iterations,
        people: responses.people(),
        parameters: places.total,
        items: fitted_items(responses, &models, state, found.as_ref()),
        groups: fitted_groups(responses, state, &places, models.len(), found.as_ref()),
        factor_sds: Vec::new(),
        family_sd: problem.family_sd,
    }
}

/// Items whose parameters have gone where answers no longer tell them from infinity.
fn runaway(models: &[ItemModel], state: &State) -> Vec<usize> {
    let far = |(model, row): (&ItemModel, &Vec<f64>)| {
        let lower = row[model.shape.lower()];
        (model.slope && row[SLOPE].abs() > 0.5 * LARGEST_SLOPE)
            || row[INTERCEPTS..model.shape.lower()].iter().any(|d| d.abs() > 0.5 * LARGEST_INTERCEPT)
            || (model.lower && lower.abs() > 0.9 * LARGEST_LOGIT)
    };
    let all = models.iter().zip(&state.rows).enumerate();
    all.filter(|(_, item)| far(*item)).map(|(index, _)| index).collect()
}

fn fitted_items(
    responses: &Responses,
    models: &[ItemModel],
    state: &State,
    found: Option<&Uncertain>,
) -> Vec<FittedItem> {
    let counts = responses.category_counts();
    let mut items = Vec::with_capacity(models.len());
    for (index, (model, row)) in models.iter().zip(&state.rows).enumerate() {
        let Ok(item) = model.shape.item(row, None) else { continue };
        let covariance = found.map(|found| natural(model, row, &found.blocks[index]));
        items.push(FittedItem {
            name: responses.items()[index].name.clone(),
            item,
            errors: item_errors(model, covariance),
            answers: counts[index].iter().sum(),
        });
    }
    items
}

/// From the asymptote's logit to the asymptote itself.
fn natural(model: &ItemModel, row: &[f64], covariance: &Matrix) -> Matrix {
    let mut natural = covariance.clone();
    if model.lower {
        let g = logistic_or_nought(row[model.shape.lower()]);
        let last = natural.rows() - 1;
        for k in 0..=last {
            natural[(last, k)] *= g * (1.0 - g);
            natural[(k, last)] *= g * (1.0 - g);
        }
    }
    natural
}

fn item_errors(model: &ItemModel, covariance: Option<Matrix>) -> ItemErrors {
    let mut errors = ItemErrors { intercepts: vec![None; model.shape.intercepts()], ..ItemErrors::default() };
    if let Some(covariance) = &covariance {
        for (at, place) in model.free().into_iter().enumerate() {
            let error = Some(covariance[(at, at)].max(0.0).sqrt());
            match place {
                SLOPE => errors.slope = error,
                _ if place == model.shape.lower() => errors.lower = error,
                _ => errors.intercepts[place - INTERCEPTS] = error,
            }
        }
    }
    ItemErrors { covariance, ..errors }
}

fn fitted_groups(
    responses: &Responses,
    state: &State,
    places: &Places,
    items: usize,
    found: Option<&Uncertain>,
) -> Vec<FittedGroup> {
    let mut people = vec![0.0; state.groups.len()];
    responses.iter().for_each(|person| people[person.group] += person.weight);
    let first = places.items.last().map_or(0, |(first, count)| first + count);
    let block = found.and_then(|found| found.blocks.get(items));
    let error = |place: Option<usize>| {
        let at = place? - first;
        block.map(|block| block[(at, at)].max(0.0).sqrt())
    };
    let one = |(index, group): (usize, &super::population::Population)| FittedGroup {
        name: responses.groups()[index].clone(),
        mean: group.mean,
        variance: group.variance,
        mean_error: error(places.groups[index][0]),
        variance_error: error(places.groups[index][1]),
        people: people[index],
    };
    state.groups.iter().enumerate().map(one).collect()
}
