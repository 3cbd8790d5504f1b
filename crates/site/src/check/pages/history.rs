//! `/attempts`: one's own checks.

use super::{own, private_page, step, words};
use crate::account::Session;
use crate::check::{Attempt, Reading};
use crate::error::SiteError;
use crate::page::{NextSteps, Step, day, render};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_content::Level;

#[derive(Template)]
#[template(path = "check/history.html")]
struct History {
    entries: Vec<Entry>,
}

struct Entry {
    url: String,
    title: String,
    day: String,
    how: &'static str,
    state: String,
    /// What it says of the level, unless its owner wants to be told none.
    statement: Option<String>,
}

/// `GET /attempts`
pub(crate) async fn history(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    let attempts = site.checks().attempts(session.owner()).await?;
    let entries: Result<Vec<Entry>, SiteError> = attempts.iter().map(|attempt| entry(&site, attempt)).collect();
    let main = render(&History { entries: entries? })?;
    let next = NextSteps::new(Step::checks()).and(Step::roles()).and(Step::guides());
    private_page("Your checks", main, next).answer_private(&site, StatusCode::OK)
}

fn entry(site: &Site, attempt: &Attempt) -> Result<Entry, SiteError> {
    let levels: Vec<Level> = attempt.release.levels().collect();
    let is_told = attempt.ended_at().is_some() && !attempt.is_quiet() && attempt.has_answers();
    let statement = match is_told {
        true => Some(words::statement(&Reading::of(attempt, None)?, &levels)),
        false => None,
    };
    let used = step::used(attempt, attempt.spent(site.checks().now()));
    let state = match attempt.ended_at() {
        Some(_) => format!("Done in {used}"),
        None if attempt.is_paused() => format!("Paused at {used}"),
        None => format!("Under way: {used} used"),
    };
    Ok(Entry {
        url: own::url(attempt.id()),
        title: step::title(site, attempt),
        day: day(attempt.begun_at()),
        how: attempt.condition.in_words(),
        state,
        statement,
    })
}
