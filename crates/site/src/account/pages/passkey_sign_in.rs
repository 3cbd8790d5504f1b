//! Signing in with a passkey, and proving by one who one is. The browser module `passkey.mjs` speaks to these.

use super::passkeys::{Done, party};
use super::sent::Sent;
use super::{Back, sign_browser_in};
use crate::account::{MaybeSession, PasskeyFault};
use crate::practice::Client;
use crate::site::Site;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use webauthn_rs::prelude::PublicKeyCredential;

/// A passkey's answer, and where its owner wants to go.
#[derive(Deserialize)]
pub(crate) struct Answered {
    ceremony: String,
    answer: PublicKeyCredential,
    #[serde(flatten)]
    back: Back,
}

/// `POST /sign-in/passkey/begin`
pub(crate) async fn begin_passkey_sign_in(
    State(site): State<Site>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, PasskeyFault> {
    let party = party(&site, &headers).map_err(PasskeyFault::NotHere)?;
    Ok(private(Json(site.accounts().begin_sign_in(&party, client)?)))
}

/// `POST /sign-in/passkey`
pub(crate) async fn passkey_sign_in(
    State(site): State<Site>,
    headers: HeaderMap,
    Sent(answered): Sent<Answered>,
) -> Result<Response, PasskeyFault> {
    let party = party(&site, &headers).map_err(PasskeyFault::NotHere)?;
    let account = site.accounts().finish_sign_in(&party, &answered.ceremony, &answered.answer).await?;
    let mut response = private(Json(Done { to: answered.back.path() }));
    sign_browser_in(&site, account, &headers, "with a passkey", &mut response).await?;
    Ok(response)
}

/// `POST /account/prove/passkey/begin`
pub(crate) async fn begin_passkey_proof(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    headers: HeaderMap,
) -> Result<Response, PasskeyFault> {
    let session = session.ok_or(PasskeyFault::SignedOut)?;
    let party = party(&site, &headers).map_err(PasskeyFault::NotHere)?;
    Ok(private(Json(site.accounts().begin_proof(&party, &session)?)))
}

/// `POST /account/prove/passkey`
pub(crate) async fn passkey_proof(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    headers: HeaderMap,
    Sent(answered): Sent<Answered>,
) -> Result<Response, PasskeyFault> {
    let session = session.ok_or(PasskeyFault::SignedOut)?;
    let party = party(&site, &headers).map_err(PasskeyFault::NotHere)?;
    site.accounts().finish_proof(&party, &session, &answered.ceremony, &answered.answer).await?;
    Ok(private(Json(Done { to: answered.back.path() })))
}

fn private(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
