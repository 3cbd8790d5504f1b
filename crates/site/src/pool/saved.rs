//! `/companies/{company}/pool/searches`: searches of the pool of which somebody of a company wants to hear. The letters say how many are
//! new and nothing about anybody. New is who was never found by this search before: who changes something is not new again.

use super::CandidatePool;
use super::asked::Asked;
use super::search::{about_step, viewer_of};
use super::words;
use crate::account::{EmailAddress, Letter};
use crate::company::{ForCompany, company_page, home_step};
use crate::error::{Missing, SiteError, id_in};
use crate::page::{NextSteps, Step, day, render, see};
use crate::practice::Form;
use crate::profile::words_of;
use crate::routes::{CompanyHomeUrl, CompanyPoolUrl, PoolSearchDeleteUrl, PoolSearchesUrl};
use crate::site::Site;
use crate::vacancy::random_id;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{Tx, params, record};
use jobfuture_disclosure::{Act, AsCompany, OwnerKey};
use jobfuture_pool::{Query, Viewer};
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Searches that one person may save for a company.
const MOST: i64 = 20;
/// A search that finds more is not followed: every day would bring a letter, and none would say anything.
const MOST_FOUND: usize = 1_000;
/// Between two letters of one search.
const BETWEEN: SignedDuration = SignedDuration::from_hours(24);
/// Searches that are read at a time.
const PORTION: i64 = 200;

record! {
    /// A saved search of the pool, for whoever saved it.
    #[derive(Debug, Clone)]
    pub struct PoolSearch {
        /// Which.
        pub id: Uuid,
        /// For which company.
        pub company: Uuid,
        /// The query part of its address.
        pub query: String,
        /// When it was saved.
        pub made_at: Timestamp,
    }
}

record! {
    struct DueSearch {
        id: Uuid,
        company: Uuid,
        company_name: String,
        query: String,
        told_at: Timestamp,
        email: String,
    }
}

impl CandidatePool {
    /// All whom a search finds; nothing if they are too many to be followed, or the pool is not there yet.
    async fn all_found(&self, eyes: &Viewer, query: Query) -> Result<Option<Vec<Uuid>>, SiteError> {
        let bare = Query { offset: 0, limit: MOST_FOUND + 1, facet_limit: 0, ..query };
        let Some(answer) = self.search(eyes, &bare).await? else { return Ok(None) };
        let is_followed = answer.total <= MOST_FOUND;
        Ok(is_followed.then(|| answer.found.into_iter().map(|found| found.candidate).collect()))
    }

    /// Saves a search for somebody who acts for a company; whom it finds now is not new any more. One that is saved already stays as it
    /// is.
    async fn save(
        &self,
        viewer: &AsCompany,
        me: OwnerKey,
        asked: &Asked,
        found: Vec<Uuid>,
    ) -> Result<Result<(), String>, SiteError> {
        let (id, now, company, account, query) =
            (random_id()?, self.now(), viewer.company(), me.uuid(), asked.to_query());
        let saved = self
            .db()
            .transaction(move |tx| {
                let sql = "select query from pool_search where company = $1 and account = $2";
                let saved: Vec<(String,)> = tx.all(sql, params![company, account])?;
                if saved.iter().any(|(saved,)| *saved == query) {
                    return Ok::<_, jobfuture_db::Error>(true);
                }
                if saved.len() as i64 >= MOST {
                    return Ok(false);
                }
                let sql = "insert into pool_search (id, company, account, query, made_at, told_at)
                           values ($1, $2, $3, $4, $5, $5)";
                tx.execute(sql, params![id, company, account, query, now])?;
                tell(tx, id, &found)?;
                Ok(true)
            })
            .await?;
        let says =
            || format!("You have saved {MOST} searches for this company, the most there may be. Delete one first.");
        Ok(if saved { Ok(()) } else { Err(says()) })
    }

    /// Somebody's saved searches, the latest first; for one company, or for all.
    ///
    /// # Errors
    /// The database's.
    pub async fn saved(&self, me: OwnerKey) -> Result<Vec<PoolSearch>, SiteError> {
        let sql = "select id, company, query, made_at from pool_search where account = $1 order by made_at desc, id";
        Ok(self.db().all(sql, params![me.uuid()]).await?)
    }

    async fn forget(&self, viewer: &AsCompany, me: OwnerKey, id: Uuid) -> Result<bool, SiteError> {
        let sql = "delete from pool_search where id = $1 and company = $2 and account = $3";
        Ok(self.db().execute(sql, params![id, viewer.company(), me.uuid()]).await? > 0)
    }

    /// Writes letters about new candidates, at most one a day for each search, to people who still see candidates for a company that is
    /// verified. Gives how many were written. `site` is the address that letters link to, if there is one.
    ///
    /// # Errors
    /// The databases'.
    pub(crate) async fn write_letters(&self, site: Option<&str>) -> Result<usize, SiteError> {
        let now = self.now();
        let before = now.checked_sub(BETWEEN).map_err(|error| SiteError::internal("a time", &error))?;
        let roles: Vec<String> = Act::Candidates.roles().iter().map(|role| format!("'{}'", role.id())).collect();
        let sql = format!(
            "select s.id, s.company, c.name as company_name, s.query, s.told_at, a.email from pool_search s
             join company_member m on m.company = s.company and m.account = s.account and m.role in ({})
             join company c on c.id = s.company and c.verified_at is not null and c.verified_until > $2
             join account a on a.id = s.account and a.leaves_at is null
             where s.told_at <= $1 and s.id > $3 order by s.id limit $4",
            roles.join(", ")
        );
        let (mut written, mut after) = (0, Uuid::nil());
        loop {
            let due: Vec<DueSearch> = self.db().all(&sql, params![before, now, after, PORTION]).await?;
            let Some(last) = due.last() else { return Ok(written) };
            after = last.id;
            for search in due {
                written += usize::from(self.write_about(search, site.unwrap_or_default(), now).await?);
            }
        }
    }

    /// Says whether a letter was written: of two processes one does.
    async fn write_about(&self, search: DueSearch, site: &str, now: Timestamp) -> Result<bool, SiteError> {
        let roles: Vec<(String,)> =
            self.db().all("select role from company_focus where company = $1", params![search.company]).await?;
        let eyes = Viewer::new(search.company, roles.into_iter().map(|(role,)| role));
        // What cannot be asked any more finds nobody.
        let Ok(query) = Asked::read(&search.query)?.query(now, self.lowest_level()) else { return Ok(false) };
        let Some(mut new) = self.all_found(&eyes, query).await? else { return Ok(false) };
        let told: Vec<(Uuid,)> =
            self.db().all("select account from pool_search_told where search = $1", params![search.id]).await?;
        let told: BTreeSet<Uuid> = told.into_iter().map(|(account,)| account).collect();
        new.retain(|account| !told.contains(account));
        let (false, Ok(to)) = (new.is_empty(), EmailAddress::parse(&search.email)) else { return Ok(false) };
        let body = letter_text(&search, new.len(), site);
        let letter = Letter { to, subject: "New candidates for a search of yours".to_owned(), body };
        self.db()
            .transaction(move |tx| {
                let sql = "update pool_search set told_at = $3 where id = $1 and told_at = $2";
                if tx.execute(sql, params![search.id, search.told_at, now])? == 0 {
                    return Ok(false);
                }
                tell(tx, search.id, &new)?;
                letter.write(tx, now)?;
                Ok::<_, SiteError>(true)
            })
            .await
    }
}

/// Remembers that a search has told of these.
fn tell(tx: &mut Tx<'_>, search: Uuid, found: &[Uuid]) -> Result<(), jobfuture_db::Error> {
    for account in found {
        // Somebody may have gone since.
        let sql = "insert into pool_search_told (search, account) select s.id, a.id from pool_search s, account a
                   where s.id = $1 and a.id = $2 on conflict (search, account) do nothing";
        tx.execute_later(sql, params![search, account])?;
    }
    Ok(())
}

/// How many, and where: nothing of anybody.
fn letter_text(search: &DueSearch, new: usize, site: &str) -> String {
    let company = search.company.to_string();
    let url = CompanyPoolUrl { company: &company }.to_url();
    let url = if search.query.is_empty() { url } else { format!("{url}?{}", search.query) };
    let (name, all) = (&search.company_name, PoolSearchesUrl { company: &company }.to_url());
    let who = if new == 1 { "One candidate is".to_owned() } else { format!("{new} candidates are") };
    format!(
        "{who} new for a search that you saved for {name}.\n\nWhat they opened to your company stands on the page, and only as long as \
         they like:\n{site}{url}\n\nTo have no more of these letters, delete the search:\n{site}{all}\n"
    )
}

#[derive(Template)]
#[template(path = "pool/saved.html")]
struct Saved<'a> {
    viewer: &'a AsCompany,
    home_url: String,
    pool_url: String,
    searches: Vec<Line>,
    wrong: Option<String>,
    sends_mail: bool,
    most: i64,
}

struct Line {
    words: String,
    url: String,
    made: String,
    delete_url: String,
}

/// Which search.
#[derive(Deserialize)]
pub(crate) struct Which {
    search: String,
}

fn all_url(viewer: &AsCompany) -> String {
    PoolSearchesUrl { company: &viewer.company().to_string() }.to_url()
}

/// `GET /companies/{company}/pool/searches`
pub(crate) async fn saved(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    show(&site, &company, None).await
}

async fn show(site: &Site, company: &ForCompany, wrong: Option<String>) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Candidates)?;
    let id = viewer.company().to_string();
    let words = words_of(site.library());
    let pool_url = CompanyPoolUrl { company: &id }.to_url();
    let mut searches = Vec::new();
    let all = site.pool().saved(company.session().owner().key()).await?;
    for search in all.into_iter().filter(|search| search.company == viewer.company()) {
        searches.push(Line {
            words: words::of_search(&Asked::read(&search.query)?, &words),
            url: if search.query.is_empty() { pool_url.clone() } else { format!("{pool_url}?{}", search.query) },
            made: day(search.made_at),
            delete_url: PoolSearchDeleteUrl { company: &id, search: &search.id.to_string() }.to_url(),
        });
    }
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = render(&Saved {
        viewer,
        home_url: CompanyHomeUrl { company: &id }.to_url(),
        pool_url: pool_url.clone(),
        searches,
        wrong,
        sends_mail: site.config().sends_mail,
        most: MOST,
    })?;
    let next = NextSteps::new(Step::new(pool_url, "Search the pool", "By what candidates opened to your company."))
        .and(about_step())
        .and(home_step(viewer));
    company_page("Your searches of the pool", main, next).answer_private(site, status)
}

/// `POST /companies/{company}/pool/searches`
pub(crate) async fn save(State(site): State<Site>, company: ForCompany, sent: Form) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Candidates)?;
    let asked = Asked { page: 1, ..Asked::read(&sent.text("query")?.unwrap_or_default())? };
    let focus = site.companies().focus(viewer.company()).await?;
    let Some(eyes) = viewer_of(viewer, &focus) else {
        let says = "Your company is not verified, so it sees nobody. Searches can be saved once it is.";
        return show(&site, &company, Some(says.to_owned())).await;
    };
    let query = match asked.query(site.disclosure().now(), site.pool().lowest_level()) {
        Ok(query) => query,
        Err(wrong) => {
            let says: Vec<String> = wrong.into_iter().map(|one| one.says).collect();
            return show(&site, &company, Some(says.join(" "))).await;
        }
    };
    let Some(found) = site.pool().all_found(&eyes, query).await? else {
        let says = format!(
            "This search finds more than {MOST_FOUND} candidates, so every day would bring a letter. Narrow it down, and save it then."
        );
        return show(&site, &company, Some(says)).await;
    };
    match site.pool().save(viewer, company.session().owner().key(), &asked, found).await? {
        Ok(()) => Ok(see(&all_url(viewer))),
        Err(says) => show(&site, &company, Some(says)).await,
    }
}

/// `POST /companies/{company}/pool/searches/{search}/delete`
pub(crate) async fn delete(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Candidates)?;
    let missing = || SiteError::NotFound(Missing::Page);
    let id = id_in(&which.search)?;
    let was_there = site.pool().forget(viewer, company.session().owner().key(), id).await?;
    if was_there { Ok(see(&all_url(viewer))) } else { Err(missing()) }
}

/// `GET` of the address that only takes the form.
pub(crate) async fn form_was_left(company: ForCompany) -> Result<Response, SiteError> {
    Ok(see(&all_url(company.to(Act::Candidates)?)))
}
