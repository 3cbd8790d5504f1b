//! Who asks at an address of a conversation: its candidate, or somebody of its company. What both do is one handler.

use super::{Actor, Introduction, Line, Side};
use crate::account::{NotLetIn, Session};
use crate::company::ForCompany;
use crate::error::{Missing, SiteError, id_in};
use crate::routes::{self, CompanyIntroductionUrl, CompanyIntroductionsUrl, IntroductionUrl};
use crate::site::Site;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use jobfuture_disclosure::{Act, AsCompany};
use uuid::Uuid;

/// One of the two, signed in; of a company somebody whose role writes to candidates. For everybody else there is no such address.
#[derive(Debug)]
pub(crate) enum Party {
    /// Whoever is signed in, for conversations of their own.
    Candidate(Session),
    /// Somebody of the company that the address names.
    Company(ForCompany),
}

impl FromRequestParts<Site> for Party {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let none = || SiteError::NotFound(Missing::Page).into_response();
        let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| none())?;
        if params.iter().any(|(key, _)| key == "company") {
            let company = ForCompany::from_request_parts(parts, site).await?;
            company.to(Act::Introductions).map_err(IntoResponse::into_response)?;
            return Ok(Self::Company(company));
        }
        Session::from_request_parts(parts, site).await.map(Self::Candidate).map_err(NotLetIn::into_response)
    }
}

impl Party {
    /// As pages are made for them.
    pub(crate) fn eyes(&self) -> Result<Eyes<'_>, SiteError> {
        match self {
            Self::Candidate(session) => Ok(Eyes::Candidate(session)),
            Self::Company(company) => Eyes::of(company),
        }
    }

    /// For the store.
    pub(super) fn actor(&self) -> Result<Actor<'_>, SiteError> {
        Ok(self.eyes()?.actor())
    }

    pub(super) fn side(&self) -> Side {
        match self {
            Self::Candidate(_) => Side::Candidate,
            Self::Company(_) => Side::Company,
        }
    }

    /// The conversation that an address names, if it is this party's.
    pub(super) async fn find(&self, site: &Site, id: &str) -> Result<Introduction, SiteError> {
        self.eyes()?.find(site, id).await
    }
}

/// Through whose eyes a page is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Eyes<'a> {
    /// The candidate's.
    Candidate(&'a Session),
    /// Of somebody who acts for the company.
    Company(&'a AsCompany, &'a Session),
}

impl<'a> Eyes<'a> {
    /// Of whoever acts for a company, if their role writes to candidates.
    pub(crate) fn of(company: &'a ForCompany) -> Result<Self, SiteError> {
        let viewer = company.to(Act::Introductions)?;
        Ok(Self::Company(viewer, company.session()))
    }

    /// Who does something.
    pub(crate) fn actor(self) -> Actor<'a> {
        match self {
            Self::Candidate(session) => Actor::Candidate(session.owner().key()),
            Self::Company(viewer, session) => Actor::Company { viewer, member: session.owner() },
        }
    }

    /// Which of the two.
    pub(crate) fn side(self) -> Side {
        self.actor().side()
    }

    /// The one that an address names, if there is such a one for them.
    pub(crate) async fn find(self, site: &Site, id: &str) -> Result<Introduction, SiteError> {
        let missing = || SiteError::NotFound(Missing::Page);
        let id = id_in(id)?;
        let found = match self {
            Self::Candidate(session) => site.introductions().one(session.owner().key(), id).await?,
            Self::Company(viewer, _) => site.introductions().one_of_company(viewer, id).await?,
        };
        found.ok_or_else(missing)
    }

    /// What was said and done in one, as far as it is for them.
    pub(crate) async fn lines(self, site: &Site, one: &Introduction) -> Result<Vec<Line>, SiteError> {
        match self {
            Self::Candidate(session) => site.introductions().lines(session.owner().key(), one).await,
            Self::Company(viewer, _) => site.introductions().lines_for_company(viewer, one).await,
        }
    }

    /// The address of one.
    pub(crate) fn url(self, id: Uuid) -> String {
        let id = id.to_string();
        match self {
            Self::Candidate(_) => IntroductionUrl { introduction: &id }.to_url(),
            Self::Company(viewer, _) => {
                CompanyIntroductionUrl { company: &viewer.company().to_string(), introduction: &id }.to_url()
            }
        }
    }

    /// The address of all.
    pub(crate) fn list_url(self) -> String {
        match self {
            Self::Candidate(_) => routes::INTRODUCTIONS.to_owned(),
            Self::Company(viewer, _) => CompanyIntroductionsUrl { company: &viewer.company().to_string() }.to_url(),
        }
    }

    /// What the other side is called in a sentence.
    pub(crate) fn other(self, one: &Introduction) -> String {
        match self {
            Self::Candidate(_) => one.company_name.clone(),
            Self::Company(..) => "the candidate".to_owned(),
        }
    }
}
