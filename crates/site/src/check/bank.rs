//! What a check is asked from, as it is stored: items with what is believed of them, blueprint and rules.
//!
//! A release is always built from its stored text, also when it has just been made, so that the same text gives the same
//! bits on every machine that reads it.

use super::Condition;
use jobfuture_codes::Code;
use jobfuture_content::check::{Check, Count, Cut, Stopping};
use jobfuture_content::{AnswerKey, Form, Level, Library, QuickQuestion, Task};
use psychometrics::adaptive::{self, BankItem, Blueprint, Kind, Model, Release, ReleaseParts, TopicQuota};
use psychometrics::certify::{Generator, Plan, SimulationError, learn_exposure};
use psychometrics::score::{self, SoftItem, TaskItem, Uncertainty};
use psychometrics::{Curve, Item};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// Everything that a check is chosen and scored by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BankParts {
    /// Id of the check.
    pub check: String,
    /// Version of its file.
    pub version: u32,
    /// Questions, then tasks.
    pub items: Vec<BankEntry>,
    /// What is covered of each area.
    pub areas: Vec<AreaQuota>,
    /// Quick questions, all together.
    pub questions: Count,
    /// Tasks, all together.
    pub tasks: Count,
    /// Rules of ending.
    pub stopping: Stopping,
    /// Working time at the usual pace.
    pub minutes: u32,
    /// How choices are spread.
    pub spread: jobfuture_content::check::Spread,
    /// Where levels begin, rising.
    pub cuts: Vec<(Level, Cut)>,
    /// By condition: the chance that an answer is not what the person could have done by themselves.
    pub floor: BTreeMap<String, f64>,
    /// How often each item may be eligible, learned by simulation; empty until then.
    pub eligibility: Vec<f64>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BankEntry {
    /// The uuid of question or task, and its version: `0192…@1`.
    pub id: String,
    /// Its id in the content at that time.
    pub content: String,
    /// Question or task.
    pub kind: ItemKind,
    /// Id of an area.
    pub area: String,
    /// Expected, of a prepared person.
    pub minutes: f64,
    /// Slope of the question, or of each behaviour.
    pub slope: f64,
    /// Standard deviation of its logarithm.
    pub ln_slope_sd: f64,
    /// Logits.
    pub difficulty: f64,
    /// How well that is known.
    pub difficulty_sd: f64,
    /// Spread among variants; 0 when they are all alike.
    pub family_sd: f64,
    /// Chance of a blind guess.
    pub guess: f64,
    /// Behaviours of a task; 0 of a question.
    pub behaviours: u8,
    /// How far behaviours lie apart.
    pub behaviour_sd: f64,
    /// Standard deviation of the effect of a person on a task.
    pub effect_sd: f64,
    /// Ids of items that may not stand in one check with it.
    pub enemies: Vec<String>,
    /// Whose numbers these are.
    pub source: Source,
}

/// What sort of work an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// A minute or two.
    Question,
    /// Practical work.
    Task,
}

impl ItemKind {
    /// As it stands in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Task => "task",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Question => Kind::Question,
            Self::Task => Kind::Task,
        }
    }
}

/// Whose numbers an item has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Its authors' judgement.
    Authors,
    /// Answers that were lent.
    Answers,
}

/// What is covered of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaQuota {
    /// Id.
    pub id: String,
    /// Quick questions.
    pub questions: Count,
    /// Tasks.
    pub tasks: Count,
}

/// Why content makes no bank, or a bank no release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// A question that does not render.
    #[error("{0}")]
    Content(String),
    /// Numbers that describe no item, or quotas that cannot be met.
    #[error("the bank of the check {check} cannot be released: {why}")]
    Release {
        /// Which check.
        check: String,
        /// Why.
        why: String,
    },
}

/// The id under which answers to a version are kept: it outlives a renaming.
pub fn item_id(uuid: uuid::Uuid, version: u32) -> String {
    format!("{uuid}@{version}")
}

impl BankParts {
    /// The bank as the content has it. Items that `earlier` has measured by answers keep those numbers.
    ///
    /// # Errors
    /// A question that does not render.
    pub fn of(check: &Check, library: &Library, earlier: Option<&Self>) -> Result<Self, BankError> {
        let manifest = &check.manifest;
        let mut items = Vec::new();
        for (area, question) in check.questions(library) {
            items.push(question_entry(check, library, &area.id, question)?);
        }
        items.extend(check.tasks(library).map(|(area, task)| task_entry(check, &area.id, task)));
        let there: Vec<String> = items.iter().map(|item| item.id.clone()).collect();
        for item in &mut items {
            item.enemies.retain(|enemy| there.contains(enemy));
            let measured = earlier.and_then(|earlier| earlier.items.iter().find(|known| known.id == item.id));
            if let Some(known) = measured.filter(|known| known.source == Source::Answers) {
                item.keep_measured(known);
            }
        }
        let quota = |area: &jobfuture_content::check::Area| AreaQuota {
            id: area.id.clone(),
            questions: area.questions,
            tasks: area.tasks,
        };
        Ok(Self {
            check: manifest.id.clone(),
            version: manifest.version,
            items,
            areas: manifest.areas.iter().map(quota).collect(),
            questions: manifest.questions,
            tasks: manifest.tasks,
            stopping: manifest.stopping,
            minutes: manifest.minutes,
            spread: manifest.spread,
            cuts: manifest.cuts.rising().to_vec(),
            floor: manifest.model.floor.clone(),
            eligibility: Vec::new(),
        })
    }

    /// The same with learned exposure: so many simulated people in each of so many rounds.
    ///
    /// # Errors
    /// What makes no release.
    pub fn with_exposure(mut self, people: usize, rounds: usize) -> Result<Self, BankError> {
        let fault = |why: String| BankError::Release { check: self.check.clone(), why };
        let release = self.release(Condition::Unaided)?;
        let plan = Plan::new(people, 1).map_err(|why| fault(why.to_string()))?;
        let learned = learn_exposure(release, &Generator::default(), &plan, rounds);
        let learned = learned.map_err(|why: SimulationError| fault(why.to_string()))?;
        self.eligibility = learned.eligibility().to_vec();
        Ok(self)
    }

    /// What it is called by its content: everything but the learned exposure, which follows from the rest.
    pub fn digest(&self) -> String {
        let plain = Self { eligibility: Vec::new(), ..self.clone() };
        let text = serde_json::to_string(&plain).unwrap_or_default();
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A release that can be asked from, for checks taken under a condition.
    ///
    /// # Errors
    /// Numbers that describe no item, or quotas that the bank cannot meet.
    pub fn release(&self, condition: Condition) -> Result<Release, BankError> {
        let count = |count: Count| adaptive::Count::new(count.min, count.max);
        let quota = |area: &AreaQuota| TopicQuota {
            topic: area.id.clone(),
            questions: count(area.questions),
            tasks: count(area.tasks),
        };
        let blueprint = Blueprint {
            questions: count(self.questions),
            tasks: count(self.tasks),
            topics: self.areas.iter().map(quota).collect(),
        };
        let stopping = adaptive::Stopping {
            band_at_least: Some(self.stopping.band_at_least),
            change_at_most: Some(self.stopping.change_at_most),
            sd_at_most: None,
            minutes_at_most: Some(f64::from(self.minutes)),
        };
        self.release_by(condition, blueprint, stopping)
    }

    /// A release of quick questions alone, as many as it takes: to say what would settle a result.
    ///
    /// # Errors
    /// As [`Self::release`].
    pub fn settling(&self, condition: Condition) -> Result<Release, BankError> {
        let quota = |area: &AreaQuota| TopicQuota {
            topic: area.id.clone(),
            questions: adaptive::Count::ANY,
            tasks: adaptive::Count::ANY,
        };
        let blueprint = Blueprint {
            questions: adaptive::Count::new(0, MOST_TO_SETTLE),
            tasks: adaptive::Count::NONE,
            topics: self.areas.iter().map(quota).collect(),
        };
        let stopping = adaptive::Stopping { band_at_least: Some(score::LIKELY), ..adaptive::Stopping::BY_COUNT };
        self.release_by(condition, blueprint, stopping)
    }

    fn release_by(
        &self,
        condition: Condition,
        blueprint: Blueprint,
        stopping: adaptive::Stopping,
    ) -> Result<Release, BankError> {
        let fault = |why: String| BankError::Release { check: self.check.clone(), why };
        let floor = self.floor.get(condition.id()).copied().unwrap_or_default();
        let items: Result<Vec<BankItem>, String> = self.items.iter().map(|item| item.bank_item(floor)).collect();
        let cuts: Result<Vec<score::Cut>, _> =
            self.cuts.iter().map(|(_, cut)| score::Cut::new(cut.at, cut.se)).collect();
        let parts = ReleaseParts {
            items: items.map_err(fault)?,
            blueprint,
            stopping,
            spread: adaptive::Spread {
                exposure_at_most: self.spread.exposure_at_most,
                randomness: self.spread.randomness,
                random_until: self.spread.random_until,
                seeding: 0.0,
            },
            cuts: cuts.map_err(|why| fault(why.to_string()))?,
        };
        let release = Release::new(parts).map_err(|why| fault(why.to_string()))?;
        if self.eligibility.is_empty() {
            return Ok(release);
        }
        release.with_eligibility(self.eligibility.clone()).map_err(|why| fault(why.to_string()))
    }

    /// Numbers of items in the release, by id.
    pub fn numbers(&self) -> HashMap<String, usize> {
        self.items.iter().enumerate().map(|(number, item)| (item.id.clone(), number)).collect()
    }
}

/// Questions after which it is no longer said how many would settle it.
const MOST_TO_SETTLE: u16 = 60;

impl BankEntry {
    fn keep_measured(&mut self, known: &Self) {
        (self.slope, self.ln_slope_sd) = (known.slope, known.ln_slope_sd);
        (self.difficulty, self.difficulty_sd) = (known.difficulty, known.difficulty_sd);
        (self.guess, self.family_sd, self.source) = (known.guess, known.family_sd, Source::Answers);
        (self.behaviour_sd, self.effect_sd) = (known.behaviour_sd, known.effect_sd);
    }

    /// How it answers, and what is uncertain of that.
    pub fn model(&self, floor: f64) -> Result<Model, String> {
        let item = Item::from_difficulties(Curve::Dichotomous, self.slope, &[self.difficulty], self.guess);
        let item = item.map_err(|why| format!("{}: {why}", self.content))?;
        let says = |why: &dyn std::fmt::Display| format!("{}: {why}", self.content);
        if self.kind == ItemKind::Question {
            let mut uncertainty = Uncertainty::spread(self.ln_slope_sd, self.difficulty_sd);
            if self.family_sd > 0.0 {
                uncertainty = uncertainty.in_family(self.family_sd);
            }
            return Ok(SoftItem::new(item, uncertainty, floor).map_err(|why| says(&why))?.into());
        }
        let uncertainty = Uncertainty::spread(self.ln_slope_sd, self.behaviour_sd);
        let behaviour = SoftItem::new(item, uncertainty, 0.0).map_err(|why| says(&why))?;
        let task = TaskItem::new(vec![behaviour; usize::from(self.behaviours)], self.effect_sd)
            .and_then(|task| task.with_shared_difficulty(self.difficulty_sd))
            .and_then(|task| task.with_assistance(floor));
        Ok(task.map_err(|why| says(&why))?.into())
    }

    fn bank_item(&self, floor: f64) -> Result<BankItem, String> {
        Ok(BankItem {
            id: self.id.clone(),
            model: self.model(floor)?,
            family: self.id.clone(),
            topic: self.area.clone(),
            kind: self.kind.kind(),
            minutes: self.minutes,
            seeding: false,
            enemies: self.enemies.clone(),
        })
    }
}

fn question_entry(
    check: &Check,
    library: &Library,
    area: &str,
    question: &QuickQuestion,
) -> Result<BankEntry, BankError> {
    let (manifest, model) = (&question.manifest, &check.manifest.model);
    let enemies = manifest.enemies.iter().filter_map(|id| library.questions.get(id));
    Ok(BankEntry {
        id: item_id(manifest.uuid, manifest.version),
        content: question.id.clone(),
        kind: ItemKind::Question,
        area: area.to_owned(),
        minutes: f64::from(manifest.seconds) / 60.0,
        slope: model.question_slope,
        ln_slope_sd: model.ln_slope_sd,
        difficulty: manifest.difficulty.mean,
        difficulty_sd: manifest.difficulty.sd,
        family_sd: if question.is_family() { model.family_sd } else { 0.0 },
        guess: guess(question)?,
        behaviours: 0,
        behaviour_sd: 0.0,
        effect_sd: 0.0,
        enemies: enemies.map(|other| item_id(other.manifest.uuid, other.manifest.version)).collect(),
        source: Source::Authors,
    })
}

/// The chance to be right without having read: one in as many as there are options, nothing where something is typed.
fn guess(question: &QuickQuestion) -> Result<f64, BankError> {
    if !matches!(question.manifest.form, Form::Choice | Form::Choices) {
        return Ok(0.0);
    }
    let variant = question.variant(0).map_err(|fault| BankError::Content(fault.to_string()))?;
    let options = variant.options.len() as f64;
    Ok(match (&question.manifest.form, &variant.key) {
        (Form::Choice, _) => 1.0 / options,
        // Any set of options but none of them.
        (_, AnswerKey::Options(_)) => 1.0 / (2_f64.powf(options) - 1.0),
        _ => 0.0,
    })
}

fn task_entry(check: &Check, area: &str, task: &Task) -> BankEntry {
    let (manifest, model) = (&task.manifest, &check.manifest.model);
    BankEntry {
        id: item_id(manifest.uuid, manifest.version),
        content: task.id.clone(),
        kind: ItemKind::Task,
        area: area.to_owned(),
        minutes: f64::from(manifest.minutes.middle),
        slope: model.behaviour_slope,
        ln_slope_sd: model.ln_slope_sd,
        difficulty: manifest.difficulty.mean,
        difficulty_sd: manifest.difficulty.sd,
        family_sd: 0.0,
        guess: 0.0,
        behaviours: u8::try_from(task.behaviours.len()).unwrap_or(u8::MAX),
        behaviour_sd: model.behaviour_sd,
        effect_sd: model.task_effect_sd,
        enemies: Vec::new(),
        source: Source::Authors,
    }
}
