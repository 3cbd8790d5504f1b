//! `/companies/hire/{role}`: what a company gets that looks for this role, what signals say of it and what not, and how to begin.

use crate::answer;
use crate::error::{Missing, SiteError};
use crate::guide::level_name;
use crate::page::{Nav, NextSteps, Page, Step, listed, render};
use crate::routes::{self, CheckUrl, GuideUrl, HiringUrl, RoleUrl};
use crate::signal::MONTHS;
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jobfuture_content::check::{Area, CheckManifest};
use jobfuture_content::{Asker, Check, Competency, Library, Place, Role, RoleLevel};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "role/hiring.html")]
struct Hiring<'a> {
    role: &'a Role,
    /// Of this role.
    checks: Vec<CheckOf<'a>>,
    /// Its guide, with how many questions are in it.
    guide: Option<(String, &'a str, usize)>,
    /// Companies and credentials are asked about there.
    answers_url: Option<String>,
}

/// What a check asks, as far as signals speak of it.
struct CheckOf<'a> {
    check: &'a CheckManifest,
    url: String,
    areas: Vec<(&'a Area, Vec<&'a Competency>)>,
    /// Competencies that a signal may name: those of which the check has a task.
    by_tasks: Vec<&'a str>,
}

impl<'a> CheckOf<'a> {
    fn new(check: &'a Check, library: &'a Library) -> Self {
        let areas = check.manifest.areas.iter().map(|area| (area, check.competencies_of(area, library).collect()));
        let tasks: Vec<_> = check.tasks(library).map(|(_, task)| task).collect();
        let has_task =
            |one: &&Competency| tasks.iter().any(|task| task.manifest.competencies.iter().any(|of| of.id == one.id));
        Self {
            check: &check.manifest,
            url: CheckUrl { check: &check.manifest.id }.to_url(),
            areas: areas.collect(),
            by_tasks: library.competencies.iter().filter(has_task).map(|one| one.name.as_str()).collect(),
        }
    }

    fn names(&self, competencies: &[&Competency]) -> String {
        competencies.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// How often in a hundred an answer is taken not to be what the person could have done by themselves.
    fn floor(&self, condition: &str) -> String {
        format!("{:.0}", 100.0 * self.check.model.floor.get(condition).copied().unwrap_or_default())
    }
}

impl Hiring<'_> {
    fn role_url(&self) -> String {
        RoleUrl { role: &self.role.id }.to_url()
    }

    fn level(&self, level: &RoleLevel) -> &'static str {
        level_name(level.level)
    }

    /// For how many months a signal may be valid, in words.
    fn months(&self) -> String {
        let all: Vec<String> = MONTHS.iter().map(ToString::to_string).collect();
        listed(&all, "or")
    }
}

/// `GET /companies/hire/{role}`
pub(crate) async fn hiring(State(site): State<Site>, Path(role): Path<String>) -> Result<Response, SiteError> {
    let library = site.library();
    let role = library.roles.get(&role).ok_or(SiteError::NotFound(Missing::Role))?;
    let checks = library.checks.values().filter(|check| check.manifest.role == role.id);
    let guide = library.guides.get(&role.guide).map(|guide| {
        let questions = guide.sections.iter().map(|section| section.questions.len()).sum();
        (GuideUrl { guide: &guide.id }.to_url(), guide.title.as_str(), questions)
    });
    let answers_url = library.answers.contains_key(&Asker::Employers).then(|| answer::url(Asker::Employers));
    let main = Hiring {
        role,
        checks: checks.map(|check| CheckOf::new(check, library)).collect(),
        guide: guide.clone(),
        answers_url: answers_url.clone(),
    };
    let main = answer::with_asked(&site, Place::Hiring, render(&main)?)?;
    let begin = Step::new(routes::COMPANY_NEW, "Ask for a company account", "It is verified before it sees anybody.");
    let mut next = NextSteps::new(begin)
        .and(Step::new(
            RoleUrl { role: &role.id }.to_url(),
            &role.title,
            "Its levels side by side, to be precise in a vacancy.",
        ))
        .and(Step::new(routes::VERIFY, "Check a credential", "In your own browser, without asking anybody."));
    if let Some((url, title, _)) = guide {
        next = next.and(Step::new(url, title, "What to ask in an interview, and what a strong answer holds."));
    }
    if let Some(url) = answers_url {
        next = next.and(Step::new(
            url,
            "Questions employers ask",
            "What it costs, who sees what, what a signal is worth.",
        ));
    }
    Page {
        title: title(role),
        description: format!(
            "What a company gets that looks for a {}, what signals say and do not say, how to begin.",
            role.title
        ),
        active: Nav::Elsewhere,
        main,
        next,
        canonical: Some(HiringUrl { role: &role.id }.to_url()),
        editor: false,
    }
    .answer(&site)
}

/// What the page is called.
pub(crate) fn title(role: &Role) -> String {
    format!("Hiring: {}", role.title)
}

/// To the page of one role.
pub(crate) fn step(role: &Role) -> Step {
    Step::new(
        HiringUrl { role: &role.id }.to_url(),
        title(role),
        "For companies: what a signal says of this role, what it does not say, and how to begin.",
    )
}

/// With the page of every role.
pub(crate) fn steps<'a>(roles: impl Iterator<Item = &'a Arc<Role>>, next: NextSteps) -> NextSteps {
    roles.fold(next, |next, role| next.and(step(role)))
}
