//! `/operator/companies`: which are verified, and by what. For operators; to everybody else there is no such page.

use super::home::state;
use super::proofs::Line;
use super::{CompanyEntry, CompanyWords};
use crate::account::{Session, Token, whole_url};
use crate::error::{Missing, SiteError, id_in};
use crate::operator::{Operator, jobs_step};
use crate::page::{Html, Nav, NextSteps, Page, Step, day, render, see};
use crate::practice::Form;
use crate::routes::{
    self, CompanyLiftUrl, CompanyOwnerUrl, CompanySuspendUrl, CompanyUnverifyUrl, CompanyUrl, CompanyVerifyUrl,
    InvitationUrl, OperatorCompanyUrl,
};
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_disclosure::MemberRole;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "company/operator.html")]
struct List {
    companies: Vec<ListLine>,
}

struct ListLine {
    entry: CompanyEntry,
    state: String,
    url: String,
    verify_url: String,
    unverify_url: Option<String>,
    asked: String,
}

#[derive(Template)]
#[template(path = "company/operator_one.html")]
struct One {
    words: CompanyWords,
    state: String,
    proofs: Vec<Line>,
    public_url: Option<String>,
    verify_url: String,
    unverify_url: Option<String>,
    suspend_url: String,
    lift_url: Option<String>,
    /// Where an owner is invited, for one that has none any more.
    owner_url: Option<String>,
    email: String,
    told: Option<&'static str>,
    wrong: Option<String>,
}

/// What a page says beside what it always says.
#[derive(Default)]
struct Said {
    told: Option<&'static str>,
    wrong: Option<String>,
    /// The address that was typed.
    email: String,
}

/// `GET /operator/companies`
pub(crate) async fn list(State(site): State<Site>, _: Operator) -> Result<Response, SiteError> {
    let now = site.disclosure().now();
    let lines = site.companies().all().await?.into_iter().map(|entry| {
        let id = entry.id.to_string();
        let until = entry.verified_until.filter(|until| *until > now);
        ListLine {
            state: match (entry.suspended_at, until) {
                (Some(at), _) => format!("Suspended since {}", day(at)),
                (None, Some(until)) => format!("Verified until {}", day(until)),
                (None, None) if entry.verified_until.is_some() => "No longer verified".to_owned(),
                (None, None) => "Waits".to_owned(),
            },
            url: OperatorCompanyUrl { company: &id }.to_url(),
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
    page("Companies", main, next).answer_private(&site, StatusCode::OK)
}

fn page(title: &str, main: Html, next: NextSteps) -> Page {
    Page::unlisted(title, Nav::Account, main, next)
}

/// `GET /operator/companies/{company}`
pub(crate) async fn one(
    State(site): State<Site>,
    _: Operator,
    Path(company): Path<String>,
) -> Result<Response, SiteError> {
    show(&site, id_in(&company)?, Said::default()).await
}

async fn show(site: &Site, company: Uuid, said: Said) -> Result<Response, SiteError> {
    let words = site.companies().words(company).await?.ok_or(SiteError::NotFound(Missing::Page))?;
    let (now, id) = (site.disclosure().now(), company.to_string());
    let proofs = site.companies().proofs(company).await?;
    let is_reviewed = proofs.iter().any(|proof| proof.method == super::Method::Review && proof.holds(now));
    let is_verified = words.suspended_at.is_none() && words.verified_until.is_some_and(|until| until > now);
    let head_count = site.companies().head_count(company).await?;
    let has_owner = head_count.iter().any(|(role, count)| *role == MemberRole::Owner && *count > 0);
    let Said { told, wrong, email } = said;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&One {
        state: state(&words, now),
        proofs: proofs.iter().map(|proof| Line::of(proof, now)).collect(),
        public_url: is_verified.then(|| CompanyUrl { domain: &words.domain }.to_url()),
        verify_url: CompanyVerifyUrl { company: &id }.to_url(),
        unverify_url: is_reviewed.then(|| CompanyUnverifyUrl { company: &id }.to_url()),
        suspend_url: CompanySuspendUrl { company: &id }.to_url(),
        lift_url: words.suspended_at.map(|_| CompanyLiftUrl { company: &id }.to_url()),
        owner_url: (!has_owner).then(|| CompanyOwnerUrl { company: &id }.to_url()),
        email,
        told,
        words,
        wrong,
    })?;
    let next = NextSteps::new(Step::new(routes::OPERATOR_COMPANIES, "Companies", "All of this instance."))
        .and(Step::new(routes::OUTBOX, "Outbox", "Letters of this instance, sent and waiting."));
    page("A company", main, next).answer_private(site, status)
}

/// The note of a form; a form without one has none.
async fn note(site: &Site, headers: &HeaderMap, body: Body) -> Result<String, SiteError> {
    Ok(Form::read(headers, body, &site.config().practice).await?.text("note")?.unwrap_or_default())
}

/// `POST /operator/companies/{company}/verify`: a review.
pub(crate) async fn verify(
    State(site): State<Site>,
    _: Operator,
    session: Session,
    Path(company): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let (company, note) = (id_in(&company)?, note(&site, &headers, body).await?);
    let done = site.companies().verify(company, &note).await;
    answer(&site, &session, company, done, "reviewed a company").await
}

/// `POST /operator/companies/{company}/unverify`
pub(crate) async fn unverify(
    State(site): State<Site>,
    _: Operator,
    session: Session,
    Path(company): Path<String>,
) -> Result<Response, SiteError> {
    let company = id_in(&company)?;
    let done = site.companies().unverify(company).await;
    answer(&site, &session, company, done, "took the review of a company back").await
}

/// `POST /operator/companies/{company}/suspend`
pub(crate) async fn suspend(
    State(site): State<Site>,
    _: Operator,
    session: Session,
    Path(company): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let (company, note) = (id_in(&company)?, note(&site, &headers, body).await?);
    let done = site.companies().suspend(company, &note).await;
    answer(&site, &session, company, done, "suspended a company").await
}

/// `POST /operator/companies/{company}/lift`
pub(crate) async fn lift(
    State(site): State<Site>,
    _: Operator,
    session: Session,
    Path(company): Path<String>,
) -> Result<Response, SiteError> {
    let company = id_in(&company)?;
    let done = site.companies().lift(company).await;
    answer(&site, &session, company, done, "lifted the suspension of a company").await
}

/// `POST /operator/companies/{company}/owner`: invites an owner, for a company whose last one is gone.
pub(crate) async fn invite_owner(
    State(site): State<Site>,
    _: Operator,
    session: Session,
    Path(company): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let company = id_in(&company)?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let email = form.text("email")?.unwrap_or_default();
    site.companies().words(company).await?.ok_or(SiteError::NotFound(Missing::Page))?;
    let head_count = site.companies().head_count(company).await?;
    if head_count.iter().any(|(role, count)| *role == MemberRole::Owner && *count > 0) {
        let wrong = "It has an owner, who invites whom they like. Nobody was invited.".to_owned();
        return show(&site, company, Said { wrong: Some(wrong), email, told: None }).await;
    }
    let link = |token: &Token| whole_url(&site, &headers, &InvitationUrl { token: token.secret() }.to_url());
    match site.companies().invite(session.owner(), company, &email, MemberRole::Owner, link).await? {
        Ok(()) => {
            let account = session.owner().account();
            site.accounts().note(account, "invited an owner of a company", &company.to_string()).await?;
            show(&site, company, Said { told: Some("A letter is on its way."), ..Said::default() }).await
        }
        Err(why) => show(&site, company, Said { wrong: Some(why.to_string()), email, told: None }).await,
    }
}

async fn answer(
    site: &Site,
    session: &Session,
    company: Uuid,
    done: Result<bool, SiteError>,
    what: &str,
) -> Result<Response, SiteError> {
    match done {
        Ok(true) => {
            site.accounts().note(session.owner().account(), what, &company.to_string()).await?;
            Ok(see(&OperatorCompanyUrl { company: &company.to_string() }.to_url()))
        }
        Ok(false) => Err(SiteError::NotFound(Missing::Page)),
        Err(SiteError::Refused(wrong)) => show(site, company, Said { wrong: Some(wrong), ..Said::default() }).await,
        Err(error) => Err(error),
    }
}

/// `GET` of an address that only takes forms.
pub(crate) async fn form_was_left(_: Operator) -> Response {
    see(routes::OPERATOR_COMPANIES)
}
