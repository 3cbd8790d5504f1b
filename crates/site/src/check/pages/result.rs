//! What came of a check, for its owner: where they stand, what each task showed, and what is worth doing next.

use super::own::OwnAttempt;
use super::{private_page, questions, step, tasks, words};
use crate::answer;
use crate::check::{Attempt, AttemptItem, EndedBy, ItemKind, Outcome, Reading};
use crate::error::SiteError;
use crate::guide::level_name;
use crate::page::{Html, NextSteps, Step, day, render};
use crate::routes::{AttemptDeleteUrl, AttemptItemUrl, AttemptQuietUrl, AttemptSignalUrl, CheckBeginUrl, CheckUrl};
use crate::site::Site;
use askama::Template;
use axum::response::Response;
use http::StatusCode;
use jobfuture_content::{Check, Level, NextStep, Place};
use psychometrics::score::{DOTS, Words};

/// Ways on that are offered beside the result.
const MOST_STEPS: usize = 6;

#[derive(Template)]
#[template(path = "check/result.html")]
struct ResultPage<'a> {
    attempt: &'a Attempt,
    title: String,
    day: String,
    used: String,
    ended: &'static str,
    standing: Option<Standing>,
    tasks: Vec<TaskShown>,
    questions: Vec<QuestionShown>,
    learn: Vec<Step>,
    quiet_url: String,
    signal_url: String,
    delete_url: String,
    again_url: Option<String>,
    basis: Option<&'a str>,
    about_url: Option<String>,
}

/// Where somebody stands, in words and dots.
struct Standing {
    statement: String,
    readings: String,
    to_settle: Option<String>,
    weakest: Option<String>,
    change: Option<String>,
    plot: Html,
}

struct TaskShown {
    title: String,
    url: Option<String>,
    shown: usize,
    count: usize,
    behaviours: Vec<(String, bool)>,
    /// Of the questions about the person's own code: answered right, and all.
    explained: Option<(usize, usize)>,
    regraded: Option<String>,
}

struct QuestionShown {
    title: String,
    area: String,
    is_right: bool,
    url: Option<String>,
}

/// Twenty dots above the levels.
#[derive(Template)]
#[template(path = "check/dots.html")]
struct Dots {
    bands: Vec<Band>,
    says: String,
}

struct Band {
    name: &'static str,
    count: usize,
    /// Middle of the column, and the dots' middles.
    x: u32,
    dots: Vec<(u32, u32)>,
}

impl ResultPage<'_> {
    fn right(&self) -> usize {
        self.questions.iter().filter(|question| question.is_right).count()
    }

    fn is_quiet(&self) -> bool {
        self.attempt.is_quiet()
    }
}

/// The page of an attempt that is over.
pub(super) async fn result(site: &Site, own: &OwnAttempt, by: EndedBy) -> Result<Response, SiteError> {
    let attempt = &own.attempt;
    let check = site.library().checks.get(attempt.check()).map(AsRef::as_ref);
    let earlier = match attempt.earlier() {
        Some(id) => site.checks().attempt(own.owner(), id).await?,
        None => None,
    };
    let reading = match attempt.has_answers() {
        true => Some(Reading::of(attempt, earlier.as_ref())?),
        false => None,
    };
    let learn = learn(site, attempt, check, reading.as_ref());
    let standing = match reading.filter(|_| !attempt.is_quiet()) {
        Some(reading) => Some(standing(attempt, check, &reading, earlier.as_ref())?),
        None => None,
    };
    let id = attempt.id().to_string();
    let check_id = attempt.check();
    let main = render(&ResultPage {
        attempt,
        title: step::title(site, attempt),
        day: day(attempt.begun_at()),
        used: step::used(attempt, attempt.spent(site.checks().now())),
        ended: words::ended(by),
        standing,
        tasks: tasks_shown(site, attempt),
        questions: questions_shown(site, attempt, check),
        learn: learn.clone(),
        quiet_url: AttemptQuietUrl { attempt: &id }.to_url(),
        signal_url: AttemptSignalUrl { attempt: &id }.to_url(),
        delete_url: AttemptDeleteUrl { attempt: &id }.to_url(),
        again_url: check.map(|_| CheckBeginUrl { check: check_id }.to_url()),
        basis: check.map(|check| check.manifest.cuts.basis.as_str()),
        about_url: check.map(|_| CheckUrl { check: check_id }.to_url()),
    })?;
    let main = answer::with_asked(site, Place::CheckResult, main)?;
    let first = learn.into_iter().next().unwrap_or_else(Step::guides);
    let next = NextSteps::new(first).and(Step::roles()).and(Step::attempts()).and(Step::questions());
    private_page("What your check showed", main, next).answer_private(site, StatusCode::OK)
}

fn standing(
    attempt: &Attempt,
    check: Option<&Check>,
    reading: &Reading,
    earlier: Option<&Attempt>,
) -> Result<Standing, SiteError> {
    let levels: Vec<Level> = attempt.release.levels().collect();
    let weakest = reading.weakest.and_then(|place| check?.manifest.areas.get(place));
    let since = earlier.map(|earlier| day(earlier.begun_at()));
    let says = words::readings(reading, &levels);
    Ok(Standing {
        statement: words::statement(reading, &levels),
        readings: says.clone(),
        to_settle: words::to_settle(reading),
        weakest: weakest.map(|area| format!("More than the rest, “{}” is where there is most to gain.", area.name)),
        change: reading.dots_improved().zip(since).map(|(dots, since)| words::change(dots, &since)),
        plot: plot(reading, &levels, says)?,
    })
}

/// Dots in columns, three wide, from below upwards.
fn plot(reading: &Reading, levels: &[Level], says: String) -> Result<Html, SiteError> {
    const COLUMN: u32 = 100;
    const STEP: u32 = 18;
    const FLOOR: u32 = 134;
    let names = std::iter::once("Before").chain(levels.iter().map(|level| level_name(*level)));
    let bands = names.zip(reading.dots()).enumerate().map(|(at, (name, count))| {
        let x = COLUMN * at as u32 + COLUMN / 2;
        let dot = |nth: u32| (x + STEP * (nth % 3) - STEP, FLOOR - STEP * (nth / 3));
        Band { name, count: *count, x, dots: (0..*count as u32).map(dot).collect() }
    });
    debug_assert_eq!(reading.dots().iter().sum::<usize>(), DOTS);
    render(&Dots { bands: bands.collect(), says })
}

fn tasks_shown(site: &Site, attempt: &Attempt) -> Vec<TaskShown> {
    let handed_in =
        attempt.items.iter().filter(|item| item.kind == ItemKind::Task && item.outcome == Outcome::Answered);
    let shown = handed_in.filter_map(|item| {
        let verdict = item.verdict.as_ref()?;
        let behaviours: Vec<_> =
            verdict.behaviours.iter().map(|behaviour| (behaviour.title.clone(), behaviour.passed)).collect();
        let task = tasks::find(site, attempt, item);
        let right = item.explain.iter().filter(|one| one.is_right == Some(true)).count();
        Some(TaskShown {
            title: task.map_or_else(|| verdict.task.clone(), |task| task.manifest.title.clone()),
            url: task.map(|_| item_url(attempt, item)),
            shown: behaviours.iter().filter(|(_, passed)| *passed).count(),
            count: behaviours.len(),
            behaviours,
            explained: (!item.explain.is_empty()).then_some((right, item.explain.len())),
            regraded: item.regrade.as_ref().map(|(_, _, reason)| reason.clone()),
        })
    });
    shown.collect()
}

fn questions_shown(site: &Site, attempt: &Attempt, check: Option<&Check>) -> Vec<QuestionShown> {
    let answered =
        attempt.items.iter().filter(|item| item.kind == ItemKind::Question && item.outcome == Outcome::Answered);
    let shown = answered.map(|item| {
        let question = questions::find(site, attempt, item);
        let area = question.and_then(|question| check?.area_of(&question.manifest.competency));
        QuestionShown {
            title: question.map_or_else(|| "A question of an earlier version".to_owned(), |question| question.title()),
            area: area.map(|area| area.name.clone()).unwrap_or_default(),
            is_right: item.category == Some(1),
            url: question.map(|_| item_url(attempt, item)),
        }
    });
    shown.collect()
}

fn item_url(attempt: &Attempt, item: &AttemptItem) -> String {
    AttemptItemUrl { attempt: &attempt.id().to_string(), place: &item.place.to_string() }.to_url()
}

/// What is worth doing next: what stands behind the questions that were not right and the behaviours that were not shown,
/// and what prepares for the level above.
fn learn(site: &Site, attempt: &Attempt, check: Option<&Check>, reading: Option<&Reading>) -> Vec<Step> {
    let library = site.library();
    let mut steps: Vec<Step> = Vec::new();
    let mut add = |next: &[NextStep], most: usize| {
        for step in next.iter().filter_map(|next| Step::of(library, next)).take(most) {
            if steps.len() < MOST_STEPS && steps.iter().all(|other| other.url != step.url) {
                steps.push(step);
            }
        }
    };
    for item in attempt.items.iter().filter(|item| item.outcome == Outcome::Answered) {
        match item.kind {
            ItemKind::Task if item.verdict.as_ref().is_some_and(|verdict| !verdict.passed) => {
                add(tasks::find(site, attempt, item).map_or(&[], |task| &task.next), 1);
            }
            ItemKind::Question if item.category == Some(0) => {
                add(questions::find(site, attempt, item).map_or(&[], |question| &question.next), 1);
            }
            _ => {}
        }
    }
    // A level is named here only if its owner wants to be told one.
    let told = reading.filter(|_| !attempt.is_quiet());
    let role = check.and_then(|check| check.role(library));
    if let (Some(reading), Some(role)) = (told, role) {
        let above = role.levels.get(band_of(reading).min(role.levels.len().saturating_sub(1)));
        add(above.map_or(&[], |level| &level.prepare), MOST_STEPS);
    }
    steps
}

/// The band that a statement is about; the level that begins above it is the next one.
fn band_of(reading: &Reading) -> usize {
    match reading.words() {
        Words::Clearly { band } | Words::Likely { band } => band,
        Words::OnTheLine { between: (lower, _) } => lower,
        Words::Open { from, .. } => from,
    }
}
