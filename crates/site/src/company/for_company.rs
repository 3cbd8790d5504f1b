//! Who acts for the company that an address names.

use crate::account::{NotLetIn, Session};
use crate::error::{Missing, SiteError};
use crate::site::Site;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use jobfuture_disclosure::{Act, AsCompany};

/// A request by somebody who acts for the company that its address names. For everybody else who is signed in there is no such
/// address; who is not is asked to sign in, whatever the address. The company is in it for who says what they are about to do:
/// [`Self::to`].
#[derive(Debug)]
pub(crate) struct ForCompany {
    company: AsCompany,
    session: Session,
}

impl ForCompany {
    /// The company, if the person's role does such things there.
    ///
    /// # Errors
    /// [`SiteError::NotYourRole`], which says whose role does.
    pub(crate) fn to(&self, act: Act) -> Result<&AsCompany, SiteError> {
        if self.company.may(act) {
            Ok(&self.company)
        } else {
            Err(SiteError::NotYourRole { act, role: self.company.role() })
        }
    }

    /// The person, for their own rows.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }
}

impl FromRequestParts<Site> for ForCompany {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let none = || SiteError::NotFound(Missing::Page).into_response();
        let session = Session::from_request_parts(parts, site).await.map_err(NotLetIn::into_response)?;
        let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| none())?;
        let named = params.iter().find(|(key, _)| *key == "company").map(|(_, value)| value.to_owned());
        let all = site.disclosure().companies_of(session.owner().key()).await;
        let all = all.map_err(|error| SiteError::from(error).into_response())?;
        let company = all.into_iter().find(|one| Some(one.company().to_string()) == named).ok_or_else(none)?;
        Ok(Self { company, session })
    }
}
