//! `/companies/{company}/vacancies`: a company's own, for its people whose role writes vacancies.

use super::draft::{Draft, MOST_DAYS, Problem, Terms};
use super::form::{FromLine, VacancyForm, read};
use super::store::Vacancy;
use super::terms::{ClosedFor, State};
use crate::answer;
use crate::company::ForCompany;
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, day, render, see};
use crate::practice::Form;
use crate::profile::words_of;
use crate::routes::{
    self, CompanyBoardsUrl, CompanyCandidatesUrl, CompanyVacanciesUrl, OwnVacancyCloseUrl, OwnVacancyUrl, VacancyUrl,
};
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State as With};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jobfuture_codes::Code;
use jobfuture_content::Place;
use jobfuture_disclosure::{Act, AsCompany};
use serde::Deserialize;
use uuid::Uuid;

/// Which of a company's vacancies.
#[derive(Deserialize)]
pub(crate) struct Which {
    vacancy: String,
}

impl Which {
    fn id(&self) -> Result<Uuid, SiteError> {
        Uuid::try_parse(&self.vacancy).map_err(|_| SiteError::NotFound(Missing::Vacancy))
    }
}

#[derive(Template)]
#[template(path = "vacancy/own_list.html")]
struct OwnList<'a> {
    viewer: &'a AsCompany,
    new_url: String,
    boards_url: String,
    groups: Vec<(&'static str, Vec<OwnLine>)>,
}

struct OwnLine {
    title: String,
    url: String,
    facts: Vec<String>,
    /// What waits to be done, if anything.
    waits: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "vacancy/own.html")]
struct OwnVacancy<'a> {
    viewer: &'a AsCompany,
    list_url: String,
    title: String,
    facts: Vec<String>,
    state: State,
    public_url: Option<String>,
    /// People for it; nothing for a closed one and a draft.
    pool_url: Option<String>,
    confirm_url: String,
    close_url: String,
    again_url: String,
    delete_url: String,
    form: Option<Html>,
}

#[derive(Template)]
#[template(path = "vacancy/close.html")]
struct Close {
    title: String,
    url: String,
    reasons: Vec<(&'static str, &'static str)>,
    wrong: bool,
}

fn missing() -> SiteError {
    SiteError::NotFound(Missing::Vacancy)
}

fn today(site: &Site) -> Date {
    site.vacancies().now().to_zoned(TimeZone::UTC).date()
}

fn last_day(today: Date) -> String {
    today.checked_add(MOST_DAYS.days()).unwrap_or(today).to_string()
}

fn list_url(viewer: &AsCompany) -> String {
    CompanyVacanciesUrl { company: &viewer.company().to_string() }.to_url()
}

fn own_url(viewer: &AsCompany, id: Uuid) -> String {
    OwnVacancyUrl { company: &viewer.company().to_string(), vacancy: &id.to_string() }.to_url()
}

fn page(title: &str, main: Html, viewer: &AsCompany) -> Page {
    let candidates = CompanyCandidatesUrl { company: &viewer.company().to_string() }.to_url();
    let next = NextSteps::new(Step::new(list_url(viewer), "Your vacancies", "Drafts, open and closed ones."))
        .and(Step::new(candidates, "Candidates", "Who granted something to the company."))
        .and(Step::new(
            routes::ABOUT_VACANCIES,
            "Rules for vacancies",
            "What every vacancy here says, and what ends one.",
        ));
    Page::unlisted(title, Nav::Company, main, next)
}

/// `GET /companies/{company}/vacancies`
pub(crate) async fn list(With(site): With<Site>, company: ForCompany) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let all = site.vacancies().all_of(viewer).await?;
    let now = site.vacancies().now();
    let line = |vacancy: &Vacancy| OwnLine {
        title: title_of(vacancy),
        url: own_url(viewer, vacancy.id),
        facts: facts(vacancy),
        waits: vacancy.is_due(now).then_some("Confirm that it is still open, or it closes itself."),
    };
    let group = |state: State| all.iter().filter(|one| one.state == state).map(line).collect::<Vec<_>>();
    let groups = vec![("Open", group(State::Open)), ("Drafts", group(State::Draft)), ("Closed", group(State::Closed))];
    let new_url = routes::below(&list_url(viewer), "new");
    let boards_url = CompanyBoardsUrl { company: &viewer.company().to_string() }.to_url();
    let main = render(&OwnList { viewer, new_url, boards_url, groups })?;
    page("Your vacancies", main, viewer).answer_private(&site, StatusCode::OK)
}

fn title_of(vacancy: &Vacancy) -> String {
    let title = vacancy.terms.as_ref().map_or(vacancy.draft.title.trim(), |terms| terms.title.as_str());
    if title.is_empty() { "Without a title".to_owned() } else { title.to_owned() }
}

fn facts(vacancy: &Vacancy) -> Vec<String> {
    let mut facts = Vec::new();
    match (vacancy.state, vacancy.published_at) {
        (State::Draft, _) | (_, None) => facts.push(format!("Begun on {}", day(vacancy.made_at))),
        (_, Some(published)) => facts.push(format!("Published on {}", day(published))),
    }
    if let (Some(first), Some(published)) = (vacancy.first_published_at, vacancy.published_at)
        && first < published
    {
        facts.push(format!("First published on {}", day(first)));
    }
    if let (State::Open, Some(confirmed)) = (vacancy.state, vacancy.confirmed_at) {
        facts.push(format!("Confirmed on {}", day(confirmed)));
        facts
            .extend(vacancy.terms.as_ref().map(|terms| format!("Last day: {}", terms.closes_on.strftime("%-d %B %Y"))));
    }
    if let Some(closed) = vacancy.closed_at {
        let why = vacancy.closed_for.map_or("", ClosedFor::label);
        facts.push(format!("Closed on {}: {why}", day(closed)));
    }
    facts
}

/// `GET /companies/{company}/vacancies/new`
pub(crate) async fn new(With(site): With<Site>, company: ForCompany) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let draft = Draft { opening: "now".to_owned(), headcount: "1".to_owned(), ..Draft::default() };
    let form = blank(&site, viewer, draft);
    show(&site, viewer, "A new vacancy", None, Some(&form))
}

/// `POST /companies/{company}/vacancies/new`
pub(crate) async fn begin(With(site): With<Site>, company: ForCompany, sent: Form) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let draft = read(&sent)?;
    let id = site.vacancies().begin(viewer, &draft).await?;
    if sent.text("do")?.as_deref() == Some("publish") {
        return keep_and_publish(&site, viewer, id, draft).await;
    }
    Ok(see(&own_url(viewer, id)))
}

/// `GET /companies/{company}/vacancies/{vacancy}`
pub(crate) async fn own(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let vacancy = site.vacancies().own(viewer, which.id()?).await?.ok_or_else(missing)?;
    let mut form = form_of(&site, viewer, &vacancy, vacancy.draft.clone());
    if let Some(form) = &mut form {
        form.from = site.boards().of_vacancy(viewer, vacancy.id).await?.map(|from| FromLine::of(viewer, &from));
        if form.from.is_some() && vacancy.state == State::Draft {
            // Nobody typed it, so what is missing is told before anybody asks to publish.
            form.wrong = vacancy.draft.check(&words_of(site.library()), today(&site)).err().unwrap_or_default();
            form.is_told_beforehand = true;
        }
    }
    show(&site, viewer, &title_of(&vacancy), Some(&vacancy), form.as_ref())
}

/// The form of a vacancy, but for a closed one, which is not changed any more.
fn form_of(site: &Site, viewer: &AsCompany, vacancy: &Vacancy, draft: Draft) -> Option<VacancyForm> {
    if vacancy.state == State::Closed {
        return None;
    }
    let words = words_of(site.library());
    let mut form = VacancyForm::new(own_url(viewer, vacancy.id), draft, &words, last_day(today(site)));
    form.version = vacancy.changed_at.to_string();
    form.is_open = vacancy.state == State::Open;
    form.is_verified = viewer.is_verified();
    Some(form)
}

fn show(
    site: &Site,
    viewer: &AsCompany,
    title: &str,
    vacancy: Option<&Vacancy>,
    form: Option<&VacancyForm>,
) -> Result<Response, SiteError> {
    let is_wrong = form.is_some_and(VacancyForm::is_refused);
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let url = vacancy.map(|vacancy| own_url(viewer, vacancy.id)).unwrap_or_default();
    let main = render(&OwnVacancy {
        viewer,
        list_url: list_url(viewer),
        title: title.to_owned(),
        facts: vacancy.map(facts).unwrap_or_default(),
        state: vacancy.map_or(State::Draft, |vacancy| vacancy.state),
        public_url: vacancy
            .filter(|vacancy| vacancy.state != State::Draft)
            .map(|vacancy| VacancyUrl { vacancy: &vacancy.id.to_string() }.to_url()),
        pool_url: vacancy
            .filter(|vacancy| vacancy.state == State::Open && viewer.may(Act::Candidates))
            .and_then(|vacancy| vacancy.terms.as_ref())
            .map(|terms| crate::pool::for_vacancy(&viewer.company().to_string(), terms)),
        confirm_url: format!("{url}/confirm"),
        close_url: format!("{url}/close"),
        again_url: format!("{url}/again"),
        delete_url: vacancy.map(|_| format!("{url}/delete")).unwrap_or_default(),
        form: form.map(render).transpose()?,
    })?;
    let main = answer::with_asked(site, Place::VacancyForm, main)?;
    page(title, main, viewer).answer_private(site, status)
}

/// `POST /companies/{company}/vacancies/{vacancy}`: keeps the text, and publishes it if that was asked.
pub(crate) async fn keep(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    sent: Form,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let draft = read(&sent)?;
    let vacancy = site.vacancies().own(viewer, which.id()?).await?.ok_or_else(missing)?;
    let terms = draft.check(&words_of(site.library()), today(&site));
    if vacancy.state == State::Open
        && let Err(wrong) = &terms
    {
        return show_wrong(&site, viewer, &vacancy, draft, wrong.clone(), None);
    }
    let version = sent.text("version")?.unwrap_or_default().parse();
    let version =
        version.map_err(|_| SiteError::UnreadableForm("The form does not say what it changes.".to_owned()))?;
    let kept = site.vacancies().keep(viewer, vacancy.id, version, &draft, terms.as_ref().ok()).await;
    match kept {
        Ok(Some(())) => {}
        Ok(None) => return Err(missing()),
        Err(SiteError::Refused(says)) => {
            return show_wrong(&site, viewer, &vacancy, draft, Vec::new(), Some(says));
        }
        Err(error) => return Err(error),
    }
    if vacancy.state == State::Draft && sent.text("do")?.as_deref() == Some("publish") {
        return keep_and_publish(&site, viewer, vacancy.id, draft).await;
    }
    site.vacancies().catch_up().await?;
    Ok(see(&own_url(viewer, vacancy.id)))
}

fn show_wrong(
    site: &Site,
    viewer: &AsCompany,
    vacancy: &Vacancy,
    draft: Draft,
    wrong: Vec<Problem>,
    refused: Option<String>,
) -> Result<Response, SiteError> {
    let mut form = form_of(site, viewer, vacancy, draft.clone()).unwrap_or_else(|| blank(site, viewer, draft));
    form.wrong = wrong;
    form.refused = refused;
    show(site, viewer, &title_of(vacancy), Some(vacancy), Some(&form))
}

/// The form of a vacancy that is not there yet.
fn blank(site: &Site, viewer: &AsCompany, draft: Draft) -> VacancyForm {
    let action = routes::below(&list_url(viewer), "new");
    let mut form = VacancyForm::new(action, draft, &words_of(site.library()), last_day(today(site)));
    form.is_verified = viewer.is_verified();
    form
}

/// Publishes a draft that is kept already.
async fn keep_and_publish(site: &Site, viewer: &AsCompany, id: Uuid, draft: Draft) -> Result<Response, SiteError> {
    let terms: Result<Terms, Vec<Problem>> = draft.check(&words_of(site.library()), today(site));
    let (wrong, refused) = match terms {
        Ok(terms) => match site.vacancies().publish(viewer, id, &terms).await {
            Ok(Some(())) => {
                site.vacancies().catch_up().await?;
                return Ok(see(&own_url(viewer, id)));
            }
            Ok(None) => return Err(missing()),
            Err(SiteError::Refused(says)) => (Vec::new(), Some(says)),
            Err(error) => return Err(error),
        },
        Err(wrong) => (wrong, None),
    };
    let vacancy = site.vacancies().own(viewer, id).await?.ok_or_else(missing)?;
    show_wrong(site, viewer, &vacancy, draft, wrong, refused)
}

/// `POST /companies/{company}/vacancies/{vacancy}/confirm`
pub(crate) async fn confirm(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let id = which.id()?;
    if !site.vacancies().confirm(viewer, id).await? {
        return Err(missing());
    }
    site.vacancies().catch_up().await?;
    Ok(see(&own_url(viewer, id)))
}

/// `GET /companies/{company}/vacancies/{vacancy}/close`
pub(crate) async fn confirm_closing(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    show_closing(&site, company.to(Act::Vacancies)?, which.id()?, false).await
}

async fn show_closing(site: &Site, viewer: &AsCompany, id: Uuid, wrong: bool) -> Result<Response, SiteError> {
    let vacancy = site.vacancies().own(viewer, id).await?.filter(|one| one.state == State::Open).ok_or_else(missing)?;
    let url = OwnVacancyCloseUrl { company: &viewer.company().to_string(), vacancy: &id.to_string() }.to_url();
    let reasons = ClosedFor::BY_COMPANY.map(|why| (why.id(), why.label())).to_vec();
    let main = render(&Close { title: title_of(&vacancy), url, reasons, wrong })?;
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page("Close a vacancy", main, viewer).answer_private(site, status)
}

/// `POST /companies/{company}/vacancies/{vacancy}/close`
pub(crate) async fn close(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let id = which.id()?;
    let sent = Form::read(&headers, body, &site.config().practice).await?;
    let why = ClosedFor::parse(&sent.text("why")?.unwrap_or_default());
    let Some(why) = why.filter(|why| ClosedFor::BY_COMPANY.contains(why)) else {
        return show_closing(&site, viewer, id, true).await;
    };
    if !site.vacancies().close(viewer, id, why).await? {
        return Err(missing());
    }
    site.vacancies().catch_up().await?;
    Ok(see(&own_url(viewer, id)))
}

/// `POST /companies/{company}/vacancies/{vacancy}/again`
pub(crate) async fn post_again(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    let id = site.vacancies().post_again(viewer, which.id()?).await?.ok_or_else(missing)?;
    Ok(see(&own_url(viewer, id)))
}

/// `POST /companies/{company}/vacancies/{vacancy}/delete`
pub(crate) async fn delete(
    With(site): With<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    if site.vacancies().drop_draft(viewer, which.id()?).await? { Ok(see(&list_url(viewer))) } else { Err(missing()) }
}

/// `GET` of an address that only takes a form.
pub(crate) async fn form_was_left(company: ForCompany, Path(which): Path<Which>) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Vacancies)?;
    Ok(see(&own_url(viewer, which.id()?)))
}
