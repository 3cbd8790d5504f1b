//! Invitations: a letter to an address, taken up by whoever is signed in with that address.

use super::MOST_PEOPLE;
use crate::account::{EmailAddress, Letter, Owner, Session, Token};
use crate::company::Companies;
use crate::error::SiteError;
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{Error, params, record};
use jobfuture_disclosure::{MemberRole, tell_pool};
use uuid::Uuid;

/// How long an invitation waits.
const LASTS: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Invitations that a company sends in a day; fewer before it is verified, so that nobody writes letters in a company's name.
const MOST_A_DAY: i64 = 30;
const MOST_A_DAY_UNVERIFIED: i64 = 5;

record! {
    /// Somebody who was invited and has not answered, as the company's owners see it.
    #[derive(Debug, Clone)]
    pub struct InvitationEntry {
        /// Which.
        pub id: Uuid,
        /// Where the letter went.
        pub email: String,
        /// As what, by its id.
        pub role: String,
        /// When.
        pub made_at: Timestamp,
        /// Until when it can be taken up.
        pub expires_at: Timestamp,
    }
}

record! {
    struct Row {
        company: Uuid,
        name: String,
        domain: String,
        email: String,
        role: String,
        expires_at: Timestamp,
        accepted_at: Option<Timestamp>,
        withdrawn_at: Option<Timestamp>,
    }
}

/// An invitation that can be taken up.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// To which company.
    pub company: Uuid,
    /// What it is called.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// As what.
    pub role: MemberRole,
    email: String,
}

/// Why an invitation cannot be taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadInvitation {
    /// There is none of this token.
    Unknown,
    /// Its time is over.
    Expired,
    /// The company has taken it back.
    Withdrawn,
    /// It was taken up.
    Used,
    /// It is for another address than the one that is signed in.
    Elsewhere,
}

/// Why nobody was invited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoInvitation {
    /// It is no address.
    #[error("This does not look like an e-mail address. It should look like name@example.org.")]
    NoAddress,
    /// They are here.
    #[error("Whoever has this address acts for the company already. Change their role in the list.")]
    Member,
    /// A letter waits.
    #[error("This address was invited, and has not answered. Withdraw that invitation to send another one.")]
    Waits,
    /// Too many letters.
    #[error("{0} people were invited within a day. Wait a day{1}.")]
    TooMany(i64, &'static str),
    /// Too many people.
    #[error("A company has at most {MOST_PEOPLE} people here, invited ones among them.")]
    Full,
}

impl Invitation {
    /// Whether it is for whoever is signed in.
    pub fn is_for(&self, session: &Session) -> bool {
        self.email == session.email()
    }
}

impl Companies {
    /// Invites somebody by a letter. `link` makes the address of the token.
    ///
    /// # Errors
    /// No randomness; the database's.
    pub async fn invite(
        &self,
        owner: Owner,
        company: Uuid,
        typed: &str,
        role: MemberRole,
        link: impl Fn(&Token) -> String,
    ) -> Result<Result<(), NoInvitation>, SiteError> {
        let Ok(email) = EmailAddress::parse(typed) else { return Ok(Err(NoInvitation::NoAddress)) };
        let token = Token::random().map_err(|error| SiteError::internal("randomness", &error))?;
        let id =
            Uuid::from_slice(&Token::random().map_err(|error| SiteError::internal("randomness", &error))?.hash()[..16])
                .map_err(|error| SiteError::internal("an id", &error))?;
        let (now, inviter, hash, url) = (self.clock.now(), owner.uuid(), token.hash(), link(&token));
        let expires = now.checked_add(LASTS).map_err(|error| SiteError::internal("a time", &error))?;
        let day_ago = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
        let invited = self
            .db
            .transaction(move |tx| {
                let sql = "select name, domain, verified_until from company where id = $1";
                let (name, domain, until): (String, String, Option<Timestamp>) = tx.one(sql, params![company])?;
                let to = email.as_str();
                let sql = "select count(*) from company_member m join account a on a.id = m.account where m.company = $1 and a.email = $2";
                let (members,): (i64,) = tx.one(sql, params![company, to])?;
                if members > 0 {
                    return Ok::<_, Error>(Err(NoInvitation::Member));
                }
                let open = "accepted_at is null and withdrawn_at is null and expires_at > $2";
                let sql = format!("select count(*) from company_invitation where company = $1 and {open} and email = $3");
                let (waiting,): (i64,) = tx.one(&sql, params![company, now, to])?;
                if waiting > 0 {
                    return Ok(Err(NoInvitation::Waits));
                }
                let (lately,): (i64,) = tx.one(
                    "select count(*) from company_invitation where company = $1 and made_at > $2",
                    params![company, day_ago],
                )?;
                let is_verified = until.is_some_and(|until| until > now);
                let (most, mend) = if is_verified { (MOST_A_DAY, "") } else { (MOST_A_DAY_UNVERIFIED, ", or have the company verified") };
                if lately >= most {
                    return Ok(Err(NoInvitation::TooMany(most, mend)));
                }
                let sql = format!(
                    "select (select count(*) from company_member where company = $1)
                          + (select count(*) from company_invitation where company = $1 and {open}) as people"
                );
                let (people,): (i64,) = tx.one(&sql, params![company, now])?;
                if people >= MOST_PEOPLE {
                    return Ok(Err(NoInvitation::Full));
                }
                let sql = "insert into company_invitation (id, company, email, role, token_hash, invited_by, made_at, expires_at)
                           values ($1, $2, $3, $4, $5, $6, $7, $8)";
                tx.execute(sql, params![id, company, to, role.id(), hash.clone(), inviter, now, expires])?;
                letter(email.clone(), &name, &domain, role, &url).write(tx, now)?;
                Ok(Ok(()))
            })
            .await?;
        self.mail.notify_one();
        Ok(invited)
    }

    /// Those who were invited and have not answered, the latest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn invitations(&self, company: Uuid) -> Result<Vec<InvitationEntry>, SiteError> {
        let sql = "select id, email, role, made_at, expires_at from company_invitation
                   where company = $1 and accepted_at is null and withdrawn_at is null and expires_at > $2
                   order by made_at desc, id";
        Ok(self.db.all(sql, params![company, self.clock.now()]).await?)
    }

    /// Takes an invitation of this company back. Says whether it waited.
    ///
    /// # Errors
    /// The database's.
    pub async fn withdraw_invitation(&self, company: Uuid, invitation: Uuid) -> Result<bool, SiteError> {
        let sql = "update company_invitation set withdrawn_at = $3
                   where id = $2 and company = $1 and accepted_at is null and withdrawn_at is null";
        Ok(self.db.execute(sql, params![company, invitation, self.clock.now()]).await? > 0)
    }

    /// What an invitation says, if it can be taken up. It is not used up by being looked at.
    ///
    /// # Errors
    /// The database's; a role that there is not.
    pub async fn invitation(&self, token: &Token) -> Result<Result<Invitation, DeadInvitation>, SiteError> {
        let sql = "select i.company, c.name, c.domain, i.email, i.role, i.expires_at, i.accepted_at, i.withdrawn_at
                   from company_invitation i join company c on c.id = i.company where i.token_hash = $1";
        let found: Option<Row> = self.db.optional(sql, params![token.hash()]).await?;
        let Some(row) = found else { return Ok(Err(DeadInvitation::Unknown)) };
        if row.withdrawn_at.is_some() {
            return Ok(Err(DeadInvitation::Withdrawn));
        }
        if row.accepted_at.is_some() {
            return Ok(Err(DeadInvitation::Used));
        }
        if row.expires_at <= self.clock.now() {
            return Ok(Err(DeadInvitation::Expired));
        }
        let role =
            MemberRole::parse(&row.role).ok_or_else(|| SiteError::internal("an invitation's role", &row.role))?;
        Ok(Ok(Invitation { company: row.company, name: row.name, domain: row.domain, role, email: row.email }))
    }

    /// Takes an invitation up, for whoever is signed in with the address that it went to. Of two at once one does. Says to which
    /// company.
    ///
    /// # Errors
    /// The database's; a role that there is not.
    pub async fn accept(&self, session: &Session, token: &Token) -> Result<Result<Uuid, DeadInvitation>, SiteError> {
        let invitation = match self.invitation(token).await? {
            Ok(invitation) if invitation.is_for(session) => invitation,
            Ok(_) => return Ok(Err(DeadInvitation::Elsewhere)),
            Err(dead) => return Ok(Err(dead)),
        };
        let (now, account, hash, company) =
            (self.clock.now(), session.owner().uuid(), token.hash(), invitation.company);
        let is_done = self
            .db
            .transaction(move |tx| {
                let sql = "update company_invitation set accepted_at = $2
                           where token_hash = $1 and accepted_at is null and withdrawn_at is null and expires_at > $2";
                if tx.execute(sql, params![hash.clone(), now])? == 0 {
                    return Ok::<_, Error>(false);
                }
                // Whoever acts for it already keeps the role that they have.
                let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, $3, $4)
                           on conflict (company, account) do nothing";
                tx.execute(sql, params![company, account, invitation.role.id(), now])?;
                // A company sees nothing of its own people.
                tell_pool(tx, account, now)?;
                Ok(true)
            })
            .await?;
        Ok(if is_done { Ok(company) } else { Err(DeadInvitation::Used) })
    }
}

fn letter(to: EmailAddress, name: &str, domain: &str, role: MemberRole, url: &str) -> Letter {
    let body = format!(
        "You are invited to act for {name} ({domain}) at JobFuture, as {}.\n{}\n\n\
         To see what that means, and to take it up, open this page within fourteen days:\n{url}\n\n\
         You need an account with this address. If you do not know who invites you, do nothing.\n",
        role.name().to_lowercase(),
        role.does()
    );
    Letter { to, subject: "An invitation to act for a company".to_owned(), body }
}
