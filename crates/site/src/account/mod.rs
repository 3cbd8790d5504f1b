//! Who a person is to this site, and what only they may reach.
//!
//! Nobody needs an account to read or to practise. An account is needed to keep something: a skill check, a profile.
//!
//! [`Owner`] is the key to private rows: every function that reads or writes them asks for one, and only a session makes
//! one ([`Session`], an extractor). Code that serves anybody else has none and so no way to those rows.

pub(crate) mod addresses;
mod email;
mod leaving;
mod links;
mod mail;
mod oidc;
mod pages;
mod passkey;
mod password;
mod session;
mod store;
mod throttle;
mod token;

pub use email::EmailAddress;
pub use leaving::GRACE;
pub use links::{DeadLink, OpenLink, Purpose};
pub use mail::{Letter, MOST_ATTEMPTS, OutboxEntry};
pub use oidc::{BadOidc, IdentityEntry, OidcConfig, OidcProvider};
pub(crate) use oidc::{Errand, Identity, Linking, Lost, OidcFault};
pub(crate) use pages::*;
pub use passkey::{LONGEST_NAME, MOST as MOST_PASSKEYS, NoPasskeys, PasskeyEntry, PasskeyFault, Removal};
pub(crate) use passkey::{RelyingParty, passkey_name};
pub use password::{HashingFailed, PasswordFault, PasswordHash, Passwords, check as check_password};
pub(crate) use session::ErrandCookie;
pub use session::{MaybeSession, NotLetIn, RECENTLY, RecentSession, Session, SessionCookie};
pub use store::{Accounts, AuditEntry, NewAccount, SessionEntry};
pub use throttle::{Throttle, Throttled};
pub use token::Token;

use jobfuture_disclosure::OwnerKey;
use uuid::Uuid;

/// Which account. Not a secret, and still shown to nobody: it tells when somebody joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(Uuid);

impl AccountId {
    /// As it stands in rows.
    pub fn uuid(self) -> Uuid {
        self.0
    }

    pub(crate) fn from_row(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

/// The key to one person's private rows. Made by a session, and for one act by a link that was sent
/// to the person's own address; by nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner(AccountId);

impl Owner {
    /// Whose.
    pub fn account(self) -> AccountId {
        self.0
    }

    /// As it stands in rows.
    pub fn uuid(self) -> Uuid {
        self.0.uuid()
    }

    /// The key to their own side of the door.
    pub fn key(self) -> OwnerKey {
        OwnerKey::proven(self.0.uuid())
    }

    /// Whoever opened a link that was sent to the account's own address acts for its owner, in that one act.
    fn by_mailbox(account: AccountId) -> Self {
        Self(account)
    }
}
