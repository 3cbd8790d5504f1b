//! For machines: health, robots, the map of the site. For operators: how the items of checks fare, and the work that is done by
//! itself.

pub(crate) mod addresses;
mod fares;
mod items;
mod jobs;

pub(crate) use items::{Operator, freeze, item_form_was_left, items, thaw};
pub(crate) use jobs::{forget_job, job_form_was_left, jobs, jobs_step, retry_job};

use crate::answer;
use crate::error::{Missing, SiteError};
use crate::practice::Practice;
use crate::routes;
use crate::site::Site;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use jobfuture_content::{Library, Status};
use std::fmt::Write as _;

/// `GET /healthz`: the process answers.
pub async fn healthz() -> Response {
    text("alive\n".to_owned(), "no-store")
}

/// `GET /readyz`: what works, a line each. Practice may be off; reading still works, so that is ready too. Strangers
/// can read this, so it names no cause: that is in the log, and `jobfuture doctor` tells it.
pub async fn readyz(State(site): State<Site>) -> Response {
    let practice = match site.practice() {
        Practice::On(judge) if judge.is_well() => "on",
        Practice::On(_) => "on, with faults",
        Practice::Off { .. } => "off",
    };
    text(format!("ready\npages ready-made: {}\npractice: {practice}\n", site.published()), "no-store")
}

/// `GET /robots.txt`
pub async fn robots(State(site): State<Site>) -> Response {
    let mut lines =
        "User-agent: *\nDisallow: /guides/*/search\nDisallow: /tasks/*/files/\nDisallow: /questions/*/proofs/\n"
            .to_owned();
    if let Some(base) = &site.config().base_url {
        let _ = writeln!(lines, "Sitemap: {base}/sitemap.xml\nSitemap: {base}{}", routes::VACANCY_MAP);
    }
    text(lines, "public, max-age=86400")
}

/// `GET /sitemap.xml`: without dates, because none that is known is when a page was changed. Needs the operator to
/// have said under which address the site is known.
pub async fn sitemap(State(site): State<Site>) -> Result<Response, SiteError> {
    let base = site.config().base_url.as_ref().ok_or(SiteError::NotFound(Missing::Page))?;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in public_pages(site.library()) {
        // Ids and the operator's own address hold nothing that XML would take for markup.
        let _ = writeln!(xml, "<url><loc>{base}{path}</loc></url>");
    }
    xml.push_str("</urlset>\n");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, xml).into_response())
}

/// Paths of all pages of the content that are the same for everybody, those that change with the vacancies among them.
pub fn public_pages(library: &Library) -> Vec<String> {
    let mut paths = ready_made_pages(library);
    paths.extend(library.roles.values().map(|role| routes::RoleUrl { role: &role.id }.to_url()));
    paths
}

/// Paths of all pages that are the same for everybody until the content changes.
pub fn ready_made_pages(library: &Library) -> Vec<String> {
    let mut paths: Vec<String> = [
        routes::HOME,
        routes::GUIDES,
        routes::QUESTIONS,
        routes::TASKS,
        routes::ROLES,
        routes::CHECKS,
        routes::VERIFY,
        routes::ABOUT_PRACTICE,
        routes::ABOUT_ACCESSIBILITY,
        routes::ABOUT_LICENCES,
        routes::ABOUT_VACANCIES,
        routes::ABOUT_POOL,
    ]
    .map(str::to_owned)
    .into();
    paths.extend(library.roles.values().map(|role| routes::HiringUrl { role: &role.id }.to_url()));
    paths.extend(library.answers.keys().map(|asker| answer::url(*asker)));
    for check in library.checks.keys() {
        paths.push(routes::CheckUrl { check }.to_url());
    }
    for guide in library.guides.values() {
        paths.push(routes::GuideUrl { guide: &guide.id }.to_url());
        for section in &guide.sections {
            paths.push(routes::SectionUrl { guide: &guide.id, section: &section.id }.to_url());
        }
        for proof in guide.proofs() {
            paths.push(routes::ProofUrl { guide: &guide.id, proof: &proof.id }.to_url());
        }
    }
    paths
}

/// Whether a task or a quick question is open to everybody.
pub fn is_shown(status: Status) -> bool {
    status == Status::Active
}

fn text(body: String, kept: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
    ];
    (headers, body).into_response()
}
