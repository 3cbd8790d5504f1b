//! Pausing, ending, deleting, and whether one is told a level.

use super::own::{OwnAttempt, see, url};
use super::{private_page, step};
use crate::error::SiteError;
use crate::page::{Html, NextSteps, Step, render};
use crate::practice::Form;
use crate::routes::{self, AttemptDeleteUrl, AttemptStopUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

#[derive(Template)]
#[template(path = "check/stop.html")]
struct Stop {
    url: String,
    answered: usize,
}

#[derive(Template)]
#[template(path = "check/delete.html")]
struct Delete {
    url: String,
    lent: bool,
    is_over: bool,
}

/// `POST /attempts/{attempt}/pause`
pub(crate) async fn pause(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    site.checks().pause(own.owner(), &own.attempt, true).await?;
    Ok(own.go_on())
}

/// `POST /attempts/{attempt}/resume`
pub(crate) async fn resume(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    site.checks().pause(own.owner(), &own.attempt, false).await?;
    Ok(own.go_on())
}

/// `GET /attempts/{attempt}/stop`
pub(crate) async fn confirm_stop(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    let attempt = &own.attempt;
    if attempt.ended_at().is_some() {
        return Ok(own.go_on());
    }
    let answered = attempt.items.iter().filter(|item| item.category.is_some()).count();
    let url = AttemptStopUrl { attempt: &attempt.id().to_string() }.to_url();
    confirmed(&site, &own, "End the check here?", render(&Stop { url, answered })?)
}

/// `POST /attempts/{attempt}/stop`
pub(crate) async fn stop(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    site.checks().stop(own.owner(), &own.attempt).await?;
    Ok(own.go_on())
}

/// `POST /attempts/{attempt}/quiet`
pub(crate) async fn set_quiet(State(site): State<Site>, own: OwnAttempt, form: Form) -> Result<Response, SiteError> {
    let quiet = form.text("quiet")?.as_deref() == Some("yes");
    site.checks().set_quiet(own.owner(), own.attempt.id(), quiet).await?;
    Ok(see(&format!("{}#standing", url(own.attempt.id()))))
}

/// `GET /attempts/{attempt}/delete`
pub(crate) async fn confirm_deletion(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    let attempt = &own.attempt;
    let is_over = attempt.ended_at().is_some();
    let page = Delete {
        url: AttemptDeleteUrl { attempt: &attempt.id().to_string() }.to_url(),
        lent: is_over && attempt.lends_answers(),
        is_over,
    };
    confirmed(&site, &own, "Delete this check for good?", render(&page)?)
}

/// `POST /attempts/{attempt}/delete`
pub(crate) async fn delete(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    site.checks().delete(own.owner(), own.attempt.id()).await?;
    Ok(see(routes::ATTEMPTS))
}

fn confirmed(site: &Site, own: &OwnAttempt, title: &str, main: Html) -> Result<Response, SiteError> {
    let check = step::title(site, &own.attempt);
    let next = NextSteps::new(Step::new(url(own.attempt.id()), format!("Back to the {check}"), "Nothing changes."));
    private_page(title, main, next).answer_private(site, StatusCode::OK)
}
