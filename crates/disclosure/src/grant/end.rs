//! Grants become less, and end. Nothing is added to one.

use super::Fact;
use crate::credentials::{Which, withdraw};
use crate::opened::tell_pool;
use crate::{Disclosure, Error, OwnerKey};
use jiff::Timestamp;
use jobfuture_db::{Tx, params};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Ends a grant of a person within a transaction: it opens nothing from the next request on, and its credentials are withdrawn. Says
/// whether it was there to end.
///
/// # Errors
/// The database's.
pub fn end_grant(tx: &mut Tx<'_>, account: Uuid, grant: Uuid, now: Timestamp) -> Result<bool, jobfuture_db::Error> {
    let sql = "update disclosure_grant set revoked_at = $3 where id = $1 and account = $2 and revoked_at is null";
    let changed = tx.execute(sql, params![grant, account, now])?;
    if changed > 0 {
        withdraw(tx, &Which::OfGrant(grant), now)?;
        tell_pool(tx, account, now)?;
    }
    Ok(changed > 0)
}

impl Disclosure {
    /// Leaves only some of what a grant opens; nothing can be added to one. Says whether it was there to narrow.
    ///
    /// # Errors
    /// [`Error::Refused`] if nothing would be left: that is to revoke it; the database's.
    pub async fn narrow_grant(&self, me: OwnerKey, grant: Uuid, keep: &BTreeSet<Fact>) -> Result<bool, Error> {
        let Some(entry) = self.grants(me).await?.into_iter().find(|entry| entry.id == grant) else { return Ok(false) };
        if entry.revoked_at.is_some() {
            return Ok(false);
        }
        let drop: Vec<Fact> = entry.facts.difference(keep).copied().collect();
        if drop.len() == entry.facts.len() {
            return Error::refused("Nothing would be left of it. Revoke it instead.");
        }
        let (account, now) = (me.uuid(), self.now());
        self.db()
            .transaction(move |tx| {
                tell_pool(tx, account, now)?;
                for fact in &drop {
                    match fact {
                        Fact::Field(field) => {
                            let sql = "delete from grant_field where grant_id = $1 and field = $2";
                            tx.execute(sql, params![grant, field.id()])?;
                        }
                        Fact::Signal(signal) => {
                            withdraw(tx, &Which::OfGrantAndSignal(grant, *signal), now)?;
                            let sql = "delete from grant_signal where grant_id = $1 and signal = $2";
                            tx.execute(sql, params![grant, signal])?;
                        }
                    }
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(true)
    }

    /// Ends a grant: it opens nothing from the next request on, and its credentials are withdrawn. Says whether it was there
    /// to end.
    ///
    /// # Errors
    /// The database's.
    pub async fn revoke_grant(&self, me: OwnerKey, grant: Uuid) -> Result<bool, Error> {
        let (account, now) = (me.uuid(), self.now());
        Ok(self.db().transaction(move |tx| end_grant(tx, account, grant, now)).await?)
    }
}
