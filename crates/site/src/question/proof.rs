//! A proof of a question on a page of its own, and its runs. It shows what it claims: answers lead here, questions do not.

use super::{AskedQuery, Given, known, seed_of};
use crate::error::{Missing, SiteError};
use crate::guide::{ProofCard, ProofOf, Ran, Showing, shows};
use crate::page::{Html, Nav, NextSteps, Page, Step, render};
use crate::practice::Client;
use crate::routes::{self, QuickProofUrl};
use crate::site::Site;
use crate::task::any_variant;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};
use jobfuture_content::Proof;

#[derive(Template)]
#[template(path = "question/proof_page.html")]
struct ProofPage<'a> {
    given: &'a Given<'a>,
    shows: &'static str,
    card: Html,
}

/// `GET /questions/{question}/proofs/{proof}?variant=SEED`
pub async fn proof(
    State(site): State<Site>,
    Path((id, proof)): Path<(String, String)>,
    asked: AskedQuery,
) -> Result<Response, SiteError> {
    let question = known(&site, &id)?;
    let seed = seed_of(asked)?;
    let given = Given::new(&site, question, seed.unwrap_or_else(any_variant))?;
    let found = find(&given, &proof)?;
    if seed.is_none() {
        let url = QuickProofUrl { question: &question.id, proof: &found.id }.to_url();
        return Ok(Redirect::to(&routes::in_variant(&url, given.variant.seed)).into_response());
    }
    let of = ProofOf::Question(given.variant.seed);
    let card = render(&ProofCard::new(&site, found, of, Showing::Alone))?;
    answer(&site, &given, found, card, StatusCode::OK)
}

/// `GET /questions/{question}/proofs/{proof}/run`: somebody reloads or shares the address of a result.
pub async fn run_was_reloaded(
    Path((question, proof)): Path<(String, String)>,
    asked: AskedQuery,
) -> Result<Response, SiteError> {
    let url = QuickProofUrl { question: &question, proof: &proof }.to_url();
    let url = seed_of(asked)?.map_or_else(|| url.clone(), |seed| routes::in_variant(&url, seed));
    Ok(Redirect::to(&url).into_response())
}

/// `POST /questions/{question}/proofs/{proof}/run?variant=SEED`
pub async fn run_proof(
    State(site): State<Site>,
    Path((id, proof)): Path<(String, String)>,
    asked: AskedQuery,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let question = known(&site, &id)?;
    let Some(seed) = seed_of(asked)? else {
        let why = "The form does not say which variant of the question its code belongs to.";
        return Err(SiteError::UnreadableForm(why.to_owned()));
    };
    let given = Given::new(&site, question, seed)?;
    let found = find(&given, &proof)?;
    let card = ProofCard::new(&site, found, ProofOf::Question(seed), Showing::Alone);
    match card.run(&site, client, &headers, body).await? {
        Ran::Fragment(response) => Ok(response),
        Ran::Card(status, card) => answer(&site, &given, found, card, status),
    }
}

fn find<'a>(given: &'a Given<'_>, proof: &str) -> Result<&'a Proof, SiteError> {
    let mut proofs = given.variant.proofs().map(AsRef::as_ref);
    proofs.find(|found: &&Proof| found.id == proof).ok_or(SiteError::NotFound(Missing::QuestionProof))
}

fn answer(
    site: &Site,
    given: &Given<'_>,
    proof: &Proof,
    card: Html,
    status: StatusCode,
) -> Result<Response, SiteError> {
    let title = given.question.title();
    Page {
        title: format!("Code of: {title}"),
        description: given.description(),
        active: Nav::Questions,
        main: render(&ProofPage { given, shows: shows(proof), card })?,
        next: NextSteps::new(Step::new(given.url(), title, "Back to the question, in the same variant."))
            .and(Step::questions()),
        canonical: None,
        editor: true,
    }
    .answer_with(site, status)
}
