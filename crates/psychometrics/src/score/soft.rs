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
    /// right-or-wrong item becomes (1 − c) P / (c + (1 − c) P) of what it was, which is (1 − c) / (1 + c) where P = ½.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{NODES, node};
    use crate::item::{Curve, Specific};
    use crate::math::{exp, normal_pdf};
    use proptest::prelude::*;

    /// Average over a normal shift by 2,001 points.
    fn brute(sd: f64, mut at: impl FnMut(f64) -> Vec<f64>) -> Vec<f64> {
        let mut sums: Vec<f64> = Vec::new();
        let mut weights = 0.0;
        for k in -1000..=1000 {
            let z = f64::from(k) * 0.008;
            let weight = normal_pdf(z);
            let values = at(sd * z);
            sums.resize(values.len(), 0.0);
            sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum += weight * value);
            weights += weight;
        }
        sums.iter().map(|sum| sum / weights).collect()
    }

    fn items() -> Vec<Item> {
        vec![
            Item::from_difficulties(Curve::Dichotomous, 1.4, &[0.6], 0.0).unwrap(),
            Item::from_difficulties(Curve::Dichotomous, 1.4, &[0.6], 0.2).unwrap(),
            Item::from_difficulties(Curve::Graded, 1.7, &[-0.9, 0.2, 1.4], 0.0).unwrap(),
            Item::from_difficulties(Curve::PartialCredit, 1.1, &[-0.5, 0.4, 0.3], 0.0).unwrap(),
        ]
    }

    fn probabilities(item: &Item, theta: f64) -> Vec<f64> {
        let mut out = vec![0.0; item.categories()];
        item.probabilities(theta, &mut out);
        out
    }

    fn soft(item: &SoftItem, theta: f64) -> Vec<f64> {
        let mut out = vec![0.0; item.categories()];
        item.probabilities(theta, &mut out);
        out
    }

    fn close(found: &[f64], wanted: &[f64], within: f64) {
        for (a, b) in found.iter().zip(wanted) {
            assert!((a - b).abs() < within, "{found:?} {wanted:?}");
        }
    }

    #[test]
    fn an_uncertain_difficulty_is_integrated_for_every_curve() {
        for item in items() {
            for (difficulty, family) in [(0.5, 0.0), (0.0, 0.8), (0.8, 0.5), (2.5, 0.0)] {
                let uncertainty = Uncertainty::spread(0.0, difficulty).in_family(family);
                let item = SoftItem::new(item.clone(), uncertainty, 0.0).unwrap();
                let sd = (difficulty * difficulty + family * family).sqrt();
                for theta in [-2.1, 0.0, 0.9, 3.3] {
                    let wanted = brute(sd, |shift| probabilities(item.item(), theta - shift));
                    close(&soft(&item, theta), &wanted, 2e-4);
                }
            }
        }
    }

    #[test]
    fn an_uncertain_slope_is_integrated_and_leaves_difficulties_where_they_are() {
        for item in items() {
            let uncertain = SoftItem::new(item.clone(), Uncertainty::spread(0.4, 0.0), 0.0).unwrap();
            for theta in [-2.1, 0.0, 0.9, 3.3] {
                let wanted = brute(0.4, |shift| {
                    let slope = item.slope() * exp(shift);
                    let other = Item::from_difficulties(item.curve(), slope, &item.difficulties(), item.lower());
                    probabilities(&other.unwrap(), theta)
                });
                close(&soft(&uncertain, theta), &wanted, 1e-3);
            }
        }
    }

    /// A covariance of rank one, a parameter vector moving along one line, can be integrated by brute force.
    #[test]
    fn a_calibration_s_covariance_is_integrated() {
        for item in items() {
            let line: Vec<f64> = [0.15, 0.0].into_iter().chain(item.intercepts().iter().map(|_| -0.2)).collect();
            let lower_step = if item.lower() > 0.0 { 0.02 } else { 0.0 };
            let line: Vec<f64> = line.into_iter().chain([lower_step]).collect();
            let mut covariance = Matrix::zeros(line.len(), line.len());
            for row in 0..line.len() {
                for column in 0..line.len() {
                    covariance[(row, column)] = line[row] * line[column];
                }
            }
            if item.curve() == Curve::PartialCredit {
                // A rank-one matrix has no Cholesky factor: make its parameters independent instead.
                continue;
            }
            let uncertainty = Uncertainty { parameters: ParameterError::Covariance(covariance), family_sd: 0.0 };
            let uncertain = SoftItem::new(item.clone(), uncertainty, 0.0).unwrap();
            for theta in [-2.1, 0.0, 0.9, 3.3] {
                let wanted = brute(1.0, |z| {
                    let d = item.intercepts().iter().map(|d| d - 0.2 * z).collect();
                    let lower = (item.lower() + lower_step * z).clamp(0.0, 0.99);
                    probabilities(&Item::new(item.curve(), item.slope() + 0.15 * z, d, lower).unwrap(), theta)
                });
                close(&soft(&uncertain, theta), &wanted, 2e-5);
            }
        }
    }

    #[test]
    fn partial_credit_is_integrated_over_independent_errors() {
        let item = items().remove(3);
        let errors = ItemErrors {
            slope: Some(0.1),
            intercepts: vec![Some(0.15), None, Some(0.2)],
            ..ItemErrors::default()
        };
        let uncertainty = Uncertainty::calibrated(&item, &errors).unwrap();
        let uncertain = SoftItem::new(item.clone(), uncertainty, 0.0).unwrap();
        for theta in [-1.5, 0.0, 1.2] {
            let mut wanted = [0.0; 4];
            let points = crate::grid::normal_nine();
            for (slope, p) in points {
                for (first, q) in points {
                    for (third, r) in points {
                        let d = item.intercepts();
                        let d = vec![d[0] + 0.15 * first, d[1], d[2] + 0.2 * third];
                        let version = Item::partial_credit(item.slope() + 0.1 * slope, d).unwrap();
                        let sums = wanted.iter_mut().zip(probabilities(&version, theta));
                        sums.for_each(|(sum, chance)| *sum += p * q * r * chance);
                    }
                }
            }
            close(&soft(&uncertain, theta), &wanted, 5e-4);
        }
    }

    #[test]
    fn a_factor_of_its_own_is_integrated_unless_it_is_given() {
        let own = Specific { factor: 0, slope: 0.9 };
        let item = SoftItem::known(items().remove(2).with_specific(own));
        let wanted = brute(0.9, |shift| {
            let mut out = vec![0.0; 4];
            item.item().probabilities_at(item.item().slope() * 0.3 + shift, &mut out);
            out
        });
        close(&soft(&item, 0.3), &wanted, 1e-5);
        let (mut given, mut at) = (vec![0.0; 4], vec![0.0; 4]);
        item.probabilities_given(0.3, -0.7, &mut given);
        item.item().probabilities_at(item.item().slope() * 0.3 - 0.63, &mut at);
        close(&given, &at, 1e-14);
    }

    #[test]
    fn assistance_makes_a_right_answer_say_less_and_a_wrong_one_as_much() {
        let c = 0.15;
        let item = items().remove(0);
        let at = item.difficulties()[0];
        let helped = SoftItem::new(item.clone(), Uncertainty::none(), c).unwrap();
        let (plain, with) = (probabilities(&item, 1.0), soft(&helped, 1.0));
        assert!((with[1] - (c + (1.0 - c) * plain[1])).abs() < 1e-15 && (with[0] - (1.0 - c) * plain[0]).abs() < 1e-15);
        // (1 − c)/(1 + c) where P = ½.
        let ratio = helped.information(at) / item.information(at);
        assert!((ratio - (1.0 - c) / (1.0 + c)).abs() < 1e-6, "{ratio}");
        // A wrong answer's likelihood is in proportion to what it was.
        let plain = SoftItem::known(item).likelihoods();
        for (a, b) in helped.likelihoods()[0].chances().iter().zip(plain[0].chances()) {
            assert!((a - b).abs() < 1e-14);
        }
    }

    #[test]
    fn what_is_no_soft_item_is_refused() {
        let item = || items().remove(0);
        assert!(SoftItem::new(item(), Uncertainty::none(), 1.0).is_err());
        assert!(SoftItem::new(item(), Uncertainty::none(), f64::NAN).is_err());
        assert!(SoftItem::new(item(), Uncertainty::spread(-0.1, 0.0), 0.0).is_err());
        assert!(SoftItem::new(item(), Uncertainty::spread(0.0, f64::NAN), 0.0).is_err());
        assert!(SoftItem::new(item(), Uncertainty::none().in_family(11.0), 0.0).is_err());
        let mut covariance = Matrix::identity(4);
        covariance[(0, 1)] = 2.0;
        covariance[(1, 0)] = 2.0;
        for wrong in [covariance, Matrix::identity(3)] {
            let uncertainty = Uncertainty { parameters: ParameterError::Covariance(wrong), family_sd: 0.0 };
            assert!(matches!(SoftItem::new(item(), uncertainty, 0.0), Err(SoftError::Covariance(_))));
        }
        let errors = ItemErrors { slope: Some(0.1), covariance: Some(Matrix::identity(2)), ..ItemErrors::default() };
        assert!(matches!(Uncertainty::calibrated(&item(), &errors), Err(SoftError::Covariance(_))));
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one_and_exactness_is_the_item_itself(
            which in 0..4_usize, ln_slope in 0.0..0.6_f64, difficulty in 0.0..3.0_f64, assistance in 0.0..0.9_f64,
        ) {
            let item = items().remove(which);
            let uncertain =
                SoftItem::new(item.clone(), Uncertainty::spread(ln_slope, difficulty), assistance).unwrap();
            let table = uncertain.table();
            for q in 0..NODES {
                prop_assert!((table.rows().iter().map(|row| row[q]).sum::<f64>() - 1.0).abs() < 1e-9);
            }
            let exact = SoftItem::known(item.clone()).table();
            for (k, row) in exact.rows().iter().enumerate() {
                for (q, chance) in row.iter().enumerate() {
                    prop_assert!((chance - probabilities(&item, node(q))[k]).abs() < 1e-15);
                }
            }
        }
    }
}
