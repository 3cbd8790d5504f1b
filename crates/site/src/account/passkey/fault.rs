//! What can go wrong with a passkey, in words for whoever holds it.

use super::party::NoPasskeys;
use crate::error::SiteError;
use crate::routes;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use webauthn_rs::prelude::WebauthnError;

/// The most passkeys of one account.
pub const MOST: usize = 20;
/// The longest name of a passkey, in characters.
pub const LONGEST_NAME: usize = 60;

/// Why a passkey was not taken.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PasskeyFault {
    /// There are none at this address.
    #[error("{0}")]
    NotHere(NoPasskeys),
    /// Nobody is signed in, at an act that needs it.
    #[error("You are not signed in any more. Sign in and try again.")]
    SignedOut,
    /// Who it is was not proved lately.
    #[error("It is a while since you proved who you are. Do it once more, and come back.")]
    LongAgo,
    /// The ceremony is over: too late, answered before, never begun, or begun in another session.
    #[error("This took too long, or was answered already. Nothing was changed; try again.")]
    Over,
    /// The answer was made for another origin or relying party.
    #[error(
        "This answer was made for another site, so it is not taken here. Check the address at the top of your browser."
    )]
    OtherSite,
    /// The authenticator did not check who holds it.
    #[error("Your device did not check that it is you. Use its PIN, fingerprint or face, and try again.")]
    Unverified,
    /// No account here has this passkey.
    #[error("No account here has this passkey; it may have been removed. Sign in another way.")]
    Unknown,
    /// It is somebody else's, where one has to prove who one is.
    #[error("This is the passkey of another account. Choose one of yours.")]
    OtherAccount,
    /// Its counter went backwards.
    #[error(
        "This passkey counts its uses, and it has counted backwards: there may be a copy of it. It is not taken. Sign in \
         another way, remove it, and add a new one."
    )]
    Copied,
    /// An account has it already.
    #[error("This passkey was added before.")]
    Taken,
    /// The account has as many as it may.
    #[error("An account has at most {MOST} passkeys. Remove one that you do not use.")]
    TooMany,
    /// Its name.
    #[error("Give it a name of 1 to {LONGEST_NAME} characters.")]
    Name,
    /// Nothing that the browser module sends.
    #[error("What was sent cannot be read. Load the page anew and try again.")]
    Unreadable,
    /// A signature, challenge or form that is not right.
    #[error("The answer of the passkey could not be verified. Nothing was changed; try again.")]
    Wrong,
    /// Ours.
    #[error("Something broke on our side.")]
    Site(SiteError),
}

/// A refusal, as the browser module reads it.
#[derive(Serialize)]
struct Refusal {
    /// For the person.
    says: String,
    /// Where they mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

impl PasskeyFault {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::LongAgo => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Taken => StatusCode::CONFLICT,
            Self::Over => StatusCode::GONE,
            Self::Site(error) => error.status(),
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn to(&self) -> Option<String> {
        match self {
            Self::SignedOut => Some(routes::with_return(routes::SIGN_IN, routes::ACCOUNT)),
            Self::LongAgo => Some(routes::with_return(routes::PROVE_AGAIN, routes::PASSKEY_NEW)),
            _ => None,
        }
    }
}

impl From<SiteError> for PasskeyFault {
    fn from(error: SiteError) -> Self {
        Self::Site(error)
    }
}

impl From<jobfuture_db::Error> for PasskeyFault {
    fn from(error: jobfuture_db::Error) -> Self {
        Self::Site(error.into())
    }
}

impl From<WebauthnError> for PasskeyFault {
    fn from(error: WebauthnError) -> Self {
        tracing::debug!(%error, "a passkey was not taken");
        match error {
            WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash | WebauthnError::CredentialCrossOrigin => {
                Self::OtherSite
            }
            WebauthnError::UserNotPresent | WebauthnError::UserNotVerified => Self::Unverified,
            WebauthnError::CredentialNotFound => Self::Unknown,
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            WebauthnError::CredentialExcludedFromRequest => Self::Taken,
            _ => Self::Wrong,
        }
    }
}

impl IntoResponse for PasskeyFault {
    fn into_response(self) -> Response {
        if let Self::Site(error) = self {
            return error.into_response();
        }
        let refusal = Refusal { says: self.to_string(), to: self.to() };
        let mut response = (self.status(), Json(refusal)).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
