//! Quick questions within a check: asked, answered once, and not told right or wrong until it is over.

use super::own::OwnAttempt;
use super::{step, words};
use crate::check::{Answering, Attempt, AttemptItem, ItemKind, Outcome, Step, item_id};
use crate::error::{Missing, SiteError};
use crate::page::{Html, render};
use crate::practice::Form;
use crate::question::{Given, Submitted, fields, prompt};
use crate::routes::{AttemptItemUrl, AttemptKnownUrl};
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_content::QuickQuestion;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "check/question.html")]
struct QuestionStep<'a> {
    prompt: Html,
    fields: Html,
    wrong: Option<&'a str>,
    answer_url: String,
    /// To put it aside as met before, while that may be done.
    known_url: Option<String>,
}

/// The question of an item, if the content still has this version of it.
pub(super) fn find<'a>(site: &'a Site, attempt: &Attempt, item: &AttemptItem) -> Option<&'a Arc<QuickQuestion>> {
    let entry = attempt.release.parts.items.get(attempt.release.number(&item.item)?)?;
    let question = site.library().questions.get(&entry.content)?;
    (item_id(question.manifest.uuid, question.manifest.version) == item.item).then_some(question)
}

/// The page that asks; `sent` is what was sent and is no answer, with the reason.
pub(super) fn ask(
    site: &Site,
    own: &OwnAttempt,
    item: &AttemptItem,
    sent: Option<(&Submitted, &str)>,
    said: Option<&str>,
) -> Result<Response, SiteError> {
    let attempt = &own.attempt;
    let question = find(site, attempt, item).ok_or(SiteError::NotFound(Missing::Attempt))?;
    let given = Given::new(site, question, item.seed)?;
    let (form, nothing) = (question.manifest.form, Submitted::default());
    let (submitted, wrong) = sent.map_or((&nothing, None), |(submitted, wrong)| (submitted, Some(wrong)));
    let (id, place) = (attempt.id().to_string(), item.place.to_string());
    let body = render(&QuestionStep {
        prompt: prompt(form, &given.variant)?,
        fields: fields(form, &given.variant, submitted, wrong, words::help(form))?,
        wrong,
        answer_url: AttemptItemUrl { attempt: &id, place: &place }.to_url(),
        known_url: may_put_aside(site, attempt, item.kind)
            .then(|| AttemptKnownUrl { attempt: &id, place: &place }.to_url()),
    })?;
    let heading = format!("Question {}", attempt.answered(ItemKind::Question) + 1);
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    step::framed(site, attempt, &heading, said, body, status)
}

/// How many of a kind may be put aside.
fn most_known(site: &Site, attempt: &Attempt, kind: ItemKind) -> usize {
    let Some(check) = site.library().checks.get(attempt.check()) else { return 0 };
    let known = check.manifest.known;
    usize::from(if kind == ItemKind::Question { known.questions } else { known.tasks })
}

/// Whether another one may be put aside as met before.
pub(super) fn may_put_aside(site: &Site, attempt: &Attempt, kind: ItemKind) -> bool {
    attempt.known(kind) < most_known(site, attempt, kind)
}

/// `POST /attempts/{attempt}/items/{place}`
pub(crate) async fn answer(
    State(site): State<Site>,
    own: OwnAttempt,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let item = own.item()?;
    if item.kind != ItemKind::Question {
        return Err(SiteError::NotFound(Missing::Attempt));
    }
    if item.outcome != Outcome::Open || !matches!(own.attempt.step(), Some(Step::Question(_))) {
        return Ok(own.go_on_saying("earlier"));
    }
    let Some(question) = find(&site, &own.attempt, item) else { return Ok(own.go_on()) };
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let (given, sent) = (Given::new(&site, question, item.seed)?, Submitted::of(&form));
    if let Some(why) = &sent.unreadable {
        return ask(&site, &own, item, Some((&sent, why)), None);
    }
    let answer = sent.answer(question.manifest.form, &given.variant);
    if let Err(why) = question.check_answer(&answer, given.variant.options.len()) {
        return ask(&site, &own, item, Some((&sent, &why.to_string())), None);
    }
    let is_right = given.variant.key.accepts(&answer);
    let taken = site.checks().answer(own.owner(), &own.attempt, item.place, answer, is_right).await?;
    after(&own, taken)
}

/// Where one goes when something was sent.
pub(super) fn after(own: &OwnAttempt, taken: Answering) -> Result<Response, SiteError> {
    match taken {
        Answering::Taken => Ok(own.go_on()),
        Answering::Earlier => Ok(own.go_on_saying("earlier")),
        Answering::NotAsked => Err(SiteError::NotFound(Missing::Attempt)),
    }
}

/// `POST /attempts/{attempt}/items/{place}/known`
pub(crate) async fn put_aside(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    let item = own.item()?;
    let most = most_known(&site, &own.attempt, item.kind);
    match site.checks().put_aside(own.owner(), &own.attempt, item.place, most).await? {
        Answering::Taken => Ok(own.go_on_saying("known")),
        // As many as may be were put aside, on another page.
        Answering::NotAsked => Ok(own.go_on()),
        Answering::Earlier => Ok(own.go_on_saying("earlier")),
    }
}
