//! What a fit found, and why it might not.

use super::plan::Model;
use crate::item::Item;
use crate::math::Matrix;

/// A calibrated bank.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The model that was fitted.
    pub model: Model,
    /// Marginal log-likelihood at the estimates, without priors.
    pub log_likelihood: f64,
    /// Log-density of the priors at the estimates; 0 without priors.
    pub log_prior: f64,
    /// Whether it converged, and if not, why.
    pub convergence: Convergence,
    /// Iterations of EM.
    pub iterations: usize,
    /// Number of people: the sum of weights.
    pub people: f64,
    /// Number of parameters that were estimated.
    pub parameters: usize,
    /// Items in the order of their columns.
    pub items: Vec<FittedItem>,
    /// Groups of people; the first is the reference, with mean 0 (and variance 1 where slopes are estimated).
    pub groups: Vec<FittedGroup>,
    /// Standard deviations of the factors (testlet only).
    pub factor_sds: Vec<f64>,
    /// Standard deviation of difficulties within a family, where families were given.
    pub family_sd: Option<f64>,
}

/// An item and what is uncertain of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedItem {
    /// Name of the column.
    pub name: String,
    /// Estimates.
    pub item: Item,
    /// Standard errors; nothing for a parameter that was not estimated.
    pub errors: ItemErrors,
    /// Weighted number of answers.
    pub answers: f64,
}

/// Standard errors of one item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemErrors {
    /// Of the slope a.
    pub slope: Option<f64>,
    /// Of the slope on a factor of its own.
    pub specific: Option<f64>,
    /// Of the intercepts d.
    pub intercepts: Vec<Option<f64>>,
    /// Of the lower asymptote g.
    pub lower: Option<f64>,
    /// Covariance of the estimated parameters in the order slope, specific, intercepts, lower (leaving out those that were
    /// not estimated): the item's own block of the inverse of the whole information.
    pub covariance: Option<Matrix>,
}

/// A group of people.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedGroup {
    /// Name.
    pub name: String,
    /// Mean of the level.
    pub mean: f64,
    /// Variance of the level.
    pub variance: f64,
    /// Standard error of the mean, if it was estimated.
    pub mean_error: Option<f64>,
    /// Standard error of the variance, if it was estimated.
    pub variance_error: Option<f64>,
    /// Number of people: the sum of weights.
    pub people: f64,
}

/// How a fit ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Convergence {
    /// The largest change fell below the tolerance.
    Converged,
    /// The iterations were used up; the largest change of the last one.
    OutOfIterations {
        /// Of any parameter.
        largest_change: f64,
    },
    /// Whoever watched the progress stopped it.
    Stopped,
    /// Parameters run away because the answers do not determine them: names of the items.
    Undetermined {
        /// Names of the items.
        items: Vec<String>,
    },
}

/// Why nothing could be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Nobody answered.
    #[error("there are no answers to fit")]
    NoAnswers,
    /// An item whose answers are all the same.
    #[error(
        "item {item}: everybody who answered has category {label}, so it measures nothing; leave the item out{}",
        if *.priors_help { ", or give it priors" } else { "" }
    )]
    ConstantItem {
        /// Name.
        item: String,
        /// What the category is called.
        label: String,
        /// Whether priors on its parameters would let it be fitted.
        priors_help: bool,
    },
    /// An item that nobody answered.
    #[error("item {item}: nobody answered it; leave it out, or give it priors")]
    UnansweredItem {
        /// Name.
        item: String,
    },
    /// A category that nobody is in.
    #[error("item {item}: nobody is in category {label}; join it with a neighbour")]
    EmptyCategory {
        /// Name.
        item: String,
        /// What the category is called.
        label: String,
    },
    /// An item with more categories than the model takes.
    #[error("item {item} has {categories} categories; the model {} takes two", .model.name())]
    NotDichotomous {
        /// Name.
        item: String,
        /// How many.
        categories: usize,
        /// Which model.
        model: Model,
    },
    /// A plan that does not fit the data.
    #[error("{0}")]
    Plan(String),
}

/// Where a fit stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitProgress {
    /// Iterations so far.
    pub iteration: usize,
    /// Log-likelihood at the beginning of this iteration, plus the log-density of the priors.
    pub log_likelihood: f64,
    /// Largest change of any parameter.
    pub largest_change: f64,
}
