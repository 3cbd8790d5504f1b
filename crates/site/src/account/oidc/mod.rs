//! Signing in by a provider of OpenID Connect, where the operator has configured one: the authorization code flow with PKCE
//! (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700, 2.1).
//!
//! Who somebody is, is said by issuer and subject together. An address that the provider has confirmed makes a new account, and
//! never opens one that is there: its owner proves once that it is theirs ([`Arrivals`]), and links the two.

mod arrival;
mod config;
mod exchange;
mod fault;
mod http;
mod journey;
mod provider;
mod store;

pub(super) use arrival::{Arrivals, KEPT as ARRIVAL};
pub use config::{BadOidc, OidcConfig};
pub(crate) use fault::OidcFault;
pub(crate) use journey::{Errand, Journey, Journeys, Lost, PATIENCE as JOURNEY};
pub use provider::OidcProvider;
pub use store::IdentityEntry;
pub(crate) use store::Linking;
pub(super) use store::ways_in;

use super::{Accounts, EmailAddress, Token};
use crate::error::SiteError;
use crate::practice::Client;
use jiff::Timestamp;
use openidconnect::url::Url;

/// How far the provider's clock may be from ours.
pub(super) const SKEW: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// A person as the provider vouches for them.
#[derive(Clone)]
pub(crate) struct Identity {
    issuer: String,
    subject: String,
    /// Only one that the provider has confirmed.
    email: Option<EmailAddress>,
    /// When the provider last asked the person who they are, if it says so.
    asked_at: Option<Timestamp>,
}

impl Identity {
    /// An address that the provider has confirmed.
    pub(crate) fn email(&self) -> Option<&EmailAddress> {
        self.email.as_ref()
    }

    /// For the person's own eyes.
    pub(crate) fn label(&self) -> &str {
        self.email.as_ref().map_or("somebody without a confirmed address", EmailAddress::as_str)
    }

    /// Whether the provider asked the person who they are since then.
    pub(crate) fn was_asked_since(&self, then: Timestamp) -> bool {
        self.asked_at.is_some_and(|asked| asked + SKEW >= then)
    }

    /// When the person proved who they are, as far as the provider says; else long ago. Not later than now.
    pub(crate) fn proved_at(&self, now: Timestamp) -> Timestamp {
        self.asked_at.unwrap_or(Timestamp::UNIX_EPOCH).min(now)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.issuer == other.issuer && self.subject == other.subject
    }
}

/// Without the person.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(…)")
    }
}

impl Accounts {
    /// Begins a way to the provider: where it leads, and the token for the browser's cookie.
    pub(crate) async fn begin_journey(
        &self,
        provider: &OidcProvider,
        by: Client,
        errand: Errand,
        back: &str,
    ) -> Result<(Url, Token), OidcFault> {
        let (state, browser) = (random()?, random()?);
        let now = self.now();
        let url = provider.way_there(&state, &browser, errand, now).await?;
        self.journeys.begin(&state, &browser, by, Journey { errand, back: back.to_owned(), began: now });
        Ok((url, browser))
    }

    /// Ends a journey, once.
    pub(crate) fn end_journey(&self, state: &str, browser: Option<&Token>) -> Result<Journey, Lost> {
        let state = Token::parse(state).ok_or(Lost::Unknown)?;
        self.journeys.end(&state, browser, self.now())
    }

    /// Keeps somebody whose account is not known yet; the token is for the browser's cookie.
    pub(crate) fn keep_arrival(&self, identity: Identity) -> Result<Token, SiteError> {
        let browser = random()?;
        self.arrivals.keep(&browser, identity, self.now());
        Ok(browser)
    }

    /// Who waits in a browser.
    pub(crate) fn arrival(&self, browser: Option<&Token>) -> Result<Identity, OidcFault> {
        browser.and_then(|browser| self.arrivals.of(browser, self.now())).ok_or(OidcFault::Gone)
    }

    /// Nobody waits any more.
    pub(crate) fn forget_arrival(&self, browser: Option<&Token>) {
        if let Some(browser) = browser {
            self.arrivals.forget(browser);
        }
    }
}

fn random() -> Result<Token, SiteError> {
    Token::random().map_err(|error| SiteError::internal("the system's randomness", &error))
}
