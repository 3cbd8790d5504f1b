//! Being signed in: a cookie, a row, and what a handler asks for.

use super::oidc::{ARRIVAL, JOURNEY};
use super::{AccountId, Owner, Token};
use crate::error::SiteError;
use crate::page::{ActsFor, Reader, read_by};
use crate::routes;
use crate::site::Site;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, header};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// A session that nobody used for so long has ended.
pub const IDLE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// A session has ended after so long, used or not.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(60 * 24);
/// For a sensitive act the person has proved within this time who they are.
pub const RECENTLY: SignedDuration = SignedDuration::from_mins(10);

/// A request by somebody who is signed in. As an argument of a handler it sends everybody else to sign in.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) id: Uuid,
    pub(super) account: AccountId,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) is_operator: bool,
    pub(super) proved_at: Timestamp,
    pub(super) acts_for: ActsFor,
}

/// The same, where the person has lately proved who they are; everybody else is asked to do it now.
#[derive(Debug, Clone)]
pub struct RecentSession(pub Session);

/// A request by somebody, signed in or not.
#[derive(Debug, Clone)]
pub struct MaybeSession(pub Option<Session>);

impl Session {
    /// The key to this person's own rows.
    pub fn owner(&self) -> Owner {
        Owner(self.account)
    }

    /// Which of the person's sessions.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Their address; for their own pages only.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// What they want to be called; for their own pages only.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether they run this instance.
    pub fn is_operator(&self) -> bool {
        self.is_operator
    }

    /// Whether they proved lately who they are.
    pub fn is_recent(&self, now: Timestamp) -> bool {
        now.duration_since(self.proved_at) <= RECENTLY
    }
}

/// Cookies for minutes, which tie what happens at the provider to one browser. They are Lax, because one comes back by a link
/// of another site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrandCookie {
    /// A way to the provider and back.
    Journey,
    /// Somebody who came from there and whose account is not known yet.
    Arrival,
}

impl ErrandCookie {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Journey, true) => "__Host-journey",
            (Self::Journey, false) => "journey",
            (Self::Arrival, true) => "__Host-arrival",
            (Self::Arrival, false) => "arrival",
        }
    }

    fn lasts(self) -> SignedDuration {
        match self {
            Self::Journey => JOURNEY,
            Self::Arrival => ARRIVAL,
        }
    }
}

/// Cookies of sessions. Over https they carry the prefix that browsers tie to this very host (RFC 6265bis, 4.1.3.2).
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    secure: bool,
}

impl SessionCookie {
    /// `secure` when the site is reached by https.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// The session's token.
    pub fn session(self, headers: &HeaderMap) -> Option<Token> {
        cookie(headers, self.names().0)
    }

    /// The token of a browser that was signed in before.
    pub fn known_browser(self, headers: &HeaderMap) -> Option<Token> {
        cookie(headers, self.names().1)
    }

    /// The token of a way to the provider and back, or of who came from there.
    pub(crate) fn errand(self, headers: &HeaderMap, which: ErrandCookie) -> Option<Token> {
        cookie(headers, which.name(self.secure))
    }

    /// Keeps it for as long as it is of use.
    pub(crate) fn set_errand(self, which: ErrandCookie, token: &Token) -> HeaderValue {
        self.set(which.name(self.secure), token.secret(), which.lasts().as_secs())
    }

    /// Takes it away.
    pub(crate) fn clear_errand(self, which: ErrandCookie) -> HeaderValue {
        self.set(which.name(self.secure), "", 0)
    }

    /// Keeps a session's token in the browser.
    pub fn set_session(self, token: &Token) -> HeaderValue {
        self.set(self.names().0, token.secret(), ABSOLUTE.as_secs())
    }

    /// Takes it away.
    pub fn clear_session(self) -> HeaderValue {
        self.set(self.names().0, "", 0)
    }

    /// Keeps the token of a known browser for a year.
    pub fn set_known_browser(self, token: &Token) -> HeaderValue {
        self.set(self.names().1, token.secret(), 365 * 24 * 3600)
    }

    fn names(self) -> (&'static str, &'static str) {
        if self.secure { ("__Host-session", "__Host-known") } else { ("session", "known") }
    }

    fn set(self, name: &str, value: &str, seconds: i64) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        // Names, tokens and numbers are all visible ASCII.
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<Token> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).and_then(|(_, value)| Token::parse(value))
}

/// Somebody who is not signed in, at an address that needs it.
#[derive(Debug)]
pub enum NotLetIn {
    /// To sign in, and back.
    SignIn(String),
    /// To prove again who they are, and back.
    ProveAgain(String),
    /// It could not be found out.
    Fault(SiteError),
}

impl IntoResponse for NotLetIn {
    fn into_response(self) -> Response {
        let mut response = match self {
            Self::SignIn(back) => Redirect::to(&routes::with_return(routes::SIGN_IN, &back)).into_response(),
            Self::ProveAgain(back) => Redirect::to(&routes::with_return(routes::PROVE_AGAIN, &back)).into_response(),
            Self::Fault(error) => error.into_response(),
        };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Where a person comes back to after signing in: the page they asked for. What they sent is not kept, so after a form it
/// is the form's own page, at the same address.
fn way_back(parts: &Parts) -> String {
    let uri = &parts.uri;
    match parts.method {
        Method::GET | Method::HEAD => uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        _ => uri.path().to_owned(),
    }
}

impl FromRequestParts<Site> for MaybeSession {
    type Rejection = SiteError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, SiteError> {
        // Layers and handlers may ask several times; the row is read once.
        if let Some(found) = parts.extensions.get::<Self>() {
            return Ok(found.clone());
        }
        let found = match site.cookies().session(&parts.headers) {
            Some(token) => site.accounts().session(&token).await?,
            None => None,
        };
        if let Some(session) = &found {
            read_by(Reader::Person(session.acts_for));
        }
        parts.extensions.insert(Self(found.clone()));
        Ok(Self(found))
    }
}

impl FromRequestParts<Site> for Session {
    type Rejection = NotLetIn;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, NotLetIn> {
        let MaybeSession(session) = MaybeSession::from_request_parts(parts, site).await.map_err(NotLetIn::Fault)?;
        session.ok_or_else(|| NotLetIn::SignIn(way_back(parts)))
    }
}

impl FromRequestParts<Site> for RecentSession {
    type Rejection = NotLetIn;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, NotLetIn> {
        let session = Session::from_request_parts(parts, site).await?;
        if session.is_recent(site.accounts().now()) {
            Ok(Self(session))
        } else {
            Err(NotLetIn::ProveAgain(way_back(parts)))
        }
    }
}
