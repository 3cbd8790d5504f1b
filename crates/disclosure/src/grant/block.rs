//! Companies that see nothing of somebody, whatever was granted to whom.

use crate::opened::tell_pool;
use crate::{Disclosure, Error, OwnerKey};
use jobfuture_db::params;
use uuid::Uuid;

/// A company that a candidate blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Which.
    pub company: Uuid,
    /// What it is called.
    pub name: String,
}

impl Disclosure {
    /// From the next request on a company sees nothing of this person, whatever was granted to whom.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is no such company; the database's.
    pub async fn block(&self, me: OwnerKey, company: Uuid) -> Result<(), Error> {
        let (account, now) = (me.uuid(), self.now());
        self.db()
            .transaction(move |tx| {
                let known: Option<(i64,)> =
                    tx.optional("select 1 as found from company where id = $1", params![company])?;
                if known.is_none() {
                    return Error::refused("There is no such company. Choose one from the list.");
                }
                let sql = "insert into company_block (account, company, made_at) values ($1, $2, $3)
                           on conflict (account, company) do nothing";
                tx.execute(sql, params![account, company, now])?;
                tell_pool(tx, account, now)?;
                Ok(())
            })
            .await
    }

    /// Takes a block back.
    ///
    /// # Errors
    /// The database's.
    pub async fn unblock(&self, me: OwnerKey, company: Uuid) -> Result<(), Error> {
        let (account, now) = (me.uuid(), self.now());
        self.db()
            .transaction(move |tx| {
                let sql = "delete from company_block where account = $1 and company = $2";
                tx.execute(sql, params![account, company])?;
                tell_pool(tx, account, now)?;
                Ok::<_, Error>(())
            })
            .await
    }

    /// Companies that a person blocked, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn blocked(&self, me: OwnerKey) -> Result<Vec<Blocked>, Error> {
        let sql =
            "select company.id, company.name from company_block join company on company.id = company_block.company
                   where company_block.account = $1 order by company.name, company.id";
        let rows: Vec<(Uuid, String)> = self.db().all(sql, params![me.uuid()]).await?;
        Ok(rows.into_iter().map(|(company, name)| Blocked { company, name }).collect())
    }
}
