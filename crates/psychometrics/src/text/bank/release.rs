//! A bank's file as a release for adaptive checks.

use super::file::{BankFile, ItemFile};
use super::read::{Bank, BankEntry};
use super::release_file::{BandFile, BarsFile, CountFile};
use crate::adaptive::{BankItem, Blueprint, Count, Kind, Release, ReleaseParts, Spread, Stopping, TopicQuota};
use crate::certify::Bars;
use crate::score::{Cut, SoftItem, Uncertainty};
use crate::text::error::{TextError, shown};
use std::collections::HashMap;

/// The topic of items that name none.
const EVERYTHING: &str = "all";
/// Questions of a check whose bank says nothing of it.
const USUAL_QUESTIONS: (usize, usize) = (6, 40);
/// Tasks of a check whose bank says nothing of it.
const USUAL_TASKS: (usize, usize) = (2, 4);
/// A check ends when one band has this probability, if its bank says nothing of it.
const USUAL_CERTAINTY: f64 = 0.8;

/// A release, with what it was made of and what it has to keep.
#[derive(Clone, Debug)]
pub struct ReleaseOf {
    /// The release, without learned exposure.
    pub release: Release,
    /// Names of the bands, the lowest first.
    pub bands: Vec<String>,
    /// What its certificate has to keep.
    pub bars: Bars,
    /// What the file did not say and was taken as usual, as sentences.
    pub assumed: Vec<String>,
}

impl ReleaseOf {
    /// Reads a bank: JSON in the shape of [`BankFile`]. What it does not say is taken as usual, and told in `assumed`: every
    /// item is a question of a minute and a family of its own; questions from 6 to 40, tasks from 2 to 4; a check ends when
    /// one band has a probability of .80; four bands that begin at −1, 0 and 1.
    ///
    /// # Errors
    /// What [`Bank::read`] refuses, and what cannot be released.
    pub fn read(bytes: &[u8]) -> Result<Self, TextError> {
        let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
        let file: BankFile = serde_json::from_slice(bytes).map_err(TextError::Json)?;
        Self::of_file(&file)
    }

    /// As [`ReleaseOf::read`], of a file that was read already.
    ///
    /// # Errors
    /// As [`ReleaseOf::read`].
    pub fn of_file(file: &BankFile) -> Result<Self, TextError> {
        let bank = Bank::of_file(file)?;
        let mut assumed = Vec::new();
        let members = members(file);
        let items: Result<Vec<BankItem>, TextError> = (file.items.iter().zip(&bank.items).enumerate())
            .map(|(index, (entry, known))| item(entry, known, index, &members, bank.family_sd))
            .collect();
        let items = items?;
        let bands = if file.bands.is_empty() {
            assumed.push("four bands that begin at −1, 0 and 1".to_owned());
            usual_bands()
        } else {
            file.bands.clone()
        };
        let (bands, cuts) = cuts(&bands)?;
        let parts = ReleaseParts {
            blueprint: blueprint(file, &items, &mut assumed),
            stopping: stopping(file, &mut assumed),
            spread: spread(file),
            cuts,
            items,
        };
        let release = Release::new(parts).map_err(|error| TextError::Bank(error.to_string()))?;
        Ok(Self { release, bands, bars: bars(file.bars), assumed })
    }
}

/// How many items each family has.
fn members(file: &BankFile) -> HashMap<&str, usize> {
    let mut members = HashMap::new();
    for family in file.items.iter().filter_map(|item| item.family.as_deref()) {
        *members.entry(family).or_default() += 1;
    }
    members
}

fn item(
    entry: &ItemFile,
    known: &BankEntry,
    index: usize,
    members: &HashMap<&str, usize>,
    family_sd: Option<f64>,
) -> Result<BankItem, TextError> {
    let name = &known.fitted.name;
    let fault = |says: String| TextError::BankItem { name: shown(name.as_bytes()), number: index + 1, says };
    let kind = match entry.kind.as_deref() {
        None | Some("question") => Kind::Question,
        Some("task") => Kind::Task,
        Some(other) => return Err(fault(format!("its kind {} is neither question nor task", shown(other.as_bytes())))),
    };
    let estimates = &known.fitted;
    let uncertainty = match (entry.ln_a_sd, entry.b_sd) {
        (None, None) => {
            Uncertainty::calibrated(&estimates.item, &estimates.errors).map_err(|why| fault(why.to_string()))?
        }
        (ln_slope, difficulty) => Uncertainty::spread(ln_slope.unwrap_or(0.0), difficulty.unwrap_or(0.0)),
    };
    let has_relatives =
        entry.family.as_deref().is_some_and(|family| members.get(family).is_some_and(|count| *count > 1));
    let uncertainty = match family_sd {
        Some(sd) if has_relatives => uncertainty.in_family(sd),
        _ => uncertainty,
    };
    let soft = SoftItem::new(estimates.item.clone(), uncertainty, entry.assistance.unwrap_or(0.0))
        .map_err(|why| fault(why.to_string()))?;
    Ok(BankItem {
        id: name.clone(),
        model: soft.into(),
        family: entry.family.clone().unwrap_or_else(|| name.clone()),
        topic: entry.topic.clone().unwrap_or_else(|| EVERYTHING.to_owned()),
        kind,
        minutes: entry.minutes.unwrap_or(1.0),
        seeding: entry.seeding,
        enemies: entry.enemies.clone(),
    })
}

fn usual_bands() -> Vec<BandFile> {
    let begins = [None, Some(-1.0), Some(0.0), Some(1.0)];
    let band = |(place, at): (usize, Option<f64>)| BandFile { band: format!("band {}", place + 1), at, se: 0.0 };
    begins.into_iter().enumerate().map(band).collect()
}

fn cuts(bands: &[BandFile]) -> Result<(Vec<String>, Vec<Cut>), TextError> {
    let fault = |says: String| TextError::Bank(format!("bands: {says}"));
    let mut cuts = Vec::new();
    for (place, band) in bands.iter().enumerate() {
        match band.at {
            None if place == 0 => {}
            Some(at) if place > 0 => cuts.push(Cut::new(at, band.se).map_err(|why| fault(why.to_string()))?),
            _ => return Err(fault("the lowest begins nowhere (at is null), and every other has a place".to_owned())),
        }
    }
    if bands.len() < 2 {
        return Err(fault("there are at least two".to_owned()));
    }
    Ok((bands.iter().map(|band| band.band.clone()).collect(), cuts))
}

fn blueprint(file: &BankFile, items: &[BankItem], assumed: &mut Vec<String>) -> Blueprint {
    let count = |count: CountFile| Count::new(count.min, count.max);
    let families = |kind: Kind| {
        let of_kind = items.iter().filter(|item| item.kind == kind && !item.seeding).map(|item| item.family.as_str());
        of_kind.collect::<std::collections::HashSet<_>>().len()
    };
    let usual = |kind: Kind, (min, max): (usize, usize)| {
        let there = families(kind);
        Count::new(min.min(there) as u16, max.min(there) as u16)
    };
    let (questions, tasks) = match &file.blueprint {
        Some(blueprint) => (count(blueprint.questions), count(blueprint.tasks)),
        None => {
            let (questions, tasks) = (usual(Kind::Question, USUAL_QUESTIONS), usual(Kind::Task, USUAL_TASKS));
            let told =
                [(questions, Kind::Question), (tasks, Kind::Task)].into_iter().filter(|(count, _)| count.max > 0);
            let told: Vec<String> =
                told.map(|(count, kind)| format!("{} to {} {}", count.min, count.max, kind.plural())).collect();
            assumed.push(told.join(" and "));
            (questions, tasks)
        }
    };
    let listed = file.blueprint.as_ref().map_or(&[][..], |blueprint| &blueprint.topics);
    let mut topics: Vec<TopicQuota> = listed
        .iter()
        .map(|topic| TopicQuota {
            topic: topic.topic.clone(),
            questions: count(topic.questions),
            tasks: count(topic.tasks),
        })
        .collect();
    if listed.is_empty() {
        for item in items {
            if !topics.iter().any(|quota| quota.topic == item.topic) {
                topics.push(TopicQuota { topic: item.topic.clone(), questions: Count::ANY, tasks: Count::ANY });
            }
        }
    }
    Blueprint { questions, tasks, topics }
}

fn stopping(file: &BankFile, assumed: &mut Vec<String>) -> Stopping {
    match file.stopping {
        Some(stopping) => Stopping {
            band_at_least: stopping.band_at_least,
            change_at_most: stopping.change_at_most,
            sd_at_most: stopping.sd_at_most,
            minutes_at_most: stopping.minutes_at_most,
        },
        None => {
            assumed.push("a check ends when one band has a probability of .80".to_owned());
            Stopping { band_at_least: Some(USUAL_CERTAINTY), ..Stopping::BY_COUNT }
        }
    }
}

fn spread(file: &BankFile) -> Spread {
    let usual = Spread::default();
    let given = file.spread.unwrap_or_default();
    Spread {
        exposure_at_most: given.exposure_at_most.unwrap_or(usual.exposure_at_most),
        randomness: given.randomness.unwrap_or(usual.randomness),
        random_until: given.random_until.unwrap_or(usual.random_until),
        seeding: given.seeding.unwrap_or(usual.seeding),
    }
}

fn bars(given: Option<BarsFile>) -> Bars {
    let usual = Bars::default();
    let given = given.unwrap_or_default();
    Bars {
        coverage: given.coverage.unwrap_or(usual.coverage),
        coverage_by_told: given.coverage_by_told.unwrap_or(usual.coverage_by_told),
        calibration: given.calibration.unwrap_or(usual.calibration),
        exposure: given.exposure.or(usual.exposure),
        overlap: given.overlap.or(usual.overlap),
        length: given.length.or(usual.length),
        minutes: given.minutes.or(usual.minutes),
        exact: given.exact.or(usual.exact),
        within_one: given.within_one.or(usual.within_one),
        group_gap: given.group_gap.unwrap_or(usual.group_gap),
        uncovered: given.uncovered.unwrap_or(usual.uncovered),
    }
}
