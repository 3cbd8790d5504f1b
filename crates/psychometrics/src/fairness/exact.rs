//! Exact probabilities of counts.

use crate::math::{exp, ln, ln_gamma};

/// Fisher's exact test (1935) of a table of two rows, two-sided: the probability, with all margins as they are, of the
/// tables that are no likelier than the one observed (with a relative margin of 10⁻⁷ for rounding, as R's `fisher.test`).
///
/// `yes` and `all` of both groups; `yes` is at most `all`, larger ones count as `all`.
#[must_use]
pub fn fisher_exact(one: (u64, u64), other: (u64, u64)) -> f64 {
    let (yes_one, all_one) = (one.0.min(one.1), one.1);
    let (yes_other, all_other) = (other.0.min(other.1), other.1);
    let yes = yes_one + yes_other;
    let lowest = yes.saturating_sub(all_other);
    let highest = yes.min(all_one);
    let log = |k: u64| ln_choose(all_one, k) + ln_choose(all_other, yes - k);
    let observed = log(yes_one);
    // Relative to the observed table, so that nothing underflows that matters.
    let (mut at_most, mut whole) = (0.0, 0.0);
    for k in lowest..=highest {
        let relative = exp(log(k) - observed);
        whole += relative;
        if relative <= 1.0 + 1e-7 {
            at_most += relative;
        }
    }
    if whole.is_finite() { (at_most / whole).min(1.0) } else { 0.0 }
}

/// Probability that the smaller of two equal groups' rates falls below `limit` of the larger, when both groups have the
/// chance `p` of each yes. Exact, by summing over all pairs of counts. A pair without any yes has no ratio and does not
/// count as below.
#[must_use]
pub(super) fn below_by_chance(one: u64, other: u64, p: f64, limit: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return 0.0;
    }
    let chances = [binomial(one, p), binomial(other, p)];
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(chances[1].iter().scan(0.0, |sum, chance| {
            *sum += chance;
            Some(*sum)
        }))
        .collect();
    let total = sums[sums.len() - 1];
    let mut below = 0.0;
    for (count, chance) in chances[0].iter().enumerate() {
        let rate = count as f64 / one as f64;
        // The others' counts whose rate is under `limit` of this one, and those of whose rate this one is under it.
        let low = first_count(rate * limit * other as f64, sums.len() - 1);
        let high = if rate > 0.0 { after_count(rate / limit * other as f64, sums.len() - 1) } else { 1 };
        below += chance * (sums[low] + (total - sums[high.min(sums.len() - 1)]));
    }
    below.min(1.0)
}

/// How many whole numbers from 0 are below `bound`, rounding forgiven.
fn first_count(bound: f64, most: usize) -> usize {
    ((bound - 1e-9).ceil().max(0.0) as usize).min(most)
}

/// How many whole numbers from 0 are at most `bound`, rounding forgiven.
fn after_count(bound: f64, most: usize) -> usize {
    ((bound + 1e-9).floor() as usize + 1).min(most)
}

/// Chances of 0, 1, …, `all`.
fn binomial(all: u64, p: f64) -> Vec<f64> {
    let (yes, no) = (ln(p), ln(1.0 - p));
    (0..=all).map(|k| exp(ln_choose(all, k) + k as f64 * yes + (all - k) as f64 * no)).collect()
}

fn ln_choose(all: u64, some: u64) -> f64 {
    let ln_factorial = |n: u64| ln_gamma(n as f64 + 1.0);
    ln_factorial(all) - ln_factorial(some) - ln_factorial(all - some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_r() {
        // R: fisher.test(matrix(c(3,1,1,3),2))$p.value and further tables; the first is Fisher's tea tasting.
        let table = [((3, 4), (1, 4), 0.485_714_285_714), ((2, 12), (10, 13), 0.004_832_414)];
        for (one, other, wanted) in table {
            let found = fisher_exact(one, other);
            assert!((found - wanted).abs() < 1e-8, "{one:?} {other:?}: {found}");
        }
        assert_eq!(fisher_exact((0, 5), (0, 9)), 1.0);
        assert_eq!(fisher_exact((0, 0), (3, 9)), 1.0);
    }

    /// Measured by simulation: at 25, 50, 100 and 250 people in each group.
    #[test]
    fn equal_groups_often_fall_under_four_fifths_by_chance() {
        let table = [(0.5, [0.43, 0.26, 0.12, 0.014]), (0.3, [0.64, 0.47, 0.30, 0.10])];
        for (p, shares) in table {
            for (people, share) in [25, 50, 100, 250].into_iter().zip(shares) {
                let found = below_by_chance(people, people, p, 0.8);
                // Ratios of exactly four fifths, frequent in small groups, are not below; the simulation counted them.
                assert!(
                    (found - share).abs() < if people == 25 { 0.05 } else { 0.025 },
                    "{people} at {p}: {found} instead of {share}"
                );
            }
        }
        assert_eq!(below_by_chance(10, 10, 0.0, 0.8), 0.0);
    }
}
