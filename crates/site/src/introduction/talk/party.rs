//! Who asks at an address of a conversation: its candidate, or somebody of its company. What both do is one handler.

use super::super::{Actor, Introduction, Side};
use crate::account::{NotLetIn, Session};
use crate::company::ForCompany;
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step};
use crate::routes::{self, CompanyIntroductionUrl, IntroductionUrl};
use crate::site::Site;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use jobfuture_disclosure::Act;
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
    /// For the store.
    pub(super) fn actor(&self) -> Result<Actor<'_>, SiteError> {
        Ok(match self {
            Self::Candidate(session) => Actor::Candidate(session.owner().key()),
            Self::Company(company) => {
                Actor::Company { viewer: company.to(Act::Introductions)?, member: company.session().owner() }
            }
        })
    }

    pub(super) fn side(&self) -> Side {
        match self {
            Self::Candidate(_) => Side::Candidate,
            Self::Company(_) => Side::Company,
        }
    }

    /// The conversation that an address names, if it is this party's.
    pub(super) async fn find(&self, site: &Site, id: &str) -> Result<Introduction, SiteError> {
        let none = || SiteError::NotFound(Missing::Page);
        let id = Uuid::try_parse(id).map_err(|_| none())?;
        let found = match self.actor()? {
            Actor::Candidate(me) => site.introductions().one(me, id).await?,
            Actor::Company { viewer, .. } => site.introductions().one_of_company(viewer, id).await?,
        };
        found.ok_or_else(none)
    }
}

/// The conversation's own page.
pub(super) fn url(side: Side, of: &Introduction) -> String {
    let id = of.id.to_string();
    match side {
        Side::Candidate => IntroductionUrl { introduction: &id }.to_url(),
        Side::Company => CompanyIntroductionUrl { company: &of.company.to_string(), introduction: &id }.to_url(),
    }
}

/// A page about one conversation, which leads back to it. Its title says nothing of anybody.
pub(super) fn page(title: &str, main: Html, side: Side, of: &Introduction) -> Page {
    let back = Step::new(url(side, of), "The conversation", "What was said, and whose turn it is.");
    let next = match side {
        Side::Candidate => NextSteps::new(back)
            .and(Step::new(routes::GRANTS, "Who sees what", "What you show to whom, to narrow or take back."))
            .and(Step::vacancies()),
        Side::Company => {
            let company = of.company.to_string();
            let candidates = routes::CompanyCandidatesUrl { company: &company }.to_url();
            NextSteps::new(back)
                .and(Step::new(candidates, "Candidates", "Who granted something to the company."))
                .and(Step::new(routes::COMPANIES, "For companies", "Yours, and what companies may see here."))
        }
    };
    Page {
        title: title.to_owned(),
        description: title.to_owned(),
        active: if side == Side::Candidate { Nav::Account } else { Nav::Company },
        main,
        next,
        canonical: None,
        editor: false,
    }
}
