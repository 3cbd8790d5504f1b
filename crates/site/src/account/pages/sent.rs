//! What a browser module sends: short JSON.

use crate::account::PasskeyFault;
use crate::error::SiteError;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use http::header;
use serde::de::DeserializeOwned;

/// Bytes of it. An answer of an authenticator with its certificates takes some 10 KiB.
const LONGEST: usize = 64 * 1024;

/// A short JSON body.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Sent<T> {
    type Rejection = PasskeyFault;

    async fn from_request(request: Request, _: &S) -> Result<Self, PasskeyFault> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.and_then(|kind| kind.split(';').next()).map(str::trim) != Some("application/json") {
            return Err(PasskeyFault::Unreadable);
        }
        let body = to_bytes(request.into_body(), LONGEST).await.map_err(|_| too_large())?;
        serde_json::from_slice(&body).map(Self).map_err(|_| PasskeyFault::Unreadable)
    }
}

fn too_large() -> PasskeyFault {
    PasskeyFault::Site(SiteError::TooLarge { what: "What was sent".to_owned(), bytes: None, limit: LONGEST })
}
