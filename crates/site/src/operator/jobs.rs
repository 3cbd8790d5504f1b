//! `/operator/jobs`: work that is done by itself, for whoever runs this instance. What a job is told is not shown.

use super::Operator;
use crate::error::{SiteError, id_in};
use crate::page::{Nav, NextSteps, Page, Step, moment, render, see};
use crate::routes::{self, JobForgetUrl, JobRetryUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_jobs::{Count, Failed, Recurring, State as Stands};
use std::collections::BTreeMap;

/// Failures on the page; those before them come up when these are dealt with.
const MOST: usize = 100;

#[derive(Template)]
#[template(path = "operator/jobs.html")]
struct Jobs {
    kinds: Vec<KindLine>,
    recurring: Vec<RecurringLine>,
    failed: Vec<FailedLine>,
    are_all: bool,
}

/// How many of a kind stand where.
#[derive(Default)]
struct KindLine {
    kind: String,
    waiting: i64,
    running: i64,
    gave_up: i64,
    next: String,
}

/// A job that comes again, in words.
struct RecurringLine {
    kind: String,
    every: String,
    last: String,
    went: String,
    next: String,
}

/// A job whose last attempt failed, in words.
struct FailedLine {
    kind: String,
    reason: String,
    failed: String,
    asked: String,
    state: String,
    urls: Option<(String, String)>,
}

/// The step to this page.
pub(crate) fn jobs_step() -> Step {
    Step::new(routes::OPERATOR_JOBS, "Jobs", "Work that is done by itself: what waits, what failed.")
}

/// `GET /operator/jobs`
pub(crate) async fn jobs(State(site): State<Site>, _: Operator) -> Result<Response, SiteError> {
    let queue = site.jobs();
    let mut failed = queue.failed(MOST + 1).await?;
    let are_all = failed.len() <= MOST;
    failed.truncate(MOST);
    let main = render(&Jobs {
        kinds: kinds(queue.counts().await?),
        recurring: queue.recurring().await?.into_iter().map(RecurringLine::new).collect(),
        failed: failed.into_iter().map(FailedLine::new).collect(),
        are_all,
    })?;
    let next = NextSteps::new(Step::new(routes::OUTBOX, "Outbox", "Letters of this instance, sent and waiting."))
        .and(Step::new(routes::OPERATOR_COMPANIES, "Companies", "Which are verified, and which wait."))
        .and(Step::new(routes::OPERATOR_ITEMS, "Items of checks", "How they fare; freezing one."))
        .and(Step::new(routes::ACCOUNT, "Your account", "Name, password, browsers."));
    let page = Page::unlisted("Jobs", Nav::Account, main, next);
    page.answer_private(&site, StatusCode::OK)
}

fn kinds(counts: Vec<Count>) -> Vec<KindLine> {
    let mut lines: BTreeMap<String, KindLine> = BTreeMap::new();
    for Count { kind, state, jobs, due_at } in counts {
        let line =
            lines.entry(kind.clone()).or_insert_with(|| KindLine { kind, next: "–".into(), ..KindLine::default() });
        match state {
            Stands::Waiting => (line.waiting, line.next) = (jobs, due_at.map_or_else(|| "–".into(), moment)),
            Stands::Running => line.running = jobs,
            Stands::GaveUp => line.gave_up = jobs,
        }
    }
    lines.into_values().collect()
}

impl RecurringLine {
    fn new(one: Recurring) -> Self {
        let went = match (one.begun_at, one.state, one.last_error) {
            (None, ..) => "has not run yet".to_owned(),
            (_, None, _) => "it went well".to_owned(),
            (_, Some(Stands::GaveUp), reason) => format!("it was given up: {}", reason.unwrap_or_default()),
            (_, Some(Stands::Running), _) => "it runs".to_owned(),
            (_, Some(Stands::Waiting), None) => "it waits".to_owned(),
            (_, Some(Stands::Waiting), Some(reason)) => format!("it is tried again: {reason}"),
        };
        let last = one.begun_at.map_or_else(|| "–".to_owned(), moment);
        Self { kind: one.kind, every: every(one.every_seconds), last, went, next: moment(one.next_at) }
    }
}

impl FailedLine {
    fn new(one: Failed) -> Self {
        let times = if one.attempts == 1 { "once".to_owned() } else { format!("{} times", one.attempts) };
        let state = match (one.state, one.due_at) {
            (Stands::GaveUp, _) => format!("Given up, begun {times}"),
            (Stands::Running, _) => "Runs again".to_owned(),
            (Stands::Waiting, None) => "Waits".to_owned(),
            (Stands::Waiting, Some(at)) => format!("Begun {times}, tried again at {}", moment(at)),
        };
        let id = one.id.to_string();
        // What runs is not to be interfered with.
        let urls = (one.state != Stands::Running)
            .then(|| (JobRetryUrl { job: &id }.to_url(), JobForgetUrl { job: &id }.to_url()));
        let (failed, asked) = (moment(one.failed_at), moment(one.made_at));
        Self { kind: one.kind, reason: one.last_error, failed, asked, state, urls }
    }
}

/// A pace as a person says it.
fn every(seconds: i64) -> String {
    let (count, unit) = match seconds {
        _ if seconds % 86_400 == 0 => (seconds / 86_400, "day"),
        _ if seconds % 3_600 == 0 => (seconds / 3_600, "hour"),
        _ if seconds % 60 == 0 => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    if count == 1 { format!("every {unit}") } else { format!("every {count} {unit}s") }
}

/// `POST /operator/jobs/{job}/retry`. One that has ended meanwhile is no error: the page says what there is.
pub(crate) async fn retry_job(
    State(site): State<Site>,
    _: Operator,
    Path(job): Path<String>,
) -> Result<Response, SiteError> {
    site.jobs().retry(id_in(&job)?).await?;
    Ok(see(routes::OPERATOR_JOBS))
}

/// `POST /operator/jobs/{job}/forget`, in the same way.
pub(crate) async fn forget_job(
    State(site): State<Site>,
    _: Operator,
    Path(job): Path<String>,
) -> Result<Response, SiteError> {
    site.jobs().forget(id_in(&job)?).await?;
    Ok(see(routes::OPERATOR_JOBS))
}

/// `GET` of an address that only takes forms.
pub(crate) async fn job_form_was_left(_: Operator) -> Response {
    see(routes::OPERATOR_JOBS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_told_in_its_largest_whole_unit() {
        let told = [1, 45, 60, 90, 3_600, 7_200, 86_400, 604_800].map(every);
        let words = ["every second", "every 45 seconds", "every minute", "every 90 seconds", "every hour"];
        assert_eq!(told[..5], words);
        assert_eq!(told[5..], ["every 2 hours", "every day", "every 7 days"]);
    }
}
