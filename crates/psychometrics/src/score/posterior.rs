//! A person's posterior: a probability for each node of the grid, and nothing else.

use crate::grid::{NODES, node, normal_weights};

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
