//! `/sign-in`, and proving again who one is.

use super::identities::has_identity;
use super::oidc::oidc_button;
use super::passkeys::party;
use super::{Back, Fields, let_in, page, see};
use crate::account::{EmailAddress, MaybeSession, NoPasskeys, RelyingParty, Session, Throttle, Throttled};
use crate::error::SiteError;
use crate::page::{Html, NextSteps, Step, render};
use crate::practice::Client;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use std::time::Instant;

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignIn<'a> {
    email: &'a str,
    back: &'a str,
    passkey_button: Html,
    oidc_button: Html,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "account/prove.html")]
struct ProveAgain<'a> {
    email: &'a str,
    back: &'a str,
    has_password: bool,
    passkey_button: Html,
    oidc_button: Html,
    wrong: Option<String>,
}

/// Asks for a passkey; shown by the browser module, where there are passkeys.
#[derive(Template)]
#[template(path = "account/passkey_button.html")]
struct PasskeyButton<'a> {
    party: Result<RelyingParty, NoPasskeys>,
    begin: &'static str,
    finish: &'static str,
    back: &'a str,
    label: &'static str,
}

/// What was typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    email: String,
    password: String,
    #[serde(flatten)]
    back: Back,
}

/// What was typed to prove it again.
#[derive(Deserialize)]
pub(crate) struct TypedAgain {
    password: String,
    #[serde(flatten)]
    back: Back,
}

/// `GET /sign-in`
pub(crate) async fn sign_in_form(
    State(site): State<Site>,
    MaybeSession(session): MaybeSession,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, SiteError> {
    if session.is_some() {
        return Ok(see(back.path()));
    }
    form(&site, &headers, "", &back, None)
}

/// `POST /sign-in`
pub(crate) async fn sign_in(
    State(site): State<Site>,
    client: Client,
    headers: HeaderMap,
    Fields(typed): Fields<Typed>,
) -> Result<Response, SiteError> {
    let again = |wrong: String, status| form(&site, &headers, &typed.email, &typed.back, Some((wrong, status)));
    let Ok(email) = EmailAddress::parse(&typed.email) else {
        return again("This does not look like an e-mail address.".to_owned(), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let found = site.accounts().by_email(&email).await?;
    let known = match &found {
        Some((account, _)) => super::is_known(&site, *account, &headers).await?,
        None => false,
    };
    let key = Throttle::key(&email);
    if let Err(held) = site.accounts().throttle().attempt(key, client, known, Instant::now()) {
        return Ok(held_up(again(says(held), StatusCode::TOO_MANY_REQUESTS)?, held));
    }
    let (account, password) = found.map_or((None, None), |(account, password)| (Some(account), password));
    let right = site.accounts().passwords().is_right(typed.password.clone(), password).await;
    match (account, right.map_err(|error| SiteError::internal("a password", &error))?) {
        (Some(account), true) => {
            site.accounts().throttle().succeeded(key, client);
            let_in(&site, account, &headers, "with a password", typed.back.path()).await
        }
        _ => {
            // The same words, and the same time, whether there is such an account or not.
            let wrong = "This address and this password do not belong together. Check both, or choose a new password.";
            again(wrong.to_owned(), StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `GET /account/prove`
pub(crate) async fn prove_again_form(
    State(site): State<Site>,
    session: Session,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, SiteError> {
    prove_form(&site, &headers, &session, &back, None).await
}

/// `POST /account/prove`
pub(crate) async fn prove_again(
    State(site): State<Site>,
    client: Client,
    session: Session,
    headers: HeaderMap,
    Fields(typed): Fields<TypedAgain>,
) -> Result<Response, SiteError> {
    let again =
        async |wrong: String, status| prove_form(&site, &headers, &session, &typed.back, Some((wrong, status))).await;
    let Ok(email) = EmailAddress::parse(session.email()) else {
        return Err(SiteError::internal("an account", &"its address cannot be read"));
    };
    let key = Throttle::key(&email);
    if let Err(held) = site.accounts().throttle().attempt(key, client, true, Instant::now()) {
        return Ok(held_up(again(says(held), StatusCode::TOO_MANY_REQUESTS).await?, held));
    }
    let password = site.accounts().by_email(&email).await?.and_then(|(_, password)| password);
    let right = site.accounts().passwords().is_right(typed.password.clone(), password).await;
    if right.map_err(|error| SiteError::internal("a password", &error))? {
        site.accounts().throttle().succeeded(key, client);
        site.accounts().proved_again(&session).await?;
        return Ok(see(typed.back.path()));
    }
    again("This is not the password of your account.".to_owned(), StatusCode::UNPROCESSABLE_ENTITY).await
}

fn says(held: Throttled) -> String {
    let minutes = held.retry_after.div_ceil(60);
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    format!("Too many tries from here. Nobody is locked out: wait {minutes} {unit} and try again.")
}

fn held_up(mut response: Response, held: Throttled) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(held.retry_after));
    response
}

/// The form, and what was wrong with what was sent before.
fn form(
    site: &Site,
    headers: &HeaderMap,
    email: &str,
    back: &Back,
    wrong: Option<(String, StatusCode)>,
) -> Result<Response, SiteError> {
    let passkey_button = render(&PasskeyButton {
        party: party(site, headers),
        begin: routes::PASSKEY_SIGN_IN_BEGIN,
        finish: routes::PASSKEY_SIGN_IN,
        back: back.path(),
        label: "Sign in with a passkey",
    })?;
    let (wrong, status) = wrong.map_or((None, StatusCode::OK), |(wrong, status)| (Some(wrong), status));
    let oidc_button = oidc_button(site, routes::OIDC_SIGN_IN, back.path(), "Sign in by")?;
    let main = render(&SignIn { email, back: back.path(), passkey_button, oidc_button, wrong })?;
    let next = NextSteps::new(Step::new(routes::JOIN, "Make an account", "It holds your name and how you sign in."))
        .and(Step::new(routes::RESET, "Choose a new password", "If the old one is lost."))
        .and(Step::tasks());
    page("Sign in", main, next).answer_private(site, status)
}

async fn prove_form(
    site: &Site,
    headers: &HeaderMap,
    session: &Session,
    back: &Back,
    wrong: Option<(String, StatusCode)>,
) -> Result<Response, SiteError> {
    let accounts = site.accounts();
    let has_passkeys = !accounts.passkeys(session.owner()).await?.is_empty();
    let passkey_button = PasskeyButton {
        party: party(site, headers),
        begin: routes::PASSKEY_PROVE_BEGIN,
        finish: routes::PASSKEY_PROVE,
        back: back.path(),
        label: "Prove it with a passkey",
    };
    let passkey_button = if has_passkeys { render(&passkey_button)? } else { Html::default() };
    let (wrong, status) = wrong.map_or((None, StatusCode::OK), |(wrong, status)| (Some(wrong), status));
    let oidc_button = match has_identity(site, session.owner()).await? {
        true => oidc_button(site, routes::OIDC_PROVE, back.path(), "Prove it by")?,
        false => Html::default(),
    };
    let has_password = accounts.has_password(session.owner()).await?;
    let (email, back) = (session.email(), back.path());
    let main = render(&ProveAgain { email, back, has_password, passkey_button, oidc_button, wrong })?;
    let next = NextSteps::new(Step::new(routes::ACCOUNT, "Your account", "Without changing anything."));
    page("It is you, is it not?", main, next).answer_private(site, status)
}
