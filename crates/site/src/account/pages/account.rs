//! `/account`: one's name, password, browsers, and the way out.

use super::identities::identity_list;
use super::passkeys::party;
use super::{Fields, name_of, page, see};
use crate::account::{
    AuditEntry, EmailAddress, MaybeSession, NoPasskeys, PasskeyEntry, RecentSession, RelyingParty, Session,
    SessionEntry, check_password,
};
use crate::answer;
use crate::error::{Missing, SiteError};
use crate::operator;
use crate::page::{Html, NextSteps, Step, moment, render};
use crate::profile::{grants_step, profile_step};
use crate::routes::{self, PasskeyRemoveUrl, PasskeyUrl, SessionEndUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use jobfuture_content::Place;
use serde::Deserialize;

/// Events that are shown.
const EVENTS: i64 = 20;

#[derive(Template)]
#[template(path = "account/account.html")]
struct Account<'a> {
    session: &'a Session,
    passkeys: Vec<PasskeyEntry>,
    party: Result<RelyingParty, NoPasskeys>,
    has_password: bool,
    identities: Html,
    sessions: Vec<SessionEntry>,
    events: Vec<AuditEntry>,
    new_views: i64,
    leaves: Option<String>,
    wrong: Option<String>,
    said: Option<&'static str>,
}

impl Account<'_> {
    fn is_this(&self, entry: &SessionEntry) -> bool {
        entry.id == self.session.id()
    }

    fn end_url(&self, entry: &SessionEntry) -> String {
        SessionEndUrl { session: &entry.id.to_string() }.to_url()
    }

    fn passkey_url(&self, passkey: &PasskeyEntry) -> String {
        PasskeyUrl { passkey: &passkey.id.to_string() }.to_url()
    }

    fn passkey_removal_url(&self, passkey: &PasskeyEntry) -> String {
        PasskeyRemoveUrl { passkey: &passkey.id.to_string() }.to_url()
    }

    fn day(&self, time: &Timestamp) -> String {
        moment(*time)
    }
}

#[derive(Template)]
#[template(path = "account/delete.html")]
struct Delete<'a> {
    email: &'a str,
    wrong: Option<&'a str>,
}

/// A name.
#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
}

/// A new password.
#[derive(Deserialize)]
pub(crate) struct Password {
    password: String,
}

/// The address, typed once more.
#[derive(Deserialize)]
pub(crate) struct Confirmation {
    email: String,
}

/// What the page says above all else.
enum Word {
    Nothing,
    Done(&'static str),
    Wrong(String),
}

/// `GET /account`
pub(crate) async fn account(
    State(site): State<Site>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    overview(&site, &session, &headers, Word::Nothing).await
}

async fn overview(site: &Site, session: &Session, headers: &HeaderMap, word: Word) -> Result<Response, SiteError> {
    let (accounts, owner) = (site.accounts(), session.owner());
    let (said, wrong, status) = match word {
        Word::Nothing => (None, None, StatusCode::OK),
        Word::Done(said) => (Some(said), None, StatusCode::OK),
        Word::Wrong(wrong) => (None, Some(wrong), StatusCode::UNPROCESSABLE_ENTITY),
    };
    let main = render(&Account {
        session,
        passkeys: accounts.passkeys(owner).await?,
        party: party(site, headers),
        has_password: accounts.has_password(owner).await?,
        identities: identity_list(site, owner).await?,
        sessions: accounts.sessions(owner).await?,
        events: accounts.events(owner, EVENTS).await?,
        leaves: accounts.leaves_at(owner).await?.map(moment),
        new_views: site.disclosure().new_views(owner.key()).await?,
        wrong,
        said,
    })?;
    let mut next = NextSteps::new(profile_step()).and(grants_step()).and(Step::tasks()).and(Step::guides());
    if session.is_operator() {
        next = next.and(Step::new(routes::OUTBOX, "Outbox", "Letters of this instance, sent and waiting."));
        next = next.and(Step::new(routes::OPERATOR_COMPANIES, "Companies", "Which are verified, and which wait."));
        next = next.and(Step::new(routes::OPERATOR_REPORTS, "Reported vacancies", "Those that wait for you."));
        next = next.and(Step::new(routes::OPERATOR_ITEMS, "Items of checks", "How they fare; freezing one."));
        next = next.and(operator::jobs_step());
    }
    page("Your account", main, next).answer_private(site, status)
}

/// `GET` of an address that only takes forms: somebody reloads it, or comes back to it from proving who they are.
pub(crate) async fn form_was_left() -> Response {
    see(routes::ACCOUNT)
}

/// `POST /account/name`
pub(crate) async fn rename(
    State(site): State<Site>,
    session: Session,
    headers: HeaderMap,
    Fields(typed): Fields<Name>,
) -> Result<Response, SiteError> {
    let email = EmailAddress::parse(session.email()).map_err(|error| SiteError::internal("an account", &error))?;
    match name_of(&typed.name, &email) {
        Ok(name) => {
            site.accounts().rename(session.owner(), &name).await?;
            Ok(see(routes::ACCOUNT))
        }
        Err(wrong) => overview(&site, &session, &headers, Word::Wrong(wrong.to_owned())).await,
    }
}

/// `POST /account/password`
pub(crate) async fn set_password(
    State(site): State<Site>,
    RecentSession(session): RecentSession,
    headers: HeaderMap,
    Fields(typed): Fields<Password>,
) -> Result<Response, SiteError> {
    if let Err(fault) = check_password(&typed.password, &[session.name(), session.email()]) {
        return overview(&site, &session, &headers, Word::Wrong(fault.to_string())).await;
    }
    let password = site.accounts().passwords().hash(typed.password).await;
    let password = password.map_err(|error| SiteError::internal("a password", &error))?;
    site.accounts().set_password(session.owner(), password, Some(session.id())).await?;
    let done = Word::Done("The password is changed, and every other browser is signed out.");
    overview(&site, &session, &headers, done).await
}

/// `POST /account/sessions/{session}/end`
pub(crate) async fn end_session(
    State(site): State<Site>,
    session: Session,
    Path(which): Path<String>,
) -> Result<Response, SiteError> {
    let which = which.parse().map_err(|_| SiteError::NotFound(Missing::Page))?;
    // One that has ended already, and one that is somebody else's, look the same.
    if !site.accounts().end_session(session.owner(), which).await? {
        return Err(SiteError::NotFound(Missing::Page));
    }
    Ok(see(routes::ACCOUNT))
}

/// `POST /account/sessions/end-others`
pub(crate) async fn end_others(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    site.accounts().end_other_sessions(session.owner(), session.id()).await?;
    Ok(see(routes::ACCOUNT))
}

/// `POST /sign-out`
pub(crate) async fn sign_out(
    State(site): State<Site>,
    // A fault of the database must not look like having signed out.
    MaybeSession(session): MaybeSession,
) -> Result<Response, SiteError> {
    if let Some(session) = session {
        site.accounts().end_session(session.owner(), session.id()).await?;
    }
    let mut response = see(routes::HOME);
    response.headers_mut().append(header::SET_COOKIE, site.cookies().clear_session());
    Ok(response)
}

/// `GET /account/delete`
pub(crate) async fn confirm_deletion(
    State(site): State<Site>,
    RecentSession(session): RecentSession,
) -> Result<Response, SiteError> {
    deletion(&site, &Delete { email: session.email(), wrong: None }, StatusCode::OK)
}

/// `POST /account/delete`
pub(crate) async fn delete_account(
    State(site): State<Site>,
    RecentSession(session): RecentSession,
    Fields(typed): Fields<Confirmation>,
) -> Result<Response, SiteError> {
    if EmailAddress::parse(&typed.email).ok().as_ref().map(EmailAddress::as_str) != Some(session.email()) {
        let wrong = "This is not the address of your account. Nothing was deleted.";
        let form = Delete { email: session.email(), wrong: Some(wrong) };
        return deletion(&site, &form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    site.accounts().ask_to_leave(session.owner(), session.email(), site.config().base_url.as_deref()).await?;
    let mut response = see(routes::HOME);
    response.headers_mut().append(header::SET_COOKIE, site.cookies().clear_session());
    Ok(response)
}

/// `POST /account/keep`: somebody has changed their mind.
pub(crate) async fn keep_account(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    site.accounts().stay(session.owner()).await?;
    Ok(see(routes::ACCOUNT))
}

fn deletion(site: &Site, form: &Delete<'_>, status: StatusCode) -> Result<Response, SiteError> {
    let next = NextSteps::new(Step::new(routes::ACCOUNT, "Keep the account", "Nothing is deleted."));
    let main = answer::with_asked(site, Place::Leaving, render(form)?)?;
    page("Delete your account", main, next).answer_private(site, status)
}
