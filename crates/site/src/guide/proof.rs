//! Proofs: shown in a section, alone on a page, and run by the reader.

use super::find;
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, Text, html_response, render};
use crate::practice::{self, Client, Form, Mode, StatementList};
use crate::proofs::ProofRecord;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};
use jobfuture_content::{Guide, Proof, Section, highlight_python};
use jobfuture_grader::SnippetRun;
use std::sync::Arc;

/// Where a proof is shown: in its section the code is there to be read, alone it is there to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    /// Among the text of a section.
    InSection,
    /// On a page of its own.
    Alone,
}

/// A snippet with what it claims, what is known of it, and a form to run it.
#[derive(Template)]
#[template(path = "guide/proof.html")]
pub struct ProofCard<'a> {
    proof: &'a Proof,
    showing: Showing,
    /// What stands in the form.
    code: String,
    highlighted: Html,
    record: Option<ProofRecord>,
    off: Option<&'a str>,
    /// What came of running it.
    result: Option<Html>,
}

impl<'a> ProofCard<'a> {
    /// A proof as its author wrote it.
    pub fn new(site: &'a Site, proof: &'a Proof, showing: Showing) -> Self {
        let project = site.library().projects.get(&proof.project);
        Self {
            proof,
            showing,
            code: proof.code.clone(),
            highlighted: Html::from_content(highlight_python(&proof.code)),
            record: project.and_then(|project| site.proofs().get(&proof.key(project))),
            off: site.practice().off(),
            result: None,
        }
    }

    fn run_url(&self) -> String {
        routes::ProofRunUrl { guide: &self.proof.guide, proof: &self.proof.id }.to_url()
    }

    fn url(&self) -> String {
        routes::ProofUrl { guide: &self.proof.guide, proof: &self.proof.id }.to_url()
    }

    fn is_alone(&self) -> bool {
        self.showing == Showing::Alone
    }

    /// The code as its author wrote it.
    fn given(&self) -> Text<'_> {
        Text(&self.proof.code)
    }

    fn code(&self) -> Text<'_> {
        Text(&self.code)
    }

    /// Lines of a text field that shows all of the code.
    fn rows(&self) -> usize {
        self.code.lines().count().clamp(3, 40) + 1
    }
}

/// What running a snippet showed.
#[derive(Template)]
#[template(path = "guide/run.html")]
struct RunResult<'a> {
    proof: &'a Proof,
    run: &'a SnippetRun,
    statements: StatementList,
    /// Whether what was run is what the author wrote, so that its claims can be held against it.
    as_written: bool,
}

impl RunResult<'_> {
    /// What a reader wants to know first, in one sentence; also what is announced.
    fn summary(&self) -> String {
        let counted = self.run.counted();
        let statements = match counted {
            0 => "no statement reached the database".to_owned(),
            1 => "1 statement reached the database".to_owned(),
            _ => format!("{counted} statements reached the database"),
        };
        match (&self.run.stopped, self.run.finished) {
            (Some(stop), _) => stop.says.clone(),
            (None, true) => format!("It ran to its end; {statements}."),
            (None, false) => format!("It raised an exception; {statements}."),
        }
    }

    /// Whether the run did what the proof claims; `None` if it was changed.
    fn holds(&self) -> Option<bool> {
        let statements = self.proof.statements.is_none_or(|count| count == self.run.counted());
        let output = self.proof.output.as_deref().is_none_or(|output| same_text(output, &self.run.output));
        self.as_written.then_some(self.run.finished && self.run.stopped.is_none() && statements && output)
    }

    fn time(&self) -> String {
        format!("{:.0} ms", self.run.total_ms)
    }
}

/// Equal but for white space at the ends of lines and of the whole.
fn same_text(a: &str, b: &str) -> bool {
    a.trim_end().lines().map(str::trim_end).eq(b.trim_end().lines().map(str::trim_end))
}

#[derive(Template)]
#[template(path = "guide/proof_page.html")]
struct ProofPage<'a> {
    guide: &'a Guide,
    section: &'a Section,
    heading: &'a str,
    back: &'a str,
    card: Html,
}

impl ProofPage<'_> {
    fn guide_url(&self) -> String {
        routes::GuideUrl { guide: &self.guide.id }.to_url()
    }
}

/// A proof and the place in which it stands.
struct Place<'a> {
    guide: &'a Guide,
    section: &'a Section,
    /// The question, or the section's heading if the proof stands in its introduction.
    heading: &'a str,
    url: String,
    proof: &'a Arc<Proof>,
}

fn place<'a>(site: &'a Site, guide: &str, proof: &str) -> Result<Place<'a>, SiteError> {
    let guide = find(site, guide)?;
    for section in &guide.sections {
        let section_url = super::section_url(guide, section);
        let in_intro = (section.title.as_str(), section_url, section.intro.iter().collect::<Vec<_>>());
        let in_questions = section.questions.iter().map(|question| {
            let url = routes::question_url(&guide.id, &section.id, &question.id);
            (question.title.as_str(), url, question.blocks().collect())
        });
        for (heading, url, blocks) in std::iter::once(in_intro).chain(in_questions) {
            if let Some(proof) = blocks.iter().filter_map(|block| block.proof()).find(|p| p.id == proof) {
                return Ok(Place { guide, section, heading, url, proof });
            }
        }
    }
    Err(SiteError::NotFound(Missing::Proof))
}

/// `GET /guides/{guide}/proofs/{proof}`
pub async fn proof(
    State(site): State<Site>,
    Path((guide, proof)): Path<(String, String)>,
) -> Result<Response, SiteError> {
    let place = place(&site, &guide, &proof)?;
    let card = render(&ProofCard::new(&site, place.proof, Showing::Alone))?;
    answer(&site, &place, card, StatusCode::OK)
}

fn answer(site: &Site, place: &Place<'_>, card: Html, status: StatusCode) -> Result<Response, SiteError> {
    let Place { guide, section, heading, url, proof } = place;
    let page = Page {
        title: format!("Proof: {heading}"),
        description: format!("Run and change the code that proves it. {}", section.summary),
        active: Nav::Guides,
        main: render(&ProofPage { guide, section, heading, back: url, card })?,
        next: NextSteps::new(Step::new(url, *heading, "Back to the question that this proof belongs to."))
            .and(Step::tasks()),
        canonical: Some(routes::ProofUrl { guide: &guide.id, proof: &proof.id }.to_url()),
        editor: true,
    };
    page.answer_with(site, status)
}

/// `GET /guides/{guide}/proofs/{proof}/run`: somebody reloads or shares the address of a result.
pub async fn run_was_reloaded(Path((guide, proof)): Path<(String, String)>) -> Response {
    Redirect::to(&routes::ProofUrl { guide: &guide, proof: &proof }.to_url()).into_response()
}

/// `POST /guides/{guide}/proofs/{proof}/run`
pub async fn run_proof(
    State(site): State<Site>,
    Path((guide, proof)): Path<(String, String)>,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let place = place(&site, &guide, &proof)?;
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let code = form.text("code")?.unwrap_or_default();
    let result = run(&site, client, place.proof, &code).await;
    match (Mode::of(&headers), result) {
        (Mode::Fragment, result) => Ok(html_response(StatusCode::OK, result?)),
        (Mode::Page, result) => {
            let (status, html) = match result {
                Ok(html) => (StatusCode::OK, html),
                Err(error) => (error.status(), error.fragment()?),
            };
            let mut card = ProofCard::new(&site, place.proof, Showing::Alone);
            (card.code, card.result) = (code, Some(html));
            answer(&site, &place, render(&card)?, status)
        }
    }
}

async fn run(site: &Site, client: Client, proof: &Proof, code: &str) -> Result<Html, SiteError> {
    let limit = site.config().practice.file_bytes;
    if code.trim().is_empty() {
        return Err(SiteError::Refused("There is no code to run: the field is empty.".to_owned()));
    }
    if code.len() > limit {
        let bytes = Some(code.len() as u64);
        return Err(SiteError::TooLarge { what: "The snippet".to_owned(), bytes, limit });
    }
    let run = practice::run_snippet(site, client, proof.project.clone(), code.to_owned()).await?;
    render(&RunResult {
        proof,
        run: &run,
        statements: StatementList::new(&run.statements),
        as_written: same_text(code, &proof.code),
    })
}
