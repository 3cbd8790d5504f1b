//! A link of a letter that no longer works, and how to get one that does.

use super::page;
use crate::account::{DeadLink, Purpose};
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::response::Response;
use http::StatusCode;

#[derive(Template)]
#[template(path = "account/dead_link.html")]
struct Page {
    title: &'static str,
    why: &'static str,
}

/// Says which of the three it is, and leads to a new one.
pub(super) fn dead_link(site: &Site, purpose: Purpose, dead: DeadLink) -> Result<Response, SiteError> {
    let (title, why, status) = match dead {
        DeadLink::Unknown => (
            "This link is not one of ours",
            "It may have been cut in two on its way, or a later one has taken its place. Use the newest letter, and copy \
             the whole line.",
            StatusCode::NOT_FOUND,
        ),
        DeadLink::Expired => (
            "This link is too old",
            "Links work for a while only, so that an old letter lets nobody in.",
            StatusCode::GONE,
        ),
        DeadLink::Used => {
            ("This link was used", "Each link works once. What it was for has been done.", StatusCode::GONE)
        }
    };
    let sign_in = Step::new(routes::SIGN_IN, "Sign in", "If you have an account.");
    let next = match purpose {
        Purpose::Join => NextSteps::new(Step::new(routes::JOIN, "Get a new link", "To make an account.")).and(sign_in),
        Purpose::Reset => {
            NextSteps::new(Step::new(routes::RESET, "Get a new link", "To choose a password.")).and(sign_in)
        }
        Purpose::Identity => NextSteps::new(Step::new(
            routes::OIDC_ARRIVED,
            "Get a new link",
            "If you signed in elsewhere within the last hour, in this browser.",
        ))
        .and(sign_in),
        Purpose::Address | Purpose::Operator => NextSteps::new(sign_in).and(Step::home()),
    };
    page(title, render(&Page { title, why })?, next).answer_private(site, status)
}
