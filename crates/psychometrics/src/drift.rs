//! Has an item version become easier (it leaked, or people learned) or harder (something around it changed)?
//!
//! A two-sided cumulative sum (E. S. Page 1954; for items of adaptive tests, W. J. J. Veerkamp and C. A. W. Glas 2000) of
//! residuals: an answer's score less what was expected of this person, where what is uncertain of the person's level
//! counts in what is expected.
//!
//! # How it is weighed
//! One answer adds the logarithm of how much likelier it is if the item has moved by [`CusumPlan::shift`] logits than if it
//! is as calibrated, both averaged over what is believed of the person. For a right-or-wrong item this is the residual
//! x − E\[x\], times the change of logit P(right) that the shift makes, less a reference value, the divergence of the two
//! chances: an answer that hardly could have told adds hardly anything, and no item needs a setting of its own. The sum
//! never falls below 0; above [`CusumPlan::threshold`] h it is a signal. Whatever the item, an item that is as calibrated
//! is not signalled falsely, in either direction, before e^h/2 answers on average (G. Lorden 1971): the guarantee.
//!
//! # What to expect
//! Simulated with [`CusumPlan::default`] (1 logit, h = 6.5: guarantee 333 answers), slope 1.2, levels known to 0.35:
//!
//! | answers until a signal, on average | half succeed | nine in ten succeed |
//! |---|---|---|
//! | as calibrated | 5,250 | 10,200 |
//! | one logit easier | 59 | 198 |
//! | one logit harder | 60 | 82 |
//!
//! What moves an item by less than half the shift is seen late or never: recalibration finds that. The calibration's own
//! error is drift to this sum: take items up only when their difficulty is known to about 0.3.

use crate::grid::node;
use crate::item::Item;
use crate::math::ln;
use crate::score::Posterior;

/// Sensitivity of the sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CusumPlan {
    /// The change of difficulty, in logits, that is to be found soonest. Above 0 and at most 5.
    pub shift: f64,
    /// A sum above this is a signal. Above 0 and at most 100.
    pub threshold: f64,
}

impl Default for CusumPlan {
    fn default() -> Self {
        Self { shift: 1.0, threshold: 6.5 }
    }
}

/// An answer against what was expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Residual {
    /// Category less its expectation, in points of the item.
    pub difference: f64,
    /// Variance of the category, with what is uncertain of the person.
    pub variance: f64,
    /// By how much a shift of one logit moves the expectation.
    pub sensitivity: f64,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drift {
    /// No signal.
    InControl,
    /// People do better than calibrated.
    Easier(Shift),
    /// People do worse than calibrated.
    Harder(Shift),
}

/// How an item has moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// The answer, counted from 1, with which the change probably began: the first since the sum was last 0.
    pub since: u64,
    /// Estimate of the shift in logits since then: positive for easier. It is chosen for being large, so that shortly after
    /// a signal it is larger than the truth; further answers bring it down.
    pub logits: f64,
    /// Standard error of `logits`, without that.
    pub error: f64,
}

/// Sums of one item version: to be stored, and updated with each answer. The same answers in the same order give the same
/// bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Cusum {
    plan: CusumPlan,
    answers: u64,
    sides: [Side; 2],
    /// Which side has signalled: it stays, until a new version begins anew.
    signal: Option<usize>,
}

/// The sum of one side, and what was seen since it was last 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Side {
    sum: f64,
    /// Answers before the run.
    before: u64,
    difference: f64,
    variance: f64,
    sensitivity: f64,
}

/// What cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DriftError {
    /// A plan out of its range.
    #[error("the shift lies above 0 and up to 5 logits, the threshold above 0 and up to 100")]
    Plan,
    /// A category that the item has not.
    #[error("category {category} is not one of the item's {categories}")]
    Category {
        /// Counted from 0.
        category: usize,
        /// How many there are.
        categories: usize,
    },
    /// An item whose answer is certain for this person.
    #[error("the answer was certain before it was given, so it says nothing of drift")]
    Certain,
    /// Stored bytes of another length or content.
    #[error("these bytes are not stored sums: {0}")]
    Stored(&'static str),
}

impl Residual {
    /// Of an answer to `item` in `category`, by somebody whose level was believed to be `before`: the posterior of all
    /// their *other* answers (usually those given earlier). With this answer inside it, the item would judge itself.
    ///
    /// # Errors
    /// A category that is not there, or an answer that was certain.
    pub fn new(item: &Item, before: &Posterior, category: usize) -> Result<Self, DriftError> {
        // Differences over a small step: the same for every curve.
        const STEP: f64 = 1e-3;
        let expected = expectations(item, before, category, 0.0)?;
        let moved = |step: f64| expectations(item, before, category, step).map(|at| at.mean);
        let sensitivity = (moved(STEP)? - moved(-STEP)?) / (2.0 * STEP);
        let variance = expected.square - expected.mean * expected.mean;
        if variance.is_nan() || variance <= 1e-12 {
            return Err(DriftError::Certain);
        }
        Ok(Self { difference: category as f64 - expected.mean, variance, sensitivity })
    }

    /// In standard deviations: mean 0 and standard deviation 1 while the item is as calibrated.
    #[must_use]
    pub fn standardised(&self) -> f64 {
        self.difference / self.variance.sqrt()
    }
}

/// What is expected of an answer before it is given.
struct Expected {
    mean: f64,
    square: f64,
    /// Of the category that was then given.
    chance: f64,
}

/// Over all levels that are believed possible, of an item that has become easier by `shift` logits.
fn expectations(item: &Item, before: &Posterior, category: usize, shift: f64) -> Result<Expected, DriftError> {
    let categories = item.categories();
    if category >= categories {
        return Err(DriftError::Category { category, categories });
    }
    let mut chances = vec![0.0; categories];
    let mut expected = Expected { mean: 0.0, square: 0.0, chance: 0.0 };
    for (q, weight) in before.weights().iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        item.probabilities_at(item.slope() * node(q) + shift, &mut chances);
        for (k, chance) in chances.iter().enumerate() {
            expected.mean += weight * chance * k as f64;
            expected.square += weight * chance * (k * k) as f64;
        }
        expected.chance += weight * chances[category];
    }
    Ok(expected)
}

/// What one answer adds: to the sums towards easier and towards harder, and to the estimate of the shift.
struct Evidence {
    logs: [f64; 2],
    residual: Residual,
}

impl CusumPlan {
    fn evidence(&self, item: &Item, before: &Posterior, category: usize) -> Result<Evidence, DriftError> {
        let residual = Residual::new(item, before, category)?;
        let chance = |shift: f64| expectations(item, before, category, shift).map(|at| at.chance);
        let calibrated = chance(0.0)?;
        let log = |moved: f64| ln((moved / calibrated).max(f64::MIN_POSITIVE));
        let logs = [log(chance(self.shift)?), log(chance(-self.shift)?)];
        if logs.iter().all(|log| log.is_finite()) { Ok(Evidence { logs, residual }) } else { Err(DriftError::Certain) }
    }
}

/// First bytes of stored sums; the last one is the version of the format.
const MARK: [u8; 4] = *b"jfd\x01";
/// Mark, plan, answers, signal, and two sides.
const LENGTH: usize = 4 + 16 + 8 + 1 + 2 * 40;

impl Cusum {
    /// No answers yet.
    ///
    /// # Errors
    /// A plan out of its range.
    pub fn new(plan: CusumPlan) -> Result<Self, DriftError> {
        let within = |value: f64, most: f64| value > 0.0 && value <= most;
        let fine = within(plan.shift, 5.0) && within(plan.threshold, 100.0);
        if !fine {
            return Err(DriftError::Plan);
        }
        Ok(Self { plan, answers: 0, sides: [Side::default(); 2], signal: None })
    }

    /// Takes in one answer to `item` in `category`, by somebody whose level was believed to be `before` (see
    /// [`Residual::new`]), and says where the item stands now.
    ///
    /// # Errors
    /// As [`Residual::new`]; the sums are then unchanged.
    pub fn observe(&mut self, item: &Item, before: &Posterior, category: usize) -> Result<Drift, DriftError> {
        let evidence = self.plan.evidence(item, before, category)?;
        Ok(self.take(&evidence))
    }

    fn take(&mut self, evidence: &Evidence) -> Drift {
        for index in 0..2 {
            self.add(index, evidence.logs[index], &evidence.residual);
        }
        self.answers += 1;
        self.drift()
    }

    fn add(&mut self, index: usize, evidence: f64, residual: &Residual) {
        let side = &mut self.sides[index];
        side.sum = (side.sum + evidence).max(0.0);
        // After a signal the run is kept, so that its estimate becomes better.
        if side.sum == 0.0 && self.signal != Some(index) {
            *side = Side { before: self.answers + 1, ..Side::default() };
            return;
        }
        side.difference += residual.difference;
        side.variance += residual.variance;
        side.sensitivity += residual.sensitivity;
        if self.signal.is_none() && side.sum > self.plan.threshold {
            self.signal = Some(index);
        }
    }

    /// Where the item stands.
    #[must_use]
    pub fn drift(&self) -> Drift {
        let Some(index) = self.signal else { return Drift::InControl };
        let side = &self.sides[index];
        // One step of Fisher scoring from no shift.
        let sensitivity = side.sensitivity.max(f64::MIN_POSITIVE);
        let shift = Shift {
            since: side.before + 1,
            logits: side.difference / sensitivity,
            error: side.variance.sqrt() / sensitivity,
        };
        if index == 0 { Drift::Easier(shift) } else { Drift::Harder(shift) }
    }

    /// Answers taken in.
    #[must_use]
    pub fn answers(&self) -> u64 {
        self.answers
    }

    /// The sums towards easier and towards harder, each from 0; a signal is one above the threshold.
    #[must_use]
    pub fn sums(&self) -> (f64, f64) {
        (self.sides[0].sum, self.sides[1].sum)
    }

    /// The plan they were begun with.
    #[must_use]
    pub fn plan(&self) -> CusumPlan {
        self.plan
    }

    /// For storing: a mark, a version, and numbers, little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        bytes.extend(self.plan.shift.to_le_bytes());
        bytes.extend(self.plan.threshold.to_le_bytes());
        bytes.extend(self.answers.to_le_bytes());
        bytes.push(self.signal.map_or(0, |index| index as u8 + 1));
        for side in &self.sides {
            bytes.extend(side.before.to_le_bytes());
            for number in [side.sum, side.difference, side.variance, side.sensitivity] {
                bytes.extend(number.to_le_bytes());
            }
        }
        bytes
    }

    /// What [`Cusum::to_bytes`] gave, bit for bit.
    ///
    /// # Errors
    /// Bytes of another length, another version, or numbers that cannot be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DriftError> {
        if !bytes.starts_with(&MARK) {
            return Err(DriftError::Stored("they do not begin with the mark of this version"));
        }
        if bytes.len() != LENGTH {
            return Err(DriftError::Stored("their number is another"));
        }
        let eight = |at: usize| -> [u8; 8] { std::array::from_fn(|k| bytes[at + k]) };
        let number = |at: usize| f64::from_le_bytes(eight(at));
        let wrong = DriftError::Stored("they are no sums");
        let plan = CusumPlan { shift: number(4), threshold: number(12) };
        let mut cusum = Self::new(plan).map_err(|_| wrong.clone())?;
        cusum.answers = u64::from_le_bytes(eight(20));
        cusum.signal = match bytes[28] {
            0 => None,
            side @ 1..=2 => Some(usize::from(side) - 1),
            _ => return Err(wrong),
        };
        for (index, side) in cusum.sides.iter_mut().enumerate() {
            let at = 29 + 40 * index;
            let before = u64::from_le_bytes(eight(at));
            let [sum, difference, variance, sensitivity] = [8, 16, 24, 32].map(|further| number(at + further));
            *side = Side { sum, before, difference, variance, sensitivity };
            let fine = before <= cusum.answers
                && sum >= 0.0
                && variance >= 0.0
                && [sum, difference, variance, sensitivity].iter().all(|number| number.is_finite());
            if !fine {
                return Err(wrong);
            }
        }
        Ok(cusum)
    }
}

#[cfg(test)]
mod tests;
