//! Calibration: from answers that were lent to a release whose items have measured numbers, certified before it is used.
//!
//! Reads `lent_answer` and nothing else of anybody: neither account nor attempt is looked at. Answers given under another
//! condition are another thing to measure, and are left out.

mod bars;
mod fit;
mod lent;
mod tasks;

pub use bars::MissedBar;

use super::{BankEntry, BankParts, Checks, Condition, ENOUGH, ItemKind, Source};
use crate::error::SiteError;
use jobfuture_content::Check;
use jobfuture_db::{params, record};
use psychometrics::certify::Certificate;
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// How to calibrate.
#[derive(Debug, Clone, Copy)]
pub struct CalibrationPlan {
    /// Answers that were given under this condition.
    pub condition: Condition,
    /// Fewest people, as lent answers count them: the same person's two checks are two.
    pub people_at_least: usize,
    /// People who are simulated for the certificate.
    pub simulated: usize,
    /// Whether nothing is stored.
    pub is_dry: bool,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Calibration {
    /// Id of the check.
    pub check: String,
    /// Under which condition the answers were given.
    pub condition: Condition,
    /// People who lent their answers.
    pub people: usize,
    /// Fewest that are needed.
    pub people_needed: usize,
    /// Their answers to items that the check has now.
    pub answers: usize,
    /// Items that were measured by answers.
    pub moved: Vec<Moved>,
    /// Items whose numbers stay as they are, for want of answers.
    pub kept: usize,
    /// Mean and standard deviation of these people's levels, on the scale of the authors' difficulties.
    pub population: Option<(f64, f64)>,
    /// What simulated people found; nothing when it was not tried.
    pub certificate: Option<Certificate>,
    /// How it ended.
    pub outcome: CalibrationOutcome,
}

/// How a calibration ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalibrationOutcome {
    /// Too few people lent their answers.
    TooFewPeople,
    /// No item has enough answers.
    TooFewAnswers,
    /// The fit found no numbers; why.
    NotFitted(String),
    /// Bars that the new release would not keep.
    Missed(Vec<MissedBar>),
    /// All is well, and nothing was to be stored.
    Tried,
    /// The new release is what checks are asked from now.
    Released,
}

/// An item before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// Id of the item.
    pub item: String,
    /// Its id in the content.
    pub content: String,
    /// Question or task.
    pub kind: ItemKind,
    /// How many answers it rests on.
    pub answers: usize,
    /// Difficulty in the release so far.
    pub difficulty_before: f64,
    /// As measured.
    pub difficulty: f64,
    /// How well that is known.
    pub difficulty_sd: f64,
    /// Slope in the release so far.
    pub slope_before: f64,
    /// As measured; a task's is its authors'.
    pub slope: f64,
}

record! {
    struct Known { parts: String }
}

impl Checks {
    /// Measures a check's items by answers that were lent, and releases what keeps its bars.
    ///
    /// # Errors
    /// Content that makes no release; the database's.
    pub async fn calibrate(&self, check: &Arc<Check>, plan: CalibrationPlan) -> Result<Calibration, SiteError> {
        let current = self.current(check).await?;
        // Always from the authors' numbers: all answers are taken in again, and none counts twice.
        let authored = BankParts::of(check, &self.library, None)?;
        let base = BankParts::of(check, &self.library, Some(&current.parts))?;
        let lent = self.lent(&check.manifest.id, plan.condition, &authored).await?;
        let mut done = Calibration::begin(check, plan, &lent);
        if lent.people.len() < plan.people_at_least {
            return Ok(done);
        }
        if lent.counts.iter().all(|count| *count < ENOUGH as usize) {
            done.outcome = CalibrationOutcome::TooFewAnswers;
            return Ok(done);
        }
        let fitted = tokio::task::spawn_blocking(move || measured(&authored, base, &lent, plan.condition)).await;
        let fitted = fitted.map_err(|error| SiteError::internal("a calibration", &error))?;
        let measured = match fitted {
            Ok(measured) => measured,
            Err(why) => {
                done.outcome = CalibrationOutcome::NotFitted(why);
                return Ok(done);
            }
        };
        done.tell(&measured, &current.parts);
        self.certify_and_release(measured.parts, plan, &mut done).await?;
        Ok(done)
    }

    async fn certify_and_release(
        &self,
        parts: BankParts,
        plan: CalibrationPlan,
        done: &mut Calibration,
    ) -> Result<(), SiteError> {
        let digest = parts.digest();
        let sql = "select parts from bank_release where check_id = $1 and digest = $2";
        let known: Option<Known> = self.db.optional(sql, params![done.check, digest]).await?;
        // A release is never changed: one that has been made before keeps the exposure that it learned then.
        let known = known.map(|known| serde_json::from_str::<BankParts>(&known.parts)).transpose();
        let known = known.map_err(|error| SiteError::internal("a bank's release", &error))?;
        let tried = tokio::task::spawn_blocking(move || bars::certified(known, parts, plan)).await;
        let (parts, certificate) = tried.map_err(|error| SiteError::internal("a certificate", &error))??;
        let missed = bars::missed(&certificate);
        done.outcome = match (missed.is_empty(), plan.is_dry) {
            (false, _) => CalibrationOutcome::Missed(missed),
            (true, true) => CalibrationOutcome::Tried,
            (true, false) => {
                self.release(&parts, &certificate).await?;
                CalibrationOutcome::Released
            }
        };
        done.certificate = Some(certificate);
        Ok(())
    }

    /// Makes this what checks are asked from. Sums for drift begin anew where an item's numbers are new.
    async fn release(&self, parts: &BankParts, certificate: &Certificate) -> Result<(), SiteError> {
        let text = |what: Result<String, serde_json::Error>| {
            what.map_err(|error| SiteError::internal("a bank's release", &error))
        };
        let (certificate, stored) = (text(serde_json::to_string(certificate))?, text(serde_json::to_string(parts))?);
        let (check, digest, now) = (parts.check.clone(), parts.digest(), self.now());
        let measured = parts.items.iter().filter(|item| item.source == Source::Answers);
        let measured: Vec<String> = measured.map(|item| item.id.clone()).collect();
        let released = self.db.transaction(move |tx| {
            let sql = "insert into bank_release (id, check_id, made_at, digest, parts, certificate) values ($1, $2, $3, $4, $5, $6)
                 on conflict (check_id, digest) do update set made_at = excluded.made_at, certificate = excluded.certificate";
            tx.execute(sql, params![Uuid::now_v7(), check, now, digest, stored, certificate])?;
            for item in &measured {
                let sql = "update item_tally set drift_up = 0, drift_down = 0, drift_most = 0 where check_id = $1 and item = $2";
                tx.execute(sql, params![check, item])?;
            }
            Ok::<_, jobfuture_db::Error>(())
        });
        Ok(released.await?)
    }
}

/// A bank whose items have been measured.
struct Measured {
    parts: BankParts,
    /// Items that were, and by how many answers.
    items: Vec<(usize, usize)>,
    population: (f64, f64),
}

/// Measures what has enough answers: questions together, then tasks at the levels that the questions gave.
fn measured(
    authored: &BankParts,
    mut parts: BankParts,
    lent: &lent::Lent,
    condition: Condition,
) -> Result<Measured, String> {
    let fit = fit::questions(authored, lent, condition)?;
    // On the authors' numbers, so that what was measured before plays no part and the same answers give the same bits.
    let mut fresh = authored.clone();
    for (number, found) in &fit.items {
        let entry = &mut fresh.items[*number];
        (entry.slope, entry.ln_slope_sd) = (found.slope, found.ln_slope_sd);
        (entry.difficulty, entry.difficulty_sd) = (found.difficulty, found.difficulty_sd);
        entry.source = Source::Answers;
    }
    let tasks = tasks::measure(authored, &mut fresh, lent, fit.population, condition)?;
    let numbers = fit.items.iter().map(|(number, _)| *number).chain(tasks);
    let items: Vec<(usize, usize)> = numbers.map(|number| (number, lent.counts[number])).collect();
    for (number, _) in &items {
        parts.items[*number] = fresh.items[*number].clone();
    }
    Ok(Measured { parts, items, population: fit.population })
}

impl Calibration {
    fn begin(check: &Check, plan: CalibrationPlan, lent: &lent::Lent) -> Self {
        Self {
            check: check.manifest.id.clone(),
            condition: plan.condition,
            people: lent.people.len(),
            people_needed: plan.people_at_least,
            answers: lent.counts.iter().sum(),
            moved: Vec::new(),
            kept: lent.counts.len(),
            population: None,
            certificate: None,
            outcome: CalibrationOutcome::TooFewPeople,
        }
    }

    fn tell(&mut self, measured: &Measured, before: &BankParts) {
        self.kept = measured.parts.items.len() - measured.items.len();
        self.population = Some(measured.population);
        let moved = measured.items.iter().map(|(number, answers)| {
            let now: &BankEntry = &measured.parts.items[*number];
            let then = before.items.iter().find(|item| item.id == now.id).unwrap_or(now);
            Moved {
                item: now.id.clone(),
                content: now.content.clone(),
                kind: now.kind,
                answers: *answers,
                difficulty_before: then.difficulty,
                difficulty: now.difficulty,
                difficulty_sd: now.difficulty_sd,
                slope_before: then.slope,
                slope: now.slope,
            }
        });
        self.moved = moved.collect();
    }
}
