//! The view log: who saw which of somebody's facts, when, through what. It is the candidate's, and complete because the door
//! writes it.

use crate::{AsCompany, Disclosure, Error, Field, OwnerKey, Seen};
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{params, record};
use uuid::Uuid;

/// The same look within this time is one line of the log, with how often it was taken.
const ONE_LINE: SignedDuration = SignedDuration::from_mins(60);

/// Who looked, and how.
#[derive(Clone)]
pub(crate) struct Through {
    company: Option<(Uuid, String)>,
    grant: Option<Uuid>,
    way: &'static str,
}

impl Through {
    pub fn page(viewer: &AsCompany) -> Self {
        Self::company(viewer, "page")
    }

    pub fn list(viewer: &AsCompany) -> Self {
        Self::company(viewer, "list")
    }

    pub fn search(viewer: &AsCompany) -> Self {
        Self::company(viewer, "search")
    }

    pub fn interview(viewer: &AsCompany) -> Self {
        Self::company(viewer, "interview")
    }

    pub fn credential(viewer: &AsCompany) -> Self {
        Self::company(viewer, "credential")
    }

    pub fn link(grant: Uuid) -> Self {
        Self { company: None, grant: Some(grant), way: "page" }
    }

    fn company(viewer: &AsCompany, way: &'static str) -> Self {
        Self { company: Some((viewer.company, viewer.name.clone())), grant: None, way }
    }
}

record! {
    struct ViewRow {
        id: Uuid,
        company_name: Option<String>,
        grant_id: Option<Uuid>,
        through: String,
        facts: String,
        first_at: Timestamp,
        last_at: Timestamp,
        times: i64,
        told_at: Option<Timestamp>,
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewEntry {
    /// Which company; nothing for the bearer of a link.
    pub company: Option<String>,
    /// Which grant's link.
    pub grant: Option<Uuid>,
    /// `page`, `list`, `search`, `interview` or `credential`.
    pub through: String,
    /// Which fields.
    pub fields: Vec<Field>,
    /// Which signals.
    pub signals: Vec<Uuid>,
    /// When it began, and when it was last seen so.
    pub first_at: Timestamp,
    /// When it was last seen so.
    pub last_at: Timestamp,
    /// How often.
    pub times: i64,
    /// Whether its owner has not looked at it yet.
    pub is_new: bool,
}

impl Disclosure {
    pub(crate) async fn log(&self, account: Uuid, through: Through, seen: &Seen) -> Result<(), Error> {
        self.log_lines(vec![(account, facts_of(seen)?)], through).await
    }

    /// The same for several candidates, in one transaction.
    pub(crate) async fn log_all(&self, seen: &[(Uuid, Seen)], through: Through) -> Result<(), Error> {
        let lines = seen.iter().map(|(account, seen)| Ok((*account, facts_of(seen)?)));
        let lines = lines.collect::<Result<Vec<_>, Error>>()?;
        if lines.is_empty() { Ok(()) } else { self.log_lines(lines, through).await }
    }

    async fn log_lines(&self, lines: Vec<(Uuid, String)>, through: Through) -> Result<(), Error> {
        let now = self.now();
        let since = now.checked_sub(ONE_LINE).unwrap_or(now);
        let lines = lines.into_iter().map(|(account, facts)| Ok((self.randomness().id()?, account, facts)));
        let lines = lines.collect::<Result<Vec<_>, Error>>()?;
        let Through { company, grant, way } = through;
        let (company, name) = company.unzip();
        self.db()
            .transaction(move |tx| {
                for (id, account, facts) in &lines {
                    let same = "update disclosure_view set last_at = $6, times = times + 1, told_at = null where id = (
                           select id from disclosure_view where account = $1 and through = $2 and facts = $3
                             and (company = $4 or company is null and $4 is null)
                             and (grant_id = $5 or grant_id is null and $5 is null) and first_at > $7
                           order by first_at desc, id limit 1)";
                    if tx.execute(same, params![account, way, facts, company, grant, now, since])? == 0 {
                        tx.execute(
                            "insert into disclosure_view (id, account, company, company_name, grant_id, through, facts,
                               first_at, last_at, times)
                             values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1)",
                            params![id, account, company, name, grant, way, facts, now],
                        )?;
                    }
                }
                Ok::<_, Error>(())
            })
            .await
    }

    /// The latest of a person's log, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn views(&self, me: OwnerKey, most: i64) -> Result<Vec<ViewEntry>, Error> {
        let sql =
            "select id, company_name, grant_id, through, facts, first_at, last_at, times, told_at from disclosure_view
                   where account = $1 order by last_at desc, id limit $2";
        let rows: Vec<ViewRow> = self.db().all(sql, params![me.uuid(), most]).await?;
        let entries = rows.into_iter().map(|row| {
            let facts: Vec<String> = serde_json::from_str(&row.facts).map_err(|_| Error::Row("a view"))?;
            let signals = facts.iter().filter_map(|fact| fact.strip_prefix("signal ")?.parse().ok());
            Ok(ViewEntry {
                company: row.company_name,
                grant: row.grant_id,
                through: row.through,
                fields: facts.iter().filter_map(|fact| Field::parse(fact)).collect(),
                signals: signals.collect(),
                first_at: row.first_at,
                last_at: row.last_at,
                times: row.times,
                is_new: row.told_at.is_none(),
            })
        });
        entries.collect()
    }

    /// How many lines of their log a person has not looked at yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn new_views(&self, me: OwnerKey) -> Result<i64, Error> {
        let sql = "select count(*) from disclosure_view where account = $1 and told_at is null";
        let (count,): (i64,) = self.db().one(sql, params![me.uuid()]).await?;
        Ok(count)
    }

    /// Its owner was shown these lines of the log.
    ///
    /// # Errors
    /// The database's.
    pub async fn views_were_told(&self, me: OwnerKey, shown: &[ViewEntry]) -> Result<(), Error> {
        let times = || shown.iter().map(|entry| entry.last_at);
        let (Some(first), Some(last)) = (times().min(), times().max()) else { return Ok(()) };
        let sql = "update disclosure_view set told_at = $2
                   where account = $1 and told_at is null and last_at >= $3 and last_at <= $4";
        self.db().execute(sql, params![me.uuid(), self.now(), first, last]).await?;
        Ok(())
    }
}

/// What was shown, as the log has it.
fn facts_of(seen: &Seen) -> Result<String, Error> {
    serde_json::to_string(&seen.facts()).map_err(|_| Error::Row("a view"))
}
