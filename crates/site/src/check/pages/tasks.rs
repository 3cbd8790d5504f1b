//! Tasks within a check: the same editor and the same judge as in practice, with what is written kept on the server, and
//! questions about one's own code behind them.

use super::own::OwnAttempt;
use super::questions::{after, may_put_aside};
use super::step;
use crate::check::{
    Answering, Attempt, AttemptItem, ExplainQuestion, HandedIn, ItemKind, Outcome, Step, Work, item_id,
};
use crate::error::{Missing, SiteError};
use crate::page::{Html, NextSteps, Step as WayOn, render};
use crate::practice::{self, Client, Form, Mode};
use crate::routes::{
    AttemptDraftUrl, AttemptExplainUrl, AttemptFileUrl, AttemptHandInUrl, AttemptKnownUrl, AttemptRunsUrl,
};
use crate::site::Site;
use crate::task::{Bench, Explaining, Given, Submission, file_view, verdict_html, workbench};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jobfuture_content::{FileSet, Task, Variant};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "check/task.html")]
struct TaskStep<'a> {
    task: &'a Task,
    prompt: Html,
    workbench: Html,
    outcome: Option<Html>,
    known_url: Option<String>,
}

#[derive(Template)]
#[template(path = "check/note.html")]
struct Note {
    runs: u32,
    most: u32,
}

#[derive(Template)]
#[template(path = "check/explain.html")]
struct ExplainStep<'a> {
    task: &'a Task,
    item: &'a AttemptItem,
    url: String,
}

impl ExplainStep<'_> {
    /// Questions with their numbers.
    fn questions(&self) -> Vec<(usize, Html, &[String])> {
        let asked = self.item.explain.iter().enumerate();
        asked
            .map(|(at, one)| {
                (at + 1, Html::from_content(one.question.prompt_html.as_str()), one.question.options.as_slice())
            })
            .collect()
    }
}

/// The task of an item, if the content still has this version of it; of one that was judged again, the version that did.
pub(super) fn find<'a>(site: &'a Site, attempt: &Attempt, item: &AttemptItem) -> Option<&'a Arc<Task>> {
    let entry = attempt.release.parts.items.get(attempt.release.number(&item.item)?)?;
    let task = site.library().tasks.get(&entry.content)?;
    let judged_by = item.regrade.as_ref().map_or(&item.item, |(item, _, _)| item);
    (item_id(task.manifest.uuid, task.manifest.version) == *judged_by).then_some(task)
}

/// The page of a task, as it was left.
pub(super) async fn ask(
    site: &Site,
    own: &OwnAttempt,
    item: &AttemptItem,
    said: Option<&str>,
) -> Result<Response, SiteError> {
    let work = site.checks().work(own.owner(), own.attempt.id(), item.place).await?;
    let task = find(site, &own.attempt, item).ok_or(SiteError::NotFound(Missing::Attempt))?;
    let given = Given::new(site, task, item.seed)?;
    let last = work.as_ref().and_then(|work| work.last_run.as_ref());
    let outcome = last.map(|verdict| verdict_html(verdict, task, &given.variant, Explaining::NotYet)).transpose()?;
    show(site, own, item, &given, &Shown { work: work.as_ref(), files: None, outcome, said }, StatusCode::OK)
}

/// What a task's page holds.
struct Shown<'a> {
    work: Option<&'a Work>,
    /// What was sent just now, if it was not kept.
    files: Option<&'a FileSet>,
    outcome: Option<Html>,
    said: Option<&'a str>,
}

fn show(
    site: &Site,
    own: &OwnAttempt,
    item: &AttemptItem,
    given: &Given,
    shown: &Shown<'_>,
    status: StatusCode,
) -> Result<Response, SiteError> {
    let (attempt, id, place) = (&own.attempt, own.attempt.id().to_string(), item.place.to_string());
    let (attempt_id, place) = (id.as_str(), place.as_str());
    let files_url = AttemptFileUrl { attempt: attempt_id, place, path: "" }.to_url();
    let runs = shown.work.map_or(0, |work| work.runs);
    let bench = Bench {
        run_url: AttemptRunsUrl { attempt: attempt_id, place }.to_url(),
        reset_url: super::own::url(attempt.id()),
        draft_url: Some(AttemptDraftUrl { attempt: attempt_id, place }.to_url()),
        hand_in_url: Some(AttemptHandInUrl { attempt: attempt_id, place }.to_url()),
        files_url: Some(files_url.trim_end_matches('/').to_owned()),
        note: render(&Note { runs, most: most_runs(site, attempt) })?,
    };
    let files = shown.files.or(shown.work.map(|work| &work.files));
    let body = render(&TaskStep {
        task: &given.task,
        prompt: Html::from_content(given.variant.prompt_html.as_str()),
        workbench: workbench(site, given, files, bench)?,
        outcome: shown.outcome.clone(),
        known_url: may_put_aside(site, attempt, ItemKind::Task)
            .then(|| AttemptKnownUrl { attempt: attempt_id, place }.to_url()),
    })?;
    let heading = format!("Task {}: {}", attempt.answered(ItemKind::Task) + 1, given.task.manifest.title);
    let mut page = step::framed_page(site, attempt, &heading, shown.said, body)?;
    page.editor = true;
    page.answer_private(site, status)
}

fn most_runs(site: &Site, attempt: &Attempt) -> u32 {
    site.library().checks.get(attempt.check()).map_or(0, |check| check.manifest.runs)
}

/// What was sent for a task that is open: its files, looked at.
struct Sent<'o> {
    item: &'o AttemptItem,
    given: Given,
    files: FileSet,
}

impl<'o> Sent<'o> {
    /// Nothing when the task is no longer open.
    async fn read(
        site: &Site,
        own: &'o OwnAttempt,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Option<(Self, Result<(), SiteError>)>, SiteError> {
        let item = own.item()?;
        if item.kind != ItemKind::Task {
            return Err(SiteError::NotFound(Missing::Attempt));
        }
        let is_open = item.outcome == Outcome::Open && matches!(own.attempt.step(), Some(Step::Task(_)));
        let Some(task) = find(site, &own.attempt, item).filter(|_| is_open) else { return Ok(None) };
        let form = Form::read(headers, body, &site.config().practice).await?;
        let submission = Submission::of(&form)?;
        let fault = submission.check(task, &site.config().practice);
        let given = Given::new(site, task, item.seed)?;
        Ok(Some((Self { item, given, files: submission.files }, fault)))
    }

    fn parts(&self) -> (Arc<Task>, Arc<Variant>) {
        (Arc::clone(&self.given.task), Arc::clone(&self.given.variant))
    }
}

/// `POST /attempts/{attempt}/items/{place}/runs`
pub(crate) async fn run(
    State(site): State<Site>,
    own: OwnAttempt,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let Some((sent, fault)) = Sent::read(&site, &own, &headers, body).await? else {
        return Ok(own.go_on_saying("earlier"));
    };
    let outcome = match fault {
        Ok(()) => judge_run(&site, &own, client, &sent).await,
        Err(fault) => Err(fault),
    };
    if Mode::of(&headers) == Mode::Fragment {
        let mut response = crate::page::html_response(StatusCode::OK, outcome?);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return Ok(response);
    }
    refused_or_shown(&site, &own, &sent, outcome).await
}

/// The task's page with what came of sending it.
async fn refused_or_shown(
    site: &Site,
    own: &OwnAttempt,
    sent: &Sent<'_>,
    outcome: Result<Html, SiteError>,
) -> Result<Response, SiteError> {
    let (status, html, retry_after) = match outcome {
        Ok(html) => (StatusCode::OK, html, None),
        Err(error) => (error.status(), error.fragment()?, error.retry_after()),
    };
    let work = site.checks().work(own.owner(), own.attempt.id(), sent.item.place).await?;
    let shown = Shown { work: work.as_ref(), files: Some(&sent.files), outcome: Some(html), said: None };
    let mut response = show(site, own, sent.item, &sent.given, &shown, status)?;
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

async fn judge_run(site: &Site, own: &OwnAttempt, client: Client, sent: &Sent<'_>) -> Result<Html, SiteError> {
    let (checks, place) = (site.checks(), sent.item.place);
    // First of all, so that whatever happens next loses nothing.
    checks.save(own.owner(), &own.attempt, place, sent.files.clone()).await?;
    let runs = checks.work(own.owner(), own.attempt.id(), place).await?.map_or(0, |work| work.runs);
    let most = most_runs(site, &own.attempt);
    if runs >= most {
        let why = format!(
            "This task was run {most} times, which is as often as it may be within a check. Your files are kept: hand it in as it is, or change it and hand it in."
        );
        return Err(SiteError::Refused(why));
    }
    let (task, variant) = sent.parts();
    let verdict = practice::grade(site, client, task, variant, sent.files.clone()).await?;
    checks.ran(own.owner(), &own.attempt, place, &verdict).await?;
    verdict_html(&verdict, &sent.given.task, &sent.given.variant, Explaining::NotYet)
}

/// `POST /attempts/{attempt}/items/{place}/draft`: keeps what is written; a script sends it.
pub(crate) async fn keep_draft(
    State(site): State<Site>,
    own: OwnAttempt,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let Some((sent, fault)) = Sent::read(&site, &own, &headers, body).await? else {
        return Ok(StatusCode::CONFLICT.into_response());
    };
    fault?;
    let kept = site.checks().save(own.owner(), &own.attempt, sent.item.place, sent.files).await?;
    let status = if kept == Answering::Taken { StatusCode::NO_CONTENT } else { StatusCode::CONFLICT };
    Ok((status, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

/// `POST /attempts/{attempt}/items/{place}/hand-in`
pub(crate) async fn hand_in(
    State(site): State<Site>,
    own: OwnAttempt,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let Some((sent, fault)) = Sent::read(&site, &own, &headers, body).await? else {
        return Ok(own.go_on_saying("earlier"));
    };
    let judged = match fault {
        Ok(()) => judge_work(&site, &own, client, &sent).await,
        Err(fault) => Err(fault),
    };
    match judged {
        Ok(taken) => after(&own, taken),
        Err(error) => refused_or_shown(&site, &own, &sent, Err(error)).await,
    }
}

async fn judge_work(site: &Site, own: &OwnAttempt, client: Client, sent: &Sent<'_>) -> Result<Answering, SiteError> {
    let (checks, place) = (site.checks(), sent.item.place);
    checks.save(own.owner(), &own.attempt, place, sent.files.clone()).await?;
    let (task, variant) = sent.parts();
    let judged = practice::grade_and_explain(site, client, task, variant, sent.files.clone()).await?;
    let (verdict, explain) = judged;
    let explain = explain.into_iter().map(ExplainQuestion::from).collect();
    let work = HandedIn { files: sent.files.clone(), verdict, explain };
    checks.hand_in(own.owner(), &own.attempt, place, work).await
}

/// The page with questions about one's own code.
pub(super) fn ask_to_explain(
    site: &Site,
    own: &OwnAttempt,
    item: &AttemptItem,
    said: Option<&str>,
) -> Result<Response, SiteError> {
    let attempt = &own.attempt;
    let task = find(site, attempt, item).ok_or(SiteError::NotFound(Missing::Attempt))?;
    let (id, place) = (attempt.id().to_string(), item.place.to_string());
    let url = AttemptExplainUrl { attempt: &id, place: &place }.to_url();
    let body = render(&ExplainStep { task, item, url })?;
    step::framed(site, attempt, "About your own code", said, body, StatusCode::OK)
}

/// `POST /attempts/{attempt}/items/{place}/explain`
pub(crate) async fn explain(
    State(site): State<Site>,
    own: OwnAttempt,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let item = own.item()?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let answer = |number: usize| -> Result<Option<String>, SiteError> {
        let text = form.text(&format!("answer-{number}"))?;
        let text = text.map(|text| text.trim().chars().take(LONGEST_ANSWER).collect::<String>());
        Ok(text.filter(|text| !text.is_empty()))
    };
    let answers: Result<Vec<_>, _> = (1..=item.explain.len()).map(answer).collect();
    let taken = site.checks().explained(own.owner(), &own.attempt, item.place, answers?).await?;
    after(&own, taken)
}

/// The longest answer about one's own code that is kept, in characters.
const LONGEST_ANSWER: usize = 200;

/// `GET /attempts/{attempt}/items/{place}/files/{path}`
pub(crate) async fn file(
    State(site): State<Site>,
    own: OwnAttempt,
    Path((_, _, path)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let item = own.item()?;
    let task = find(&site, &own.attempt, item).ok_or(SiteError::NotFound(Missing::Attempt))?;
    let given = Given::new(&site, task, item.seed)?;
    let view = file_view(&given, &path)?;
    let mut response = match Mode::of(&headers) {
        Mode::Fragment => crate::page::html_response(StatusCode::OK, view),
        Mode::Page => {
            let next = NextSteps::new(WayOn::new(
                super::own::url(own.attempt.id()),
                "Back to the task",
                "Your work is where you left it.",
            ));
            super::private_page(&path, file_page(&path, view)?, next).answer_private(&site, StatusCode::OK)?
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().append(header::VARY, HeaderValue::from_static("jf-fragment"));
    Ok(response)
}

#[derive(Template)]
#[template(source = "<header class=\"page-header\"><h1>{{ path }}</h1></header>\n{{ view }}", ext = "html")]
struct FilePage<'a> {
    path: &'a str,
    view: Html,
}

fn file_page(path: &str, view: Html) -> Result<Html, SiteError> {
    render(&FilePage { path, view })
}
