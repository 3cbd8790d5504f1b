//! To make a grant: its row, what it opens, and a link's secret.

use super::check::{check_audience, check_facts, check_length, checked_purpose};
use super::{Audience, Fact, NewGrant};
use crate::opened::tell_pool;
use crate::{Disclosure, Error, OwnerKey, Token};
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Tx, params};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Where a link's secret is sealed.
pub(super) fn token_place(grant: Uuid) -> String {
    format!("link {grant}")
}

/// A grant to one company whose text is checked, to be written in a transaction of whoever makes it part of something larger.
#[derive(Debug, Clone)]
pub struct ReadyGrant {
    pub(super) id: Uuid,
    pub(super) account: Uuid,
    pub(super) purpose: String,
    pub(super) until: Timestamp,
    pub(super) new: NewGrant,
}

impl ReadyGrant {
    /// Which it will be.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Makes it: it opens from the moment at which the transaction is kept.
    ///
    /// # Errors
    /// As [`Disclosure::make_grant`]; nothing of the transaction is to be kept then.
    pub fn write(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Error> {
        write_grant(tx, self, None, now)
    }
}

impl Disclosure {
    /// Checks what can be checked of a grant to a company before it is written.
    ///
    /// # Errors
    /// [`Error::Refused`] with the reason; no randomness.
    pub fn ready_grant(&self, me: OwnerKey, new: NewGrant) -> Result<ReadyGrant, Error> {
        if !matches!(new.audience, Audience::Company(_)) {
            return Err(Error::Row("a grant that is part of something larger: it is to one company"));
        }
        self.checked(me, new)
    }

    fn checked(&self, me: OwnerKey, new: NewGrant) -> Result<ReadyGrant, Error> {
        let purpose = checked_purpose(&new.purpose)?;
        check_length(&new)?;
        if new.facts.is_empty() {
            return Error::refused("Choose at least one thing to show.");
        }
        let until = until(self.now(), new.days)?;
        Ok(ReadyGrant { id: self.randomness().id()?, account: me.uuid(), purpose, until, new })
    }

    /// Makes a grant. A link's secret can be looked up in [`Self::grants`] from then on.
    ///
    /// # Errors
    /// [`Error::Refused`] with the reason: nothing in it, no purpose, too long, a company that is not there, not verified,
    /// blocked or one's own, a field that is empty, a signal that is not live; the database's.
    pub async fn make_grant(&self, me: OwnerKey, new: NewGrant) -> Result<Uuid, Error> {
        let (ready, now) = (self.checked(me, new)?, self.now());
        let (id, account) = (ready.id, ready.account);
        let token = match ready.new.audience {
            Audience::Link { .. } => {
                let token = Token::random(self.randomness())?;
                let key = self.keys().of(account).await?;
                let sealed = key.seal(&token_place(id), token.secret().as_bytes(), self.randomness())?;
                Some((token.hash(), sealed))
            }
            _ => None,
        };
        self.db().transaction(move |tx| write_grant(tx, &ready, token.as_ref(), now)).await?;
        Ok(id)
    }
}

/// When something that is granted now for so many days ends.
pub(super) fn until(now: Timestamp, days: i64) -> Result<Timestamp, Error> {
    now.checked_add(SignedDuration::from_hours(24 * days)).map_err(|_| Error::Row("a time"))
}

/// A link's token: its hash, and itself sealed.
type SealedToken = (Vec<u8>, Vec<u8>);

fn write_grant(tx: &mut Tx<'_>, ready: &ReadyGrant, token: Option<&SealedToken>, now: Timestamp) -> Result<(), Error> {
    let ReadyGrant { id, account, purpose, until, new } = ready;
    check_audience(tx, *account, &new.audience, now)?;
    check_facts(tx, *account, &new.facts, now)?;
    let (audience, company, role, most) = columns(&new.audience);
    let (hash, sealed) = token.map(|(hash, sealed)| (hash.as_slice(), sealed.as_slice())).unzip();
    tx.execute(
        "insert into disclosure_grant (id, account, audience, company, role, token_hash, opens_at_most, opened,
           sealed_token, purpose, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11)",
        params![id, account, audience, company, role, hash, most, sealed, purpose, now, until],
    )?;
    write_facts(tx, *id, &new.facts)?;
    Ok(tell_pool(tx, *account, now)?)
}

fn write_facts(tx: &mut Tx<'_>, grant: Uuid, facts: &BTreeSet<Fact>) -> Result<(), Error> {
    for fact in facts {
        match fact {
            Fact::Field(field) => {
                tx.execute("insert into grant_field (grant_id, field) values ($1, $2)", params![grant, field.id()])?;
            }
            Fact::Signal(signal) => {
                tx.execute("insert into grant_signal (grant_id, signal) values ($1, $2)", params![grant, signal])?;
            }
        }
    }
    Ok(())
}

type Columns<'a> = (&'static str, Option<Uuid>, Option<&'a str>, Option<i64>);

fn columns(audience: &Audience) -> Columns<'_> {
    match audience {
        Audience::Company(company) => ("company", Some(*company), None, None),
        Audience::Pool { role } => ("pool", None, Some(role), None),
        Audience::Link { opens_at_most } => ("link", None, None, Some(*opens_at_most)),
    }
}
