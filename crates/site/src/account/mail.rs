//! Mail on its way: written down first, sent afterwards, so that neither a crash nor a mail server that is away loses any.

use super::{Accounts, EmailAddress};
use crate::error::SiteError;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Tx, params, record};
use uuid::Uuid;

/// A letter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Who gets it.
    pub to: EmailAddress,
    /// Says neither a level nor anything else that is private: subjects show on locked screens.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

record! {
    /// A letter in the outbox.
    #[derive(Debug, Clone)]
    pub struct OutboxEntry {
        /// To tell it by.
        pub id: Uuid,
        /// Who gets it.
        pub recipient: String,
        /// What it is about.
        pub subject: String,
        /// Plain text.
        pub body: String,
        /// When it was written.
        pub made_at: Timestamp,
        /// When it was handed to the mail server.
        pub sent_at: Option<Timestamp>,
        /// How often that was tried.
        pub attempts: i64,
        /// What the mail server said last, when it did not take it.
        pub failure: Option<String>,
    }
}

/// Tries after which a letter stays where it is until an operator looks.
pub const MOST_ATTEMPTS: i64 = 10;
/// How long letters are one process's to send: longer than all that it takes at once can need.
pub const LEASE: SignedDuration = SignedDuration::from_mins(15);

impl Letter {
    /// Writes it down to be sent, with whatever else the transaction writes.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), jobfuture_db::Error> {
        let sql = "insert into outbox (id, recipient, subject, body, made_at, attempts, next_attempt_at)
             values ($1, $2, $3, $4, $5, $6, $7)";
        let (to, subject, body) = (self.to.as_str(), self.subject.as_str(), self.body.as_str());
        tx.execute(sql, params![Uuid::now_v7(), to, subject, body, now, 0_i64, now])?;
        Ok(())
    }
}

impl Accounts {
    /// Writes a letter down to be sent.
    ///
    /// # Errors
    /// The database's.
    pub async fn post(&self, letter: &Letter) -> Result<(), SiteError> {
        let (letter, now) = (letter.clone(), self.now());
        self.db.transaction(move |tx| letter.write(tx, now)).await?;
        self.mail_waits().notify_one();
        Ok(())
    }

    /// The latest letters, newest first: for the operator's page.
    ///
    /// # Errors
    /// The database's.
    pub async fn outbox(&self, most: i64) -> Result<Vec<OutboxEntry>, SiteError> {
        let sql = "select id, recipient, subject, body, made_at, sent_at, attempts, failure
                   from outbox order by made_at desc, id desc limit $1";
        Ok(self.db.all(sql, params![most]).await?)
    }

    /// Takes letters whose turn it is to be sent, oldest first: nobody else gets them for [`LEASE`], after which they are somebody's
    /// turn again if it is not known how sending went.
    ///
    /// # Errors
    /// The database's.
    pub async fn take_letters(&self, most: i64) -> Result<Vec<OutboxEntry>, SiteError> {
        let now = self.now();
        let until = now.checked_add(LEASE).map_err(|error| SiteError::internal("a time", &error))?;
        // Asked twice: of two who look at the same time the second finds them taken.
        let sql = "update outbox set next_attempt_at = $4
                   where sent_at is null and attempts < $1 and next_attempt_at <= $2 and id in
                     (select id from outbox where sent_at is null and attempts < $1 and next_attempt_at <= $2
                      order by made_at, id limit $3)
                   returning id, recipient, subject, body, made_at, sent_at, attempts, failure";
        let mut taken: Vec<OutboxEntry> = self.db.all(sql, params![MOST_ATTEMPTS, now, most, until]).await?;
        taken.sort_by_key(|letter| (letter.made_at, letter.id));
        Ok(taken)
    }

    /// Writes down how sending went. After a failure it is tried again, each time after twice as long.
    ///
    /// # Errors
    /// The database's.
    pub async fn letter_was_sent(&self, letter: &OutboxEntry, failure: Option<&str>) -> Result<(), SiteError> {
        let now = self.now();
        let Some(failure) = failure else {
            // The body may hold a link that lets somebody in: once it is sent nobody needs it here.
            let sql =
                "update outbox set sent_at = $2, attempts = attempts + 1, failure = null, body = '' where id = $1";
            self.db.execute(sql, params![letter.id, now]).await?;
            return Ok(());
        };
        let wait = SignedDuration::from_mins(1 << letter.attempts.clamp(0, 10));
        let next = now.checked_add(wait).unwrap_or(now);
        let sql = "update outbox set attempts = attempts + 1, next_attempt_at = $2, failure = $3 where id = $1";
        self.db.execute(sql, params![letter.id, next, failure]).await?;
        Ok(())
    }
}
