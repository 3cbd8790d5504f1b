//! `/companies/{company}/proofs`: how a company shows who it is. For its owners.

use super::ask::{for_companies, page};
use super::home::{home_step, state};
use super::proof::{CHALLENGE_FILE, CHALLENGE_LABEL, challenge_text};
use super::{CompanyWords, Finding, ForCompany, Lei, Method, Proof};
use crate::account::{DeadLink, Token, whole_url};
use crate::error::{Missing, SiteError};
use crate::page::{NextSteps, day, render, see};
use crate::practice::Form;
use crate::routes::{
    CompanyChallengeUrl, CompanyDnsUrl, CompanyFileUrl, CompanyHomeUrl, CompanyLeiUrl, CompanyMailLinkUrl,
    CompanyMailUrl, CompanyProofsUrl,
};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jobfuture_disclosure::{Act, AsCompany};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "company/proofs.html")]
struct Proofs {
    words: CompanyWords,
    home_url: String,
    state: String,
    challenge: Option<Challenge>,
    challenge_url: String,
    /// Whether this server asks others.
    looks: bool,
    dns: Vec<Line>,
    dns_url: String,
    file: Vec<Line>,
    file_url: String,
    mail: Vec<Line>,
    mail_url: String,
    lei: Vec<Line>,
    lei_url: String,
    lei_typed: String,
    review: Vec<Line>,
    told: Option<String>,
    wrong: Option<String>,
}

/// What is to be put where.
struct Challenge {
    name: String,
    file: String,
    text: String,
}

/// One proof in words.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) detail: String,
    pub(super) says: String,
    pub(super) failure: Option<String>,
    pub(super) holds: bool,
}

impl Line {
    pub(super) fn of(proof: &Proof, now: Timestamp) -> Self {
        let holds = proof.holds(now);
        let says = match (holds, proof.proved_at, proof.seen_at, proof.expires_at) {
            (true, Some(since), Some(seen), Some(until)) => {
                let next = proof.check_at.map(|at| format!(" Looked at again on {}.", day(at))).unwrap_or_default();
                let lost = proof.lost_on().map(|at| format!(" Lost on {} if it is not found by then.", day(at)));
                let seen =
                    if proof.method.is_looked_at() { format!(" Last seen on {}.", day(seen)) } else { String::new() };
                format!("Shown on {}.{seen} Holds until {}.{next}{}", day(since), day(until), lost.unwrap_or_default())
            }
            _ if proof.lost_at.is_some() => {
                format!("Lost on {}: it was not found any more.", proof.lost_at.map(day).unwrap_or_default())
            }
            (_, Some(_), _, Some(until)) => format!("Ran out on {}.", day(until)),
            _ => "Not shown yet.".to_owned(),
        };
        let detail = proof.detail.clone();
        Self { name: proof.method.name(), detail, says, failure: proof.failure.clone(), holds }
    }
}

/// The link of a letter.
#[derive(Deserialize)]
pub(crate) struct Link {
    token: String,
}

#[derive(Template)]
#[template(path = "company/mail_link.html")]
struct ConfirmMail {
    name: String,
    proofs_url: String,
    url: String,
    email: String,
}

#[derive(Template)]
#[template(path = "company/dead_mail_link.html")]
struct DeadMailLink {
    proofs_url: String,
    why: &'static str,
}

/// What is said above the page.
enum Said {
    Nothing,
    Done(String),
    Wrong(String),
}

fn proofs_url(viewer: &AsCompany) -> String {
    CompanyProofsUrl { company: &viewer.company().to_string() }.to_url()
}

/// `GET /companies/{company}/proofs`
pub(crate) async fn proofs(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    show(&site, company.to(Act::Proofs)?, Said::Nothing, "").await
}

async fn show(site: &Site, viewer: &AsCompany, said: Said, lei_typed: &str) -> Result<Response, SiteError> {
    let (companies, now, id) = (site.companies(), site.disclosure().now(), viewer.company().to_string());
    let words = companies.words(viewer.company()).await?.ok_or(SiteError::NotFound(Missing::Page))?;
    let all = companies.proofs(viewer.company()).await?;
    let of =
        |method: Method| all.iter().filter(|proof| proof.method == method).map(|proof| Line::of(proof, now)).collect();
    let challenge = companies.challenge(viewer.company()).await?.map(|challenge| Challenge {
        name: format!("{CHALLENGE_LABEL}.{}", words.domain),
        file: format!("https://{}{CHALLENGE_FILE}", words.domain),
        text: challenge_text(&challenge),
    });
    let (told, wrong) = match said {
        Said::Nothing => (None, None),
        Said::Done(says) => (Some(says), None),
        Said::Wrong(says) => (None, Some(says)),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&Proofs {
        home_url: CompanyHomeUrl { company: &id }.to_url(),
        state: state(&words, now),
        challenge,
        challenge_url: CompanyChallengeUrl { company: &id }.to_url(),
        looks: site.config().outbound.is_some(),
        dns: of(Method::Dns),
        dns_url: CompanyDnsUrl { company: &id }.to_url(),
        file: of(Method::File),
        file_url: CompanyFileUrl { company: &id }.to_url(),
        mail: of(Method::Mail),
        mail_url: CompanyMailUrl { company: &id }.to_url(),
        lei: of(Method::Lei),
        lei_url: CompanyLeiUrl { company: &id }.to_url(),
        lei_typed: lei_typed.to_owned(),
        review: of(Method::Review),
        words,
        told,
        wrong,
    })?;
    page("Proofs", main, NextSteps::new(home_step(viewer)).and(for_companies())).answer_private(site, status)
}

/// `POST /companies/{company}/proofs/challenge`
pub(crate) async fn draw(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Proofs)?;
    site.companies().draw_challenge(viewer.company()).await?;
    Ok(see(&proofs_url(viewer)))
}

/// `POST /companies/{company}/proofs/dns`
pub(crate) async fn look_at_dns(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    look(&site, &company, Method::Dns).await
}

/// `POST /companies/{company}/proofs/file`
pub(crate) async fn look_at_file(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    look(&site, &company, Method::File).await
}

async fn look(site: &Site, company: &ForCompany, method: Method) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Proofs)?;
    let Some(outbound) = &site.config().outbound else {
        let says = "This server asks no others. Write to its operator, who can review your company.";
        return show(site, viewer, Said::Wrong(says.to_owned()), "").await;
    };
    match site.companies().look(outbound, viewer.company(), method).await {
        Ok(Finding::Found) => {
            note(site, company, "a company's domain shown").await?;
            Ok(see(&proofs_url(viewer)))
        }
        Ok(Finding::NotFound(why)) => show(site, viewer, Said::Wrong(format!("It was not found. {why}")), "").await,
        Err(SiteError::Refused(why)) => show(site, viewer, Said::Wrong(why), "").await,
        Err(error) => Err(error),
    }
}

async fn note(site: &Site, company: &ForCompany, what: &str) -> Result<(), SiteError> {
    site.accounts().note(company.session().owner().account(), what, "").await
}

/// `POST /companies/{company}/proofs/mail`
pub(crate) async fn ask_by_mail(
    State(site): State<Site>,
    company: ForCompany,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Proofs)?;
    let typed = form.text("email")?.unwrap_or_default();
    let id = viewer.company().to_string();
    let link = |token: &Token| {
        whole_url(&site, &headers, &CompanyMailLinkUrl { company: &id, token: token.secret() }.to_url())
    };
    let asked = site.companies().ask_by_mail(company.session().owner(), viewer.company(), &typed, link).await?;
    let said = match asked {
        Ok(email) => {
            let place = if site.config().sends_mail {
                ""
            } else {
                " No mail server is configured here: it waits with the operator."
            };
            Said::Done(format!(
                "A letter is on its way to {}. Open the link in it within a day.{place}",
                email.as_str()
            ))
        }
        Err(why) => Said::Wrong(why.to_string()),
    };
    show(&site, viewer, said, "").await
}

/// `GET /companies/{company}/proofs/mail/{token}`: it is not used up by being looked at, because programs that scan mail open links.
pub(crate) async fn open_mail_link(
    State(site): State<Site>,
    company: ForCompany,
    Path(link): Path<Link>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Proofs)?;
    let found = match Token::parse(&link.token) {
        Some(token) => site.companies().mail_link(company.session().owner(), viewer.company(), &token).await?,
        None => Err(DeadLink::Unknown),
    };
    let email = match found {
        Ok(email) => email,
        Err(dead) => return dead_mail_link(&site, viewer, dead),
    };
    let main = render(&ConfirmMail {
        name: viewer.name().to_owned(),
        proofs_url: proofs_url(viewer),
        url: CompanyMailLinkUrl { company: &viewer.company().to_string(), token: &link.token }.to_url(),
        email,
    })?;
    page("Confirm your work address", main, NextSteps::new(home_step(viewer))).answer_private(&site, StatusCode::OK)
}

/// `POST /companies/{company}/proofs/mail/{token}`
pub(crate) async fn confirm_mail(
    State(site): State<Site>,
    company: ForCompany,
    Path(link): Path<Link>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Proofs)?;
    let owner = company.session().owner();
    let Some(token) = Token::parse(&link.token) else { return dead_mail_link(&site, viewer, DeadLink::Unknown) };
    if site.companies().confirm_mail(owner, viewer.company(), &token).await? {
        note(&site, &company, "a work address shown").await?;
        return Ok(see(&proofs_url(viewer)));
    }
    let dead = site.companies().mail_link(owner, viewer.company(), &token).await?.err().unwrap_or(DeadLink::Used);
    dead_mail_link(&site, viewer, dead)
}

fn dead_mail_link(site: &Site, viewer: &AsCompany, dead: DeadLink) -> Result<Response, SiteError> {
    let (why, status) = match dead {
        DeadLink::Unknown => (
            "This link is not one of yours here: only whoever asked for the letter can use it, signed in as when they asked.",
            StatusCode::NOT_FOUND,
        ),
        DeadLink::Expired => ("This link is too old. Have another letter sent.", StatusCode::GONE),
        DeadLink::Used => ("This link was used. What it was for has been done.", StatusCode::GONE),
    };
    let main = render(&DeadMailLink { proofs_url: proofs_url(viewer), why })?;
    page("This link does not work", main, NextSteps::new(home_step(viewer))).answer_private(site, status)
}

/// `POST /companies/{company}/proofs/lei`: an empty one takes it away.
pub(crate) async fn state_lei(
    State(site): State<Site>,
    company: ForCompany,
    form: Form,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Proofs)?;
    let typed = form.text("lei")?.unwrap_or_default();
    let lei = if typed.trim().is_empty() { Ok(None) } else { Lei::parse(&typed).map(Some) };
    match lei {
        Ok(lei) => {
            site.companies().state_lei(viewer.company(), lei).await?;
            note(&site, &company, "a company's LEI stated").await?;
            Ok(see(&proofs_url(viewer)))
        }
        Err(bad) => show(&site, viewer, Said::Wrong(bad.to_string()), &typed).await,
    }
}

/// `GET` of an address that only takes a form.
pub(crate) async fn form_was_left(company: ForCompany) -> Result<Response, SiteError> {
    Ok(see(&proofs_url(company.to(Act::Proofs)?)))
}
