//! `/searches`: searches that somebody wants to hear of. Nobody else knows of them.

use super::asked::Asked;
use super::list::name_of;
use super::shelf::Listed;
use super::store::{Vacancies, random_id};
use crate::account::{EmailAddress, Letter, Session};
use crate::error::{Missing, SiteError, id_in};
use crate::page::{NextSteps, Step, day, render, see};
use crate::practice::Form;
use crate::profile::{own_page, words_of};
use crate::routes::{self, SavedSearchDeleteUrl, VacancyUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{params, record};
use jobfuture_disclosure::{OwnerKey, Vocabulary};
use jobfuture_vacancy_search::{Query, Sort};
use std::fmt::Write as _;
use std::sync::Arc;
use uuid::Uuid;

/// Searches that one person may save.
const MOST: i64 = 20;
/// Between two letters of one search.
const BETWEEN: SignedDuration = SignedDuration::from_hours(24);
/// Vacancies that one letter names.
const NAMED: usize = 10;

record! {
    /// A saved search, for its owner.
    #[derive(Debug, Clone)]
    pub struct SavedSearch {
        /// Which.
        pub id: Uuid,
        /// The query part of its address.
        pub query: String,
        /// When it was saved.
        pub made_at: Timestamp,
        /// Until when its owner was told.
        pub told_until: Timestamp,
    }
}

record! {
    struct DueSearch { id: Uuid, query: String, told_until: Timestamp, email: String }
}

impl Vacancies {
    /// Saves a search; one that is saved already stays as it is.
    ///
    /// # Errors
    /// [`SiteError::Refused`] if there are too many; the database's.
    async fn save(&self, owner: OwnerKey, asked: &Asked) -> Result<(), SiteError> {
        let (id, now, account, query) = (random_id()?, self.now(), owner.uuid(), asked.to_query());
        self.db
            .transaction(move |tx| {
                let sql = "select count(*) from saved_search where account = $1 and query <> $2";
                let (count,): (i64,) = tx.one(sql, params![account, query])?;
                if count >= MOST {
                    return Err(SiteError::Refused(format!(
                        "You have saved {MOST} searches, the most there may be. Delete one first."
                    )));
                }
                let sql =
                    "insert into saved_search (id, account, query, made_at, told_until) values ($1, $2, $3, $4, $4)
                           on conflict (account, query) do nothing";
                tx.execute(sql, params![id, account, query, now])?;
                Ok(())
            })
            .await
    }

    /// Somebody's saved searches, the latest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn saved(&self, owner: OwnerKey) -> Result<Vec<SavedSearch>, SiteError> {
        let sql =
            "select id, query, made_at, told_until from saved_search where account = $1 order by made_at desc, id";
        Ok(self.db.all(sql, params![owner.uuid()]).await?)
    }

    async fn forget(&self, owner: OwnerKey, id: Uuid) -> Result<bool, SiteError> {
        let sql = "delete from saved_search where id = $1 and account = $2";
        Ok(self.db.execute(sql, params![id, owner.uuid()]).await? > 0)
    }

    /// Writes letters about new vacancies, at most one a day for each search. Meant to be called every now and then by any
    /// number of processes. Gives how many were written. `site` is the address that letters link to, if there is one.
    ///
    /// # Errors
    /// The database's; the index's.
    pub(crate) async fn write_notices(&self, words: &Vocabulary, site: Option<&str>) -> Result<usize, SiteError> {
        let now = self.now();
        let before = now.checked_sub(BETWEEN).map_err(|error| SiteError::internal("a time", &error))?;
        let sql = "select s.id, s.query, s.told_until, a.email from saved_search s join account a on a.id = s.account
                   where s.told_until <= $1 order by s.told_until, s.id limit 1000";
        let due: Vec<DueSearch> = self.db.all(sql, params![before]).await?;
        let mut written = 0;
        for search in due {
            let new = self.new_since(&search)?;
            written += usize::from(self.tell(search, &new, words, site.unwrap_or_default(), now).await?);
        }
        Ok(written)
    }

    fn new_since(&self, search: &DueSearch) -> Result<Vec<Arc<Listed>>, SiteError> {
        let asked = Asked { page: 1, ..Asked::read(&search.query)? };
        let query = Query { sort: Sort::Freshness, limit: 200, facet_limit: 0, ..asked.query() };
        let mut new = self.search(&query)?.1;
        new.retain(|one| one.published_at > search.told_until);
        Ok(new)
    }

    /// Says whether a letter was written: of two processes one does.
    async fn tell(
        &self,
        search: DueSearch,
        new: &[Arc<Listed>],
        words: &Vocabulary,
        site: &str,
        now: Timestamp,
    ) -> Result<bool, SiteError> {
        let letter = EmailAddress::parse(&search.email).ok().filter(|_| !new.is_empty()).map(|to| Letter {
            to,
            subject: "New vacancies for a search of yours".to_owned(),
            body: letter_text(&search.query, new, words, site),
        });
        self.db
            .transaction(move |tx| {
                let sql = "update saved_search set told_until = $3 where id = $1 and told_until = $2";
                if tx.execute(sql, params![search.id, search.told_until, now])? == 0 {
                    return Ok(false);
                }
                if let Some(letter) = &letter {
                    letter.write(tx, now)?;
                }
                Ok::<_, SiteError>(letter.is_some())
            })
            .await
    }
}

fn letter_text(query: &str, new: &[Arc<Listed>], words: &Vocabulary, site: &str) -> String {
    let names = |filter: &str, value: &str| name_of(words, filter, value);
    let asked = Asked::read(query).map(|asked| asked.words_of(&names)).unwrap_or_default();
    let mut text = format!("New for your search ({asked}):\n");
    for one in new.iter().take(NAMED) {
        let url = VacancyUrl { vacancy: &one.id.to_string() }.to_url();
        let terms = &one.terms;
        let _ = write!(text, "\n{} at {}\n{}\n{site}{url}\n", terms.title, one.company_name, terms.pay.words());
    }
    if new.len() > NAMED {
        let _ = write!(text, "\nAnd {} more: {site}{}?{query}\n", new.len() - NAMED, routes::VACANCIES);
    }
    let _ = write!(text, "\nTo have no more of these letters, delete the search: {site}{}\n", routes::SEARCHES);
    text
}

#[derive(Template)]
#[template(path = "vacancy/saved.html")]
struct Saved {
    searches: Vec<Line>,
    sends_mail: bool,
}

struct Line {
    words: String,
    url: String,
    made: String,
    delete_url: String,
}

/// `GET /searches`
pub(crate) async fn saved(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    let words = words_of(site.library());
    let names = |filter: &str, value: &str| name_of(&words, filter, value);
    let mut lines = Vec::new();
    for search in site.vacancies().saved(session.owner().key()).await? {
        lines.push(Line {
            words: Asked::read(&search.query)?.words_of(&names),
            url: format!("{}?{}", routes::VACANCIES, search.query),
            made: day(search.made_at),
            delete_url: SavedSearchDeleteUrl { search: &search.id.to_string() }.to_url(),
        });
    }
    let main = render(&Saved { searches: lines, sends_mail: site.config().sends_mail })?;
    let next = NextSteps::new(Step::vacancies()).and(Step::roles());
    own_page("Your searches", main, next).answer_private(&site, StatusCode::OK)
}

/// `POST /searches`
pub(crate) async fn save(State(site): State<Site>, session: Session, sent: Form) -> Result<Response, SiteError> {
    let asked = Asked::read(&sent.text("query")?.unwrap_or_default())?;
    site.vacancies().save(session.owner().key(), &asked).await?;
    Ok(see(routes::SEARCHES))
}

/// `POST /searches/{search}/delete`
pub(crate) async fn delete(
    State(site): State<Site>,
    session: Session,
    Path(search): Path<String>,
) -> Result<Response, SiteError> {
    let missing = || SiteError::NotFound(Missing::Page);
    let id = id_in(&search)?;
    let was_there = site.vacancies().forget(session.owner().key(), id).await?;
    if was_there { Ok(see(routes::SEARCHES)) } else { Err(missing()) }
}

/// `GET` of an address that only takes a form.
pub(crate) async fn form_was_left(_: Session) -> Response {
    see(routes::SEARCHES)
}
