//! `/verify`: checks a credential in the reader's own browser. Nothing of it is sent here.

use crate::answer;
use crate::error::SiteError;
use crate::page::{Nav, NextSteps, Page, Step, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jobfuture_content::Place;

#[derive(Template)]
#[template(path = "verify/verify.html")]
struct Verify;

/// `GET /verify`
pub(crate) async fn verify(State(site): State<Site>) -> Result<Response, SiteError> {
    let next =
        NextSteps::new(Step::new(routes::COMPANIES, "For companies", "What companies see here, and how to begin."))
            .and(Step::checks())
            .and(Step::roles());
    let page = Page {
        title: "Check a credential".to_owned(),
        description: "Check in your own browser what somebody shows you of a skill check, without asking anybody."
            .to_owned(),
        active: Nav::Elsewhere,
        main: answer::with_asked(&site, Place::Verify, render(&Verify)?)?,
        next,
        canonical: Some(routes::VERIFY.to_owned()),
        editor: false,
    };
    page.answer(&site)
}
