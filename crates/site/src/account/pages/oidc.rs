//! The way to the provider and back: `/sign-in/oidc` and its kin.
//!
//! One sets out by a plain link and not by a form. Chromium holds `form-action` against every redirect that follows a form, and
//! providers lead on to addresses that nobody can list; a link needs no exception, so the policy stays `form-action 'self'`.
//! What a link may begin changes nothing: linking is confirmed by a form of our own when one is back.

use super::oidc_fault::{Errands, fault_page};
use super::{Back, name_of, see, sign_browser_in_proved};
use crate::account::{
    AccountId, EmailAddress, Errand, ErrandCookie, Identity, MaybeSession, OidcFault, OidcProvider, Session, Token,
};
use crate::error::{Missing, SiteError};
use crate::page::{Html, render};
use crate::practice::Client;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, header};
use jiff::Timestamp;
use serde::Deserialize;

/// The provider that the operator has configured. Where there is none, these addresses are not there.
pub(crate) struct Provider(pub(super) OidcProvider);

impl FromRequestParts<Site> for Provider {
    type Rejection = SiteError;

    async fn from_request_parts(_: &mut Parts, site: &Site) -> Result<Self, SiteError> {
        site.config().oidc.clone().map(Self).ok_or(SiteError::NotFound(Missing::Page))
    }
}

/// A way to the provider, or that there is none just now.
#[derive(Template)]
#[template(path = "account/oidc_button.html")]
struct Button<'a> {
    label: String,
    name: &'a str,
    works: bool,
    url: String,
}

/// The button for an errand; nothing where there is no provider.
pub(super) fn oidc_button(site: &Site, to: &str, back: &str, does: &str) -> Result<Html, SiteError> {
    let Some(provider) = &site.config().oidc else { return Ok(Html::default()) };
    let (name, works) = (provider.name(), provider.works());
    render(&Button { label: format!("{does} {name}"), name, works, url: routes::with_return(to, back) })
}

/// `GET /sign-in/oidc`
pub(crate) async fn set_out_to_sign_in(
    Provider(provider): Provider,
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    client: Client,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, SiteError> {
    if session.is_some() {
        return Ok(see(back.path()));
    }
    if is_from_elsewhere(&headers) {
        return Ok(see(&routes::with_return(routes::SIGN_IN, back.path())));
    }
    set_out(&site, &provider, client, Errand::SignIn, back.path()).await
}

/// `GET /account/prove/oidc`
pub(crate) async fn set_out_to_prove(
    Provider(provider): Provider,
    State(site): State<Site>,
    _: Session,
    client: Client,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, SiteError> {
    if is_from_elsewhere(&headers) {
        return Ok(see(&routes::with_return(routes::PROVE_AGAIN, back.path())));
    }
    set_out(&site, &provider, client, Errand::Prove, back.path()).await
}

/// `GET /account/identities/set-out`
pub(crate) async fn set_out_to_link(
    Provider(provider): Provider,
    State(site): State<Site>,
    session: Session,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    // By way of the page that is asked for first: from a form that proves who one is, no redirect may lead to the provider.
    if is_from_elsewhere(&headers) || !session.is_recent(site.accounts().now()) {
        return Ok(see(routes::IDENTITY_NEW));
    }
    set_out(&site, &provider, client, Errand::Link, routes::ACCOUNT).await
}

/// Another site must not send anybody on a journey of ours; one's own bookmark may.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|from| from == "cross-site" || from == "same-site")
}

async fn set_out(
    site: &Site,
    provider: &OidcProvider,
    client: Client,
    errand: Errand,
    back: &str,
) -> Result<Response, SiteError> {
    match site.accounts().begin_journey(provider, client, errand, back).await {
        Ok((url, browser)) => {
            let mut response = see(url.as_str());
            let cookie = site.cookies().set_errand(ErrandCookie::Journey, &browser);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(fault) => fault_page(site, provider, Errands { errand, back }, &fault),
    }
}

/// What the provider sends somebody back with (RFC 6749, 4.1.2; RFC 9207).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Returned {
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// `GET /sign-in/oidc/callback`
pub(crate) async fn oidc_callback(
    Provider(provider): Provider,
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    headers: HeaderMap,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Result<Response, SiteError> {
    let returned = returned.map(|Query(returned)| returned).unwrap_or_default();
    let browser = site.cookies().errand(&headers, ErrandCookie::Journey);
    let (journey, browser) = match (site.accounts().end_journey(&returned.state, browser.as_ref()), browser) {
        (Ok(journey), Some(browser)) => (journey, browser),
        (lost, _) => {
            let lost = OidcFault::Lost(lost.err().unwrap_or(crate::account::Lost::Unknown));
            return fault_page(&site, &provider, Errands { errand: Errand::SignIn, back: routes::ACCOUNT }, &lost);
        }
    };
    let (errand, back) = (journey.errand, journey.back.as_str());
    let home = Home { site: &site, provider: &provider, headers: &headers, back };
    let outcome = match identity(&site, &provider, returned, &browser).await {
        Ok(identity) => match errand {
            Errand::SignIn => home.sign_in(identity).await,
            Errand::Prove => home.prove(session, identity, journey.began).await,
            Errand::Link => home.wait(identity, routes::IDENTITY_CONFIRM),
        },
        Err(fault) => Err(fault),
    };
    let mut response = match outcome {
        Ok(response) => response,
        Err(OidcFault::Site(error)) => return Err(error),
        Err(fault) => fault_page(&site, &provider, Errands { errand, back }, &fault)?,
    };
    response.headers_mut().append(header::SET_COOKIE, site.cookies().clear_errand(ErrandCookie::Journey));
    Ok(response)
}

/// Who came, if the provider let them come.
async fn identity(
    site: &Site,
    provider: &OidcProvider,
    returned: Returned,
    browser: &Token,
) -> Result<Identity, OidcFault> {
    if returned.iss.is_some_and(|issuer| issuer != provider.issuer()) {
        return Err(OidcFault::Wrong);
    }
    match (returned.error.as_deref(), returned.code) {
        (Some("access_denied"), _) => Err(OidcFault::Cancelled),
        (Some("server_error" | "temporarily_unavailable"), _) => Err(OidcFault::Down),
        (Some(error), _) => {
            // A word of the standard; what else stands there may be anything.
            let word = Some(error)
                .filter(|error| error.len() < 40 && error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            tracing::warn!(
                error = word.unwrap_or("(not a word)"),
                "the sign-in provider sent somebody back without a code"
            );
            Err(OidcFault::Refused)
        }
        (None, Some(code)) => provider.identity(code, browser, site.accounts().now()).await,
        (None, None) => Err(OidcFault::Wrong),
    }
}

/// Back from the provider.
struct Home<'a> {
    site: &'a Site,
    provider: &'a OidcProvider,
    headers: &'a HeaderMap,
    back: &'a str,
}

impl Home<'_> {
    /// Whoever is known is let in. Who is new gets an account, unless the address has one: then its owner is asked first.
    async fn sign_in(&self, identity: Identity) -> Result<Response, OidcFault> {
        let (accounts, name) = (self.site.accounts(), self.provider.name());
        if let Some(account) = accounts.account_of(&identity).await? {
            // The provider may have let in somebody who signed in there days ago: that is no proof for a sensitive act.
            let proved = identity.proved_at(accounts.now());
            return self.let_in(account, &format!("by {name}"), proved).await;
        }
        let email = identity.email().cloned().ok_or(OidcFault::NoAddress)?;
        if accounts.by_email(&email).await?.is_none() {
            let called = name_of("", &email).map_err(|error| SiteError::internal("a name", &error))?;
            if let Some(account) = accounts.join_by(&identity, &email, &called, name).await? {
                return self.let_in(account, "for the first time", accounts.now()).await;
            }
        }
        self.wait(identity, routes::OIDC_ARRIVED)
    }

    async fn let_in(&self, account: AccountId, how: &str, proved: Timestamp) -> Result<Response, OidcFault> {
        let mut response = see(self.back);
        sign_browser_in_proved(self.site, account, self.headers, how, proved, &mut response).await?;
        Ok(response)
    }

    /// Nothing is linked yet: another page asks, and takes a form of our own for an answer.
    fn wait(&self, identity: Identity, to: &str) -> Result<Response, OidcFault> {
        let browser = self.site.accounts().keep_arrival(identity)?;
        let mut response = see(to);
        let cookie = self.site.cookies().set_errand(ErrandCookie::Arrival, &browser);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        Ok(response)
    }

    async fn prove(
        &self,
        session: Option<Session>,
        identity: Identity,
        began: Timestamp,
    ) -> Result<Response, OidcFault> {
        let Some(session) = session else { return Ok(see(&routes::with_return(routes::SIGN_IN, self.back))) };
        let accounts = self.site.accounts();
        if accounts.account_of(&identity).await? != Some(session.owner().account()) {
            return Err(OidcFault::Stranger);
        }
        if !identity.was_asked_since(began) {
            return Err(OidcFault::NotAsked);
        }
        accounts.proved_again(&session).await?;
        Ok(see(self.back))
    }
}

/// The address of an arrival whose account has to be found.
pub(super) fn confirmed(identity: &Identity) -> Result<&EmailAddress, OidcFault> {
    identity.email().ok_or(OidcFault::NoAddress)
}
