//! The files of a task's project: as a tree, and each to be read.

use super::{Asked, Given, any_variant, asked_variant, find};
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, html_response, render};
use crate::practice::Mode;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jobfuture_content::highlight_as;

/// A line of the tree, in order of reading.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// A folder begins.
    Open {
        /// Its own name.
        name: String,
        /// Whether it holds something to change.
        open: bool,
    },
    /// The folder that began last ends.
    Close,
    /// A file to change.
    Editable {
        /// Its own name.
        name: String,
        /// From the project's folder.
        path: String,
    },
    /// A file to read.
    ReadOnly {
        /// Its own name.
        name: String,
        /// From the project's folder.
        path: String,
        /// Where it is read.
        url: String,
    },
}

/// All files, folders first at each level. Read-only ones are read below `files_url`, or on their public pages.
pub fn tree(given: &Given, files_url: Option<&str>) -> Vec<Entry> {
    let paths: Vec<&str> = given.files.keys().map(String::as_str).collect();
    let mut entries = Vec::with_capacity(paths.len());
    folder(given, files_url, "", &paths, &mut entries);
    entries
}

/// The entries of the paths that lie under a prefix. Paths are sorted, so a folder's lie side by side.
fn folder(given: &Given, files_url: Option<&str>, prefix: &str, paths: &[&str], entries: &mut Vec<Entry>) {
    let first_part = |path: &&str| path[prefix.len()..].split_once('/').map(|(name, _)| name.to_owned());
    let (folders, files): (Vec<&str>, Vec<&str>) = paths.iter().partition(|path| first_part(path).is_some());
    for inside in folders.chunk_by(|a, b| first_part(a) == first_part(b)) {
        let name = first_part(&inside[0]).unwrap_or_default();
        let open = inside.iter().any(|path| given.task.is_editable(path));
        let below = format!("{prefix}{name}/");
        entries.push(Entry::Open { name, open });
        folder(given, files_url, &below, inside, entries);
        entries.push(Entry::Close);
    }
    for path in files {
        let (name, path) = (path[prefix.len()..].to_owned(), path.to_owned());
        entries.push(if given.task.is_editable(&path) {
            Entry::Editable { name, path }
        } else {
            let url = match files_url {
                Some(files) => routes::below(files, &path),
                None => routes::variant_file_url(&given.task.id, &path, given.variant.seed),
            };
            Entry::ReadOnly { name, path, url }
        });
    }
}

#[derive(Template)]
#[template(path = "task/file.html")]
struct FileView<'a> {
    path: &'a str,
    editable: bool,
    /// `None` if it is not text.
    code: Option<Html>,
    language: &'static str,
}

#[derive(Template)]
#[template(path = "task/file_page.html")]
struct FilePage<'a> {
    title: &'a str,
    back: &'a str,
    path: &'a str,
    view: Html,
}

/// `GET /tasks/{task}/files/{path}?variant=SEED`
pub async fn file(
    State(site): State<Site>,
    Path((task, path)): Path<(String, String)>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let task = find(&site, &task)?;
    let Some(seed) = asked_variant(asked) else {
        return Ok(Redirect::to(&routes::variant_file_url(&task.id, &path, any_variant())).into_response());
    };
    let given = Given::new(&site, task, seed)?;
    let view = file_view(&given, &path)?;
    let mut response = match Mode::of(&headers) {
        Mode::Fragment => html_response(StatusCode::OK, view),
        Mode::Page => whole_page(&site, &given, &path, view)?,
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("jf-fragment"));
    Ok(response)
}

/// A file of the project, to be read.
///
/// # Errors
/// There is none of that path.
pub fn file_view(given: &Given, path: &str) -> Result<Html, SiteError> {
    let bytes = given.files.get(path).ok_or_else(|| SiteError::NotFound(Missing::File(path.to_owned())))?;
    let language = language(path);
    let code = std::str::from_utf8(bytes).ok().map(|text| Html::from_content(highlight_as(language, text)));
    render(&FileView { path, editable: given.task.is_editable(path), code, language })
}

fn whole_page(site: &Site, given: &Given, path: &str, view: Html) -> Result<Response, SiteError> {
    let title = given.task.manifest.title.as_str();
    let back = routes::variant_url(&given.task.id, given.variant.seed);
    let main = render(&FilePage { title, back: &back, path, view })?;
    Page {
        title: format!("{path} · {title}"),
        description: format!("A file of the project of the task “{title}”."),
        active: Nav::Tasks,
        main,
        next: NextSteps::new(Step::new(back, title, "Back to the task, in the same variant.")).and(Step::tasks()),
        canonical: None,
        editor: false,
    }
    .answer(site)
}

/// By the end of the name.
fn language(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("py") => "python",
        Some("html") => "html",
        Some("sql") => "sql",
        Some("json") => "json",
        Some("css") => "css",
        Some("js") => "javascript",
        Some("md") => "markdown",
        _ => "text",
    }
}
