//! `/checks` and `/checks/{check}`: what a check is like, for everybody.

use super::words;
use crate::answer;
use crate::check::Condition;
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, render};
use crate::routes::{self, CheckBeginUrl, CheckUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jobfuture_codes::Code;
use jobfuture_content::check::Area;
use jobfuture_content::{Check, Library, Place};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "check/checks.html")]
struct Checks<'a> {
    checks: Vec<&'a Arc<Check>>,
}

impl Checks<'_> {
    fn url(&self, check: &Check) -> String {
        CheckUrl { check: &check.manifest.id }.to_url()
    }
}

#[derive(Template)]
#[template(path = "check/about.html")]
struct About<'a> {
    check: &'a Check,
    library: &'a Library,
    about: Html,
    /// Minutes that half of simulated people stay under.
    typical: u32,
    questions: usize,
    tasks: usize,
    off: Option<&'a str>,
}

impl About<'_> {
    fn begin_url(&self) -> String {
        CheckBeginUrl { check: &self.check.manifest.id }.to_url()
    }

    fn role_url(&self) -> String {
        routes::RoleUrl { role: &self.check.manifest.role }.to_url()
    }

    fn covered(&self, area: &Area) -> String {
        self.check.competencies_of(area, self.library).map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// What it takes of an unaided answer, in per cent.
    fn floor(&self) -> String {
        let floor = self.check.manifest.model.floor.get(Condition::Unaided.id()).copied().unwrap_or_default();
        format!("{:.0}", 100.0 * floor)
    }

    fn time(&self, minutes: &u32) -> String {
        words::minutes(u64::from(*minutes) * 60)
    }
}

/// A check by its id.
pub(super) fn find<'a>(site: &'a Site, check: &str) -> Result<&'a Arc<Check>, SiteError> {
    site.library().checks.get(check).ok_or(SiteError::NotFound(Missing::Check))
}

/// `GET /checks`
pub(crate) async fn checks(State(site): State<Site>) -> Result<Response, SiteError> {
    let checks = Checks { checks: site.library().checks.values().collect() };
    Page {
        title: "Skill checks".to_owned(),
        description: "Learn where you stand, on real work. Only you see what comes of it.".to_owned(),
        active: Nav::Checks,
        main: render(&checks)?,
        next: NextSteps::new(Step::roles()).and(Step::questions()).and(Step::tasks()),
        canonical: Some(routes::CHECKS.to_owned()),
        editor: false,
    }
    .answer(&site)
}

/// `GET /checks/{check}`
pub(crate) async fn about(State(site): State<Site>, Path(check): Path<String>) -> Result<Response, SiteError> {
    let (library, check) = (site.library(), find(&site, &check)?);
    let release = site.checks().current(check).await?;
    let main = About {
        check,
        library,
        about: Html::from_content(&check.about_html),
        typical: release.typical_minutes(),
        questions: check.questions(library).count(),
        tasks: check.tasks(library).count(),
        off: site.practice().off(),
    };
    Page {
        title: check.manifest.title.clone(),
        description: check.manifest.summary.clone(),
        active: Nav::Checks,
        main: answer::with_asked(&site, Place::Check, render(&main)?)?,
        next: NextSteps::of_content(library, &check.next, Step::roles()),
        canonical: Some(CheckUrl { check: &check.manifest.id }.to_url()),
        editor: false,
    }
    .answer(&site)
}
