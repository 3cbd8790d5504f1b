//! Kits in the database: who talks to whom about what, who was asked to it, and what each noted. The one rule of who reads whose sheet
//! is [`Kits::sheets`].

use super::plan::{Length, Seed};
use super::sheet::Sheet;
use crate::account::Owner;
use crate::error::SiteError;
use crate::vacancy::Terms;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::{Clock, Db, Error, Tx, params, record};
use jobfuture_disclosure::{Act, AsCompany, Keyring, MemberRole, OwnerKey};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// People who may be asked to one conversation. With more of them it is not an interview.
pub const MOST_ASKED: usize = 8;

/// Interview kits. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Kits {
    db: Db,
    keys: Keyring,
    clock: Clock,
}

record! {
    struct TalkRow {
        id: Uuid,
        account: Uuid,
        company: Uuid,
        company_name: String,
        vacancy: Option<Uuid>,
        terms: String,
        minutes: Option<i64>,
        is_shared: Option<bool>,
    }
}

/// Of conversations that are open now, which is `$1`.
const OPEN: &str =
    "select i.id, i.account, i.company, c.name as company_name, i.vacancy, i.terms, k.minutes, k.is_shared
    from introduction i join company c on c.id = i.company left join interview_kit k on k.introduction = i.id
    where i.stage = 'open' and i.due_at > $1";

/// A conversation in which both have said yes, as far as its kit needs it.
#[derive(Debug, Clone)]
pub struct Talk {
    /// Which.
    pub id: Uuid,
    /// With which company.
    pub company: Uuid,
    /// What that is called.
    pub company_name: String,
    /// About which vacancy, as long as it is there.
    pub vacancy: Option<Uuid>,
    /// Its terms as they were when the conversation was begun.
    pub terms: Terms,
    /// How long the interview is to be.
    pub length: Length,
    /// Whether the candidate may read the plan beforehand.
    pub is_shared: bool,
    /// Whose it is. For rows alone.
    account: Uuid,
}

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

record! {
    struct SheetRow { account: Uuid, name: String, sealed: Option<Vec<u8>>, locked_at: Option<Timestamp> }
}

/// A sheet's place beside the others.
#[derive(Debug, Clone)]
pub struct Place {
    /// Whose.
    pub name: String,
    /// Whether it is the reader's own.
    pub is_mine: bool,
    /// Since when it is locked.
    pub locked_at: Option<Timestamp>,
    /// What stands in it, if the reader may read it.
    pub sheet: Option<Sheet>,
}

/// All sheets of a conversation, as one reader sees them.
#[derive(Debug, Clone)]
pub struct Sheets {
    /// Of everybody who was asked, by name.
    pub places: Vec<Place>,
    /// Whether everybody has locked theirs, so that all are read side by side.
    pub are_open: bool,
}

impl Sheets {
    /// The reader's own, if they were asked.
    pub fn mine(&self) -> Option<&Place> {
        self.places.iter().find(|place| place.is_mine)
    }
}

/// What became of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Done,
    /// Its author had locked it: nothing was changed.
    WasLocked,
    /// The conversation is over, or they are not asked any more.
    Gone,
}

fn handle(introduction: Uuid, account: Uuid) -> String {
    let hash = Sha256::new().chain_update("asked").chain_update(introduction).chain_update(account).finalize();
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn place(introduction: Uuid, author: Uuid) -> String {
    format!("interview sheet {introduction} {author}")
}

impl TalkRow {
    fn read(self) -> Result<Talk, SiteError> {
        let terms = serde_json::from_str(&self.terms);
        Ok(Talk {
            id: self.id,
            company: self.company,
            company_name: self.company_name,
            vacancy: self.vacancy,
            terms: terms.map_err(|error| SiteError::internal("the terms of an introduction", &error))?,
            length: self.minutes.and_then(Length::of_minutes).unwrap_or_default(),
            is_shared: self.is_shared.unwrap_or(true),
            account: self.account,
        })
    }
}

/// Whether somebody of a role reads every kit of the company, asked or not.
fn sees_all(role: MemberRole) -> bool {
    Act::Candidates.roles().contains(&role)
}

/// Takes along what belongs to the kit when a conversation ends: nothing of it is left but how it ended.
///
/// # Errors
/// The database's.
pub(crate) fn forget(tx: &mut Tx<'_>, introduction: Uuid) -> Result<(), Error> {
    for sql in [
        "delete from interview_sheet where introduction = $1",
        "delete from interview_kit where introduction = $1",
        "delete from introduction_interviewer where introduction = $1",
    ] {
        tx.execute(sql, params![introduction])?;
    }
    Ok(())
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

/// Whether it is open, and of this company.
fn is_open(tx: &mut Tx<'_>, introduction: Uuid, company: Uuid, now: Timestamp) -> Result<bool, Error> {
    let sql = "select 1 as found from introduction where id = $1 and company = $2 and stage = 'open' and due_at > $3";
    Ok(tx.optional::<(i64,)>(sql, params![introduction, company, now])?.is_some())
}

/// Everybody whose sheet counts: who was asked, and acts for the company or has locked theirs before they left it.
const SHEETS: &str = "select w.account, a.name, s.sealed, s.locked_at from introduction_interviewer w
    join introduction i on i.id = w.introduction join account a on a.id = w.account
    left join company_member m on m.company = i.company and m.account = w.account
    left join interview_sheet s on s.introduction = w.introduction and s.account = w.account
    where w.introduction = $1 and (m.account is not null or s.locked_at is not null) order by a.name, a.email";

fn all_locked(rows: &[SheetRow]) -> bool {
    !rows.is_empty() && rows.iter().all(|row| row.locked_at.is_some())
}

impl Kits {
    /// On this database, with the keys that seal sheets.
    pub fn new(db: Db, keys: Keyring, clock: Clock) -> Self {
        Self { db, keys, clock }
    }

    /// An open conversation of a company, for somebody who acts for it: an interviewer has to be asked to it.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_company(&self, viewer: &AsCompany, member: Owner, id: Uuid) -> Result<Option<Talk>, SiteError> {
        let sql = format!(
            "{OPEN} and i.id = $2 and i.company = $3 and ($4 or exists (select 1 from introduction_interviewer w
               where w.introduction = i.id and w.account = $5))"
        );
        let (now, company, sees_all) = (self.clock.now(), viewer.company(), sees_all(viewer.role()));
        let row: Option<TalkRow> = self.db.optional(&sql, params![now, id, company, sees_all, member.uuid()]).await?;
        row.map(TalkRow::read).transpose()
    }

    /// Open conversations of a company to which somebody was asked.
    ///
    /// # Errors
    /// The database's.
    pub async fn asked(&self, viewer: &AsCompany, member: Owner) -> Result<Vec<Talk>, SiteError> {
        let sql = format!(
            "{OPEN} and i.company = $2 and exists (select 1 from introduction_interviewer w
               where w.introduction = i.id and w.account = $3) order by i.opened_at desc, i.id"
        );
        let rows: Vec<TalkRow> = self.db.all(&sql, params![self.clock.now(), viewer.company(), member.uuid()]).await?;
        rows.into_iter().map(TalkRow::read).collect()
    }

    /// An open conversation of a person's own.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_candidate(&self, me: OwnerKey, id: Uuid) -> Result<Option<Talk>, SiteError> {
        let sql = format!("{OPEN} and i.id = $2 and i.account = $3");
        let row: Option<TalkRow> = self.db.optional(&sql, params![self.clock.now(), id, me.uuid()]).await?;
        row.map(TalkRow::read).transpose()
    }

    /// What everything is drawn from that could be chosen otherwise: of the vacancy, so that all who talk about it are asked the same.
    ///
    /// # Errors
    /// The database's.
    pub async fn seed(&self, talk: &Talk) -> Result<Seed, SiteError> {
        let secret = self.keys.instance_secret("interview kits").await?;
        // A vacancy that was deleted is told by what stood in it.
        let gone = || format!("{} {} {} {}", talk.company, talk.terms.role, talk.terms.level, talk.terms.title);
        let vacancy = talk.vacancy.map_or_else(gone, |vacancy| vacancy.to_string());
        Ok(Seed::of(&secret, &vacancy))
    }

    /// How long it is to be, and whether the candidate may read the plan.
    ///
    /// # Errors
    /// The database's.
    pub async fn settle(&self, talk: &Talk, length: Length, is_shared: bool) -> Result<(), SiteError> {
        let (id, company, clock) = (talk.id, talk.company, self.clock.clone());
        self.db
            .transaction(move |tx| {
                let now = clock.now();
                if is_open(tx, id, company, now)? {
                    let sql = "insert into interview_kit (introduction, minutes, is_shared, changed_at) values ($1, $2, $3, $4)
                         on conflict (introduction) do update set minutes = excluded.minutes, is_shared = excluded.is_shared,
                           changed_at = excluded.changed_at";
                    tx.execute(sql, params![id, i64::from(length.minutes()), is_shared, now])?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(())
    }

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

    /// Asks these people to it, and nobody else. Who has locked a sheet stays; a draft of somebody who is taken out is deleted.
    ///
    /// # Errors
    /// [`SiteError::Refused`] with what is wrong and the mend; the database's.
    pub async fn ask(&self, talk: &Talk, wanted: Vec<String>) -> Result<(), SiteError> {
        let (id, company, clock) = (talk.id, talk.company, self.clock.clone());
        let wrong = self
            .db
            .transaction(move |tx| {
                let now = clock.now();
                if !is_open(tx, id, company, now)? {
                    return Ok::<_, Error>(Some("This conversation is over. Nothing was changed.".to_owned()));
                }
                let all = members(tx, id, company)?;
                let is_wanted = |row: &MemberRow| {
                    let stays = row.asked_at.is_some() && row.locked_at.is_some();
                    stays || wanted.contains(&handle(id, row.account))
                };
                if all.iter().filter(|row| is_wanted(row)).count() > MOST_ASKED {
                    return Ok(Some(format!("At most {MOST_ASKED} people talk to one candidate. Ask fewer.")));
                }
                let were_open = all_locked(&tx.all(SHEETS, params![id])?);
                for row in all {
                    let sees_all = MemberRole::parse(&row.role).is_none_or(sees_all);
                    match (is_wanted(&row), row.asked_at.is_some()) {
                        // They could have read what the others wrote, and would not score apart.
                        (true, false) if were_open && sees_all => {
                            return Ok(Some(format!(
                                "All sheets are locked and {} could have read them, so theirs would not be scored apart. Ask an interviewer.",
                                row.name
                            )));
                        }
                        (true, false) => {
                            let sql = "insert into introduction_interviewer (introduction, account, made_at) values ($1, $2, $3)";
                            tx.execute(sql, params![id, row.account, now])?;
                        }
                        (false, true) => {
                            let sql = "delete from introduction_interviewer where introduction = $1 and account = $2";
                            tx.execute(sql, params![id, row.account])?;
                            let sql = "delete from interview_sheet where introduction = $1 and account = $2 and locked_at is null";
                            tx.execute(sql, params![id, row.account])?;
                        }
                        (true, true) | (false, false) => {}
                    }
                }
                Ok(None)
            })
            .await?;
        wrong.map_or(Ok(()), |says| Err(SiteError::Refused(says)))
    }

    /// All sheets as one reader sees them: their own, and everybody's once each is locked. Until then of others nothing but who has.
    ///
    /// # Errors
    /// The database's; a row that its key does not open.
    pub async fn sheets(&self, talk: &Talk, reader: Owner) -> Result<Sheets, SiteError> {
        let rows: Vec<SheetRow> = self.db.all(SHEETS, params![talk.id]).await?;
        let are_open = all_locked(&rows);
        let sealer = self.keys.sealer(talk.account).await?;
        let mut places = Vec::new();
        for row in rows {
            let is_mine = row.account == reader.uuid();
            let sealed = row.sealed.filter(|_| is_mine || are_open);
            let sheet = match sealed {
                Some(sealed) => {
                    let text = sealer.open_bytes(&place(talk.id, row.account), &sealed)?;
                    let sheet = serde_json::from_slice(&text);
                    Some(sheet.map_err(|error| SiteError::internal("an interview sheet", &error))?)
                }
                None => None,
            };
            places.push(Place { name: row.name, is_mine, locked_at: row.locked_at, sheet });
        }
        Ok(Sheets { places, are_open })
    }

    /// Keeps somebody's own sheet, and locks it if they say so. What is locked is changed by nobody.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep(&self, talk: &Talk, author: Owner, sheet: &Sheet, locks: bool) -> Result<Kept, SiteError> {
        let (id, company, account, clock) = (talk.id, talk.company, author.uuid(), self.clock.clone());
        let text = serde_json::to_vec(sheet).map_err(|error| SiteError::internal("an interview sheet", &error))?;
        let sealed = self.keys.sealer(talk.account).await?.seal_bytes(&place(id, account), &text)?;
        let kept = self
            .db
            .transaction(move |tx| {
                let now = clock.now();
                let sql = "select 1 as found from introduction_interviewer w join company_member m on m.account = w.account
                     where w.introduction = $1 and w.account = $2 and m.company = $3";
                let is_asked = tx.optional::<(i64,)>(sql, params![id, account, company])?.is_some();
                if !is_asked || !is_open(tx, id, company, now)? {
                    return Ok::<_, Error>(Kept::Gone);
                }
                let locked_at = locks.then_some(now);
                let sql = "insert into interview_sheet (introduction, account, sealed, made_at, changed_at, locked_at)
                     values ($1, $2, $3, $4, $4, $5)
                     on conflict (introduction, account) do update set sealed = excluded.sealed, changed_at = excluded.changed_at,
                       locked_at = excluded.locked_at where interview_sheet.locked_at is null";
                let changed = tx.execute(sql, params![id, account, sealed, now, locked_at])?;
                Ok(if changed == 0 { Kept::WasLocked } else { Kept::Done })
            })
            .await?;
        Ok(kept)
    }
}
