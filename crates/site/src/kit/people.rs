//! Who talks to a candidate: the people of the company, and which of them were asked to the conversation.

use super::store::{Kits, SHEETS, Talk, all_locked, is_open, sees_all};
use crate::account::Owner;
use crate::error::SiteError;
use crate::introduction::{Fault, tell_asked};
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::{Error, Tx, params, record};
use jobfuture_disclosure::MemberRole;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// People who may be asked to one conversation. With more of them it is not an interview.
pub const MOST_ASKED: usize = 8;

record! {
    struct MemberRow {
        account: Uuid,
        name: String,
        email: String,
        role: String,
        asked_at: Option<Timestamp>,
        locked_at: Option<Timestamp>,
    }
}

/// Somebody of the company who is, or could be, asked to the conversation.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// By which forms name them, in this conversation alone.
    pub handle: String,
    /// What they want to be called.
    pub name: String,
    /// By which colleagues know them.
    pub email: String,
    /// As what they act for the company.
    pub role: MemberRole,
    /// Whether they were asked.
    pub is_asked: bool,
    /// Whether their sheet is locked: nobody takes them out any more.
    pub has_locked: bool,
}

fn handle(introduction: Uuid, account: Uuid) -> String {
    let hash = Sha256::new().chain_update("asked").chain_update(introduction).chain_update(account).finalize();
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Everybody of the company, in the order of their names.
fn members(tx: &mut Tx<'_>, introduction: Uuid, company: Uuid) -> Result<Vec<MemberRow>, Error> {
    let sql = "select m.account, a.name, a.email, m.role, w.made_at as asked_at, s.locked_at
        from company_member m join account a on a.id = m.account
        left join introduction_interviewer w on w.introduction = $1 and w.account = m.account
        left join interview_sheet s on s.introduction = $1 and s.account = m.account
        where m.company = $2 order by a.name, a.email";
    tx.all(sql, params![introduction, company])
}

impl Kits {
    /// Everybody of the company, with who was asked.
    ///
    /// # Errors
    /// The database's; a role that there is not.
    pub async fn colleagues(&self, talk: &Talk) -> Result<Vec<Colleague>, SiteError> {
        let (id, company) = (talk.id, talk.company);
        let rows = self.db.transaction(move |tx| members(tx, id, company)).await?;
        let colleague = |row: MemberRow| {
            let role = MemberRole::parse(&row.role).ok_or_else(|| SiteError::internal("a member's role", &row.role))?;
            Ok(Colleague {
                handle: handle(id, row.account),
                name: row.name,
                email: row.email,
                role,
                is_asked: row.asked_at.is_some(),
                has_locked: row.asked_at.is_some() && row.locked_at.is_some(),
            })
        };
        rows.into_iter().map(colleague).collect()
    }

    /// Asks these people to it, and nobody else. Whoever is asked now and did not ask themselves gets a letter that something waits for
    /// them. Who has locked a sheet stays; a draft of somebody who is taken out is deleted.
    ///
    /// # Errors
    /// [`SiteError::Refused`] with what is wrong and the mend; the database's.
    pub async fn ask(&self, talk: &Talk, by: Owner, wanted: Vec<String>) -> Result<(), SiteError> {
        let (id, company, clock, base) = (talk.id, talk.company, self.clock.clone(), self.base.clone());
        let asked = self.db.transaction(move |tx| {
            let now = clock.now();
            if !is_open(tx, id, company, now)? {
                return Err(Fault::Says("This conversation is over. Nothing was changed.".to_owned()));
            }
            let all = members(tx, id, company)?;
            let is_wanted = |row: &MemberRow| {
                let stays = row.asked_at.is_some() && row.locked_at.is_some();
                stays || wanted.contains(&handle(id, row.account))
            };
            if all.iter().filter(|row| is_wanted(row)).count() > MOST_ASKED {
                return Err(Fault::Says(format!("At most {MOST_ASKED} people talk to one candidate. Ask fewer.")));
            }
            let were_open = all_locked(&tx.all(SHEETS, params![id])?);
            for row in all {
                let sees_all = MemberRole::parse(&row.role).is_none_or(sees_all);
                match (is_wanted(&row), row.asked_at.is_some()) {
                    // They could have read what the others wrote, and would not score apart.
                    (true, false) if were_open && sees_all => {
                        return Err(Fault::Says(format!(
                            "All sheets are locked and {} could have read them, so theirs would not be scored apart. Ask an interviewer.",
                            row.name
                        )));
                    }
                    (true, false) => {
                        put_in(tx, id, row.account, now)?;
                        if row.account != by.uuid() {
                            tell_asked(tx, (row.account, &row.email), company, id, base.as_deref(), now)?;
                        }
                    }
                    (false, true) => take_out(tx, id, row.account)?,
                    (true, true) | (false, false) => {}
                }
            }
            Ok(())
        });
        asked.await.map_err(Fault::into_error)?;
        self.mail.notify_one();
        Ok(())
    }
}

fn put_in(tx: &mut Tx<'_>, introduction: Uuid, account: Uuid, now: Timestamp) -> Result<(), Error> {
    let sql = "insert into introduction_interviewer (introduction, account, made_at) values ($1, $2, $3)";
    tx.execute(sql, params![introduction, account, now]).map(|_| ())
}

fn take_out(tx: &mut Tx<'_>, introduction: Uuid, account: Uuid) -> Result<(), Error> {
    let sql = "delete from introduction_interviewer where introduction = $1 and account = $2";
    tx.execute(sql, params![introduction, account])?;
    let sql = "delete from interview_sheet where introduction = $1 and account = $2 and locked_at is null";
    tx.execute(sql, params![introduction, account]).map(|_| ())
}
