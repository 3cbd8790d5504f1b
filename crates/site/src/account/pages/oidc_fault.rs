//! What somebody reads whom the provider, or this site, did not let through; and where they go.

use super::page;
use crate::account::{Errand, Lost, OidcFault, OidcProvider};
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "account/dead_link.html")]
struct Fault<'a> {
    title: &'a str,
    why: String,
}

/// What somebody was about.
#[derive(Clone, Copy)]
pub(super) struct Errands<'a> {
    /// What they went to the provider for.
    pub(super) errand: Errand,
    /// Where they wanted to go afterwards.
    pub(super) back: &'a str,
}

/// Says what went wrong, and leads on.
pub(super) fn fault_page(
    site: &Site,
    provider: &OidcProvider,
    about: Errands<'_>,
    fault: &OidcFault,
) -> Result<Response, SiteError> {
    if let OidcFault::Site(error) = fault {
        return Err(error.clone());
    }
    let main = render(&Fault { title: fault.title(), why: fault.why(provider.name()) })?;
    page(fault.title(), main, ways_on(provider, about, fault)).answer_private(site, fault.status())
}

fn ways_on(provider: &OidcProvider, about: Errands<'_>, fault: &OidcFault) -> NextSteps {
    let account = Step::new(routes::ACCOUNT, "Your account", "With everything that signs you in.");
    match about.errand {
        Errand::Link => NextSteps::new(account).and(Step::tasks()),
        Errand::Prove => {
            let prove = routes::with_return(routes::PROVE_AGAIN, about.back);
            NextSteps::new(Step::new(prove, "Prove it another way", "Or this way once more."))
                .and(Step::new(routes::RESET, "Choose a password", "By a link to your address."))
                .and(account)
        }
        Errand::SignIn => signing_in(provider, about.back, fault),
    }
}

fn signing_in(provider: &OidcProvider, back: &str, fault: &OidcFault) -> NextSteps {
    let otherwise = routes::with_return(routes::SIGN_IN, back);
    let otherwise = Step::new(otherwise, "Sign in another way", "With a password or a passkey.");
    let join = Step::new(routes::JOIN, "Make an account", "By a link to your address.");
    let again = routes::with_return(routes::OIDC_SIGN_IN, back);
    let again = Step::new(again, format!("Sign in by {}", provider.name()), "From the beginning.");
    match fault {
        OidcFault::NoAddress => NextSteps::new(join).and(again).and(otherwise),
        OidcFault::Lost(Lost::Again) => {
            NextSteps::new(Step::new(routes::ACCOUNT, "Your account", "If you are signed in already.")).and(again)
        }
        _ => NextSteps::new(again).and(otherwise).and(join),
    }
}
