//! What the plan needs of what the door gave.

use super::plan::{Shown, ShownSignal};
use crate::guide::{LEVELS, level_id};
use crate::profile::{condition_words, day_of};
use jobfuture_disclosure::{Field, Seen, SeenSignal};

/// Of what a company sees; of nothing that is nothing.
pub(super) fn shown(seen: Option<&Seen>) -> Shown {
    let Some(seen) = seen else { return Shown::default() };
    let claimed = seen.field(Field::Competencies).map(|value| value.entries()).unwrap_or_default();
    Shown {
        signals: seen.signals().iter().map(signal).collect(),
        claimed: claimed.iter().filter_map(|entry| entry.get("competency").cloned()).collect(),
    }
}

fn signal(seen: &SeenSignal) -> ShownSignal {
    let says = seen.says();
    ShownSignal {
        title: format!("{}: at {} or above", says.role.name, says.at_least.name),
        at_least: LEVELS.into_iter().find(|level| level_id(*level) == says.at_least.id.as_str()),
        competencies: says.competencies.iter().map(|one| one.id.to_string()).collect(),
        behaviours: says.behaviours.iter().map(|one| one.name.to_string()).collect(),
        asked: says.versions.iter().map(|one| one.of.to_string()).collect(),
        condition: condition_words(&says.condition),
        taken_on: day_of(says),
    }
}
