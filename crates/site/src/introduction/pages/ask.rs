//! `/companies/{company}/candidates/{candidate}/ask`: a company asks somebody whom it sees, about one of its open vacancies.

use super::{Eyes, page};
use crate::company::ForCompany;
use crate::error::{Missing, SiteError};
use crate::introduction::begin::{LONGEST_LETTER, LONGEST_WHY};
use crate::introduction::{Fault, NewRequest};
use crate::page::{Html, render, see};
use crate::practice::Form;
use crate::profile::SeenPart;
use crate::routes::{CandidateAskUrl, CandidateUrl, CompanyCandidatesUrl, CompanyVacanciesUrl};
use crate::site::Site;
use crate::vacancy::{State, Vacancy};
use askama::Template;
use axum::extract::{Path, Query, State as With};
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::{Act, AsCompany, CandidateName, Seen};
use serde::Deserialize;
use uuid::Uuid;

/// Whom.
#[derive(Deserialize)]
pub(crate) struct Whom {
    candidate: String,
}

/// About which vacancy.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    vacancy: String,
}

#[derive(Template)]
#[template(path = "introduction/pages/ask.html")]
struct Ask {
    candidates_url: String,
    candidate_url: String,
    url: String,
    called: String,
    seen: Option<Html>,
    /// What can be chosen: address, title, pay.
    vacancies: Vec<(String, String, String)>,
    vacancies_url: String,
    chosen: Option<Offer>,
    no_room: Option<String>,
    room: String,
    /// The conversation that there is already.
    living_url: Option<String>,
    why: String,
    next: String,
    most_why: usize,
    most_next: usize,
    wrong: Option<String>,
}

/// What is offered: what is paid comes first.
struct Offer {
    id: String,
    title: String,
    pay: String,
    place: String,
}

/// What stands in the form.
#[derive(Default)]
struct Request {
    vacancy: String,
    why: String,
    /// What happens next; nothing until somebody wrote it.
    next: Option<String>,
    wrong: Option<(StatusCode, String)>,
}

fn none() -> SiteError {
    SiteError::NotFound(Missing::Page)
}

/// `GET /companies/{company}/candidates/{candidate}/ask`
pub(crate) async fn request_form(
    With(site): With<Site>,
    company: ForCompany,
    Path(whom): Path<Whom>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, SiteError> {
    let request = Request { vacancy: chosen.vacancy, ..Request::default() };
    form(&site, &company, &whom, request).await
}

/// Those that may be asked about: open ones, with what they pay.
async fn open_ones(site: &Site, viewer: &AsCompany) -> Result<Vec<Vacancy>, SiteError> {
    let now = site.introductions().now();
    let all = site.vacancies().all_of(viewer).await?;
    let is_open =
        |one: &Vacancy| one.state == State::Open && one.terms.is_some() && one.closes_at.is_some_and(|at| at > now);
    Ok(all.into_iter().filter(is_open).collect())
}

async fn form(site: &Site, company: &ForCompany, whom: &Whom, request: Request) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Introductions)?;
    let name = CandidateName::parse(&whom.candidate).ok_or_else(none)?;
    let seen = site.disclosure().see(viewer, name).await?;
    // Whoever is told that the company is not verified keeps what they typed, and sees nobody.
    if seen.is_none() && (viewer.is_verified() || request.wrong.is_none()) {
        return Err(none());
    }
    let eyes = Eyes::of(company)?;
    let id = viewer.company().to_string();
    let url = CandidateAskUrl { company: &id, candidate: &whom.candidate }.to_url();
    let open = open_ones(site, viewer).await?;
    let chosen = match open.as_slice() {
        [only] if request.vacancy.is_empty() => Some(only),
        all => all.iter().find(|one| one.id.to_string() == request.vacancy),
    };
    let room = site.introductions().room_of_company(viewer).await?;
    let living = site.introductions().living_with(viewer, name).await?;
    let process = chosen.and_then(|one| one.terms.as_ref()).map(|terms| terms.process.clone()).unwrap_or_default();
    let offer = chosen.and_then(|one| {
        let terms = one.terms.as_ref()?;
        let (title, pay) = (terms.title.clone(), terms.pay.words());
        Some(Offer { id: one.id.to_string(), title, pay, place: crate::vacancy::place_of(terms) })
    });
    let others = open.iter().filter_map(|one| {
        let terms = one.terms.as_ref()?;
        Some((format!("{url}?vacancy={}", one.id), terms.title.clone(), terms.pay.words()))
    });
    let (status, wrong) = request.wrong.unzip();
    let main = render(&Ask {
        candidates_url: CompanyCandidatesUrl { company: &id }.to_url(),
        candidate_url: CandidateUrl { company: &id, candidate: &whom.candidate }.to_url(),
        called: seen.as_ref().map_or_else(|| format!("Candidate {}", name.short()), Seen::called),
        seen: seen.map(|seen| render(&SeenPart::of(&seen, site.library()))).transpose()?,
        vacancies: others.collect(),
        vacancies_url: CompanyVacanciesUrl { company: &id }.to_url(),
        chosen: offer,
        no_room: room.of_requests(),
        room: format!(
            "{} of {} requests of your company wait; {} of {} were begun within 24 hours.",
            room.waiting, room.most, room.today, room.most_a_day
        ),
        living_url: living.map(|one| eyes.url(one.id)),
        why: request.why,
        next: request.next.unwrap_or(process),
        most_why: LONGEST_WHY,
        most_next: LONGEST_LETTER,
        wrong,
        url,
    })?;
    page(eyes, "Ask for an introduction", main).answer_private(site, status.unwrap_or(StatusCode::OK))
}

/// `POST /companies/{company}/candidates/{candidate}/ask`
pub(crate) async fn request(
    With(site): With<Site>,
    company: ForCompany,
    Path(whom): Path<Whom>,
    sent: Form,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Introductions)?;
    let text = |name| sent.text(name).map(Option::unwrap_or_default);
    let (vacancy, why, next) = (text("vacancy")?, text("why")?, text("next")?);
    let name = CandidateName::parse(&whom.candidate).ok_or_else(none)?;
    let new =
        NewRequest { vacancy: Uuid::try_parse(&vacancy).unwrap_or_default(), why: why.clone(), next: next.clone() };
    let eyes = Eyes::of(&company)?;
    match site.introductions().begin_request(viewer, company.session().owner(), name, new).await {
        Ok(begun) => Ok(see(&eyes.url(begun.id))),
        Err(Fault::Missing) => Err(none()),
        Err(fault) => {
            let wrong = Some(fault.told()?);
            form(&site, &company, &whom, Request { vacancy, why, next: Some(next), wrong }).await
        }
    }
}
