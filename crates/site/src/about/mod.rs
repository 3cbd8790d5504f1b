//! Pages about the site itself.

use crate::answer;
use crate::config::PracticeLimits;
use crate::error::{SiteError, size};
use crate::page::{Nav, NextSteps, Page, Step, render};
use crate::question;
use crate::routes;
use crate::site::Site;
use crate::vacancy;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jobfuture_content::{Library, Place};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "about/practice.html")]
struct AboutPractice<'a> {
    limits: &'a PracticeLimits,
    off: Option<&'a str>,
}

impl AboutPractice<'_> {
    fn size(&self, bytes: &usize) -> String {
        size(*bytes as u64)
    }
}

#[derive(Template)]
#[template(path = "about/accessibility.html")]
struct AboutAccessibility;

#[derive(Template)]
#[template(path = "about/licences.html")]
struct AboutLicences<'a> {
    library: &'a Library,
    editor_licences: String,
}

#[derive(Template)]
#[template(path = "about/vacancies.html")]
struct AboutVacancies {
    most_days: i64,
    confirm_days: i64,
    silent_days: i64,
    unverified_days: i64,
}

#[derive(Template)]
#[template(path = "about/pool.html")]
struct AboutPool;

impl AboutLicences<'_> {
    /// Authors, licence, and how many quick questions are theirs under it: a row for each would be a long table.
    fn questions(&self) -> Vec<(String, &str, usize)> {
        let mut counted: BTreeMap<(String, &str), usize> = BTreeMap::new();
        for question in question::shown(self.library) {
            let manifest = &question.manifest;
            *counted.entry((manifest.authors.join(", "), manifest.licence.as_str())).or_default() += 1;
        }
        counted.into_iter().map(|((authors, licence), count)| (authors, licence, count)).collect()
    }
}

/// `GET /about/practice`
pub async fn practice(State(site): State<Site>) -> Result<Response, SiteError> {
    let about = AboutPractice { limits: &site.config().practice, off: site.practice().off() };
    Page {
        title: "How practice works".to_owned(),
        description: "What is stored (nothing), what is limited, how code is run and judged, how to read a verdict."
            .to_owned(),
        active: Nav::Practice,
        main: answer::with_asked(&site, Place::Practice, render(&about)?)?,
        next: NextSteps::new(Step::tasks()).and(Step::guides()),
        canonical: Some(routes::ABOUT_PRACTICE.to_owned()),
        editor: false,
    }
    .answer(&site)
}

/// `GET /about/accessibility`
pub async fn accessibility(State(site): State<Site>) -> Result<Response, SiteError> {
    Page {
        title: "Accessibility".to_owned(),
        description: "How these pages are built for keyboards, screen readers, large text and no JavaScript."
            .to_owned(),
        active: Nav::Elsewhere,
        main: render(&AboutAccessibility)?,
        next: NextSteps::new(Step::guides()).and(Step::tasks()),
        canonical: Some(routes::ABOUT_ACCESSIBILITY.to_owned()),
        editor: false,
    }
    .answer(&site)
}

/// `GET /about/licences`
pub async fn licences(State(site): State<Site>) -> Result<Response, SiteError> {
    Page {
        title: "Licences".to_owned(),
        description: "Who may use the guides, the tasks and the program, and on what terms.".to_owned(),
        active: Nav::Elsewhere,
        main: render(&AboutLicences { library: site.library(), editor_licences: site.asset("editor-licences.txt") })?,
        next: NextSteps::new(Step::guides()).and(Step::tasks()),
        canonical: Some(routes::ABOUT_LICENCES.to_owned()),
        editor: false,
    }
    .answer(&site)
}

/// `GET /about/vacancies`
pub async fn vacancies(State(site): State<Site>) -> Result<Response, SiteError> {
    let days = |time: jiff::SignedDuration| time.as_hours() / 24;
    let about = AboutVacancies {
        most_days: vacancy::MOST_DAYS,
        confirm_days: days(vacancy::CONFIRM_AFTER),
        silent_days: days(vacancy::SILENT_AFTER),
        unverified_days: days(vacancy::UNVERIFIED_FOR),
    };
    Page {
        title: "Rules for vacancies".to_owned(),
        description: "What every vacancy here says, who may publish one, and what ends it.".to_owned(),
        active: Nav::Vacancies,
        main: render(&about)?,
        next: NextSteps::new(Step::vacancies()).and(Step::new(routes::COMPANIES, "For companies", "How to begin.")),
        canonical: Some(routes::ABOUT_VACANCIES.to_owned()),
        editor: false,
    }
    .answer(&site)
}

/// `GET /about/pool`
pub async fn pool(State(site): State<Site>) -> Result<Response, SiteError> {
    Page {
        title: "How the pool works".to_owned(),
        description:
            "What companies can search and see of candidates, what they cannot, and in which order people are shown."
                .to_owned(),
        active: Nav::Elsewhere,
        main: render(&AboutPool)?,
        next: NextSteps::new(Step::new(routes::GRANTS, "Who sees what", "Your grants: to whom, what for, until when."))
            .and(Step::new(routes::COMPANY_LIST, "Companies", "That have shown who they are."))
            .and(Step::new(routes::COMPANIES, "For companies", "Who may see candidates here, and how to begin."))
            .and(Step::roles()),
        canonical: Some(routes::ABOUT_POOL.to_owned()),
        editor: false,
    }
    .answer(&site)
}
