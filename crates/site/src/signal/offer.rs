//! What an attempt allows its owner to say: nothing that was not shown.

use crate::check::{Attempt, AttemptItem, Condition, ItemKind, Outcome, Reading};
use crate::error::SiteError;
use crate::guide::level_name;
use crate::profile::words_of;
use crate::site::Site;
use jiff::tz::TimeZone;
use jobfuture_content::{Level, Task};
use jobfuture_credential as credential;
use jobfuture_credential::{Date, Id, Label, LevelWord, Named, Signal, Version};
use jobfuture_disclosure::{Evidence, SignalBody};
use psychometrics::score::{DOTS, LIKELY};
use std::sync::Arc;

/// A competency or behaviour that may be named.
#[derive(Debug, Clone)]
pub(super) struct Showable {
    pub id: String,
    pub name: String,
    /// The tasks that showed it, each with its version.
    tasks: Vec<(String, u32)>,
}

/// A file of the candidate's own that may be attached.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub id: String,
    pub evidence: Evidence,
    task: (String, u32),
}

/// Everything that may be said of one attempt.
#[derive(Debug)]
pub(super) struct Offer {
    role: Named,
    /// Rising: the highest that is likely to be reached, and those below it.
    pub levels: Vec<Level>,
    condition: credential::Condition,
    taken_on: Date,
    check: (String, u32),
    pub competencies: Vec<Showable>,
    pub behaviours: Vec<Showable>,
    pub files: Vec<File>,
}

/// What the candidate chose of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Choice {
    pub level: Option<Level>,
    pub competencies: Vec<String>,
    pub behaviours: Vec<String>,
    pub files: Vec<String>,
}

/// Why there is nothing to be made of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NothingYet {
    /// It goes on.
    UnderWay,
    /// No level can be stated of it.
    NoLevel,
    /// The content no longer has its check.
    NoCheck,
}

impl Offer {
    /// What an attempt allows; `files` are read by whoever has its owner's key.
    pub fn of(
        site: &Site,
        attempt: &Attempt,
        files: Vec<(u32, String, String)>,
    ) -> Result<Result<Self, NothingYet>, SiteError> {
        if attempt.ended_at().is_none() {
            return Ok(Err(NothingYet::UnderWay));
        }
        if !attempt.has_answers() {
            return Ok(Err(NothingYet::NoLevel));
        }
        let library = site.library();
        let check = library.checks.get(attempt.check());
        let Some((check, role)) = check.and_then(|check| Some((check, check.role(library)?))) else {
            return Ok(Err(NothingYet::NoCheck));
        };
        let levels = levels(attempt)?;
        if levels.is_empty() {
            return Ok(Err(NothingYet::NoLevel));
        }
        let (mut competencies, mut behaviours): (Vec<Showable>, Vec<Showable>) = (Vec::new(), Vec::new());
        let mut attached = Vec::new();
        for (item, task) in handed_in(site, attempt) {
            let Some(verdict) = &item.verdict else { continue };
            let of = (task.id.clone(), verdict.version);
            for behaviour in verdict.behaviours.iter().filter(|behaviour| behaviour.passed) {
                let id = unique(&behaviours, &behaviour.id, &task.id);
                behaviours.push(Showable { id, name: behaviour.title.clone(), tasks: vec![of.clone()] });
            }
            let passed = if verdict.passed { measured_by(site, task) } else { Vec::new() };
            for (id, name) in passed {
                match competencies.iter_mut().find(|one| one.id == id) {
                    Some(known) => known.tasks.push(of.clone()),
                    None => competencies.push(Showable { id, name, tasks: vec![of.clone()] }),
                }
            }
            let own = files.iter().filter(|(place, ..)| *place == item.place);
            attached.extend(own.map(|(place, path, text)| File {
                id: format!("{place}:{path}"),
                evidence: Evidence { task: task.manifest.title.clone(), path: path.clone(), text: text.clone() },
                task: of.clone(),
            }));
        }
        Ok(Ok(Self {
            role: named(&role.id, &role.title)?,
            levels,
            condition: condition(attempt.condition),
            taken_on: taken_on(attempt)?,
            check: (check.manifest.id.clone(), check.manifest.version),
            competencies,
            behaviours,
            files: attached,
        }))
    }

    /// What is chosen where nothing was chosen yet: the highest level, and every competency; no behaviour and no code.
    pub fn usual(&self) -> Choice {
        let competencies = self.competencies.iter().map(|one| one.id.clone()).collect();
        Choice { level: self.levels.last().copied(), competencies, ..Choice::default() }
    }

    /// The signal of a choice; what is not offered is not in it.
    pub fn body(&self, choice: &Choice) -> Result<Option<SignalBody>, SiteError> {
        let Some(level) = choice.level.filter(|level| self.levels.contains(level)) else { return Ok(None) };
        let chosen = |all: &[Showable], ids: &[String]| {
            let wanted = all.iter().filter(|one| ids.contains(&one.id));
            wanted.map(|one| named(&one.id, &one.name)).collect::<Result<Vec<_>, _>>()
        };
        let word = level_name(level);
        let says = Signal {
            role: self.role.clone(),
            at_least: credential::Level {
                id: LevelWord::new(word.to_lowercase()).map_err(unfit)?,
                name: LevelWord::new(word).map_err(unfit)?,
            },
            condition: self.condition.clone(),
            competencies: chosen(&self.competencies, &choice.competencies)?,
            behaviours: chosen(&self.behaviours, &choice.behaviours)?,
            taken_on: self.taken_on.clone(),
            versions: self.versions(choice)?,
        };
        let files = self.files.iter().filter(|file| choice.files.contains(&file.id));
        Ok(Some(SignalBody { says, evidence: files.map(|file| file.evidence.clone()).collect() }))
    }

    /// What was asked, as far as the choice shows something of it: a task that is named although nothing of it is shown would
    /// tell that it was not.
    fn versions(&self, choice: &Choice) -> Result<Vec<Version>, SiteError> {
        let mut all = vec![self.check.clone()];
        let chosen = |list: &[Showable], ids: &[String]| {
            list.iter().filter(|one| ids.contains(&one.id)).flat_map(|one| one.tasks.clone()).collect::<Vec<_>>()
        };
        all.extend(chosen(&self.competencies, &choice.competencies));
        all.extend(chosen(&self.behaviours, &choice.behaviours));
        all.extend(self.files.iter().filter(|file| choice.files.contains(&file.id)).map(|file| file.task.clone()));
        all[1..].sort();
        all.dedup();
        all.into_iter().map(|(of, number)| version(&of, number)).collect()
    }
}

/// Levels that are likely to be reached: of twenty equally likely readings so many lie there or above as “likely” asks.
fn levels(attempt: &Attempt) -> Result<Vec<Level>, SiteError> {
    let reading = Reading::of(attempt, None)?;
    let enough = (LIKELY * DOTS as f64).ceil() as usize;
    let all = attempt.release.levels().enumerate();
    Ok(all.filter(|(at, _)| reading.dots_at_or_above(at + 1) >= enough).map(|(_, level)| level).collect())
}

fn handed_in<'a>(site: &'a Site, attempt: &'a Attempt) -> impl Iterator<Item = (&'a AttemptItem, &'a Arc<Task>)> {
    let tasks = attempt.items.iter().filter(|item| item.kind == ItemKind::Task && item.outcome == Outcome::Answered);
    tasks.filter_map(|item| {
        let entry = attempt.release.parts.items.get(attempt.release.number(&item.item)?)?;
        Some((item, site.library().tasks.get(&entry.content)?))
    })
}

/// The competencies that a task measures, by the library's names.
fn measured_by(site: &Site, task: &Task) -> Vec<(String, String)> {
    let words = words_of(site.library());
    let measured = |id: &str| task.manifest.competencies.iter().any(|weight| weight.id == id);
    words.competencies.into_iter().filter(|(id, _)| measured(id)).collect()
}

/// Behaviours of two tasks may have one name.
fn unique(taken: &[Showable], id: &str, task: &str) -> String {
    let id = id.replace('_', "-");
    if taken.iter().any(|one| one.id == id) { format!("{task}-{id}") } else { id }
}

fn named(id: &str, name: &str) -> Result<Named, SiteError> {
    let short: String = name.chars().take(200).collect();
    Ok(Named { id: Id::new(id).map_err(unfit)?, name: Label::new(short.trim()).map_err(unfit)? })
}

fn version(of: &str, version: u32) -> Result<Version, SiteError> {
    Ok(Version { of: Id::new(of).map_err(unfit)?, version })
}

fn taken_on(attempt: &Attempt) -> Result<Date, SiteError> {
    let ended = attempt.ended_at().unwrap_or_else(|| attempt.begun_at());
    Date::new(ended.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d").to_string()).map_err(unfit)
}

fn condition(condition: Condition) -> credential::Condition {
    match condition {
        Condition::Practice => credential::Condition::Practice {},
        Condition::Unaided => credential::Condition::Unaided {},
        Condition::OwnTools => credential::Condition::OwnTools {},
    }
}

fn unfit(error: credential::Error) -> SiteError {
    SiteError::internal("a word of the content in a signal", &error)
}
