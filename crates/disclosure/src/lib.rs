//! The one door to what candidates keep: profile, signals, grants, and what anybody else sees of them.
//!
//! - A candidate reads and writes their own with an [`OwnerKey`]: [`Disclosure::profile`], [`Disclosure::signals`],
//!   [`Disclosure::grants`].
//! - Everybody else goes through the door ([`Disclosure::see`], [`Disclosure::list`], [`Disclosure::open_link`]) and gets a
//!   [`Seen`], which nothing else can make. The door selects private rows through the grants that open them, and writes the
//!   candidate's view log before it hands anything out.
//! - The index that companies search reads what each grant opens ([`Disclosure::opened`]), made by the same function and never shown:
//!   what a search found is looked at again ([`Disclosure::see_these`]).
//! - What is stored is sealed with a key of each account ([`Keyring`]), which is kept apart: to delete it is to shred what
//!   backups hold.
//!
//! No score can be reached from here: this crate reads neither attempts nor estimates.

mod company;
mod credentials;
mod door;
mod error;
mod field;
mod grant;
mod keyring;
mod keys;
mod member;
mod opened;
mod private;
mod profile;
mod random;
mod resume;
mod signal;
mod token;
mod value;
mod view;

#[cfg(test)]
mod tests;

pub use company::KnownCompany;
pub use credentials::{Asked, Issuer};
pub use door::{CandidateName, Seen, SeenSignal, Terms, company_sees};
pub use error::Error;
pub use field::{Column, Field};
pub use grant::{
    Audience, Blocked, Fact, Grant, GrantEntry, MOST_DAYS, MOST_LINK_DAYS, MOST_OPENS, NewGrant, PromisedGrant,
    ReadyGrant, end_grant,
};
/// What a signal says, and how its check was taken, for whoever reads a [`SeenSignal`].
pub use jobfuture_credential::{Condition, Signal};
pub(crate) use keyring::SealingKey;
pub use keyring::{Keyring, Sealer};
pub use keys::{AsCompany, OwnerKey, PreviewFor};
pub use member::{Act, MemberRole};
pub use opened::{Opened, OpenedBy, OpenedTo, tell_pool};
pub use private::Private;
pub use profile::Profile;
pub use random::Randomness;
pub use resume::{LARGEST_RESUME, ReadResume, ResumeFault, read_resume, write_resume};
pub use signal::{Evidence, LONGEST_EVIDENCE, OwnSignal, SignalBody, USUAL_MONTHS};
pub use token::Token;
pub use value::{Entry, Fault, FieldValue, Kind, Vocabulary};
pub use view::ViewEntry;

use jiff::Timestamp;
use jobfuture_db::{Clock, Db};

/// Sealed rows without any key mean that the database of keys was lost or is another one. New keys would hide that.
async fn check_that_they_belong(db: &Db, keys: &Db) -> Result<(), Error> {
    let sealed: Option<(i64,)> = db
        .optional(
            "select 1 as found from profile_field union all select 1 as found from signal
             union all select 1 as found from introduction_line where sealed is not null
             union all select 1 as found from attempt_item where answer like 'sealed:%' limit 1",
            &[],
        )
        .await?;
    let key: Option<(i64,)> = keys.optional("select 1 as found from sealing_key limit 1", &[]).await?;
    if sealed.is_some() && key.is_none() {
        return Error::refused(
            "profiles are sealed in the database, and the database of keys is empty: restore keys.db, or name it with --keys-url",
        );
    }
    Ok(())
}

/// Everything that candidates keep and show. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Disclosure {
    db: Db,
    keys: Keyring,
    clock: Clock,
    lists: credentials::ListCache,
    /// A condition of the door that is not asked, so that tests see what each of them holds.
    #[cfg(test)]
    left_out: Option<&'static str>,
}

impl Disclosure {
    /// On this database, with the keys of another one, that backups of the first do not hold.
    ///
    /// # Errors
    /// The databases'; the system has no randomness.
    pub async fn open(db: Db, keys: Db, clock: Clock) -> Result<Self, Error> {
        check_that_they_belong(&db, &keys).await?;
        let keys = Keyring::new(keys, clock.clone(), Randomness::system());
        Ok(Self::new(db, keys, clock))
    }

    /// On this database, with these keys.
    pub fn new(db: Db, keys: Keyring, clock: Clock) -> Self {
        Self {
            db,
            keys,
            clock,
            lists: credentials::ListCache::default(),
            #[cfg(test)]
            left_out: None,
        }
    }

    /// The keys of this instance.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// The time by which grants end.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    pub(crate) fn randomness(&self) -> &Randomness {
        self.keys.randomness()
    }

    pub(crate) fn lists(&self) -> &credentials::ListCache {
        &self.lists
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, reason = "tests have a field for it")]
    pub(crate) fn left_out(&self) -> Option<&'static str> {
        None
    }

    #[cfg(test)]
    pub(crate) fn left_out(&self) -> Option<&'static str> {
        self.left_out
    }
}
