//! Items: how likely each category of answer is at a level.
//!
//! Inside everything is in slope-intercept form: an item sees the level θ through z = a θ (in a bifactor model
//! z = a θ + s θₜ, with the topic's own factor θₜ), and each intercept d is added to z. Outside, the customary form with
//! a difficulty b is given and taken: b = −d/a for a right-or-wrong item and the thresholds of a graded one; for partial
//! credit, the step difficulties bₖ = −(dₖ − dₖ₋₁)/a.
//!
//! Sources: A. Birnbaum (1968) for two and three parameters; F. Samejima (1969), the graded response model; G. N. Masters
//! (1982) and E. Muraki (1992), the (generalised) partial credit model; R. D. Gibbons and D. R. Hedeker (1992), bifactor.

use crate::math::{exp, ln, ln_1p_exp, logistic};

/// How categories follow from z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// Wrong (0) or right (1): P(1) = g + (1 − g) / (1 + e^−(z + d)). Rasch, 2PL and 3PL.
    Dichotomous,
    /// Ordered categories: P(at least k) = 1 / (1 + e^−(z + dₖ)), with d falling. GRM.
    Graded,
    /// Ordered categories: P(k) in proportion to e^(k z + dₖ), with d₀ = 0. PCM and GPCM.
    PartialCredit,
}

/// An item of known parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    curve: Curve,
    slope: f64,
    specific: Option<Specific>,
    intercepts: Vec<f64>,
    lower: f64,
}

/// What an item of a bifactor or testlet model owes to its topic or task beside the general level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Specific {
    /// Which factor, counted from 0.
    pub factor: usize,
    /// Slope on that factor.
    pub slope: f64,
}

/// Parameters that describe no item.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ItemError {
    /// A number that is infinite or not a number.
    #[error("a parameter of the item is not a finite number")]
    NotFinite,
    /// No intercept.
    #[error("an item has at least one intercept: two categories need one, each further category one more")]
    NoIntercept,
    /// Thresholds of a graded item out of order.
    #[error("the intercepts of a graded item fall from category to category; number {0} does not (counted from 1)")]
    NotFalling(usize),
    /// Guessing outside \[0, 1).
    #[error("the lower asymptote (guessing) is at least 0 and below 1; it is {0}")]
    Lower(f64),
    /// A slope of 0 where a difficulty is asked for.
    #[error("a slope of 0 has no difficulty: give intercepts")]
    NoSlope,
}

impl Item {
    /// Right or wrong, with slope `a` and intercept `d` (2PL; Rasch when all slopes are the same).
    ///
    /// # Errors
    /// A parameter that is not finite.
    pub fn two_pl(a: f64, d: f64) -> Result<Self, ItemError> {
        Self::new(Curve::Dichotomous, a, vec![d], 0.0)
    }

    /// Right or wrong with a lower asymptote `lower`, the chance of guessing right (3PL).
    ///
    /// # Errors
    /// A parameter that is not finite, or an asymptote outside \[0, 1).
    pub fn three_pl(a: f64, d: f64, lower: f64) -> Result<Self, ItemError> {
        Self::new(Curve::Dichotomous, a, vec![d], lower)
    }

    /// Ordered categories, one more than intercepts (GRM).
    ///
    /// # Errors
    /// A parameter that is not finite, no intercept, or intercepts that do not fall.
    pub fn graded(a: f64, intercepts: Vec<f64>) -> Result<Self, ItemError> {
        Self::new(Curve::Graded, a, intercepts, 0.0)
    }

    /// Ordered categories, one more than intercepts, which are those of categories 1, 2, … (GPCM; PCM with one slope).
    ///
    /// # Errors
    /// A parameter that is not finite, or no intercept.
    pub fn partial_credit(a: f64, intercepts: Vec<f64>) -> Result<Self, ItemError> {
        Self::new(Curve::PartialCredit, a, intercepts, 0.0)
    }

    /// Any curve, in slope-intercept form. `lower` is 0 unless the curve is dichotomous.
    ///
    /// # Errors
    /// See [`ItemError`].
    pub fn new(curve: Curve, slope: f64, intercepts: Vec<f64>, lower: f64) -> Result<Self, ItemError> {
        if !slope.is_finite() || !lower.is_finite() || intercepts.iter().any(|d| !d.is_finite()) {
            return Err(ItemError::NotFinite);
        }
        if intercepts.is_empty() || (curve == Curve::Dichotomous && intercepts.len() != 1) {
            return Err(ItemError::NoIntercept);
        }
        if !(0.0..1.0).contains(&lower) || (curve != Curve::Dichotomous && lower != 0.0) {
            return Err(ItemError::Lower(lower));
        }
        if curve == Curve::Graded
            && let Some(place) = intercepts.windows(2).position(|pair| pair[1] >= pair[0])
        {
            return Err(ItemError::NotFalling(place + 2));
        }
        Ok(Self { curve, slope, specific: None, intercepts, lower })
    }

    /// From slope and difficulties: b of a dichotomous item, thresholds of a graded one, steps of partial credit.
    ///
    /// # Errors
    /// As [`Item::new`], and a slope of 0.
    pub fn from_difficulties(curve: Curve, slope: f64, difficulties: &[f64], lower: f64) -> Result<Self, ItemError> {
        if slope == 0.0 {
            return Err(ItemError::NoSlope);
        }
        let mut sum = 0.0;
        let intercepts = difficulties.iter().map(|b| {
            let d = -slope * b;
            sum += d;
            if curve == Curve::PartialCredit { sum } else { d }
        });
        Self::new(curve, slope, intercepts.collect(), lower)
    }

    /// The same item with a slope on a factor of its own topic or task.
    #[must_use]
    pub fn with_specific(mut self, specific: Specific) -> Self {
        self.specific = Some(specific);
        self
    }

    /// How categories follow.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// Slope a on the (general) level.
    #[must_use]
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// Slope on a factor of its own, if there is one.
    #[must_use]
    pub fn specific(&self) -> Option<Specific> {
        self.specific
    }

    /// Intercepts d of categories 1, 2, ….
    #[must_use]
    pub fn intercepts(&self) -> &[f64] {
        &self.intercepts
    }

    /// Lower asymptote g.
    #[must_use]
    pub fn lower(&self) -> f64 {
        self.lower
    }

    /// Number of categories, at least 2.
    #[must_use]
    pub fn categories(&self) -> usize {
        self.intercepts.len() + 1
    }

    /// Difficulties b, as [`Item::from_difficulties`] takes them; infinite when the slope is 0.
    #[must_use]
    pub fn difficulties(&self) -> Vec<f64> {
        let mut before = 0.0;
        let difficulty = |&d: &f64| {
            let step = d - before;
            if self.curve == Curve::PartialCredit {
                before = d;
            }
            -step / self.slope
        };
        self.intercepts.iter().map(difficulty).collect()
    }

    /// Probabilities of all categories at the level `theta`, with the factor of its own at its mean.
    ///
    /// `out` has as many places as there are categories.
    pub fn probabilities(&self, theta: f64, out: &mut [f64]) {
        self.probabilities_at(self.slope * theta, out);
    }

    /// Probabilities of all categories for the linear part `z` = Σ slope × level, without intercept.
    pub fn probabilities_at(&self, z: f64, out: &mut [f64]) {
        match self.curve {
            Curve::Dichotomous => {
                let x = z + self.intercepts[0];
                // Both from their own side: 1 − p would lose all digits of a small probability.
                out[1] = self.lower + (1.0 - self.lower) * logistic(x);
                out[0] = (1.0 - self.lower) * logistic(-x);
            }
            Curve::Graded => {
                let last = self.intercepts.len();
                for (category, place) in out.iter_mut().enumerate() {
                    let above = if category == last { f64::NEG_INFINITY } else { z + self.intercepts[category] };
                    let from = if category == 0 { f64::INFINITY } else { z + self.intercepts[category - 1] };
                    *place = logistic_difference(from, above);
                }
            }
            Curve::PartialCredit => {
                let mut largest = 0.0_f64;
                out[0] = 0.0;
                for (k, &d) in self.intercepts.iter().enumerate() {
                    out[k + 1] = (k + 1) as f64 * z + d;
                    largest = largest.max(out[k + 1]);
                }
                let mut sum = 0.0;
                for place in out.iter_mut() {
                    *place = exp(*place - largest);
                    sum += *place;
                }
                out.iter_mut().for_each(|place| *place /= sum);
            }
        }
    }

    /// Natural logarithms of [`Item::probabilities_at`], without underflow.
    pub fn log_probabilities_at(&self, z: f64, out: &mut [f64]) {
        if self.curve == Curve::Dichotomous {
            let x = z + self.intercepts[0];
            out[0] = ln(1.0 - self.lower) - ln_1p_exp(x);
            out[1] = if self.lower == 0.0 { -ln_1p_exp(-x) } else { ln(self.lower + (1.0 - self.lower) * logistic(x)) };
            return;
        }
        self.probabilities_at(z, out);
        for place in out.iter_mut() {
            // The smallest positive number, so that one impossible answer cannot make a whole posterior vanish.
            *place = ln(place.max(f64::MIN_POSITIVE));
        }
    }

    /// Expected score: the mean of the category at the level `theta`.
    #[must_use]
    pub fn expected_score(&self, theta: f64) -> f64 {
        let mut probabilities = vec![0.0; self.categories()];
        self.probabilities(theta, &mut probabilities);
        probabilities.iter().enumerate().map(|(category, p)| category as f64 * p).sum()
    }

    /// Fisher information on the (general) level at `theta`: Σ (P′)² / P.
    #[must_use]
    pub fn information(&self, theta: f64) -> f64 {
        let z = self.slope * theta;
        let square = self.slope * self.slope;
        match self.curve {
            Curve::Dichotomous => {
                let p = logistic(z + self.intercepts[0]);
                let q = logistic(-z - self.intercepts[0]);
                let whole = self.lower + (1.0 - self.lower) * p;
                square * (1.0 - self.lower) * p * p * q / whole
            }
            Curve::Graded => {
                let slope_of = |x: f64| if x.is_finite() { logistic(x) * logistic(-x) } else { 0.0 };
                let mut probabilities = vec![0.0; self.categories()];
                self.probabilities_at(z, &mut probabilities);
                let edge = |k: usize| if k == 0 { 0.0 } else { slope_of(z + self.intercepts[k - 1]) };
                let last = self.intercepts.len();
                let part = |(k, &p): (usize, &f64)| {
                    let change = edge(k) - if k == last { 0.0 } else { edge(k + 1) };
                    if p > 1e-290 { change * change / p } else { 0.0 }
                };
                square * probabilities.iter().enumerate().map(part).sum::<f64>()
            }
            Curve::PartialCredit => {
                let mut probabilities = vec![0.0; self.categories()];
                self.probabilities_at(z, &mut probabilities);
                let mean: f64 = probabilities.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
                let spread = |(k, p): (usize, &f64)| (k as f64 - mean) * (k as f64 - mean) * p;
                square * probabilities.iter().enumerate().map(spread).sum::<f64>()
            }
        }
    }
}

/// 1/(1+e⁻ᵃ) − 1/(1+e⁻ᵇ) for a > b, precise where both are near 0 or near 1.
fn logistic_difference(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY {
        return logistic(-b);
    }
    if b == f64::NEG_INFINITY {
        return logistic(a);
    }
    // σ(a) − σ(b) = σ(a) σ(−b) (1 − e^(b−a))
    logistic(a) * logistic(-b) * (1.0 - exp(b - a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_item() -> impl Strategy<Value = Item> {
        let slope = 0.05..4.0_f64;
        let intercepts = prop::collection::vec(-6.0..6.0_f64, 1..6);
        (slope, intercepts, 0.0..0.5_f64, 0..3).prop_map(|(slope, mut d, lower, curve)| match curve {
            0 => Item::three_pl(slope, d[0], lower).unwrap(),
            1 => {
                d.sort_by(|a, b| b.total_cmp(a));
                for k in 1..d.len() {
                    d[k] = d[k].min(d[k - 1] - 0.01);
                }
                Item::graded(slope, d).unwrap()
            }
            _ => Item::partial_credit(slope, d).unwrap(),
        })
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one_and_agree_with_their_logarithms(item in any_item(), theta in -6.0..6.0_f64) {
            let mut p = vec![0.0; item.categories()];
            let mut logs = p.clone();
            item.probabilities(theta, &mut p);
            item.log_probabilities_at(item.slope() * theta, &mut logs);
            prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for (p, log) in p.iter().zip(&logs) {
                prop_assert!(*p >= 0.0 && (p.ln() - log).abs() < 1e-9);
            }
        }

        #[test]
        fn a_higher_level_is_expected_to_score_higher(item in any_item(), theta in -6.0..5.5_f64) {
            prop_assert!(item.expected_score(theta + 0.5) >= item.expected_score(theta));
        }

        #[test]
        fn difficulties_lead_back_to_the_item(item in any_item()) {
            let b = item.difficulties();
            let again = Item::from_difficulties(item.curve(), item.slope(), &b, item.lower()).unwrap();
            for (found, wanted) in again.intercepts().iter().zip(item.intercepts()) {
                prop_assert!((found - wanted).abs() < 1e-9);
            }
        }

        #[test]
        fn information_is_the_expected_square_of_the_score(item in any_item(), theta in -3.0..3.0_f64) {
            let h = 1e-5;
            let mut p = vec![0.0; item.categories()];
            let (mut up, mut down) = (p.clone(), p.clone());
            item.probabilities(theta, &mut p);
            item.probabilities(theta + h, &mut up);
            item.probabilities(theta - h, &mut down);
            let numeric: f64 = (0..p.len())
                .map(|k| ((up[k] - down[k]) / (2.0 * h)).powi(2) / p[k].max(1e-300))
                .sum();
            prop_assert!((item.information(theta) - numeric).abs() < 1e-5 * (1.0 + numeric));
        }
    }

    #[test]
    fn says_what_is_wrong_with_parameters() {
        assert_eq!(Item::two_pl(f64::NAN, 0.0), Err(ItemError::NotFinite));
        assert_eq!(Item::graded(1.0, vec![1.0, 1.0]), Err(ItemError::NotFalling(2)));
        assert_eq!(Item::graded(1.0, vec![]), Err(ItemError::NoIntercept));
        assert_eq!(Item::three_pl(1.0, 0.0, 1.0), Err(ItemError::Lower(1.0)));
        assert_eq!(Item::from_difficulties(Curve::Dichotomous, 0.0, &[1.0], 0.0), Err(ItemError::NoSlope));
    }
}
