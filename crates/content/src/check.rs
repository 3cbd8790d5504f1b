//! Skill checks: what they cover, how they are measured, and where levels begin.

use crate::model::{Level, NextStep, Role, Status, Task};
use crate::quick::QuickQuestion;
use crate::{Competency, Library};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A check, whole.
#[derive(Debug)]
pub struct Check {
    /// `check.toml`.
    pub manifest: CheckManifest,
    /// Resolved `next`; never empty.
    pub next: Vec<NextStep>,
    /// How it goes, from `check.md`: HTML.
    pub about_html: String,
}

/// `check.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckManifest {
    /// Folder name.
    pub id: String,
    /// Starts at 1.
    pub version: u32,
    /// Heading.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Id of the role whose levels it tells apart.
    pub role: String,
    /// Folder of the quick questions that it asks from.
    pub subject: String,
    /// SPDX expression.
    pub licence: String,
    /// Names.
    pub authors: Vec<String>,
    /// Raw links, see [`Check::next`].
    pub next: Vec<crate::model::RawNextStep>,
    /// Working time, all together.
    pub minutes: u32,
    /// How often a task may be run before it is handed in.
    pub runs: u32,
    /// How many items of each kind may be put aside as met before.
    pub known: Known,
    /// Quick questions, all areas together.
    pub questions: Count,
    /// Tasks, all areas together.
    pub tasks: Count,
    /// When it may end before the greatest numbers are reached.
    pub stopping: Stopping,
    /// How choices are spread over the bank.
    pub spread: Spread,
    /// What is taken of items until answers have measured them.
    pub model: MeasuringModel,
    /// Where levels begin.
    pub cuts: Cuts,
    /// What is covered, in the order in which it is told.
    #[serde(rename = "area")]
    pub areas: Vec<Area>,
}

/// How many items may be put aside as met before.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Quick questions.
    pub questions: u16,
    /// Tasks.
    pub tasks: u16,
}

/// At least and at most, both allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// At least; 0 if it is not said.
    #[serde(default)]
    pub min: u16,
    /// At most.
    pub max: u16,
}

/// When a check may end. Each rule holds by itself, and none before the least numbers.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stopping {
    /// The probability of one level is at least this.
    pub band_at_least: f64,
    /// The probability that the next five answers would change the level is at most this.
    pub change_at_most: f64,
}

/// How choices are spread over the bank.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// The share of people who may see an item at most.
    pub exposure_at_most: f64,
    /// How much chance decides about the first item, 0 to 1.
    pub randomness: f64,
    /// After so many items it decides no longer.
    pub random_until: u16,
}

/// What is taken of items until answers have measured them. Difficulties are the authors', with their spread.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuringModel {
    /// Slope of a quick question.
    pub question_slope: f64,
    /// Standard deviation of the logarithm of any slope.
    pub ln_slope_sd: f64,
    /// Spread of difficulty among the variants of a family.
    pub family_sd: f64,
    /// Slope of a task's behaviour.
    pub behaviour_slope: f64,
    /// How far behaviours of one task lie apart in difficulty.
    pub behaviour_sd: f64,
    /// Standard deviation of the effect of a person on a task.
    pub task_effect_sd: f64,
    /// For each condition the chance that an answer is not what the person could have done by themselves.
    pub floor: BTreeMap<String, f64>,
}

/// Where levels begin.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cuts {
    /// What they rest on: shown to whoever wants to know.
    pub basis: String,
    /// Junior and above.
    pub junior: Cut,
    /// Middle and above.
    pub middle: Cut,
    /// Senior.
    pub senior: Cut,
}

impl Cuts {
    /// In rising order, with the level that begins there.
    pub fn rising(&self) -> [(Level, Cut); 3] {
        [(Level::Junior, self.junior), (Level::Middle, self.middle), (Level::Senior, self.senior)]
    }
}

/// A border between two levels.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// On the scale of difficulties, logits.
    pub at: f64,
    /// How well that is known: a standard error.
    pub se: f64,
}

/// A part of what is covered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Unique in the check.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Competency ids; each belongs to one area.
    pub competencies: Vec<String>,
    /// Quick questions.
    pub questions: Count,
    /// Tasks.
    pub tasks: Count,
}

impl Check {
    /// The area that a competency belongs to, if it is covered.
    pub fn area_of(&self, competency: &str) -> Option<&Area> {
        self.manifest.areas.iter().find(|area| area.competencies.iter().any(|id| id == competency))
    }

    /// The quick questions that it may ask, with their areas.
    pub fn questions<'a>(
        &'a self,
        library: &'a Library,
    ) -> impl Iterator<Item = (&'a Area, &'a Arc<QuickQuestion>)> + 'a {
        let of_subject = library.questions.values().filter(|question| question.subject == self.manifest.subject);
        let shown = of_subject.filter(|question| question.manifest.status == Status::Active);
        shown.filter_map(|question| Some((self.area_of(&question.manifest.competency)?, question)))
    }

    /// The tasks that it may set, with the areas of what they measure most.
    pub fn tasks<'a>(&'a self, library: &'a Library) -> impl Iterator<Item = (&'a Area, &'a Arc<Task>)> + 'a {
        let shown = library.tasks.values().filter(|task| task.manifest.status == Status::Active);
        shown.filter_map(|task| {
            let weights = task.manifest.competencies.iter();
            let most = weights.max_by(|a, b| a.weight.total_cmp(&b.weight))?;
            Some((self.area_of(&most.id)?, task))
        })
    }

    /// The role whose levels it tells apart.
    pub fn role<'a>(&self, library: &'a Library) -> Option<&'a Arc<Role>> {
        library.roles.get(&self.manifest.role)
    }

    /// What an area covers, in the library's order.
    pub fn competencies_of<'a>(
        &'a self,
        area: &'a Area,
        library: &'a Library,
    ) -> impl Iterator<Item = &'a Competency> + 'a {
        library.competencies.iter().filter(|one| area.competencies.contains(&one.id))
    }
}
