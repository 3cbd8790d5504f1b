//! A work address: a letter goes there, and whoever asked for it opens the link in it.

use super::{Method, settle};
use crate::account::{DeadLink, EmailAddress, Letter, Owner, Token};
use crate::company::{Companies, NoWorkAddress};
use crate::error::SiteError;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{params, record};
use uuid::Uuid;

/// How long a link works.
const LASTS: SignedDuration = SignedDuration::from_hours(24);
/// Between two letters that one person asks for.
const AT_MOST_EVERY: SignedDuration = SignedDuration::from_mins(2);

record! {
    struct Waiting { id: Uuid, account: Option<Uuid>, detail: String, token_until: Option<Timestamp>, proved_at: Option<Timestamp> }
}

/// Why no letter was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoLetter {
    /// It is no work address of the company.
    #[error(transparent)]
    Address(#[from] NoWorkAddress),
    /// One was sent a moment ago.
    #[error("A letter was sent a moment ago. Wait two minutes, and look into the folder for unwanted mail.")]
    TooSoon,
}

impl Companies {
    /// Sends a letter to a work address of somebody who acts for the company. `link` makes the address of the token.
    ///
    /// # Errors
    /// No randomness; the database's.
    pub async fn ask_by_mail(
        &self,
        owner: Owner,
        company: Uuid,
        typed: &str,
        link: impl Fn(&Token) -> String,
    ) -> Result<Result<EmailAddress, NoLetter>, SiteError> {
        let Some(domain) = self.company_domain(company).await? else {
            return Err(SiteError::Refused("There is no such company.".to_owned()));
        };
        let email = match domain.work_address(typed) {
            Ok(email) => email,
            Err(wrong) => return Ok(Err(wrong.into())),
        };
        let token = Token::random().map_err(|error| SiteError::internal("randomness", &error))?;
        let letter = Letter {
            to: email.clone(),
            subject: "Confirm your work address".to_owned(),
            body: format!(
                "Somebody, we hope you, wants to show at JobFuture that they work at {domain}.\n\n\
                 If it is you, open this page within a day, in the browser in which you are signed in:\n{}\n\n\
                 If it was not you, do nothing: without your account the link is worth nothing.\n",
                link(&token)
            ),
        };
        let (now, account, hash, to) = (self.clock.now(), owner.uuid(), token.hash(), email.as_str().to_owned());
        let until = now.checked_add(LASTS).map_err(|error| SiteError::internal("a time", &error))?;
        let earliest = now.checked_sub(AT_MOST_EVERY).unwrap_or(now);
        let is_sent = self
            .db
            .transaction(move |tx| {
                let sql = "select count(*) from company_proof where company = $1 and account = $2 and method = 'mail'
                             and token_hash is not null and asked_at > $3";
                let (lately,): (i64,) = tx.one(sql, params![company, account, earliest])?;
                if lately > 0 {
                    return Ok::<_, jobfuture_db::Error>(false);
                }
                // What was asked for before and never opened; what holds stays until the new one does.
                let sql = "delete from company_proof where company = $1 and account = $2 and method = 'mail' and proved_at is null";
                tx.execute(sql, params![company, account])?;
                let sql = "insert into company_proof (id, company, method, account, detail, token_hash, token_until, asked_at, failures)
                           values ($1, $2, 'mail', $3, $4, $5, $6, $7, 0)";
                tx.execute(sql, params![Uuid::now_v7(), company, account, to, hash, until, now])?;
                letter.write(tx, now)?;
                Ok(true)
            })
            .await?;
        self.mail.notify_one();
        Ok(if is_sent { Ok(email) } else { Err(NoLetter::TooSoon) })
    }

    /// The address that a link confirms, if it works for this person. For everybody else it is none.
    ///
    /// # Errors
    /// The database's.
    pub async fn mail_link(
        &self,
        owner: Owner,
        company: Uuid,
        token: &Token,
    ) -> Result<Result<String, DeadLink>, SiteError> {
        let sql = "select id, account, detail, token_until, proved_at from company_proof
                   where token_hash = $1 and company = $2 and method = 'mail'";
        let found: Option<Waiting> = self.db.optional(sql, params![token.hash(), company]).await?;
        Ok(match found {
            Some(row) if row.account != Some(owner.uuid()) => Err(DeadLink::Unknown),
            None => Err(DeadLink::Unknown),
            Some(row) if row.proved_at.is_some() => Err(DeadLink::Used),
            Some(row) if row.token_until.is_none_or(|until| until <= self.clock.now()) => Err(DeadLink::Expired),
            Some(row) => Ok(row.detail),
        })
    }

    /// Uses the link: from now on the address counts. Says whether it was this call that did it.
    ///
    /// # Errors
    /// The database's.
    pub async fn confirm_mail(&self, owner: Owner, company: Uuid, token: &Token) -> Result<bool, SiteError> {
        let (now, account, hash) = (self.clock.now(), owner.uuid(), token.hash());
        let until = now.checked_add(Method::Mail.lasts()).map_err(|error| SiteError::internal("a time", &error))?;
        let is_done = self
            .db
            .transaction(move |tx| {
                let sql = "update company_proof set proved_at = $4, seen_at = $4, expires_at = $5
                           where token_hash = $1 and company = $2 and account = $3 and method = 'mail' and proved_at is null
                             and token_until > $4";
                if tx.execute(sql, params![hash.clone(), company, account, now, until])? == 0 {
                    return Ok::<_, jobfuture_db::Error>(false);
                }
                // It takes the place of an earlier one of the same person.
                let sql = "delete from company_proof where company = $1 and account = $2 and method = 'mail'
                             and (token_hash is null or token_hash <> $3)";
                tx.execute(sql, params![company, account, hash.clone()])?;
                settle(tx, company, now)?;
                Ok(true)
            })
            .await?;
        Ok(is_done)
    }

    /// The work addresses that a person gave for a company, and when each was shown, if it was. For the person themselves.
    ///
    /// # Errors
    /// The database's.
    pub async fn addresses_of(
        &self,
        owner: Owner,
        company: Uuid,
    ) -> Result<Vec<(String, Option<Timestamp>)>, SiteError> {
        let sql =
            "select detail, proved_at from company_proof where company = $1 and account = $2 order by asked_at, id";
        Ok(self.db.all(sql, params![company, owner.uuid()]).await?)
    }
}
