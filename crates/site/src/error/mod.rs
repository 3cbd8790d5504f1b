//! What goes wrong, said so that the reader knows what to do, and leading on.
//!
//! A handler returns a [`SiteError`]. It travels as an extension of an empty response to [`render_errors`], which
//! knows the request: as a page with the shell, or as a fragment for a script.

use crate::page::{Html, Nav, NextSteps, Page, Step, html_response, render};
use crate::practice::Mode;
use crate::site::Site;
use crate::{answer, operator, question, routes};
use askama::Template;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, Uri, header};
use jobfuture_disclosure::{Act, MemberRole};
use tower_http::csrf::ProtectionError;
use uuid::Uuid;

mod words;

pub use words::size;

/// What is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// No such address.
    Page,
    /// No such guide.
    Guide,
    /// No such section in a guide that is there.
    Section,
    /// No such proof in a guide that is there.
    Proof,
    /// No such quick question, or none that is shown.
    Question,
    /// No proof of this name in a quick question.
    QuestionProof,
    /// What stands for a variant is none.
    Variant,
    /// No such task.
    Task,
    /// No such role.
    Role,
    /// No such skill check.
    Check,
    /// No such check of this person's, or nothing of that kind in it. The same for whoever may not see it.
    Attempt,
    /// No such vacancy, or none that this reader may see.
    Vacancy,
    /// A version that the content no longer has.
    Replaced,
    /// No such file in a task's project.
    File(String),
}

/// The id that stands in an address. What is none leads nowhere, as an id does of which there is nothing.
pub(crate) fn id_in(address: &str) -> Result<Uuid, SiteError> {
    Uuid::try_parse(address).map_err(|_| SiteError::NotFound(Missing::Page))
}

/// Why a request is not answered as asked. Texts are fit for the reader.
#[derive(Debug, Clone)]
pub enum SiteError {
    /// 404
    NotFound(Missing),
    /// 405
    MethodNotAllowed,
    /// 403: the form was sent from another site.
    CrossSite,
    /// 403: the person acts for this company, but their role does not do this.
    NotYourRole {
        /// What they were about to do.
        act: Act,
        /// As what they act for it.
        role: MemberRole,
    },
    /// 400: the form cannot be read; why.
    UnreadableForm(String),
    /// 408: the form did not arrive in time.
    Slow,
    /// 413: what is too large, and how large it may be.
    TooLarge {
        /// `The file catalog/api.py`, `What was sent`.
        what: String,
        /// Its size in bytes, where known.
        bytes: Option<u64>,
        /// The limit in bytes.
        limit: usize,
    },
    /// 422: read, but cannot be run; what is wrong and how to mend it.
    Refused(String),
    /// 429: too many runs from one address.
    TooMany {
        /// Which limit was reached.
        says: String,
        /// Seconds until it may be tried again.
        retry_after: u64,
    },
    /// 503: too many runs from everybody.
    Busy {
        /// Seconds until it may be tried again.
        retry_after: u64,
    },
    /// 503: this instance cannot run code; why.
    PracticeOff(String),
    /// 500: the cause is in the log.
    Internal,
}

impl SiteError {
    /// Logs a cause that is not the reader's.
    pub fn internal(at: &str, cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "{at} failed");
        Self::Internal
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::CrossSite | Self::NotYourRole { .. } => StatusCode::FORBIDDEN,
            Self::UnreadableForm(_) => StatusCode::BAD_REQUEST,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy { .. } | Self::PracticeOff(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// `Retry-After`, in seconds.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { retry_after, .. } | Self::Busy { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// The error as a part of a page, without links.
    pub fn fragment(&self) -> Result<Html, Self> {
        render(&Fragment { error: self })
    }
}

impl From<jobfuture_disclosure::Error> for SiteError {
    fn from(error: jobfuture_disclosure::Error) -> Self {
        match error {
            jobfuture_disclosure::Error::Refused(says) => Self::UnreadableForm(says),
            error => Self::internal("the door", &error),
        }
    }
}

impl IntoResponse for SiteError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error/fragment.html")]
struct Fragment<'a> {
    error: &'a SiteError,
}

#[derive(Template)]
#[template(path = "error/page.html")]
struct ErrorPage<'a> {
    error: &'a SiteError,
}

/// Turns the errors that handlers and layers left in responses into what the reader sees.
pub async fn render_errors(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mode = Mode::of(request.headers());
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if !holds_an_error(&response) {
        return response;
    }
    let (parts, _) = response.into_parts();
    let error = parts.extensions.get::<SiteError>().cloned().unwrap_or(SiteError::CrossSite);
    let rendered = match mode {
        Mode::Fragment => error.fragment().map(|html| html_response(error.status(), html)),
        Mode::Page => page(&site, &error, &path),
    };
    let mut response = rendered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = parts.headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn holds_an_error(response: &Response) -> bool {
    let extensions = response.extensions();
    extensions.get::<SiteError>().is_some() || extensions.get::<ProtectionError>().is_some()
}

fn page(site: &Site, error: &SiteError, path: &str) -> Result<Response, SiteError> {
    let page = Page {
        title: error.title().to_owned(),
        description: error.title().to_owned(),
        active: if path.starts_with(routes::GUIDES) {
            Nav::Guides
        } else if path.starts_with(routes::QUESTIONS) {
            Nav::Questions
        } else if path.starts_with(routes::TASKS) {
            Nav::Tasks
        } else if path.starts_with(routes::CHECKS) || path.starts_with(routes::ATTEMPTS) {
            Nav::Checks
        } else if path.starts_with(routes::VACANCIES) {
            Nav::Vacancies
        } else {
            Nav::Elsewhere
        },
        main: render(&ErrorPage { error })?,
        next: ways_on(site, path),
        canonical: None,
        editor: false,
    };
    page.answer_with(site, error.status())
}

/// Back to what the address lies in, if that is there, and to the lists.
fn ways_on(site: &Site, path: &str) -> NextSteps {
    let mut parts = path.split('/').skip(1);
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let library = site.library();
    let start = match first {
        "guides" => library
            .guides
            .get(second)
            .map(|guide| Step::new(routes::GuideUrl { guide: &guide.id }.to_url(), &guide.title, "Its contents.")),
        "questions" => question::find(library, second).map(|question| {
            Step::new(routes::QuickUrl { question: &question.id }.to_url(), question.title(), "Back to the question.")
        }),
        "tasks" => library.tasks.get(second).filter(|task| operator::is_shown(task.manifest.status)).map(|task| {
            Step::new(routes::TaskUrl { task: &task.id }.to_url(), &task.manifest.title, "Back to the task.")
        }),
        "checks" => Some(Step::checks()),
        "vacancies" => Some(Step::vacancies()),
        // Also for somebody who is signed in: what is not theirs is not there.
        "attempts" => {
            Some(Step::new(routes::ATTEMPTS, "Your checks", "Sign in first if this browser is not signed in."))
        }
        "companies" => Some(Step::new(routes::COMPANIES, "For companies", "Yours, and what companies may see here.")),
        "answers" => answer::pages(library).next().map(|(url, title)| Step::new(url, title, "With answers.")),
        _ => None,
    };
    let lists = [Step::guides(), Step::questions(), Step::tasks(), Step::home()];
    lists.into_iter().fold(NextSteps::new(start.unwrap_or_else(Step::guides)), NextSteps::and)
}

/// No route has this address. With a slash too many at its end it leads to the one without.
pub async fn not_found(uri: Uri) -> Result<Redirect, SiteError> {
    let bare = uri.path().trim_end_matches('/');
    // `//elsewhere.example/` would lead to another site.
    let is_ours = bare.starts_with('/') && !bare.starts_with("//");
    if is_ours && bare.len() < uri.path().len() {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return Ok(Redirect::permanent(&format!("{bare}{query}")));
    }
    Err(SiteError::NotFound(Missing::Page))
}

/// A route has this address, but not for this method.
pub async fn method_not_allowed() -> SiteError {
    SiteError::MethodNotAllowed
}
