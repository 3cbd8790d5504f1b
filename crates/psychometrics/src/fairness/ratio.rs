//! The impact ratio: never without its interval and its exact test.

use super::exact::{below_by_chance, fisher_exact};
use crate::math::{exp, ln, normal_quantile};

/// The ratio of two rates, with what is uncertain of it. Its fields are read through methods and it has no other
/// constructor than the analysis, so that nobody can show the ratio and lose the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImpactRatio {
    ratio: f64,
    interval: Interval,
    katz: Option<Interval>,
    p: f64,
    adjusted_p: f64,
    chance: f64,
}

/// An interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end; may be infinite.
    pub high: f64,
}

impl ImpactRatio {
    /// Ratio of the first group's rate to the second's; `None` when the second has no yes, for there is then no ratio.
    pub(super) fn new(one: (u64, u64), other: (u64, u64), confidence: f64) -> Option<Self> {
        if one.1 == 0 || other.1 == 0 || other.0 == 0 {
            return None;
        }
        let rate = |(yes, all): (u64, u64)| yes as f64 / all as f64;
        let p = fisher_exact(one, other);
        let pooled = (one.0 + other.0) as f64 / (one.1 + other.1) as f64;
        Some(Self {
            ratio: rate(one) / rate(other),
            interval: koopman(one, other, confidence),
            katz: katz(one, other, confidence),
            p,
            adjusted_p: p,
            chance: below_by_chance(one.1, other.1, pooled, 0.8),
        })
    }

    pub(super) fn adjust(&mut self, p: f64) {
        self.adjusted_p = p;
    }

    /// Ratio, interval and exact p together, the way they are to be shown.
    #[must_use]
    pub fn all(&self) -> (f64, Interval, f64) {
        (self.ratio, self.interval, self.p)
    }

    /// Score interval of P. A. R. Koopman (1984), which holds at zero counts too.
    #[must_use]
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// Interval of the logarithm of the ratio (D. Katz et al. 1978), which is what most tables print; nothing when a
    /// group has no yes, where it does not exist.
    #[must_use]
    pub fn katz(&self) -> Option<Interval> {
        self.katz
    }

    /// Fisher's exact test of equal rates, two-sided.
    #[must_use]
    pub fn p(&self) -> f64 {
        self.p
    }

    /// The same adjusted for the number of categories compared (Benjamini and Hochberg).
    #[must_use]
    pub fn adjusted_p(&self) -> f64 {
        self.adjusted_p
    }

    /// Whether the ratio is below four fifths (29 CFR 1607.4 D). By itself this says little: see
    /// [`ImpactRatio::chance_when_equal`].
    #[must_use]
    pub fn below_four_fifths(&self) -> bool {
        self.ratio < 0.8
    }

    /// How often two groups of these sizes with *the same* chance of a yes (that of both together) would show a ratio
    /// below four fifths one way or the other.
    #[must_use]
    pub fn chance_when_equal(&self) -> f64 {
        self.chance
    }
}

/// In one line: ratio, interval, exact p.
impl std::fmt::Display for ImpactRatio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Interval { low, high } = self.interval;
        write!(f, "{:.2} ({low:.2} to {high:.2}; exact p {:.3})", self.ratio, self.p)
    }
}

fn katz(one: (u64, u64), other: (u64, u64), confidence: f64) -> Option<Interval> {
    if one.0 == 0 || other.0 == 0 {
        return None;
    }
    let part = |(yes, all): (u64, u64)| 1.0 / yes as f64 - 1.0 / all as f64;
    let ratio = one.0 as f64 / one.1 as f64 / (other.0 as f64 / other.1 as f64);
    let reach = -normal_quantile(0.5 - 0.5 * confidence) * (part(one) + part(other)).sqrt();
    Some(Interval { low: ratio * exp(-reach), high: ratio * exp(reach) })
}

/// The ratios that a score test does not reject: found by bisection of the logarithm.
fn koopman(one: (u64, u64), other: (u64, u64), confidence: f64) -> Interval {
    let z = normal_quantile(0.5 - 0.5 * confidence);
    let critical = z * z;
    let ratio = one.0 as f64 / one.1 as f64 / (other.0 as f64 / other.1 as f64);
    let inside = |log: f64| score(one, other, exp(log)) <= critical;
    // A ratio beyond e^±40 could not be told from nought or infinity with any number of people.
    let end = |way: f64| {
        let (mut in_, mut out) = (if ratio > 0.0 { ln(ratio) } else { -40.0 }, way * 40.0);
        if inside(out) {
            return out;
        }
        if !inside(in_) {
            return in_;
        }
        for _ in 0..200 {
            let middle = 0.5 * (in_ + out);
            if inside(middle) { in_ = middle } else { out = middle }
        }
        in_
    };
    let low = if one.0 == 0 { 0.0 } else { exp(end(-1.0)) };
    Interval { low, high: exp(end(1.0)) }
}

/// Score statistic of the hypothesis that the ratio is `ratio`, with the restricted maximum-likelihood rates.
fn score(one: (u64, u64), other: (u64, u64), ratio: f64) -> f64 {
    let (x, m) = (one.0 as f64, one.1 as f64);
    let (y, n) = (other.0 as f64, other.1 as f64);
    // (m + n) ρ q² − (ρ (m + y) + x + n) q + x + y = 0 for the second rate q, with the first ρ q.
    let a = (m + n) * ratio;
    let b = -(ratio * (m + y) + x + n);
    let c = x + y;
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    let q = (2.0 * c / (root - b)).clamp(0.0, 1.0_f64.min(1.0 / ratio));
    let p = ratio * q;
    if p <= 0.0 {
        return 0.0;
    }
    let gap = x - m * p;
    // At p = 1 there is no room below certainty: only x = m agrees.
    if p >= 1.0 - 1e-15 {
        return if gap.abs() < 1e-9 { 0.0 } else { f64::INFINITY };
    }
    let share = gap * gap / (m * p * (1.0 - p));
    share * (1.0 + m * (ratio - p) / (n * (1.0 - p)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(one: (u64, u64), other: (u64, u64)) -> ImpactRatio {
        ImpactRatio::new(one, other, 0.95).unwrap()
    }

    /// Koopman's own example, 36 of 40 against 16 of 80: 2.94 to 7.15.
    #[test]
    fn meets_koopmans_published_interval() {
        let found = ratio((36, 40), (16, 80));
        let Interval { low, high } = found.interval();
        assert!((low - 2.94).abs() < 0.005 && (high - 7.15).abs() < 0.005, "{low} {high}");
        assert!((found.all().0 - 4.5).abs() < 1e-12);
    }

    #[test]
    fn nobody_selected_still_has_an_interval_and_no_ratio_to_nobody() {
        let found = ratio((0, 20), (10, 40));
        assert_eq!(found.all().0, 0.0);
        assert_eq!(found.interval().low, 0.0);
        assert!(found.interval().high > 0.3 && found.interval().high < 1.0, "{found}");
        assert!(found.katz().is_none());
        assert!(ImpactRatio::new((3, 20), (0, 40), 0.95).is_none());
        assert!(ImpactRatio::new((0, 0), (3, 40), 0.95).is_none());
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_ratio_and_turns_round_with_the_groups(
            all in (1_u64..200, 1_u64..200), shares in (0.0..1.0_f64, 0.0..1.0_f64)
        ) {
            let one = ((shares.0 * all.0 as f64) as u64, all.0);
            let other = (((shares.1 * all.1 as f64) as u64).max(1), all.1);
            let found = ratio(one, other);
            let Interval { low, high } = found.interval();
            prop_assert!(low <= found.all().0 * (1.0 + 1e-9) && found.all().0 <= high * (1.0 + 1e-9), "{found}");
            prop_assert!((0.0..=1.0).contains(&found.p()) && (0.0..=1.0).contains(&found.chance_when_equal()));
            if one.0 > 0 {
                let back = ratio(other, one);
                prop_assert!((back.interval().low * high - 1.0).abs() < 1e-6, "{found} and {back}");
                prop_assert!((back.p() - found.p()).abs() < 1e-9);
            }
        }
    }
}
