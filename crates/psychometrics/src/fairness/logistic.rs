//! Logistic regression of an item's answers on matching score, group, and both together.
//!
//! Sources: H. Swaminathan and H. J. Rogers (1990); B. D. Zumbo (1999) and A. W. French and T. R. Miller (1996) for
//! ordered categories, here by proportional odds; N. J. D. Nagelkerke (1991) for R²; classes of M. G. Jodoin and M. J.
//! Gierl (2001), and of Zumbo and D. R. Thomas (1997).

use super::mantel::one_category;
use super::matching::Stratum;
use super::ordinal::{Cell, Fitted, fit, null_log_likelihood};
use super::report::{EtsClass, Test, Undetermined};
use crate::math::exp;

/// What regression says of an item. The focal group is coded 1 and the reference group 0, as in R's `difR`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogisticDif {
    /// Likelihood-ratio test of a group effect that is the same at all scores, 1 degree of freedom.
    pub uniform: Test,
    /// Test of a group effect that changes with the score, beyond the uniform one, 1 degree of freedom.
    pub non_uniform: Test,
    /// Test of both at once, 2 degrees of freedom.
    pub both: Test,
    /// Nagelkerke's R² with score alone, with score and group, and with their product.
    pub r_squared: [f64; 3],
    /// Uniform effect: log-odds of a higher category in the focal group less those in the reference group, at equal score.
    pub log_odds: f64,
    /// Standard error of `log_odds`.
    pub log_odds_error: f64,
    /// Non-uniform effect: by how much the slope per point of the matching score is larger in the focal group.
    pub slope_difference: f64,
    /// Standard error of `slope_difference`.
    pub slope_difference_error: f64,
}

impl LogisticDif {
    /// What group and product add to R².
    #[must_use]
    pub fn r_squared_gain(&self) -> f64 {
        self.r_squared[2] - self.r_squared[0]
    }

    /// Class of the gain by Jodoin and Gierl: negligible up to 0.035, large above 0.070. Size alone; the test is apart.
    #[must_use]
    pub fn jodoin_gierl(&self) -> EtsClass {
        class(self.r_squared_gain(), 0.035, 0.070)
    }

    /// Class of the gain by Zumbo and Thomas: negligible up to 0.13, large above 0.26. Size alone.
    #[must_use]
    pub fn zumbo_thomas(&self) -> EtsClass {
        class(self.r_squared_gain(), 0.13, 0.26)
    }
}

fn class(gain: f64, moderate: f64, large: f64) -> EtsClass {
    if gain <= moderate {
        EtsClass::A
    } else if gain <= large {
        EtsClass::B
    } else {
        EtsClass::C
    }
}

/// Tests an item; `strata` have each different score by itself.
pub(super) fn test(strata: &[Stratum]) -> Result<LogisticDif, Undetermined> {
    one_category(strata)?;
    let people: f64 = strata.iter().map(|stratum| stratum.people(0) + stratum.people(1)).sum();
    let (cells, spread) = cells(strata, people)?;
    let null = null_log_likelihood(&cells);
    let [score, group, product] = [fit(&cells, 1)?, fit(&cells, 2)?, fit(&cells, 3)?];
    let ratio = |small: &Fitted, large: &Fitted, df: f64| {
        // Rounding can leave a hair below nought.
        Test::new((2.0 * (large.log_likelihood - small.log_likelihood)).max(0.0), df)
    };
    let nagelkerke =
        |fitted: &Fitted| (1.0 - exp(2.0 * (null - fitted.log_likelihood) / people)) / (1.0 - exp(2.0 * null / people));
    Ok(LogisticDif {
        uniform: ratio(&score, &group, 1.0),
        non_uniform: ratio(&group, &product, 1.0),
        both: ratio(&score, &product, 2.0),
        r_squared: [nagelkerke(&score), nagelkerke(&group), nagelkerke(&product)],
        log_odds: group.beta[1],
        log_odds_error: group.covariance[(1, 1)].sqrt(),
        slope_difference: product.beta[2] / spread,
        slope_difference_error: product.covariance[(2, 2)].sqrt() / spread,
    })
}

/// Predictors standardised score, group and their product, categories that nobody is in left out; and the standard
/// deviation of scores.
fn cells(strata: &[Stratum], people: f64) -> Result<(Vec<Cell>, f64), Undetermined> {
    let weight = |stratum: &Stratum| stratum.people(0) + stratum.people(1);
    let mean = strata.iter().map(|stratum| weight(stratum) * stratum.score).sum::<f64>() / people;
    let square = strata.iter().map(|stratum| weight(stratum) * (stratum.score - mean).powi(2)).sum::<f64>();
    let spread = (square / people).sqrt();
    if spread.is_nan() || spread <= 1e-12 * mean.abs() {
        return Err(Undetermined::OneScore);
    }
    let categories = strata[0].counts[0].len();
    let used: Vec<usize> = (0..categories)
        .filter(|&k| strata.iter().any(|stratum| stratum.counts[0][k] + stratum.counts[1][k] > 0.0))
        .collect();
    let mut cells = Vec::with_capacity(2 * strata.len());
    for stratum in strata {
        let score = (stratum.score - mean) / spread;
        for side in (0..2).filter(|&side| stratum.people(side) > 0.0) {
            let group = side as f64;
            let counts = used.iter().map(|&k| stratum.counts[side][k]).collect();
            cells.push(Cell { x: [score, group, score * group], counts });
        }
    }
    Ok((cells, spread))
}
