//! `/guides/{guide}/{section}`

use super::card::{ProofCard, ProofOf, Showing};
use super::{LEVELS, find, level_id, level_name, section_url};
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, render};
use crate::question;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jobfuture_content::{Block, Guide, Level, Question, Section};

#[derive(Template)]
#[template(path = "guide/section.html")]
struct SectionPage<'a> {
    guide: &'a Guide,
    section: &'a Section,
    intro: Html,
    questions: Vec<QuestionView<'a>>,
    quick: Vec<QuickLink<'a>>,
    previous: Option<&'a Section>,
    next: Option<&'a Section>,
}

/// A question with its parts rendered.
struct QuestionView<'a> {
    question: &'a Question,
    competency: Option<&'a str>,
    /// Heading, class and HTML of each part, in order.
    parts: Vec<(&'static str, &'static str, Html)>,
}

/// Quick questions on a competency of the section.
struct QuickLink<'a> {
    name: &'a str,
    url: String,
    count: usize,
}

impl QuestionView<'_> {
    fn level_name(&self) -> &'static str {
        level_name(self.question.level)
    }

    fn level_id(&self) -> &'static str {
        level_id(self.question.level)
    }
}

impl SectionPage<'_> {
    fn guide_url(&self) -> String {
        routes::GuideUrl { guide: &self.guide.id }.to_url()
    }

    fn section_url(&self, section: &Section) -> String {
        section_url(self.guide, section)
    }

    /// The levels that there are questions of; a filter with one choice is none.
    fn levels(&self) -> Vec<Level> {
        let here = |level: &Level| self.section.questions.iter().any(|question| question.level == *level);
        let levels: Vec<_> = LEVELS.into_iter().filter(here).collect();
        if levels.len() > 1 { levels } else { Vec::new() }
    }

    fn level_name(&self, level: &Level) -> &'static str {
        level_name(*level)
    }

    fn level_id(&self, level: &Level) -> &'static str {
        level_id(*level)
    }
}

/// `GET /guides/{guide}/{section}`
pub async fn section(
    State(site): State<Site>,
    Path((guide, section)): Path<(String, String)>,
) -> Result<Response, SiteError> {
    let guide = find(&site, &guide)?;
    let at = guide.sections.iter().position(|other| other.id == section);
    let at = at.ok_or(SiteError::NotFound(Missing::Section))?;
    let section = &guide.sections[at];
    let previous = at.checked_sub(1).and_then(|at| guide.sections.get(at));
    let next = guide.sections.get(at + 1);
    let questions = section.questions.iter().map(|question| view(&site, question)).collect::<Result<_, _>>()?;
    let intro = blocks(&site, &section.intro)?;
    let quick = quick_links(&site, section);
    let main = render(&SectionPage { guide, section, intro, questions, quick, previous, next })?;
    Page {
        title: format!("{} · {}", section.title, guide.title),
        description: section.summary.clone(),
        active: Nav::Guides,
        main,
        next: ways_on(&site, guide, section),
        canonical: Some(section_url(guide, section)),
        editor: false,
    }
    .answer(&site)
}

/// By competency, in the order of the section; of a competency without questions there is nothing to say.
fn quick_links<'a>(site: &'a Site, section: &Section) -> Vec<QuickLink<'a>> {
    let library = site.library();
    let here = section.competencies.iter().filter_map(|id| library.competencies.iter().find(|c| c.id == *id));
    let links = here.map(|competency| QuickLink {
        name: &competency.name,
        url: routes::questions_on(&competency.id),
        count: question::shown(library).filter(|question| question.manifest.competency == competency.id).count(),
    });
    links.filter(|link| link.count > 0).collect()
}

fn ways_on(site: &Site, guide: &Guide, section: &Section) -> NextSteps {
    let contents =
        Step::new(routes::GuideUrl { guide: &guide.id }.to_url(), &guide.title, "All sections and questions.");
    NextSteps::of_content(site.library(), &section.next, contents.clone()).and(contents)
}

fn view<'a>(site: &'a Site, question: &'a Question) -> Result<QuestionView<'a>, SiteError> {
    let competencies = &site.library().competencies;
    let competency = competencies.iter().find(|competency| competency.id == question.competency);
    Ok(QuestionView {
        question,
        competency: competency.map(|competency| competency.name.as_str()),
        parts: vec![
            ("Why it is asked", "why", blocks(site, &question.why)?),
            ("A strong answer", "strong", blocks(site, &question.strong)?),
            ("A weak answer", "weak", blocks(site, &question.weak)?),
            ("Follow-up", "follow-up", blocks(site, &question.follow_up)?),
            ("Sources", "sources", blocks(site, &question.sources)?),
        ],
    })
}

fn blocks(site: &Site, blocks: &[Block]) -> Result<Html, SiteError> {
    let mut html = Html::default();
    for block in blocks {
        match block {
            Block::Html(text) => html.push(&Html::from_content(text.as_str())),
            Block::Proof(proof) => {
                html.push(&render(&ProofCard::new(site, proof, ProofOf::Guide, Showing::InSection))?)
            }
        }
    }
    Ok(html)
}
