//! A guide's proof on a page of its own, and its runs.

use super::card::{ProofCard, ProofOf, Ran, Showing, shows};
use super::find;
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, render};
use crate::practice::Client;
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};
use jobfuture_content::{Guide, Proof, Section};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "guide/proof_page.html")]
struct ProofPage<'a> {
    guide: &'a Guide,
    section: &'a Section,
    heading: &'a str,
    back: &'a str,
    shows: &'static str,
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
    let card = render(&ProofCard::new(&site, place.proof, ProofOf::Guide, Showing::Alone))?;
    answer(&site, &place, card, StatusCode::OK)
}

fn answer(site: &Site, place: &Place<'_>, card: Html, status: StatusCode) -> Result<Response, SiteError> {
    let Place { guide, section, heading, url, proof } = place;
    let page = Page {
        title: format!("Proof: {heading}"),
        description: format!("Run and change the code that proves it. {}", section.summary),
        active: Nav::Guides,
        main: render(&ProofPage { guide, section, heading, back: url, shows: shows(proof), card })?,
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
    let card = ProofCard::new(&site, place.proof, ProofOf::Guide, Showing::Alone);
    match card.run(&site, client, &headers, body).await? {
        Ran::Fragment(response) => Ok(response),
        Ran::Card(status, card) => answer(&site, &place, card, status),
    }
}
