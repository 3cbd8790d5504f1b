//! `/account/passkeys`: adding, naming and removing one's passkeys.

use super::identities::asked;
use super::sent::Sent;
use super::{Fields, browser, page, see};
use crate::account::{
    LONGEST_NAME, MaybeSession, NoPasskeys, PasskeyEntry, PasskeyFault, RecentSession, RelyingParty, Removal, Session,
    passkey_name,
};
use crate::error::{Missing, SiteError};
use crate::page::{NextSteps, Step, render};
use crate::routes::{self, PasskeyRemoveUrl, PasskeyUrl};
use crate::site::Site;
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webauthn_rs::prelude::RegisterPublicKeyCredential;

/// The list, on the account's page.
const LIST: &str = "/account#passkeys-heading";

#[derive(Template)]
#[template(path = "account/passkey_new.html")]
struct New<'a> {
    party: &'a Result<RelyingParty, NoPasskeys>,
    /// What the new one is called unless the person says otherwise.
    name: &'a str,
}

#[derive(Template)]
#[template(path = "account/passkey.html")]
struct Rename<'a> {
    passkey: &'a PasskeyEntry,
    url: String,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "account/passkey_remove.html")]
struct Remove<'a> {
    passkey: &'a PasskeyEntry,
    url: String,
    is_last_way_in: bool,
}

/// A new name.
#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
}

/// A new passkey's answer.
#[derive(Deserialize)]
pub(crate) struct Added {
    ceremony: String,
    name: String,
    answer: RegisterPublicKeyCredential,
}

/// Where the browser goes when all is done.
#[derive(Serialize)]
pub(super) struct Done<'a> {
    pub(super) to: &'a str,
}

/// As what this site is known to authenticators, at the address that was asked.
pub(super) fn party(site: &Site, headers: &HeaderMap) -> Result<RelyingParty, NoPasskeys> {
    RelyingParty::of(site.config().base_url.as_deref(), headers)
}

/// `GET /account/passkeys/new`
pub(crate) async fn new_passkey(
    State(site): State<Site>,
    RecentSession(_): RecentSession,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let main = render(&New { party: &party(&site, &headers), name: &browser(&headers) })?;
    page("Add a passkey", main, back_to_account("Without adding one.")).answer_private(&site, StatusCode::OK)
}

/// `POST /account/passkeys/begin`
pub(crate) async fn begin_passkey(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    headers: HeaderMap,
) -> Result<Response, PasskeyFault> {
    let session = recent(&site, session)?;
    let party = party(&site, &headers).map_err(PasskeyFault::NotHere)?;
    Ok(Json(site.accounts().begin_adding(&party, &session).await?).into_response())
}

/// `POST /account/passkeys`
pub(crate) async fn add_passkey(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    headers: HeaderMap,
    Sent(added): Sent<Added>,
) -> Result<Response, PasskeyFault> {
    let session = recent(&site, session)?;
    let party = party(&site, &headers).map_err(PasskeyFault::NotHere)?;
    site.accounts().finish_adding(&party, &session, &added.ceremony, &added.name, &added.answer).await?;
    Ok(Json(Done { to: LIST }).into_response())
}

fn recent(site: &Site, session: Option<Session>) -> Result<Session, PasskeyFault> {
    let session = session.ok_or(PasskeyFault::SignedOut)?;
    if session.is_recent(site.accounts().now()) { Ok(session) } else { Err(PasskeyFault::LongAgo) }
}

/// `GET /account/passkeys/{passkey}`
pub(crate) async fn passkey(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<String>,
) -> Result<Response, SiteError> {
    let passkey = owned(&site, &session, &which).await?;
    rename_form(&site, &passkey, None, StatusCode::OK)
}

/// `POST /account/passkeys/{passkey}`
pub(crate) async fn rename_passkey(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<String>,
    Fields(typed): Fields<Name>,
) -> Result<Response, SiteError> {
    let passkey = owned(&site, &session, &which).await?;
    let Some(name) = passkey_name(&typed.name) else {
        let wrong = Some(PasskeyFault::Name.to_string());
        return rename_form(&site, &passkey, wrong, StatusCode::UNPROCESSABLE_ENTITY);
    };
    site.accounts().rename_passkey(session.owner(), passkey.id, &name).await?;
    Ok(see(LIST))
}

/// `GET /account/passkeys/{passkey}/remove`
pub(crate) async fn confirm_passkey_removal(
    State(site): State<Site>,
    RecentSession(session): RecentSession,
    Path(which): Path<String>,
) -> Result<Response, SiteError> {
    let passkey = owned(&site, &session, &which).await?;
    let is_last_way_in = site.accounts().ways_in(session.owner(), asked(&site)).await? < 2;
    removal(&site, &passkey, is_last_way_in, StatusCode::OK)
}

/// `POST /account/passkeys/{passkey}/remove`
pub(crate) async fn remove_passkey(
    State(site): State<Site>,
    RecentSession(session): RecentSession,
    Path(which): Path<String>,
) -> Result<Response, SiteError> {
    let passkey = owned(&site, &session, &which).await?;
    match site.accounts().remove_passkey(session.owner(), passkey.id, asked(&site)).await? {
        Removal::Done => Ok(see(LIST)),
        Removal::NotThere => Err(SiteError::NotFound(Missing::Page)),
        Removal::LastWayIn => removal(&site, &passkey, true, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// One's own passkey. Somebody else's looks like one that is not there.
async fn owned(site: &Site, session: &Session, which: &str) -> Result<PasskeyEntry, SiteError> {
    let which: Uuid = which.parse().map_err(|_| SiteError::NotFound(Missing::Page))?;
    site.accounts().passkey(session.owner(), which).await?.ok_or(SiteError::NotFound(Missing::Page))
}

fn rename_form(
    site: &Site,
    passkey: &PasskeyEntry,
    wrong: Option<String>,
    status: StatusCode,
) -> Result<Response, SiteError> {
    let url = PasskeyUrl { passkey: &passkey.id.to_string() }.to_url();
    let main = render(&Rename { passkey, url, wrong })?;
    page("Name a passkey", main, back_to_account("Without changing anything.")).answer_private(site, status)
}

fn removal(
    site: &Site,
    passkey: &PasskeyEntry,
    is_last_way_in: bool,
    status: StatusCode,
) -> Result<Response, SiteError> {
    let url = PasskeyRemoveUrl { passkey: &passkey.id.to_string() }.to_url();
    let main = render(&Remove { passkey, url, is_last_way_in })?;
    page("Remove a passkey", main, back_to_account("The passkey stays.")).answer_private(site, status)
}

fn back_to_account(why: &str) -> NextSteps {
    NextSteps::new(Step::new(routes::ACCOUNT, "Your account", why))
}
