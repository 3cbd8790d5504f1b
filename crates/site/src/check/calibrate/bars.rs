//! Whether a new release keeps what is promised of it, tried on simulated people before anybody meets it.

use super::super::{BankError, BankParts};
use super::CalibrationPlan;
use psychometrics::certify::{Bars, Certificate, Plan, certify};
use serde::Serialize;

/// People and rounds by which exposure is learned: within .005 of its target.
const EXPOSURE: (usize, usize) = (20_000, 20);
/// By so much the simulated exposure may exceed its target.
const EXPOSURE_SLACK: f64 = 0.01;

/// A bar that a release does not keep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MissedBar {
    /// In which population.
    pub population: String,
    /// What was looked at.
    pub what: String,
    /// As found.
    pub value: f64,
    /// At least.
    pub least: Option<f64>,
    /// At most.
    pub greatest: Option<f64>,
    /// Whether chance among so few simulated people explains it: then more of them would tell.
    pub in_doubt: bool,
}

/// The release with its exposure learned, unless it has been, and its certificate.
pub(super) fn certified(
    known: Option<BankParts>,
    parts: BankParts,
    plan: CalibrationPlan,
) -> Result<(BankParts, Certificate), BankError> {
    let parts = match known {
        Some(known) => known,
        None => parts.with_exposure(EXPOSURE.0.min(plan.simulated), EXPOSURE.1)?,
    };
    let release = parts.release(plan.condition)?;
    let fault = |why: String| BankError::Release { check: parts.check.clone(), why };
    // Other people than those who were learned from.
    let simulated = Plan::new(plan.simulated, 1 << 32).map_err(|why| fault(why.to_string()))?;
    let certificate = certify(&release, &bars(&parts), &simulated).map_err(|why| fault(why.to_string()))?;
    Ok((parts, certificate))
}

/// The usual bars, with the check's own target of exposure. How many of a few tasks two people share follows from that
/// target.
fn bars(parts: &BankParts) -> Bars {
    Bars { exposure: Some(parts.spread.exposure_at_most + EXPOSURE_SLACK), overlap: None, ..Bars::default() }
}

pub(super) fn missed(certificate: &Certificate) -> Vec<MissedBar> {
    let all = certificate.regimes.iter().flat_map(|regime| regime.bars.iter().map(move |bar| (regime.title, bar)));
    let missed = all.filter(|(_, bar)| !bar.passed);
    missed
        .map(|(title, bar)| MissedBar {
            population: title.to_owned(),
            what: bar.what.clone(),
            value: bar.value,
            least: bar.least,
            greatest: bar.greatest,
            in_doubt: bar.is_in_doubt(),
        })
        .collect()
}
