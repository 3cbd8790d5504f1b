//! `/attempts/{attempt}`: what a check waits for, or what came of it.

use super::own::{OwnAttempt, see};
use super::{private_page, questions, result, tasks, words};
use crate::check::{Attempt, ItemKind, Step as Waits};
use crate::error::SiteError;
use crate::page::{Html, NextSteps, Page, Step, render};
use crate::routes::{self, AttemptPauseUrl, AttemptResumeUrl, AttemptStopUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

/// `?said=…`: a word about what was sent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    said: String,
}

impl Said {
    fn in_words(&self) -> Option<&'static str> {
        match self.said.as_str() {
            "earlier" => Some("That had been answered before, on another page or device. The first answer stands."),
            "replaced" => Some(
                "What was asked here has been replaced by a newer version meanwhile, so it was put aside. It counts for \
                 nothing.",
            ),
            "known" => Some("It was put aside, and counts for nothing."),
            _ => None,
        }
    }
}

/// The frame around what is asked: how far it is, and the ways out.
#[derive(Template)]
#[template(path = "check/step.html")]
struct Frame<'a> {
    attempt: &'a Attempt,
    title: &'a str,
    heading: &'a str,
    said: Option<&'a str>,
    used: String,
    body: Html,
}

impl Frame<'_> {
    fn id(&self) -> String {
        self.attempt.id().to_string()
    }

    fn pause_url(&self) -> String {
        AttemptPauseUrl { attempt: &self.id() }.to_url()
    }

    fn stop_url(&self) -> String {
        AttemptStopUrl { attempt: &self.id() }.to_url()
    }

    fn so_far(&self) -> String {
        let (questions, tasks) = (self.attempt.answered(ItemKind::Question), self.attempt.answered(ItemKind::Task));
        let mut parts = vec![format!("{questions} question{} answered", if questions == 1 { "" } else { "s" })];
        if tasks > 0 {
            parts.push(format!("{tasks} task{} handed in", if tasks == 1 { "" } else { "s" }));
        }
        parts.join(", ")
    }
}

#[derive(Template)]
#[template(path = "check/paused.html")]
struct Paused<'a> {
    title: &'a str,
    used: String,
    resume_url: String,
    stop_url: String,
}

/// `GET /attempts/{attempt}`
pub(crate) async fn attempt(
    State(site): State<Site>,
    own: OwnAttempt,
    Query(said): Query<Said>,
) -> Result<Response, SiteError> {
    let attempt = &own.attempt;
    if attempt.is_paused() {
        return paused(&site, attempt);
    }
    let said = said.in_words();
    match attempt.step() {
        Some(Waits::Ended(by)) => result::result(&site, &own, by).await,
        Some(step) => {
            site.checks().heard(own.owner(), attempt).await?;
            match step {
                Waits::Question(item) if questions::find(&site, attempt, item).is_none() => {
                    replaced(&site, &own, item.place).await
                }
                Waits::Task(item) if tasks::find(&site, attempt, item).is_none() => {
                    replaced(&site, &own, item.place).await
                }
                Waits::Question(item) => questions::ask(&site, &own, item, None, said),
                Waits::Task(item) => tasks::ask(&site, &own, item, said).await,
                Waits::Explain(item) => tasks::ask_to_explain(&site, &own, item, said),
                Waits::Ended(_) => Ok(see(routes::ATTEMPTS)),
            }
        }
        None => Err(SiteError::internal("an attempt", &"it waits for nothing and is not over")),
    }
}

/// A version that is no longer in the content cannot be asked: it is put aside, at nobody's cost.
async fn replaced(site: &Site, own: &OwnAttempt, place: u32) -> Result<Response, SiteError> {
    site.checks().put_aside(own.owner(), &own.attempt, place, usize::MAX).await?;
    Ok(own.go_on_saying("replaced"))
}

/// A step with the frame around it.
pub(super) fn framed(
    site: &Site,
    attempt: &Attempt,
    heading: &str,
    said: Option<&str>,
    body: Html,
    status: StatusCode,
) -> Result<Response, SiteError> {
    framed_page(site, attempt, heading, said, body)?.answer_private(site, status)
}

/// The same as a page, for whoever has more to say of it.
pub(super) fn framed_page(
    site: &Site,
    attempt: &Attempt,
    heading: &str,
    said: Option<&str>,
    body: Html,
) -> Result<Page, SiteError> {
    let title = title(site, attempt);
    let used = used(attempt, attempt.spent(site.checks().now()));
    let main = render(&Frame { attempt, title: &title, heading, said, used, body })?;
    let next = NextSteps::new(Step::new(
        routes::ATTEMPTS,
        "Leave it for now",
        "What you have answered is kept, and you go on where you were.",
    ));
    Ok(private_page(&title, main, next))
}

/// What a check is called.
pub(super) fn title(site: &Site, attempt: &Attempt) -> String {
    let check = site.library().checks.get(attempt.check());
    check.map_or_else(|| "Skill check".to_owned(), |check| check.manifest.title.clone())
}

/// Working time used, of all there is: `12 minutes of 180 minutes`.
pub(super) fn used(attempt: &Attempt, spent: u64) -> String {
    format!("{} of {}", words::minutes(spent), words::minutes(u64::from(attempt.minutes()) * 60))
}

fn paused(site: &Site, attempt: &Attempt) -> Result<Response, SiteError> {
    let (title, id) = (title(site, attempt), attempt.id().to_string());
    let main = render(&Paused {
        title: &title,
        used: used(attempt, attempt.spent(site.checks().now())),
        resume_url: AttemptResumeUrl { attempt: &id }.to_url(),
        stop_url: AttemptStopUrl { attempt: &id }.to_url(),
    })?;
    let next = NextSteps::new(Step::new(routes::ATTEMPTS, "Your checks", "Begun and done.")).and(Step::guides());
    private_page(&title, main, next).answer_private(site, StatusCode::OK)
}
