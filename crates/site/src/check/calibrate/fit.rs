//! Quick questions: slopes and difficulties, as the mode of what the authors believed and the answers say.

use super::super::{BankEntry, BankParts, Condition, ENOUGH, ItemKind};
use super::lent::Lent;
use jobfuture_codes::Code;
use psychometrics::fit::{Convergence, Fit, FittedItem, GuessingPrior, ItemPrior, Model, NormalPrior, Plan, calibrate};
use psychometrics::{Answer, ItemColumn, Responses};
use std::ops::ControlFlow;

/// Least standard deviation that is claimed or believed: the model itself is no better known.
const LEAST_SD: f64 = 0.05;
/// Weight of the answer that stands for the scale's population: nothing is learned from it.
const NEXT_TO_NOTHING: f64 = 1e-6;

/// An item's numbers, as measured.
pub(super) struct Found {
    pub slope: f64,
    pub ln_slope_sd: f64,
    pub difficulty: f64,
    pub difficulty_sd: f64,
}

/// Measured questions by their number, and mean and standard deviation of the people's levels.
pub(super) struct Fitted {
    pub items: Vec<(usize, Found)>,
    pub population: (f64, f64),
}

/// Fits all questions that anybody answered, and gives those with enough answers.
///
/// The scale is the authors': levels begin where they do among the questions, so that what all the people who took the check
/// have in common must not move it. These people are therefore a group whose mean and variance are estimated, beside the
/// scale's own population, of which nobody answers.
pub(super) fn questions(authored: &BankParts, lent: &Lent, condition: Condition) -> Result<Fitted, String> {
    let is_question = |number: &usize| authored.items[*number].kind == ItemKind::Question;
    let asked: Vec<usize> = (0..authored.items.len()).filter(|n| is_question(n) && lent.counts[*n] > 0).collect();
    if asked.is_empty() {
        return Err("no quick question was answered".to_owned());
    }
    let floor = authored.floor.get(condition.id()).copied().unwrap_or_default();
    let priors = asked.iter().map(|number| prior(&authored.items[*number], floor)).collect();
    let plan = Plan { priors, ..Plan::new(Model::ThreePl) };
    let responses = responses(authored, lent, &asked).map_err(|fault| fault.to_string())?;
    let fit = calibrate(&responses, &plan, &mut |_| ControlFlow::Continue(())).map_err(|fault| fault.to_string())?;
    refuse_unless_converged(&fit, authored, &asked)?;
    let population = fit.groups.get(1).map_or((0.0, 1.0), |group| (group.mean, group.variance.sqrt()));
    let measured = asked.iter().zip(&fit.items).filter(|(number, _)| lent.counts[**number] >= ENOUGH as usize);
    let found = measured.map(|(number, item)| (*number, found(item, &authored.items[*number])));
    Ok(Fitted { items: found.collect(), population })
}

/// What the authors believe of a question. An answer that is not the person's own counts as a guess that is right.
fn prior(entry: &BankEntry, floor: f64) -> ItemPrior {
    let normal = |mean: f64, sd: f64| NormalPrior { mean, sd: sd.max(LEAST_SD) };
    ItemPrior {
        ln_slope: Some(normal(entry.slope.ln(), entry.ln_slope_sd)),
        difficulties: vec![normal(entry.difficulty, entry.difficulty_sd)],
        guessing: Some(GuessingPrior::Fixed(floor + (1.0 - floor) * entry.guess)),
    }
}

fn responses(authored: &BankParts, lent: &Lent, asked: &[usize]) -> Result<Responses, psychometrics::ResponsesError> {
    let column = |number: &usize| ItemColumn {
        name: authored.items[*number].id.clone(),
        labels: vec!["0".to_owned(), "1".to_owned()],
    };
    let groups = vec!["scale".to_owned(), "people".to_owned()];
    let mut responses = Responses::new(asked.iter().map(column).collect(), groups)?;
    responses.push(&[Answer { item: 0, category: 1 }], NEXT_TO_NOTHING, 0)?;
    for person in &lent.people {
        // Both are in order of numbers.
        let answers = person.iter().filter_map(|(number, category)| {
            let item = asked.binary_search(number).ok()?;
            Some(Answer { item: item as u32, category: (*category).min(1) })
        });
        let answers: Vec<Answer> = answers.collect();
        if !answers.is_empty() {
            responses.push(&answers, 1.0, 1)?;
        }
    }
    Ok(responses)
}

fn refuse_unless_converged(fit: &Fit, authored: &BankParts, asked: &[usize]) -> Result<(), String> {
    let content = |id: &String| {
        let found = asked.iter().map(|number| &authored.items[*number]).find(|item| item.id == *id);
        found.map_or(id.clone(), |item| item.content.clone())
    };
    match &fit.convergence {
        Convergence::Converged => Ok(()),
        Convergence::OutOfIterations { largest_change } => {
            Err(format!("the iterations were used up while a parameter still changed by {largest_change:.4}"))
        }
        Convergence::Stopped => Err("the fit was stopped".to_owned()),
        Convergence::Undetermined { items } => {
            let names: Vec<String> = items.iter().map(content).collect();
            Err(format!("the answers do not determine {}", names.join(", ")))
        }
    }
}

/// Difficulty and its error from slope and intercept: b = −d/a, by the delta method. Never less sure than the authors.
fn found(item: &FittedItem, authored: &BankEntry) -> Found {
    let (slope, intercept) = (item.item.slope(), item.item.intercepts()[0]);
    let (by_slope, by_intercept) = (intercept / (slope * slope), -1.0 / slope);
    let variances = item.errors.covariance.as_ref().filter(|matrix| matrix.rows() >= 2).map(|matrix| {
        let both = 2.0 * by_slope * by_intercept * matrix[(0, 1)];
        let difficulty = by_slope * by_slope * matrix[(0, 0)] + both + by_intercept * by_intercept * matrix[(1, 1)];
        (matrix[(0, 0)] / (slope * slope), difficulty)
    });
    let sd = |variance: Option<f64>, most: f64| {
        variance.map_or(most, |variance| variance.max(0.0).sqrt()).min(most).max(LEAST_SD)
    };
    Found {
        slope,
        ln_slope_sd: sd(variances.map(|(slope, _)| slope), authored.ln_slope_sd),
        difficulty: -intercept / slope,
        difficulty_sd: sd(variances.map(|(_, difficulty)| difficulty), authored.difficulty_sd),
    }
}
