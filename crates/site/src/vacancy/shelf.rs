//! Open vacancies in memory: what lists, searches and counts read. It follows the database, so that each process has the same,
//! and nothing leans on it for what is true: a vacancy's own page asks the database.

use super::draft::Terms;
use super::market::{Market, Markets};
use super::store::Vacancies;
use super::terms::Remote;
use crate::error::SiteError;
use arc_swap::ArcSwap;
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{Value, params, record};
use jobfuture_vacancy_search::{Answer, Change, Document, Index, Query};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// By how much the clocks of processes may differ, and a transaction take, before a change is found only by the next
/// [`Vacancies::reconcile`].
const OVERLAP: SignedDuration = SignedDuration::from_secs(120);
/// Rows that are read at a time.
const PORTION: usize = 500;
/// After which counts are made again, where there are many vacancies.
const RECOUNT: Duration = Duration::from_secs(5);
/// Vacancies up to which counts are made again at each change.
const FEW: usize = 5_000;

/// An open vacancy, as far as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Which.
    pub id: Uuid,
    /// Of which company.
    pub company: Uuid,
    /// What that is called.
    pub company_name: String,
    /// Its web site's domain.
    pub domain: String,
    /// What is published, without its long texts.
    pub terms: Terms,
    /// Since when.
    pub published_at: Timestamp,
    /// When the same place was first published, here.
    pub first_published_at: Timestamp,
    /// When the company last said that it is alive.
    pub confirmed_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// When its last day, or the company's verification, is over.
    pub until: Timestamp,
}

record! {
    struct Row {
        id: Uuid,
        company: Uuid,
        state: String,
        terms: Option<String>,
        published_at: Option<Timestamp>,
        first_published_at: Option<Timestamp>,
        confirmed_at: Option<Timestamp>,
        closes_at: Option<Timestamp>,
        changed_at: Timestamp,
    }
}

record! {
    #[derive(Clone, PartialEq)]
    struct CompanyRow { id: Uuid, name: String, domain: String, verified_until: Timestamp }
}

/// What is known of the database, and how far.
#[derive(Debug, Default)]
struct Followed {
    /// The latest change that was seen.
    position: Option<Timestamp>,
    companies: HashMap<Uuid, CompanyRow>,
    of_company: HashMap<Uuid, BTreeSet<Uuid>>,
    /// What of a row was taken in, so that a row that is read again is not indexed again.
    taken: HashMap<Uuid, u64>,
    counted: Option<Instant>,
    /// Whether something changed since.
    is_uncounted: bool,
}

impl std::fmt::Debug for CompanyRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CompanyRow").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The shelf of one process.
#[derive(Default)]
pub(super) struct Shelf {
    index: OnceLock<Index>,
    listed: RwLock<HashMap<Uuid, Arc<Listed>>>,
    markets: ArcSwap<Markets>,
    followed: tokio::sync::Mutex<Followed>,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

fn search_failed(error: &jobfuture_vacancy_search::Error) -> SiteError {
    SiteError::internal("the search of vacancies", error)
}

impl Shelf {
    /// The index, made when it is first needed.
    fn index(&self) -> Result<&Index, SiteError> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let made = Index::new().map_err(|error| search_failed(&error))?;
        Ok(self.index.get_or_init(|| made))
    }

    fn get(&self, id: Uuid) -> Option<Arc<Listed>> {
        self.listed.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }
}

impl Vacancies {
    /// Looks for open vacancies, and gives those of the page besides the answer.
    ///
    /// # Errors
    /// The index's.
    pub fn search(&self, query: &Query) -> Result<(Answer, Vec<Arc<Listed>>), SiteError> {
        let answer = self.shelf.index()?.search(query).map_err(|error| search_failed(&error))?;
        let now = self.now();
        let listed = answer.ids.iter().filter_map(|id| self.shelf.get(*id)).filter(|one| one.until > now);
        let listed = listed.collect();
        Ok((answer, listed))
    }

    /// Every open vacancy, the latest first, a page of them and how many there are.
    ///
    /// # Errors
    /// The index's.
    pub fn page(&self, offset: usize, limit: usize) -> Result<(usize, Vec<Arc<Listed>>), SiteError> {
        let query = Query { offset, limit, facet_limit: 0, ..Query::default() };
        let (answer, listed) = self.search(&query)?;
        Ok((answer.total, listed))
    }

    /// Open vacancies of a company, the latest first.
    ///
    /// # Errors
    /// The index's.
    pub fn of_company(&self, company: Uuid) -> Result<Vec<Arc<Listed>>, SiteError> {
        let query = Query { companies: vec![company], limit: 200, facet_limit: 0, ..Query::default() };
        Ok(self.search(&query)?.1)
    }

    /// What open vacancies say of a role; nothing if there are none.
    pub fn market(&self, role: &str) -> Option<Arc<Market>> {
        self.shelf.markets.load().get(role).cloned()
    }

    /// Takes in what changed. Called after each change of one's own, and every few seconds for those of other processes.
    ///
    /// # Errors
    /// The database's; the index's.
    pub async fn catch_up(&self) -> Result<(), SiteError> {
        let mut followed = self.shelf.followed.lock().await;
        let Some(position) = followed.position else { return self.reconcile_all(&mut followed).await };
        let since = position.checked_sub(OVERLAP).map_err(|error| SiteError::internal("a time", &error))?;
        let sql = "select id, changed_at from vacancy where changed_at >= $1 and state <> 'draft'";
        let changed: Vec<(Uuid, Timestamp)> = self.db.all(sql, params![since]).await?;
        followed.position = changed.iter().map(|(_, at)| *at).max().max(Some(position));
        let mut ids: BTreeSet<Uuid> = changed.into_iter().map(|(id, _)| id).collect();
        for company in self.follow_companies(&mut followed).await? {
            ids.extend(followed.of_company.get(&company).into_iter().flatten());
            let sql = "select id from vacancy where company = $1 and state = 'open'";
            let open: Vec<(Uuid,)> = self.db.all(sql, params![company]).await?;
            ids.extend(open.into_iter().map(|(id,)| id));
        }
        self.refresh(&mut followed, ids).await
    }

    /// Compares all that is open with all that is known: for what no [`Self::catch_up`] could see.
    ///
    /// # Errors
    /// The database's; the index's.
    pub async fn reconcile(&self) -> Result<(), SiteError> {
        let mut followed = self.shelf.followed.lock().await;
        self.reconcile_all(&mut followed).await
    }

    async fn reconcile_all(&self, followed: &mut Followed) -> Result<(), SiteError> {
        self.follow_companies(followed).await?;
        let sql = "select id, changed_at from vacancy where state = 'open'";
        let open: Vec<(Uuid, Timestamp)> = self.db.all(sql, &[]).await?;
        let last = open.iter().map(|(_, at)| *at).max();
        let known: Vec<Uuid> = followed.taken.keys().copied().collect();
        let ids = open.into_iter().map(|(id, _)| id).chain(known).collect();
        self.refresh(followed, ids).await?;
        followed.position = last.max(followed.position).or(Some(Timestamp::UNIX_EPOCH));
        Ok(())
    }

    /// Reads which companies are verified; gives those of which that, or what they are called, changed.
    async fn follow_companies(&self, followed: &mut Followed) -> Result<Vec<Uuid>, SiteError> {
        let sql = "select id, name, domain, verified_until from company
                   where verified_at is not null and verified_until > $1";
        let rows: Vec<CompanyRow> = self.db.all(sql, params![self.now()]).await?;
        let now: HashMap<Uuid, CompanyRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let before = std::mem::replace(&mut followed.companies, now);
        let after = &followed.companies;
        let new = after.iter().filter(|(id, row)| before.get(id) != Some(row)).map(|(id, _)| *id);
        let gone = before.keys().filter(|id| !after.contains_key(id)).copied();
        Ok(new.chain(gone).collect())
    }

    /// Reads these again and takes in what is different.
    async fn refresh(&self, followed: &mut Followed, ids: BTreeSet<Uuid>) -> Result<(), SiteError> {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        for portion in ids.chunks(PORTION) {
            let rows = self.rows(portion).await?;
            followed.is_uncounted |= self.take(followed, portion, rows)?;
        }
        let is_due = followed.counted.is_none_or(|counted| counted.elapsed() > RECOUNT);
        let listed = self.shelf.listed.read().unwrap_or_else(PoisonError::into_inner);
        if followed.is_uncounted && (is_due || listed.len() <= FEW) {
            self.shelf.markets.store(Arc::new(Markets::count(listed.values(), self.now())));
            followed.counted = Some(Instant::now());
            followed.is_uncounted = false;
        }
        Ok(())
    }

    async fn rows(&self, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Row>, SiteError> {
        let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "select id, company, state, terms, published_at, first_published_at, confirmed_at, closes_at, changed_at
             from vacancy where id in ({})",
            places.join(", ")
        );
        let params: Vec<Value<'_>> = ids.iter().map(jobfuture_db::ToValue::to_value).collect();
        let rows: Vec<Row> = self.db.all(&sql, &params).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// Says whether anything was different.
    fn take(&self, followed: &mut Followed, ids: &[Uuid], mut rows: BTreeMap<Uuid, Row>) -> Result<bool, SiteError> {
        let mut changes = Vec::new();
        let mut shown = Vec::new();
        for id in ids {
            let open = rows.remove(id).filter(|row| row.state == "open");
            let company = open.as_ref().and_then(|row| followed.companies.get(&row.company)).cloned();
            let (Some(row), Some(company)) = (open, company) else {
                if followed.taken.remove(id).is_some() {
                    changes.push(Change::Remove(*id));
                    shown.push((*id, None));
                }
                continue;
            };
            let digest = digest(&row, &company);
            if followed.taken.get(id) == Some(&digest) {
                continue;
            }
            let (listed, document) = listed(row, company)?;
            followed.taken.insert(*id, digest);
            followed.of_company.entry(listed.company).or_default().insert(*id);
            changes.push(Change::Upsert(document));
            shown.push((*id, Some(Arc::new(listed))));
        }
        if changes.is_empty() {
            return Ok(false);
        }
        self.shelf.index()?.apply(changes).map_err(|error| search_failed(&error))?;
        let mut all = self.shelf.listed.write().unwrap_or_else(PoisonError::into_inner);
        for (id, listed) in shown {
            match listed {
                Some(listed) => drop(all.insert(id, listed)),
                None => drop(all.remove(&id)),
            }
        }
        Ok(true)
    }
}

fn digest(row: &Row, company: &CompanyRow) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (&row.terms, row.changed_at, row.confirmed_at, row.published_at).hash(&mut hasher);
    (&company.name, &company.domain, company.verified_until).hash(&mut hasher);
    hasher.finish()
}

/// What lists show, and what is searched.
fn listed(row: Row, company: CompanyRow) -> Result<(Listed, Document), SiteError> {
    let broken = |why: &str| SiteError::internal("an open vacancy's row", &why);
    let terms = row.terms.ok_or_else(|| broken("it has no terms"))?;
    let mut terms: Terms = serde_json::from_str(&terms).map_err(|error| broken(&error.to_string()))?;
    let text = format!("{}\n{}", std::mem::take(&mut terms.description), std::mem::take(&mut terms.process));
    let at = |time: Option<Timestamp>| time.ok_or_else(|| broken("it was never published"));
    let listed = Listed {
        id: row.id,
        company: row.company,
        company_name: company.name,
        domain: company.domain,
        published_at: at(row.published_at)?,
        first_published_at: at(row.first_published_at)?,
        confirmed_at: at(row.confirmed_at)?,
        changed_at: row.changed_at,
        until: at(row.closes_at)?.min(company.verified_until),
        terms,
    };
    let document = document(&listed, text);
    Ok((listed, document))
}

fn document(listed: &Listed, text: String) -> Document {
    let terms = &listed.terms;
    let (pay_min, pay_max) = terms.pay.yearly();
    let zones = terms.zones.map(|(from, to)| (from..=to).map(|hours| hours.to_string()).collect());
    Document {
        id: listed.id,
        title: terms.title.clone(),
        company_name: listed.company_name.clone(),
        company: listed.company,
        text,
        role: terms.role.clone(),
        level: terms.level.clone(),
        competencies: terms.must.iter().chain(&terms.nice).cloned().collect(),
        remote: match terms.remote {
            Remote::Onsite => jobfuture_vacancy_search::Remote::Onsite,
            Remote::Hybrid => jobfuture_vacancy_search::Remote::Hybrid,
            Remote::Remote => jobfuture_vacancy_search::Remote::Remote,
        },
        zones: zones.unwrap_or_default(),
        countries: terms.countries.clone(),
        city: Some(terms.city.clone()).filter(|city| !city.is_empty()),
        employment: terms.employment.id().to_owned(),
        pay_min,
        pay_max,
        currency: terms.pay.currency().to_owned(),
        // Of the place, not of this posting of it: what is posted again is not made to look new.
        published_at: listed.first_published_at.as_second(),
        confirmed_at: listed.confirmed_at.as_second(),
    }
}
