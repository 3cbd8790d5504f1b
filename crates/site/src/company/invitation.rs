//! `/invitations/{token}`: what a letter invites to, and taking it up.

use super::ask::{for_companies, page};
use super::{DeadInvitation, Invitation};
use crate::account::{MaybeSession, Session, Token};
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render, see};
use crate::routes::{self, CompanyHomeUrl, InvitationUrl, with_return};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

#[derive(Template)]
#[template(path = "company/invitation.html")]
struct InvitationPage {
    invitation: Invitation,
    url: String,
    sign_in: String,
    is_signed_in: bool,
    is_mine: bool,
}

#[derive(Template)]
#[template(path = "company/dead_invitation.html")]
struct Dead {
    why: &'static str,
}

/// `GET /invitations/{token}`: it is not used up by being looked at, because programs that scan mail open links.
pub(crate) async fn invitation(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    Path(text): Path<String>,
) -> Result<Response, SiteError> {
    let found = match Token::parse(&text) {
        Some(token) => site.companies().invitation(&token).await?,
        None => Err(DeadInvitation::Unknown),
    };
    let invitation = match found {
        Ok(invitation) => invitation,
        Err(dead) => return dead_invitation(&site, dead),
    };
    let url = InvitationUrl { token: &text }.to_url();
    let main = render(&InvitationPage {
        sign_in: with_return(routes::SIGN_IN, &url),
        is_signed_in: session.is_some(),
        is_mine: session.is_some_and(|session| invitation.is_for(&session)),
        invitation,
        url,
    })?;
    page("An invitation", main, ways_on()).answer_private(&site, StatusCode::OK)
}

/// `POST /invitations/{token}`
pub(crate) async fn accept(
    State(site): State<Site>,
    session: Session,
    Path(text): Path<String>,
) -> Result<Response, SiteError> {
    let Some(token) = Token::parse(&text) else { return dead_invitation(&site, DeadInvitation::Unknown) };
    match site.companies().accept(&session, &token).await? {
        Ok(company) => {
            site.accounts().note(session.owner().account(), "took up an invitation to a company", "").await?;
            Ok(see(&CompanyHomeUrl { company: &company.to_string() }.to_url()))
        }
        Err(dead) => dead_invitation(&site, dead),
    }
}

fn ways_on() -> NextSteps {
    NextSteps::new(for_companies()).and(Step::home())
}

fn dead_invitation(site: &Site, dead: DeadInvitation) -> Result<Response, SiteError> {
    let (why, status) = match dead {
        DeadInvitation::Unknown => {
            ("It may have been cut in two on its way. Copy the whole line of the letter.", StatusCode::NOT_FOUND)
        }
        DeadInvitation::Expired => ("It is too old. Ask whoever invited you for another one.", StatusCode::GONE),
        DeadInvitation::Withdrawn => ("The company has taken it back.", StatusCode::GONE),
        DeadInvitation::Used => ("It was taken up already.", StatusCode::GONE),
        DeadInvitation::Elsewhere => (
            "It is for another address than the one that you are signed in with. Sign in with the address that the letter went to.",
            StatusCode::FORBIDDEN,
        ),
    };
    page("This invitation does not work", render(&Dead { why })?, ways_on()).answer_private(site, status)
}
