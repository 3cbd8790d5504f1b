//! The non-central chi-squared distribution, and what is read off a chi-squared statistic.

use crate::math::{exp, gamma_p, ln, ln_gamma};

/// P(X ≤ x) of a non-central chi-squared distribution: a Poisson mixture of central ones.
pub(super) fn noncentral_cdf(x: f64, df: f64, noncentrality: f64) -> f64 {
    let half = 0.5 * noncentrality;
    if half <= 0.0 {
        return gamma_p(0.5 * df, 0.5 * x);
    }
    let term = |j: f64| exp(j * ln(half) - half - ln_gamma(j + 1.0)) * gamma_p(0.5 * df + j, 0.5 * x);
    // From the most likely number outwards, until what is left cannot matter.
    let middle = half.floor();
    let mut sum = 0.0;
    let mut j = middle;
    loop {
        let part = term(j);
        sum += part;
        if part < 1e-16 && j > middle + 8.0 {
            break;
        }
        j += 1.0;
    }
    let mut j = middle - 1.0;
    while j >= 0.0 {
        let weight = exp(j * ln(half) - half - ln_gamma(j + 1.0));
        sum += weight * gamma_p(0.5 * df + j, 0.5 * x);
        if weight < 1e-17 {
            break;
        }
        j -= 1.0;
    }
    sum.min(1.0)
}

/// The non-centrality under which the statistic's distribution has `p` below `x`; 0 when none is large enough.
fn noncentrality_at(x: f64, df: f64, p: f64) -> f64 {
    if noncentral_cdf(x, df, 0.0) <= p {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, x.max(1.0));
    while noncentral_cdf(x, df, high) > p && high < 1e7 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if noncentral_cdf(x, df, middle) > p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Root mean square error of approximation: √((χ²/df − 1)/(N − 1)), and 0 where χ² is below its expectation.
pub(super) fn rmsea(statistic: f64, df: f64, people: f64) -> f64 {
    ((statistic / df - 1.0).max(0.0) / (people - 1.0).max(1.0)).sqrt()
}

/// Its 90 % interval (M. W. Browne and R. Cudeck 1993).
pub(super) fn rmsea_interval(statistic: f64, df: f64, people: f64) -> (f64, f64) {
    let bound = |p: f64| (noncentrality_at(statistic, df, p) / (people * df)).sqrt();
    (bound(0.95), bound(0.05))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Against sums of squares of drawn normal numbers.
    #[test]
    fn noncentral_distribution_is_that_of_shifted_squares() {
        let mut random = Random::new(7);
        let (df, shift, x) = (3, 2.0, 8.0);
        let n = 100_000;
        let below = (0..n)
            .filter(|_| {
                let mut sum = (random.normal() + shift).powi(2);
                sum += (1..df).map(|_| random.normal().powi(2)).sum::<f64>();
                sum <= x
            })
            .count();
        let found = noncentral_cdf(x, f64::from(df), shift * shift);
        assert!((found - below as f64 / f64::from(n)).abs() < 0.006, "{found} {below}");
        assert!((noncentral_cdf(300.0, 5.0, 250.0) - 0.927).abs() < 0.03);
    }

    #[test]
    fn interval_holds_the_estimate_and_begins_at_nought_for_a_good_fit() {
        let (low, high) = rmsea_interval(11.94, 5.0, 1000.0);
        let middle = rmsea(11.94, 5.0, 1000.0);
        assert!(low < middle && middle < high, "{low} {middle} {high}");
        assert_eq!(rmsea_interval(3.0, 5.0, 1000.0).0, 0.0);
        assert_eq!(rmsea(3.0, 5.0, 1000.0), 0.0);
    }
}
