//! Somebody whom the provider vouches for, with an address that has an account here: it is not opened to them before its owner
//! has said, once, that the two belong together. By signing in as usual, or by a link to the address.

use super::dead_link::dead_link;
use super::identities::{arrival, confirmation, forget, not_linked};
use super::join::sent;
use super::oidc::{Provider, confirmed};
use super::oidc_fault::{Errands, fault_page};
use super::{let_in, page, token, whole_url};
use crate::account::{
    AccountId, DeadLink, EmailAddress, Errand, Identity, Letter, OidcFault, Owner, Purpose, Throttle, Token,
};
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render};
use crate::practice::Client;
use crate::routes::{self, IdentityLinkUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use std::time::Instant;

/// What somebody is about here, when something is wrong.
const SIGNING_IN: Errands<'static> = Errands { errand: Errand::SignIn, back: routes::ACCOUNT };

#[derive(Template)]
#[template(path = "account/identity_arrived.html")]
struct Arrived<'a> {
    name: &'a str,
    email: &'a str,
    sign_in: String,
}

/// `GET /sign-in/oidc/arrived`: the address has an account, and its owner is asked first.
pub(crate) async fn arrived(
    Provider(provider): Provider,
    State(site): State<Site>,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let identity = arrival(&site, &headers).1;
    let email = match identity.as_ref().map_err(Clone::clone).and_then(confirmed) {
        Ok(email) => email,
        Err(fault) => return fault_page(&site, &provider, SIGNING_IN, &fault),
    };
    let sign_in = routes::with_return(routes::SIGN_IN, routes::IDENTITY_CONFIRM);
    let main = render(&Arrived { name: provider.name(), email: email.as_str(), sign_in })?;
    let next = NextSteps::new(Step::guides()).and(Step::tasks());
    page("You have an account here already", main, next).answer_private(&site, StatusCode::OK)
}

/// `POST /sign-in/oidc/arrived`: a link to the address, by which its owner links the two.
pub(crate) async fn ask_for_identity_link(
    Provider(provider): Provider,
    State(site): State<Site>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let identity = arrival(&site, &headers).1;
    let email = match identity.as_ref().map_err(Clone::clone).and_then(confirmed) {
        Ok(email) => email,
        Err(fault) => return fault_page(&site, &provider, SIGNING_IN, &fault),
    };
    let accounts = site.accounts();
    if let Err(held) = accounts.throttle().attempt(Throttle::key(email), client, false, Instant::now()) {
        let says = "Too many letters were asked for from here. Wait some minutes; the last one still works.".to_owned();
        return Err(SiteError::TooMany { says, retry_after: held.retry_after });
    }
    if let Some((account, _)) = accounts.by_email(email).await? {
        let link = accounts.make_link(Purpose::Identity, Some(account), Some(email)).await?;
        let url = whole_url(&site, &headers, &IdentityLinkUrl { token: link.secret() }.to_url());
        accounts.post(&letter(email.clone(), provider.name(), &url)).await?;
        accounts.note(account, "linking a sign-in asked for", provider.name()).await?;
    }
    sent(&site, email, "half an hour, in this browser")
}

fn letter(to: EmailAddress, name: &str, url: &str) -> Letter {
    let body = format!(
        "Somebody, we hope you, signed in by {name} and wants to use that for your JobFuture account.\n\n\
         To allow it, open this page within half an hour, in the browser in which you signed in:\n{url}\n\n\
         If it was not you, do nothing: nothing is linked.\n"
    );
    Letter { to, subject: "Link a sign-in to your JobFuture account".to_owned(), body }
}

/// A link of such a letter: whose account, and to which address it was sent.
async fn whose(site: &Site, text: &str) -> Result<Result<(AccountId, EmailAddress, Token), DeadLink>, SiteError> {
    let token = match token(text) {
        Ok(token) => token,
        Err(dead) => return Ok(Err(dead)),
    };
    let link = site.accounts().link(Purpose::Identity, &token).await?;
    let found = link.and_then(|link| link.account.zip(link.email).ok_or(DeadLink::Unknown));
    Ok(found.map(|(account, email)| (account, email, token)))
}

/// `GET /sign-in/oidc/link/{token}`
pub(crate) async fn open_identity_link(
    Provider(provider): Provider,
    State(site): State<Site>,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let (_, email, token) = match whose(&site, &text).await? {
        Ok(found) => found,
        Err(dead) => return dead_link(&site, Purpose::Identity, dead),
    };
    match arrival_of(&site, &headers, &email).1 {
        Ok(identity) => {
            let to = IdentityLinkUrl { token: token.secret() }.to_url();
            confirmation(&site, &provider, &identity, email.as_str(), to)
        }
        Err(fault) => fault_page(&site, &provider, SIGNING_IN, &fault),
    }
}

/// `POST /sign-in/oidc/link/{token}`
pub(crate) async fn link_by_mail(
    Provider(provider): Provider,
    State(site): State<Site>,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    let (account, email, token) = match whose(&site, &text).await? {
        Ok(found) => found,
        Err(dead) => return dead_link(&site, Purpose::Identity, dead),
    };
    let (browser, identity) = arrival_of(&site, &headers, &email);
    let identity = match identity {
        Ok(identity) => identity,
        Err(fault) => return fault_page(&site, &provider, SIGNING_IN, &fault),
    };
    let accounts = site.accounts();
    if !accounts.use_link(Purpose::Identity, &token).await? {
        return dead_link(&site, Purpose::Identity, DeadLink::Used);
    }
    // Whoever holds the account's mailbox may do what the owner may, for this one act.
    let linked = accounts.link_identity(Owner::by_mailbox(account), &identity, provider.name()).await?;
    let mut response = match not_linked(linked) {
        None => let_in(&site, account, &headers, "by a link that was sent", routes::ACCOUNT).await?,
        Some(fault) => fault_page(&site, &provider, SIGNING_IN, &fault)?,
    };
    forget(&site, browser.as_ref(), &mut response);
    Ok(response)
}

/// Who waits in this browser, if it is the one for whom the letter was sent.
fn arrival_of(site: &Site, headers: &HeaderMap, email: &EmailAddress) -> (Option<Token>, Result<Identity, OidcFault>) {
    let (browser, identity) = arrival(site, headers);
    let identity =
        identity.and_then(|identity| if identity.email() == Some(email) { Ok(identity) } else { Err(OidcFault::Gone) });
    (browser, identity)
}
