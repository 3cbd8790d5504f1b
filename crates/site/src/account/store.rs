//! Accounts and sessions in the database.

use super::oidc::{Arrivals, Journeys};
use super::passkey::Ceremonies;
use super::session::{ABSOLUTE, IDLE};
use super::{AccountId, EmailAddress, HashingFailed, Owner, PasswordHash, Passwords, Session, Throttle, Token};
use crate::board::Boards;
use crate::check::Checks;
use crate::company::Companies;
use crate::error::SiteError;
use crate::introduction::Introductions;
use crate::kit::Kits;
use crate::page::ActsFor;
use crate::pool::CandidatePool;
use crate::vacancy::Vacancies;
use jiff::{SignedDuration, Timestamp};
use jobfuture_content::Library;
use jobfuture_db::{Clock, Db, params, record};
use jobfuture_disclosure::{Disclosure, Keyring};
use jobfuture_jobs::Queue;
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// Seconds after which it is written down again that a session is in use.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// Everything about accounts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub(super) db: Db,
    pub(super) clock: Clock,
    passwords: Passwords,
    throttle: Throttle,
    pub(super) ceremonies: Ceremonies,
    pub(super) journeys: Journeys,
    pub(super) arrivals: Arrivals,
    mail_waits: Arc<Notify>,
    jobs: Queue,
}

/// What a new account is made of.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Confirmed by whoever makes it.
    pub email: EmailAddress,
    /// What the person wants to be called.
    pub name: String,
    /// Nothing when a passkey follows.
    pub password: Option<PasswordHash>,
    /// Whether it runs this instance.
    pub is_operator: bool,
}

record! {
    struct SessionRow {
        id: Uuid,
        account: Uuid,
        email: String,
        name: String,
        is_operator: bool,
        created_at: Timestamp,
        seen_at: Timestamp,
        proved_at: Timestamp,
        /// How many the person acts for, and the first of them.
        companies: i64,
        company: Option<Uuid>,
    }
}

record! {
    /// One browser in a person's list.
    #[derive(Debug, Clone)]
    pub struct SessionEntry {
        /// To end it by.
        pub id: Uuid,
        /// In words.
        pub browser: String,
        /// When it was signed in.
        pub created_at: Timestamp,
        /// When it was last used, to five minutes.
        pub seen_at: Timestamp,
    }
}

record! {
    /// Something that happened to an account.
    #[derive(Debug, Clone)]
    pub struct AuditEntry {
        /// When.
        pub at: Timestamp,
        /// What.
        pub what: String,
        /// More of it.
        pub detail: String,
    }
}

record! {
    struct Credentials { id: Uuid, password: Option<String> }
}

impl From<jobfuture_db::Error> for SiteError {
    fn from(error: jobfuture_db::Error) -> Self {
        Self::internal("the database", &error)
    }
}

impl Accounts {
    /// On this database.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn new(db: Db, clock: Clock) -> Result<Self, HashingFailed> {
        let passwords = Passwords::new()?;
        Ok(Self {
            jobs: Queue::new(db.clone(), clock.clone()),
            db,
            clock,
            passwords,
            throttle: Throttle::default(),
            ceremonies: Ceremonies::default(),
            journeys: Journeys::default(),
            arrivals: Arrivals::default(),
            mail_waits: Arc::default(),
        })
    }

    /// Skill checks, kept in the same database and clocked by the same clock.
    pub(crate) fn checks(&self, keys: Keyring, library: Arc<Library>) -> Checks {
        Checks::new(self.db.clone(), keys, self.clock.clone(), library)
    }

    /// Companies, kept in the same database, with their letters in the same outbox.
    pub(crate) fn companies(&self, base: Option<String>) -> Companies {
        Companies::new(self.db.clone(), self.clock.clone(), Arc::clone(&self.mail_waits), base)
    }

    /// Vacancies, kept in the same database.
    pub(crate) fn vacancies(&self) -> Vacancies {
        Vacancies::new(self.db.clone(), self.clock.clone())
    }

    /// Candidates as companies search them, of the same database.
    pub(crate) fn pool(&self, disclosure: Disclosure, levels: Vec<String>) -> CandidatePool {
        CandidatePool::new(self.db.clone(), self.clock.clone(), disclosure, levels)
    }

    /// Conversations between candidates and companies, kept in the same database, with their letters in the same outbox.
    pub(crate) fn introductions(&self, keys: Keyring, base: Option<String>) -> Introductions {
        Introductions::new(self.db.clone(), keys, self.clock.clone(), Arc::clone(&self.mail_waits), base)
    }

    /// Kits of interviews, kept in the same database, with their letters in the same outbox.
    pub(crate) fn kits(&self, keys: Keyring, base: Option<String>) -> Kits {
        Kits::new(self.db.clone(), keys, self.clock.clone(), Arc::clone(&self.mail_waits), base)
    }

    /// Companies' own job boards, kept in the same database.
    pub(crate) fn boards(&self) -> Boards {
        Boards::new(self.db.clone(), self.clock.clone())
    }

    /// Work that is done by itself, kept in the same database: whoever needs some adds it within their transaction.
    pub fn jobs(&self) -> &Queue {
        &self.jobs
    }

    /// To hash and compare passwords with.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// How often somebody may try.
    pub fn throttle(&self) -> &Throttle {
        &self.throttle
    }

    /// Told when a letter has been written.
    pub fn mail_waits(&self) -> &Notify {
        &self.mail_waits
    }

    /// The time by which sessions and links end.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes an account. Nothing if the address has one already.
    ///
    /// # Errors
    /// The database's.
    pub async fn create(&self, new: NewAccount) -> Result<Option<AccountId>, SiteError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        let made = self.db.transaction(move |tx| {
            let password = new.password.as_ref().map(PasswordHash::as_str);
            let set_at = password.map(|_| now);
            tx.execute(
                "insert into account (id, email, name, password, password_set_at, created_at) values ($1, $2, $3, $4, $5, $6)",
                params![id, new.email.as_str(), new.name.as_str(), password, set_at, now],
            )?;
            if new.is_operator {
                tx.execute("insert into operator (account, made_at) values ($1, $2)", params![id, now])?;
            }
            Ok::<_, jobfuture_db::Error>(())
        });
        match made.await {
            Ok(()) => {
                let account = AccountId::from_row(id);
                self.note(account, "account made", "").await?;
                Ok(Some(account))
            }
            Err(jobfuture_db::Error::Unique { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether nobody has an account.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_empty(&self) -> Result<bool, SiteError> {
        let found: Option<(i64,)> = self.db.optional("select 1 as found from account limit 1", &[]).await?;
        Ok(found.is_none())
    }

    /// Who has an address, and their password.
    ///
    /// # Errors
    /// The database's.
    pub async fn by_email(&self, email: &EmailAddress) -> Result<Option<(AccountId, Option<PasswordHash>)>, SiteError> {
        let found: Option<Credentials> =
            self.db.optional("select id, password from account where email = $1", params![email.as_str()]).await?;
        Ok(found.map(|row| (AccountId::from_row(row.id), row.password.map(PasswordHash::from_row))))
    }

    /// Sets the password, and ends every session but one.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_password(
        &self,
        owner: Owner,
        password: PasswordHash,
        keep: Option<Uuid>,
    ) -> Result<(), SiteError> {
        let (account, now) = (owner.uuid(), self.now());
        let keep = keep.unwrap_or_default();
        self.db
            .transaction(move |tx| {
                tx.execute(
                    "update account set password = $2, password_set_at = $3 where id = $1",
                    params![account, password.as_str(), now],
                )?;
                tx.execute("delete from session where account = $1 and id <> $2", params![account, keep])?;
                // Links that were under way could undo it.
                tx.execute("delete from account_link where account = $1", params![account])?;
                Ok::<_, jobfuture_db::Error>(())
            })
            .await?;
        self.note(owner.account(), "password set", "").await
    }

    /// Signs a browser in. The token is new each time, so one that was planted before is worth nothing.
    ///
    /// # Errors
    /// No randomness, or the database's.
    pub async fn sign_in(&self, account: AccountId, browser: &str, how: &str) -> Result<Token, SiteError> {
        self.sign_in_proved(account, browser, how, self.now()).await
    }

    /// The same for somebody who proved who they are at another time: a provider may let in without asking.
    pub(super) async fn sign_in_proved(
        &self,
        account: AccountId,
        browser: &str,
        how: &str,
        proved: Timestamp,
    ) -> Result<Token, SiteError> {
        let token = Token::random().map_err(|error| SiteError::internal("the system's randomness", &error))?;
        let now = self.now();
        self.db
            .execute(
                "insert into session (id, token_hash, account, browser, created_at, seen_at, proved_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                params![Uuid::now_v7(), token.hash(), account.uuid(), browser, now, now, proved],
            )
            .await?;
        self.note(account, "signed in", how).await?;
        Ok(token)
    }

    /// Whose session a token is, if it is one that has not ended.
    ///
    /// # Errors
    /// The database's.
    pub async fn session(&self, token: &Token) -> Result<Option<Session>, SiteError> {
        let found: Option<SessionRow> = self
            .db
            .optional(
                "select session.id, session.account, account.email, account.name, session.created_at, session.seen_at,
                   session.proved_at, exists (select 1 from operator where operator.account = session.account) as is_operator,
                   (select count(*) from company_member m where m.account = session.account) as companies,
                   (select m.company from company_member m where m.account = session.account order by m.company limit 1) as company
                 from session join account on account.id = session.account where session.token_hash = $1",
                params![token.hash()],
            )
            .await?;
        let Some(row) = found else { return Ok(None) };
        let now = self.now();
        if now.duration_since(row.seen_at) > IDLE || now.duration_since(row.created_at) > ABSOLUTE {
            self.db.execute("delete from session where id = $1", params![row.id]).await?;
            return Ok(None);
        }
        if now.duration_since(row.seen_at) > SEEN_EVERY {
            self.db.execute("update session set seen_at = $2 where id = $1", params![row.id, now]).await?;
        }
        Ok(Some(Session {
            id: row.id,
            account: AccountId::from_row(row.account),
            email: row.email,
            name: row.name,
            is_operator: row.is_operator,
            proved_at: row.proved_at,
            acts_for: match (row.companies, row.company) {
                (1, Some(company)) => ActsFor::One(company),
                (0, _) | (_, None) => ActsFor::Nobody,
                _ => ActsFor::Several,
            },
        }))
    }

    /// Changes what a person wants to be called.
    ///
    /// # Errors
    /// The database's.
    pub async fn rename(&self, owner: Owner, name: &str) -> Result<(), SiteError> {
        self.db.execute("update account set name = $2 where id = $1", params![owner.uuid(), name]).await?;
        Ok(())
    }

    /// Deletes an account with everything that belongs to it. The audit log keeps that it was done, without whose it was.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn delete(&self, owner: Owner) -> Result<(), SiteError> {
        let (account, now) = (owner.uuid(), self.now());
        self.db
            .transaction(move |tx| {
                tx.execute(
                    "delete from outbox where recipient = (select email from account where id = $1)",
                    params![account],
                )?;
                // The link that made the account, and others that were sent to its address, belong to nobody's row.
                tx.execute(
                    "delete from account_link where email = (select email from account where id = $1)",
                    params![account],
                )?;
                tx.execute(
                    "delete from company_invitation where email = (select email from account where id = $1)",
                    params![account],
                )?;
                tx.execute("delete from audit where account = $1", params![account])?;
                tx.execute("delete from account where id = $1", params![account])?;
                tx.execute(
                    "insert into audit (id, at, what, detail) values ($1, $2, $3, $4)",
                    params![Uuid::now_v7(), now, "account deleted", ""],
                )?;
                Ok::<_, jobfuture_db::Error>(())
            })
            .await?;
        Ok(())
    }

    /// The latest of what happened to a person's account, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn events(&self, owner: Owner, most: i64) -> Result<Vec<AuditEntry>, SiteError> {
        let sql = "select at, what, detail from audit where account = $1 order by at desc, id desc limit $2";
        Ok(self.db.all(sql, params![owner.uuid(), most]).await?)
    }

    /// Writes down that the person has just proved who they are.
    ///
    /// # Errors
    /// The database's.
    pub async fn proved_again(&self, session: &Session) -> Result<(), SiteError> {
        let now = self.now();
        self.db.execute("update session set proved_at = $2 where id = $1", params![session.id(), now]).await?;
        Ok(())
    }

    /// A person's browsers that are signed in, the last used first.
    ///
    /// # Errors
    /// The database's.
    pub async fn sessions(&self, owner: Owner) -> Result<Vec<SessionEntry>, SiteError> {
        let sql = "select id, browser, created_at, seen_at from session where account = $1 order by seen_at desc, id";
        Ok(self.db.all(sql, params![owner.uuid()]).await?)
    }

    /// Signs one of the person's own browsers out. Says whether it was signed in.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_session(&self, owner: Owner, session: Uuid) -> Result<bool, SiteError> {
        let sql = "delete from session where account = $1 and id = $2";
        Ok(self.db.execute(sql, params![owner.uuid(), session]).await? > 0)
    }

    /// Signs all of the person's browsers out, but for one.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_other_sessions(&self, owner: Owner, keep: Uuid) -> Result<u64, SiteError> {
        let sql = "delete from session where account = $1 and id <> $2";
        let ended = self.db.execute(sql, params![owner.uuid(), keep]).await?;
        self.note(owner.account(), "other sessions ended", &ended.to_string()).await?;
        Ok(ended)
    }

    /// Remembers a browser as one of this account's.
    ///
    /// # Errors
    /// No randomness, or the database's.
    pub async fn know_browser(&self, account: AccountId) -> Result<Token, SiteError> {
        let token = Token::random().map_err(|error| SiteError::internal("the system's randomness", &error))?;
        let sql = "insert into known_browser (token_hash, account, made_at) values ($1, $2, $3)";
        self.db.execute(sql, params![token.hash(), account.uuid(), self.now()]).await?;
        Ok(token)
    }

    /// Whether a browser was signed in to this account before.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_known_browser(&self, account: AccountId, token: &Token) -> Result<bool, SiteError> {
        let sql = "select 1 as found from known_browser where token_hash = $1 and account = $2";
        let found: Option<(i64,)> = self.db.optional(sql, params![token.hash(), account.uuid()]).await?;
        Ok(found.is_some())
    }

    /// Writes to the audit log. Neither an address, nor a level, nor an answer belongs into it.
    ///
    /// # Errors
    /// The database's.
    pub async fn note(&self, account: AccountId, what: &str, detail: &str) -> Result<(), SiteError> {
        let sql = "insert into audit (id, at, account, what, detail) values ($1, $2, $3, $4, $5)";
        self.db.execute(sql, params![Uuid::now_v7(), self.now(), account.uuid(), what, detail]).await?;
        Ok(())
    }
}
