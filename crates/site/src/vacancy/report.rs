//! Somebody thinks that a vacancy is not what it says; an operator looks at it.

use super::store::{Vacancies, random_id};
use super::terms::{ClosedFor, ReportedFor};
use crate::account::Throttle;
use crate::error::{Missing, SiteError, id_in};
use crate::operator::Operator;
use crate::page::{Nav, NextSteps, Page, Step, day, render, see};
use crate::practice::{Client, Form};
use crate::routes::{self, ReportCloseUrl, ReportDismissUrl, VacancyReportUrl, VacancyUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::{params, record};
use std::time::Instant;
use uuid::Uuid;

/// The longest text of a report, in characters.
const LONGEST: usize = 2_000;
/// Reports of one vacancy that wait; more say nothing new.
const MOST_WAITING: i64 = 20;

record! {
    /// A report that waits for an operator.
    #[derive(Debug, Clone)]
    pub struct ReportEntry {
        /// Which.
        pub id: Uuid,
        /// Of which vacancy.
        pub vacancy: Uuid,
        /// What that is called.
        pub title: String,
        /// Of which company.
        pub company_name: String,
        /// An id of [`ReportedFor`].
        pub reason: String,
        /// In the words of whoever sent it.
        pub says: String,
        /// When.
        pub made_at: Timestamp,
    }
}

/// What an operator makes of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The vacancy breaks the rules: it is closed.
    Closed,
    /// It does not.
    Dismissed,
}

impl Vacancies {
    /// Keeps a report, without who sent it. More than enough of one vacancy are not kept again.
    ///
    /// # Errors
    /// The database's.
    pub async fn report(&self, vacancy: Uuid, why: ReportedFor, says: &str) -> Result<(), SiteError> {
        let (id, now, says) = (random_id()?, self.now(), says.to_owned());
        self.db
            .transaction(move |tx| {
                let sql = "select count(*) from vacancy_report where vacancy = $1 and decided_at is null";
                let (waiting,): (i64,) = tx.one(sql, params![vacancy])?;
                if waiting < MOST_WAITING {
                    let sql =
                        "insert into vacancy_report (id, vacancy, reason, says, made_at) values ($1, $2, $3, $4, $5)";
                    tx.execute(sql, params![id, vacancy, why.id(), says, now])?;
                }
                Ok::<_, SiteError>(())
            })
            .await
    }

    /// Reports that wait, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn reports(&self) -> Result<Vec<ReportEntry>, SiteError> {
        let sql = "select r.id, r.vacancy, v.title, c.name as company_name, r.reason, r.says, r.made_at
                   from vacancy_report r join vacancy v on v.id = r.vacancy join company c on c.id = v.company
                   where r.decided_at is null order by r.made_at, r.id limit 500";
        Ok(self.db.all(sql, &[]).await?)
    }

    /// Decides on a report, and on all others that wait of the same vacancy if that is closed. Says whether it waited.
    ///
    /// # Errors
    /// The database's.
    pub async fn decide(&self, report: Uuid, decision: Decision) -> Result<bool, SiteError> {
        let now = self.now();
        self.db
            .transaction(move |tx| {
                let sql = "select vacancy from vacancy_report where id = $1 and decided_at is null";
                let Some((vacancy,)): Option<(Uuid,)> = tx.optional(sql, params![report])? else { return Ok(false) };
                if decision == Decision::Dismissed {
                    let sql = "update vacancy_report set decision = 'dismissed', decided_at = $2 where id = $1";
                    tx.execute(sql, params![report, now])?;
                    return Ok(true);
                }
                let sql = "update vacancy_report set decision = 'closed', decided_at = $2
                           where vacancy = $1 and decided_at is null";
                tx.execute(sql, params![vacancy, now])?;
                let sql = "update vacancy set state = 'closed', closed_at = $2, changed_at = $2, closed_for = $3
                           where id = $1 and state = 'open'";
                tx.execute(sql, params![vacancy, now, ClosedFor::Rules.id()])?;
                Ok::<_, SiteError>(true)
            })
            .await
    }
}

#[derive(Template)]
#[template(path = "vacancy/report.html")]
struct ReportForm {
    title: String,
    vacancy_url: String,
    url: String,
    reasons: Vec<(&'static str, &'static str, bool)>,
    says: String,
    wrong: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "vacancy/reported.html")]
struct Reported;

#[derive(Template)]
#[template(path = "vacancy/reports.html")]
struct Reports {
    reports: Vec<Line>,
}

struct Line {
    entry: ReportEntry,
    reason: &'static str,
    made: String,
    url: String,
    close_url: String,
    dismiss_url: String,
}

fn page(title: &str, main: crate::page::Html) -> Page {
    let rules =
        Step::new(routes::ABOUT_VACANCIES, "Rules for vacancies", "What every vacancy here says, and what ends one.");
    Page::unlisted(
        title,
        Nav::Vacancies,
        main,
        NextSteps::new(Step::new(routes::VACANCIES, "Vacancies", "Every one states its pay.")).and(rules),
    )
}

/// `GET /vacancies/{vacancy}/report`
pub(crate) async fn form(State(site): State<Site>, Path(vacancy): Path<String>) -> Result<Response, SiteError> {
    show(&site, &vacancy, "", "", None).await
}

async fn show(
    site: &Site,
    vacancy: &str,
    chosen: &str,
    says: &str,
    wrong: Option<&'static str>,
) -> Result<Response, SiteError> {
    let missing = || SiteError::NotFound(Missing::Vacancy);
    let id = Uuid::try_parse(vacancy).map_err(|_| missing())?;
    let found = site.vacancies().public(id).await?.filter(|one| one.closed.is_none()).ok_or_else(missing)?;
    let reasons = ReportedFor::ALL.iter().map(|why| (why.id(), why.label(), why.id() == chosen)).collect();
    let main = render(&ReportForm {
        title: found.terms.title,
        vacancy_url: VacancyUrl { vacancy }.to_url(),
        url: VacancyReportUrl { vacancy }.to_url(),
        reasons,
        says: says.to_owned(),
        wrong,
    })?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page("Report a vacancy", main).answer_private(site, status)
}

/// `POST /vacancies/{vacancy}/report`. Nobody needs an account for it, so an address may send a few at a time.
pub(crate) async fn send(
    State(site): State<Site>,
    Path(vacancy): Path<String>,
    client: Client,
    sent: Form,
) -> Result<Response, SiteError> {
    let (why, says) = (sent.text("why")?.unwrap_or_default(), sent.text("says")?.unwrap_or_default());
    let Some(reason) = ReportedFor::parse(&why) else {
        return show(&site, &vacancy, &why, &says, Some("Choose what is wrong with it.")).await;
    };
    if says.chars().count() > LONGEST {
        return show(&site, &vacancy, &why, &says, Some("Say it in at most 2,000 characters.")).await;
    }
    if reason == ReportedFor::Other && says.trim().is_empty() {
        return show(&site, &vacancy, &why, &says, Some("Say in a sentence what is wrong.")).await;
    }
    let missing = || SiteError::NotFound(Missing::Vacancy);
    let id = Uuid::try_parse(&vacancy).map_err(|_| missing())?;
    let found = site.vacancies().public(id).await?.filter(|one| one.closed.is_none()).ok_or_else(missing)?;
    allow(site.report_throttle(), client, found.id)?;
    site.vacancies().report(found.id, reason, says.trim()).await?;
    page("Thank you", render(&Reported)?).answer_private(&site, StatusCode::OK)
}

fn allow(throttle: &Throttle, client: Client, vacancy: Uuid) -> Result<(), SiteError> {
    let about = vacancy.as_u64_pair().0;
    throttle.attempt(about, client, true, Instant::now()).map_err(|wait| SiteError::TooMany {
        says: "Many reports came from your address just now.".to_owned(),
        retry_after: wait.retry_after,
    })
}

/// `GET /operator/reports`
pub(crate) async fn list(State(site): State<Site>, _: Operator) -> Result<Response, SiteError> {
    let lines = site.vacancies().reports().await?.into_iter().map(|entry| {
        let id = entry.id.to_string();
        Line {
            reason: ReportedFor::parse(&entry.reason).map_or("", ReportedFor::label),
            made: day(entry.made_at),
            url: VacancyUrl { vacancy: &entry.vacancy.to_string() }.to_url(),
            close_url: ReportCloseUrl { report: &id }.to_url(),
            dismiss_url: ReportDismissUrl { report: &id }.to_url(),
            entry,
        }
    });
    let main = render(&Reports { reports: lines.collect() })?;
    let mut page = page("Reported vacancies", main);
    page.active = Nav::Elsewhere;
    page.next = page.next.and(Step::new(routes::OPERATOR_COMPANIES, "Companies", "Which are verified."));
    page.answer_private(&site, StatusCode::OK)
}

/// `POST /operator/reports/{report}/close`
pub(crate) async fn close(
    State(site): State<Site>,
    _: Operator,
    Path(report): Path<String>,
) -> Result<Response, SiteError> {
    decide(&site, &report, Decision::Closed).await
}

/// `POST /operator/reports/{report}/dismiss`
pub(crate) async fn dismiss(
    State(site): State<Site>,
    _: Operator,
    Path(report): Path<String>,
) -> Result<Response, SiteError> {
    decide(&site, &report, Decision::Dismissed).await
}

async fn decide(site: &Site, report: &str, decision: Decision) -> Result<Response, SiteError> {
    let id = id_in(report)?;
    // Another operator may have been quicker; the list says what still waits.
    site.vacancies().decide(id, decision).await?;
    site.vacancies().catch_up().await?;
    Ok(see(routes::OPERATOR_REPORTS))
}

/// `GET` of an address that only takes a form.
pub(crate) async fn decision_was_left(_: Operator) -> Response {
    see(routes::OPERATOR_REPORTS)
}
