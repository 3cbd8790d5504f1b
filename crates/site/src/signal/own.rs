//! `/signals`: one's own, each with what it says, who is shown it, and the way back.

use crate::account::Session;
use crate::error::{Missing, SiteError, id_in};
use crate::page::{Html, NextSteps, Step, render, see};
use crate::profile::{
    SeenPart, audience_words, grants_step, own_page, profile_step, says, signals_step, views_step, words_of,
};
use crate::routes::{GRANT_NEW, GrantUrl, SignalBadgeUrl, SignalUrl, SignalWithdrawUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use jobfuture_disclosure::{Fact, OwnSignal};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "signal/signals.html")]
struct Signals {
    signals: Vec<Line>,
}

struct Line {
    url: String,
    title: String,
    state: String,
}

#[derive(Template)]
#[template(path = "signal/signal.html")]
struct SignalPage {
    is_live: bool,
    state: String,
    shown: Html,
    grants: Vec<(String, String)>,
    grant_url: String,
    withdraw_url: String,
    badge_url: Option<String>,
}

#[derive(Template)]
#[template(path = "signal/withdraw.html")]
struct Withdraw {
    url: String,
    title: String,
}

/// `GET /signals`
pub(crate) async fn signals(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    let signals = site.disclosure().signals(session.owner().key()).await?;
    let lines = signals.iter().map(|signal| Line {
        url: url(signal.id),
        title: format!("{}: at {} or above", signal.body.says.role.name, signal.body.says.at_least.name),
        state: state(&site, signal),
    });
    let main = render(&Signals { signals: lines.collect() })?;
    let next = NextSteps::new(Step::attempts()).and(grants_step()).and(profile_step());
    own_page("Your signals", main, next).answer_private(&site, StatusCode::OK)
}

/// `GET /signals/{signal}`
pub(crate) async fn signal(
    State(site): State<Site>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, SiteError> {
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let signal = find(&site, &session, &id).await?;
    let now = disclosure.now();
    let words = words_of(site.library());
    let grants = disclosure.grants(me).await?;
    let showing = grants.iter().filter(|entry| entry.is_live(now) && entry.facts.contains(&Fact::Signal(signal.id)));
    let part = SeenPart {
        called: "A candidate".to_owned(),
        terms: Vec::new(),
        fields: Vec::new(),
        signals: vec![says(site.library(), &signal.body.says, &signal.body.evidence, signal.expires_at)],
        audience: None,
    };
    let main = render(&SignalPage {
        is_live: signal.is_live(now),
        state: state(&site, &signal),
        shown: render(&part)?,
        grants: showing
            .map(|entry| (GrantUrl { grant: &entry.id.to_string() }.to_url(), audience_words(entry, &words)))
            .collect(),
        grant_url: format!("{GRANT_NEW}?signal={}", signal.id),
        withdraw_url: SignalWithdrawUrl { signal: &id }.to_url(),
        badge_url: site.issuer().map(|_| SignalBadgeUrl { signal: &id }.to_url()),
    })?;
    let next = NextSteps::new(grants_step()).and(signals_step()).and(views_step());
    own_page("A signal of yours", main, next).answer_private(&site, StatusCode::OK)
}

/// `GET /signals/{signal}/withdraw`
pub(crate) async fn confirm_withdrawal(
    State(site): State<Site>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, SiteError> {
    let signal = find(&site, &session, &id).await?;
    if signal.withdrawn_at.is_some() {
        return Ok(see(&url(signal.id)));
    }
    let title = format!("{}, {} or above", signal.body.says.role.name, signal.body.says.at_least.name);
    let main = render(&Withdraw { url: SignalWithdrawUrl { signal: &id }.to_url(), title })?;
    let back = Step::new(url(signal.id), "Leave it as it is", "Back to the signal.");
    own_page("Withdraw a signal", main, NextSteps::new(back).and(signals_step())).answer_private(&site, StatusCode::OK)
}

/// `POST /signals/{signal}/withdraw`
pub(crate) async fn withdraw(
    State(site): State<Site>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, SiteError> {
    let signal = find(&site, &session, &id).await?;
    site.disclosure().withdraw_signal(session.owner().key(), signal.id).await?;
    Ok(see(&url(signal.id)))
}

/// `GET /signals/{signal}/badge`
pub(crate) async fn badge(
    State(site): State<Site>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, SiteError> {
    let none = || SiteError::NotFound(Missing::Page);
    let issuer = site.issuer().ok_or_else(none)?;
    let signal = id_in(&id)?;
    let badge = site.disclosure().badge(session.owner().key(), signal, &issuer).await?.ok_or_else(none)?;
    Ok(download("open-badge.jwt", "application/vc+jwt", badge))
}

/// A file for the person to keep, stored by no cache.
pub(crate) fn download(name: &str, kind: &'static str, text: String) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(disposition) = disposition {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

fn url(id: Uuid) -> String {
    SignalUrl { signal: &id.to_string() }.to_url()
}

/// Somebody else's and one that is not there look the same.
async fn find(site: &Site, session: &Session, id: &str) -> Result<OwnSignal, SiteError> {
    let id = id_in(id)?;
    let all = site.disclosure().signals(session.owner().key()).await?;
    all.into_iter().find(|signal| signal.id == id).ok_or(SiteError::NotFound(Missing::Page))
}

fn state(site: &Site, signal: &OwnSignal) -> String {
    let day = crate::page::day;
    match signal.withdrawn_at {
        Some(at) => format!("Withdrawn on {}. Nobody is shown it.", day(at)),
        None if !signal.is_live(site.disclosure().now()) => {
            format!("Expired on {}. Nobody is shown it.", day(signal.expires_at))
        }
        None => format!("Made on {}, valid until {}.", day(signal.made_at), day(signal.expires_at)),
    }
}
