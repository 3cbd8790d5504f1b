//! Conversations in the database: what each side reads of its own, and the one way in which somebody does something in one.

use super::fault::Fault;
use super::letters;
use super::row::{COLUMNS, Deed, Introduction, Line, LineRow, Row, Words};
use super::standing::{Move, Side};
use super::write::{Done, find, leave_all, write};
use crate::account::Owner;
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::{Clock, Db, Tx, params};
use jobfuture_disclosure::{AsCompany, CandidateName, Keyring, OwnerKey, PromisedGrant, ReadyGrant, Sealer};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// Ended ones that are read for a list.
const MOST_ENDED: i64 = 200;

/// Conversations between candidates and companies. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Introductions {
    pub(super) db: Db,
    pub(super) keys: Keyring,
    pub(super) clock: Clock,
    /// Told when a letter has been written.
    pub(super) mail: Arc<Notify>,
    /// The site's own address, for letters.
    pub(super) base: Option<String>,
}

/// Who does something.
#[derive(Debug, Clone, Copy)]
pub enum Actor<'a> {
    /// The person whose conversation it is.
    Candidate(OwnerKey),
    /// Somebody who acts for the company.
    Company {
        /// For which, as what.
        viewer: &'a AsCompany,
        /// Who.
        member: Owner,
    },
}

impl Actor<'_> {
    /// Which of the two.
    pub fn side(self) -> Side {
        match self {
            Self::Candidate(_) => Side::Candidate,
            Self::Company { .. } => Side::Company,
        }
    }

    pub(super) fn member(self) -> Option<Uuid> {
        match self {
            Self::Candidate(_) => None,
            Self::Company { member, .. } => Some(member.uuid()),
        }
    }

    /// The same, for a transaction.
    fn known(self) -> Known {
        match self {
            Self::Candidate(me) => Known::Candidate(me.uuid()),
            Self::Company { viewer, member } => Known::Company(viewer.company(), member.uuid()),
        }
    }
}

/// Who does something, by their rows.
#[derive(Clone, Copy)]
enum Known {
    Candidate(Uuid),
    Company(Uuid, Uuid),
}

/// What somebody is about to do.
#[derive(Debug, Clone)]
pub struct Doing {
    id: Uuid,
    what: Move,
    deed: Deed,
    version: Option<i64>,
    words: Option<Words>,
    grant: Option<ReadyGrant>,
}

impl Doing {
    /// In which conversation, what.
    pub fn new(id: Uuid, what: Move) -> Self {
        Self { id, what, deed: Deed::of(what), version: None, words: None, grant: None }
    }

    /// Only if nothing was done since this version.
    #[must_use]
    pub fn at(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// With these words.
    #[must_use]
    pub fn saying(mut self, words: Words) -> Self {
        self.words = Some(words);
        self
    }

    /// With another name in its line.
    #[must_use]
    pub fn named(mut self, deed: Deed) -> Self {
        self.deed = deed;
        self
    }

    /// With a grant of the candidate's, which ends with the conversation.
    #[must_use]
    pub fn granting(mut self, grant: ReadyGrant) -> Self {
        self.grant = Some(grant);
        self
    }
}

/// What was done, for whoever writes something of their own with it.
#[derive(Debug)]
pub struct Stepped<'a> {
    /// As it is now.
    pub now_is: &'a Introduction,
    /// The number of the line.
    pub nth: i64,
    /// What seals texts of the candidate's.
    pub sealer: &'a Sealer,
    /// When.
    pub at: Timestamp,
}

impl Introductions {
    /// On this database. `mail` is told when a letter has been written; `base` is the site's address, if it has one.
    pub fn new(db: Db, keys: Keyring, clock: Clock, mail: Arc<Notify>, base: Option<String>) -> Self {
        Self { db, keys, clock, mail, base }
    }

    /// The time by which turns end.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A person's own: all that go on, and the latest that have ended, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(&self, me: OwnerKey) -> Result<Vec<Introduction>, SiteError> {
        self.list("i.account", me.uuid()).await
    }

    /// One of a person's own.
    ///
    /// # Errors
    /// The database's.
    pub async fn one(&self, me: OwnerKey, id: Uuid) -> Result<Option<Introduction>, SiteError> {
        let sql = format!("{COLUMNS} where i.id = $1 and i.account = $2");
        let row: Option<Row> = self.db.optional(&sql, params![id, me.uuid()]).await?;
        row.map(|row| row.read(self.now())).transpose()
    }

    /// A company's: all that go on, and the latest that have ended, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_company(&self, viewer: &AsCompany) -> Result<Vec<Introduction>, SiteError> {
        let mut all = self.list("i.company", viewer.company()).await?;
        for one in &mut all {
            self.name(one).await?;
        }
        Ok(all)
    }

    /// One of a company's.
    ///
    /// # Errors
    /// The database's.
    pub async fn one_of_company(&self, viewer: &AsCompany, id: Uuid) -> Result<Option<Introduction>, SiteError> {
        let sql = format!("{COLUMNS} where i.id = $1 and i.company = $2");
        let row: Option<Row> = self.db.optional(&sql, params![id, viewer.company()]).await?;
        let Some(row) = row else { return Ok(None) };
        let mut one = row.read(self.now())?;
        self.name(&mut one).await?;
        Ok(Some(one))
    }

    /// The one that goes on between a company and whom it knows by this name.
    ///
    /// # Errors
    /// The database's.
    pub async fn living_with(
        &self,
        viewer: &AsCompany,
        candidate: CandidateName,
    ) -> Result<Option<Introduction>, SiteError> {
        let account = self.keys.account_behind(viewer.company(), candidate).await?;
        let sql = format!("{COLUMNS} where i.company = $1 and i.account = $2 and i.ended_at is null");
        let row: Option<Row> = self.db.optional(&sql, params![viewer.company(), account]).await?;
        let Some(row) = row else { return Ok(None) };
        let mut one = row.read(self.now())?;
        self.name(&mut one).await?;
        Ok(Some(one).filter(Introduction::is_alive))
    }

    async fn list(&self, column: &str, id: Uuid) -> Result<Vec<Introduction>, SiteError> {
        let living = format!("{COLUMNS} where {column} = $1 and i.ended_at is null order by i.due_at, i.id");
        let ended = format!(
            "{COLUMNS} where {column} = $1 and i.ended_at is not null order by i.ended_at desc, i.id limit {MOST_ENDED}"
        );
        let mut rows: Vec<Row> = self.db.all(&living, params![id]).await?;
        rows.extend(self.db.all::<Row>(&ended, params![id]).await?);
        let now = self.now();
        rows.into_iter().map(|row| row.read(now)).collect()
    }

    /// What is over leads to nobody.
    async fn name(&self, one: &mut Introduction) -> Result<(), SiteError> {
        if one.is_alive() {
            one.candidate = Some(self.keys.candidate_name(one.company, one.account).await?);
        }
        Ok(())
    }

    /// What was said and done in one, for its candidate: all of it, and always.
    ///
    /// # Errors
    /// The database's; a line that its key does not open.
    pub async fn lines(&self, me: OwnerKey, of: &Introduction) -> Result<Vec<Line>, SiteError> {
        if me.uuid() != of.account {
            return Ok(Vec::new());
        }
        self.lines_for(of, |_| true).await
    }

    /// The same for its company, as long as it goes on. At its end nothing of it is left for the company; while the company is not
    /// verified, nothing that the candidate wrote.
    ///
    /// # Errors
    /// As [`Self::lines`].
    pub async fn lines_for_company(&self, viewer: &AsCompany, of: &Introduction) -> Result<Vec<Line>, SiteError> {
        if viewer.company() != of.company || !of.is_alive() {
            return Ok(Vec::new());
        }
        let is_verified = viewer.is_verified();
        self.lines_for(of, move |by| is_verified || by == Some(Side::Company)).await
    }

    async fn lines_for(&self, of: &Introduction, shows: impl Fn(Option<Side>) -> bool) -> Result<Vec<Line>, SiteError> {
        let sql = "select l.nth, l.by_side, a.name as member_name, l.act, l.sealed, l.made_at, l.seen_at
                   from introduction_line l left join account a on a.id = l.member where l.introduction = $1 order by l.nth";
        let rows: Vec<LineRow> = self.db.all(sql, params![of.id]).await?;
        let sealer = self.keys.sealer(of.account).await?;
        rows.into_iter().map(|row| row.open(&sealer, of.id, &shows)).collect()
    }

    /// What one side has not seen of what the other did, counted over all that goes on; and marks lines as seen.
    ///
    /// # Errors
    /// The database's.
    pub async fn saw(&self, side: Side, of: &Introduction) -> Result<(), SiteError> {
        let sql = "update introduction_line set seen_at = $3
                   where introduction = $1 and seen_at is null and by_side is not null and by_side <> $2";
        self.db.execute(sql, params![of.id, side.id(), self.now()]).await?;
        Ok(())
    }

    /// Whether a grant of a conversation shows something of its candidate now.
    ///
    /// # Errors
    /// The database's.
    pub async fn shows_something(&self, of: &Introduction) -> Result<bool, SiteError> {
        let sql = "select 1 as found from introduction_grant i join disclosure_grant g on g.id = i.grant_id
                   where i.introduction = $1 and g.revoked_at is null and g.expires_at > $2 limit 1";
        let found: Option<(i64,)> = self.db.optional(sql, params![of.id, self.now()]).await?;
        Ok(found.is_some())
    }

    /// Does something: the one way in which a conversation changes by somebody's act. All of it is one transaction, which holds the
    /// conversation, so that whoever comes second finds what the first has done.
    ///
    /// # Errors
    /// [`Fault`]; nothing was done then.
    pub async fn step(&self, who: Actor<'_>, doing: Doing) -> Result<Introduction, Fault> {
        self.step_and(who, doing, |_, _| Ok(())).await
    }

    /// The same, with something of the caller's that is written with it or not at all. `also` may run more than once and does nothing
    /// but speak to its transaction.
    ///
    /// # Errors
    /// As [`Self::step`]; what `also` returns.
    pub async fn step_and<F>(&self, who: Actor<'_>, doing: Doing, also: F) -> Result<Introduction, Fault>
    where
        F: Fn(&mut Tx<'_>, &Stepped<'_>) -> Result<(), Fault> + Send + 'static,
    {
        let account = self.account_of(who, doing.id).await?;
        let (sealer, base, known) = (self.keys.sealer(account).await?, self.base.clone(), who.known());
        let (side, member, clock) = (who.side(), who.member(), self.clock.clone());
        let done = self.db.transaction_on("introduction", doing.id, move |tx| {
            let now = clock.now();
            let before = find(tx, doing.id)?;
            may_act(tx, known, &before, now)?;
            if doing.version.is_some_and(|version| version != before.version) {
                return Err(Fault::Stale);
            }
            let after = before.standing.after(Some(side), doing.what, now)?;
            if doing.what == Move::Accept {
                is_verified(tx, &before, now)?;
            }
            let words = doing.words.as_ref().map(|words| (&sealer, words));
            let done = Done { side: Some(side), member, deed: doing.deed, words, now };
            let (written, nth) = write(tx, &before, after, &done)?;
            if let Some(grant) = &doing.grant {
                grant.write(tx, now)?;
                keep_grant(tx, before.id, grant.id())?;
            }
            if doing.what == Move::Accept && side == Side::Company {
                unmask(tx, &before, now)?;
            }
            also(tx, &Stepped { now_is: &written, nth, sealer: &sealer, at: now })?;
            // Whoever writes in an open one is told of by the conversation itself.
            if doing.what != Move::Write {
                letters::tell(tx, &written, side.other(), base.as_deref(), now)?;
            }
            Ok(written)
        });
        let mut written = done.await?;
        self.mail.notify_one();
        if side == Side::Company {
            self.name(&mut written).await?;
        }
        Ok(written)
    }

    /// Whose it is, if there is such a one for whoever asks.
    async fn account_of(&self, who: Actor<'_>, id: Uuid) -> Result<Uuid, Fault> {
        let (sql, whose) = match who.known() {
            Known::Candidate(account) => ("select account from introduction where id = $1 and account = $2", account),
            Known::Company(company, _) => ("select account from introduction where id = $1 and company = $2", company),
        };
        let found: Option<(Uuid,)> = self.db.optional(sql, params![id, whose]).await?;
        found.map(|(account,)| account).ok_or(Fault::Missing)
    }

    /// Ends all that goes on between a person and a company that they have just blocked.
    ///
    /// # Errors
    /// The database's.
    pub async fn leave(&self, me: OwnerKey, company: Uuid) -> Result<usize, Fault> {
        let (account, now, base) = (me.uuid(), self.now(), self.base.clone());
        let count = self.db.transaction(move |tx| leave_all(tx, account, Some(company), base.as_deref(), now)).await?;
        self.mail.notify_one();
        Ok(count)
    }
}

/// Whether somebody may do anything in it at all, now: asked in the transaction in which they do.
fn may_act(tx: &mut Tx<'_>, who: Known, of: &Introduction, now: Timestamp) -> Result<(), Fault> {
    match who {
        Known::Candidate(account) if account == of.account => Ok(()),
        Known::Candidate(_) => Err(Fault::Missing),
        Known::Company(company, _) if company != of.company => Err(Fault::Missing),
        Known::Company(company, member) => {
            for_company(tx, company, member, now)?;
            // One that its candidate has left is over; a moment may pass until that is written down.
            let sql = "select 1 as found from account a where a.id = $1 and a.leaves_at is null
                       and not exists (select 1 from company_block b where b.account = a.id and b.company = $2)";
            let is_there: Option<(i64,)> = tx.optional(sql, params![of.account, company])?;
            if is_there.is_some() || of.standing.ending().is_some() {
                Ok(())
            } else {
                Err(Fault::Refused(super::Refusal::Over))
            }
        }
    }
}

/// A yes leads to a company that has shown who it is.
fn is_verified(tx: &mut Tx<'_>, of: &Introduction, now: Timestamp) -> Result<(), Fault> {
    let sql = "select 1 as found from company where id = $1 and verified_at is not null and verified_until > $2";
    let found: Option<(i64,)> = tx.optional(sql, params![of.company, now])?;
    if found.is_some() {
        return Ok(());
    }
    Fault::says(format!(
        "{} is not verified at the moment, so nobody can say yes to it. Nothing was changed. You can wait until it is, or say no.",
        of.company_name
    ))
}

/// Whether somebody does such things for a company that may do them.
pub(super) fn for_company(tx: &mut Tx<'_>, company: Uuid, member: Uuid, now: Timestamp) -> Result<(), Fault> {
    let sql =
        "select 1 as found from company_member where company = $1 and account = $2 and role in ('owner', 'recruiter')";
    let is_member: Option<(i64,)> = tx.optional(sql, params![company, member])?;
    if is_member.is_none() {
        return Fault::says(
            "You no longer write to candidates for this company. Ask an owner of it, if that is a mistake.",
        );
    }
    let sql = "select 1 as found from company where id = $1 and verified_at is not null and verified_until > $2";
    let is_verified: Option<(i64,)> = tx.optional(sql, params![company, now])?;
    if is_verified.is_none() { Err(Fault::Unverified) } else { Ok(()) }
}

/// A grant that ends with a conversation.
pub(super) fn keep_grant(tx: &mut Tx<'_>, introduction: Uuid, grant: Uuid) -> Result<(), Fault> {
    let sql = "insert into introduction_grant (introduction, grant_id) values ($1, $2)";
    tx.execute(sql, params![introduction, grant])?;
    Ok(())
}

/// Makes the grant that its candidate promised for the company's yes.
fn unmask(tx: &mut Tx<'_>, of: &Introduction, now: Timestamp) -> Result<(), Fault> {
    let sql = "select facts from introduction_unmask where introduction = $1";
    let Some((text,)): Option<(String,)> = tx.optional(sql, params![of.id])? else { return Ok(()) };
    let promised = PromisedGrant::parse(&text)?;
    if let Some(grant) = promised.keep(tx, of.account, of.company, now)? {
        keep_grant(tx, of.id, grant)?;
    }
    tx.execute("delete from introduction_unmask where introduction = $1", params![of.id])?;
    Ok(())
}
