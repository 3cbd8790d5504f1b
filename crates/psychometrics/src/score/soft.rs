//! Soft scoring: an answer is weighed by everything that its item might be, not by a best guess at it.
//!
//! Taking an author's difficulty as exact leaves the stated error of a level where it was while the true error grows: with
//! an error of 1.2 in difficulty, intervals that claim 95 % hold the level 86 % of the time. Integrating each answer over
//! what is uncertain of its item brings them back to 95 %, at no cost once the table is made.
//!
//! The idea: R. K. Tsutakawa and J. C. Johnson (1990), The effect of uncertainty of item parameter estimation on ability
//! estimates, Psychometrika 55. The floor for assistance is the lower asymptote of A. Birnbaum (1968), for any number of
//! categories. Errors of different items are taken as independent: what all items of a bank share (a whole bank judged too
//! easy) shifts everybody alike and cannot be integrated here; it belongs into the spread of the cuts.

use super::category_table::CategoryTable;
use super::posterior::Likelihood;
use super::versions::{Inside, Own};
use crate::fit::ItemErrors;
use crate::item::Item;
use crate::math::Matrix;

/// An item and what is uncertain of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SoftItem {
    item: Item,
    uncertainty: Uncertainty,
    assistance: f64,
    inside: Inside,
}

/// What is uncertain of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// How far its parameters may be from the estimates.
    pub parameters: ParameterError,
    /// Standard deviation τ of the difficulty b among the seeded variants of the item's family, at least 0: which variant
    /// somebody met is one draw from it. Below 0.3 it hardly matters; above 0.8 the family should be split.
    pub family_sd: f64,
}

/// How far an item's parameters may be from the estimates.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterError {
    /// Taken as exact.
    Known,
    /// The author's judgement, or a calibration's standard errors: ln a and a shift of all difficulties b by the same
    /// amount are normal and independent.
    Spread {
        /// Standard deviation of ln a, at most 2.
        ln_slope: f64,
        /// Standard deviation of b, at most 10.
        difficulty: f64,
    },
    /// Covariance of all parameters in the order slope, slope on a factor of its own, intercepts, lower asymptote: always
    /// three more rows than intercepts, with noughts where a parameter is known or absent. See
    /// [`Uncertainty::calibrated`].
    Covariance(Matrix),
}

/// What describes no soft item.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SoftError {
    /// A standard deviation that is negative, not a number, or so large that the item says nothing.
    #[error("{what} is {value}; it is at least 0 and at most {largest}")]
    Spread {
        /// Which.
        what: &'static str,
        /// As given.
        value: f64,
        /// What is taken at most.
        largest: f64,
    },
    /// A chance of assistance outside \[0, 1).
    #[error("the chance of assistance is at least 0 and below 1; it is {0}")]
    Assistance(f64),
    /// A covariance of another size, or one that no parameters can have.
    #[error("the covariance is not one of this item: {0}")]
    Covariance(&'static str),
}

/// The largest standard deviation of ln a that is taken.
const LARGEST_LN_SLOPE: f64 = 2.0;
/// The largest standard deviation of b that is taken; the grid itself ends at 6.
pub(super) const LARGEST_DIFFICULTY: f64 = 10.0;

impl Uncertainty {
    /// None at all.
    #[must_use]
    pub fn none() -> Self {
        Self { parameters: ParameterError::Known, family_sd: 0.0 }
    }

    /// Standard deviations of ln a and of b, as an author's judgement has them.
    #[must_use]
    pub fn spread(ln_slope: f64, difficulty: f64) -> Self {
        Self { parameters: ParameterError::Spread { ln_slope, difficulty }, family_sd: 0.0 }
    }

    /// What a fit is uncertain of: its covariance, or if it has none, its standard errors as if they were independent.
    ///
    /// # Errors
    /// A covariance whose size is not the number of standard errors.
    pub fn calibrated(item: &Item, errors: &ItemErrors) -> Result<Self, SoftError> {
        let intercepts = item.intercepts().len();
        let mut all = vec![errors.slope, errors.specific];
        all.extend((0..intercepts).map(|k| errors.intercepts.get(k).copied().flatten()));
        all.push(errors.lower);
        let estimated: Vec<usize> = (0..all.len()).filter(|&place| all[place].is_some()).collect();
        let mut whole = Matrix::zeros(all.len(), all.len());
        if let Some(covariance) = &errors.covariance {
            if (covariance.rows(), covariance.columns()) != (estimated.len(), estimated.len()) {
                return Err(SoftError::Covariance("its rows are not as many as its standard errors"));
            }
            for (from, &row) in estimated.iter().enumerate() {
                for (place, &column) in estimated.iter().enumerate() {
                    whole[(row, column)] = covariance[(from, place)];
                }
            }
        } else {
            for &place in &estimated {
                let error = all[place].unwrap_or_default();
                whole[(place, place)] = error * error;
            }
        }
        Ok(Self { parameters: ParameterError::Covariance(whole), family_sd: 0.0 })
    }

    /// The same for a seeded variant of a family, whose difficulties have this standard deviation.
    #[must_use]
    pub fn in_family(self, family_sd: f64) -> Self {
        Self { family_sd, ..self }
    }

    fn check(&self) -> Result<(), SoftError> {
        let within = |what, value: f64, largest: f64| {
            let is_in = (0.0..=largest).contains(&value);
            if is_in { Ok(()) } else { Err(SoftError::Spread { what, value, largest }) }
        };
        within("the standard deviation of difficulties in the family", self.family_sd, LARGEST_DIFFICULTY)?;
        if let ParameterError::Spread { ln_slope, difficulty } = self.parameters {
            within("the standard deviation of ln a", ln_slope, LARGEST_LN_SLOPE)?;
            within("the standard deviation of b", difficulty, LARGEST_DIFFICULTY)?;
        }
        Ok(())
    }
}

impl SoftItem {
    /// An item, what is uncertain of it, and the chance `assistance` that an unsupervised answer is not the person's own.
    ///
    /// With the chance c the answer is the best one at every level, otherwise it is the person's: P*(top) = c + (1 − c)
    /// P(top), and (1 − c) P for the rest. Nobody is accused: a right answer merely says less. The information of a
    /// right-or-wrong item becomes (1 − c) P / (c + (1 − c) P) of what it was, which is (1 − c) / (1 + c) where P = ½. Where
    /// the top category is rarer than assistance, it can raise a level less than the category below: that is as it should.
    ///
    /// # Errors
    /// Standard deviations outside their range, a covariance that is not one, an assistance outside \[0, 1).
    pub fn new(item: Item, uncertainty: Uncertainty, assistance: f64) -> Result<Self, SoftError> {
        uncertainty.check()?;
        if !(0.0..1.0).contains(&assistance) {
            return Err(SoftError::Assistance(assistance));
        }
        let inside = Inside::new(&item, &uncertainty)?;
        Ok(Self { item, uncertainty, assistance, inside })
    }

    /// An item whose parameters are taken as exact, answered without assistance.
    #[must_use]
    pub fn known(item: Item) -> Self {
        let inside = Inside::exact(&item);
        Self { item, uncertainty: Uncertainty::none(), assistance: 0.0, inside }
    }

    /// The estimates.
    #[must_use]
    pub fn item(&self) -> &Item {
        &self.item
    }

    /// What is uncertain of them.
    #[must_use]
    pub fn uncertainty(&self) -> &Uncertainty {
        &self.uncertainty
    }

    /// Chance that an answer is not the person's own.
    #[must_use]
    pub fn assistance(&self) -> f64 {
        self.assistance
    }

    /// Number of categories.
    #[must_use]
    pub fn categories(&self) -> usize {
        self.item.categories()
    }

    /// Probabilities of all categories at the level `theta`, over all that is uncertain of the item, and over a factor of
    /// its own (standard normal) if it has one. `out` has as many places as there are categories.
    pub fn probabilities(&self, theta: f64, out: &mut [f64]) {
        self.inside.probabilities(&self.item, theta, Own::Unknown, out);
        self.assist(out);
    }

    /// As [`SoftItem::probabilities`], given the person's value `own` on the factor that the item has for its own: for
    /// models that integrate over that factor themselves, once for several items.
    pub fn probabilities_given(&self, theta: f64, own: f64, out: &mut [f64]) {
        self.inside.probabilities(&self.item, theta, Own::Given(own), out);
        self.assist(out);
    }

    fn assist(&self, out: &mut [f64]) {
        if self.assistance > 0.0 {
            out.iter_mut().for_each(|chance| *chance *= 1.0 - self.assistance);
            if let Some(top) = out.last_mut() {
                *top += self.assistance;
            }
        }
    }

    /// Fisher information of the soft item at `theta`: what an answer is worth when its item is not exactly known. Never
    /// more than [`Item::information`], apart from levels far from the item. By central differences, good to six digits.
    #[must_use]
    pub fn information(&self, theta: f64) -> f64 {
        const STEP: f64 = 1e-4;
        let at = |theta: f64| {
            let mut out = vec![0.0; self.categories()];
            self.probabilities(theta, &mut out);
            out
        };
        let (below, here, above) = (at(theta - STEP), at(theta), at(theta + STEP));
        let part = |category: usize| {
            let change = (above[category] - below[category]) / (2.0 * STEP);
            if here[category] > 1e-12 { change * change / here[category] } else { 0.0 }
        };
        (0..here.len()).map(part).sum()
    }

    /// Probabilities of all categories at all nodes: made once when a bank is released.
    #[must_use]
    pub fn table(&self) -> CategoryTable {
        CategoryTable::from_fn(self.categories(), |theta, out| self.probabilities(theta, out))
    }

    /// What each category of answer says of the level, to be given to [`super::Posterior::observe`].
    #[must_use]
    pub fn likelihoods(&self) -> Vec<Likelihood> {
        self.table().likelihoods()
    }
}
