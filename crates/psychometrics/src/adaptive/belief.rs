//! The posterior as choosing needs it: weights, and in one pass over them everything that is asked at each step.

use crate::grid::{NODES, SPACING, node, normal_nine};

/// Nodes, filled up to whole vector registers; the last three are always nought.
pub(crate) const WIDTH: usize = 64;
/// Cuts between bands, at most.
pub const MAX_CUTS: usize = 7;
/// Sums are taken in so many lanes, always in the same order, so that a compiler may use vector registers and the bits
/// are still the same everywhere.
const LANES: usize = 4;

/// Numbers at the nodes.
pub(crate) type Row = [f64; WIDTH];

/// The levels at the nodes, and nought where there is none.
pub(crate) const LEVELS: Row = {
    let mut levels = [0.0; WIDTH];
    let mut index = 0;
    while index < NODES {
        levels[index] = (index as f64 - 30.0) * 0.2;
        index += 1;
    }
    levels
};

/// What is believed of a level, and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Belief {
    /// In proportion to the probabilities of the nodes.
    weights: Row,
    /// One through their sum.
    scale: f64,
    /// Posterior mean.
    pub mean: f64,
    /// Posterior standard deviation.
    pub sd: f64,
    /// P(at or above) each cut.
    pub above: [f64; MAX_CUTS],
}

impl Belief {
    pub fn new(prior: &[f64; NODES], cuts: &[Row]) -> Self {
        let mut belief = Self { weights: [0.0; WIDTH], scale: 1.0, mean: 0.0, sd: 0.0, above: [0.0; MAX_CUTS] };
        belief.weights[..NODES].copy_from_slice(prior);
        belief.take(&[1.0; WIDTH], cuts);
        belief
    }

    /// Takes in one answer: its likelihood at the nodes. Gives `false`, and leaves everything as it was, when no level
    /// that is still possible could have given it.
    #[inline]
    pub fn observe(&mut self, chances: &Row, cuts: &[Row]) -> bool {
        let before = self.weights;
        if self.take(chances, cuts) {
            return true;
        }
        self.weights = before;
        false
    }

    #[inline]
    fn take(&mut self, chances: &Row, cuts: &[Row]) -> bool {
        let scale = self.scale;
        let (mut sums, mut firsts, mut seconds) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for block in 0..WIDTH / LANES {
            for lane in 0..LANES {
                let q = block * LANES + lane;
                let weight = self.weights[q] * chances[q] * scale;
                self.weights[q] = weight;
                let first = weight * LEVELS[q];
                sums[lane] += weight;
                firsts[lane] += first;
                seconds[lane] += first * LEVELS[q];
            }
        }
        let sum = total(&sums);
        // Also false for what is not a number.
        if !(sum > 0.0 && sum.is_finite()) {
            return false;
        }
        self.scale = 1.0 / sum;
        self.mean = total(&firsts) * self.scale;
        self.sd = (total(&seconds) * self.scale - self.mean * self.mean).max(0.0).sqrt();
        for (above, cut) in self.above.iter_mut().zip(cuts) {
            *above = (dot(&self.weights, cut) * self.scale).clamp(0.0, 1.0);
        }
        true
    }

    /// Probability of node `q`.
    pub fn weight(&self, q: usize) -> f64 {
        self.weights[q] * self.scale
    }

    /// The most probable band (the lowest of equals), and its probability; bands are one more than `cuts`.
    #[inline]
    pub fn band(&self, cuts: usize) -> (usize, f64) {
        let mut best = (0, f64::NEG_INFINITY);
        let mut from = 1.0;
        for band in 0..=cuts {
            let next = if band == cuts { 0.0 } else { self.above[band] };
            if from - next > best.1 {
                best = (band, from - next);
            }
            from = next;
        }
        best
    }

    /// P(level ≤ `theta`).
    pub fn below(&self, theta: f64) -> f64 {
        // Nodes further than three spacings below count whole, those further above not at all.
        let place = theta / SPACING + 30.0;
        let first = (place.floor() - 2.0).clamp(0.0, NODES as f64) as usize;
        let last = (place.floor() + 4.0).clamp(0.0, NODES as f64) as usize;
        let whole: f64 = self.weights[..first].iter().sum();
        let part: f64 = (first..last).map(|q| self.weights[q] * kernel_below(place - q as f64)).sum();
        ((whole + part) * self.scale).clamp(0.0, 1.0)
    }
}

#[inline]
fn total(lanes: &[f64; LANES]) -> f64 {
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}

#[inline]
fn dot(a: &Row, b: &Row) -> f64 {
    let mut lanes = [0.0; LANES];
    for block in 0..WIDTH / LANES {
        for lane in 0..LANES {
            lanes[lane] += a[block * LANES + lane] * b[block * LANES + lane];
        }
    }
    total(&lanes)
}

/// The part of a node's weight that lies at or above a cut, for each node; a cut with a standard error (the judges'
/// spread) is integrated over.
pub(crate) fn cut_row(cut: f64, se: f64) -> Row {
    let mut row = [0.0; WIDTH];
    for (q, place) in row.iter_mut().enumerate().take(NODES) {
        let above = |at: f64| 1.0 - kernel_below((at - node(q)) / SPACING);
        *place = if se > 0.0 {
            normal_nine().iter().map(|(z, weight)| weight * above(cut + se * z)).sum()
        } else {
            above(cut)
        };
    }
    row
}

/// ∫ of the quintic Lagrange kernel from −∞ to `u` (in spacings): how much of a node's weight lies below `u`.
///
/// Between the nodes the density is the quintic through the six nearest of them. Counting each node as a block, or half of
/// the node that lies on the cut, would be off by up to .009 for a posterior of standard deviation .3. `score` reads a
/// posterior more exactly still, but not in one pass over its weights.
fn kernel_below(u: f64) -> f64 {
    /// Coefficients from the middle to t, for t from 0, 1, 2 on.
    const PARTS: [[f64; 7]; 3] = [
        [0.0, 1.0, -1.0 / 6.0, -5.0 / 12.0, 5.0 / 48.0, 1.0 / 20.0, -1.0 / 72.0],
        [11.0 / 96.0, 1.0, -13.0 / 24.0, -5.0 / 24.0, 25.0 / 96.0, -3.0 / 40.0, 1.0 / 144.0],
        [29.0 / 160.0, 1.0, -137.0 / 120.0, 5.0 / 8.0, -17.0 / 96.0, 1.0 / 40.0, -1.0 / 720.0],
    ];
    let t = u.abs();
    let half = PARTS.get(t as usize).map_or(0.5, |part| part.iter().rev().fold(0.0, |sum, term| sum * t + term));
    if u < 0.0 { 0.5 - half } else { 0.5 + half }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::normal_weights;
    use crate::math::normal_cdf;

    #[test]
    fn the_kernel_joins_and_sums_to_one() {
        for (u, wanted) in [(0.0, 0.5), (1.0, 0.5 + 401.0 / 720.0), (3.0, 1.0), (9.0, 1.0), (-3.0, 0.0)] {
            assert!((kernel_below(u) - wanted).abs() < 1e-14, "{u}: {}", kernel_below(u));
        }
        for joint in [1.0, 2.0, 3.0] {
            assert!((kernel_below(joint - 1e-9) - kernel_below(joint + 1e-9)).abs() < 1e-8, "{joint}");
        }
    }

    #[test]
    fn probabilities_above_a_cut_are_those_of_the_density() {
        for sd in [0.25, 0.3, 0.5, 1.0] {
            for k in 0..40 {
                let (mean, cut) = (0.013 * f64::from(k), -0.5 + 0.031 * f64::from(k));
                let belief = Belief::new(&normal_weights(mean, sd), &[cut_row(cut, 0.0), cut_row(cut, 0.18)]);
                let wanted = |se: f64| 1.0 - normal_cdf((cut - mean) / (sd * sd + se * se).sqrt());
                let bar = if sd < 0.28 { 1.5e-3 } else { 6e-4 };
                assert!((belief.above[0] - wanted(0.0)).abs() < bar, "{sd} {k}: {}", belief.above[0] - wanted(0.0));
                assert!((belief.above[1] - wanted(0.18)).abs() < bar, "{sd} {k}: {}", belief.above[1] - wanted(0.18));
                assert!((belief.below(cut) + belief.above[0] - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn an_impossible_answer_changes_nothing() {
        let mut belief = Belief::new(&normal_weights(0.0, 1.0), &[cut_row(0.0, 0.0)]);
        let before = belief.clone();
        assert!(!belief.observe(&[0.0; WIDTH], &[cut_row(0.0, 0.0)]));
        assert_eq!(belief, before);
    }
}
