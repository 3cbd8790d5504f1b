//! What a fit found, with what is uncertain of it.

use super::curve::{INTERCEPTS, SLOPE, logistic_or_nought};
use super::em::{Ended, Problem};
use super::information::{Indefinite, Uncertain, uncertain};
use super::maximise::{ItemModel, LARGEST_INTERCEPT, LARGEST_LOGIT, LARGEST_SLOPE};
use super::missing::{Places, ScoreTables};
use super::pack::Roll;
use super::plan::{Plan, StandardErrors};
use super::result::{Convergence, Fit, FittedGroup, FittedItem, ItemErrors};
use super::setup::State;
use crate::math::Matrix;
use crate::responses::Responses;

/// So often items are set aside and the errors of the others are tried again.
const ROUNDS: usize = 4;

/// Everything of the fit from where it ended.
pub(crate) fn report(
    responses: &Responses,
    plan: &Plan,
    roll: &Roll,
    problem: &Problem<'_>,
    state: &State,
    iterations: usize,
    ended: Ended,
) -> Fit {
    let models = problem.models(state);
    let mut open = runaway(&models, state);
    let wanted = plan.standard_errors == StandardErrors::Observed && ended != Ended::Stopped;
    let found = if wanted { errors(responses, roll, problem, state, &mut open) } else { None };
    let convergence = match ended {
        Ended::Stopped => Convergence::Stopped,
        _ if !open.is_empty() => {
            Convergence::Undetermined { items: open.iter().map(|&item| responses.items()[item].name.clone()).collect() }
        }
        Ended::Converged | Ended::Coarse => Convergence::Converged,
        Ended::OutOfIterations { largest_change } => Convergence::OutOfIterations { largest_change },
    };
    let places = Places::new(&models, state, &[]);
    Fit {
        model: plan.model,
        log_likelihood: problem.log_likelihood(state),
        log_prior: problem.log_prior(state),
        convergence,
        iterations,
        people: responses.people(),
        parameters: places.total,
        items: fitted_items(responses, &models, state, found.as_ref().map(|(_, found)| found)),
        groups: fitted_groups(responses, state, found.as_ref()),
        factor_sds: Vec::new(),
        family_sd: problem.family_sd,
    }
}

/// Covariances, and where their parameters stand. Items that turn out to be undetermined are added to `open`, set aside,
/// and the others tried again.
fn errors(
    responses: &Responses,
    roll: &Roll,
    problem: &Problem<'_>,
    state: &State,
    open: &mut Vec<usize>,
) -> Option<(Places, Uncertain)> {
    let models = problem.models(state);
    let logs = problem.logs(state);
    let totals = super::expect::expect::<f64>(problem.layout, problem.packed, &logs, problem.threads);
    for _ in 0..ROUNDS {
        let places = Places::new(&models, state, open);
        let tables = ScoreTables::new(problem, state, responses, roll, &places);
        let blocks = match uncertain(problem, state, &totals, &tables, &places) {
            Ok(uncertain) => return Some((places, uncertain)),
            Err(Indefinite(blocks)) => blocks,
        };
        let items: Vec<usize> = blocks.into_iter().filter(|block| *block < models.len()).collect();
        if items.is_empty() {
            break;
        }
        open.extend(items);
        open.sort_unstable();
    }
    // Items and groups cannot be told apart, or too many items are open: no item alone is to blame.
    *open = (0..models.len()).collect();
    None
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
        let block = found.map(|found| &found.blocks[index]).filter(|block| block.rows() > 0);
        let covariance = block.map(|block| natural(model, row, block));
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

fn fitted_groups(responses: &Responses, state: &State, found: Option<&(Places, Uncertain)>) -> Vec<FittedGroup> {
    let mut people = vec![0.0; state.groups.len()];
    responses.iter().for_each(|person| people[person.group] += person.weight);
    let error = |group: usize, which: usize| {
        let (places, uncertain) = found?;
        let first = places.items.last().map_or(0, |(first, count)| first + count);
        let at = places.groups[group][which]? - first;
        Some(uncertain.blocks.last()?[(at, at)].max(0.0).sqrt())
    };
    let one = |(index, group): (usize, &super::population::Population)| FittedGroup {
        name: responses.groups()[index].clone(),
        mean: group.mean,
        variance: group.variance,
        mean_error: error(index, 0),
        variance_error: error(index, 1),
        people: people[index],
    };
    state.groups.iter().enumerate().map(one).collect()
}
