//! `jobfuture calibrate`.

use crate::cli::Calibrate;
use crate::told::say;
use crate::{place, told};
use anyhow::{Context, Result, bail};
use jobfuture_db::Clock;
use jobfuture_site::check::{Calibration, CalibrationOutcome, CalibrationPlan, Checks, Condition, MissedBar};
use std::process::ExitCode;

/// Measures the items of checks by answers that were lent.
pub fn run(options: &Calibrate) -> Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let done = runtime.block_on(calibrate(options))?;
    if options.json {
        say!("{}", serde_json::to_string_pretty(&done)?);
    } else {
        done.iter().for_each(tell);
    }
    let is_well = |one: &Calibration| matches!(one.outcome, CalibrationOutcome::Tried | CalibrationOutcome::Released);
    Ok(if done.iter().all(is_well) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn calibrate(options: &Calibrate) -> Result<Vec<Calibration>> {
    let library = place::library(&options.machine.content)?;
    let chosen = |id: &str| options.check.as_ref().is_none_or(|only| only == id);
    let wanted: Vec<_> = library.checks.values().filter(|check| chosen(&check.manifest.id)).cloned().collect();
    if wanted.is_empty() {
        let known: Vec<&str> = library.checks.keys().map(String::as_str).collect();
        bail!("there is no such check: the checks are {}", known.join(", "));
    }
    let data = place::data_folder(&options.machine)?;
    let db = place::database(&options.machine, &data).await?;
    let keys = place::disclosure(&options.machine, &data, db.clone()).await?.keys().clone();
    let checks = Checks::new(db, keys, Clock::system(), library);
    let plan = CalibrationPlan {
        condition: Condition::Unaided,
        people_at_least: options.min_answers as usize,
        simulated: options.people as usize,
        is_dry: options.dry_run,
    };
    let mut done = Vec::new();
    for check in &wanted {
        let one = checks.calibrate(check, plan).await;
        done.push(one.map_err(|error| anyhow::anyhow!("{} could not be calibrated: {error:?}", check.manifest.id))?);
    }
    Ok(done)
}

fn tell(done: &Calibration) {
    say!(
        "{}: {} people lent {} answers that were given {}",
        done.check,
        done.people,
        done.answers,
        done.condition.in_words()
    );
    if !done.moved.is_empty() {
        say!("\n{}", moved(done));
        say!("{} items keep the numbers that they had: too few answers.", done.kept);
    }
    if let Some((mean, sd)) = done.population {
        say!("These people's levels: mean {mean:.2}, standard deviation {sd:.2} on the scale of the check.");
    }
    match &done.outcome {
        CalibrationOutcome::TooFewPeople => say!(
            "{} Too few: {} are needed, or another number with --min-answers. Nothing is changed.",
            told::mark(false),
            done.people_needed
        ),
        CalibrationOutcome::TooFewAnswers => say!(
            "{} No item has {} answers yet, and none is measured by fewer. Nothing is changed.",
            told::mark(false),
            jobfuture_site::check::ENOUGH
        ),
        CalibrationOutcome::NotFitted(why) => {
            say!("{} The answers could not be fitted: {why}. Nothing is changed.", told::mark(false));
        }
        CalibrationOutcome::Missed(bars) => tell_missed(bars),
        CalibrationOutcome::Tried => say!("{} Every bar is kept. Nothing is changed: --dry-run.", told::mark(true)),
        CalibrationOutcome::Released => {
            say!("{} Every bar is kept. Checks that begin from now on are asked from this release.", told::mark(true));
        }
    }
}

fn moved(done: &Calibration) -> String {
    let head = ["item", "answers", "difficulty", "before", "sd", "slope", "before"].map(str::to_owned);
    let row = |one: &jobfuture_site::check::Moved| {
        let figure = |value: f64| format!("{value:.2}");
        let difficulty = [figure(one.difficulty), figure(one.difficulty_before), figure(one.difficulty_sd)];
        let mut cells = vec![one.content.clone(), one.answers.to_string()];
        cells.extend(difficulty);
        cells.extend([figure(one.slope), figure(one.slope_before)]);
        cells
    };
    told::table(&head, &done.moved.iter().map(row).collect::<Vec<_>>())
}

fn tell_missed(bars: &[MissedBar]) {
    say!("{} The new release is not used, because simulated people found that it misses:", told::mark(false));
    for bar in bars {
        let wanted = match (bar.least, bar.greatest) {
            (Some(least), Some(greatest)) => format!("from {least} to {greatest}"),
            (Some(least), None) => format!("at least {least}"),
            (None, Some(greatest)) => format!("at most {greatest}"),
            (None, None) => String::new(),
        };
        let doubt = if bar.in_doubt { ", which so few people may show by chance" } else { "" };
        say!("  {}: {} is {:.4}, wanted {wanted}{doubt}", bar.population, bar.what, bar.value);
    }
    if bars.iter().all(|bar| bar.in_doubt) {
        say!("Nothing says that it is worse than that: simulate more people with --people, and it will be known.");
    }
}
