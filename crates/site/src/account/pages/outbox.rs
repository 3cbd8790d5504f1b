//! For whoever runs this instance: the first operator's link, and the outbox.

use super::dead_link::dead_link;
use super::{Fields, let_in, name_of, page, token};
use crate::account::{DeadLink, EmailAddress, MaybeSession, NewAccount, OutboxEntry, Purpose, check_password};
use crate::error::{Missing, SiteError};
use crate::page::{NextSteps, Step, moment, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;

/// Letters that are shown.
const LETTERS: i64 = 100;

#[derive(Template)]
#[template(path = "account/outbox.html")]
struct Outbox {
    letters: Vec<OutboxEntry>,
    by_mail: bool,
}

impl Outbox {
    fn time(&self, time: &Timestamp) -> String {
        moment(*time)
    }
}

#[derive(Template)]
#[template(path = "account/operator.html")]
struct First<'a> {
    email: &'a str,
    name: &'a str,
    wrong: Option<String>,
}

/// Who will run this instance.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    email: String,
    #[serde(default)]
    name: String,
    password: String,
}

/// `GET /operator/outbox`. To everybody else there is no such page.
pub(crate) async fn outbox(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
) -> Result<Response, SiteError> {
    if !session.is_some_and(|session| session.is_operator()) {
        return Err(SiteError::NotFound(Missing::Page));
    }
    let main = render(&Outbox { letters: site.accounts().outbox(LETTERS).await?, by_mail: site.config().sends_mail })?;
    let next = NextSteps::new(Step::new(routes::ACCOUNT, "Your account", "Name, password, browsers."));
    page("Outbox", main, next).answer_private(&site, StatusCode::OK)
}

/// `GET /operator/first/{token}`
pub(crate) async fn first_operator(State(site): State<Site>, Path(text): Path<String>) -> Result<Response, SiteError> {
    match works(&site, &text).await? {
        Ok(()) => form(&site, &First { email: "", name: "", wrong: None }, StatusCode::OK),
        Err(dead) => dead_link(&site, Purpose::Operator, dead),
    }
}

async fn works(site: &Site, text: &str) -> Result<Result<(), DeadLink>, SiteError> {
    let token = match token(text) {
        Ok(token) => token,
        Err(dead) => return Ok(Err(dead)),
    };
    Ok(site.accounts().link(Purpose::Operator, &token).await?.map(|_| ()))
}

/// `POST /operator/first/{token}`
pub(crate) async fn make_first_operator(
    State(site): State<Site>,
    Path(text): Path<String>,
    headers: HeaderMap,
    Fields(chosen): Fields<Chosen>,
) -> Result<Response, SiteError> {
    if let Err(dead) = works(&site, &text).await? {
        return dead_link(&site, Purpose::Operator, dead);
    }
    let again = |wrong: String| {
        let first = First { email: &chosen.email, name: &chosen.name, wrong: Some(wrong) };
        form(&site, &first, StatusCode::UNPROCESSABLE_ENTITY)
    };
    let email = match EmailAddress::parse(&chosen.email) {
        Ok(email) => email,
        Err(bad) => return again(bad.to_string()),
    };
    let name = match name_of(&chosen.name, &email) {
        Ok(name) => name,
        Err(wrong) => return again(wrong.to_owned()),
    };
    if let Err(fault) = check_password(&chosen.password, &[&name, email.as_str()]) {
        return again(fault.to_string());
    }
    let accounts = site.accounts();
    if accounts.by_email(&email).await?.is_some() {
        return again("This address has an account already. Use another one for running the instance.".to_owned());
    }
    let password = accounts.passwords().hash(chosen.password.clone()).await;
    let password = Some(password.map_err(|error| SiteError::internal("a password", &error))?);
    let Ok(token) = token(&text) else { return dead_link(&site, Purpose::Operator, DeadLink::Unknown) };
    if !accounts.use_link(Purpose::Operator, &token).await? {
        return dead_link(&site, Purpose::Operator, DeadLink::Used);
    }
    match accounts.create(NewAccount { email, name, password, is_operator: true }).await? {
        Some(account) => let_in(&site, account, &headers, "as the first operator", routes::ACCOUNT).await,
        None => Err(SiteError::internal("the first operator", &"the address was taken in between")),
    }
}

fn form(site: &Site, first: &First<'_>, status: StatusCode) -> Result<Response, SiteError> {
    let next = NextSteps::new(Step::home());
    page("Run this instance", render(first)?, next).answer_private(site, status)
}
