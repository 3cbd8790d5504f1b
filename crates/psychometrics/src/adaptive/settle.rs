//! How much more would probably settle it.

use super::choose::Next;
use super::error::SessionError;
use super::hash::Purpose;
use super::release::Release;
use super::state::State;
use super::stop::Stop;
use crate::grid::NODES;
use crate::random::Random;

/// How often the rest of the session is imagined.
const FUTURES: usize = 101;

/// What it would probably take to end the check by one of its rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToSettle {
    /// Further answers: the middle of what would happen.
    pub answers: usize,
    /// Minutes that they are expected to take, likewise.
    pub minutes: f64,
    /// The probability that the check then ends because the band or the level is settled, and not because its greatest
    /// length or its time is reached.
    pub settles: f64,
}

impl Release {
    /// About how many more answers, and minutes, would probably settle it: the session is gone on with in imagination, by
    /// people drawn from the posterior who answer as the items are believed to answer, with the very rules that choose and
    /// end. A pure function of release and state; some tenths of a millisecond.
    ///
    /// # Errors
    /// None for a state of this release.
    pub fn answers_to_settle(&self, state: &State) -> Result<ToSettle, SessionError> {
        let mut random = Random::of(state.seed, Purpose::Settle as u64 + 16 * state.answers.len() as u64);
        let weights: [f64; NODES] = std::array::from_fn(|q| state.belief.weight(q));
        let (mut answers, mut minutes, mut settled) = (Vec::new(), Vec::new(), 0);
        let mut future = state.clone();
        for _ in 0..FUTURES {
            future.clone_from(state);
            let node = random.weighted(&weights);
            let end = loop {
                match self.next(&future) {
                    Next::Stop(stop) => break stop,
                    Next::Ask(item) => self.imagine(&mut future, item, node, &mut random)?,
                }
            };
            settled += usize::from(matches!(end, Stop::Classified | Stop::Steady | Stop::Precise));
            answers.push(future.answers.len() - state.answers.len());
            minutes.push((future.seconds - state.seconds) as f64 / 60.0);
        }
        answers.sort_unstable();
        minutes.sort_by(f64::total_cmp);
        let settles = settled as f64 / FUTURES as f64;
        Ok(ToSettle { answers: answers[FUTURES / 2], minutes: minutes[FUTURES / 2], settles })
    }

    fn imagine(&self, state: &mut State, item: usize, node: usize, random: &mut Random) -> Result<(), SessionError> {
        let (facts, mut left) = (&self.facts[item], random.uniform());
        let mut category = 0;
        for next in 0..facts.categories {
            let chance = self.row(item, next)[node];
            // A category of chance nought is never taken, not even when rounding leaves a rest.
            if chance > 0.0 {
                category = next;
            }
            left -= chance;
            if left < 0.0 {
                break;
            }
        }
        self.answer(state, item, category, facts.seconds.round() as u32)
    }
}
