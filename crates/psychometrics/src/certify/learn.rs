//! Learning how often each family may be eligible, so that nobody's exposure target is passed.
//!
//! W. J. van der Linden and B. P. Veldkamp (2004), Constraining item exposure in computerized adaptive testing with shadow
//! tests: a family that was seen too often becomes less often eligible, in proportion. There they learn while the test is
//! in use; here it is learned on simulated people before a release and stored in it, so that a session stays a pure
//! function of release and state.

use super::generator::Generator;
use super::simulate::{Plan, SimulationError, run};
use crate::adaptive::Release;

/// Aimed at is this part of the target: what is learned from a sample is a little off.
const AIM: f64 = 0.98;

/// The release with learned chances of being eligible. `plan.people` people take the check in each of `rounds` rounds;
/// 20,000 people and 20 rounds keep the largest exposure within about .005 of the target.
///
/// # Errors
/// See [`SimulationError`].
pub fn learn_exposure(
    release: Release,
    generator: &Generator,
    plan: &Plan,
    rounds: usize,
) -> Result<Release, SimulationError> {
    let target = release.parts().spread.exposure_at_most;
    let mut eligibility = release.eligibility().to_vec();
    let mut release = release;
    if target >= 1.0 {
        return Ok(release);
    }
    for round in 0..rounds {
        let plan = Plan { seed: plan.seed.wrapping_add(round as u64), ..plan.clone() };
        let tally = run(&release, generator, &plan)?;
        for (chance, &seen) in eligibility.iter_mut().zip(&tally.exposure) {
            let rate = seen as f64 / plan.people as f64;
            // Later rounds move less and less, so that what chance did in one sample is averaged away.
            let pace = 1.0 / (1 + round.saturating_sub(rounds / 2)) as f64;
            let factor = if rate > 0.0 { (1.0 - pace) + pace * (target * AIM / rate) } else { 2.0 };
            *chance = (*chance * factor.clamp(0.2, 2.0)).clamp(1e-6, 1.0);
        }
        release = release.with_learned(eligibility.clone());
    }
    Ok(release)
}
