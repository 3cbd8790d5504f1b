//! `/shared/{token}`: what the bearer of a link sees.

use crate::error::{Missing, SiteError};
use crate::page::{Nav, NextSteps, Page, Step, render};
use crate::profile::SeenPart;
use crate::routes;
use crate::site::Site;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode};
use jobfuture_disclosure::Token;

/// `GET /shared/{token}`. A link that was revoked, has expired, is used up or never was looks the same.
/// To ask for its headers alone would count as well, so it is not answered.
pub(crate) async fn shared(
    State(site): State<Site>,
    method: Method,
    Path(token): Path<String>,
) -> Result<Response, SiteError> {
    if method == Method::HEAD {
        return Err(SiteError::MethodNotAllowed);
    }
    let none = || SiteError::NotFound(Missing::Page);
    let token = Token::parse(&token).ok_or_else(none)?;
    let seen = site.disclosure().open_link(&token).await?.ok_or_else(none)?;
    let main = render(&SeenPart::of(&seen, site.library()))?;
    let next =
        NextSteps::new(Step::new(routes::VERIFY, "Check a credential", "In your own browser, without asking anybody."))
            .and(Step::new(routes::COMPANIES, "For companies", "Who may see candidates here, and how to begin."))
            .and(Step::home());
    let page = Page::unlisted("Shown to you by link", Nav::Elsewhere, main, next);
    let mut response = page.answer_private(&site, StatusCode::OK)?;
    // A page that was shown to one person should be found by nobody, and its address told to no other site.
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    Ok(response)
}
