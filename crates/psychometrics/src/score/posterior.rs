//! A person's posterior: a probability for each node of the grid, and nothing else.

use super::bands::Cut;
use super::density::Density;
use crate::grid::{NODES, SPACING, node, normal_weights};
use crate::math::ln;

/// What one answer says: for each node the chance of this answer, in proportion.
///
/// Made once for each category of an item when a bank is released; scoring an answer is then one multiplication a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Likelihood([f64; NODES]);

/// What is believed of one person's level, as probabilities of the grid's nodes.
///
/// A pure function of prior and answers, in the order in which they were given: the same answers give the same bits on
/// every machine. It is 61 numbers, to be stored and resumed (`to_bytes`, `from_bytes`).
///
/// There is neither `Display` nor serialisation to text, on purpose: a level is told as bands with what is uncertain of
/// them, never as a number.
#[derive(Clone, PartialEq)]
pub struct Posterior {
    weights: [f64; NODES],
}

/// What is no posterior.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PosteriorError {
    /// Mean or standard deviation that describe no normal distribution on the grid.
    #[error("a prior has a mean between −6 and 6 and a positive standard deviation")]
    Prior,
    /// An answer that no level can give.
    #[error("the answer is impossible at every level: its likelihood is nought or not a number")]
    Impossible,
    /// A variance by which nothing can be widened.
    #[error("a variance is at least 0 and at most 36")]
    Variance,
    /// Stored bytes of another length or content.
    #[error("these bytes are not a stored posterior: {0}")]
    Stored(&'static str),
}

/// First bytes of a stored posterior; the last one is the version of the format.
const MARK: [u8; 4] = *b"jfp\x01";

impl Likelihood {
    /// From chances at the nodes, which are not negative and not all nought.
    ///
    /// # Errors
    /// [`PosteriorError::Impossible`].
    pub fn new(mut chances: [f64; NODES]) -> Result<Self, PosteriorError> {
        let largest = chances.iter().copied().fold(0.0, f64::max);
        if !(largest > 0.0 && largest.is_finite()) || chances.iter().any(|chance| chance.is_nan() || *chance < 0.0) {
            return Err(PosteriorError::Impossible);
        }
        // So that products of many stay far from underflow.
        chances.iter_mut().for_each(|chance| *chance /= largest);
        Ok(Self(chances))
    }

    /// From probabilities of an item, which are finite and not negative. A row of nothing but noughts (a category that
    /// underflows at every node) says nothing.
    pub(super) fn of_row(row: &[f64; NODES]) -> Self {
        Self::new(*row).unwrap_or(Self([1.0; NODES]))
    }

    /// Chances at the nodes, the largest of them 1.
    #[must_use]
    pub fn chances(&self) -> &[f64; NODES] {
        &self.0
    }
}

impl Posterior {
    /// What is believed before any answer: a normal distribution, on the grid.
    ///
    /// # Errors
    /// A mean outside the grid or a standard deviation that is not positive.
    pub fn normal(mean: f64, sd: f64) -> Result<Self, PosteriorError> {
        if !(mean.abs() <= 6.0 && sd > 0.0 && sd.is_finite()) {
            return Err(PosteriorError::Prior);
        }
        Ok(Self { weights: normal_weights(mean, sd) })
    }

    /// Takes in one answer.
    ///
    /// # Errors
    /// An answer that is impossible wherever this posterior has weight; it is then unchanged.
    pub fn observe(&mut self, answer: &Likelihood) -> Result<(), PosteriorError> {
        let mut weights = self.weights;
        let mut sum = 0.0;
        for (weight, chance) in weights.iter_mut().zip(&answer.0) {
            *weight *= chance;
            sum += *weight;
        }
        if sum.is_nan() || sum <= 0.0 {
            return Err(PosteriorError::Impossible);
        }
        weights.iter_mut().for_each(|weight| *weight /= sum);
        self.weights = weights;
        Ok(())
    }

    /// Probabilities of the nodes; they sum to one.
    #[must_use]
    pub fn weights(&self) -> &[f64; NODES] {
        &self.weights
    }

    /// Mean: the EAP estimate, in standard deviations of the reference population.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.weights.iter().enumerate().map(|(q, weight)| weight * node(q)).sum()
    }

    /// Standard deviation: the standard error of the EAP estimate.
    #[must_use]
    pub fn sd(&self) -> f64 {
        let mean = self.mean();
        self.weights.iter().enumerate().map(|(q, weight)| weight * (node(q) - mean).powi(2)).sum::<f64>().sqrt()
    }

    /// The most probable level (MAP): the top of the parabola through the logarithms of the heaviest node's weight and its
    /// neighbours'. At the ends of the grid, the node.
    #[must_use]
    pub fn mode(&self) -> f64 {
        let weights = &self.weights;
        let heaviest = (1..NODES).fold(0, |best, q| if weights[q] > weights[best] { q } else { best });
        if heaviest == 0 || heaviest == NODES - 1 || weights[heaviest - 1] <= 0.0 || weights[heaviest + 1] <= 0.0 {
            return node(heaviest);
        }
        let [left, top, right] = [-1, 0, 1].map(|step: isize| ln(weights[heaviest.wrapping_add_signed(step)]));
        let bend = left - 2.0 * top + right;
        let shift = if bend < 0.0 { (0.5 * (left - right) / bend).clamp(-0.5, 0.5) } else { 0.0 };
        node(heaviest) + shift * SPACING
    }

    /// What is believed between the nodes too: made once for several readings.
    #[must_use]
    pub fn density(&self) -> Density {
        Density::of(&self.weights)
    }

    /// The level below which the probability `p` lies.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        self.density().quantile(p)
    }

    /// Two levels with this much probability (such as 0.95) between them and the same on each side.
    #[must_use]
    pub fn interval(&self, level: f64) -> (f64, f64) {
        self.density().interval(level)
    }

    /// Twenty equally likely levels, in order.
    #[must_use]
    pub fn dots(&self) -> [f64; 20] {
        self.density().dots()
    }

    /// P(level ≥ cut), over what is uncertain of both.
    #[must_use]
    pub fn probability_at_or_above(&self, cut: &Cut) -> f64 {
        self.density().at_or_above(cut)
    }

    /// Weights that are not negative and sum to something.
    pub(super) fn replace(&mut self, mut weights: [f64; NODES]) {
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        self.weights = weights;
    }

    /// For storing: a mark, a version, and 61 numbers of eight bytes, little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = self.weights.iter().flat_map(|weight| weight.to_le_bytes());
        MARK.into_iter().chain(numbers).collect()
    }

    /// What [`Posterior::to_bytes`] gave, bit for bit.
    ///
    /// # Errors
    /// Bytes of another length, another version, or numbers that are no probabilities.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PosteriorError> {
        let Some(numbers) = bytes.strip_prefix(&MARK) else {
            return Err(PosteriorError::Stored("they do not begin with the mark of this version"));
        };
        if numbers.len() != NODES * 8 {
            return Err(PosteriorError::Stored("their number is another"));
        }
        let mut weights = [0.0; NODES];
        for (weight, number) in weights.iter_mut().zip(numbers.as_chunks::<8>().0) {
            *weight = f64::from_le_bytes(*number);
        }
        let sum: f64 = weights.iter().sum();
        if weights.iter().any(|weight| !(0.0..=1.0).contains(weight)) || (sum - 1.0).abs() > 1e-9 {
            return Err(PosteriorError::Stored("they are no probabilities that sum to one"));
        }
        Ok(Self { weights })
    }
}

/// Says nothing of the level: a posterior that reaches a log reveals nobody.
impl std::fmt::Debug for Posterior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Posterior(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Item;
    use crate::random::Random;
    use crate::score::SoftItem;
    use proptest::prelude::*;

    fn any_items() -> impl Strategy<Value = Vec<SoftItem>> {
        let item = (0.2..2.5_f64, -2.5..2.5_f64, 0.1..2.0_f64, 0..3).prop_map(|(slope, d, step, curve)| {
            SoftItem::known(match curve {
                0 => Item::two_pl(slope, d).unwrap(),
                1 => Item::graded(slope, vec![d + step, d, d - step]).unwrap(),
                _ => Item::partial_credit(slope, vec![d, d - step]).unwrap(),
            })
        });
        prop::collection::vec(item, 1..12)
    }

    fn after(answers: &[Likelihood]) -> Posterior {
        let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
        answers.iter().for_each(|answer| posterior.observe(answer).unwrap());
        posterior
    }

    proptest! {
        #[test]
        fn sums_to_one_and_the_order_of_answers_changes_rounding_only(items in any_items(), seed in any::<u64>()) {
            let mut random = Random::new(seed);
            let mut answers: Vec<Likelihood> =
                items.iter().map(|item| item.likelihoods().swap_remove(random.index(item.categories()))).collect();
            let forward = after(&answers);
            prop_assert!((forward.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
            answers.reverse();
            let backward = after(&answers);
            for (a, b) in forward.weights().iter().zip(backward.weights()) {
                prop_assert!((a - b).abs() < 1e-13);
            }
        }

        #[test]
        fn a_higher_category_never_lowers_the_mean(items in any_items(), b in 0.0..1.5_f64) {
            for item in items {
                let soft = SoftItem::new(item.item().clone(), crate::score::Uncertainty::spread(0.0, b), 0.0).unwrap();
                let means: Vec<f64> = soft.likelihoods().iter().map(|answer| after(std::slice::from_ref(answer)).mean()).collect();
                prop_assert!(means.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9), "{means:?}");
            }
        }

        /// Stored after any answer and resumed, a session goes on as if it had not been interrupted: bit for bit.
        #[test]
        fn replays_and_resumes_bit_for_bit(items in any_items(), seed in any::<u64>()) {
            let mut random = Random::new(seed);
            let answers: Vec<Likelihood> =
                items.iter().map(|item| item.likelihoods().swap_remove(random.index(item.categories()))).collect();
            let whole = after(&answers).to_bytes();
            prop_assert_eq!(&after(&answers).to_bytes(), &whole);
            for cut in 0..=answers.len() {
                let mut resumed = Posterior::from_bytes(&after(&answers[..cut]).to_bytes()).unwrap();
                answers[cut..].iter().for_each(|answer| resumed.observe(answer).unwrap());
                prop_assert_eq!(&resumed.to_bytes(), &whole);
            }
        }
    }

    /// The bits themselves, so that no change of the mathematics goes unnoticed: a stored session would no longer replay.
    #[test]
    fn the_bits_are_those_of_this_version() {
        let mut posterior = Posterior::normal(0.1, 1.0).unwrap();
        let item = Item::graded(1.3, vec![0.9, -0.4]).unwrap();
        let soft = SoftItem::new(item, crate::score::Uncertainty::spread(0.3, 0.8).in_family(0.3), 0.05).unwrap();
        let answers = soft.likelihoods();
        for category in [2, 1, 0, 2] {
            posterior.observe(&answers[category]).unwrap();
        }
        posterior.widen(0.03).unwrap();
        let digest = posterior.weights().iter().fold(0_u64, |digest, weight| {
            (digest ^ weight.to_bits()).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23)
        });
        assert_eq!(digest, 0xe814_3373_c36e_a52f, "{digest:#x}");
    }

    #[test]
    fn stored_bytes_of_another_kind_are_refused() {
        let bytes = after(&[]).to_bytes();
        assert!(Posterior::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        assert!(Posterior::from_bytes(&[]).is_err());
        let mut other = bytes.clone();
        other[3] = 2;
        assert!(Posterior::from_bytes(&other).is_err());
        let mut nonsense = bytes.clone();
        nonsense[4..12].copy_from_slice(&f64::NAN.to_le_bytes());
        assert!(Posterior::from_bytes(&nonsense).is_err());
        assert_eq!(format!("{:?}", after(&[])), "Posterior(…)");
    }

    #[test]
    fn an_impossible_answer_is_refused_and_changes_nothing() {
        let mut posterior = after(&[]);
        let mut chances = [0.0; NODES];
        assert_eq!(Likelihood::new(chances), Err(PosteriorError::Impossible));
        chances[0] = 1.0;
        let first = Likelihood::new(chances).unwrap();
        posterior.observe(&first).unwrap();
        let mut chances = [0.0; NODES];
        chances[60] = 1.0;
        assert_eq!(posterior.observe(&Likelihood::new(chances).unwrap()), Err(PosteriorError::Impossible));
        assert_eq!(posterior.mode(), -6.0);
    }
}
