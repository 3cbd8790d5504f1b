//! `/grants/{grant}`: one grant, to narrow or to revoke; its link, and its credentials.

use super::until;
use crate::account::Session;
use crate::error::{Missing, SiteError, id_in};
use crate::page::{Html, NextSteps, Step, day, render, see};
use crate::practice::Form;
use crate::profile::{SeenPart, audience_words, fact_words, grants_step, own_page, profile_step, views_step, words_of};
use crate::routes::{GrantNarrowUrl, GrantRevokeUrl, GrantUrl, GrantWalletUrl, SharedUrl};
use crate::signal::download;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_disclosure::{Audience, Error, Fact, GrantEntry, PreviewFor};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "grant/grant.html")]
struct GrantPage {
    to: String,
    purpose: String,
    when: String,
    is_live: bool,
    facts: Vec<(String, String)>,
    link: Option<String>,
    opened: Option<(i64, i64)>,
    wallets: Vec<(String, String)>,
    preview: Option<Html>,
    narrow_url: String,
    revoke_url: String,
    wrong: Option<String>,
}

/// `GET /grants/{grant}`
pub(crate) async fn grant(
    State(site): State<Site>,
    session: Session,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let entry = find(&site, &session, &id).await?;
    show(&site, &session, &entry, &headers, None).await
}

async fn show(
    site: &Site,
    session: &Session,
    entry: &GrantEntry,
    headers: &HeaderMap,
    wrong: Option<String>,
) -> Result<Response, SiteError> {
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let (words, now, id) = (words_of(site.library()), disclosure.now(), entry.id.to_string());
    let signals = disclosure.signals(me).await?;
    let is_live = entry.is_live(now);
    let seen = match (&entry.audience, is_live) {
        (_, false) => None,
        (Audience::Company(company), _) => disclosure.preview(me, PreviewFor::Company(*company)).await?,
        (Audience::Pool { role }, _) => disclosure.preview(me, PreviewFor::Pool { role: role.clone() }).await?,
        (Audience::Link { .. }, _) => disclosure.preview(me, PreviewFor::Link(entry.id)).await?,
    };
    let shown: Vec<Uuid> =
        entry.facts.iter().filter_map(|fact| if let Fact::Signal(id) = fact { Some(*id) } else { None }).collect();
    let live_signals = signals.iter().filter(|signal| shown.contains(&signal.id) && signal.is_live(now));
    let has_wallets = is_live && site.issuer().is_some();
    let wallets = live_signals.filter(|_| has_wallets).map(|signal| {
        let url = GrantWalletUrl { grant: &id, signal: &signal.id.to_string() }.to_url();
        (url, fact_words(Fact::Signal(signal.id), &signals))
    });
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&GrantPage {
        to: audience_words(entry, &words),
        purpose: entry.purpose.clone(),
        when: match entry.revoked_at {
            Some(at) => format!("Revoked on {}: it opens nothing.", day(at)),
            None if is_live => format!("In force since {}, {}.", day(entry.made_at), until(entry)),
            None => "Ended: it opens nothing.".to_owned(),
        },
        is_live,
        facts: entry.facts.iter().map(|fact| (fact.to_string(), fact_words(*fact, &signals))).collect(),
        link: entry
            .token
            .as_ref()
            .filter(|_| is_live)
            .map(|token| crate::account::whole_url(site, headers, &SharedUrl { token: token.secret() }.to_url())),
        opened: match entry.audience {
            Audience::Link { opens_at_most } => Some((entry.opened, opens_at_most)),
            _ => None,
        },
        wallets: wallets.collect(),
        preview: seen.map(|seen| render(&SeenPart::of(&seen, site.library()))).transpose()?,
        narrow_url: GrantNarrowUrl { grant: &id }.to_url(),
        revoke_url: GrantRevokeUrl { grant: &id }.to_url(),
        wrong,
    })?;
    let next = NextSteps::new(grants_step()).and(views_step()).and(profile_step()).and(Step::checks());
    own_page("A grant of yours", main, next).answer_private(site, status)
}

/// `POST /grants/{grant}/narrow`
pub(crate) async fn narrow(
    State(site): State<Site>,
    session: Session,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let entry = find(&site, &session, &id).await?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let keep: BTreeSet<Fact> = form.all("fact")?.iter().filter_map(|text| Fact::parse(text)).collect();
    match site.disclosure().narrow_grant(session.owner().key(), entry.id, &keep).await {
        Ok(_) => Ok(see(&GrantUrl { grant: &id }.to_url())),
        Err(Error::Refused(wrong)) => show(&site, &session, &entry, &headers, Some(wrong)).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /grants/{grant}/revoke`
pub(crate) async fn revoke(
    State(site): State<Site>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, SiteError> {
    let entry = find(&site, &session, &id).await?;
    site.disclosure().revoke_grant(session.owner().key(), entry.id).await?;
    Ok(see(&GrantUrl { grant: &id }.to_url()))
}

/// `GET /grants/{grant}/signals/{signal}/wallet`
pub(crate) async fn wallet(
    State(site): State<Site>,
    session: Session,
    Path((grant, signal)): Path<(String, String)>,
) -> Result<Response, SiteError> {
    let none = || SiteError::NotFound(Missing::Page);
    let issuer = site.issuer().ok_or_else(none)?;
    let (grant, signal) = (id_in(&grant)?, id_in(&signal)?);
    let file = site.disclosure().wallet_file(session.owner().key(), grant, signal, &issuer).await?;
    Ok(download("jobfuture-credential.txt", "text/plain; charset=utf-8", file.ok_or_else(none)?))
}

/// Somebody else's and one that is not there look the same.
async fn find(site: &Site, session: &Session, id: &str) -> Result<GrantEntry, SiteError> {
    let id = id_in(id)?;
    let all = site.disclosure().grants(session.owner().key()).await?;
    all.into_iter().find(|entry| entry.id == id).ok_or(SiteError::NotFound(Missing::Page))
}
