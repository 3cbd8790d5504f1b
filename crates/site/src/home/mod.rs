//! The home page: what this is, for whoever prepares and for whoever hires.

use crate::answer;
use crate::error::SiteError;
use crate::guide::{ProofCard, ProofOf, Showing};
use crate::page::{Html, Nav, NextSteps, Page, Step, listed, render};
use crate::question;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jobfuture_content::{Check, Guide, Role, Status, Task};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "home/home.html")]
struct Home<'a> {
    guides: Vec<GuideFigures<'a>>,
    /// From the easiest on.
    tasks: Vec<&'a Arc<Task>>,
    /// Career paths.
    roles: Vec<&'a Arc<Role>>,
    /// Pages of questions and answers.
    answers: Vec<(String, &'static str)>,
    /// Skill checks.
    checks: Vec<&'a Arc<Check>>,
    /// How many quick questions there are.
    quick: usize,
    /// A proof that shows at a glance what the guide is like.
    opening: Option<Html>,
}

/// A guide and how much is in it.
struct GuideFigures<'a> {
    guide: &'a Guide,
    questions: usize,
    proofs: usize,
}

impl GuideFigures<'_> {
    fn url(&self) -> String {
        routes::GuideUrl { guide: &self.guide.id }.to_url()
    }
}

impl Home<'_> {
    /// The guides by their titles, as the beginning of a sentence.
    fn guides_in_words(&self) -> String {
        in_words(self.guides.iter().map(|entry| entry.guide.title.as_str()))
    }

    fn role_url(&self, role: &Role) -> String {
        routes::RoleUrl { role: &role.id }.to_url()
    }

    fn hiring_url(&self, role: &Role) -> String {
        routes::HiringUrl { role: &role.id }.to_url()
    }

    fn check_url(&self, check: &Check) -> String {
        routes::CheckUrl { check: &check.manifest.id }.to_url()
    }

    fn task_url(&self, task: &Task) -> String {
        routes::TaskUrl { task: &task.id }.to_url()
    }
}

/// `The Django interview guide and the Python interview guide`
fn in_words<'t>(titles: impl Iterator<Item = &'t str>) -> String {
    let titles: Vec<String> = titles.map(|title| format!("the {title}")).collect();
    listed(&titles, "and").replacen("the", "The", 1)
}

/// `GET /`
pub async fn page(State(site): State<Site>) -> Result<Response, SiteError> {
    let library = site.library();
    let figures = |guide| GuideFigures {
        guide,
        questions: guide.sections.iter().map(|section| section.questions.len()).sum(),
        proofs: guide.proofs().count(),
    };
    let mut tasks: Vec<_> = library.tasks.values().filter(|task| task.manifest.status == Status::Active).collect();
    tasks.sort_by(|a, b| a.manifest.difficulty.mean.total_cmp(&b.manifest.difficulty.mean));
    let opening = library.guides.values().find_map(|guide| {
        let id = guide.opening.as_ref()?;
        guide.proofs().find(|proof| proof.id == *id)
    });
    let opening =
        opening.map(|proof| render(&ProofCard::new(&site, proof, ProofOf::Guide, Showing::InSection))).transpose()?;
    let guides = library.guides.values().map(|guide| figures(guide)).collect();
    let quick = question::shown(library).count();
    let checks = library.checks.values().collect();
    let roles = library.roles.values().collect();
    let answers = answer::pages(library).collect();
    let titles = library.guides.values().map(|guide| guide.title.as_str());
    let description = format!(
        "{} whose claims are executed, and practical tasks judged by what your code does.",
        if library.guides.is_empty() { "Content".to_owned() } else { in_words(titles) }
    );
    let home = Home { guides, tasks, roles, answers, checks, quick, opening };
    let page = Page {
        title: "Prepare on real code".to_owned(),
        description,
        active: Nav::Elsewhere,
        main: render(&home)?,
        next: NextSteps::new(Step::guides())
            .and(Step::questions())
            .and(Step::tasks())
            .and(Step::roles())
            .and(Step::checks())
            .and(Step::practice()),
        canonical: Some(routes::HOME.to_owned()),
        editor: false,
    };
    page.answer(&site)
}
