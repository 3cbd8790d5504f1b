//! What others need to check a credential: the issuer's keys, and the list of what was withdrawn.

use crate::error::{Missing, SiteError};
use crate::site::Site;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

/// Seconds that others may keep these. A withdrawal is noticed so late at most.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `GET /.well-known/jwt-vc-issuer`
pub(crate) async fn issuer_metadata(State(site): State<Site>) -> Result<Response, SiteError> {
    let issuer = site.issuer().ok_or(SiteError::NotFound(Missing::Page))?;
    let text = site.disclosure().issuer_metadata(&issuer).await?.to_string();
    Ok(public("application/json", text))
}

/// `GET /credentials/status/1`
pub(crate) async fn status_list(State(site): State<Site>) -> Result<Response, SiteError> {
    let issuer = site.issuer().ok_or(SiteError::NotFound(Missing::Page))?;
    let token = site.disclosure().status_list(&issuer).await?;
    Ok(public("application/statuslist+jwt", token))
}

/// For everybody, from wherever they ask: a verifier's page may stand on another site.
fn public(kind: &'static str, text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, KEEP);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
