//! Measuring somebody again: what was known, and what time may have changed.
//!
//! A level moves on between two sessions by an unknown step, normal with mean 0 and a variance that grows with time: the
//! prior of the second session is the posterior of the first, widened. Nobody is assumed to have learned; whether they
//! have is what the second session is to say.

use super::density::{FINE, STEP, between};
use super::posterior::{Posterior, PosteriorError};
use crate::grid::{NODES, SPACING};
use crate::math::exp;

/// The largest variance by which a posterior is widened: a standard deviation of the whole grid's half.
const LARGEST_VARIANCE: f64 = 36.0;

/// A second session, which begins where the first ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Retake {
    before: Posterior,
    variance: f64,
    prior: Posterior,
}

impl Retake {
    /// After a first session that ended with `before`, with a level that has since moved by an unknown step of this
    /// variance (0.1² a month is a sensible guess).
    ///
    /// # Errors
    /// A variance that is negative, not a number, or above 36.
    pub fn new(before: Posterior, variance: f64) -> Result<Self, PosteriorError> {
        let mut prior = before.clone();
        prior.widen(variance)?;
        Ok(Self { before, variance, prior })
    }

    /// What is believed when the second session begins; answers are observed by a copy of it.
    #[must_use]
    pub fn prior(&self) -> &Posterior {
        &self.prior
    }

    /// P(the level is higher now than it was), when the second session has made `now` of [`Retake::prior`].
    ///
    /// The new answers also say something of what the level was then, so this is not [`probability_improved`], which
    /// would take two looks at one person for looks at two. With a variance of 0 nobody can have changed: one half.
    #[must_use]
    pub fn probability_improved(&self, now: &Posterior) -> f64 {
        let sd = self.variance.sqrt();
        if sd == 0.0 {
            return 0.5;
        }
        let ratio = |q: usize| {
            let prior = self.prior.weights()[q];
            if prior > 0.0 { now.weights()[q] / prior } else { 0.0 }
        };
        let answers: [f64; NODES] = std::array::from_fn(ratio);
        if !answers.iter().all(|chance| chance.is_finite()) || answers.iter().all(|chance| *chance == 0.0) {
            return 0.5;
        }
        // A step that is short against the fine grid cannot be told up from down there, but its lean is in proportion.
        let resolved = sd.max(4.0 * STEP);
        let lean = improved(&between(self.before.weights()), &between(&answers), resolved) - 0.5;
        0.5 + lean * sd / resolved
    }
}

/// Sum over both levels, on the fine grid: before × step × new answers.
fn improved(before: &[f64; FINE], answers: &[f64; FINE], sd: f64) -> f64 {
    const NOTHING: f64 = 1e-14;
    let reach = ((6.0 * sd / STEP).ceil() as usize).min(FINE - 1);
    let kernel: Vec<f64> = (0..=reach).map(|k| exp(-0.5 * (k as f64 * STEP / sd).powi(2))).collect();
    let (mut up, mut down, mut same) = (0.0, 0.0, 0.0);
    for (old, &weight) in before.iter().enumerate().filter(|(_, weight)| **weight > NOTHING) {
        same += weight * answers[old];
        let above = answers[old + 1..].iter().zip(&kernel[1..]);
        up += weight * above.map(|(chance, step)| chance * step).sum::<f64>();
        let below = answers[..old].iter().rev().zip(&kernel[1..]);
        down += weight * below.map(|(chance, step)| chance * step).sum::<f64>();
    }
    let sum = up + down + same;
    if sum > 0.0 { (up + 0.5 * same) / sum } else { 0.5 }
}

/// P(new > old) of two posteriors that share nothing: two people, or one person measured twice from the same prior and by
/// other items, each time as if for the first time. For a session that continued from the other use [`Retake`].
#[must_use]
pub fn probability_improved(old: &Posterior, new: &Posterior) -> f64 {
    new.density().probability_above(&old.density())
}

impl Posterior {
    /// Takes in that the level has moved by an unknown step of this variance.
    ///
    /// The kernel is the discrete analogue of the normal one, e^−t Iₙ(t) (T. Lindeberg 1990, Scale-space for discrete
    /// signals): its variance is exact also where the step is short against the grid's spacing, and widening twice is
    /// widening once by the sum. What would leave the grid is reflected at its ends.
    ///
    /// # Errors
    /// A variance that is negative, not a number, or above 36; the posterior is then unchanged.
    pub fn widen(&mut self, variance: f64) -> Result<(), PosteriorError> {
        if !(0.0..=LARGEST_VARIANCE).contains(&variance) {
            return Err(PosteriorError::Variance);
        }
        let kernel = discrete_normal(variance / (SPACING * SPACING));
        let mut widened = [0.0; NODES];
        for (from, weight) in self.weights().iter().enumerate() {
            for (distance, step) in kernel.iter().enumerate() {
                widened[reflected(from as isize + distance as isize)] += weight * step;
                if distance > 0 {
                    widened[reflected(from as isize - distance as isize)] += weight * step;
                }
            }
        }
        self.replace(widened);
        Ok(())
    }
}

/// Index of the node that a place beyond the ends is thrown back to.
fn reflected(place: isize) -> usize {
    let period = 2 * (NODES as isize - 1);
    let place = place.rem_euclid(period);
    if place < NODES as isize { place as usize } else { (period - place) as usize }
}

/// e^−t Iₙ(t) for n = 0, 1, …, by Miller's backward recurrence Iₙ₋₁ = Iₙ₊₁ + (2n/t) Iₙ, normalised by the sum over all
/// whole n, which is e^t.
fn discrete_normal(t: f64) -> Vec<f64> {
    const TINY: f64 = 1e-12;
    if t < TINY {
        return vec![1.0];
    }
    let last = (8.0 * t.sqrt()).ceil() as usize + 14;
    let mut values = vec![0.0; last + 2];
    values[last] = 1e-250;
    for n in (1..=last).rev() {
        values[n - 1] = values[n + 1] + 2.0 * n as f64 / t * values[n];
        if values[n - 1] > 1e200 {
            values.iter_mut().for_each(|value| *value *= 1e-250);
        }
    }
    let sum = values[0] + 2.0 * values[1..].iter().sum::<f64>();
    values.iter_mut().for_each(|value| *value /= sum);
    values.truncate(last + 1);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::normal_cdf;
    use crate::score::Likelihood;

    fn normal(mean: f64, sd: f64) -> Posterior {
        Posterior::normal(mean, sd).unwrap()
    }

    #[test]
    fn widening_adds_its_variance_exactly_and_twice_is_once_by_the_sum() {
        for variance in [1e-6, 0.01, 0.04, 0.12, 1.0] {
            let mut wide = normal(0.3, 0.3);
            wide.widen(variance).unwrap();
            assert!((wide.mean() - 0.3).abs() < 1e-6);
            assert!((wide.sd().powi(2) - 0.09 - variance).abs() < 1e-6, "{variance}: {}", wide.sd().powi(2));
            let mut twice = normal(0.3, 0.3);
            twice.widen(0.25 * variance).unwrap();
            twice.widen(0.75 * variance).unwrap();
            let apart = wide.weights().iter().zip(twice.weights()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(apart < 1e-12, "{variance}: {apart:e}");
        }
    }

    #[test]
    fn widening_keeps_within_the_grid_and_refuses_nonsense() {
        let mut edge = normal(5.9, 0.3);
        edge.widen(4.0).unwrap();
        assert!((edge.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let before = edge.clone();
        for variance in [-0.1, f64::NAN, f64::INFINITY, 37.0] {
            assert_eq!(edge.widen(variance), Err(PosteriorError::Variance));
        }
        edge.widen(0.0).unwrap();
        let apart = edge.weights().iter().zip(before.weights()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(apart < 1e-15);
    }

    #[test]
    fn improvement_of_strangers_is_the_normal_formula() {
        for (old, new, sd) in [(0.0, 0.5, 0.3), (0.2, -0.6, 0.4), (0.0, 0.83, 0.3)] {
            let found = probability_improved(&normal(old, sd), &normal(new, sd));
            let wanted = normal_cdf((new - old) / (sd * 2.0_f64.sqrt()));
            assert!((found - wanted).abs() < 1e-4, "{found} {wanted}");
        }
    }

    /// With normal distributions everywhere: step | answers is normal with mean v r/(s² + v + e²), for answers that lie r
    /// above the prior's mean and have error e.
    #[test]
    fn improvement_after_a_retake_is_the_normal_formula() {
        for (variance, r, error) in [(0.09_f64, 0.8, 0.35), (0.01, 0.6, 0.3), (0.3, -0.5, 0.5), (1e-4, 0.6, 0.3)] {
            let retake = Retake::new(normal(0.1, 0.3), variance).unwrap();
            let answers = std::array::from_fn(|q| exp(-0.5 * ((crate::grid::node(q) - 0.1 - r) / error).powi(2)));
            let mut now = retake.prior().clone();
            now.observe(&Likelihood::new(answers).unwrap()).unwrap();
            let total = 0.09 + variance + error * error;
            let (mean, left) = (variance * r / total, variance - variance * variance / total);
            let wanted = normal_cdf(mean / left.sqrt());
            let found = retake.probability_improved(&now);
            assert!((found - wanted).abs() < 1e-3, "{variance}: {found} {wanted}");
        }
    }

    #[test]
    fn without_new_answers_nothing_is_known_of_improvement() {
        for variance in [0.0, 0.02] {
            let retake = Retake::new(normal(0.1, 0.3), variance).unwrap();
            assert!((retake.probability_improved(retake.prior()) - 0.5).abs() < 1e-9);
        }
    }
}
