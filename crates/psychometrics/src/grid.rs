//! The grid of levels on which everything is integrated.

use crate::math::{exp, normal_pdf};

/// Nodes of the grid.
pub const NODES: usize = 61;
/// The outermost nodes are at plus and minus this, in standard deviations of the reference population.
pub const REACH: f64 = 6.0;
/// Distance of two nodes.
pub const SPACING: f64 = 2.0 * REACH / (NODES as f64 - 1.0);

/// The level at a node: −6, −5.8, …, 6.
///
/// Uniform, and not Gauss-Hermite: the nodes of Gauss-Hermite lie too far apart for the narrow posteriors of long tests
/// and bias slopes there, whereas sums over a uniform grid converge at once for smooth densities that are wide against
/// the spacing.
#[inline]
#[must_use]
pub fn node(index: usize) -> f64 {
    // From the whole number, so that the middle is exactly 0 and the grid symmetric.
    (index as f64 - (NODES as f64 - 1.0) / 2.0) * 0.2
}

/// All nodes.
#[must_use]
pub fn nodes() -> [f64; NODES] {
    std::array::from_fn(node)
}

/// Probabilities of the nodes under a normal distribution, which sum to one.
///
/// `sd` must be positive. A distribution that is narrow against the spacing falls to the nearest nodes.
#[must_use]
pub fn normal_weights(mean: f64, sd: f64) -> [f64; NODES] {
    let mut weights: [f64; NODES] = std::array::from_fn(|index| normal_pdf((node(index) - mean) / sd));
    let sum: f64 = weights.iter().sum();
    if sum > 0.0 && sum.is_finite() {
        weights.iter_mut().for_each(|weight| *weight /= sum);
    } else {
        // All of it is outside, or between two nodes: the nearest node takes it.
        let nearest = ((mean / SPACING).round().clamp(-30.0, 30.0) + 30.0) as usize;
        weights = [0.0; NODES];
        weights[nearest.min(NODES - 1)] = 1.0;
    }
    weights
}

/// Points and probabilities that integrate polynomials up to degree 17 exactly against the standard normal density:
/// nine-point Gauss-Hermite, for what is smooth and narrow (an item's uncertainty), never for the level itself.
#[must_use]
pub fn normal_nine() -> [(f64, f64); 9] {
    const POINTS: [(f64, f64); 5] = [
        (0.0, 0.406_349_206_349_206_3),
        (1.023_255_663_789_132_5, 0.244_097_502_894_939_1),
        (2.076_847_978_677_83, 0.049_916_406_765_217_89),
        (3.205_429_002_856_47, 0.002_789_141_321_231_769),
        (4.512_745_863_399_783, 0.000_022_345_844_007_746_58),
    ];
    std::array::from_fn(|k| {
        let (point, weight) = POINTS[k.abs_diff(4)];
        (if k < 4 { -point } else { point }, weight)
    })
}

/// Divides by the sum, after taking the largest out of the exponent. Gives ln of the sum of e^`logs`, or nothing when
/// no node is possible.
pub fn normalise_logs(logs: &mut [f64]) -> Option<f64> {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        return None;
    }
    let mut sum = 0.0;
    for log in logs.iter_mut() {
        *log = exp(*log - largest);
        sum += *log;
    }
    logs.iter_mut().for_each(|weight| *weight /= sum);
    Some(largest + crate::math::ln(sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_symmetric_and_has_the_moments_of_the_normal_distribution() {
        assert_eq!(node(30), 0.0);
        assert_eq!((node(0), node(60)), (-6.0, 6.0));
        let weights = normal_weights(0.3, 0.8);
        let moment = |power: i32| -> f64 {
            weights.iter().enumerate().map(|(q, weight)| weight * (node(q) - 0.3).powi(power)).sum()
        };
        assert!((moment(0) - 1.0).abs() < 1e-14);
        assert!(moment(1).abs() < 1e-10);
        assert!((moment(2) - 0.64).abs() < 1e-9);
    }

    #[test]
    fn nine_points_integrate_the_moments() {
        let points = normal_nine();
        let moment = |power: i32| -> f64 { points.iter().map(|(x, weight)| weight * x.powi(power)).sum() };
        for (power, wanted) in [(0, 1.0), (2, 1.0), (4, 3.0), (6, 15.0), (8, 105.0), (16, 2_027_025.0)] {
            assert!((moment(power) / wanted - 1.0).abs() < 1e-9, "{power}: {}", moment(power));
        }
    }

    #[test]
    fn a_distribution_between_nodes_still_sums_to_one() {
        for (mean, sd) in [(0.1, 1e-9), (50.0, 0.1), (-1e9, 1.0)] {
            assert!((normal_weights(mean, sd).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
