//! What comes next: a pure function of release and state (which has the seed in it).
//!
//! An item's worth is its information, weighted with a normal posterior of the mean and width that are believed (so the
//! first answers, when little is known, go to items that tell something over a wide range), and lessened by chance, a
//! little less at each step (after J. Revuelta and V. Ponsoda, 1998, the progressive method). A family counts only in
//! sessions where it is eligible (W. J. van der Linden and B. P. Veldkamp, 2004 and 2007), which keeps its exposure below
//! the target; a share of picks goes to items being calibrated, by a draw from what is believed of them (Thompson
//! sampling). Quotas are hard, eligibility gives way to them.

use super::Count;
use super::blueprint::Kind;
use super::hash::{self, Purpose};
use super::lists::{Candidate, Place, Stock};
use super::release::Release;
use super::state::{SoFar, State};
use super::stop::Stop;
use crate::grid::NODES;

/// What a session does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask the item of this number.
    Ask(usize),
    /// End, for this reason.
    Stop(Stop),
}

/// Items being calibrated that are drawn, of which the one worth most is taken.
/// Few, so that also items far from where most people stand get answers.
const THOMPSON_DRAWS: usize = 5;

impl Release {
    /// The next item, or the end of the check.
    #[must_use]
    pub fn next(&self, state: &State) -> Next {
        let (kind, allowed) = match self.route(state) {
            Ok(step) => step,
            Err(stop) => return Next::Stop(stop),
        };
        let Some(item) = self.pick(state, kind, allowed) else {
            // Questions may be used up for somebody who has seen most of a bank; the tasks are still there.
            return match (kind, self.step(state, Kind::Task)) {
                (Kind::Question, Ok(allowed)) if self.counts[1].max > 0 => {
                    self.pick(state, Kind::Task, allowed).map_or(Next::Stop(Stop::NothingLeft), |i| self.ask(state, i))
                }
                _ => Next::Stop(Stop::NothingLeft),
            };
        };
        self.ask(state, item)
    }

    fn ask(&self, state: &State, item: usize) -> Next {
        match self.parts.stopping.minutes_at_most {
            Some(limit) if state.seconds as f64 + f64::from(self.facts[item].seconds) > limit * 60.0 => {
                Next::Stop(Stop::OutOfTime)
            }
            _ => Next::Ask(item),
        }
    }

    /// Questions until they settle it or are enough, then tasks likewise.
    fn route(&self, state: &State) -> Result<(Kind, u64), Stop> {
        if state.so_far[1].asked == 0 && self.counts[0].max > 0 {
            match self.step(state, Kind::Question) {
                Ok(allowed) => return Ok((Kind::Question, allowed)),
                Err(stop) if self.counts[1].min == 0 && stop != Stop::Full => return Err(stop),
                Err(_) => {}
            }
        }
        self.step(state, Kind::Task).map(|allowed| (Kind::Task, allowed))
    }

    /// The topics from which an item of this kind may come, or why there is none to be asked.
    fn step(&self, state: &State, kind: Kind) -> Result<u64, Stop> {
        let (so_far, count) = (&state.so_far[kind.index()], self.counts[kind.index()]);
        if so_far.asked >= count.max {
            return Err(Stop::Full);
        }
        let allowed = allowed(so_far, count);
        let may_end = so_far.asked >= count.min && so_far.lacking == 0;
        if may_end && let Some(stop) = self.settled(state, kind, allowed) {
            return Err(stop);
        }
        Ok(allowed)
    }

    fn pick(&self, state: &State, kind: Kind, allowed: u64) -> Option<usize> {
        let step = state.answers.len();
        let share = self.parts.spread.seeding;
        let is_seeding = self.seeds[kind.index()]
            && share > 0.0
            && hash::unit(hash::bits(state.seed, Purpose::Seeding, step, 0)) < share;
        if is_seeding && let Some(item) = self.thompson(state, kind, allowed) {
            return Some(item);
        }
        let best =
            |stock, is_strict| self.best(state, kind, stock, allowed, is_strict).map(|found| found.item as usize);
        best(Stock::InUse, true)
            .or_else(|| best(Stock::InUse, false))
            .or_else(|| best(Stock::Seeding, true))
            .or_else(|| best(Stock::Seeding, false))
    }

    /// The item of most worth; `is_strict` looks at eligible families only.
    #[inline]
    fn best(&self, state: &State, kind: Kind, stock: Stock, allowed: u64, is_strict: bool) -> Option<Candidate> {
        let (place, step, spread) = (Place::of(&state.belief), state.answers.len(), &self.parts.spread);
        let left = 1.0 - step as f64 / f64::from(spread.random_until.max(1));
        let chance = (spread.randomness * left.max(0.0)) as f32;
        let mut best = Candidate { item: u32::MAX, value: -1.0 };
        let mut topics = allowed;
        while topics != 0 {
            let topic = topics.trailing_zeros() as usize;
            topics &= topics - 1;
            for candidate in self.lists.at(place, kind, stock, topic) {
                // Chance only lessens: nobody further down can be worth more.
                if candidate.value <= best.value {
                    break;
                }
                if !self.may_ask(state, candidate.item, is_strict) {
                    continue;
                }
                let worth = if chance > 0.0 {
                    let draw = hash::bits(state.seed, Purpose::Worth, step, u64::from(candidate.item));
                    candidate.value * (1.0 - chance * hash::unit(draw) as f32)
                } else {
                    candidate.value
                };
                if worth > best.value {
                    best = Candidate { item: candidate.item, value: worth };
                }
            }
        }
        (best.item != u32::MAX).then_some(best)
    }

    #[inline]
    fn may_ask(&self, state: &State, item: u32, is_strict: bool) -> bool {
        !state.is_blocked(item as usize)
            && (!is_strict || self.is_eligible(state.seed, self.facts[item as usize].family))
    }

    /// The information of the best item that may be asked next, chance left aside: what another answer would bring.
    pub(crate) fn best_information(&self, state: &State, kind: Kind, allowed: u64) -> f64 {
        let place = Place::of(&state.belief);
        let mut best = 0.0_f32;
        for topic in (0..self.quotas[0].len()).filter(|topic| allowed >> topic & 1 == 1) {
            let list = self.lists.at(place, kind, Stock::InUse, topic);
            let first = list.iter().take_while(|c| c.value > best).find(|c| self.may_ask(state, c.item, true));
            best = first.map_or(best, |candidate| candidate.value);
        }
        f64::from(best)
    }

    /// Draws some items being calibrated, for each a version of it from what is believed of it, and takes the one whose
    /// version tells most at the mean.
    fn thompson(&self, state: &State, kind: Kind, allowed: u64) -> Option<usize> {
        let place = Place::of(&state.belief);
        let topics = || (0..self.quotas[0].len()).filter(|topic| allowed >> topic & 1 == 1);
        let list = |topic| self.lists.at(place, kind, Stock::Seeding, topic);
        let size: usize = topics().map(|topic| list(topic).len()).sum();
        let nth = |mut index: usize| {
            topics().find_map(|topic| match list(topic).get(index) {
                Some(candidate) => Some(candidate.item),
                None => {
                    index -= list(topic).len();
                    None
                }
            })
        };
        let mut best: Option<(f64, u32)> = None;
        for draw in 0..THOMPSON_DRAWS.min(4 * size) {
            let bits = hash::bits(state.seed, Purpose::Thompson, state.answers.len(), draw as u64);
            let index = ((u128::from(bits) * size as u128) >> 64) as usize;
            let Some(item) = nth(index).filter(|&item| self.may_ask(state, item, true)) else {
                continue;
            };
            let worth = self.drawn_information(state, item as usize, hash::bits(bits, Purpose::Thompson, 0, 1));
            if best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, item));
            }
        }
        best.map(|(_, item)| item as usize)
    }

    /// Information at the mean of a version of the item: its curve moved by a draw of its difficulty and steepened by one
    /// of its slope.
    fn drawn_information(&self, state: &State, item: usize, bits: u64) -> f64 {
        let (slope_sd, shift) = self.parts.items[item].model.spread();
        let steeper = (slope_sd * hash::nearly_normal(hash::bits(bits, Purpose::Thompson, 1, 0))).clamp(-1.0, 1.0);
        let at = state.belief.mean - shift * hash::nearly_normal(bits);
        let node = ((at * 5.0 + 30.5).max(0.0) as usize).min(NODES - 1);
        // e²ˣ to second order is enough for an exploring draw.
        f64::from(self.information[item][node]) * (1.0 + 2.0 * steeper + 2.0 * steeper * steeper)
    }
}

/// The topics that may come next. While the places that are left are all needed for least numbers, only those that lack
/// some; and within the least length they come first, so that a check that may end early has covered its blueprint.
#[inline]
fn allowed(so_far: &SoFar, count: Count) -> u64 {
    let is_needed = u32::from(so_far.asked) + u32::from(so_far.lacking) >= u32::from(count.min);
    if so_far.lacking > 0 && is_needed { so_far.short } else { so_far.open }
}
