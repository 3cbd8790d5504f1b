//! From answers and plan to what is estimated; refuses what cannot be fitted, with a reason.

use super::belief::Beliefs;
use super::curve::{INTERCEPTS, SLOPE, Shape};
use super::maximise::{ItemModel, SpecificSlope};
use super::plan::{GuessingPrior, ItemPrior, Model, NormalPrior, Plan};
use super::population::Population;
use super::result::FitError;
use crate::item::Curve;
use crate::math::{exp, ln, logit};
use crate::responses::{ItemColumn, Responses};

/// What is believed of guessing when the plan says nothing of an item: its logit is normal around that of 1 in 5, and
/// 95 % lie between .09 and .40. Without any belief the answers of most items do not determine it.
pub const USUAL_GUESSING: GuessingPrior = GuessingPrior::Logit(NormalPrior { mean: -1.386_294_361_119_890_6, sd: 0.5 });
/// The asymptote at which a free one begins.
const GUESSING_START: f64 = 0.15;

/// What is estimated.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub items: Vec<ItemModel>,
    /// Items of each family that has at least two.
    pub families: Vec<Vec<usize>>,
}

/// Parameters as they stand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    /// For each item its flat row.
    pub rows: Vec<Vec<f64>>,
    pub groups: Vec<Population>,
}

/// What is estimated, and where to start.
pub(crate) fn prepare(responses: &Responses, plan: &Plan) -> Result<(Setup, State), FitError> {
    if responses.answers() == 0 {
        return Err(FitError::NoAnswers);
    }
    check_plan(responses, plan)?;
    let counts = responses.category_counts();
    let fixed_slope = matches!(plan.model, Model::Rasch | Model::PartialCredit);
    let nothing = ItemPrior::default();
    let (mut items, mut rows) = (Vec::new(), Vec::new());
    for (index, (column, counts)) in responses.items().iter().zip(&counts).enumerate() {
        let prior = plan.priors.get(index).unwrap_or(&nothing);
        check_prior(column, prior, plan.model)?;
        check_answers(column, counts, prior, plan)?;
        let model = item_model(plan.model, column.labels.len(), prior);
        rows.push(start(&model, counts, prior));
        items.push(model);
    }
    let groups = populations(responses, fixed_slope)?;
    let families = families(plan);
    Ok((Setup { items, families }, State { rows, groups }))
}

fn check_plan(responses: &Responses, plan: &Plan) -> Result<(), FitError> {
    let items = responses.items().len();
    let fault = |text: String| Err(FitError::Plan(text));
    if matches!(plan.model, Model::Bifactor | Model::Testlet) {
        return fault(format!("{:?} has factors of its own: fit it with the function for such models", plan.model));
    }
    if !plan.factors.is_empty() {
        return fault(format!("{:?} has no factors beside the level; leave them out", plan.model));
    }
    for (name, length) in [("priors", plan.priors.len()), ("families", plan.families.len())] {
        if length != 0 && length != items {
            return fault(format!("{name} stand for {length} items, and there are {items}: give one an item, or none"));
        }
    }
    if !(plan.tolerance > 0.0 && plan.tolerance.is_finite()) {
        return fault(format!("the tolerance is positive; it is {}", plan.tolerance));
    }
    if plan.max_iterations == 0 {
        return fault("at least one iteration is needed".into());
    }
    Ok(())
}

fn check_prior(column: &ItemColumn, prior: &ItemPrior, model: Model) -> Result<(), FitError> {
    let fault = |text: &str| Err(FitError::Plan(format!("prior of item {}: {text}", column.name)));
    let logit = match prior.guessing {
        Some(GuessingPrior::Logit(normal)) => Some(normal),
        _ => None,
    };
    for normal in prior.ln_slope.iter().chain(&prior.difficulties).chain(&logit) {
        if !(normal.mean.is_finite() && normal.sd > 0.0 && normal.sd.is_finite()) {
            return fault("a normal distribution has a finite mean and a positive standard deviation");
        }
    }
    let steps = column.labels.len().saturating_sub(1);
    if !prior.difficulties.is_empty() && prior.difficulties.len() != steps {
        return fault(&format!("{} difficulties, and {steps} are needed", prior.difficulties.len()));
    }
    if prior.ln_slope.is_some() && matches!(model, Model::Rasch | Model::PartialCredit) {
        return fault("this model fixes all slopes at 1, so ln a cannot have a prior");
    }
    if prior.guessing.is_some() && model != Model::ThreePl {
        return fault("only the model with three parameters has guessing");
    }
    if let Some(GuessingPrior::Fixed(chance)) = prior.guessing
        && !(0.0..1.0).contains(&chance)
    {
        return fault(&format!("a chance of guessing right is at least 0 and below 1; it is {chance}"));
    }
    Ok(())
}

/// Whether there is a belief for every parameter that the answers might leave open.
fn determined_by_priors(prior: &ItemPrior, model: Model) -> bool {
    let slope = prior.ln_slope.is_some() || matches!(model, Model::Rasch | Model::PartialCredit);
    slope && !prior.difficulties.is_empty() && prior.guessing != Some(GuessingPrior::Free)
}

fn check_answers(column: &ItemColumn, counts: &[f64], prior: &ItemPrior, plan: &Plan) -> Result<(), FitError> {
    let (item, categories) = (column.name.clone(), counts.len());
    let dichotomous = matches!(plan.model, Model::Rasch | Model::TwoPl | Model::ThreePl);
    if dichotomous && categories > 2 {
        return Err(FitError::NotDichotomous { item, categories, model: plan.model });
    }
    let helped = determined_by_priors(prior, plan.model) && categories >= 2;
    if helped {
        return Ok(());
    }
    let mut given = counts.iter().enumerate().filter(|(_, count)| **count > 0.0).map(|(category, _)| category);
    let Some(first) = given.next() else { return Err(FitError::UnansweredItem { item }) };
    if given.next().is_none() {
        let label = column.labels[first].clone();
        return Err(FitError::ConstantItem { item, label, priors_help: categories >= 2 });
    }
    match counts.iter().position(|&count| count == 0.0) {
        Some(category) => Err(FitError::EmptyCategory { item, label: column.labels[category].clone() }),
        None => Ok(()),
    }
}

fn item_model(model: Model, categories: usize, prior: &ItemPrior) -> ItemModel {
    let curve = match model {
        Model::Rasch | Model::TwoPl | Model::ThreePl => Curve::Dichotomous,
        Model::PartialCredit | Model::GeneralisedPartialCredit => Curve::PartialCredit,
        _ => Curve::Graded,
    };
    let guessing = (model == Model::ThreePl).then(|| prior.guessing.unwrap_or(USUAL_GUESSING));
    let difficulties = prior.difficulties.iter().enumerate();
    ItemModel {
        shape: Shape { curve, categories },
        slope: !matches!(model, Model::Rasch | Model::PartialCredit),
        specific: SpecificSlope::Fixed,
        lower: !matches!(guessing, None | Some(GuessingPrior::Fixed(_))),
        beliefs: Beliefs {
            ln_slope: prior.ln_slope,
            difficulties: difficulties.map(|(index, belief)| Beliefs::difficulty(curve, index, *belief)).collect(),
            logit_lower: match guessing {
                Some(GuessingPrior::Logit(normal)) => Some(normal),
                _ => None,
            },
        },
    }
}

/// Where an item starts: at its share of each category, or at what is believed of it when there are few answers.
fn start(model: &ItemModel, counts: &[f64], prior: &ItemPrior) -> Vec<f64> {
    /// Answers from which on they say more than what was believed.
    const MANY: f64 = 30.0;
    let shape = model.shape;
    let mut row = vec![0.0; shape.len()];
    row[SLOPE] = prior.ln_slope.map_or(1.0, |belief| exp(belief.mean).clamp(0.05, 5.0));
    row[shape.lower()] = lower_start(model, prior);
    let total: f64 = counts.iter().sum();
    let believed = crate::item::Item::from_difficulties(
        shape.curve,
        row[SLOPE],
        &prior.difficulties.iter().map(|belief| belief.mean).collect::<Vec<_>>(),
        0.0,
    );
    if let Ok(item) = believed
        && total < MANY
    {
        row[INTERCEPTS..shape.lower()].copy_from_slice(item.intercepts());
        return row;
    }
    // Half an answer more in each category, so that none is empty; and z varies with the level, which pulls shares inwards.
    let smoothed: Vec<f64> = counts.iter().map(|count| count + 0.5).collect();
    let pull = (1.0 + row[SLOPE] * row[SLOPE] / 2.89_f64).sqrt();
    for k in 1..smoothed.len() {
        row[INTERCEPTS + k - 1] = match shape.curve {
            Curve::PartialCredit => ln(smoothed[k] / smoothed[0]),
            _ => {
                let above: f64 = smoothed[k..].iter().sum::<f64>() / smoothed.iter().sum::<f64>();
                let lower = super::curve::logistic_or_nought(row[shape.lower()]);
                pull * logit(((above - lower) / (1.0 - lower)).clamp(0.02_f64.min(above), 0.999_999))
            }
        };
    }
    row
}

fn lower_start(model: &ItemModel, prior: &ItemPrior) -> f64 {
    if !model.lower {
        return match prior.guessing {
            Some(GuessingPrior::Fixed(chance)) if chance > 0.0 => logit(chance),
            _ => f64::NEG_INFINITY,
        };
    }
    model.beliefs.logit_lower.map_or(logit(GUESSING_START), |belief| belief.mean)
}

fn populations(responses: &Responses, fixed_slope: bool) -> Result<Vec<Population>, FitError> {
    let mut answers = vec![0_usize; responses.groups().len()];
    responses.iter().for_each(|person| answers[person.group] += person.answers.len());
    if let Some(group) = answers.iter().position(|&count| count == 0) {
        let name = &responses.groups()[group];
        return Err(FitError::Plan(format!("group {name}: nobody in it answered anything; leave the group out")));
    }
    let group =
        |index| Population { mean: 0.0, variance: 1.0, mean_free: index > 0, variance_free: index > 0 || fixed_slope };
    Ok((0..answers.len()).map(group).collect())
}

/// Families of at least two items; one alone has nothing to be drawn towards.
fn families(plan: &Plan) -> Vec<Vec<usize>> {
    let mut members: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
    for (item, family) in plan.families.iter().enumerate() {
        if let Some(family) = family {
            members.entry(*family).or_default().push(item);
        }
    }
    members.into_values().filter(|members| members.len() > 1).collect()
}

impl State {
    /// All estimated parameters in a row: of items, then of groups (a variance by its logarithm).
    pub fn vector(&self, setup: &Setup) -> Vec<f64> {
        let mut vector = Vec::new();
        for (model, row) in setup.items.iter().zip(&self.rows) {
            vector.extend(model.free().iter().map(|&place| row[place]));
        }
        for group in &self.groups {
            vector.extend(group.mean_free.then_some(group.mean));
            vector.extend(group.variance_free.then(|| ln(group.variance)));
        }
        vector
    }

    /// The same with other values; nothing when they describe no items or lie beyond the limits.
    pub fn with(&self, setup: &Setup, vector: &[f64]) -> Option<Self> {
        let mut state = self.clone();
        let mut values = vector.iter().copied();
        for (model, row) in setup.items.iter().zip(&mut state.rows) {
            for place in model.free() {
                row[place] = values.next()?;
            }
            let slope = model.beliefs.ln_slope.is_none() || row[SLOPE] > 0.0;
            if !slope || !model.shape.holds(row) || super::maximise::beyond_limits(model, row) {
                return None;
            }
        }
        for group in &mut state.groups {
            if group.mean_free {
                group.mean = values.next()?;
            }
            if group.variance_free {
                group.variance = exp(values.next()?).max(super::population::LEAST_VARIANCE);
            }
            if !(group.mean.is_finite() && group.variance.is_finite()) {
                return None;
            }
        }
        Some(state)
    }
}
