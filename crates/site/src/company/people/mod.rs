//! Who acts for a company: members with their roles, and those who were invited.

mod invitations;

pub use invitations::{DeadInvitation, Invitation, InvitationEntry, NoInvitation};

use super::Companies;
use super::proof::settle;
use crate::account::Owner;
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::{Error, Tx, params, record};
use jobfuture_disclosure::{MemberRole, tell_pool};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// People of one company, members and invited.
pub(crate) const MOST_PEOPLE: i64 = 200;

record! {
    struct MemberRow { account: Uuid, email: String, role: String, made_at: Timestamp }
}

/// Somebody who acts for a company, as its owners see them.
#[derive(Debug, Clone)]
pub struct Member {
    /// By which pages name them. It is theirs at this company only, and tells nothing of their account.
    pub handle: String,
    /// Their address, by which an owner knows them.
    pub email: String,
    /// As what.
    pub role: MemberRole,
    /// Since when.
    pub since: Timestamp,
    /// Whether it is the one who asks.
    pub is_me: bool,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is done.
    Done,
    /// Nobody of that name acts for the company.
    NoSuchPerson,
    /// They are its last owner, and somebody has to answer for it.
    LastOwner,
}

/// A member's name in addresses. An account's id tells when somebody joined, and is shown to nobody.
fn handle(company: Uuid, account: Uuid) -> String {
    let hash = Sha256::new().chain_update("member").chain_update(company).chain_update(account).finalize();
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn rows(tx: &mut Tx<'_>, company: Uuid) -> Result<Vec<MemberRow>, Error> {
    let sql = "select m.account, a.email, m.role, m.made_at from company_member m join account a on a.id = m.account
               where m.company = $1 order by m.made_at, a.email";
    tx.all(sql, params![company])
}

fn owners(rows: &[MemberRow]) -> usize {
    rows.iter().filter(|row| row.role == MemberRole::Owner.id()).count()
}

impl Companies {
    /// Everybody who acts for a company, the longest first. For its owners.
    ///
    /// # Errors
    /// The database's; a role that there is not.
    pub async fn members(&self, owner: Owner, company: Uuid) -> Result<Vec<Member>, SiteError> {
        let rows = self.db.transaction(move |tx| rows(tx, company)).await?;
        let member = |row: MemberRow| {
            let role = MemberRole::parse(&row.role).ok_or_else(|| SiteError::internal("a member's role", &row.role))?;
            Ok(Member {
                handle: handle(company, row.account),
                is_me: row.account == owner.uuid(),
                email: row.email,
                role,
                since: row.made_at,
            })
        };
        rows.into_iter().map(member).collect()
    }

    /// How many act for a company, by role.
    ///
    /// # Errors
    /// The database's.
    pub async fn head_count(&self, company: Uuid) -> Result<Vec<(MemberRole, i64)>, SiteError> {
        let sql = "select role, count(*) as n from company_member where company = $1 group by role";
        let counted: Vec<(String, i64)> = self.db.all(sql, params![company]).await?;
        let of = |role: MemberRole| counted.iter().find(|(id, _)| id == role.id()).map_or(0, |(_, count)| *count);
        Ok(MemberRole::ALL.iter().map(|role| (*role, of(*role))).collect())
    }

    /// Gives somebody another role.
    ///
    /// # Errors
    /// The database's.
    pub async fn change_role(&self, company: Uuid, person: &str, role: MemberRole) -> Result<Changed, SiteError> {
        self.change(company, person.to_owned(), Some(role)).await
    }

    /// Somebody acts for the company no longer. The work address that they showed goes with them.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove_member(&self, company: Uuid, person: &str) -> Result<Changed, SiteError> {
        self.change(company, person.to_owned(), None).await
    }

    /// The same by themselves.
    ///
    /// # Errors
    /// The database's.
    pub async fn leave(&self, owner: Owner, company: Uuid) -> Result<Changed, SiteError> {
        self.change(company, handle(company, owner.uuid()), None).await
    }

    async fn change(&self, company: Uuid, person: String, role: Option<MemberRole>) -> Result<Changed, SiteError> {
        let now = self.clock.now();
        let changed = self
            .db
            .transaction(move |tx| {
                let all = rows(tx, company)?;
                let Some(member) = all.iter().find(|row| handle(company, row.account) == person) else {
                    return Ok::<_, Error>(Changed::NoSuchPerson);
                };
                let is_owner = member.role == MemberRole::Owner.id();
                if is_owner && role != Some(MemberRole::Owner) && owners(&all) == 1 {
                    return Ok(Changed::LastOwner);
                }
                match role {
                    Some(role) => {
                        let sql = "update company_member set role = $3 where company = $1 and account = $2";
                        tx.execute(sql, params![company, member.account, role.id()])?;
                    }
                    None => {
                        let sql = "delete from company_member where company = $1 and account = $2";
                        tx.execute(sql, params![company, member.account])?;
                        let sql = "delete from company_proof where company = $1 and account = $2";
                        tx.execute(sql, params![company, member.account])?;
                        settle(tx, company, now)?;
                        tell_pool(tx, member.account, now)?;
                    }
                }
                Ok(Changed::Done)
            })
            .await?;
        Ok(changed)
    }
}
