//! `/attempts/{attempt}/items/{place}`: one thing that was asked, afterwards: what was right, and why.

use super::own::{OwnAttempt, url};
use super::{private_page, questions, tasks};
use crate::check::{AttemptItem, ItemKind, Outcome};
use crate::error::{Missing, SiteError};
use crate::page::{Html, NextSteps, Step, render};
use crate::question::{Given as AskedGiven, Submitted, told};
use crate::routes::{QuickUrl, TaskUrl};
use crate::site::Site;
use crate::task::{Explaining, Given, verdict_html};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_content::highlight_python;

#[derive(Template)]
#[template(path = "check/item_head.html")]
struct Head<'a> {
    title: &'a str,
    back: String,
}

#[derive(Template)]
#[template(path = "check/item_actions.html")]
struct Actions {
    back: String,
    practise: String,
}

#[derive(Template)]
#[template(path = "check/handed_in.html")]
struct HandedIn<'a> {
    head: Html,
    item: &'a AttemptItem,
    verdict: Option<Html>,
    files: Vec<(String, Html)>,
}

/// `GET /attempts/{attempt}/items/{place}`. While the check goes on nothing is told.
pub(crate) async fn item(State(site): State<Site>, own: OwnAttempt) -> Result<Response, SiteError> {
    let item = own.item()?;
    if own.attempt.ended_at().is_none() {
        return Ok(own.go_on());
    }
    if item.outcome != Outcome::Answered {
        return Err(SiteError::NotFound(Missing::Attempt));
    }
    match item.kind {
        ItemKind::Question => question(&site, &own, item),
        ItemKind::Task => task(&site, &own, item).await,
    }
}

fn question(site: &Site, own: &OwnAttempt, item: &AttemptItem) -> Result<Response, SiteError> {
    let question = questions::find(site, &own.attempt, item).ok_or(SiteError::NotFound(Missing::Replaced))?;
    let given = AskedGiven::new(site, question, item.seed)?;
    let answer = item.answer.as_ref().ok_or(SiteError::NotFound(Missing::Attempt))?;
    let (title, back) = (question.title(), url(own.attempt.id()));
    let head = render(&Head { title: &title, back: back.clone() })?;
    let practise = QuickUrl { question: &question.id }.to_url();
    let actions = render(&Actions { back: back.clone(), practise })?;
    let sent = Submitted::again(answer, &given.variant);
    let main = told(site, &given, &sent, item.category == Some(1), head, actions)?;
    let next = NextSteps::of_content(site.library(), &question.next, back_to(&back)).and(back_to(&back));
    private_page("A question of your check", main, next).answer_private(site, StatusCode::OK)
}

async fn task(site: &Site, own: &OwnAttempt, item: &AttemptItem) -> Result<Response, SiteError> {
    let task = tasks::find(site, &own.attempt, item).ok_or(SiteError::NotFound(Missing::Replaced))?;
    let given = Given::new(site, task, item.seed)?;
    let back = url(own.attempt.id());
    let verdict = item.verdict.as_ref();
    let verdict = verdict.map(|verdict| verdict_html(verdict, task, &given.variant, Explaining::Always)).transpose()?;
    let work = site.checks().work(own.owner(), own.attempt.id(), item.place).await?;
    let changed =
        work.into_iter().flat_map(|work| work.files).filter(|(path, bytes)| given.files.get(path) != Some(bytes));
    let files = changed.map(|(path, bytes)| {
        let code = Html::from_content(highlight_python(&String::from_utf8_lossy(&bytes)));
        (path, code)
    });
    let head = render(&Head { title: &task.manifest.title, back: back.clone() })?;
    let main = render(&HandedIn { head, item, verdict, files: files.collect() })?;
    let practise = Step::new(
        TaskUrl { task: &task.id }.to_url(),
        "Practise it",
        "The same task in another variant, with its hints.",
    );
    let next = NextSteps::of_content(site.library(), &task.next, back_to(&back)).and(practise).and(back_to(&back));
    private_page("A task of your check", main, next).answer_private(site, StatusCode::OK)
}

fn back_to(url: &str) -> Step {
    Step::new(url, "Back to your check", "Where you stand, and what else was asked.")
}
