//! `/grants`: everybody who sees something, and everybody who must not.

use super::make::NEW;
use super::until;
use crate::account::Session;
use crate::company::CompanyDomain;
use crate::error::{SiteError, id_in};
use crate::introduction::Fault;
use crate::page::{NextSteps, Step, day, render, see};
use crate::practice::Form;
use crate::profile::{audience_words, fact_words, own_page, profile_step, signals_step, views_step, words_of};
use crate::routes::{self, BlockLiftUrl, GrantUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::{Error, GrantEntry, OwnSignal, Vocabulary};
use uuid::Uuid;

/// Ended grants that are listed.
const ENDED: usize = 30;

#[derive(Template)]
#[template(path = "grant/grants.html")]
struct Grants {
    live: Vec<Line>,
    ended: Vec<Line>,
    blocked: Vec<(String, String)>,
    companies: Vec<(String, String)>,
    wrong: Option<String>,
}

struct Line {
    url: String,
    to: String,
    purpose: String,
    facts: String,
    when: String,
}

/// `GET /grants`
pub(crate) async fn grants(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    show(&site, &session, None).await
}

async fn show(site: &Site, session: &Session, wrong: Option<String>) -> Result<Response, SiteError> {
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let (words, now) = (words_of(site.library()), disclosure.now());
    let (grants, signals) = (disclosure.grants(me).await?, disclosure.signals(me).await?);
    let (live, ended): (Vec<&GrantEntry>, Vec<&GrantEntry>) = grants.iter().partition(|entry| entry.is_live(now));
    let blocked = disclosure.blocked(me).await?;
    let companies = disclosure.verified_companies().await?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&Grants {
        live: live.iter().map(|entry| line(entry, &signals, &words)).collect(),
        ended: ended.iter().take(ENDED).map(|entry| line(entry, &signals, &words)).collect(),
        companies: companies
            .into_iter()
            .filter(|company| blocked.iter().all(|one| one.company != company.id))
            .map(|company| (company.id.to_string(), company.name))
            .collect(),
        blocked: blocked
            .into_iter()
            .map(|one| (BlockLiftUrl { company: &one.company.to_string() }.to_url(), one.name))
            .collect(),
        wrong,
    })?;
    let next = NextSteps::new(Step::new(NEW, "Show something to somebody", "A company, the pool, or a link."))
        .and(views_step())
        .and(profile_step())
        .and(signals_step())
        .and(Step::new(routes::ABOUT_POOL, "How the pool works", "Who is found, by whom, and in which order."));
    own_page("Who sees what", main, next).answer_private(site, status)
}

fn line(entry: &GrantEntry, signals: &[OwnSignal], words: &Vocabulary) -> Line {
    let facts: Vec<String> = entry.facts.iter().map(|fact| fact_words(*fact, signals)).collect();
    let when = match entry.revoked_at {
        Some(at) => format!("Revoked on {}", day(at)),
        None => format!("Since {}, {}", day(entry.made_at), until(entry)),
    };
    Line {
        url: GrantUrl { grant: &entry.id.to_string() }.to_url(),
        to: audience_words(entry, words),
        purpose: entry.purpose.clone(),
        facts: facts.join("; "),
        when,
    }
}

/// `POST /blocks`
pub(crate) async fn block(State(site): State<Site>, session: Session, form: Form) -> Result<Response, SiteError> {
    let company = match form.text("domain")? {
        Some(domain) => match at(&site, &domain).await? {
            Ok(company) => company,
            Err(wrong) => return show(&site, &session, Some(wrong)).await,
        },
        None => form.text("company")?.and_then(|text| Uuid::try_parse(&text).ok()).unwrap_or_default(),
    };
    match site.disclosure().block(session.owner().key(), company).await {
        Ok(()) => {
            // Whatever went on with it is over.
            site.introductions().leave(session.owner().key(), company).await.map_err(Fault::into_error)?;
            Ok(see(routes::GRANTS))
        }
        Err(Error::Refused(wrong)) => show(&site, &session, Some(wrong)).await,
        Err(error) => Err(error.into()),
    }
}

/// The company of a domain that somebody typed, verified or not; or what is wrong.
async fn at(site: &Site, typed: &str) -> Result<Result<Uuid, String>, SiteError> {
    let domain = match CompanyDomain::parse(typed) {
        Ok(domain) => domain,
        Err(bad) => return Ok(Err(bad.to_string())),
    };
    let found = site.disclosure().company_at(domain.as_str()).await?;
    Ok(found.ok_or_else(|| format!("No company of the domain {domain} is here, so none can see anything of you.")))
}

/// `POST /blocks/{company}/lift`
pub(crate) async fn lift(
    State(site): State<Site>,
    session: Session,
    Path(company): Path<String>,
) -> Result<Response, SiteError> {
    let company = id_in(&company)?;
    site.disclosure().unblock(session.owner().key(), company).await?;
    Ok(see(routes::GRANTS))
}
