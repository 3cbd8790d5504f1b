//! What people ask about the product, with answers: a page for candidates, one for employers, and on the pages where they arise
//! the questions that belong there.

use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step, render};
use crate::routes::{AnswersUrl, answer_url};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jobfuture_codes::Code;
use jobfuture_content::{Answers, Asked, Asker, Library, Place};

#[derive(Template)]
#[template(path = "answer/answers.html")]
struct AnswersPage<'a> {
    answers: &'a Answers,
    /// The page of the others.
    others: Option<(String, &'a str)>,
}

impl AnswersPage<'_> {
    fn answer(&self, asked: &Asked) -> Html {
        Html::from_content(&asked.answer_html)
    }
}

/// Questions at the place where they arise.
#[derive(Template)]
#[template(path = "answer/asked.html")]
struct AskedHere<'a> {
    questions: Vec<(String, &'a str)>,
    /// Where the rest of them stand.
    all: Vec<(String, &'static str)>,
}

/// `GET /answers/{asker}`
pub(crate) async fn answers(State(site): State<Site>, Path(asker): Path<String>) -> Result<Response, SiteError> {
    let library = site.library();
    let answers = Asker::parse(&asker).and_then(|asker| library.answers.get(&asker));
    let answers = answers.ok_or(SiteError::NotFound(Missing::Page))?;
    let others = library.answers.values().find(|other| other.asker != answers.asker);
    let others = others.map(|other| (url(other.asker), other.title.as_str()));
    Page {
        title: answers.title.clone(),
        description: answers.summary.clone(),
        active: Nav::Elsewhere,
        main: render(&AnswersPage { answers, others })?,
        next: NextSteps::of_content(library, &answers.next, Step::home()),
        canonical: Some(url(answers.asker)),
        editor: false,
    }
    .answer(&site)
}

/// The page of whoever asks.
pub(crate) fn url(asker: Asker) -> String {
    AnswersUrl { asker: asker.id() }.to_url()
}

/// The pages that there are, with what a list of links calls them.
pub(crate) fn pages(library: &Library) -> impl Iterator<Item = (String, &'static str)> {
    library.answers.keys().map(|asker| (url(*asker), name(*asker)))
}

fn name(asker: Asker) -> &'static str {
    match asker {
        Asker::Candidates => "Questions candidates ask",
        Asker::Employers => "Questions employers ask",
    }
}

/// A page's content with the questions that arise there below it; as it was, if nobody asks any.
pub(crate) fn with_asked(site: &Site, place: Place, mut main: Html) -> Result<Html, SiteError> {
    let asked: Vec<(Asker, &Asked)> = site.library().asked_at(place).collect();
    if asked.is_empty() {
        return Ok(main);
    }
    let mut askers: Vec<Asker> = asked.iter().map(|(asker, _)| *asker).collect();
    askers.dedup();
    let questions = asked.iter().map(|(asker, asked)| (answer_url(asker.id(), &asked.id), asked.title.as_str()));
    let all = askers.into_iter().map(|asker| (url(asker), name(asker)));
    main.push(&render(&AskedHere { questions: questions.collect(), all: all.collect() })?);
    Ok(main)
}
