//! p among many.

/// p adjusted for the number of tests, so that among all that are called significant at a level at most that share is
/// expected to be false (Y. Benjamini and Y. Hochberg 1995). Same order as given; not-a-number stays and does not count.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&k| !p[k].is_nan()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
    let count = order.len() as f64;
    let mut adjusted = p.to_vec();
    let mut smallest = 1.0_f64;
    for (rank, &k) in order.iter().enumerate() {
        smallest = smallest.min(p[k] * (count / (count - rank as f64)));
        adjusted[k] = smallest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// R: p.adjust(c(.01, .04, .03, .005, .8), "BH").
    #[test]
    fn agrees_with_r() {
        let found = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005, 0.8]);
        for (found, wanted) in found.iter().zip([0.025, 0.05, 0.05, 0.025, 0.8]) {
            assert!((found - wanted).abs() < 1e-15, "{found} {wanted}");
        }
        assert!(benjamini_hochberg(&[]).is_empty());
        let with_gap = benjamini_hochberg(&[0.01, f64::NAN, 0.04]);
        assert!((with_gap[0] - 0.02).abs() < 1e-15 && with_gap[1].is_nan());
    }

    proptest! {
        #[test]
        fn is_never_below_the_plain_p_nor_above_one_and_keeps_the_order(p in prop::collection::vec(0.0..1.0_f64, 1..40)) {
            let adjusted = benjamini_hochberg(&p);
            for i in 0..p.len() {
                prop_assert!(adjusted[i] >= p[i] && adjusted[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || adjusted[i] <= adjusted[j]);
                }
            }
        }
    }
}
