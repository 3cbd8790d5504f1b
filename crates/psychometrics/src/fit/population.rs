//! Groups of people: a normal distribution each, on the grid.

use crate::grid::{NODES, REACH, node};
use crate::math::{Matrix, exp, ln};

/// Variances are not taken to be less: a distribution that is narrow against the spacing falls between the nodes.
pub(crate) const LEAST_VARIANCE: f64 = 0.02;
/// The grid reaches so many standard deviations at least, in every group.
const COVERED: f64 = 4.5;

/// The nodes −6 … 6, spread where a group is so wide or so far away that it would not fit between them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Nodes {
    spread: f64,
    pub levels: [f64; NODES],
}

impl Nodes {
    pub fn usual() -> Self {
        Self::spread(1.0)
    }

    fn spread(spread: f64) -> Self {
        Self { spread, levels: std::array::from_fn(|index| spread * node(index)) }
    }

    /// The least variance that these nodes can tell.
    fn least_variance(&self) -> f64 {
        LEAST_VARIANCE * self.spread * self.spread
    }

    /// A wider grid, if one of the groups needs it.
    pub fn wider(&self, groups: &[Population]) -> Option<Self> {
        let reach = |group: &Population| group.mean.abs() + COVERED * group.variance.sqrt();
        let needed = groups.iter().map(reach).fold(0.0, f64::max) / REACH;
        (needed > self.spread).then(|| Self::spread(1.2 * needed))
    }
}

/// Mean and variance of a group, and which of them are estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Population {
    pub mean: f64,
    pub variance: f64,
    pub mean_free: bool,
    pub variance_free: bool,
}

impl Population {
    /// Logarithms of the nodes' probabilities.
    pub fn log_weights(&self, nodes: &Nodes) -> [f64; NODES] {
        let mut logs = nodes.levels.map(|level| {
            let distance = level - self.mean;
            -0.5 * distance * distance / self.variance
        });
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|log| exp(log - largest)).sum();
        let whole = largest + ln(sum);
        logs.iter_mut().for_each(|log| *log -= whole);
        logs
    }

    /// The most likely distribution for these weights of the nodes.
    ///
    /// Not their plain moments: where the grid cuts the distribution off, those of what is on the grid must agree.
    #[must_use]
    pub fn maximised(&self, nodes: &Nodes, weights: &[f64; NODES]) -> Self {
        let total: f64 = weights.iter().sum();
        if !(self.mean_free || self.variance_free) || total.is_nan() || total <= 0.0 {
            return *self;
        }
        let wanted = moments(nodes, weights.iter().map(|weight| weight / total));
        let centre = if self.mean_free { wanted[0] } else { self.mean };
        let spread = wanted[1] - 2.0 * centre * wanted[0] + centre * centre;
        let mut found = Self {
            mean: centre,
            variance: if self.variance_free { spread.max(nodes.least_variance()) } else { self.variance },
            ..*self
        };
        for _ in 0..20 {
            let Some(next) = found.corrected(nodes, wanted) else { break };
            let change = (next.mean - found.mean).abs() + (next.variance - found.variance).abs();
            found = next;
            if change < 1e-13 {
                break;
            }
        }
        found
    }

    /// One step of Newton's method for the moments, in the natural parameters mean/variance and −1/(2 variance).
    fn corrected(&self, nodes: &Nodes, wanted: [f64; 4]) -> Option<Self> {
        let logs = self.log_weights(nodes);
        let found = moments(nodes, logs.iter().map(|log| exp(*log)));
        let natural = [self.mean / self.variance, -0.5 / self.variance];
        let by = [wanted[0] - found[0], wanted[1] - found[1]];
        let covariance =
            [found[1] - found[0] * found[0], found[2] - found[0] * found[1], found[3] - found[1] * found[1]];
        let next = match (self.mean_free, self.variance_free) {
            (true, true) => {
                let mut matrix = Matrix::zeros(2, 2);
                matrix.row_mut(0).copy_from_slice(&covariance[..2]);
                matrix.row_mut(1).copy_from_slice(&covariance[1..]);
                let step = matrix.cholesky()?.solve(&by);
                [natural[0] + step[0], natural[1] + step[1]]
            }
            (true, false) => [natural[0] + by[0] / covariance[0], natural[1]],
            // The mean stays, so the step goes along (mean × −2, 1) of the natural parameters.
            _ => {
                let m = self.mean;
                let score = by[1] - 2.0 * m * by[0];
                let information = covariance[2] - 4.0 * m * covariance[1] + 4.0 * m * m * covariance[0];
                let step = score / information;
                [natural[0] - 2.0 * m * step, natural[1] + step]
            }
        };
        let variance = -0.5 / next[1];
        let valid = next[1] < 0.0 && variance.is_finite() && next[0].is_finite() && variance > nodes.least_variance();
        let mean = if self.mean_free { next[0] * variance } else { self.mean };
        let variance = if self.variance_free { variance } else { self.variance };
        valid.then_some(Self { mean, variance, ..*self })
    }
}

/// Means of the level's first four powers.
fn moments(nodes: &Nodes, weights: impl Iterator<Item = f64>) -> [f64; 4] {
    let mut sums = [0.0; 4];
    for (level, weight) in nodes.levels.iter().zip(weights) {
        let mut power = weight;
        for sum in &mut sums {
            power *= level;
            *sum += power;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population(mean: f64, variance: f64) -> Population {
        Population { mean, variance, mean_free: true, variance_free: true }
    }

    #[test]
    fn a_distribution_is_found_again_from_its_own_weights_also_where_the_grid_cuts_it_off() {
        for (mean, variance) in [(0.0, 1.0), (1.3, 0.3), (-3.0, 4.0)] {
            let truth = population(mean, variance);
            let weights = truth.log_weights(&Nodes::usual()).map(|log| 7.0 * exp(log));
            let found = population(0.0, 1.0).maximised(&Nodes::usual(), &weights);
            assert!((found.mean - mean).abs() < 1e-8 && (found.variance - variance).abs() < 1e-8, "{found:?}");
            let known = Population { mean_free: false, ..population(mean, 1.0) };
            let found = known.maximised(&Nodes::usual(), &weights);
            assert!((found.variance - variance).abs() < 1e-8 && found.mean == mean, "{found:?}");
        }
    }

    #[test]
    fn the_grid_is_spread_for_whom_it_would_not_hold() {
        assert!(Nodes::usual().wider(&[population(0.0, 1.0), population(1.4, 1.0)]).is_none());
        let wide = Nodes::usual().wider(&[population(0.0, 9.0)]).unwrap();
        assert!(wide.levels[0] < -13.5 && wide.levels[30] == 0.0);
    }

    #[test]
    fn people_who_are_all_alike_leave_a_small_variance_and_no_nonsense() {
        let mut weights = [0.0; NODES];
        weights[30] = 10.0;
        let found = population(0.5, 1.0).maximised(&Nodes::usual(), &weights);
        assert!(found.mean.abs() < 1e-12 && found.variance == LEAST_VARIANCE);
    }
}
