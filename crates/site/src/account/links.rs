//! Links that are sent by mail: each says one thing, to one address, once, and not for long.

use super::{AccountId, Accounts, EmailAddress, Token};
use crate::error::SiteError;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{params, record};
use uuid::Uuid;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To make an account.
    Join,
    /// To choose a new password.
    Reset,
    /// To change the account's address to the one that the link was sent to.
    Address,
    /// To let an identity of the provider sign in to the account.
    Identity,
    /// To become the first operator; printed on the console.
    Operator,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Reset => "reset",
            Self::Address => "address",
            Self::Identity => "identity",
            Self::Operator => "operator",
        }
    }

    /// How long a link works.
    pub fn lasts(self) -> SignedDuration {
        match self {
            Self::Join | Self::Address => SignedDuration::from_hours(24),
            Self::Reset | Self::Identity => SignedDuration::from_mins(30),
            Self::Operator => SignedDuration::from_hours(7 * 24),
        }
    }
}

record! {
    struct LinkRow { account: Option<Uuid>, email: String, expires_at: Timestamp, used_at: Option<Timestamp> }
}

/// A link that works.
#[derive(Debug, Clone)]
pub struct OpenLink {
    /// Whose; nothing when it makes an account.
    pub account: Option<AccountId>,
    /// Where it was sent; nothing for the first operator's.
    pub email: Option<EmailAddress>,
}

/// Why a link does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadLink {
    /// There is none of this token, or it was withdrawn.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was used.
    Used,
}

impl Accounts {
    /// Makes a link. Earlier ones of the same purpose for the same address stop working.
    ///
    /// # Errors
    /// No randomness, or the database's.
    pub async fn make_link(
        &self,
        purpose: Purpose,
        account: Option<AccountId>,
        email: Option<&EmailAddress>,
    ) -> Result<Token, SiteError> {
        let token = Token::random().map_err(|error| SiteError::internal("the system's randomness", &error))?;
        let (hash, now) = (token.hash(), self.now());
        let expires = now.checked_add(purpose.lasts()).map_err(|error| SiteError::internal("a link", &error))?;
        let (account, email) =
            (account.map(AccountId::uuid), email.map_or(String::new(), |email| email.as_str().into()));
        self.db
            .transaction(move |tx| {
                let email = email.as_str();
                tx.execute(
                    "delete from account_link where purpose = $1 and email = $2 and used_at is null",
                    params![purpose.as_str(), email],
                )?;
                tx.execute(
                    "insert into account_link (token_hash, account, purpose, email, made_at, expires_at)
                     values ($1, $2, $3, $4, $5, $6)",
                    params![hash.clone(), account, purpose.as_str(), email, now, expires],
                )?;
                Ok::<_, jobfuture_db::Error>(())
            })
            .await?;
        Ok(token)
    }

    /// What a link says, if it works. It is not used up by being looked at: programs that scan mail open links.
    ///
    /// # Errors
    /// The database's.
    pub async fn link(&self, purpose: Purpose, token: &Token) -> Result<Result<OpenLink, DeadLink>, SiteError> {
        let sql = "select account, email, expires_at, used_at from account_link where token_hash = $1 and purpose = $2";
        let found: Option<LinkRow> = self.db.optional(sql, params![token.hash(), purpose.as_str()]).await?;
        Ok(match found {
            None => Err(DeadLink::Unknown),
            Some(row) if row.used_at.is_some() => Err(DeadLink::Used),
            Some(row) if row.expires_at <= self.now() => Err(DeadLink::Expired),
            Some(row) => Ok(OpenLink {
                account: row.account.map(AccountId::from_row),
                email: EmailAddress::parse(&row.email).ok(),
            }),
        })
    }

    /// Uses a link up. Says whether it was this call that did: of two at once one wins.
    ///
    /// # Errors
    /// The database's.
    pub async fn use_link(&self, purpose: Purpose, token: &Token) -> Result<bool, SiteError> {
        let sql = "update account_link set used_at = $3
                   where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3";
        Ok(self.db.execute(sql, params![token.hash(), purpose.as_str(), self.now()]).await? > 0)
    }

    /// Whether anybody runs this instance yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn has_operator(&self) -> Result<bool, SiteError> {
        let (count,): (i64,) = self.db.one("select count(*) as n from operator", params![]).await?;
        Ok(count > 0)
    }
}
