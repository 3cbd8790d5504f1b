//! Vacancies in the database: what a company does to its own, and what everybody reads.

use super::draft::{Draft, Terms};
use super::shelf::Shelf;
use super::terms::{ClosedFor, State};
use crate::error::SiteError;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use jobfuture_codes::Code;
use jobfuture_db::{Clock, Db, Tx, params, record};
use jobfuture_disclosure::AsCompany;
use std::sync::Arc;
use uuid::Uuid;

/// What is said to whoever changes a vacancy that somebody else has closed.
const CLOSED: &str = "This vacancy was closed meanwhile, so nothing of it was changed. Your text stands below: keep it as a new draft, \
    or publish it as a new vacancy.";
/// Drafts and open ones that a company may have at a time.
pub(super) const MOST: i64 = 2_000;
/// Within which a vacancy of the same title and role is the same one, posted again.
const REPOST_WITHIN: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Vacancies of all companies. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Vacancies {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) shelf: Arc<Shelf>,
}

record! {
    struct Row {
        id: Uuid,
        state: String,
        draft: String,
        terms: Option<String>,
        made_at: Timestamp,
        changed_at: Timestamp,
        published_at: Option<Timestamp>,
        first_published_at: Option<Timestamp>,
        confirmed_at: Option<Timestamp>,
        closes_at: Option<Timestamp>,
        closed_at: Option<Timestamp>,
        closed_for: Option<String>,
    }
}

/// The columns of [`Row`].
const COLUMNS: &str = "v.id, v.state, v.draft, v.terms, v.made_at, v.changed_at, v.published_at, v.first_published_at,
    v.confirmed_at, v.closes_at, v.closed_at, v.closed_for";

/// A vacancy as its own company reads it.
#[derive(Debug, Clone)]
pub struct Vacancy {
    /// Which.
    pub id: Uuid,
    /// Where it stands.
    pub state: State,
    /// What was typed.
    pub draft: Draft,
    /// What is published, or was.
    pub terms: Option<Terms>,
    /// When the draft was begun.
    pub made_at: Timestamp,
    /// When it was last changed: also the version that a form was made of.
    pub changed_at: Timestamp,
    /// Since when it is open, or was.
    pub published_at: Option<Timestamp>,
    /// When the same place was first published, here.
    pub first_published_at: Option<Timestamp>,
    /// Proof of life.
    pub confirmed_at: Option<Timestamp>,
    /// When its last day is over.
    pub closes_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// What for.
    pub closed_for: Option<ClosedFor>,
}

/// A vacancy as everybody reads it: open, or closed after it was.
#[derive(Debug, Clone)]
pub struct PublicVacancy {
    /// Which.
    pub id: Uuid,
    /// Of which company.
    pub company: Uuid,
    /// What that is called.
    pub company_name: String,
    /// Its web site's domain.
    pub domain: String,
    /// What is published.
    pub terms: Terms,
    /// Since when.
    pub published_at: Timestamp,
    /// When the same place was first published, here.
    pub first_published_at: Timestamp,
    /// When the company last said that it is alive.
    pub confirmed_at: Timestamp,
    /// When its last day is over.
    pub closes_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// If it is over: since when, and what for.
    pub closed: Option<(Timestamp, Option<ClosedFor>)>,
}

record! {
    struct PublicRow { company: Uuid, company_name: String, domain: String }
}

impl TryFrom<Row> for Vacancy {
    type Error = SiteError;

    fn try_from(row: Row) -> Result<Self, SiteError> {
        let unreadable = |what: &str| SiteError::internal("a vacancy's row", &what);
        let read = |text: &str| serde_json::from_str(text).map_err(|error| unreadable(&error.to_string()));
        Ok(Self {
            id: row.id,
            state: State::parse(&row.state).ok_or_else(|| unreadable("its state is none"))?,
            draft: serde_json::from_str(&row.draft).map_err(|error| unreadable(&error.to_string()))?,
            terms: row.terms.as_deref().map(read).transpose()?,
            made_at: row.made_at,
            changed_at: row.changed_at,
            published_at: row.published_at,
            first_published_at: row.first_published_at,
            confirmed_at: row.confirmed_at,
            closes_at: row.closes_at,
            closed_at: row.closed_at,
            closed_for: row.closed_for.as_deref().and_then(ClosedFor::parse),
        })
    }
}

impl PublicVacancy {
    fn of(vacancy: Vacancy, company: PublicRow) -> Option<Self> {
        Some(Self {
            id: vacancy.id,
            company: company.company,
            company_name: company.company_name,
            domain: company.domain,
            terms: vacancy.terms?,
            published_at: vacancy.published_at?,
            first_published_at: vacancy.first_published_at?,
            confirmed_at: vacancy.confirmed_at?,
            closes_at: vacancy.closes_at?,
            changed_at: vacancy.changed_at,
            closed: vacancy.closed_at.filter(|_| vacancy.state == State::Closed).map(|at| (at, vacancy.closed_for)),
        })
    }
}

/// When a day is over, in UTC.
fn end_of(day: jiff::civil::Date) -> Result<Timestamp, SiteError> {
    let failed = |error: jiff::Error| SiteError::internal("a time", &error);
    let next = day.checked_add(1.day()).map_err(failed)?;
    Ok(next.to_zoned(TimeZone::UTC).map_err(failed)?.timestamp())
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, SiteError> {
    serde_json::to_string(value).map_err(|error| SiteError::internal("a vacancy's text", &error))
}

/// In which state a company's vacancy is, and when it was last changed.
fn own(tx: &mut Tx<'_>, company: Uuid, id: Uuid) -> Result<Option<(State, Timestamp)>, jobfuture_db::Error> {
    let sql = "select state, changed_at from vacancy where id = $1 and company = $2";
    let found: Option<(String, Timestamp)> = tx.optional(sql, params![id, company])?;
    Ok(found.and_then(|(state, changed)| Some((State::parse(&state)?, changed))))
}

impl Vacancies {
    /// On this database. Lists are empty until the first [`Self::catch_up`].
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, shelf: Arc::default() }
    }

    /// The time by which vacancies end.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Begins a draft.
    ///
    /// # Errors
    /// [`SiteError::Refused`] if the company has too many; the database's.
    pub async fn begin(&self, viewer: &AsCompany, draft: &Draft) -> Result<Uuid, SiteError> {
        self.insert(viewer, draft, None).await
    }

    async fn insert(&self, viewer: &AsCompany, draft: &Draft, repost_of: Option<Uuid>) -> Result<Uuid, SiteError> {
        let (company, now, id) = (viewer.company(), self.now(), random_id()?);
        let (title, text) = (draft.title.trim().to_owned(), json(draft)?);
        let made = self
            .db
            .transaction(move |tx| {
                let sql = "select count(*) from vacancy where company = $1 and state <> 'closed'";
                let (count,): (i64,) = tx.one(sql, params![company])?;
                if count >= MOST {
                    return Ok::<_, jobfuture_db::Error>(false);
                }
                let sql = "insert into vacancy (id, company, state, title, draft, made_at, changed_at, repost_of)
                           values ($1, $2, 'draft', $3, $4, $5, $5, $6)";
                tx.execute(sql, params![id, company, title, text, now, repost_of])?;
                Ok(true)
            })
            .await?;
        let too_many = || SiteError::Refused(format!("There are {MOST} drafts and open vacancies. Close some first."));
        made.then_some(id).ok_or_else(too_many)
    }

    /// Keeps a changed text. `version` is [`Vacancy::changed_at`] of what was shown; `terms` are there if the text can be
    /// published, which that of an open vacancy must.
    ///
    /// # Errors
    /// [`SiteError::Refused`] if it was changed meanwhile, is closed, or is open and cannot be published; the database's.
    /// `None` if the company has no such vacancy.
    pub async fn keep(
        &self,
        viewer: &AsCompany,
        id: Uuid,
        version: Timestamp,
        draft: &Draft,
        terms: Option<&Terms>,
    ) -> Result<Option<()>, SiteError> {
        let (company, now) = (viewer.company(), self.now());
        let (title, text) = (draft.title.trim().to_owned(), json(draft)?);
        let published = terms.map(Published::of).transpose()?;
        let kept = self.db.transaction(move |tx| {
            let Some((state, changed_at)) = own(tx, company, id)? else { return Ok(None) };
            if state == State::Closed {
                return Err(refused(CLOSED));
            }
            if changed_at != version {
                return Err(refused("Somebody changed this vacancy while you did. Their text is kept; yours stands below. Open the vacancy in another tab to compare."));
            }
            match (state, &published) {
(State::Closed, _) => Err(refused(CLOSED)),
                (State::Open, None) => Err(refused("An open vacancy is changed only to what can be published.")),
                (State::Draft, _) => {
                    let sql = "update vacancy set title = $2, draft = $3, changed_at = $4 where id = $1";
                    tx.execute(sql, params![id, title, text, now])?;
                    Ok(Some(()))
                }
                (State::Open, Some(published)) => {
                    let sql = "update vacancy set title = $2, draft = $3, terms = $4, role = $5, level = $6,
                                 closes_at = $7, changed_at = $8, confirmed_at = $8 where id = $1";
                    let Published { terms, role, level, closes_at } = published;
                    tx.execute(sql, params![id, title, text, terms, role, level, closes_at, now])?;
                    Ok(Some(()))
                }
            }
        });
        kept.await
    }

    /// Publishes a draft. A vacancy of the same title and role that the company closed lately is taken for the same place.
    ///
    /// # Errors
    /// [`SiteError::Refused`] if the company is not verified (any more) or it is no draft; the database's. `None` if the
    /// company has no such vacancy.
    pub async fn publish(&self, viewer: &AsCompany, id: Uuid, terms: &Terms) -> Result<Option<()>, SiteError> {
        let (company, now, title) = (viewer.company(), self.now(), terms.title.clone());
        let Published { terms, role, level, closes_at } = Published::of(terms)?;
        let since = now.checked_sub(REPOST_WITHIN).map_err(|error| SiteError::internal("a time", &error))?;
        let done = self.db.transaction(move |tx| {
            let Some((state, _)) = own(tx, company, id)? else { return Ok(None) };
            if state != State::Draft {
                return Err(refused("Only a draft can be published."));
            }
            let sql = "select 1 as found from company where id = $1 and verified_at is not null and verified_until > $2";
            let verified: Option<(i64,)> = tx.optional(sql, params![company, now])?;
            if verified.is_none() {
                return Err(refused("Only verified companies publish. Your draft is kept; see what is missing on the company's page."));
            }
            let sql = "select old.id, old.first_published_at from vacancy new_one join vacancy old on old.company = new_one.company
                       where new_one.id = $1 and old.first_published_at is not null and old.state = 'closed'
                         and (old.id = new_one.repost_of or (old.role = $2 and lower(old.title) = lower($3) and old.closed_at > $4))
                       order by old.closed_at desc limit 1";
            let old: Option<(Uuid, Timestamp)> = tx.optional(sql, params![id, role, title, since])?;
            let (repost_of, first) = old.map_or((None, now), |(old, first)| (Some(old), first));
            let sql = "update vacancy set state = 'open', title = $2, terms = $3, role = $4, level = $5, closes_at = $6,
                         published_at = $7, confirmed_at = $7, changed_at = $7, first_published_at = $8, repost_of = $9
                       where id = $1";
            tx.execute(sql, params![id, title, terms, role, level, closes_at, now, first, repost_of])?;
            Ok(Some(()))
        });
        done.await
    }

    /// Somebody of the company says that an open vacancy is alive. Says whether there is such a one.
    ///
    /// # Errors
    /// The database's.
    pub async fn confirm(&self, viewer: &AsCompany, id: Uuid) -> Result<bool, SiteError> {
        let sql =
            "update vacancy set confirmed_at = $3, changed_at = $3 where id = $1 and company = $2 and state = 'open'";
        Ok(self.db.execute(sql, params![id, viewer.company(), self.now()]).await? > 0)
    }

    /// Closes an open vacancy. Says whether there was such a one.
    ///
    /// # Errors
    /// The database's.
    pub async fn close(&self, viewer: &AsCompany, id: Uuid, why: ClosedFor) -> Result<bool, SiteError> {
        let sql = "update vacancy set state = 'closed', closed_at = $3, changed_at = $3, closed_for = $4
                   where id = $1 and company = $2 and state = 'open'";
        Ok(self.db.execute(sql, params![id, viewer.company(), self.now(), why.id()]).await? > 0)
    }

    /// Deletes a draft. Says whether there was such a one.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_draft(&self, viewer: &AsCompany, id: Uuid) -> Result<bool, SiteError> {
        let sql = "delete from vacancy where id = $1 and company = $2 and state = 'draft'";
        Ok(self.db.execute(sql, params![id, viewer.company()]).await? > 0)
    }

    /// Begins a draft with the text of a closed vacancy, linked to it.
    ///
    /// # Errors
    /// As [`Self::begin`]. `None` if the company has no such closed vacancy.
    pub async fn post_again(&self, viewer: &AsCompany, id: Uuid) -> Result<Option<Uuid>, SiteError> {
        let Some(old) = self.own(viewer, id).await? else { return Ok(None) };
        if old.state != State::Closed {
            return Ok(None);
        }
        let draft = Draft { closes_on: String::new(), ..old.draft };
        self.insert(viewer, &draft, Some(id)).await.map(Some)
    }

    /// A company's vacancies, those that wait for something first.
    ///
    /// # Errors
    /// The database's.
    pub async fn all_of(&self, viewer: &AsCompany) -> Result<Vec<Vacancy>, SiteError> {
        let sql = format!(
            "select {COLUMNS} from vacancy v where v.company = $1
             order by case v.state when 'open' then 0 when 'draft' then 1 else 2 end, v.changed_at desc, v.id limit 4000"
        );
        let rows: Vec<Row> = self.db.all(&sql, params![viewer.company()]).await?;
        rows.into_iter().map(Vacancy::try_from).collect()
    }

    /// One of a company's vacancies.
    ///
    /// # Errors
    /// The database's.
    pub async fn own(&self, viewer: &AsCompany, id: Uuid) -> Result<Option<Vacancy>, SiteError> {
        let sql = format!("select {COLUMNS} from vacancy v where v.id = $1 and v.company = $2");
        let row: Option<Row> = self.db.optional(&sql, params![id, viewer.company()]).await?;
        row.map(Vacancy::try_from).transpose()
    }

    /// One that is open, or was, for everybody. An open one of a company that is not verified is not shown.
    ///
    /// # Errors
    /// The database's.
    pub async fn public(&self, id: Uuid) -> Result<Option<PublicVacancy>, SiteError> {
        let sql = format!("select {COLUMNS} from vacancy v where v.id = $1 and v.published_at is not null");
        let Some(row): Option<Row> = self.db.optional(&sql, params![id]).await? else { return Ok(None) };
        let sql = "select c.id as company, c.name as company_name, c.domain from vacancy v
                   join company c on c.id = v.company
                   where v.id = $1 and (v.state = 'closed' or (c.verified_at is not null and c.verified_until > $2))";
        let company: Option<PublicRow> = self.db.optional(sql, params![id, self.now()]).await?;
        let Some(company) = company else { return Ok(None) };
        Ok(PublicVacancy::of(Vacancy::try_from(row)?, company))
    }
}

/// What is written when something is published.
pub(super) struct Published {
    pub(super) terms: String,
    pub(super) role: String,
    pub(super) level: String,
    pub(super) closes_at: Timestamp,
}

impl Published {
    pub(super) fn of(terms: &Terms) -> Result<Self, SiteError> {
        let (role, level) = (terms.role.clone(), terms.level.clone());
        Ok(Self { terms: json(terms)?, role, level, closes_at: end_of(terms.closes_on)? })
    }
}

fn refused(says: &str) -> SiteError {
    SiteError::Refused(says.to_owned())
}

/// Says nothing of when it was made.
pub(crate) fn random_id() -> Result<Uuid, SiteError> {
    let token = crate::account::Token::random().map_err(|error| SiteError::internal("randomness", &error))?;
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&token.hash()[..16]);
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
