//! Integrating an item over what is uncertain of it.

use super::soft::{ParameterError, SoftError, Uncertainty};
use crate::grid::normal_nine;
use crate::item::{Curve, Item, Specific};
use crate::math::{Matrix, exp, logistic};

/// Points and weights of a rule.
type Rule = Vec<(f64, f64)>;

/// Five-point Gauss-Hermite rule for the standard normal density: exact for polynomials up to degree 9.
const NORMAL_FIVE: [(f64, f64); 5] = [
    (-2.856_970_013_872_805_6, 0.011_257_411_327_720_69),
    (-1.355_626_179_974_265_8, 0.222_075_922_005_612_6),
    (0.0, 0.533_333_333_333_333_3),
    (1.355_626_179_974_265_8, 0.222_075_922_005_612_6),
    (2.856_970_013_872_805_6, 0.011_257_411_327_720_69),
];

/// Points for a normal distribution with this standard deviation, on the scale of the logit. `steps` is how many steps of
/// the logit a category can lie from the next one in: 1, or for partial credit the highest category, whose probability
/// falls that much more steeply.
///
/// Nine points of Gauss-Hermite are good to 10⁻⁴ up to a standard deviation of 1. Beyond, they lie too far apart for the
/// logistic curve, and a uniform rule takes their place.
pub(super) fn normal_rule(sd: f64, steps: usize) -> Rule {
    const REACH: f64 = 4.8;
    if sd == 0.0 {
        return vec![(0.0, 1.0)];
    }
    let steep = sd * steps as f64;
    if steep <= 1.0 {
        return normal_nine().iter().map(|(z, weight)| (sd * z, *weight)).collect();
    }
    let step = (0.9 / steep).min(0.5);
    let reach = (REACH / step).ceil() as i32;
    let points = (-reach..=reach).map(|k| f64::from(k) * step);
    let mut rule: Rule = points.map(|z| (sd * z, exp(-0.5 * z * z))).collect();
    let sum: f64 = rule.iter().map(|(_, weight)| weight).sum();
    rule.iter_mut().for_each(|(_, weight)| *weight /= sum);
    rule
}

/// What is known of the person's value on the item's own factor.
#[derive(Clone, Copy)]
pub(super) enum Own {
    /// Nothing: standard normal.
    Unknown,
    /// This.
    Given(f64),
}

/// How the integral is taken.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Inside {
    /// A sum over versions of the item, each with its weight.
    Versions(Vec<Version>),
    /// The argument of each logistic curve is linear in the parameters, hence normal: one integral for each curve.
    Linear {
        /// Of slope, own slope, intercepts, asymptote.
        covariance: Matrix,
        /// Variance of the argument that the family adds.
        family_variance: f64,
    },
}

/// The item as it might be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Version {
    weight: f64,
    item: Item,
    /// Shifts of z by difficulty and family.
    shifts: Rule,
    /// The same, and by the item's own factor; empty when it has none.
    shifts_with_own: Rule,
}

impl Version {
    fn new(weight: f64, item: Item, difficulty_sd: f64) -> Self {
        let sd = item.slope().abs() * difficulty_sd;
        let steps = if item.curve() == Curve::PartialCredit { item.intercepts().len() } else { 1 };
        let shifts_with_own = match item.specific() {
            Some(own) => normal_rule((sd * sd + own.slope * own.slope).sqrt(), steps),
            None => Vec::new(),
        };
        Self { weight, shifts: normal_rule(sd, steps), shifts_with_own, item }
    }
}

impl Inside {
    /// Nothing is uncertain.
    pub(super) fn exact(item: &Item) -> Self {
        Self::Versions(vec![Version::new(1.0, item.clone(), 0.0)])
    }

    pub(super) fn new(item: &Item, uncertainty: &Uncertainty) -> Result<Self, SoftError> {
        let family = uncertainty.family_sd;
        match &uncertainty.parameters {
            ParameterError::Known => Ok(Self::Versions(vec![Version::new(1.0, item.clone(), family)])),
            ParameterError::Spread { ln_slope, difficulty } => {
                spread_versions(item, *ln_slope, (difficulty * difficulty + family * family).sqrt()).map(Self::Versions)
            }
            ParameterError::Covariance(covariance) => {
                check_covariance(item, covariance)?;
                if item.curve() == Curve::PartialCredit {
                    return cubature_versions(item, covariance, family).map(Self::Versions);
                }
                let family_variance = (item.slope() * family).powi(2);
                Ok(Self::Linear { covariance: covariance.clone(), family_variance })
            }
        }
    }

    pub(super) fn probabilities(&self, item: &Item, theta: f64, own: Own, out: &mut [f64]) {
        match self {
            Self::Versions(versions) => sum_versions(versions, theta, own, out),
            Self::Linear { covariance, family_variance } => {
                Linear { item, covariance, family_variance: *family_variance, theta, own }.probabilities(out);
            }
        }
    }
}

fn sum_versions(versions: &[Version], theta: f64, own: Own, out: &mut [f64]) {
    let mut here = vec![0.0; out.len()];
    out.fill(0.0);
    for version in versions {
        let own_slope = version.item.specific().map_or(0.0, |specific| specific.slope);
        let (middle, shifts) = match own {
            Own::Given(value) => (version.item.slope() * theta + own_slope * value, &version.shifts),
            Own::Unknown if version.shifts_with_own.is_empty() => (version.item.slope() * theta, &version.shifts),
            Own::Unknown => (version.item.slope() * theta, &version.shifts_with_own),
        };
        for (shift, weight) in shifts {
            // A shift of all difficulties by δ moves z by a δ for every curve, in partial credit once for each step.
            version.item.probabilities_at(middle + shift, &mut here);
            let weight = weight * version.weight;
            out.iter_mut().zip(&here).for_each(|(sum, chance)| *sum += weight * chance);
        }
    }
}

/// ln a by five points; difficulties stay where they are, so intercepts −a b grow with the slope.
fn spread_versions(item: &Item, ln_slope: f64, difficulty_sd: f64) -> Result<Vec<Version>, SoftError> {
    if ln_slope == 0.0 || item.slope() == 0.0 {
        return Ok(vec![Version::new(1.0, item.clone(), difficulty_sd)]);
    }
    let version = |&(z, weight): &(f64, f64)| {
        let factor = exp(ln_slope * z);
        let own = item.specific().map(|own| own.slope * factor);
        let intercepts = item.intercepts().iter().map(|d| d * factor).collect();
        let version = rebuilt(item, item.slope() * factor, own, intercepts)?;
        Ok(Version::new(weight, version, difficulty_sd))
    };
    NORMAL_FIVE.iter().map(version).collect()
}

fn rebuilt(item: &Item, slope: f64, own: Option<f64>, intercepts: Vec<f64>) -> Result<Item, SoftError> {
    let version = Item::new(item.curve(), slope, intercepts, item.lower())
        .map_err(|_| SoftError::Covariance("within it lie parameters that describe no item"))?;
    Ok(match (item.specific(), own) {
        (Some(specific), Some(slope)) => version.with_specific(Specific { slope, ..specific }),
        _ => version,
    })
}

/// Partial credit mixes all parameters in each category. 2n points at ±√n standard deviations along the columns of the
/// Cholesky factor, of equal weight, integrate exactly up to the third degree (A. H. Stroud 1957), which suffices for the
/// errors of a calibration.
fn cubature_versions(item: &Item, covariance: &Matrix, family_sd: f64) -> Result<Vec<Version>, SoftError> {
    let free: Vec<usize> = (0..covariance.rows()).filter(|&k| covariance[(k, k)] > 0.0).collect();
    if free.is_empty() {
        return Ok(vec![Version::new(1.0, item.clone(), family_sd)]);
    }
    let mut part = Matrix::zeros(free.len(), free.len());
    for (row, &from) in free.iter().enumerate() {
        for (column, &to) in free.iter().enumerate() {
            part[(row, column)] = covariance[(from, to)];
        }
    }
    let factor = part.cholesky().ok_or(SoftError::Covariance("it is not positive definite"))?;
    let reach = (free.len() as f64).sqrt();
    let mut versions = Vec::with_capacity(2 * free.len());
    for column in 0..free.len() {
        for sign in [reach, -reach] {
            let mut parameters = parameters_of(item);
            for (row, &place) in free.iter().enumerate().skip(column) {
                parameters[place] += sign * factor.lower()[(row, column)];
            }
            let intercepts = parameters[2..parameters.len() - 1].to_vec();
            let version = rebuilt(item, parameters[0], Some(parameters[1]), intercepts)?;
            versions.push(Version::new(0.5 / free.len() as f64, version, family_sd));
        }
    }
    Ok(versions)
}

/// Slope, own slope, intercepts, asymptote.
fn parameters_of(item: &Item) -> Vec<f64> {
    let own = item.specific().map_or(0.0, |own| own.slope);
    let mut parameters = vec![item.slope(), own];
    parameters.extend_from_slice(item.intercepts());
    parameters.push(item.lower());
    parameters
}

fn check_covariance(item: &Item, covariance: &Matrix) -> Result<(), SoftError> {
    let size = item.intercepts().len() + 3;
    if (covariance.rows(), covariance.columns()) != (size, size) {
        return Err(SoftError::Covariance("it has three more rows and columns than the item has intercepts"));
    }
    for row in 0..size {
        for column in 0..=row {
            let (entry, mirrored) = (covariance[(row, column)], covariance[(column, row)]);
            let largest = (covariance[(row, row)] * covariance[(column, column)]).sqrt();
            if !(entry.abs() <= largest * (1.0 + 1e-9) && (entry - mirrored).abs() <= 1e-9 * (1.0 + largest)) {
                return Err(SoftError::Covariance("it is not symmetric, or a correlation in it is beyond one"));
            }
        }
    }
    Ok(())
}

/// One evaluation of an item whose parameters are jointly normal.
struct Linear<'a> {
    item: &'a Item,
    covariance: &'a Matrix,
    family_variance: f64,
    theta: f64,
    own: Own,
}

impl Linear<'_> {
    /// Mean and variance of x = a θ + s e + dₖ, k counted from 0.
    fn argument(&self, k: usize) -> (f64, f64) {
        let v = |row: usize, column: usize| self.covariance[(row, column)];
        let (theta, d) = (self.theta, k + 2);
        let mean = self.item.slope() * theta + self.item.intercepts()[k];
        let variance = theta * theta * v(0, 0) + 2.0 * theta * v(0, d) + v(d, d) + self.family_variance;
        let Some(own) = self.item.specific() else { return (mean, variance) };
        match self.own {
            Own::Unknown => (mean, variance + own.slope * own.slope + v(1, 1)),
            Own::Given(e) => (mean + own.slope * e, variance + e * e * v(1, 1) + 2.0 * e * (theta * v(0, 1) + v(1, d))),
        }
    }

    fn probabilities(&self, out: &mut [f64]) {
        if self.item.curve() == Curve::Dichotomous {
            self.dichotomous(out);
        } else {
            self.graded(out);
        }
    }

    fn dichotomous(&self, out: &mut [f64]) {
        let (mean, variance) = self.argument(0);
        let sd = variance.max(0.0).sqrt();
        let lower = self.item.lower();
        // The asymptote's mean, given x, is linear in x.
        let covaries = self.theta * self.covariance[(0, 3)] + self.covariance[(2, 3)];
        let per_shift = if variance > 0.0 { covaries / variance } else { 0.0 };
        out.fill(0.0);
        for (shift, weight) in normal_rule(sd, 1) {
            let floor = (lower + per_shift * shift).clamp(0.0, 1.0);
            out[0] += weight * (1.0 - floor) * logistic(-(mean + shift));
            out[1] += weight * (floor + (1.0 - floor) * logistic(mean + shift));
        }
    }

    /// Differences of the expected P(at least k). Where the errors are so large that thresholds might change places, a
    /// difference can be negative; it is then next to nothing.
    fn graded(&self, out: &mut [f64]) {
        const NEXT_TO_NOTHING: f64 = 1e-15;
        let mut from = 1.0;
        let last = out.len() - 1;
        for (k, place) in out.iter_mut().enumerate() {
            let above = if k == last { 0.0 } else { self.at_least(k) };
            *place = (from - above).max(NEXT_TO_NOTHING);
            from = above;
        }
        let sum: f64 = out.iter().sum();
        out.iter_mut().for_each(|place| *place /= sum);
    }

    fn at_least(&self, k: usize) -> f64 {
        let (mean, variance) = self.argument(k);
        normal_rule(variance.max(0.0).sqrt(), 1).iter().map(|(shift, weight)| weight * logistic(mean + shift)).sum()
    }
}
