//! `/reset`: a new password by a link to the account's own address.

use super::dead_link::dead_link;
use super::join::{Address, sent};
use super::{Fields, let_in, page, token, whole_url};
use crate::account::{AccountId, DeadLink, EmailAddress, Letter, Owner, Purpose, Throttle, check_password};
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render};
use crate::practice::Client;
use crate::routes::{self, ResetUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use std::time::Instant;

#[derive(Template)]
#[template(path = "account/reset.html")]
struct Reset<'a> {
    email: &'a str,
    wrong: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "account/choose.html")]
struct Choose {
    wrong: Option<String>,
}

/// A new password.
#[derive(Deserialize)]
pub(crate) struct NewPassword {
    password: String,
}

/// `GET /reset`
pub(crate) async fn reset(State(site): State<Site>) -> Result<Response, SiteError> {
    form(&site, &Reset { email: "", wrong: None }, StatusCode::OK)
}

/// `POST /reset`: the same answer whether there is such an account or not.
pub(crate) async fn ask_for_reset(
    State(site): State<Site>,
    client: Client,
    headers: HeaderMap,
    Fields(typed): Fields<Address>,
) -> Result<Response, SiteError> {
    let Ok(email) = EmailAddress::parse(&typed.email) else {
        let wrong = "This does not look like an e-mail address. It should look like name@example.org.";
        return form(&site, &Reset { email: &typed.email, wrong: Some(wrong) }, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let accounts = site.accounts();
    if let Err(held) = accounts.throttle().attempt(Throttle::key(&email), client, false, Instant::now()) {
        let says = "Too many letters were asked for from here. Wait some minutes; the last one still works.".to_owned();
        return Err(SiteError::TooMany { says, retry_after: held.retry_after });
    }
    if let Some((account, _)) = accounts.by_email(&email).await? {
        let link = accounts.make_link(Purpose::Reset, Some(account), Some(&email)).await?;
        let url = whole_url(&site, &headers, &ResetUrl { token: link.secret() }.to_url());
        accounts.post(&letter(email.clone(), &url)).await?;
        accounts.note(account, "new password asked for", "").await?;
    }
    sent(&site, &email, "half an hour")
}

fn letter(to: EmailAddress, url: &str) -> Letter {
    let body = format!(
        "Somebody, we hope you, asked for a new password for your JobFuture account.\n\n\
         To choose one, open this page within half an hour:\n{url}\n\n\
         If it was not you, do nothing: the old password goes on working.\n"
    );
    Letter { to, subject: "Choose a new password".to_owned(), body }
}

/// `GET /reset/{token}`
pub(crate) async fn open_reset(State(site): State<Site>, Path(text): Path<String>) -> Result<Response, SiteError> {
    match whose(&site, &text).await? {
        Ok(_) => choose(&site, &Choose { wrong: None }, StatusCode::OK),
        Err(dead) => dead_link(&site, Purpose::Reset, dead),
    }
}

async fn whose(site: &Site, text: &str) -> Result<Result<(AccountId, EmailAddress), DeadLink>, SiteError> {
    let token = match token(text) {
        Ok(token) => token,
        Err(dead) => return Ok(Err(dead)),
    };
    let link = site.accounts().link(Purpose::Reset, &token).await?;
    Ok(link.and_then(|link| link.account.zip(link.email).ok_or(DeadLink::Unknown)))
}

/// `POST /reset/{token}`
pub(crate) async fn choose_password(
    State(site): State<Site>,
    Path(text): Path<String>,
    headers: HeaderMap,
    Fields(chosen): Fields<NewPassword>,
) -> Result<Response, SiteError> {
    let (account, email) = match whose(&site, &text).await? {
        Ok(found) => found,
        Err(dead) => return dead_link(&site, Purpose::Reset, dead),
    };
    if let Err(fault) = check_password(&chosen.password, &[email.as_str()]) {
        return choose(&site, &Choose { wrong: Some(fault.to_string()) }, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let accounts = site.accounts();
    let password = accounts.passwords().hash(chosen.password).await;
    let password = password.map_err(|error| SiteError::internal("a password", &error))?;
    let Ok(token) = token(&text) else { return dead_link(&site, Purpose::Reset, DeadLink::Unknown) };
    if !accounts.use_link(Purpose::Reset, &token).await? {
        return dead_link(&site, Purpose::Reset, DeadLink::Used);
    }
    // Whoever holds the account's mailbox may do what the owner may, for this one act.
    accounts.set_password(Owner::by_mailbox(account), password, None).await?;
    let_in(&site, account, &headers, "with a new password", routes::ACCOUNT).await
}

fn form(site: &Site, reset: &Reset<'_>, status: StatusCode) -> Result<Response, SiteError> {
    let next =
        NextSteps::new(Step::new(routes::SIGN_IN, "Sign in", "If you remember it after all.")).and(Step::guides());
    page("Choose a new password", render(reset)?, next).answer_private(site, status)
}

fn choose(site: &Site, form: &Choose, status: StatusCode) -> Result<Response, SiteError> {
    let next = NextSteps::new(Step::new(routes::SIGN_IN, "Sign in", "With the old password, if you remember it."));
    page("Choose a new password", render(form)?, next).answer_private(site, status)
}
