//! Calibration of bifactor and testlet models.
//!
//! R. D. Gibbons and D. R. Hedeker (1992); testlets: E. T. Bradlow, H. Wainer and X. Wang (1999). An item sees
//! z = a θ + s θₜ, with a general level θ and a level θₜ of its own factor, independent and standard normal. Without a
//! factor it sees the general level alone. In a testlet model s = a σₜ, with one σₜ a factor.

mod climb;
mod conditional;
mod errors;
mod expect;
mod grid;
mod parallel;
mod patterns;
mod state;

use super::belief::Beliefs;
use super::maximise::beyond_limits;
use super::plan::{Model, NormalPrior, Plan, StandardErrors};
use super::result::{Convergence, Fit, FitError, FitProgress, FittedGroup, FittedItem, ItemErrors};
use crate::responses::Responses;
use climb::{Climb, climb};
use state::{Problem, intercepts_of, shape};
use std::ops::ControlFlow;

/// Fits `Model::Bifactor` or `Model::Testlet`.
pub(super) fn calibrate_bifactor(
    responses: &Responses,
    plan: &Plan,
    progress: &mut dyn FnMut(FitProgress) -> ControlFlow<()>,
) -> Result<Fit, FitError> {
    check_plan(responses, plan)?;
    check_answers(responses)?;
    let problem = problem(responses, plan, grid_for(responses, plan));
    let start = problem.start(responses);
    let mut climb = climb(&problem, plan, start, progress);
    problem.turn(&mut climb.state);
    let mut running: Vec<usize> = (0..problem.shapes.len())
        .filter(|&item| beyond_limits(&problem.model(item, &climb.state), &near_limits(&climb.state.rows[item])))
        .collect();
    let wanted = plan.standard_errors == StandardErrors::Observed && climb.convergence != Convergence::Stopped;
    let errors = if wanted && running.is_empty() { errors::item_errors(&problem, &climb.state) } else { None };
    if wanted && errors.is_none() && running.is_empty() {
        // Items and factors cannot be told apart: no item alone is to blame.
        running = (0..problem.shapes.len()).collect();
    }
    if !running.is_empty() && climb.convergence != Convergence::Stopped {
        let items = running.iter().map(|&item| responses.items()[item].name.clone()).collect();
        climb.convergence = Convergence::Undetermined { items };
    }
    let errors = errors.unwrap_or_else(|| no_errors(&climb));
    fit(responses, plan, &problem, climb, errors)
}

/// So that a parameter that has come half the way to a limit counts as beyond it.
fn near_limits(row: &[f64]) -> Vec<f64> {
    row.iter().map(|value| value * 2.0).collect()
}

fn no_errors(climb: &Climb) -> Vec<ItemErrors> {
    let of = |row: &Vec<f64>| ItemErrors { intercepts: vec![None; intercepts_of(row).len()], ..ItemErrors::default() };
    climb.state.rows.iter().map(of).collect()
}

/// A grid that is fine enough for the longest test that somebody took.
fn grid_for(responses: &Responses, plan: &Plan) -> grid::Grid {
    let all = responses.iter().map(|person| person.answers.len()).max().unwrap_or(0);
    let factors = plan.factors.iter().flatten().max().map_or(0, |last| last + 1);
    let size = |factor: usize| plan.factors.iter().filter(|own| **own == Some(factor)).count();
    let one_factor = (0..factors).map(size).max().unwrap_or(0);
    grid::Grid::for_answers(all, one_factor.min(all))
}

fn problem(responses: &Responses, plan: &Plan, grid: grid::Grid) -> Problem {
    Problem {
        grid,
        blocks: patterns::blocks(responses, &plan.factors),
        shapes: responses.items().iter().map(|item| shape(item.labels.len())).collect(),
        factors: plan.factors.clone(),
        beliefs: responses
            .items()
            .iter()
            .enumerate()
            .map(|(place, item)| beliefs(plan, place, item.labels.len()))
            .collect(),
        testlet: plan.model == Model::Testlet,
        weights: responses.iter().map(|person| person.weight).collect(),
        threads: plan.threads.max(1),
    }
}

fn fit(
    responses: &Responses,
    plan: &Plan,
    problem: &Problem,
    climb: Climb,
    errors: Vec<ItemErrors>,
) -> Result<Fit, FitError> {
    let counts = responses.category_counts();
    let items = climb.state.rows.iter().zip(errors).enumerate().map(|(place, (row, errors))| {
        let item = problem.shapes[place].item(row, problem.factors[place]);
        let name = responses.items()[place].name.clone();
        let item = item.map_err(|error| FitError::Plan(format!("item {name}: {error}")))?;
        Ok(FittedItem { name, item, errors, answers: counts[place].iter().sum() })
    });
    let people = responses.people();
    Ok(Fit {
        model: plan.model,
        log_likelihood: climb.log_likelihood,
        log_prior: problem.log_prior(&climb.state),
        parameters: problem.flat(&climb.state).len(),
        convergence: climb.convergence,
        iterations: climb.iterations,
        people,
        items: items.collect::<Result<_, FitError>>()?,
        groups: vec![FittedGroup {
            name: responses.groups()[0].clone(),
            mean: 0.0,
            variance: 1.0,
            mean_error: None,
            variance_error: None,
            people,
        }],
        factor_sds: climb.state.sds,
        family_sd: None,
    })
}

fn check_plan(responses: &Responses, plan: &Plan) -> Result<(), FitError> {
    let refuse = |reason: String| Err(FitError::Plan(reason));
    let (model, items) = (plan.model, responses.items().len());
    if plan.factors.len() != items {
        return refuse(format!(
            "{model:?} has factors of its own: a factor (or none) is needed for each of the {items} items; {} are given",
            plan.factors.len()
        ));
    }
    if responses.groups().len() > 1 {
        return refuse(format!("{model:?} is fitted to one group; fit each group on its own"));
    }
    if plan.families.iter().any(Option::is_some) {
        return refuse(format!("{model:?} is fitted without families"));
    }
    check_priors(responses, plan)?;
    if !(plan.tolerance > 0.0 && plan.tolerance.is_finite()) || plan.max_iterations == 0 {
        return refuse("a positive tolerance and at least one iteration are needed".into());
    }
    let count = plan.factors.iter().flatten().max().map_or(0, |last| last + 1);
    if count == 0 {
        return refuse(format!("{model:?} needs a factor for at least some items; without any, take 2PL or graded"));
    }
    // Fewer do not determine the slopes: two items have one correlation between them.
    let least = if model == Model::Testlet { 2 } else { 3 };
    for factor in 0..count {
        let of = plan.factors.iter().filter(|own| **own == Some(factor)).count();
        if of < least {
            return refuse(format!(
                "factor number {factor} (from 0) has {of} items; {model:?} needs at least {least} to tell it from the \
                 general level"
            ));
        }
    }
    Ok(())
}

fn check_priors(responses: &Responses, plan: &Plan) -> Result<(), FitError> {
    let items = responses.items();
    if !plan.priors.is_empty() && plan.priors.len() != items.len() {
        let (given, items) = (plan.priors.len(), items.len());
        return Err(FitError::Plan(format!(
            "priors stand for {given} items, and there are {items}: give one an item, or none"
        )));
    }
    for (prior, column) in plan.priors.iter().zip(items) {
        let refuse = |text: &str| Err(FitError::Plan(format!("prior of item {}: {text}", column.name)));
        let normal = |prior: &NormalPrior| prior.mean.is_finite() && prior.sd > 0.0 && prior.sd.is_finite();
        if !prior.ln_slope.iter().chain(&prior.difficulties).all(normal) {
            return refuse("a normal distribution has a finite mean and a positive standard deviation");
        }
        if !prior.difficulties.is_empty() && prior.difficulties.len() + 1 != column.labels.len() {
            return refuse("one difficulty is needed for each category but the first");
        }
        if prior.guessing.is_some() {
            return refuse("only the model with three parameters has guessing");
        }
    }
    Ok(())
}

/// What the plan says is believed of an item: of its general slope, and of the difficulties on the general level.
fn beliefs(plan: &Plan, place: usize, categories: usize) -> Beliefs {
    let Some(prior) = plan.priors.get(place) else { return Beliefs::default() };
    let difficulties = prior.difficulties.iter().enumerate();
    let curve = shape(categories).curve;
    Beliefs {
        ln_slope: prior.ln_slope,
        difficulties: difficulties.map(|(index, belief)| Beliefs::difficulty(curve, index, *belief)).collect(),
        logit_lower: None,
    }
}

fn check_answers(responses: &Responses) -> Result<(), FitError> {
    if responses.answers() == 0 {
        return Err(FitError::NoAnswers);
    }
    for (column, counts) in responses.items().iter().zip(responses.category_counts()) {
        let item = column.name.clone();
        let label = |place: usize| column.labels[place].clone();
        let used: Vec<usize> = (0..counts.len()).filter(|&category| counts[category] > 0.0).collect();
        match used[..] {
            [] => return Err(FitError::UnansweredItem { item }),
            [only] => return Err(FitError::ConstantItem { item, label: label(only), priors_help: false }),
            _ => {}
        }
        if let Some(empty) = counts.iter().position(|count| *count <= 0.0) {
            return Err(FitError::EmptyCategory { item, label: label(empty) });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
