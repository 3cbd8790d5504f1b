//! `/vacancies/{vacancy}`: one vacancy, for everybody.

use super::draft::Terms;
use super::posting::{as_script, job_posting, prose};
use super::store::PublicVacancy;
use super::terms::{ClosedFor, Opening, Remote};
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, day, render};
use crate::profile::words_of;
use crate::routes::{self, CompanyUrl, RoleUrl, VacancyApplyUrl, VacancyReportUrl, VacancyUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode};
use jobfuture_content::Check;
use jobfuture_disclosure::Kind;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "vacancy/one.html")]
struct One<'a> {
    vacancy: &'a PublicVacancy,
    company_url: String,
    role: String,
    role_url: String,
    level: String,
    place: String,
    must: Vec<String>,
    nice: Vec<String>,
    description: Html,
    process: Html,
    apply_words: String,
    apply_url: String,
    report_url: String,
    checks: Vec<(String, String)>,
    posting: Html,
}

#[derive(Template)]
#[template(path = "vacancy/gone.html")]
struct Gone<'a> {
    vacancy: &'a PublicVacancy,
    closed: String,
    why: &'static str,
}

impl One<'_> {
    fn published(&self) -> String {
        day(self.vacancy.published_at)
    }

    fn first_published(&self) -> Option<String> {
        let (first, this) = (self.vacancy.first_published_at, self.vacancy.published_at);
        (first < this).then(|| day(first))
    }

    fn confirmed(&self) -> String {
        day(self.vacancy.confirmed_at)
    }

    fn last_day(&self) -> String {
        self.vacancy.terms.closes_on.strftime("%-d %B %Y").to_string()
    }

    fn is_for_later(&self) -> bool {
        self.vacancy.terms.opening == Opening::Later
    }
}

/// Where the work is, in a line.
pub(super) fn place_words(remote: Remote, countries: &[String], city: &str, zones: Option<(i8, i8)>) -> String {
    let names: Vec<&str> = countries.iter().map(|code| country_name(code)).collect();
    let countries = match names.len() {
        0..=3 => names.join(", "),
        count => format!("{} and {} more countries", names[..2].join(", "), count - 2),
    };
    let zones = zones.map(|(from, to)| match from == to {
        true => format!(", UTC{from:+}"),
        false => format!(", UTC{from:+} to UTC{to:+}"),
    });
    let zones = zones.unwrap_or_default();
    match (remote, city) {
        (Remote::Remote, "") => format!("Remote, {countries}{zones}"),
        (Remote::Remote, city) => format!("Remote, or {city}, {countries}{zones}"),
        (Remote::Hybrid, city) => format!("{city}, {countries}, hybrid{zones}"),
        (Remote::Onsite, city) => format!("{city}, {countries}"),
    }
}

/// Where the work of these terms is, in a line.
pub(crate) fn place_of(terms: &Terms) -> String {
    place_words(terms.remote, &terms.countries, &terms.city, terms.zones)
}

/// What a country is called, without what ISO adds in brackets, where no other is called the same; the code itself if nothing
/// is known of it.
pub(super) fn country_name(code: &str) -> &str {
    let Some(country) = rust_iso3166::from_alpha2(code) else { return code };
    let Some((short, _)) = country.name.split_once(" (") else { return country.name };
    let alike = rust_iso3166::ALL.iter().filter(|other| other.name.split(" (").next() == Some(short));
    if alike.count() == 1 { short } else { country.name }
}

/// `GET /vacancies/{vacancy}`. One that is closed stays, says so and why, and is gone for machines (410).
pub(crate) async fn one(State(site): State<Site>, Path(vacancy): Path<String>) -> Result<Response, SiteError> {
    let missing = || SiteError::NotFound(Missing::Vacancy);
    let id = Uuid::try_parse(&vacancy).map_err(|_| missing())?;
    let found = site.vacancies().public(id).await?.ok_or_else(missing)?;
    match found.closed {
        Some((closed, why)) => gone(&site, &found, day(closed), why),
        None => open(&site, &found),
    }
}

fn open(site: &Site, vacancy: &PublicVacancy) -> Result<Response, SiteError> {
    let (terms, words) = (&vacancy.terms, words_of(site.library()));
    let names = |ids: &[String]| ids.iter().map(|id| words.shown(Kind::Competency, id).to_owned()).collect();
    let id = vacancy.id.to_string();
    let path = VacancyUrl { vacancy: &id }.to_url();
    let url = site.config().base_url.as_ref().map(|base| format!("{base}{path}"));
    let role_url = RoleUrl { role: &terms.role }.to_url();
    let role = words.shown(Kind::Role, &terms.role).to_owned();
    let checks = checks(site, &terms.role);
    let main = render(&One {
        vacancy,
        company_url: CompanyUrl { domain: &vacancy.domain }.to_url(),
        role: role.clone(),
        role_url: role_url.clone(),
        level: words.shown(Kind::Level, &terms.level).to_owned(),
        place: place_words(terms.remote, &terms.countries, &terms.city, terms.zones),
        must: names(&terms.must),
        nice: names(&terms.nice),
        description: Html::from_content(prose(&terms.description)),
        process: Html::from_content(prose(&terms.process)),
        apply_words: match terms.apply.strip_prefix("mailto:") {
            Some(email) => format!("Write to {email}"),
            None => "Apply on the company’s page".to_owned(),
        },
        apply_url: VacancyApplyUrl { vacancy: &id }.to_url(),
        report_url: VacancyReportUrl { vacancy: &id }.to_url(),
        checks: checks.iter().map(|check| (check_url(check), check.manifest.title.clone())).collect(),
        posting: as_script(&job_posting(site, vacancy, url.as_deref())),
    })?;
    let others = format!("{}?role={}", routes::VACANCIES, terms.role);
    let mut next = NextSteps::new(Step::new(role_url, role, "What each level is seen to do, and how to prepare."))
        .and(Step::new(others, "Other vacancies for this role", "Every one states its pay."));
    if let Some(check) = checks.first() {
        next = next.and(Step::new(check_url(check), &check.manifest.title, "Learn where you stand. Only you see it."));
    }
    Page {
        title: format!("{} at {}", terms.title, vacancy.company_name),
        description: format!(
            "{}. {}",
            terms.pay.words(),
            place_words(terms.remote, &terms.countries, &terms.city, None)
        ),
        active: Nav::Vacancies,
        main,
        next,
        canonical: Some(path),
        editor: false,
    }
    .answer(site)
}

fn checks<'s>(site: &'s Site, role: &str) -> Vec<&'s Arc<Check>> {
    site.library().checks.values().filter(|check| check.manifest.role == role).collect()
}

fn check_url(check: &Check) -> String {
    routes::CheckUrl { check: &check.manifest.id }.to_url()
}

fn gone(site: &Site, vacancy: &PublicVacancy, closed: String, why: Option<ClosedFor>) -> Result<Response, SiteError> {
    let main = render(&Gone { vacancy, closed, why: why.map_or("", ClosedFor::label) })?;
    let others = format!("{}?role={}", routes::VACANCIES, vacancy.terms.role);
    let page = Page {
        title: format!("{} at {} is closed", vacancy.terms.title, vacancy.company_name),
        description: "This vacancy is closed.".to_owned(),
        active: Nav::Vacancies,
        main,
        next: NextSteps::new(Step::new(others, "Open vacancies for this role", "Every one states its pay."))
            .and(Step::roles())
            .and(Step::guides()),
        canonical: None,
        editor: false,
    };
    let mut response = page.answer_with(site, StatusCode::GONE)?;
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::country_name;

    #[test]
    fn countries_are_called_as_people_call_them_where_that_is_one_country() {
        let named = ["NL", "DE", "KR", "KP", "XX"].map(country_name);
        assert_eq!(named[..2], ["Netherlands", "Germany"]);
        assert_ne!(named[2], named[3]);
        assert_eq!(named[4], "XX");
    }
}
