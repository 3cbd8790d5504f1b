//! General level and topic profile together: the exact posterior of a bifactor model, answer by answer.
//!
//! θ of a topic = √ρ g + √(1 − ρ) e, with a general level g and deviations e that are independent and standard normal
//! (R. D. Gibbons and D. R. Hedeker 1992). Given g the topics are independent, so what a topic's answers say of g is a sum
//! over that topic's level alone; an answer changes only its own topic's sum. Scoring topics apart and averaging them would
//! throw away what they have in common and state errors that are far too small.

use super::posterior::{Likelihood, Posterior, PosteriorError};
use crate::grid::{NODES, node, nodes, normal_weights};

/// Topics at most: more are no profile that anybody could read.
pub const MAX_TOPICS: usize = 64;
/// The largest share of a topic's variance that the general level may have. Above it a topic's deviation is narrow against
/// the grid, and there is no profile to speak of.
pub const MAX_SHARE: f64 = 0.98;
/// A topic is called the weakest only from this probability.
pub const WEAKEST_FROM: f64 = 0.6;

/// First bytes of a stored profile; the last one is the version of the format.
const MARK: [u8; 4] = *b"jft\x01";
/// General levels of less weight are left out of the probabilities to be weakest: together they are below 10⁻⁵.
const NEGLIGIBLE: f64 = 1e-7;

/// What is no profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TopicsError {
    /// A share outside what is taken.
    #[error("the general level's share of a topic's variance (ρ) is at least 0 and at most {MAX_SHARE}")]
    Share,
    /// No topics, or too many.
    #[error("{0} topics are given; from 1 to {MAX_TOPICS} are taken")]
    Count(usize),
    /// A topic that is not there.
    #[error("topic number {topic} (from 0) is asked for, and there are {topics}")]
    Unknown {
        /// Counted from 0.
        topic: usize,
        /// How many there are.
        topics: usize,
    },
    /// An answer that no level can give, or a faulty prior.
    #[error(transparent)]
    Posterior(#[from] PosteriorError),
    /// Stored bytes of another length or content.
    #[error("these bytes are not a stored topic profile: {0}")]
    Stored(&'static str),
}

/// What is believed of a person's general level and of their level in each topic.
///
/// A pure function of prior, ρ and answers, in the order in which they were given within each topic. Like [`Posterior`]
/// it can be stored and resumed, and is never printed.
#[derive(Clone, PartialEq)]
pub struct TopicPosterior {
    share: f64,
    prior: Posterior,
    /// What answers to general items say of the general level.
    general: [f64; NODES],
    topics: Vec<Topic>,
    kernel: Box<Kernel>,
}

/// One topic.
#[derive(Clone, PartialEq)]
struct Topic {
    /// Chance of the answers so far at each level of the topic, the largest 1.
    chances: [f64; NODES],
    /// Chance of the answers so far at each general level: the inner sum.
    inner: [f64; NODES],
    /// Answers so far.
    answers: u32,
}

/// For each general level the distribution of a topic's level.
#[derive(Clone, PartialEq)]
struct Kernel([[f64; NODES]; NODES]);

impl Kernel {
    fn new(share: f64) -> Self {
        Self(std::array::from_fn(|g| normal_weights(share.sqrt() * node(g), (1.0 - share).sqrt())))
    }

    /// Σ over the topic's levels, for each general level.
    fn integrate(&self, chances: &[f64; NODES]) -> [f64; NODES] {
        // Four sums side by side, in an order that is written down and so the same everywhere.
        std::array::from_fn(|g| {
            let mut sums = [0.0; 4];
            let (rows, values) = (self.0[g].as_chunks::<4>(), chances.as_chunks::<4>());
            for (row, value) in rows.0.iter().zip(values.0) {
                for k in 0..4 {
                    sums[k] += row[k] * value[k];
                }
            }
            let rest: f64 = rows.1.iter().zip(values.1).map(|(weight, value)| weight * value).sum();
            (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
        })
    }
}

impl TopicPosterior {
    /// Before any answer. `prior` is what is believed of the general level; `share` is ρ, the share of a topic's variance
    /// that the general level has.
    ///
    /// # Errors
    /// A share outside 0 … [`MAX_SHARE`], no topics or more than [`MAX_TOPICS`].
    pub fn new(prior: Posterior, share: f64, topics: usize) -> Result<Self, TopicsError> {
        if !(0.0..=MAX_SHARE).contains(&share) {
            return Err(TopicsError::Share);
        }
        if !(1..=MAX_TOPICS).contains(&topics) {
            return Err(TopicsError::Count(topics));
        }
        let topic = Topic { chances: [1.0; NODES], inner: [1.0; NODES], answers: 0 };
        let kernel = Box::new(Kernel::new(share));
        Ok(Self { share, prior, general: [1.0; NODES], topics: vec![topic; topics], kernel })
    }

    /// Takes in an answer to an item of a topic; the likelihood is over that topic's level.
    ///
    /// # Errors
    /// An unknown topic, or an answer that is impossible after the others; nothing has then changed.
    pub fn observe(&mut self, topic: usize, answer: &Likelihood) -> Result<(), TopicsError> {
        let topics = self.topics.len();
        let changed = self.topics.get_mut(topic).ok_or(TopicsError::Unknown { topic, topics })?;
        let chances = multiply(&changed.chances, answer.chances())?;
        let inner = self.kernel.integrate(&chances);
        *changed = Topic { chances, inner, answers: changed.answers.saturating_add(1) };
        Ok(())
    }

    /// Takes in an answer to an item of no topic; the likelihood is over the general level.
    ///
    /// # Errors
    /// An answer that is impossible after the others; nothing has then changed.
    pub fn observe_general(&mut self, answer: &Likelihood) -> Result<(), TopicsError> {
        self.general = multiply(&self.general, answer.chances())?;
        Ok(())
    }

    /// What is believed of the general level.
    ///
    /// # Errors
    /// Answers that together are impossible wherever the prior has weight.
    pub fn general(&self) -> Result<Posterior, TopicsError> {
        let mut chances = self.general;
        for topic in &self.topics {
            chances = multiply(&chances, &topic.inner)?;
        }
        let mut posterior = self.prior.clone();
        posterior.observe(&Likelihood::new(chances)?)?;
        Ok(posterior)
    }

    /// Number of topics.
    #[must_use]
    pub fn topics(&self) -> usize {
        self.topics.len()
    }

    /// Answers taken in for a topic; 0 for one that is not there.
    #[must_use]
    pub fn answers(&self, topic: usize) -> u32 {
        self.topics.get(topic).map_or(0, |topic| topic.answers)
    }

    /// What is believed of all topics.
    ///
    /// # Errors
    /// As [`TopicPosterior::general`].
    pub fn profile(&self) -> Result<Profile, TopicsError> {
        let general = self.general()?;
        let levels = self.topics.iter().map(|topic| self.topic_weights(topic, &general)).collect();
        Ok(Profile { levels, weakest: self.weakest_probabilities(&general) })
    }

    /// Probabilities of one topic's levels.
    fn topic_weights(&self, topic: &Topic, general: &Posterior) -> [f64; NODES] {
        // Σ over g of P(g | answers) P(θ | g, answers of the topic).
        let mut weights = [0.0; NODES];
        for ((row, weight), inner) in self.kernel.0.iter().zip(general.weights()).zip(&topic.inner) {
            if *weight > 0.0 && *inner > 0.0 {
                let share = weight / inner;
                weights.iter_mut().zip(row).for_each(|(sum, density)| *sum += share * density);
            }
        }
        weights.iter_mut().zip(&topic.chances).for_each(|(weight, chance)| *weight *= chance);
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        weights
    }

    /// For each topic the probability that its level is the lowest.
    fn weakest_probabilities(&self, general: &Posterior) -> Vec<f64> {
        let count = self.topics.len();
        let mut lowest = vec![0.0; count];
        let mut given = vec![[0.0; NODES]; count];
        let mut above = vec![[0.0; NODES]; count];
        for (g, &weight) in general.weights().iter().enumerate().filter(|(_, weight)| **weight > NEGLIGIBLE) {
            for ((topic, given), above) in self.topics.iter().zip(&mut given).zip(&mut above) {
                self.distribution_given(g, topic, given, above);
            }
            add_lowest(weight, &given, &above, &mut lowest);
        }
        // Ties between nodes are shared out by halves only between two; what is missing is shared in proportion.
        let sum: f64 = lowest.iter().sum();
        lowest.iter_mut().for_each(|probability| *probability /= sum);
        lowest
    }

    /// Distribution of a topic's level given the general one, and for each level the chance to be above it (half of it
    /// counting as above).
    fn distribution_given(&self, g: usize, topic: &Topic, given: &mut [f64; NODES], above: &mut [f64; NODES]) {
        let scale = if topic.inner[g] > 0.0 { 1.0 / topic.inner[g] } else { 0.0 };
        for ((place, density), chance) in given.iter_mut().zip(&self.kernel.0[g]).zip(&topic.chances) {
            *place = scale * density * chance;
        }
        let mut sum = 0.0;
        for (place, probability) in above.iter_mut().zip(given.iter()).rev() {
            *place = sum + 0.5 * probability;
            sum += probability;
        }
    }

    /// For storing: a mark, ρ, the prior, and what the answers said, 8 bytes a number, little-endian. The inner sums are
    /// made again from it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        bytes.extend((self.topics.len() as u32).to_le_bytes());
        bytes.extend(self.share.to_le_bytes());
        bytes.extend(self.prior.to_bytes());
        bytes.extend(self.general.iter().flat_map(|chance| chance.to_le_bytes()));
        for topic in &self.topics {
            bytes.extend(topic.answers.to_le_bytes());
            bytes.extend(topic.chances.iter().flat_map(|chance| chance.to_le_bytes()));
        }
        bytes
    }

    /// What [`TopicPosterior::to_bytes`] gave, bit for bit.
    ///
    /// # Errors
    /// Bytes of another length, another version, or numbers that no answers could have led to.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TopicsError> {
        const SHORT: TopicsError = TopicsError::Stored("they end too early");
        let rest =
            bytes.strip_prefix(&MARK).ok_or(TopicsError::Stored("they do not begin with the mark of this version"))?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(SHORT)?;
        let (share, rest) = rest.split_first_chunk::<8>().ok_or(SHORT)?;
        let (prior, rest) = rest.split_at_checked(4 + NODES * 8).ok_or(SHORT)?;
        let (general, mut rest) = rest.split_at_checked(NODES * 8).ok_or(SHORT)?;
        let count = u32::from_le_bytes(*count) as usize;
        let mut posterior = Self::new(Posterior::from_bytes(prior)?, f64::from_le_bytes(*share), count)?;
        posterior.general = stored_chances(general)?;
        for topic in &mut posterior.topics {
            let (answers, after) = rest.split_first_chunk::<4>().ok_or(SHORT)?;
            let (chances, after) = after.split_at_checked(NODES * 8).ok_or(SHORT)?;
            topic.answers = u32::from_le_bytes(*answers);
            topic.chances = stored_chances(chances)?;
            // Without answers the inner sum is exactly 1, not what rounding makes of it.
            if topic.answers > 0 {
                topic.inner = posterior.kernel.integrate(&topic.chances);
            }
            rest = after;
        }
        if rest.is_empty() { Ok(posterior) } else { Err(TopicsError::Stored("something follows them")) }
    }
}

/// Adds the chance of each topic to be the lowest at one general level.
fn add_lowest(weight: f64, given: &[[f64; NODES]], above: &[[f64; NODES]], lowest: &mut [f64]) {
    // Products over the topics before and after each one: a product of all could not be divided where one is nought.
    let mut after = vec![[1.0; NODES]; given.len() + 1];
    for topic in (0..given.len()).rev() {
        let (these, next) = after.split_at_mut(topic + 1);
        for ((place, later), above) in these[topic].iter_mut().zip(&next[0]).zip(&above[topic]) {
            *place = later * above;
        }
    }
    let mut before = [1.0; NODES];
    for topic in 0..given.len() {
        let mut sum = 0.0;
        for q in 0..NODES {
            sum += given[topic][q] * before[q] * after[topic + 1][q];
            before[q] *= above[topic][q];
        }
        lowest[topic] += weight * sum;
    }
}

/// The product, with its largest brought back to 1.
fn multiply(chances: &[f64; NODES], by: &[f64; NODES]) -> Result<[f64; NODES], PosteriorError> {
    let mut product: [f64; NODES] = std::array::from_fn(|q| chances[q] * by[q]);
    let largest = product.iter().copied().fold(0.0, f64::max);
    if !(largest > 0.0 && largest.is_finite()) {
        return Err(PosteriorError::Impossible);
    }
    product.iter_mut().for_each(|chance| *chance /= largest);
    Ok(product)
}

fn stored_chances(bytes: &[u8]) -> Result<[f64; NODES], TopicsError> {
    let mut chances = [0.0; NODES];
    for (chance, number) in chances.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *chance = f64::from_le_bytes(*number);
    }
    let largest = chances.iter().copied().fold(0.0, f64::max);
    if chances.iter().any(|chance| !(0.0..=1.0).contains(chance)) || largest != 1.0 {
        return Err(TopicsError::Stored("they are no chances of which the largest is 1"));
    }
    Ok(chances)
}

/// What is believed of the topics.
#[derive(Clone, PartialEq)]
pub struct Profile {
    levels: Vec<[f64; NODES]>,
    weakest: Vec<f64>,
}

impl Profile {
    /// Probabilities of the grid's nodes for the level in a topic; they sum to one.
    #[must_use]
    pub fn weights(&self, topic: usize) -> Option<&[f64; NODES]> {
        self.levels.get(topic)
    }

    /// Mean and standard deviation of the level in a topic.
    #[must_use]
    pub fn mean_and_sd(&self, topic: usize) -> Option<(f64, f64)> {
        let weights = self.levels.get(topic)?;
        let mean: f64 = weights.iter().zip(nodes()).map(|(weight, level)| weight * level).sum();
        let variance: f64 = weights.iter().zip(nodes()).map(|(weight, level)| weight * (level - mean).powi(2)).sum();
        Some((mean, variance.sqrt()))
    }

    /// For each topic the probability that the person's level is the lowest there.
    #[must_use]
    pub fn weakest_probabilities(&self) -> &[f64] {
        &self.weakest
    }

    /// The topic that may be called the weakest: one whose probability is at least [`WEAKEST_FROM`]. Mostly there is
    /// none, and then nothing may be said: with four answers a topic, the weakest of eight is found two times in five.
    #[must_use]
    pub fn weakest(&self) -> Option<usize> {
        if self.weakest.len() < 2 {
            return None;
        }
        self.weakest.iter().position(|probability| *probability >= WEAKEST_FROM)
    }
}

/// Says nothing of the levels: what reaches a log reveals nobody.
impl std::fmt::Debug for TopicPosterior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TopicPosterior(…)")
    }
}

/// Says nothing of the levels.
impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Profile(…)")
    }
}

#[cfg(test)]
mod tests;
