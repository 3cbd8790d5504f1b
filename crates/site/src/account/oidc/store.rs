//! Identities in the database.

use super::Identity;
use crate::account::passkey::Removal;
use crate::account::{AccountId, Accounts, EmailAddress, Owner};
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_db::{Tx, params, record};
use uuid::Uuid;

/// The most identities of one account.
const MOST: i64 = 20;

record! {
    /// What a provider knows a person by, in their own list.
    #[derive(Debug, Clone)]
    pub struct IdentityEntry {
        /// To unlink it by.
        pub id: Uuid,
        /// Who vouches for it.
        pub issuer: String,
        /// What the provider called the person when it was linked.
        pub label: String,
        /// When it was linked.
        pub made_at: Timestamp,
        /// When it last signed in or proved who its owner is.
        pub used_at: Option<Timestamp>,
    }
}

/// What became of an identity that was to be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Linking {
    /// It signs in to the account, from now on or already.
    Done,
    /// Another account has it.
    Taken,
    /// The account has as many as it may.
    TooMany,
}

impl Accounts {
    /// A person's identities, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn identities(&self, owner: Owner) -> Result<Vec<IdentityEntry>, SiteError> {
        let sql = "select id, issuer, label, made_at, used_at from oidc_identity where account = $1
                   order by made_at desc, id desc";
        Ok(self.db.all(sql, params![owner.uuid()]).await?)
    }

    /// One of them.
    pub(crate) async fn identity(&self, owner: Owner, identity: Uuid) -> Result<Option<IdentityEntry>, SiteError> {
        let sql = "select id, issuer, label, made_at, used_at from oidc_identity where account = $1 and id = $2";
        Ok(self.db.optional(sql, params![owner.uuid(), identity]).await?)
    }

    /// Whose account an identity signs in to; writes down that it was used.
    pub(crate) async fn account_of(&self, identity: &Identity) -> Result<Option<AccountId>, SiteError> {
        let sql = "select id, account from oidc_identity where issuer = $1 and subject = $2";
        let (issuer, subject) = (identity.issuer.as_str(), identity.subject.as_str());
        let found: Option<(Uuid, Uuid)> = self.db.optional(sql, params![issuer, subject]).await?;
        let Some((id, account)) = found else { return Ok(None) };
        self.db.execute("update oidc_identity set used_at = $2 where id = $1", params![id, self.now()]).await?;
        Ok(Some(AccountId::from_row(account)))
    }

    /// Makes an account for somebody new, with the address that the provider has confirmed. Nothing if either has one already.
    pub(crate) async fn join_by(
        &self,
        identity: &Identity,
        email: &EmailAddress,
        name: &str,
        by: &str,
    ) -> Result<Option<AccountId>, SiteError> {
        let (account, now) = (Uuid::now_v7(), self.now());
        let (identity, email, name) = (identity.clone(), email.clone(), name.to_owned());
        let made = self.db.transaction(move |tx| {
            tx.execute(
                "insert into account (id, email, name, created_at) values ($1, $2, $3, $4)",
                params![account, email.as_str(), name.as_str(), now],
            )?;
            insert(tx, account, &identity, now)
        });
        match made.await {
            Ok(()) => {
                let account = AccountId::from_row(account);
                self.note(account, "account made", &format!("by {by}")).await?;
                Ok(Some(account))
            }
            Err(jobfuture_db::Error::Unique { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets an identity sign in to the owner's account.
    pub(crate) async fn link_identity(
        &self,
        owner: Owner,
        identity: &Identity,
        by: &str,
    ) -> Result<Linking, SiteError> {
        if let Some(linked) = self.linked(owner, identity).await? {
            return Ok(linked);
        }
        let (account, now, new) = (owner.uuid(), self.now(), identity.clone());
        let made = self.db.transaction(move |tx| {
            let sql = "select count(*) as n from oidc_identity where account = $1";
            let (count,): (i64,) = tx.one(sql, params![account])?;
            if count >= MOST {
                return Ok(Linking::TooMany);
            }
            insert(tx, account, &new, now)?;
            Ok::<_, jobfuture_db::Error>(Linking::Done)
        });
        match made.await {
            Ok(Linking::Done) => {
                self.note(owner.account(), "sign-in linked", by).await?;
                Ok(Linking::Done)
            }
            Ok(other) => Ok(other),
            // Somebody was quicker.
            Err(jobfuture_db::Error::Unique { .. }) => {
                Ok(self.linked(owner, identity).await?.unwrap_or(Linking::Taken))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn linked(&self, owner: Owner, identity: &Identity) -> Result<Option<Linking>, SiteError> {
        let sql = "select account from oidc_identity where issuer = $1 and subject = $2";
        let (issuer, subject) = (identity.issuer.as_str(), identity.subject.as_str());
        let found: Option<(Uuid,)> = self.db.optional(sql, params![issuer, subject]).await?;
        Ok(found.map(|(account,)| if account == owner.uuid() { Linking::Done } else { Linking::Taken }))
    }

    /// Unlinks an identity, unless nothing else would sign in any more. `asked` is the issuer that people may sign in by now.
    pub(crate) async fn unlink_identity(
        &self,
        owner: Owner,
        identity: Uuid,
        asked: Option<&str>,
    ) -> Result<Removal, SiteError> {
        let (account, asked) = (owner.uuid(), asked.unwrap_or_default().to_owned());
        let removed = self.db.transaction(move |tx| {
            let sql = "select issuer from oidc_identity where account = $1 and id = $2";
            let found: Option<(String,)> = tx.optional(sql, params![account, identity])?;
            let Some((issuer,)) = found else { return Ok(Removal::NotThere) };
            if issuer == asked && ways_in(tx, account, &asked)? < 2 {
                return Ok(Removal::LastWayIn);
            }
            tx.execute("delete from oidc_identity where account = $1 and id = $2", params![account, identity])?;
            Ok::<_, jobfuture_db::Error>(Removal::Done)
        });
        let removal = removed.await?;
        if removal == Removal::Done {
            self.note(owner.account(), "sign-in unlinked", "").await?;
        }
        Ok(removal)
    }

    /// How many ways there are into a person's account. `asked` is the issuer that people may sign in by now.
    pub(crate) async fn ways_in(&self, owner: Owner, asked: Option<&str>) -> Result<i64, SiteError> {
        let (count,): (i64,) = self.db.one(WAYS_IN, params![owner.uuid(), asked.unwrap_or_default()]).await?;
        Ok(count)
    }
}

const WAYS_IN: &str = "select (select count(*) from account where id = $1 and password is not null)
    + (select count(*) from passkey where account = $1)
    + (select count(*) from oidc_identity where account = $1 and issuer = $2) as n";

/// The same within a transaction.
pub(in crate::account) fn ways_in(tx: &mut Tx<'_>, account: Uuid, asked: &str) -> Result<i64, jobfuture_db::Error> {
    let (count,): (i64,) = tx.one(WAYS_IN, params![account, asked])?;
    Ok(count)
}

fn insert(tx: &mut Tx<'_>, account: Uuid, identity: &Identity, now: Timestamp) -> Result<(), jobfuture_db::Error> {
    tx.execute(
        "insert into oidc_identity (id, account, issuer, subject, label, made_at) values ($1, $2, $3, $4, $5, $6)",
        params![Uuid::now_v7(), account, identity.issuer.as_str(), identity.subject.as_str(), identity.label(), now],
    )?;
    Ok(())
}
