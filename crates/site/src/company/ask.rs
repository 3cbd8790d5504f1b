//! `/companies`: what companies may see here, how to begin, and one's own.

use super::NewCompany;
use crate::account::{MaybeSession, Session};
use crate::answer;
use crate::error::SiteError;
use crate::page::{Nav, NextSteps, Page, Step, render, see};
use crate::practice::Form;
use crate::profile::words_of;
use crate::routes::{self, CompanyHomeUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_content::Place;

#[derive(Template)]
#[template(path = "company/companies.html")]
struct CompaniesPage {
    mine: Vec<(String, String, String)>,
    is_signed_in: bool,
}

#[derive(Template)]
#[template(path = "company/ask.html")]
struct Ask {
    name: String,
    domain: String,
    about: String,
    roles: Vec<(String, String, bool)>,
    wrong: Option<String>,
}

/// `GET /companies`
pub(crate) async fn companies(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
) -> Result<Response, SiteError> {
    let mine = match &session {
        Some(session) => site.disclosure().companies_of(session.owner().key()).await?,
        None => Vec::new(),
    };
    let mine: Vec<_> = mine
        .iter()
        .map(|one| {
            let url = CompanyHomeUrl { company: &one.company().to_string() }.to_url();
            let state = if one.is_verified() { "Verified" } else { "Not verified" };
            let state = format!("{state}. You act for it as {}.", one.role().name().to_lowercase());
            (url, one.name().to_owned(), state)
        })
        .collect();
    let main = render(&CompaniesPage { mine, is_signed_in: session.is_some() })?;
    let main = answer::with_asked(&site, Place::Companies, main)?;
    let next = NextSteps::new(Step::new(
        routes::COMPANY_NEW,
        "Ask for a company account",
        "Yours by its domain, once you have shown it.",
    ))
    .and(Step::new(routes::COMPANY_LIST, "Companies", "That have shown who they are."))
    .and(Step::new(routes::ABOUT_POOL, "How the pool works", "Who is found, by whom, and in which order."))
    .and(Step::new(routes::VERIFY, "Check a credential", "In your own browser, without asking anybody."))
    .and(Step::roles())
    .and(Step::guides());
    let next = crate::role::hiring_steps(site.library().roles.values(), next);
    page("For companies", main, next).answer_private(&site, StatusCode::OK)
}

/// `GET /companies/new`
pub(crate) async fn company_form(State(site): State<Site>, _: Session) -> Result<Response, SiteError> {
    let words = words_of(site.library());
    let roles = words.roles.into_iter().map(|(id, name)| (id, name, false)).collect();
    let none = String::new;
    show(&site, Ask { name: none(), domain: none(), about: none(), roles, wrong: None })
}

/// `POST /companies/new`
pub(crate) async fn ask(State(site): State<Site>, session: Session, form: Form) -> Result<Response, SiteError> {
    let text = |name: &str| form.text(name).map(Option::unwrap_or_default);
    let (name, domain, about, chosen) = (text("name")?, text("domain")?, text("about")?, form.all("role")?);
    let words = words_of(site.library());
    let known: Vec<String> = words.roles.iter().map(|(id, _)| id.clone()).collect();
    let asked = match NewCompany::check(&name, &domain, &about, &chosen, &known) {
        Ok(new) => site.companies().ask(session.owner(), new).await,
        Err(wrong) => Err(SiteError::Refused(wrong)),
    };
    match asked {
        Ok(id) => Ok(see(&CompanyHomeUrl { company: &id.to_string() }.to_url())),
        Err(SiteError::Refused(wrong)) => {
            let roles = words.roles.into_iter().map(|(id, name)| {
                let is_chosen = chosen.contains(&id);
                (id, name, is_chosen)
            });
            show(&site, Ask { name, domain, about, roles: roles.collect(), wrong: Some(wrong) })
        }
        Err(error) => Err(error),
    }
}

fn show(site: &Site, form: Ask) -> Result<Response, SiteError> {
    let status = if form.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let next = NextSteps::new(for_companies()).and(Step::roles());
    let main = answer::with_asked(site, Place::CompanyNew, render(&form)?)?;
    page("Ask for a company account", main, next).answer_private(site, status)
}

pub(super) fn for_companies() -> Step {
    Step::new(routes::COMPANIES, "For companies", "Who may see candidates here, and how to begin.")
}

pub(crate) fn page(title: &str, main: crate::page::Html, next: NextSteps) -> Page {
    Page::unlisted(title, Nav::Company, main, next)
}
