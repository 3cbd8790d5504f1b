//! Estimates of levels as numbers, for research and for checking a bank: not for what people are told (see
//! [`super::Bands`]).
//!
//! Sources: R. D. Bock and R. J. Mislevy (1982) for the posterior mean; T. A. Warm (1989), F. Samejima (1998) and
//! R. D. Penfield and J. M. Bergeron (2005) for weighted likelihood.

use super::category_table::CategoryTable;
use super::slopes::Sums;
use super::soft::SoftItem;
use super::table_blocks::Blocks;
use crate::fit::{Fit, NormalPrior};
use crate::grid::{NODES, SPACING, node, normal_weights};
use crate::item::Item;
use crate::responses::{Answer, Responses};

/// How to estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Mean and standard deviation of the posterior.
    Eap,
    /// Top of the posterior; the error from its curvature there.
    Map,
    /// Weighted likelihood: nearly unbiased, and finite also for those who got everything right or wrong; no prior. The
    /// error is 1/√I with the Fisher information.
    Wle,
    /// Maximum likelihood, no prior; the error from the curvature. For those who got everything right or wrong there is no
    /// maximum: level and error are infinite.
    Ml,
}

/// A level as a number and its standard error.
///
/// It cannot be printed, neither by `Display` nor by `Debug`: a number that reaches a page or a log ranks somebody. Those
/// who are entitled to it take it out by name.
#[derive(Clone, Copy, PartialEq)]
pub struct Estimate {
    theta: f64,
    se: f64,
}

/// Why nothing could be estimated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// Another number of items than columns.
    #[error("there are {items} items and answers to {columns}")]
    Items {
        /// How many items.
        items: usize,
        /// How many columns.
        columns: usize,
    },
    /// Another number of categories.
    #[error("item {name} has {item} categories, and its answers have {column}")]
    Categories {
        /// Which.
        name: String,
        /// As its parameters have it.
        item: usize,
        /// As its column has it.
        column: usize,
    },
    /// Another number of priors than groups.
    #[error("there are {priors} priors and {groups} groups: one for each")]
    Priors {
        /// How many priors.
        priors: usize,
        /// How many groups.
        groups: usize,
    },
    /// A prior that is no normal distribution on the grid.
    #[error("the prior of group {0} has a mean between −6 and 6 and a positive standard deviation")]
    Prior(String),
    /// An item with a factor of its own.
    #[error(
        "item {0} has a factor of its own: a bifactor or testlet model is scored by topics, not one item at a time"
    )]
    Specific(String),
}

impl Estimate {
    /// The level, in standard deviations of the reference population.
    #[must_use]
    pub fn theta(&self) -> f64 {
        self.theta
    }

    /// Its standard error; infinite where the answers say nothing.
    #[must_use]
    pub fn se(&self) -> f64 {
        self.se
    }
}

/// Says nothing of the level.
impl std::fmt::Debug for Estimate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Estimate(…)")
    }
}

/// Estimates for all people (or patterns) in their order. `priors` has one entry for each group; weighted and maximum
/// likelihood use it only for people without answers, who are given its mean and an infinite error.
///
/// # Errors
/// Items that do not fit the answers' columns, items with a factor of their own, priors that do not fit the groups.
pub fn score_all(
    items: &[Item],
    responses: &Responses,
    method: Method,
    priors: &[NormalPrior],
) -> Result<Vec<Estimate>, ScoreError> {
    check(items.iter().map(Item::categories), responses, priors)?;
    if let Some(place) = items.iter().position(|item| item.specific().is_some()) {
        return Err(ScoreError::Specific(responses.items()[place].name.clone()));
    }
    let tables: Vec<CategoryTable> = items.iter().map(|item| SoftItem::known(item.clone()).table()).collect();
    let mut scorer = Scorer::new(&tables, priors);
    Ok(responses
        .iter()
        .map(|person| {
            let prior = priors[person.group];
            let searched = |weights: &[f64; NODES]| search(items, person.answers, method, prior, heaviest(weights));
            match method {
                Method::Eap => moments(scorer.posterior(person.answers, Some(person.group))),
                Method::Map => searched(scorer.posterior(person.answers, Some(person.group))),
                Method::Wle | Method::Ml if person.answers.is_empty() => {
                    Estimate { theta: prior.mean, se: f64::INFINITY }
                }
                Method::Wle | Method::Ml => searched(scorer.posterior(person.answers, None)),
            }
        })
        .collect())
}

/// As [`score_all`], with the items of a fit, its groups' distributions as priors.
///
/// # Errors
/// As [`score_all`].
pub fn score_fit(fit: &Fit, responses: &Responses, method: Method) -> Result<Vec<Estimate>, ScoreError> {
    let items: Vec<Item> = fit.items.iter().map(|fitted| fitted.item.clone()).collect();
    let prior = |group: &crate::fit::FittedGroup| NormalPrior { mean: group.mean, sd: group.variance.sqrt() };
    let priors: Vec<NormalPrior> = fit.groups.iter().map(prior).collect();
    score_all(&items, responses, method, &priors)
}

/// Posterior means and standard deviations from tables of items (soft ones, or tasks as graded observations).
///
/// # Errors
/// Tables that do not fit the answers' columns, priors that do not fit the groups.
pub fn score_tables(
    tables: &[CategoryTable],
    responses: &Responses,
    priors: &[NormalPrior],
) -> Result<Vec<Estimate>, ScoreError> {
    check(tables.iter().map(CategoryTable::categories), responses, priors)?;
    let mut scorer = Scorer::new(tables, priors);
    let estimate = |person: crate::responses::Person<'_>| {
        let weights = scorer.posterior(person.answers, Some(person.group));
        moments(weights)
    };
    Ok(responses.iter().map(estimate).collect())
}

fn check(
    categories: impl ExactSizeIterator<Item = usize>,
    responses: &Responses,
    priors: &[NormalPrior],
) -> Result<(), ScoreError> {
    let columns = responses.items();
    if categories.len() != columns.len() {
        return Err(ScoreError::Items { items: categories.len(), columns: columns.len() });
    }
    for (item, column) in categories.zip(columns) {
        if item != column.labels.len() {
            return Err(ScoreError::Categories { name: column.name.clone(), item, column: column.labels.len() });
        }
    }
    if priors.len() != responses.groups().len() {
        return Err(ScoreError::Priors { priors: priors.len(), groups: responses.groups().len() });
    }
    let is_normal = |prior: &NormalPrior| prior.mean.abs() <= 6.0 && prior.sd > 0.0 && prior.sd.is_finite();
    match priors.iter().position(|prior| !is_normal(prior)) {
        Some(group) => Err(ScoreError::Prior(responses.groups()[group].clone())),
        None => Ok(()),
    }
}

/// Tables made ready, priors on the grid, and room to work in.
struct Scorer {
    blocks: Blocks,
    priors: Vec<[f64; NODES]>,
    weights: [f64; NODES],
}

impl Scorer {
    fn new(tables: &[CategoryTable], priors: &[NormalPrior]) -> Self {
        let priors = priors.iter().map(|prior| normal_weights(prior.mean, prior.sd)).collect();
        Self { blocks: Blocks::new(tables), priors, weights: [0.0; NODES] }
    }

    /// Weights of the nodes after these answers, from a group's prior or from none; not normalised.
    fn posterior(&mut self, answers: &[Answer], group: Option<usize>) -> &[f64; NODES] {
        const FLAT: [f64; NODES] = [1.0; NODES];
        let prior = group.map_or(&FLAT, |group| &self.priors[group]);
        self.blocks.observe(prior, answers, &mut self.weights);
        &self.weights
    }
}

/// Mean and standard deviation.
fn moments(weights: &[f64; NODES]) -> Estimate {
    let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
    for (q, &weight) in weights.iter().enumerate() {
        let theta = node(q);
        sum += weight;
        first += weight * theta;
        second += weight * (theta * theta);
    }
    let mean = first / sum;
    let variance: f64 = second / sum - mean * mean;
    Estimate { theta: mean, se: variance.max(0.0).sqrt() }
}

fn heaviest(weights: &[f64; NODES]) -> f64 {
    node((1..NODES).fold(0, |best, q| if weights[q] > weights[best] { q } else { best }))
}

/// Looks for the level where the method's equation turns from positive to negative, from the heaviest node on.
fn search(items: &[Item], answers: &[Answer], method: Method, prior: NormalPrior, start: f64) -> Estimate {
    /// Beyond this no item says anything, and no estimate is meant.
    const FAR: f64 = 64.0;
    let equation = |theta: f64| {
        let mut sums = Sums::default();
        for answer in answers {
            sums.add(&items[answer.item as usize], usize::from(answer.category), theta);
        }
        let value = match method {
            Method::Map => sums.score - (theta - prior.mean) / (prior.sd * prior.sd),
            Method::Wle => sums.score + if sums.expected > 0.0 { 0.5 * sums.bias / sums.expected } else { 0.0 },
            Method::Eap | Method::Ml => sums.score,
        };
        (value, sums)
    };
    let mut near = (start, equation(start).0);
    let side = if near.1 < 0.0 { -1.0 } else { 1.0 };
    let mut stride = SPACING;
    let mut far = near;
    while far.1 * side > 0.0 {
        near = far;
        far.0 = start + side * stride;
        if far.0.abs() > FAR {
            return Estimate { theta: side * f64::INFINITY, se: f64::INFINITY };
        }
        far.1 = equation(far.0).0;
        stride *= 2.0;
    }
    let theta = root(near, far, |theta| equation(theta).0);
    let sums = equation(theta).1;
    Estimate { theta, se: error(method, prior, &sums) }
}

fn error(method: Method, prior: NormalPrior, sums: &Sums) -> f64 {
    // The curvature of a likelihood with guessing can be negative away from its top; what is expected never is.
    let curvature = if sums.observed > 0.0 { sums.observed } else { sums.expected };
    let information = match method {
        Method::Map => curvature + 1.0 / (prior.sd * prior.sd),
        Method::Wle => sums.expected,
        Method::Eap | Method::Ml => curvature,
    };
    1.0 / information.sqrt()
}

/// The root between two places whose values have different signs: regula falsi with Illinois's halving.
fn root(mut a: (f64, f64), mut b: (f64, f64), value: impl Fn(f64) -> f64) -> f64 {
    const CLOSE: f64 = 1e-9;
    for _ in 0..100 {
        if (b.0 - a.0).abs() < CLOSE || b.1 == a.1 {
            break;
        }
        let between = (a.0 * b.1 - b.0 * a.1) / (b.1 - a.1);
        let here = (between, value(between));
        if here.1 == 0.0 {
            return between;
        }
        if here.1 * b.1 < 0.0 {
            a = b;
        } else {
            a.1 *= 0.5;
        }
        if (b.0 - here.0).abs() < CLOSE {
            return here.0;
        }
        b = here;
    }
    b.0
}
