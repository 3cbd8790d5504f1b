//! A session under way: what was asked and answered, and what is believed.

use super::belief::Belief;
use super::blueprint::Kind;
use super::check;
use super::error::SessionError;
use super::release::Release;
use super::store;
use crate::grid::NODES;
use crate::score::{Likelihood, Posterior, PosteriorError};

/// One answer of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Number of the item in the release.
    pub item: u32,
    /// Category, counted from 0.
    pub category: u8,
    /// How long it took. Not scored; only the time of the whole check is looked at.
    pub seconds: u32,
}

/// A session: the same release, seed, prior and answers give the same state, bit for bit.
#[derive(Clone, PartialEq)]
pub struct State {
    pub(crate) seed: u64,
    pub(crate) prior: [f64; NODES],
    pub(crate) excluded: Vec<u32>,
    pub(crate) answers: Vec<Answered>,
    pub(crate) belief: Belief,
    /// A bit for each item that may not be asked any more.
    pub(crate) blocked: Vec<u64>,
    pub(crate) so_far: [SoFar; 2],
    pub(crate) seconds: u64,
}

/// How far the quotas of one kind are filled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SoFar {
    pub asked: u16,
    /// Answers that topics still lack to their least numbers, together.
    pub lacking: u16,
    /// Topics that lack some.
    pub short: u64,
    /// Topics that may be asked more.
    pub open: u64,
    pub by_topic: Vec<u16>,
}

impl SoFar {
    fn new(release: &Release, kind: Kind) -> Self {
        let mut so_far = Self { asked: 0, lacking: 0, short: 0, open: 0, by_topic: vec![0; release.quotas[0].len()] };
        so_far.begin(release, kind);
        so_far
    }

    fn begin(&mut self, release: &Release, kind: Kind) {
        (self.asked, self.lacking, self.short, self.open) = (0, 0, 0, 0);
        self.by_topic.iter_mut().for_each(|asked| *asked = 0);
        for (topic, quota) in release.quotas[kind.index()].iter().enumerate() {
            self.lacking += quota.min;
            self.short |= u64::from(quota.min > 0) << topic;
            self.open |= u64::from(quota.max > 0) << topic;
        }
    }

    #[inline]
    fn add(&mut self, release: &Release, kind: Kind, topic: usize) {
        let quota = release.quotas[kind.index()][topic];
        self.asked += 1;
        self.by_topic[topic] += 1;
        if self.by_topic[topic] <= quota.min {
            self.lacking -= 1;
        }
        self.short &= !(u64::from(self.by_topic[topic] >= quota.min) << topic);
        self.open &= !(u64::from(self.by_topic[topic] >= quota.max) << topic);
    }
}

impl Release {
    /// A new session. `prior` is what is believed beforehand: the population for somebody new, the widened old posterior
    /// for somebody who comes again. `excluded` are items that this person may not see, for instance versions seen before.
    ///
    /// # Errors
    /// An item that is not there, or so many that the quotas could not be filled.
    pub fn begin(&self, prior: &Posterior, seed: u64, excluded: &[u32]) -> Result<State, SessionError> {
        if let Some(&item) = excluded.iter().find(|item| **item as usize >= self.facts.len()) {
            return Err(SessionError::NoSuchItem(item as usize));
        }
        let mut state = State {
            seed,
            prior: *prior.weights(),
            excluded: excluded.to_vec(),
            answers: Vec::with_capacity(64),
            belief: Belief::new(prior.weights(), &self.cut_rows),
            blocked: vec![0; self.facts.len().div_ceil(64)],
            so_far: Kind::ALL.map(|kind| SoFar::new(self, kind)),
            seconds: 0,
        };
        state.block_excluded();
        if !excluded.is_empty() {
            let cell = |item: usize| (self.facts[item].shelf.kind, self.facts[item].shelf.topic);
            let supply = self.clusters.supply(self.quotas[0].len(), cell, |item| !state.is_blocked(item));
            if let Some((what, left, needed)) = check::shortage(&self.parts.blueprint, &self.counts, &supply) {
                return Err(SessionError::NotEnough { what, left, needed });
            }
        }
        Ok(state)
    }

    /// The same state as a new session of another seed, without allocating.
    pub(crate) fn restart(&self, state: &mut State, at_rest: &Belief, seed: u64) {
        state.seed = seed;
        state.answers.clear();
        state.belief.clone_from(at_rest);
        state.blocked.iter_mut().for_each(|bits| *bits = 0);
        state.block_excluded();
        Kind::ALL.into_iter().zip(&mut state.so_far).for_each(|(kind, so_far)| so_far.begin(self, kind));
        state.seconds = 0;
    }

    /// Takes in the answer to an item. Which item to ask is up to [`Release::next`]; any that may still be asked is taken.
    ///
    /// # Errors
    /// An item that is not there or may not be asked, a category that it does not have, an answer that is impossible. The
    /// state is then unchanged.
    #[inline]
    pub fn answer(&self, state: &mut State, item: usize, category: u8, seconds: u32) -> Result<(), SessionError> {
        let Some(facts) = self.facts.get(item) else {
            return Err(SessionError::NoSuchItem(item));
        };
        if state.is_blocked(item) {
            return Err(SessionError::Blocked(self.parts.items[item].id.clone()));
        }
        if category >= facts.categories {
            let (id, last) = (self.parts.items[item].id.clone(), usize::from(facts.categories) - 1);
            return Err(SessionError::NoSuchCategory { id, category, last });
        }
        if !state.belief.observe(self.row(item, category), &self.cut_rows) {
            return Err(SessionError::Impossible(self.parts.items[item].id.clone()));
        }
        self.blocks.of(item).iter().for_each(|&other| state.block(other));
        state.so_far[facts.shelf.kind.index()].add(self, facts.shelf.kind, facts.shelf.topic);
        state.answers.push(Answered { item: item as u32, category, seconds });
        state.seconds += u64::from(seconds);
        Ok(())
    }

    /// The posterior, as `score` makes it from the same prior and answers.
    ///
    /// # Errors
    /// None for a state of this release; an answer that is impossible for one of another.
    pub fn posterior(&self, state: &State) -> Result<Posterior, PosteriorError> {
        let mut posterior = store::posterior_of(&state.prior)?;
        for answer in &state.answers {
            let mut chances = [0.0; NODES];
            chances.copy_from_slice(&self.row(answer.item as usize, answer.category)[..NODES]);
            posterior.observe(&Likelihood::new(chances)?)?;
        }
        Ok(posterior)
    }
}

impl State {
    /// The seed of its choices.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What was answered, in order.
    #[must_use]
    pub fn answers(&self) -> &[Answered] {
        &self.answers
    }

    /// Items that this person may not see.
    #[must_use]
    pub fn excluded(&self) -> &[u32] {
        &self.excluded
    }

    /// Seconds that the answers took, together.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        self.seconds
    }

    /// How many items of a kind were answered.
    #[must_use]
    pub fn asked(&self, kind: Kind) -> usize {
        usize::from(self.so_far[kind.index()].asked)
    }

    /// Whether every least number of the blueprint is reached; `false` only while a check goes on, or when its time ran
    /// out.
    #[must_use]
    pub fn covers(&self, release: &Release) -> bool {
        self.so_far.iter().zip(&release.counts).all(|(so_far, count)| so_far.lacking == 0 && so_far.asked >= count.min)
    }

    /// P(at or above) each cut of the release, with the spread of the cuts in it.
    #[must_use]
    pub fn at_or_above(&self, release: &Release) -> Vec<f64> {
        self.belief.above[..release.cut_rows.len()].to_vec()
    }

    #[inline]
    pub(crate) fn is_blocked(&self, item: usize) -> bool {
        self.blocked[item / 64] >> (item % 64) & 1 == 1
    }

    #[inline]
    fn block(&mut self, item: u32) {
        self.blocked[item as usize / 64] |= 1 << (item % 64);
    }

    fn block_excluded(&mut self) {
        for place in 0..self.excluded.len() {
            self.block(self.excluded[place]);
        }
    }
}

/// Says nothing of level or answers: a state that reaches a log reveals nobody.
impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "State({} answered, …)", self.answers.len())
    }
}
