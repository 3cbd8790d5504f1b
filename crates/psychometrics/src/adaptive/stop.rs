//! When a check ends.

use super::belief::Belief;
use super::blueprint::Kind;
use super::release::Release;
use super::state::State;
use crate::math::normal_cdf;
use std::sync::OnceLock;

/// Why a check ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stop {
    /// One band is probable enough.
    Classified,
    /// The next five answers are not expected to change the band.
    Steady,
    /// The level is known precisely enough.
    Precise,
    /// The greatest number of items is reached.
    Full,
    /// The next item would not fit into the time.
    OutOfTime,
    /// Everything that this person may see is used up.
    NothingLeft,
}

impl Stop {
    /// All reasons, in their order.
    pub const ALL: [Self; 6] =
        [Self::Classified, Self::Steady, Self::Precise, Self::Full, Self::OutOfTime, Self::NothingLeft];
}

/// The change that is looked for is that of so many answers.
const LOOK_AHEAD: f64 = 5.0;

impl Release {
    /// Which rule, if any, would end the check now.
    #[inline]
    pub(crate) fn settled(&self, state: &State, kind: Kind, allowed: u64) -> Option<Stop> {
        let (rules, belief, cuts) = (&self.parts.stopping, &state.belief, self.cut_rows.len());
        let (band, probability) = belief.band(cuts);
        if rules.band_at_least.is_some_and(|least| probability >= least && cuts > 0) {
            return Some(Stop::Classified);
        }
        if rules.sd_at_most.is_some_and(|most| belief.sd <= most) {
            return Some(Stop::Precise);
        }
        let most = rules.change_at_most.filter(|_| cuts > 0)?;
        let change = self.change(belief, band, LOOK_AHEAD * self.best_information(state, kind, allowed));
        (change <= most).then_some(Stop::Steady)
    }

    /// The probability that answers worth this much information move the mean out of the band.
    ///
    /// Information J shrinks a normal posterior's variance s² to s² / (1 + J s²); what it takes from the variance the mean
    /// is expected to move: its standard deviation will be s² √(J / (1 + J s²)).
    fn change(&self, belief: &Belief, band: usize, information: f64) -> f64 {
        let variance = belief.sd * belief.sd;
        let move_sd = variance * (information / (1.0 + information * variance)).sqrt();
        if move_sd <= 0.0 {
            return 0.0;
        }
        let cuts = &self.parts.cuts;
        let below = band.checked_sub(1).map_or(0.0, |cut| quick_cdf((cuts[cut].value() - belief.mean) / move_sd));
        let above = cuts.get(band).map_or(0.0, |cut| quick_cdf((belief.mean - cut.value()) / move_sd));
        below + above
    }
}

/// The normal distribution from a table, to 10⁻⁵: it is asked for after every answer of a million people.
#[inline]
fn quick_cdf(z: f64) -> f64 {
    const STEPS: f64 = 64.0;
    const REACH: f64 = 5.0;
    static TABLE: OnceLock<Vec<f64>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let size = (2.0 * REACH * STEPS) as usize + 2;
        (0..size).map(|k| normal_cdf(k as f64 / STEPS - REACH)).collect()
    });
    if z >= REACH {
        return 1.0;
    }
    if z <= -REACH {
        return 0.0;
    }
    let place = (z + REACH) * STEPS;
    let whole = place as usize;
    table[whole] + (place - whole as f64) * (table[whole + 1] - table[whole])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_distribution() {
        for k in -6000..6000 {
            let z = f64::from(k) * 1e-3 + 1e-4;
            assert!((quick_cdf(z) - normal_cdf(z)).abs() < 1e-5, "{z}");
        }
    }
}
