//! Grants: who may see what, what for, and until when. One row, made, narrowed and revoked by its candidate alone.

mod promised;

pub use promised::PromisedGrant;

use crate::credentials::{Which, withdraw};
use crate::door::TALK_DUE_AT;
use crate::opened::tell_pool;
use crate::{Disclosure, Error, Field, OwnerKey, Token};
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Tx, params, record};
use std::collections::BTreeSet;
use uuid::Uuid;

/// More live grants than anybody can keep in view.
const MOST_GRANTS: i64 = 200;
const LONGEST_PURPOSE: usize = 200;
/// Days that a grant may last, at most.
pub const MOST_DAYS: i64 = 366;
/// Days that a link may last, at most.
pub const MOST_LINK_DAYS: i64 = 90;
/// How often a link may be opened, at most.
pub const MOST_OPENS: i64 = 1_000;

/// Something that can be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// A field of the profile.
    Field(Field),
    /// A signal, by its id.
    Signal(Uuid),
}

impl Fact {
    /// As it was written: `field:headline`, `signal:…`; nothing if there is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("field", id) => Field::parse(id).map(Self::Field),
            ("signal", id) => Uuid::try_parse(id).ok().map(Self::Signal),
            _ => None,
        }
    }
}

/// For forms and rows.
impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Field(field) => write!(f, "field:{}", field.id()),
            Self::Signal(id) => write!(f, "signal:{id}"),
        }
    }
}

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// One company, by its id.
    Company(Uuid),
    /// Verified companies that look for this role.
    Pool {
        /// Its id in the content.
        role: String,
    },
    /// Whoever has the link.
    Link {
        /// How often it may be opened.
        opens_at_most: i64,
    },
}

/// What a candidate is about to grant.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// To whom.
    pub audience: Audience,
    /// What.
    pub facts: BTreeSet<Fact>,
    /// What for, in the candidate's words; the viewer reads it.
    pub purpose: String,
    /// For how long.
    pub days: i64,
}

/// The permission itself, while the door reads: what one candidate opens to one viewer at this moment. Nobody else can make
/// one.
///
/// ```compile_fail
/// let forged = jobfuture_disclosure::Grant { owner: uuid::Uuid::nil(), facts: &Default::default() };
/// ```
#[derive(Debug)]
pub struct Grant<'d> {
    owner: Uuid,
    facts: &'d BTreeSet<Fact>,
}

impl<'d> Grant<'d> {
    /// Only for the door, from rows that it selected for its viewer.
    pub(crate) fn from_rows(owner: Uuid, facts: &'d BTreeSet<Fact>) -> Self {
        Self { owner, facts }
    }

    /// Whether it opens this of that person.
    pub(crate) fn opens(&self, owner: Uuid, fact: Fact) -> bool {
        self.owner == owner && self.facts.contains(&fact)
    }
}

/// A grant in its candidate's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantEntry {
    /// Which.
    pub id: Uuid,
    /// To whom.
    pub audience: Audience,
    /// What the company is called.
    pub company_name: Option<String>,
    /// What it opens.
    pub facts: BTreeSet<Fact>,
    /// What for.
    pub purpose: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When the conversation ends by itself that it was made for, and it with that. Whoever writes there puts it off.
    pub talk_due_at: Option<Timestamp>,
    /// When its candidate ended it.
    pub revoked_at: Option<Timestamp>,
    /// How often a link was opened.
    pub opened: i64,
    /// The link's secret.
    pub token: Option<Token>,
}

impl GrantEntry {
    /// Whether it opens anything now, as far as its own row says. A company that is not verified or that is blocked sees
    /// nothing all the same.
    pub fn is_live(&self, now: Timestamp) -> bool {
        let is_used_up = matches!(self.audience, Audience::Link { opens_at_most } if self.opened >= opens_at_most);
        self.revoked_at.is_none() && self.ends_at() > now && !is_used_up
    }

    /// When it ends if nobody does anything.
    pub fn ends_at(&self) -> Timestamp {
        self.talk_due_at.map_or(self.expires_at, |due| due.min(self.expires_at))
    }
}

/// A company that a candidate blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Which.
    pub company: Uuid,
    /// What it is called.
    pub name: String,
}

record! {
    struct GrantRow {
        id: Uuid,
        audience: String,
        company: Option<Uuid>,
        company_name: Option<String>,
        role: Option<String>,
        opens_at_most: Option<i64>,
        opened: i64,
        sealed_token: Option<Vec<u8>>,
        purpose: String,
        made_at: Timestamp,
        expires_at: Timestamp,
        talk_due_at: Option<Timestamp>,
        revoked_at: Option<Timestamp>,
    }
}

fn token_place(grant: Uuid) -> String {
    format!("link {grant}")
}

/// A grant to one company whose text is checked, to be written in a transaction of whoever makes it part of something larger.
#[derive(Debug, Clone)]
pub struct ReadyGrant {
    id: Uuid,
    account: Uuid,
    purpose: String,
    until: Timestamp,
    new: NewGrant,
}

impl ReadyGrant {
    /// Which it will be.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Makes it: it opens from the moment at which the transaction is kept.
    ///
    /// # Errors
    /// As [`Disclosure::make_grant`]; nothing of the transaction is to be kept then.
    pub fn write(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Error> {
        write_grant(tx, self, None, now)
    }
}

/// Ends a grant of a person within a transaction: it opens nothing from the next request on, and its credentials are withdrawn. Says
/// whether it was there to end.
///
/// # Errors
/// The database's.
pub fn end_grant(tx: &mut Tx<'_>, account: Uuid, grant: Uuid, now: Timestamp) -> Result<bool, jobfuture_db::Error> {
    let sql = "update disclosure_grant set revoked_at = $3 where id = $1 and account = $2 and revoked_at is null";
    let changed = tx.execute(sql, params![grant, account, now])?;
    if changed > 0 {
        withdraw(tx, &Which::OfGrant(grant), now)?;
        tell_pool(tx, account, now)?;
    }
    Ok(changed > 0)
}

/// A link's token: its hash, and itself sealed.
type SealedToken = (Vec<u8>, Vec<u8>);

fn write_grant(tx: &mut Tx<'_>, ready: &ReadyGrant, token: Option<&SealedToken>, now: Timestamp) -> Result<(), Error> {
    let ReadyGrant { id, account, purpose, until, new } = ready;
    check_audience(tx, *account, &new.audience, now)?;
    check_facts(tx, *account, &new.facts, now)?;
    let (audience, company, role, most) = columns(&new.audience);
    let (hash, sealed) = token.map(|(hash, sealed)| (hash.as_slice(), sealed.as_slice())).unzip();
    tx.execute(
        "insert into disclosure_grant (id, account, audience, company, role, token_hash, opens_at_most, opened,
           sealed_token, purpose, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11)",
        params![id, account, audience, company, role, hash, most, sealed, purpose, now, until],
    )?;
    write_facts(tx, *id, &new.facts)?;
    Ok(tell_pool(tx, *account, now)?)
}

impl Disclosure {
    /// Checks what can be checked of a grant to a company before it is written.
    ///
    /// # Errors
    /// [`Error::Refused`] with the reason; no randomness.
    pub fn ready_grant(&self, me: OwnerKey, new: NewGrant) -> Result<ReadyGrant, Error> {
        if !matches!(new.audience, Audience::Company(_)) {
            return Err(Error::Row("a grant that is part of something larger: it is to one company"));
        }
        self.checked(me, new)
    }

    fn checked(&self, me: OwnerKey, new: NewGrant) -> Result<ReadyGrant, Error> {
        let purpose = checked_purpose(&new.purpose)?;
        check_length(&new)?;
        if new.facts.is_empty() {
            return Error::refused("Choose at least one thing to show.");
        }
        let until = self.now().checked_add(SignedDuration::from_hours(24 * new.days));
        let until = until.map_err(|_| Error::Row("a time"))?;
        Ok(ReadyGrant { id: self.randomness().id()?, account: me.uuid(), purpose, until, new })
    }

    /// Makes a grant. A link's secret can be looked up in [`Self::grants`] from then on.
    ///
    /// # Errors
    /// [`Error::Refused`] with the reason: nothing in it, no purpose, too long, a company that is not there, not verified,
    /// blocked or one's own, a field that is empty, a signal that is not live; the database's.
    pub async fn make_grant(&self, me: OwnerKey, new: NewGrant) -> Result<Uuid, Error> {
        let (ready, now) = (self.checked(me, new)?, self.now());
        let (id, account) = (ready.id, ready.account);
        let token = match ready.new.audience {
            Audience::Link { .. } => {
                let token = Token::random(self.randomness())?;
                let key = self.keys().of(account).await?;
                let sealed = key.seal(&token_place(id), token.secret().as_bytes(), self.randomness())?;
                Some((token.hash(), sealed))
            }
            _ => None,
        };
        self.db().transaction(move |tx| write_grant(tx, &ready, token.as_ref(), now)).await?;
        Ok(id)
    }

    /// A person's grants, newest first: those in force and those that have ended.
    ///
    /// # Errors
    /// The database's; a row that its key does not open.
    pub async fn grants(&self, me: OwnerKey) -> Result<Vec<GrantEntry>, Error> {
        let account = me.uuid();
        let (rows, fields, signals) = self
            .db()
            .read(move |snapshot| {
                let sql = format!(
                    "select g.id, g.audience, g.company, company.name as company_name, g.role, g.opens_at_most, g.opened,
                       g.sealed_token, g.purpose, g.made_at, g.expires_at, {TALK_DUE_AT}, g.revoked_at
                     from disclosure_grant g left join company on company.id = g.company
                     where g.account = $1 order by g.made_at desc, g.id"
                );
                let rows: Vec<GrantRow> = snapshot.all(&sql, params![account])?;
                let fields: Vec<(Uuid, String)> = snapshot.all(
                    "select grant_id, field from grant_field join disclosure_grant g on g.id = grant_id where g.account = $1",
                    params![account],
                )?;
                let signals: Vec<(Uuid, Uuid)> = snapshot.all(
                    "select grant_id, signal from grant_signal join disclosure_grant g on g.id = grant_id where g.account = $1",
                    params![account],
                )?;
                Ok::<_, Error>((rows, fields, signals))
            })
            .await?;
        let key = match rows.iter().any(|row| row.sealed_token.is_some()) {
            true => self.keys().existing(account).await?,
            false => None,
        };
        let entries = rows.into_iter().map(|row| {
            let of_fields = fields.iter().filter(|(grant, _)| *grant == row.id);
            let of_signals = signals.iter().filter(|(grant, _)| *grant == row.id);
            let facts = of_fields
                .filter_map(|(_, field)| Field::parse(field).map(Fact::Field))
                .chain(of_signals.map(|(_, signal)| Fact::Signal(*signal)));
            let token = match (&row.sealed_token, &key) {
                (Some(sealed), Some(key)) => {
                    let text = key.open(&token_place(row.id), sealed)?;
                    std::str::from_utf8(&text).ok().and_then(Token::parse)
                }
                _ => None,
            };
            Ok(GrantEntry {
                id: row.id,
                audience: audience(&row)?,
                company_name: row.company_name,
                facts: facts.collect(),
                purpose: row.purpose,
                made_at: row.made_at,
                expires_at: row.expires_at,
                talk_due_at: row.talk_due_at,
                revoked_at: row.revoked_at,
                opened: row.opened,
                token,
            })
        });
        entries.collect()
    }

    /// Leaves only some of what a grant opens; nothing can be added to one. Says whether it was there to narrow.
    ///
    /// # Errors
    /// [`Error::Refused`] if nothing would be left: that is to revoke it; the database's.
    pub async fn narrow_grant(&self, me: OwnerKey, grant: Uuid, keep: &BTreeSet<Fact>) -> Result<bool, Error> {
        let Some(entry) = self.grants(me).await?.into_iter().find(|entry| entry.id == grant) else { return Ok(false) };
        if entry.revoked_at.is_some() {
            return Ok(false);
        }
        let drop: Vec<Fact> = entry.facts.difference(keep).copied().collect();
        if drop.len() == entry.facts.len() {
            return Error::refused("Nothing would be left of it. Revoke it instead.");
        }
        let (account, now) = (me.uuid(), self.now());
        self.db()
            .transaction(move |tx| {
                tell_pool(tx, account, now)?;
                for fact in &drop {
                    match fact {
                        Fact::Field(field) => {
                            let sql = "delete from grant_field where grant_id = $1 and field = $2";
                            tx.execute(sql, params![grant, field.id()])?;
                        }
                        Fact::Signal(signal) => {
                            withdraw(tx, &Which::OfGrantAndSignal(grant, *signal), now)?;
                            let sql = "delete from grant_signal where grant_id = $1 and signal = $2";
                            tx.execute(sql, params![grant, signal])?;
                        }
                    }
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(true)
    }

    /// Ends a grant: it opens nothing from the next request on, and its credentials are withdrawn. Says whether it was there
    /// to end.
    ///
    /// # Errors
    /// The database's.
    pub async fn revoke_grant(&self, me: OwnerKey, grant: Uuid) -> Result<bool, Error> {
        let (account, now) = (me.uuid(), self.now());
        Ok(self.db().transaction(move |tx| end_grant(tx, account, grant, now)).await?)
    }

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

fn checked_purpose(text: &str) -> Result<String, Error> {
    let purpose = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if purpose.is_empty() {
        return Error::refused("Say in a few words what it is for. Whoever sees it reads that.");
    }
    if purpose.chars().count() > LONGEST_PURPOSE || purpose.chars().any(char::is_control) {
        return Error::refused(format!("Say what it is for in at most {LONGEST_PURPOSE} characters."));
    }
    Ok(purpose)
}

fn check_length(new: &NewGrant) -> Result<(), Error> {
    let most = if matches!(new.audience, Audience::Link { .. }) { MOST_LINK_DAYS } else { MOST_DAYS };
    if !(1..=most).contains(&new.days) {
        return Error::refused(format!("It lasts between 1 and {most} days. Choose a number between them."));
    }
    match new.audience {
        Audience::Link { opens_at_most } if !(1..=MOST_OPENS).contains(&opens_at_most) => Error::refused(format!(
            "A link can be opened between 1 and {MOST_OPENS} times. Choose a number between them."
        )),
        _ => Ok(()),
    }
}

record! {
    struct CompanyState { verified_until: Option<Timestamp>, is_blocked: bool, is_own: bool }
}

fn check_audience(tx: &mut Tx<'_>, account: Uuid, audience: &Audience, now: Timestamp) -> Result<(), Error> {
    let (live,): (i64,) = tx.one(
        "select count(*) from disclosure_grant where account = $1 and revoked_at is null and expires_at > $2",
        params![account, now],
    )?;
    if live >= MOST_GRANTS {
        return Error::refused(format!("You have {MOST_GRANTS} grants in force. Revoke one that is no longer needed."));
    }
    let company = match audience {
        Audience::Company(company) => company,
        Audience::Pool { role } if role.is_empty() => return Error::refused("Choose the role to be found for."),
        Audience::Pool { .. } | Audience::Link { .. } => return Ok(()),
    };
    let found: Option<CompanyState> = tx.optional(
        "select verified_until,
           exists (select 1 from company_block b where b.company = company.id and b.account = $2) as is_blocked,
           exists (select 1 from company_member m where m.company = company.id and m.account = $2) as is_own
         from company where id = $1",
        params![company, account],
    )?;
    match found {
        None => Error::refused("There is no such company. Choose one from the list."),
        Some(CompanyState { is_own: true, .. }) => {
            Error::refused("You act for this company yourself. Choose another one.")
        }
        Some(CompanyState { is_blocked: true, .. }) => {
            Error::refused("You blocked this company. Lift the block first, if you want it to see something.")
        }
        Some(CompanyState { verified_until, .. }) if verified_until.is_none_or(|until| until <= now) => {
            Error::refused("This company is not verified at the moment. Grants are made to verified companies only.")
        }
        Some(_) => Ok(()),
    }
}

/// Each must be there, so that nothing shows later by surprise. Somebody else's signal and one that is not there look the same.
fn check_facts(tx: &mut Tx<'_>, account: Uuid, facts: &BTreeSet<Fact>, now: Timestamp) -> Result<(), Error> {
    let filled: Vec<(String,)> = tx.all("select field from profile_field where account = $1", params![account])?;
    for fact in facts {
        match fact {
            Fact::Field(Field::Organisations) => {}
            Fact::Field(field) if filled.iter().any(|(filled,)| filled == field.id()) => {}
            Fact::Field(field) => {
                return Error::refused(format!("“{}” is empty. Fill it in first, or leave it out.", field.label()));
            }
            Fact::Signal(signal) => {
                let sql = "select 1 as found from signal
                           where id = $1 and account = $2 and withdrawn_at is null and expires_at > $3";
                let found: Option<(i64,)> = tx.optional(sql, params![signal, account, now])?;
                if found.is_none() {
                    return Error::refused("One of the signals is not there any more, was withdrawn or has expired.");
                }
            }
        }
    }
    Ok(())
}

fn write_facts(tx: &mut Tx<'_>, grant: Uuid, facts: &BTreeSet<Fact>) -> Result<(), Error> {
    for fact in facts {
        match fact {
            Fact::Field(field) => {
                tx.execute("insert into grant_field (grant_id, field) values ($1, $2)", params![grant, field.id()])?;
            }
            Fact::Signal(signal) => {
                tx.execute("insert into grant_signal (grant_id, signal) values ($1, $2)", params![grant, signal])?;
            }
        }
    }
    Ok(())
}

type Columns<'a> = (&'static str, Option<Uuid>, Option<&'a str>, Option<i64>);

fn columns(audience: &Audience) -> Columns<'_> {
    match audience {
        Audience::Company(company) => ("company", Some(*company), None, None),
        Audience::Pool { role } => ("pool", None, Some(role), None),
        Audience::Link { opens_at_most } => ("link", None, None, Some(*opens_at_most)),
    }
}

fn audience(row: &GrantRow) -> Result<Audience, Error> {
    match (row.audience.as_str(), row.company, &row.role, row.opens_at_most) {
        ("company", Some(company), ..) => Ok(Audience::Company(company)),
        ("pool", _, Some(role), _) => Ok(Audience::Pool { role: role.clone() }),
        ("link", _, _, Some(opens_at_most)) => Ok(Audience::Link { opens_at_most }),
        _ => Err(Error::Row("a grant's audience")),
    }
}
