//! `/tasks/{task}?variant=SEED`

use super::files::{Entry, tree};
use super::list::competencies;
use super::submission::Submission;
use super::{Asked, Given, any_variant, asked_variant, find};
use crate::error::SiteError;
use crate::page::{Html, Nav, NextSteps, Page, Step, Text, render};
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
    tree: Vec<Entry>,
    editors: Vec<Editor>,
    /// Globs that allow new files; empty if none does.
    new_files: Vec<&'a str>,
    off: Option<&'a str>,
    /// What came of a run.
    outcome: Option<Html>,
}

/// An editable file with what is in it now.
struct Editor {
    path: String,
    text: String,
    /// What the candidate was given; `None` for a file of their own.
    given: Option<String>,
    open: bool,
}

impl Editor {
    fn text(&self) -> Text<'_> {
        Text(&self.text)
    }

    fn given(&self) -> Option<Text<'_>> {
        self.given.as_deref().map(Text)
    }

    fn rows(&self) -> usize {
        self.text.lines().count().clamp(8, 32) + 1
    }
}

impl TaskPage<'_> {
    fn run_url(&self) -> String {
        routes::TaskRunsUrl { task: &self.task.id }.to_url()
    }

    fn url(&self) -> String {
        routes::variant_url(&self.task.id, self.variant.seed)
    }

    fn another_url(&self) -> String {
        routes::TaskUrl { task: &self.task.id }.to_url()
    }
}

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
    let globs = task.editable.editable.iter().map(String::as_str);
    let page = TaskPage {
        task,
        variant,
        competencies: competencies(site.library(), task),
        prompt: Html::from_content(variant.prompt_html.as_str()),
        hints: hints(&variant.hints)?,
        tree: tree(given),
        editors: editors(given, submission),
        new_files: globs.filter(|glob| glob.contains(['*', '?', '['])).collect(),
        off: site.practice().off(),
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

fn editors(given: &Given, submission: Option<&Submission>) -> Vec<Editor> {
    let submitted = |path: &str| submission.and_then(|submission| submission.files.get(path));
    let mut editors: Vec<Editor> = Vec::new();
    for (path, bytes) in given.editable() {
        let original = lossy(bytes);
        let text = submitted(path).map_or_else(|| original.clone(), |bytes| lossy(bytes));
        let open = path == given.task.editable.open_first || text != original;
        editors.push(Editor { path: path.to_owned(), text, given: Some(original), open });
    }
    for (path, bytes) in submission.into_iter().flat_map(|submission| &submission.files) {
        if !given.files.contains_key(path) && given.task.is_editable(path) {
            editors.push(Editor { path: path.clone(), text: lossy(bytes), given: None, open: true });
        }
    }
    editors
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
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
