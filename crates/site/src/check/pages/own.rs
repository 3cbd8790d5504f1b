//! Whose attempt it is: only its owner's handlers run.

use crate::account::{MaybeSession, Owner, Session};
use crate::check::{Attempt, AttemptId, AttemptItem, Checks};
use crate::error::{Missing, SiteError};
use crate::routes::AttemptUrl;
use crate::site::Site;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::Response;
use http::request::Parts;

/// A request by the owner of the attempt that its address names. For everybody else, signed in or not, there is no such
/// address.
pub(crate) struct OwnAttempt {
    pub session: Session,
    pub attempt: Attempt,
    /// The place that the address names, if it names one.
    place: Option<u32>,
}

impl OwnAttempt {
    /// The key to its rows.
    pub fn owner(&self) -> Owner {
        self.session.owner()
    }

    /// What was asked at the place that the address names.
    ///
    /// # Errors
    /// Nothing was.
    pub fn item(&self) -> Result<&AttemptItem, SiteError> {
        let item = self.place.and_then(|place| self.attempt.item(place));
        item.ok_or(SiteError::NotFound(Missing::Attempt))
    }

    /// Back to what it waits for.
    pub fn go_on(&self) -> Response {
        see(&url(self.attempt.id()))
    }

    /// The same, with a word about what was sent.
    pub fn go_on_saying(&self, said: &str) -> Response {
        see(&format!("{}?said={said}", url(self.attempt.id())))
    }
}

impl FromRequestParts<Site> for OwnAttempt {
    type Rejection = SiteError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, SiteError> {
        let none = || SiteError::NotFound(Missing::Attempt);
        let MaybeSession(session) = MaybeSession::from_request_parts(parts, site).await?;
        let session = session.ok_or_else(none)?;
        let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| none())?;
        let named = |name: &str| params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
        let id = named("attempt").and_then(|text| AttemptId::parse(&text)).ok_or_else(none)?;
        let place = named("place").and_then(|text| text.parse().ok());
        let checks: &Checks = site.checks();
        let attempt = checks.attempt(session.owner(), id).await?.ok_or_else(none)?;
        Ok(Self { session, attempt, place })
    }
}

/// `GET` of an address that only takes forms: somebody reloads it.
pub(crate) async fn form_was_left(own: OwnAttempt) -> Response {
    own.go_on()
}

/// An attempt's address.
pub(super) fn url(id: AttemptId) -> String {
    AttemptUrl { attempt: &id.to_string() }.to_url()
}

pub(super) use crate::page::see;
