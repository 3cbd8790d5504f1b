//! What the answers of an attempt come to, for its owner: levels by probability, never a number.

use super::attempt::{Attempt, AttemptItem, Broken, Outcome};
use super::{ItemKind, store};
use psychometrics::adaptive::ToSettle;
use psychometrics::score::{BandReading, CategoryTable, Likelihood, Posterior, TopicPosterior, Words};

/// The share of an area's variance that the general level has, until answers have measured it.
const SHARE_OF_GENERAL: f64 = 0.75;

/// What an attempt says of its owner's level. No `Display`, no `Serialize`: a page chooses what it tells, to its owner.
pub struct Reading {
    bands: BandReading,
    /// About what it would take to settle it.
    pub to_settle: Option<ToSettle>,
    /// The area that may be called the weakest, by its place in the check; mostly there is none.
    pub weakest: Option<usize>,
    /// P(the level has risen since the earlier attempt), if this one began from it.
    improved: Option<f64>,
}

impl Reading {
    /// Reads an attempt; `earlier` is the one that it began from.
    ///
    /// # Errors
    /// Rows that cannot be gone through again.
    pub fn of(attempt: &Attempt, earlier: Option<&Attempt>) -> Result<Self, Broken> {
        let posterior = Self::posterior(attempt)?;
        let improved = match earlier {
            Some(earlier) => Some(store::retake(earlier, attempt.begun_at())?.probability_improved(&posterior)),
            None => None,
        };
        Ok(Self {
            bands: attempt.release.bands().read(&posterior),
            to_settle: to_settle(attempt, &posterior)?,
            weakest: weakest(attempt)?,
            improved,
        })
    }

    /// What is believed of the level after all answers.
    ///
    /// # Errors
    /// Rows that cannot be gone through again.
    pub fn posterior(attempt: &Attempt) -> Result<Posterior, Broken> {
        if attempt.items.iter().all(|item| item.regrade.is_none()) {
            let release = attempt.release.release(attempt.condition);
            return Ok(release.posterior(&attempt.state()?)?);
        }
        let mut posterior = attempt.prior()?;
        for item in answered(attempt) {
            posterior.observe(&likelihood(attempt, item)?)?;
        }
        Ok(posterior)
    }

    /// In words. Bands are counted from 0, which lies below the first level.
    pub fn words(&self) -> Words {
        self.bands.words()
    }

    /// For each band how many of twenty equally likely readings are in it.
    pub fn dots(&self) -> &[usize] {
        self.bands.dots()
    }

    /// How many of twenty equally likely readings are in a band or above.
    pub fn dots_at_or_above(&self, band: usize) -> usize {
        self.bands.dots_at_or_above(band)
    }

    /// What has become of the level since the earlier attempt.
    ///
    /// So many of twenty equally likely readings say that it has risen.
    pub fn dots_improved(&self) -> Option<usize> {
        self.improved.map(|chance| (20.0 * chance + 0.5) as usize)
    }
}

fn answered(attempt: &Attempt) -> impl Iterator<Item = &AttemptItem> {
    attempt.items.iter().filter(|item| item.outcome == Outcome::Answered)
}

/// What one answer says. A task that a later version has judged again is scored by what that found, as the same share of the
/// behaviours that the release knows: the newer version may have more of them, or fewer.
fn likelihood(attempt: &Attempt, item: &AttemptItem) -> Result<Likelihood, Broken> {
    let number = attempt.number(item)?;
    let table: Option<&CategoryTable> = attempt.release.table(attempt.condition, number);
    let table = table.ok_or_else(|| Broken::Row(format!("{} as its item", item.item)))?;
    let highest = table.categories() - 1;
    let category = match &item.regrade {
        Some((_, shown, _)) => {
            let all = item.verdict.as_ref().map_or(highest, |verdict| verdict.behaviours.len());
            on_scale(usize::from(*shown), all, highest)
        }
        None => usize::from(item.category.unwrap_or_default()),
    };
    Ok(Likelihood::new(table.rows()[category.min(highest)])?)
}

/// So many of all behaviours, on a scale with another number of them; to the nearest, halves upwards.
fn on_scale(shown: usize, all: usize, highest: usize) -> usize {
    let all = all.max(1);
    (2 * shown * highest + all) / (2 * all)
}

fn to_settle(attempt: &Attempt, posterior: &Posterior) -> Result<Option<ToSettle>, Broken> {
    let release = attempt.release.settling(attempt.condition);
    let mut seen: Vec<u32> = Vec::new();
    for item in &attempt.items {
        seen.push(attempt.number(item)? as u32);
    }
    let state = release.begin(posterior, attempt.row.seed.cast_unsigned(), &seen)?;
    Ok(release.answers_to_settle(&state).ok())
}

fn weakest(attempt: &Attempt) -> Result<Option<usize>, Broken> {
    let areas = &attempt.release.parts.areas;
    let topics = TopicPosterior::new(attempt.prior()?, SHARE_OF_GENERAL, areas.len());
    let Ok(mut topics) = topics else { return Ok(None) };
    for item in answered(attempt) {
        let entry = &attempt.release.parts.items[attempt.number(item)?];
        let Some(area) = areas.iter().position(|area| area.id == entry.area) else { continue };
        if topics.observe(area, &likelihood(attempt, item)?).is_err() {
            return Ok(None);
        }
    }
    Ok(topics.profile().ok().and_then(|profile| profile.weakest()))
}

impl Attempt {
    /// Whether anything was answered, so that there is something to read.
    pub fn has_answers(&self) -> bool {
        self.answered(ItemKind::Question) + self.answered(ItemKind::Task) > 0
    }
}

/// Says nothing of the person.
impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reading(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_version_found_keeps_its_share() {
        assert_eq!(on_scale(3, 4, 4), 3);
        assert_eq!(on_scale(2, 2, 5), 5);
        assert_eq!(on_scale(0, 2, 5), 0);
        assert_eq!(on_scale(1, 2, 5), 3);
        assert_eq!(on_scale(6, 6, 5), 5);
        assert_eq!(on_scale(5, 6, 5), 4);
    }
}
