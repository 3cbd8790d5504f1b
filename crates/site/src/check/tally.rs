//! Sums over all who met an item: how often, how they fared against what was expected, how long it took, whether it drifts.
//! Nobody's answer can be read from them, and nobody reads them before there are [`ENOUGH`] of them.

use super::{Attempt, Checks};
use crate::error::SiteError;
use jobfuture_db::{Db, Tx, params, record};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Answers before anything is said of an item.
pub const ENOUGH: i64 = 30;
/// The slack of the sums that look for drift, in standard deviations: half the shift that is looked for.
const SLACK: f64 = 0.25;
/// How often an item that is as taken may be said to drift, all its answers together.
const FALSE_ALARMS: f64 = 0.05;

/// A sum for drift from here on says that an item drifts. It rises with the answers, because the highest of a sum does so by
/// itself: at 5, nearly every item that is as taken had reached it after 300 simulated answers. The chance of a false alarm
/// is D. Siegmund's (1985) approximation for sums with this slack.
pub fn drifts_from(answers: i64) -> f64 {
    /// What a sum overshoots its border by, in standard deviations, added to both borders.
    const OVERSHOOT: f64 = 1.166;
    let both_sides = 4.0 * SLACK * SLACK * answers.max(1) as f64;
    (both_sides / FALSE_ALARMS).ln().max(1.0) / (2.0 * SLACK) - OVERSHOOT
}

/// What one answer adds.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    check: String,
    item: String,
    /// Whether it was put aside unanswered.
    known: bool,
    /// The category as a share of the highest.
    score: f64,
    /// How far it is from what was expected, in standard deviations.
    residual: f64,
    ln_seconds: f64,
}

impl Answered {
    /// An answer in this category, given after this many seconds, to what is open in the attempt. Nothing when the answers
    /// before it do not make a session, which no code of ours leaves.
    pub fn of(attempt: &Attempt, place: u32, category: u8, seconds: i64) -> Option<Self> {
        let item = attempt.item(place)?;
        let number = attempt.release.number(&item.item)?;
        let table = attempt.release.table(attempt.condition, number)?;
        let release = attempt.release.release(attempt.condition);
        let before = release.posterior(&attempt.state().ok()?).ok()?;
        let highest = table.categories().saturating_sub(1).max(1) as f64;
        Some(Self {
            check: attempt.check().to_owned(),
            item: item.item.clone(),
            known: false,
            score: f64::from(category) / highest,
            residual: residual(table.predict(&before), category),
            ln_seconds: (seconds.max(1) as f64).ln(),
        })
    }

    /// Something that was put aside.
    pub fn known(attempt: &Attempt, place: u32) -> Option<Self> {
        let (check, item) = (attempt.check().to_owned(), attempt.item(place)?.item.clone());
        Some(Self { check, item, known: true, score: 0.0, residual: 0.0, ln_seconds: 0.0 })
    }
}

/// How far a category is from the mean of its forecast, in standard deviations of it.
fn residual(forecast: impl Iterator<Item = f64>, category: u8) -> f64 {
    let (mut mean, mut square) = (0.0, 0.0);
    for (value, chance) in forecast.enumerate() {
        mean += chance * value as f64;
        square += chance * (value * value) as f64;
    }
    let sd = (square - mean * mean).max(1e-6).sqrt();
    (f64::from(category) - mean) / sd
}

record! {
    /// An item's sums.
    #[derive(Debug, Clone)]
    pub struct ItemTally {
        /// Id of the item.
        pub item: String,
        /// How often it was put aside as met before.
        pub known: i64,
        /// Answers.
        pub answered: i64,
        /// Sum of scores, each from 0 to 1.
        pub score: f64,
        /// Sum of standardised residuals.
        pub residual: f64,
        /// Sum of their squares.
        pub residual_squared: f64,
        /// Sum of the logarithms of seconds.
        pub ln_seconds: f64,
        /// The highest that either sum for drift has been.
        pub drift_most: f64,
    }
}

impl ItemTally {
    /// How many met it in a check.
    pub fn met(&self) -> i64 {
        self.answered + self.known
    }

    /// Whether answers have moved away from what was expected of them.
    pub fn drifts(&self) -> bool {
        self.drift_most >= drifts_from(self.answered)
    }
}

/// Answers on their way into the sums. What arrives while some are written waits, and is written together: many who answer at
/// once cost one transaction, and none of them waits for it.
#[derive(Debug, Clone)]
pub(super) struct Tallies {
    db: Db,
    waiting: Arc<Mutex<Waiting>>,
    /// Whether all that was added has been written.
    is_idle: Arc<watch::Sender<bool>>,
}

#[derive(Debug, Default)]
struct Waiting {
    answers: Vec<Answered>,
    /// Whether somebody is writing, who will see what is added.
    is_written: bool,
}

impl Tallies {
    pub fn new(db: Db) -> Self {
        Self { db, waiting: Arc::default(), is_idle: Arc::new(watch::Sender::new(true)) }
    }

    /// Adds an answer, sooner or later.
    pub fn add(&self, answered: Answered) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.answers.push(answered);
        if !std::mem::replace(&mut waiting.is_written, true) {
            self.is_idle.send_replace(false);
            tokio::spawn(self.clone().write());
        }
    }

    /// Until all that was added is in the sums, or could not be.
    pub async fn settled(&self) {
        // It is kept as long as this: there is always somebody to wait for.
        let _ = self.is_idle.subscribe().wait_for(|is_idle| *is_idle).await;
    }

    async fn write(self) {
        while let Some(answers) = self.next() {
            let count = answers.len();
            if let Err(error) = self.db.transaction(move |tx| answers.iter().try_for_each(|one| one.add(tx))).await {
                tracing::warn!(%error, count, "answers were kept and not counted");
            }
        }
    }

    /// What waits, in an order that is everybody's, so that no two instances wait for each other; nothing ends the writing.
    fn next(&self) -> Option<Vec<Answered>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut answers = std::mem::take(&mut waiting.answers);
        if answers.is_empty() {
            waiting.is_written = false;
            self.is_idle.send_replace(true);
            return None;
        }
        answers.sort_by(|one, other| (&one.check, &one.item).cmp(&(&other.check, &other.item)));
        Some(answers)
    }
}

impl Answered {
    /// Adds it to its item's sums, in one statement.
    fn add(&self, tx: &mut Tx<'_>) -> Result<(), jobfuture_db::Error> {
        let (counted, z) = (i64::from(!self.known), self.residual);
        let (up, down) = if self.known { (0.0, 0.0) } else { (z - SLACK, -z - SLACK) };
        // The first sums of an item, and what every further answer makes of them.
        let sql =
            "insert into item_tally (check_id, item, known, answered, score, residual, residual_squared, ln_seconds,
               drift_up, drift_down, drift_most)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (check_id, item) do update set known = item_tally.known + excluded.known,
               answered = item_tally.answered + excluded.answered, score = item_tally.score + excluded.score,
               residual = item_tally.residual + excluded.residual,
               residual_squared = item_tally.residual_squared + excluded.residual_squared,
               ln_seconds = item_tally.ln_seconds + excluded.ln_seconds,
               drift_up = case when item_tally.drift_up + $12 > 0 then item_tally.drift_up + $12 else 0 end,
               drift_down = case when item_tally.drift_down + $13 > 0 then item_tally.drift_down + $13 else 0 end,
               drift_most = case
                 when item_tally.drift_up + $12 > item_tally.drift_most
                   and item_tally.drift_up + $12 >= item_tally.drift_down + $13 then item_tally.drift_up + $12
                 when item_tally.drift_down + $13 > item_tally.drift_most then item_tally.drift_down + $13
                 else item_tally.drift_most end";
        let (first_up, first_down) = (up.max(0.0), down.max(0.0));
        tx.execute_later(
            sql,
            params![
                self.check,
                self.item,
                i64::from(self.known),
                counted,
                self.score,
                z,
                z * z,
                self.ln_seconds,
                first_up,
                first_down,
                first_up.max(first_down),
                up,
                down
            ],
        )
    }
}

impl Checks {
    /// Until every answer that was acknowledged is in the sums of its item, or could not be counted. A server that ends waits
    /// for it, so that it counts what it took.
    pub async fn counted(&self) {
        self.tallies.settled().await;
    }

    /// The sums of a check's items, with all answers that were acknowledged here.
    ///
    /// # Errors
    /// The database's.
    pub async fn tallies(&self, check: &str) -> Result<Vec<ItemTally>, SiteError> {
        self.counted().await;
        let sql =
            "select item, known, answered, score, residual, residual_squared, ln_seconds, drift_most from item_tally
             where check_id = $1 order by item";
        Ok(self.db.all(sql, params![check]).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use psychometrics::Random;

    /// The highest sum for drift after so many answers, of an item that is easier by some logits than it is taken for.
    fn highest(random: &mut Random, answers: i64, easier: f64) -> f64 {
        let (mut up, mut down, mut most) = (0.0_f64, 0.0_f64, 0.0_f64);
        let chance = 1.0 / (1.0 + (-(0.6_f64 / 0.4).ln() - easier).exp());
        for _ in 0..answers {
            let z = residual([0.4, 0.6].into_iter(), u8::from(random.uniform() < chance));
            (up, down) = ((up + z - SLACK).max(0.0), (down - z - SLACK).max(0.0));
            most = most.max(up).max(down);
        }
        most
    }

    #[test]
    fn items_as_taken_seldom_drift_and_items_that_leaked_do() {
        let mut random = Random::new(3);
        for answers in [30, 100, 300, 1000] {
            let mut share = |easier| {
                let drifting = (0..500).filter(|_| highest(&mut random, answers, easier) >= drifts_from(answers));
                drifting.count() as f64 / 500.0
            };
            assert!(share(0.0) < 0.08, "{answers} answers");
            assert!(share(1.0) > 0.8 || answers < 100, "{answers} answers");
        }
    }

    #[test]
    fn residuals_are_standardised() {
        assert!((residual([0.5, 0.5].into_iter(), 1) - 1.0).abs() < 1e-9);
        assert!((residual([0.2, 0.8].into_iter(), 1) - 0.5).abs() < 1e-9);
        assert!(residual([0.0, 1.0].into_iter(), 1).abs() < 1e-9);
    }
}
