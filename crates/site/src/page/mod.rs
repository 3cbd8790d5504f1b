//! What every page has: the shell around it, and somewhere to go next.

mod code;
mod html;
mod listed;
mod next;
mod reader;
mod text;
mod time;

pub(crate) use code::highlighted_content;
pub use html::{Html, render};
pub(crate) use listed::listed;
pub use next::{NextSteps, Step};
pub(crate) use reader::{ActsFor, Reader, read_by, with_reader};
pub use text::Text;
pub(crate) use time::{day, moment};

use crate::answer;
use crate::error::SiteError;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};

/// Which part of the site a page belongs to; marked in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    /// None of the parts below.
    Elsewhere,
    /// The guides.
    Guides,
    /// The quick questions.
    Questions,
    /// The tasks.
    Tasks,
    /// Roles and their levels.
    Roles,
    /// Skill checks.
    Checks,
    /// Vacancies.
    Vacancies,
    /// How practice works.
    Practice,
    /// What waits for oneself.
    You,
    /// A company that one acts for.
    Company,
    /// One's own account.
    Account,
}

/// A page, whole but for the shell.
#[derive(Debug)]
pub struct Page {
    /// Without the product's name.
    pub title: String,
    /// One sentence, for lists of search results.
    pub description: String,
    /// Marked in the navigation.
    pub active: Nav,
    /// The content of `<main>`.
    pub main: Html,
    /// Where one goes from here.
    pub next: NextSteps,
    /// Path to be known by; `None` for pages that search engines should leave out.
    pub canonical: Option<String>,
    /// Whether code is edited here, so that the editor is fetched early.
    pub editor: bool,
}

impl Page {
    /// One that search engines leave out, so that its title is all that is said of it.
    pub fn unlisted(title: &str, active: Nav, main: Html, next: NextSteps) -> Self {
        let (title, description) = (title.to_owned(), title.to_owned());
        Self { title, description, active, main, next, canonical: None, editor: false }
    }

    /// Puts the shell around the page.
    pub fn answer(self, site: &Site) -> Result<Response, SiteError> {
        self.answer_with(site, StatusCode::OK)
    }

    /// For one person's eyes: kept by no browser and no cache.
    pub fn answer_private(self, site: &Site, status: StatusCode) -> Result<Response, SiteError> {
        let shell = Shell { page: &self, site, reader: reader::reader() };
        let mut response = html_response(status, render(&shell)?);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }

    /// For everybody, under another status: whoever reads it, it is the same.
    pub fn answer_with(self, site: &Site, status: StatusCode) -> Result<Response, SiteError> {
        Ok(html_response(status, render(&Shell { page: &self, site, reader: Reader::Stranger })?))
    }
}

/// To another page of one person's, by GET.
pub(crate) fn see(path: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// HTML as a response that a browser asks for again.
pub fn html_response(status: StatusCode, html: Html) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (status, headers, html.into_string()).into_response()
}

#[derive(Template)]
#[template(path = "page/shell.html")]
struct Shell<'a> {
    page: &'a Page,
    site: &'a Site,
    reader: Reader,
}

impl Shell<'_> {
    fn canonical(&self) -> Option<String> {
        let base = self.site.config().base_url.as_ref()?;
        self.page.canonical.as_ref().map(|path| format!("{base}{path}"))
    }

    fn nav(&self) -> Vec<(String, &'static str, bool)> {
        let parts = [
            (routes::GUIDES, "Guides", Nav::Guides),
            (routes::QUESTIONS, "Questions", Nav::Questions),
            (routes::TASKS, "Tasks", Nav::Tasks),
            (routes::ROLES, "Roles", Nav::Roles),
            (routes::CHECKS, "Skill check", Nav::Checks),
            (routes::VACANCIES, "Vacancies", Nav::Vacancies),
        ];
        let parts = parts.map(|(url, title, nav)| (url.to_owned(), title, nav));
        let account = (routes::ACCOUNT.to_owned(), "Your account", Nav::Account);
        let all = parts.into_iter().chain(self.reader.own_parts()).chain([account]);
        all.map(|(url, title, nav)| (url, title, self.page.active == nav)).collect()
    }

    fn next_steps(&self) -> Vec<&Step> {
        self.page.next.away(reader::is_here)
    }

    fn footer(&self) -> Vec<(String, &'static str)> {
        let about = [
            (routes::COMPANIES, "For companies"),
            (routes::VERIFY, "Check a credential"),
            (routes::ABOUT_PRACTICE, "What practice stores and limits"),
            (routes::ABOUT_ACCESSIBILITY, "Accessibility"),
            (routes::ABOUT_LICENCES, "Licences"),
        ];
        let about = about.map(|(url, title)| (url.to_owned(), title));
        answer::pages(self.site.library()).chain(about).collect()
    }
}
