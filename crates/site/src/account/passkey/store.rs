//! Passkeys in the database.

use super::fault::{MOST, PasskeyFault};
use crate::account::oidc::ways_in;
use crate::account::{AccountId, Accounts, Owner};
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_db::{params, record};
use uuid::Uuid;
use webauthn_rs::prelude::Passkey;

/// The longest credential id, in bytes (WebAuthn level 3, 4, “credential ID”).
const LONGEST_ID: usize = 1023;

record! {
    /// A passkey in a person's list.
    #[derive(Debug, Clone)]
    pub struct PasskeyEntry {
        /// To rename and remove it by.
        pub id: Uuid,
        /// What its owner calls it.
        pub name: String,
        /// When it was added.
        pub made_at: Timestamp,
        /// When it last signed in or proved who its owner is.
        pub used_at: Option<Timestamp>,
    }
}

record! {
    /// A passkey with what its answers are compared with.
    pub(super) struct Stored { id: Uuid, account: Uuid, credential: String }
}

/// What became of a passkey that was to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Done,
    /// The account has none of this id.
    NotThere,
    /// Nothing else would sign in any more: it stays.
    LastWayIn,
}

impl Stored {
    /// Whose it is.
    pub(super) fn account(&self) -> AccountId {
        AccountId::from_row(self.account)
    }

    /// The library's record.
    pub(super) fn read(&self) -> Result<Passkey, SiteError> {
        serde_json::from_str(&self.credential).map_err(|error| SiteError::internal("reading a passkey", &error))
    }

    /// The record as it is stored.
    pub(super) fn written(passkey: &Passkey) -> Result<String, SiteError> {
        serde_json::to_string(passkey).map_err(|error| SiteError::internal("writing a passkey", &error))
    }
}

impl Accounts {
    /// A person's passkeys, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn passkeys(&self, owner: Owner) -> Result<Vec<PasskeyEntry>, SiteError> {
        let sql = "select id, name, made_at, used_at from passkey where account = $1 order by made_at desc, id desc";
        Ok(self.db.all(sql, params![owner.uuid()]).await?)
    }

    /// One of a person's passkeys.
    ///
    /// # Errors
    /// The database's.
    pub async fn passkey(&self, owner: Owner, passkey: Uuid) -> Result<Option<PasskeyEntry>, SiteError> {
        let sql = "select id, name, made_at, used_at from passkey where account = $1 and id = $2";
        Ok(self.db.optional(sql, params![owner.uuid(), passkey]).await?)
    }

    /// Whether a password signs in too.
    ///
    /// # Errors
    /// The database's.
    pub async fn has_password(&self, owner: Owner) -> Result<bool, SiteError> {
        let sql = "select count(*) as n from account where id = $1 and password is not null";
        let (count,): (i64,) = self.db.one(sql, params![owner.uuid()]).await?;
        Ok(count > 0)
    }

    /// Calls a passkey something else. Says whether the person has it.
    ///
    /// # Errors
    /// The database's.
    pub async fn rename_passkey(&self, owner: Owner, passkey: Uuid, name: &str) -> Result<bool, SiteError> {
        let sql = "update passkey set name = $3 where account = $1 and id = $2";
        let found = self.db.execute(sql, params![owner.uuid(), passkey, name]).await? > 0;
        if found {
            self.note(owner.account(), "passkey renamed", name).await?;
        }
        Ok(found)
    }

    /// Removes a passkey, unless nothing else would sign in any more. `asked` is the issuer that people may sign in by now.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove_passkey(&self, owner: Owner, passkey: Uuid, asked: Option<&str>) -> Result<Removal, SiteError> {
        let (account, asked) = (owner.uuid(), asked.unwrap_or_default().to_owned());
        let removed = self.db.transaction(move |tx| {
            let sql = "select name from passkey where account = $1 and id = $2";
            let found: Option<(String,)> = tx.optional(sql, params![account, passkey])?;
            let Some((name,)) = found else { return Ok((Removal::NotThere, String::new())) };
            if ways_in(tx, account, &asked)? < 2 {
                return Ok((Removal::LastWayIn, name));
            }
            tx.execute("delete from passkey where account = $1 and id = $2", params![account, passkey])?;
            Ok::<_, jobfuture_db::Error>((Removal::Done, name))
        });
        let (removal, name) = removed.await?;
        if removal == Removal::Done {
            self.note(owner.account(), "passkey removed", &name).await?;
        }
        Ok(removal)
    }

    /// Ids of a person's credentials, which an authenticator is not to hold twice.
    pub(super) async fn credential_ids(&self, owner: Owner) -> Result<Vec<Vec<u8>>, SiteError> {
        let sql = "select credential_id from passkey where account = $1 order by made_at";
        let ids: Vec<(Vec<u8>,)> = self.db.all(sql, params![owner.uuid()]).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    /// Adds a passkey that was verified.
    pub(super) async fn add_passkey(&self, owner: Owner, passkey: &Passkey, name: String) -> Result<(), PasskeyFault> {
        let (account, now, credential) = (owner.uuid(), self.now(), Stored::written(passkey)?);
        let id: Vec<u8> = passkey.cred_id().to_vec();
        if id.len() > LONGEST_ID {
            return Err(PasskeyFault::Wrong);
        }
        let called = name.clone();
        let added = self.db.transaction(move |tx| {
            let (count,): (i64,) = tx.one("select count(*) as n from passkey where account = $1", params![account])?;
            if usize::try_from(count).is_ok_and(|count| count >= MOST) {
                return Ok(false);
            }
            tx.execute(
                "insert into passkey (id, account, credential_id, credential, name, made_at)
                 values ($1, $2, $3, $4, $5, $6)",
                params![Uuid::now_v7(), account, id.as_slice(), credential.as_str(), name.as_str(), now],
            )?;
            Ok::<_, jobfuture_db::Error>(true)
        });
        match added.await {
            Ok(true) => Ok(self.note(owner.account(), "passkey added", &called).await?),
            Ok(false) => Err(PasskeyFault::TooMany),
            Err(jobfuture_db::Error::Unique { .. }) => Err(PasskeyFault::Taken),
            Err(error) => Err(error.into()),
        }
    }

    /// The passkey with a credential id, whosoever it is.
    pub(super) async fn passkey_with(&self, credential_id: &[u8]) -> Result<Option<Stored>, SiteError> {
        let sql = "select id, account, credential from passkey where credential_id = $1";
        Ok(self.db.optional(sql, params![credential_id]).await?)
    }

    /// Writes down that a passkey was used, and its counter. One that was removed meanwhile, or whose counter another
    /// answer has moved, was not.
    pub(super) async fn passkey_used(&self, stored: &Stored, credential: &str) -> Result<(), PasskeyFault> {
        let sql = "update passkey set credential = $3, used_at = $4 where id = $1 and credential = $2";
        let before = stored.credential.as_str();
        let used = self.db.execute(sql, params![stored.id, before, credential, self.now()]).await?;
        if used == 0 { Err(PasskeyFault::Over) } else { Ok(()) }
    }
}
