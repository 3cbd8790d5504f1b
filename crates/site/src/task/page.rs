//! `/tasks/{task}?variant=SEED`

use super::list::competencies;
use super::submission::Submission;
use super::workbench::{Bench, workbench};
use super::{Asked, Given, any_variant, asked_variant, find};
use crate::error::SiteError;
use crate::page::{Html, Nav, NextSteps, Page, Step, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use jobfuture_content::{Task, Variant};

#[derive(Template)]
#[template(path = "task/task.html")]
struct TaskPage<'a> {
    task: &'a Task,
    variant: &'a Variant,
    competencies: Vec<&'a str>,
    prompt: Html,
    hints: Html,
    workbench: Html,
    /// What came of a run.
    outcome: Option<Html>,
}

impl TaskPage<'_> {
    fn another_url(&self) -> String {
        routes::TaskUrl { task: &self.task.id }.to_url()
    }
}

/// What is said below the buttons of practice.
#[derive(Template)]
#[template(path = "task/practice_note.html")]
struct PracticeNote;

#[derive(Template)]
#[template(path = "task/hint.html")]
struct Hint<'a> {
    number: usize,
    count: usize,
    title: &'a str,
    text: Html,
    /// The hint after this one, which shows only when this one is open.
    following: Html,
}

/// `GET /tasks/{task}`: without a variant, to any.
pub async fn task(
    State(site): State<Site>,
    Path(task): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, SiteError> {
    let task = find(&site, &task)?;
    let Some(seed) = asked_variant(asked) else {
        return Ok(Redirect::to(&routes::variant_url(&task.id, any_variant())).into_response());
    };
    let given = Given::new(&site, task, seed)?;
    answer(&site, &given, None, None, StatusCode::OK)
}

/// The page, with what was submitted and what came of it.
pub fn answer(
    site: &Site,
    given: &Given,
    submission: Option<&Submission>,
    outcome: Option<Html>,
    status: StatusCode,
) -> Result<Response, SiteError> {
    let Given { task, variant, .. } = given;
    let bench = Bench {
        run_url: routes::TaskRunsUrl { task: &task.id }.to_url(),
        reset_url: routes::variant_url(&task.id, variant.seed),
        note: render(&PracticeNote)?,
        ..Bench::default()
    };
    let page = TaskPage {
        task,
        variant,
        competencies: competencies(site.library(), task),
        prompt: Html::from_content(variant.prompt_html.as_str()),
        hints: hints(&variant.hints)?,
        workbench: workbench(site, given, submission.map(|submission| &submission.files), bench)?,
        outcome,
    };
    Page {
        title: task.manifest.title.clone(),
        description: task.manifest.summary.clone(),
        active: Nav::Tasks,
        main: render(&page)?,
        next: NextSteps::of_content(site.library(), &task.next, Step::tasks()).and(Step::tasks()).and(Step::practice()),
        canonical: None,
        editor: true,
    }
    .answer_with(site, status)
}

/// Hints within each other, so that they open one at a time.
fn hints(hints: &[(String, String)]) -> Result<Html, SiteError> {
    let mut following = Html::default();
    for (at, (title, html)) in hints.iter().enumerate().rev() {
        let text = Html::from_content(html.as_str());
        following = render(&Hint { number: at + 1, count: hints.len(), title, text, following })?;
    }
    Ok(following)
}
