//! The JSON of a bank, field by field.

use super::release_file::{BandFile, BarsFile, BlueprintFile, SpreadFile, StoppingFile};
use serde::{Deserialize, Serialize};

/// A bank: what `fit` prints, and what others read. Only `model` and `items` are needed to be read; the rest of a fit is
/// told and passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankFile {
    /// Name of the model, as [`Model::name`](crate::fit::Model::name) gives it.
    pub model: String,
    /// Marginal log-likelihood at the estimates, without priors.
    #[serde(default)]
    pub log_likelihood: Option<f64>,
    /// Log-density of the priors at the estimates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_prior: Option<f64>,
    /// Whether it converged.
    #[serde(default)]
    pub converged: Option<bool>,
    /// Why it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Iterations of EM.
    #[serde(default)]
    pub iterations: Option<usize>,
    /// Number of people: the sum of weights.
    #[serde(default)]
    pub persons: Option<f64>,
    /// Number of estimated parameters.
    #[serde(default)]
    pub parameters: Option<usize>,
    /// Items.
    pub items: Vec<ItemFile>,
    /// Groups of people; the first is the reference. None means one group with mean 0 and variance 1.
    #[serde(default)]
    pub groups: Vec<GroupFile>,
    /// Names of the factors (bifactor, testlet), in the order in which items count them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<String>,
    /// Standard deviations of the factors (testlet).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factor_sds: Vec<f64>,
    /// Standard deviation of difficulties within a family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_sd: Option<f64>,
    /// Marginal reliability of the level in the reference group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reliability: Option<f64>,
    /// How well the model describes the answers.
    #[serde(default)]
    pub fit: Option<FitIndices>,
    /// What was met in the file of answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What an adaptive check covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blueprint: Option<BlueprintFile>,
    /// When it may end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopping: Option<StoppingFile>,
    /// How choices are spread over the bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<SpreadFile>,
    /// Bands, the lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<BandFile>,
    /// What a certificate has to keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bars: Option<BarsFile>,
}

/// One item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFile {
    /// Name.
    pub name: String,
    /// `dichotomous`, `graded` or `partial_credit`; if missing, as the model has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<String>,
    /// What the categories are called, the lowest first: whole numbers. If missing, 0, 1, ….
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Slope: a number, or general and specific slope.
    pub a: Slopes,
    /// Difficulties: b, thresholds or steps. Read only where `d` is missing.
    #[serde(default)]
    pub b: Vec<Option<f64>>,
    /// Intercepts.
    #[serde(default)]
    pub d: Vec<f64>,
    /// Lower asymptote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub g: Option<f64>,
    /// Name of the factor that the second slope belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// Standard errors of the slopes, in the shape of `a`; null where a slope was not estimated.
    #[serde(default)]
    pub se_a: Option<ErrorsOfSlopes>,
    /// Standard errors of the difficulties.
    #[serde(default)]
    pub se_b: Vec<Option<f64>>,
    /// Standard errors of the intercepts.
    #[serde(default)]
    pub se_d: Vec<Option<f64>>,
    /// Standard error of the lower asymptote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se_g: Option<f64>,
    /// Covariance of the estimated parameters, in the order slopes, intercepts, lower asymptote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covariance: Vec<Vec<f64>>,
    /// Weighted number of answers that it was calibrated with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<f64>,
    /// How well the model describes the answers to this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s_x2: Option<ItemFitFile>,
    /// Family: items that are variants of one another. If missing, the item is one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Topic of the blueprint; if missing, `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// `question` (if missing) or `task`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// How long it is expected to take; 1 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// Whether it is still being calibrated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seeding: bool,
    /// Names of items that may not stand in one check with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enemies: Vec<String>,
    /// Chance that an unsupervised answer is not the person's own; 0 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assistance: Option<f64>,
    /// An author's standard deviation of ln a; with `b_sd` it takes the place of standard errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ln_a_sd: Option<f64>,
    /// An author's standard deviation of b.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub b_sd: Option<f64>,
}

/// S-X2 of one item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFitFile {
    /// Statistic; null where too few answers are left.
    pub statistic: Option<f64>,
    /// Degrees of freedom.
    pub df: usize,
    /// P of a statistic at least as large if the model holds.
    pub p: Option<f64>,
    /// Root mean square error of approximation.
    #[serde(default)]
    pub rmsea: Option<f64>,
}

/// One slope, or two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a slope is a number, or a list of the general and the specific slope")]
pub enum Slopes {
    /// On the level.
    One(f64),
    /// On the general level and on a factor.
    Two([f64; 2]),
}

impl Default for Slopes {
    fn default() -> Self {
        Self::One(1.0)
    }
}

/// Standard errors of one slope, or of two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a standard error is a number or null, or a list of two of them")]
pub enum ErrorsOfSlopes {
    /// On the level.
    One(f64),
    /// On the general level and on a factor.
    Two([Option<f64>; 2]),
}

/// One group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupFile {
    /// Name.
    pub name: String,
    /// Mean of the level.
    pub mean: f64,
    /// Variance of the level.
    pub variance: f64,
    /// Standard error of the mean; null if it was not estimated.
    #[serde(default)]
    pub se_mean: Option<f64>,
    /// Standard error of the variance; null if it was not estimated.
    #[serde(default)]
    pub se_variance: Option<f64>,
    /// Number of people.
    #[serde(default)]
    pub persons: Option<f64>,
}

/// How well a model describes the answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitIndices {
    /// Limited-information statistic M2; null where it cannot be had.
    pub m2: Option<f64>,
    /// Its degrees of freedom.
    pub df: Option<usize>,
    /// P of a statistic at least as large if the model holds.
    pub p: Option<f64>,
    /// Root mean square error of approximation.
    #[serde(default)]
    pub rmsea: Option<f64>,
    /// Why there is no statistic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
