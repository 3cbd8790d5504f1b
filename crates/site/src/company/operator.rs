//! `/operator/companies`: which are verified. For operators; to everybody else there is no such page.

use super::CompanyEntry;
use crate::error::{Missing, SiteError};
use crate::operator::{Operator, jobs_step};
use crate::page::{Nav, NextSteps, Page, Step, render, see};
use crate::profile::day;
use crate::routes::{self, CompanyUnverifyUrl, CompanyVerifyUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "company/operator.html")]
struct List {
    companies: Vec<Line>,
}

struct Line {
    entry: CompanyEntry,
    state: String,
    verify_url: String,
    unverify_url: Option<String>,
    asked: String,
}

/// `GET /operator/companies`
pub(crate) async fn list(State(site): State<Site>, _: Operator) -> Result<Response, SiteError> {
    let now = site.disclosure().now();
    let lines = site.companies().all().await?.into_iter().map(|entry| {
        let id = entry.id.to_string();
        let until = entry.verified_until.filter(|until| *until > now);
        Line {
            state: match until {
                Some(until) => format!("Verified until {}", day(until)),
                None if entry.verified_until.is_some() => "Its verification has run out".to_owned(),
                None => "Waits".to_owned(),
            },
            verify_url: CompanyVerifyUrl { company: &id }.to_url(),
            unverify_url: until.map(|_| CompanyUnverifyUrl { company: &id }.to_url()),
            asked: day(entry.made_at),
            entry,
        }
    });
    let main = render(&List { companies: lines.collect() })?;
    let next = NextSteps::new(Step::new(routes::OUTBOX, "Outbox", "Letters of this instance, sent and waiting."))
        .and(Step::new(routes::OPERATOR_ITEMS, "Items of checks", "How they fare; freezing one."))
        .and(jobs_step())
        .and(Step::new(routes::ACCOUNT, "Your account", "Name, password, browsers."));
    let page = Page {
        title: "Companies".to_owned(),
        description: "Companies".to_owned(),
        active: Nav::Account,
        main,
        next,
        canonical: None,
        editor: false,
    };
    page.answer_private(&site, StatusCode::OK)
}

/// `POST /operator/companies/{company}/verify`
pub(crate) async fn verify(
    State(site): State<Site>,
    _: Operator,
    Path(company): Path<String>,
) -> Result<Response, SiteError> {
    let was_there = site.companies().verify(parse(&company)?).await?;
    answer(was_there)
}

/// `POST /operator/companies/{company}/unverify`
pub(crate) async fn unverify(
    State(site): State<Site>,
    _: Operator,
    Path(company): Path<String>,
) -> Result<Response, SiteError> {
    let was_there = site.companies().unverify(parse(&company)?).await?;
    answer(was_there)
}

fn parse(company: &str) -> Result<Uuid, SiteError> {
    Uuid::try_parse(company).map_err(|_| SiteError::NotFound(Missing::Page))
}

fn answer(was_there: bool) -> Result<Response, SiteError> {
    if was_there { Ok(see(routes::OPERATOR_COMPANIES)) } else { Err(SiteError::NotFound(Missing::Page)) }
}

/// `GET` of an address that only takes forms.
pub(crate) async fn form_was_left(_: Operator) -> Response {
    see(routes::OPERATOR_COMPANIES)
}
