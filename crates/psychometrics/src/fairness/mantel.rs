//! Tests within strata of equal matching score.
//!
//! Sources: N. Mantel and W. Haenszel (1959); P. W. Holland and D. T. Thayer (1988) for items; A. Phillips and P. W.
//! Holland (1987) and J. Robins, N. Breslow and S. Greenland (1986), whose variances of ln α are the same here; M. Zieky
//! (1993) for the classes; N. Mantel (1963) for ordered categories; N. J. Dorans and A. P. Schmitt (1991) for the
//! standardised difference, and R. Zwick and D. T. Thayer (1996) for its error.

use super::matching::Stratum;
use super::power::Power;
use super::report::{Continuity, EtsClass, Favours, Test, Undetermined};
use crate::math::{ln, normal_quantile};

/// The outcome for an item of two categories, or of more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stratified {
    /// Two categories.
    MantelHaenszel(MantelHaenszel),
    /// More than two.
    Mantel(Mantel),
}

/// An item of two categories. The first is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MantelHaenszel {
    /// Test of no difference.
    pub test: Test,
    /// Common odds ratio α: odds of a right answer in the reference group over those in the focal group, at equal score.
    pub odds_ratio: f64,
    /// Standard error of ln α.
    pub log_odds_error: f64,
    /// MH D-DIF, −2.35 ln α, on the delta scale: negative when the item is harder for the focal group.
    pub delta: f64,
    /// Standard error of `delta`.
    pub delta_error: f64,
    /// Share right in the focal group less that in the reference group at equal score (STD P-DIF).
    pub p_difference: f64,
    /// Class, with Zieky's tests of significance.
    pub class: EtsClass,
    /// Variance of the sum of differences if there is no difference: what power rests on.
    pub variance: f64,
}

/// An item of ordered categories, scored 0, 1, 2, ….
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mantel {
    /// Mantel's test of no difference, without correction for continuity.
    pub test: Test,
    /// Standardised mean difference: mean score in the focal group less that in the reference group at equal matching
    /// score, in points of the item, weighted as the focal group is spread.
    pub mean_difference: f64,
    /// Standard error of `mean_difference`.
    pub mean_difference_error: f64,
    /// `mean_difference` in standard deviations of the item's score in both groups together.
    pub effect: f64,
    /// A when not significant or `effect` is at most 0.17 away from nought, C when it is more than 0.25, else B (the
    /// rule of the National Assessment of Educational Progress).
    pub class: EtsClass,
    /// Variance of the sum of differences if there is no difference: what power rests on.
    pub variance: f64,
}

impl Stratified {
    /// Test of no difference.
    #[must_use]
    pub fn test(&self) -> Test {
        match self {
            Self::MantelHaenszel(found) => found.test,
            Self::Mantel(found) => found.test,
        }
    }

    /// Class.
    #[must_use]
    pub fn class(&self) -> EtsClass {
        match self {
            Self::MantelHaenszel(found) => found.class,
            Self::Mantel(found) => found.class,
        }
    }

    /// Whom the item favours, however little.
    #[must_use]
    pub fn favours(&self) -> Favours {
        let harder_for_focal = match self {
            Self::MantelHaenszel(found) => found.delta < 0.0,
            Self::Mantel(found) => found.mean_difference < 0.0,
        };
        if harder_for_focal { Favours::Reference } else { Favours::Focal }
    }

    pub(super) fn power(&self, continuity: Continuity, level: f64) -> Power {
        match self {
            Self::MantelHaenszel(found) => {
                let correction = if continuity == Continuity::Corrected { 0.5 } else { 0.0 };
                Power::of_variance(found.variance, correction, level)
            }
            Self::Mantel(found) => Power::of_variance(found.variance, 0.0, level),
        }
    }

    pub(super) fn adjust(&mut self, p: f64) {
        match self {
            Self::MantelHaenszel(found) => found.test.adjusted_p = p,
            Self::Mantel(found) => found.test.adjusted_p = p,
        }
    }
}

impl MantelHaenszel {
    /// Class by size alone, without tests: A below 1, C from 1.5 on the delta scale, as R's `difR` prints it.
    #[must_use]
    pub fn size_class(&self) -> EtsClass {
        match self.delta.abs() {
            size if size < 1.0 => EtsClass::A,
            size if size < 1.5 => EtsClass::B,
            _ => EtsClass::C,
        }
    }
}

/// Sums over strata that have more than one person.
#[derive(Default)]
struct Sums {
    /// Focal score less its expectation.
    difference: f64,
    variance: f64,
    /// Numerator and denominator of α, and of the variance of ln α in parts: see [`mantel_haenszel`].
    right: f64,
    wrong: f64,
    parts: [f64; 3],
    /// Weights (focal people), their weighted differences of means and variances, where both groups have people.
    focal: f64,
    mean_difference: f64,
    mean_variance: f64,
}

/// Tests an item, whatever its categories.
pub(super) fn test(strata: &[Stratum], continuity: Continuity, level: f64) -> Result<Stratified, Undetermined> {
    one_category(strata)?;
    let categories = strata.first().map_or(0, |stratum| stratum.counts[0].len());
    let sums = add_up(strata);
    if sums.variance <= 0.0 {
        return Err(Undetermined::NoOverlap);
    }
    if categories == 2 {
        mantel_haenszel(&sums, continuity, level).map(Stratified::MantelHaenszel)
    } else {
        Ok(Stratified::Mantel(mantel(&sums, strata, level)))
    }
}

/// Whether groups have people, in different categories.
pub(super) fn one_category(strata: &[Stratum]) -> Result<(), Undetermined> {
    if (0..2).any(|side| strata.iter().map(|stratum| stratum.people(side)).sum::<f64>() <= 0.0) {
        return Err(Undetermined::NoPeople);
    }
    let categories = strata[0].counts[0].len();
    let used = |category: &usize| {
        strata.iter().any(|stratum| stratum.counts[0][*category] + stratum.counts[1][*category] > 0.0)
    };
    if (0..categories).filter(used).count() < 2 { Err(Undetermined::OneCategory) } else { Ok(()) }
}

fn add_up(strata: &[Stratum]) -> Sums {
    let mut sums = Sums::default();
    for stratum in strata {
        let people = [stratum.people(0), stratum.people(1)];
        let whole = people[0] + people[1];
        if whole <= 1.0 {
            continue;
        }
        let score = |side: usize, power: i32| -> f64 {
            stratum.counts[side].iter().enumerate().map(|(k, count)| count * (k as f64).powi(power)).sum()
        };
        let both = score(0, 1) + score(1, 1);
        let spread = whole * (score(0, 2) + score(1, 2)) - both * both;
        let variance = people[0] * people[1] * spread / (whole * whole * (whole - 1.0));
        sums.difference += score(1, 1) - people[1] * both / whole;
        sums.variance += variance;
        if people[0] > 0.0 && people[1] > 0.0 {
            let unit = 1.0 / people[0] + 1.0 / people[1];
            sums.focal += people[1];
            sums.mean_difference += people[1] * (score(1, 1) / people[1] - score(0, 1) / people[0]);
            sums.mean_variance += people[1] * people[1] * unit * unit * variance;
        }
        if let ([b, a], [d, c]) = (&stratum.counts[0][..], &stratum.counts[1][..]) {
            let (straight, cross) = (a * d / whole, b * c / whole);
            let (p, q) = ((a + d) / whole, (b + c) / whole);
            sums.right += straight;
            sums.wrong += cross;
            sums.parts[0] += p * straight;
            sums.parts[1] += p * cross + q * straight;
            sums.parts[2] += q * cross;
        }
    }
    sums
}

fn mantel_haenszel(sums: &Sums, continuity: Continuity, level: f64) -> Result<MantelHaenszel, Undetermined> {
    let (right, wrong) = (sums.right, sums.wrong);
    if right <= 0.0 || wrong <= 0.0 {
        return Err(Undetermined::NoOddsRatio);
    }
    let correction = if continuity == Continuity::Corrected { 0.5 } else { 0.0 };
    let test = Test::new((sums.difference.abs() - correction).powi(2) / sums.variance, 1.0);
    let odds_ratio = right / wrong;
    let [both_right, mixed, both_wrong] = sums.parts;
    let variance =
        both_right / (2.0 * right * right) + mixed / (2.0 * right * wrong) + both_wrong / (2.0 * wrong * wrong);
    let delta = -2.35 * ln(odds_ratio);
    let delta_error = 2.35 * variance.sqrt();
    // Larger than 1 in size, tested one-sided at the same level: 1.645 standard errors at 5 %.
    let above_one = delta.abs() + normal_quantile(level) * delta_error > 1.0;
    let class = if test.p >= level || delta.abs() < 1.0 {
        EtsClass::A
    } else if delta.abs() >= 1.5 && above_one {
        EtsClass::C
    } else {
        EtsClass::B
    };
    Ok(MantelHaenszel {
        test,
        odds_ratio,
        log_odds_error: variance.sqrt(),
        delta,
        delta_error,
        p_difference: sums.mean_difference / sums.focal,
        class,
        variance: sums.variance,
    })
}

fn mantel(sums: &Sums, strata: &[Stratum], level: f64) -> Mantel {
    let test = Test::new(sums.difference * sums.difference / sums.variance, 1.0);
    let mean_difference = sums.mean_difference / sums.focal;
    let effect = mean_difference / score_sd(strata);
    let class = match effect.abs() {
        _ if test.p >= level => EtsClass::A,
        size if size <= 0.17 => EtsClass::A,
        size if size <= 0.25 => EtsClass::B,
        _ => EtsClass::C,
    };
    Mantel {
        test,
        mean_difference,
        mean_difference_error: sums.mean_variance.sqrt() / sums.focal,
        effect,
        class,
        variance: sums.variance,
    }
}

/// Standard deviation of the item's score, both groups together.
fn score_sd(strata: &[Stratum]) -> f64 {
    let moment = |power: i32| -> f64 {
        let of = |counts: &Vec<f64>| -> f64 {
            counts.iter().enumerate().map(|(k, count)| count * (k as f64).powi(power)).sum()
        };
        strata.iter().map(|stratum| of(&stratum.counts[0]) + of(&stratum.counts[1])).sum()
    };
    let (people, mean) = (moment(0), moment(1) / moment(0));
    (moment(2) / people - mean * mean).max(0.0).sqrt()
}
