//! `/guides` and `/guides/{guide}`

use super::{LEVELS, find, level_id, level_name, proof_count, section_url};
use crate::error::SiteError;
use crate::page::{Nav, NextSteps, Page, Step, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jobfuture_content::{Guide, Level, Question, Section};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "guide/guides.html")]
struct Guides<'a> {
    guides: Vec<&'a Arc<Guide>>,
}

impl Guides<'_> {
    fn url(&self, guide: &Guide) -> String {
        routes::GuideUrl { guide: &guide.id }.to_url()
    }

    fn questions(&self, guide: &Guide) -> usize {
        guide.sections.iter().map(|section| section.questions.len()).sum()
    }
}

#[derive(Template)]
#[template(path = "guide/contents.html")]
struct Contents<'a> {
    guide: &'a Guide,
    project: Option<&'a str>,
}

impl Contents<'_> {
    fn search_url(&self) -> String {
        routes::GuideSearchUrl { guide: &self.guide.id }.to_url()
    }

    fn section_url(&self, section: &Section) -> String {
        section_url(self.guide, section)
    }

    fn question_url(&self, section: &Section, question: &Question) -> String {
        routes::question_url(&self.guide.id, &section.id, &question.id)
    }

    fn questions(&self) -> usize {
        self.guide.sections.iter().map(|section| section.questions.len()).sum()
    }

    fn proofs(&self) -> usize {
        self.guide.proofs().count()
    }

    fn proof_count(&self, section: &Section) -> usize {
        proof_count(section)
    }

    fn at_level(&self, level: &Level) -> usize {
        let questions = self.guide.sections.iter().flat_map(|section| &section.questions);
        questions.filter(|question| question.level == *level).count()
    }

    fn levels(&self) -> [Level; 3] {
        LEVELS
    }

    fn level_name(&self, level: &Level) -> &'static str {
        level_name(*level)
    }

    fn level_id(&self, level: &Level) -> &'static str {
        level_id(*level)
    }

    /// Ids of the levels that a section has questions of, for the filter.
    fn section_levels(&self, section: &Section) -> String {
        let here = LEVELS.iter().filter(|level| section.questions.iter().any(|question| question.level == **level));
        here.map(|level| level_id(*level)).collect::<Vec<_>>().join(" ")
    }
}

/// `GET /guides`
pub async fn guides(State(site): State<Site>) -> Result<Response, SiteError> {
    let guides = Guides { guides: site.library().guides.values().collect() };
    Page {
        title: "Interview guides".to_owned(),
        description: "Questions that interviewers ask, with answers that are run on the real thing.".to_owned(),
        active: Nav::Guides,
        main: render(&guides)?,
        next: NextSteps::new(Step::tasks()).and(Step::practice()),
        canonical: Some(routes::GUIDES.to_owned()),
        editor: false,
    }
    .answer(&site)
}

/// `GET /guides/{guide}`
pub async fn contents(State(site): State<Site>, Path(guide): Path<String>) -> Result<Response, SiteError> {
    let guide = find(&site, &guide)?;
    let library = site.library();
    let project = library.projects.get(&guide.project).map(|project| project.title.as_str());
    Page {
        title: guide.title.clone(),
        description: guide.summary.clone(),
        active: Nav::Guides,
        main: render(&Contents { guide, project })?,
        next: NextSteps::of_content(library, &guide.next, Step::tasks()).and(Step::tasks()),
        canonical: Some(routes::GuideUrl { guide: &guide.id }.to_url()),
        editor: false,
    }
    .answer(&site)
}
