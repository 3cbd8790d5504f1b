//! `/join`: an address first, everything else by the link that is sent there.

use super::dead_link::dead_link;
use super::{Fields, let_in, name_of, page, token, whole_url};
use crate::account::{EmailAddress, Letter, NewAccount, Purpose, Throttle, check_password};
use crate::answer;
use crate::error::SiteError;
use crate::page::{NextSteps, Step, render};
use crate::practice::Client;
use crate::routes::{self, JoinUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jobfuture_content::Place;
use serde::Deserialize;
use std::time::Instant;

#[derive(Template)]
#[template(path = "account/join.html")]
struct Join<'a> {
    email: &'a str,
    wrong: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "account/sent.html")]
pub(super) struct Sent<'a> {
    pub(super) email: &'a str,
    /// Whether a mail server is configured.
    pub(super) by_mail: bool,
    pub(super) lasts: &'a str,
}

#[derive(Template)]
#[template(path = "account/make.html")]
struct Make<'a> {
    email: &'a str,
    name: &'a str,
    wrong: Option<String>,
}

/// An address.
#[derive(Deserialize)]
pub(crate) struct Address {
    pub(super) email: String,
}

/// What an account is made of.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    name: String,
    password: String,
}

/// `GET /join`
pub(crate) async fn join(State(site): State<Site>) -> Result<Response, SiteError> {
    form(&site, &Join { email: "", wrong: None }, StatusCode::OK)
}

/// `POST /join`: the same answer whether the address has an account or not; what differs stands in the mail.
pub(crate) async fn ask_for_link(
    State(site): State<Site>,
    client: Client,
    headers: HeaderMap,
    Fields(typed): Fields<Address>,
) -> Result<Response, SiteError> {
    let Ok(email) = EmailAddress::parse(&typed.email) else {
        let wrong = "This does not look like an e-mail address. It should look like name@example.org.";
        return form(&site, &Join { email: &typed.email, wrong: Some(wrong) }, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let accounts = site.accounts();
    if let Err(held) = accounts.throttle().attempt(Throttle::key(&email), client, false, Instant::now()) {
        let says = "Too many letters were asked for from here. Wait some minutes; the last one still works.".to_owned();
        return Err(SiteError::TooMany { says, retry_after: held.retry_after });
    }
    let letter = if accounts.by_email(&email).await?.is_some() {
        has_account_already(&site, &headers, email.clone())
    } else {
        let link = accounts.make_link(Purpose::Join, None, Some(&email)).await?;
        let url = whole_url(&site, &headers, &JoinUrl { token: link.secret() }.to_url());
        welcome(email.clone(), &url)
    };
    accounts.post(&letter).await?;
    sent(&site, &email, "a day")
}

fn welcome(to: EmailAddress, url: &str) -> Letter {
    let body = format!(
        "Somebody, we hope you, wants to make an account at JobFuture with this address.\n\n\
         To go on, open this page within a day:\n{url}\n\n\
         If it was not you, do nothing: no account is made.\n"
    );
    Letter { to, subject: "Make your JobFuture account".to_owned(), body }
}

fn has_account_already(site: &Site, headers: &HeaderMap, to: EmailAddress) -> Letter {
    let (sign_in, reset) = (whole_url(site, headers, routes::SIGN_IN), whole_url(site, headers, routes::RESET));
    let body = format!(
        "Somebody, we hope you, wanted to make an account at JobFuture with this address. It has one already.\n\n\
         Sign in: {sign_in}\nChoose a new password: {reset}\n\n\
         If it was not you, do nothing.\n"
    );
    Letter { to, subject: "Your JobFuture account".to_owned(), body }
}

/// The page that says where to look.
pub(super) fn sent(site: &Site, email: &EmailAddress, lasts: &str) -> Result<Response, SiteError> {
    let main = render(&Sent { email: email.as_str(), by_mail: site.config().sends_mail, lasts })?;
    let next = NextSteps::new(Step::guides()).and(Step::tasks());
    page("Look into your mail", main, next).answer_private(site, StatusCode::OK)
}

/// `GET /join/{token}`
pub(crate) async fn open_link(State(site): State<Site>, Path(text): Path<String>) -> Result<Response, SiteError> {
    match invited(&site, &text).await? {
        Ok(email) => make(&site, &Make { email: email.as_str(), name: "", wrong: None }, StatusCode::OK),
        Err(dead) => dead_link(&site, Purpose::Join, dead),
    }
}

/// Whom a link invites.
async fn invited(site: &Site, text: &str) -> Result<Result<EmailAddress, crate::account::DeadLink>, SiteError> {
    let token = match token(text) {
        Ok(token) => token,
        Err(dead) => return Ok(Err(dead)),
    };
    let link = site.accounts().link(Purpose::Join, &token).await?;
    Ok(link.and_then(|link| link.email.ok_or(crate::account::DeadLink::Unknown)))
}

/// `POST /join/{token}`
pub(crate) async fn make_account(
    State(site): State<Site>,
    Path(text): Path<String>,
    headers: HeaderMap,
    Fields(chosen): Fields<Chosen>,
) -> Result<Response, SiteError> {
    let email = match invited(&site, &text).await? {
        Ok(email) => email,
        Err(dead) => return dead_link(&site, Purpose::Join, dead),
    };
    let again = |wrong: String| {
        let form = Make { email: email.as_str(), name: &chosen.name, wrong: Some(wrong) };
        make(&site, &form, StatusCode::UNPROCESSABLE_ENTITY)
    };
    let name = match name_of(&chosen.name, &email) {
        Ok(name) => name,
        Err(wrong) => return again(wrong.to_owned()),
    };
    if let Err(fault) = check_password(&chosen.password, &[&name, email.as_str()]) {
        return again(fault.to_string());
    }
    let accounts = site.accounts();
    let password = accounts.passwords().hash(chosen.password.clone()).await;
    let password = Some(password.map_err(|error| SiteError::internal("a password", &error))?);
    // The link is used up last but one: what was wrong before left it whole.
    let Ok(token) = token(&text) else { return dead_link(&site, Purpose::Join, crate::account::DeadLink::Unknown) };
    if !accounts.use_link(Purpose::Join, &token).await? {
        return dead_link(&site, Purpose::Join, crate::account::DeadLink::Used);
    }
    match accounts.create(NewAccount { email, name, password, is_operator: false }).await? {
        Some(account) => let_in(&site, account, &headers, "for the first time", routes::ACCOUNT).await,
        None => dead_link(&site, Purpose::Join, crate::account::DeadLink::Used),
    }
}

fn form(site: &Site, join: &Join<'_>, status: StatusCode) -> Result<Response, SiteError> {
    let next = NextSteps::new(Step::new(routes::SIGN_IN, "Sign in", "If you have an account."))
        .and(Step::guides())
        .and(Step::tasks());
    let main = answer::with_asked(site, Place::Join, render(join)?)?;
    page("Make an account", main, next).answer_private(site, status)
}

fn make(site: &Site, form: &Make<'_>, status: StatusCode) -> Result<Response, SiteError> {
    let next = NextSteps::new(Step::guides()).and(Step::tasks());
    page("Make your account", render(form)?, next).answer_private(site, status)
}
