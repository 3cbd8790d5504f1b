//! Leaving: an account that is to go sees and shows nothing more at once, can be kept for a while, and is then gone.

use super::{AccountId, Accounts, EmailAddress, Letter, Owner};
use crate::error::SiteError;
use crate::introduction::{Fault, leave_all};
use crate::page::moment;
use crate::site::Site;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::params;
use jobfuture_disclosure::tell_pool;
use uuid::Uuid;

/// How long somebody can change their mind.
pub const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Accounts {
    /// Sets the time at which an account will be deleted, and signs it out everywhere. From now on nobody sees anything of it, and what
    /// went on with companies is over. `base` is the site's address, for letters to those.
    ///
    /// # Errors
    /// The database's.
    pub async fn ask_to_leave(&self, owner: Owner, email: &str, base: Option<&str>) -> Result<(), SiteError> {
        let (account, now, base) = (owner.uuid(), self.now(), base.map(str::to_owned));
        let at = now.checked_add(GRACE).map_err(|error| SiteError::internal("a time", &error))?;
        let day = moment(at);
        let letter = EmailAddress::parse(email).ok().map(|to| Letter {
            to,
            subject: "Your account is to be deleted".to_owned(),
            body: format!(
                "Your account will be deleted on {day}, with everything in it. From now on nobody sees anything of it.\n\n\
                 If you want to keep it, sign in before that and say so on your account's page.\n"
            ),
        });
        self.db
            .transaction(move |tx| {
                tx.execute(
                    "update account set leaves_at = $2 where id = $1 and leaves_at is null",
                    params![account, at],
                )?;
                tell_pool(tx, account, now)?;
                tx.execute("delete from session where account = $1", params![account])?;
                tx.execute("delete from account_link where account = $1", params![account])?;
                leave_all(tx, account, None, base.as_deref(), now)?;
                if let Some(letter) = &letter {
                    letter.write(tx, now)?;
                }
                Ok::<_, Fault>(())
            })
            .await
            .map_err(Fault::into_error)?;
        self.mail_waits().notify_one();
        self.note(owner.account(), "deletion asked for", "").await
    }

    /// When an account will be deleted, if its owner asked for that.
    ///
    /// # Errors
    /// The database's.
    pub async fn leaves_at(&self, owner: Owner) -> Result<Option<Timestamp>, SiteError> {
        let found: Option<(Option<Timestamp>,)> =
            self.db.optional("select leaves_at from account where id = $1", params![owner.uuid()]).await?;
        Ok(found.and_then(|(at,)| at))
    }

    /// Its owner has changed their mind.
    ///
    /// # Errors
    /// The database's.
    pub async fn stay(&self, owner: Owner) -> Result<(), SiteError> {
        let (account, now) = (owner.uuid(), self.now());
        self.db
            .transaction(move |tx| {
                tx.execute("update account set leaves_at = null where id = $1", params![account])?;
                tell_pool(tx, account, now)
            })
            .await?;
        self.note(owner.account(), "deletion called off", "").await
    }

    /// Accounts whose time has come.
    async fn due_to_leave(&self) -> Result<Vec<(Uuid,)>, SiteError> {
        let sql =
            "select id from account where leaves_at is not null and leaves_at <= $1 order by leaves_at, id limit 100";
        Ok(self.db.all(sql, params![self.now()]).await?)
    }
}

impl Site {
    /// Deletes the accounts whose time has come: their credentials are withdrawn, their keys are shredded, their rows are gone.
    /// Says how many. To be called now and then; safe to run twice.
    ///
    /// # Errors
    /// The databases'. One account that cannot be deleted keeps no other from it: the error comes at the end.
    pub async fn let_leave(&self) -> Result<usize, SiteError> {
        let (mut count, mut failed) = (0, None);
        for (account,) in self.accounts().due_to_leave().await? {
            // Its owner asked for it, and this is the one act that is done in their name without them.
            match self.delete_wholly(Owner::by_mailbox(AccountId::from_row(account))).await {
                Ok(()) => count += 1,
                Err(error) => failed = Some(error),
            }
        }
        if count > 0 {
            // What they showed for a company has gone with them.
            self.companies().settle_all().await?;
        }
        self.disclosure().sweep().await?;
        failed.map_or(Ok(count), Err)
    }

    async fn delete_wholly(&self, owner: Owner) -> Result<(), SiteError> {
        self.disclosure().forget(owner.key()).await?;
        self.accounts().delete(owner).await
    }
}
