//! `/companies/{company}/candidates`: who granted something to this company, and each of them, through the one door.

use super::ForCompany;
use super::ask::{for_companies, page};
use super::home::home_step;
use crate::answer;
use crate::error::{Missing, SiteError};
use crate::page::{Html, NextSteps, Step, render, see};
use crate::practice::Form;
use crate::profile::SeenPart;
use crate::routes::{
    self, CandidateAskUrl, CandidateProofUrl, CandidateUrl, CompanyCandidatesUrl, CompanyHomeUrl,
    CompanyIntroductionUrl, CompanyVacanciesUrl,
};
use crate::signal::download;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_content::Place;
use jobfuture_disclosure::{Act, AsCompany, Asked, CandidateName, Error, Seen};
use serde::Deserialize;

/// Which candidate, and which of their signals.
#[derive(Deserialize)]
pub(crate) struct Which {
    candidate: String,
    #[serde(default)]
    nth: String,
}

#[derive(Template)]
#[template(path = "company/candidates.html")]
struct Candidates<'a> {
    viewer: &'a AsCompany,
    home_url: String,
    cards: Vec<Card>,
}

/// One candidate in the list: their title, and the beginning of what they granted.
struct Card {
    url: String,
    called: String,
    headline: Option<String>,
    signals: Vec<String>,
    purposes: Vec<String>,
}

#[derive(Template)]
#[template(path = "company/candidate.html")]
struct CandidatePage<'a> {
    viewer: &'a AsCompany,
    list_url: String,
    seen: Html,
    ask_url: Option<String>,
    living_url: Option<String>,
}

/// `GET /companies/{company}/candidates`
pub(crate) async fn candidates(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Candidates)?;
    let seen = match viewer.is_verified() {
        true => site.disclosure().list(viewer).await?,
        false => Vec::new(),
    };
    let cards = seen.iter().map(|seen| card(viewer, seen)).collect();
    let home_url = CompanyHomeUrl { company: &viewer.company().to_string() }.to_url();
    let main = render(&Candidates { viewer, home_url, cards })?;
    let main = answer::with_asked(&site, Place::Candidates, main)?;
    let vacancies = CompanyVacanciesUrl { company: &viewer.company().to_string() }.to_url();
    let next = NextSteps::new(home_step(viewer))
        .and(for_companies())
        .and(Step::new(vacancies, "Your vacancies", "Drafts, open and closed ones."))
        .and(Step::new(routes::VERIFY, "Check a credential", "In your own browser, without asking anybody."))
        .and(Step::roles());
    page("Candidates", main, next).answer_private(&site, StatusCode::OK)
}

fn card(viewer: &AsCompany, seen: &Seen) -> Card {
    let headline = seen
        .field(jobfuture_disclosure::Field::Headline)
        .and_then(|value| value.entries().first()?.get("headline").cloned());
    let signals = seen.signals().iter().map(|signal| {
        let says = signal.says();
        format!("{}: at {} or above", says.role.name, says.at_least.name)
    });
    Card {
        url: url(viewer, seen.name()),
        called: seen.called(),
        headline,
        signals: signals.collect(),
        purposes: seen.terms().iter().map(|terms| terms.purpose.clone()).collect(),
    }
}

fn url(viewer: &AsCompany, name: CandidateName) -> String {
    CandidateUrl { company: &viewer.company().to_string(), candidate: &name.to_string() }.to_url()
}

/// `GET /companies/{company}/candidates/{candidate}`. Somebody who granted nothing and somebody who is not there look the same.
pub(crate) async fn candidate(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let none = || SiteError::NotFound(Missing::Page);
    let viewer = company.to(Act::Candidates)?;
    let name = CandidateName::parse(&which.candidate).ok_or_else(none)?;
    let seen = site.disclosure().see(viewer, name).await?.ok_or_else(none)?;
    let mut part = SeenPart::of(&seen, site.library());
    if site.issuer().is_some() {
        part.audience = audience(&site, viewer).await?;
        let company = viewer.company().to_string();
        for (nth, signal) in part.signals.iter_mut().enumerate() {
            let url = CandidateProofUrl { company: &company, candidate: &which.candidate, nth: &nth.to_string() };
            signal.proof_url = Some(url.to_url());
        }
    }
    let list_url = CompanyCandidatesUrl { company: &viewer.company().to_string() }.to_url();
    let id = viewer.company().to_string();
    let may_ask = viewer.may(Act::Introductions);
    let living = site.introductions().living_with(viewer, name).await?.filter(|_| may_ask);
    let living_url =
        living.map(|one| CompanyIntroductionUrl { company: &id, introduction: &one.id.to_string() }.to_url());
    let ask_url = may_ask.then(|| CandidateAskUrl { company: &id, candidate: &which.candidate }.to_url());
    let main =
        render(&CandidatePage { viewer, list_url: list_url.clone(), seen: render(&part)?, ask_url, living_url })?;
    let back = Step::new(list_url, "All who granted you something", "In an order that says nothing.");
    let verify = Step::new(routes::VERIFY, "Check a credential", "In your own browser, without asking anybody.");
    page("A candidate", main, NextSteps::new(back).and(verify).and(Step::roles())).answer_private(&site, StatusCode::OK)
}

/// Who checks a proof: the company's own address.
async fn audience(site: &Site, viewer: &AsCompany) -> Result<Option<String>, SiteError> {
    Ok(site.companies().domain(viewer.company()).await?.map(|domain| format!("https://{domain}")))
}

/// `POST /companies/{company}/candidates/{candidate}/signals/{nth}/proof`
pub(crate) async fn proof(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let none = || SiteError::NotFound(Missing::Page);
    let viewer = company.to(Act::Candidates)?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let name = CandidateName::parse(&which.candidate).ok_or_else(none)?;
    let nth = which.nth.parse().map_err(|_| none())?;
    let issuer = site.issuer().ok_or_else(none)?;
    let audience = audience(&site, viewer).await?.ok_or_else(none)?;
    let nonce = form.text("nonce")?.unwrap_or_default();
    if !(8..=200).contains(&nonce.trim().len()) {
        let why =
            "Write a text of between 8 and 200 characters that nobody can guess, and keep it: the proof answers it.";
        return Err(SiteError::UnreadableForm(why.to_owned()));
    }
    let asked = Asked { audience: &audience, nonce: nonce.trim() };
    match site.disclosure().prove_to(viewer, name, nth, asked, &issuer).await {
        Ok(Some(text)) => Ok(download("credential.txt", "text/plain; charset=utf-8", text)),
        Ok(None) => Err(none()),
        Err(Error::Refused(says)) => Err(SiteError::UnreadableForm(says)),
        Err(error) => Err(error.into()),
    }
}

/// `GET` of the address that only takes the form.
pub(crate) async fn form_was_left(company: ForCompany, Path(which): Path<Which>) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Candidates)?;
    let name = CandidateName::parse(&which.candidate).ok_or(SiteError::NotFound(Missing::Page))?;
    Ok(see(&url(viewer, name)))
}
