//! `/checks/{check}/begin`: what is kept, who sees it, under which condition; and then the first question.

use super::about::find;
use super::{own, private_page};
use crate::account::Session;
use crate::answer;
use crate::check::{Beginning, Condition, Pace, Refusal};
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render};
use crate::practice::Form;
use crate::routes::{CheckBeginUrl, CheckUrl};
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_codes::Code;
use jobfuture_content::{Check, Place};

#[derive(Template)]
#[template(path = "check/begin.html")]
struct Consent<'a> {
    check: &'a Check,
    chosen: Beginning,
    wrong: Option<&'a str>,
    off: Option<&'a str>,
}

impl Consent<'_> {
    fn url(&self) -> String {
        CheckBeginUrl { check: &self.check.manifest.id }.to_url()
    }

    fn minutes(&self, pace: &Pace) -> u32 {
        pace.minutes(self.check.manifest.minutes)
    }

    fn pace_name(&self, pace: &Pace) -> &'static str {
        match pace.percent() {
            100 => "The usual time",
            150 => "Half as much again",
            _ => "Twice the time",
        }
    }

    fn condition_name(&self, condition: &Condition) -> &'static str {
        match condition {
            Condition::Unaided => "Unaided",
            Condition::OwnTools => "With your own tools",
            Condition::Practice => "As practice",
        }
    }

    fn condition_about(&self, condition: &Condition) -> &'static str {
        match condition {
            Condition::Unaided => {
                "You work alone, with documentation and a Python of your own if you like, and without a person or an \
                 assistant that answers for you. Nobody watches; it is what you say."
            }
            Condition::OwnTools => {
                "You work as you would at work, with whatever assistants you use. That is another thing to measure: it says \
                 less of what you could do by yourself, so the result is wider, and is never mixed with the other."
            }
            Condition::Practice => "You only want to see what it is like, in whatever way.",
        }
    }
}

const AS_USUAL: Beginning =
    Beginning { condition: Condition::Unaided, pace: Pace::ALL[0], lends_answers: false, quiet: false };

/// `GET /checks/{check}/begin`
pub(crate) async fn consent(
    State(site): State<Site>,
    session: Session,
    Path(check): Path<String>,
) -> Result<Response, SiteError> {
    let check = find(&site, &check)?;
    if let Some(open) = site.checks().open(session.owner(), &check.manifest.id).await? {
        return Ok(own::see(&own::url(open)));
    }
    ask(&site, check, AS_USUAL, None, StatusCode::OK)
}

/// `POST /checks/{check}/begin`
pub(crate) async fn begin(
    State(site): State<Site>,
    session: Session,
    Path(check): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let check = find(&site, &check)?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let condition = form.text("condition")?.and_then(|text| Condition::parse(&text));
    let pace = form.text("pace")?.and_then(|text| Pace::parse(text.parse().ok()?));
    let (lends_answers, quiet) = (form.bytes("lend").is_some(), form.bytes("quiet").is_some());
    let how = |condition, pace| Beginning { condition, pace, lends_answers, quiet };
    let (Some(condition), Some(pace)) = (condition, pace) else {
        let chosen = how(condition.unwrap_or(AS_USUAL.condition), pace.unwrap_or(AS_USUAL.pace));
        let wrong = "Choose how you take it and how much time you want, among those below.";
        return ask(&site, check, chosen, Some(wrong), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let how = how(condition, pace);
    if let Some(off) = site.practice().off() {
        let wrong = format!("The tasks of a check cannot be run here at the moment, so none can be begun. {off}");
        return ask(&site, check, how, Some(&wrong), StatusCode::SERVICE_UNAVAILABLE);
    }
    match site.checks().begin(session.owner(), check, how).await? {
        Ok(id) => Ok(own::see(&own::url(id))),
        Err(Refusal::UsedUp { what, left, needed }) => {
            let wrong = format!(
                "You have met so much of what this check has that the rest does not make one: of {what} {needed} are needed \
                 and {left} {} left. Nothing is asked twice, because it would no longer show what you can do. Practise \
                 meanwhile; new questions and tasks come with new versions of this site.",
                if left == 1 { "is" } else { "are" }
            );
            ask(&site, check, how, Some(&wrong), StatusCode::CONFLICT)
        }
    }
}

fn ask(
    site: &Site,
    check: &Check,
    chosen: Beginning,
    wrong: Option<&str>,
    status: StatusCode,
) -> Result<Response, SiteError> {
    let main = render(&Consent { check, chosen, wrong, off: site.practice().off() })?;
    let main = answer::with_asked(site, Place::CheckConsent, main)?;
    let about = CheckUrl { check: &check.manifest.id }.to_url();
    let next = NextSteps::new(Step::new(about, &check.manifest.title, "What it is like, and what it covers."))
        .and(Step::questions())
        .and(Step::tasks());
    private_page(&format!("Before you begin: {}", check.manifest.title), main, next).answer_private(site, status)
}
