//! Whom a provider may vouch for: linking what it knows a person by to their account, and unlinking it.

use super::oidc::{Provider, oidc_button};
use super::oidc_fault::{Errands, fault_page};
use super::{page, see};
use crate::account::{
    Errand, ErrandCookie, Identity, IdentityEntry, Linking, OidcFault, OidcProvider, Owner, RecentSession, Removal,
    Session, Token,
};
use crate::error::{Missing, SiteError};
use crate::page::{Html, NextSteps, Step, moment, render};
use crate::routes::{self, IdentityUnlinkUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use uuid::Uuid;

/// The list, on the account's page.
const LIST: &str = "/account#identities-heading";
/// When something is wrong with a link to the account.
const LINKING: Errands<'static> = Errands { errand: Errand::Link, back: routes::ACCOUNT };
/// A part of the account's page.
#[derive(Template)]
#[template(path = "account/identities.html")]
struct List<'a> {
    identities: Vec<IdentityEntry>,
    provider: Option<&'a OidcProvider>,
}

impl List<'_> {
    fn day(&self, time: &Timestamp) -> String {
        moment(*time)
    }

    /// What whoever vouches is called here; the one of former days by its address.
    fn by<'e>(&'e self, entry: &'e IdentityEntry) -> &'e str {
        self.provider
            .filter(|provider| provider.issuer() == entry.issuer)
            .map_or(&entry.issuer, |provider| provider.name())
    }

    fn unlink_url(&self, entry: &IdentityEntry) -> String {
        IdentityUnlinkUrl { identity: &entry.id.to_string() }.to_url()
    }
}

#[derive(Template)]
#[template(path = "account/identity_new.html")]
struct New<'a> {
    name: &'a str,
    button: Html,
}

#[derive(Template)]
#[template(path = "account/identity_confirm.html")]
struct Confirm<'a> {
    name: &'a str,
    label: &'a str,
    account: &'a str,
    to: String,
}

#[derive(Template)]
#[template(path = "account/identity_unlink.html")]
struct Unlink<'a> {
    label: &'a str,
    url: String,
    is_last_way_in: bool,
}

/// What the account's page says of sign-in by the provider; nothing where there is none and was none.
pub(super) async fn identity_list(site: &Site, owner: Owner) -> Result<Html, SiteError> {
    let (identities, provider) = (site.accounts().identities(owner).await?, site.config().oidc.as_ref());
    if identities.is_empty() && provider.is_none() {
        return Ok(Html::default());
    }
    render(&List { identities, provider })
}

/// Whether the provider that people may sign in by now signs this person in.
pub(super) async fn has_identity(site: &Site, owner: Owner) -> Result<bool, SiteError> {
    let Some(provider) = &site.config().oidc else { return Ok(false) };
    Ok(site.accounts().identities(owner).await?.iter().any(|entry| entry.issuer == provider.issuer()))
}

/// `GET /account/identities/new`
pub(crate) async fn new_identity(
    Provider(provider): Provider,
    State(site): State<Site>,
    RecentSession(_): RecentSession,
) -> Result<Response, SiteError> {
    let button = oidc_button(&site, routes::IDENTITY_SET_OUT, routes::ACCOUNT, "Go on to")?;
    let main = render(&New { name: provider.name(), button })?;
    page("Link a sign-in", main, back_to_account("Without linking anything.")).answer_private(&site, StatusCode::OK)
}

/// Who waits in this browser, and by which token.
pub(super) fn arrival(site: &Site, headers: &HeaderMap) -> (Option<Token>, Result<Identity, OidcFault>) {
    let browser = site.cookies().errand(headers, ErrandCookie::Arrival);
    let identity = site.accounts().arrival(browser.as_ref());
    (browser, identity)
}

/// `GET /account/identities/confirm`
pub(crate) async fn confirm_identity(
    Provider(provider): Provider,
    State(site): State<Site>,
    RecentSession(session): RecentSession,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    match arrival(&site, &headers).1 {
        Ok(identity) => confirmation(&site, &provider, &identity, session.email(), routes::IDENTITY_CONFIRM.to_owned()),
        Err(fault) => fault_page(&site, &provider, LINKING, &fault),
    }
}

/// `POST /account/identities/confirm`
pub(crate) async fn link_identity(
    Provider(provider): Provider,
    State(site): State<Site>,
    RecentSession(session): RecentSession,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let (browser, identity) = arrival(&site, &headers);
    let identity = match identity {
        Ok(identity) => identity,
        Err(fault) => return fault_page(&site, &provider, LINKING, &fault),
    };
    let linked = site.accounts().link_identity(session.owner(), &identity, provider.name()).await?;
    let mut response = match not_linked(linked) {
        None => see(LIST),
        Some(fault) => fault_page(&site, &provider, LINKING, &fault)?,
    };
    forget(&site, browser.as_ref(), &mut response);
    Ok(response)
}

pub(super) fn not_linked(linked: Linking) -> Option<OidcFault> {
    match linked {
        Linking::Done => None,
        Linking::Taken => Some(OidcFault::Taken),
        Linking::TooMany => Some(OidcFault::TooMany),
    }
}

/// Nobody waits in this browser any more.
pub(super) fn forget(site: &Site, browser: Option<&Token>, response: &mut Response) {
    site.accounts().forget_arrival(browser);
    response.headers_mut().append(header::SET_COOKIE, site.cookies().clear_errand(ErrandCookie::Arrival));
}

/// Asks whether the two belong together; the answer is sent to `to`.
pub(super) fn confirmation(
    site: &Site,
    provider: &OidcProvider,
    identity: &Identity,
    account: &str,
    to: String,
) -> Result<Response, SiteError> {
    let main = render(&Confirm { name: provider.name(), label: identity.label(), account, to })?;
    page("Link this sign-in?", main, back_to_account("Without linking anything.")).answer_private(site, StatusCode::OK)
}

/// `GET /account/identities/{identity}/unlink`
pub(crate) async fn confirm_unlinking(
    State(site): State<Site>,
    RecentSession(session): RecentSession,
    Path(which): Path<String>,
) -> Result<Response, SiteError> {
    let entry = owned(&site, &session, &which).await?;
    let asked = asked(&site);
    let is_last_way_in =
        asked == Some(entry.issuer.as_str()) && site.accounts().ways_in(session.owner(), asked).await? < 2;
    unlinking(&site, &entry, is_last_way_in, StatusCode::OK)
}

/// `POST /account/identities/{identity}/unlink`
pub(crate) async fn unlink_identity(
    State(site): State<Site>,
    RecentSession(session): RecentSession,
    Path(which): Path<String>,
) -> Result<Response, SiteError> {
    let entry = owned(&site, &session, &which).await?;
    match site.accounts().unlink_identity(session.owner(), entry.id, asked(&site)).await? {
        Removal::Done => Ok(see(LIST)),
        Removal::NotThere => Err(SiteError::NotFound(Missing::Page)),
        Removal::LastWayIn => unlinking(&site, &entry, true, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// The issuer that people may sign in by now.
pub(super) fn asked(site: &Site) -> Option<&str> {
    site.config().oidc.as_ref().map(OidcProvider::issuer)
}

/// One's own. Somebody else's looks like one that is not there.
async fn owned(site: &Site, session: &Session, which: &str) -> Result<IdentityEntry, SiteError> {
    let which: Uuid = which.parse().map_err(|_| SiteError::NotFound(Missing::Page))?;
    site.accounts().identity(session.owner(), which).await?.ok_or(SiteError::NotFound(Missing::Page))
}

fn unlinking(
    site: &Site,
    entry: &IdentityEntry,
    is_last_way_in: bool,
    status: StatusCode,
) -> Result<Response, SiteError> {
    let url = IdentityUnlinkUrl { identity: &entry.id.to_string() }.to_url();
    let main = render(&Unlink { label: &entry.label, url, is_last_way_in })?;
    page("Unlink a sign-in", main, back_to_account("It stays linked.")).answer_private(site, status)
}

fn back_to_account(why: &str) -> NextSteps {
    NextSteps::new(Step::new(routes::ACCOUNT, "Your account", why))
}
