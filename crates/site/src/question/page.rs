//! `/questions/{question}?variant=SEED`: the question, before it is answered.

use super::submitted::Submitted;
use super::{AskedQuery, Given, known, seed_of, words};
use crate::error::SiteError;
use crate::guide::{level_id, level_name};
use crate::page::{Html, Nav, NextSteps, Page, Step, Text, highlighted_content, render};
use crate::routes;
use crate::site::Site;
use crate::task::any_variant;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use jobfuture_content::{Block, Form, Proof, QuestionVariant};

/// What stands above a question and above its answer.
#[derive(Template)]
#[template(path = "question/head.html")]
struct Head<'a> {
    given: &'a Given<'a>,
}

impl Head<'_> {
    fn list_url(&self) -> Option<String> {
        self.given.competency.map(|competency| routes::questions_on(&competency.id))
    }

    fn another_url(&self) -> String {
        routes::QuickUrl { question: &self.given.question.id }.to_url()
    }

    fn time(&self) -> String {
        words::time(self.given.question.manifest.seconds)
    }

    fn level_name(&self) -> &'static str {
        level_name(self.given.question.manifest.tells_apart)
    }

    fn level_id(&self) -> &'static str {
        level_id(self.given.question.manifest.tells_apart)
    }
}

/// The page's head.
pub fn head(given: &Given<'_>) -> Result<Html, SiteError> {
    render(&Head { given })
}

/// Code that is asked about: to be read, not run.
#[derive(Template)]
#[template(path = "question/code.html")]
struct Code<'a> {
    proof: &'a Proof,
    highlighted: Html,
    /// Whether what it does is what is asked.
    asked: bool,
}

#[derive(Template)]
#[template(path = "question/question.html")]
struct QuestionPage<'a> {
    given: &'a Given<'a>,
    head: Html,
    prompt: Html,
    fields: Html,
    /// Why what was sent is no answer.
    wrong: Option<&'a str>,
}

/// What one answers with: options, or a field.
#[derive(Template)]
#[template(path = "question/fields.html")]
struct AnswerFields<'a> {
    form: Form,
    variant: &'a QuestionVariant,
    sent: &'a Submitted,
    wrong: Option<&'a str>,
    help: &'static str,
}

impl AnswerFields<'_> {
    fn asks(&self) -> &'static str {
        words::asks(self.form)
    }

    /// Ids of what describes the field.
    fn described_by(&self) -> &'static str {
        if self.wrong.is_some() { "wrong help" } else { "help" }
    }

    /// Options with their numbers on this page.
    fn options(&self) -> Vec<(usize, Html)> {
        let options = self.variant.options.iter().enumerate();
        options.map(|(at, option)| (at + 1, Html::from_content(option.html.as_str()))).collect()
    }

    fn typed(&self) -> Text<'_> {
        Text(&self.sent.typed)
    }
}

/// The fields to answer with, holding what was sent; `wrong` says why that is no answer.
pub fn fields(
    form: Form,
    variant: &QuestionVariant,
    sent: &Submitted,
    wrong: Option<&str>,
    help: &'static str,
) -> Result<Html, SiteError> {
    render(&AnswerFields { form, variant, sent, wrong, help })
}

/// `GET /questions/{question}`: without a variant, to any.
pub async fn question(
    State(site): State<Site>,
    Path(id): Path<String>,
    asked: AskedQuery,
) -> Result<Response, SiteError> {
    let question = known(&site, &id)?;
    let Some(seed) = seed_of(asked)? else {
        return Ok(Redirect::to(&routes::quick_url(&question.id, any_variant())).into_response());
    };
    ask(&site, &Given::new(&site, question, seed)?, &Submitted::default(), None)
}

/// The question, with what was sent and why it is no answer.
pub fn ask(site: &Site, given: &Given<'_>, sent: &Submitted, wrong: Option<&str>) -> Result<Response, SiteError> {
    let title = given.question.title();
    let form = given.question.manifest.form;
    let fields = fields(form, &given.variant, sent, wrong, words::help(form))?;
    let page = QuestionPage { given, head: head(given)?, prompt: prompt(form, &given.variant)?, fields, wrong };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page {
        title: if wrong.is_some() {
            format!("Not answered yet: {title}")
        } else {
            format!("{title} · Quick question")
        },
        description: given.description(),
        active: Nav::Questions,
        main: render(&page)?,
        next: NextSteps::of_content(site.library(), &given.question.next, Step::questions()).and(Step::questions()),
        canonical: None,
        editor: false,
    }
    .answer_with(site, status)
}

/// The prompt without what is asked for.
pub fn prompt(form: Form, variant: &QuestionVariant) -> Result<Html, SiteError> {
    let asked = matches!(form, Form::Prints | Form::Statements);
    let mut html = Html::default();
    for block in &variant.prompt {
        match block {
            Block::Html(text) => html.push(&Html::from_content(text.as_str())),
            Block::Proof(proof) => {
                let highlighted = highlighted_content(&proof.code);
                html.push(&render(&Code { proof, highlighted, asked })?);
            }
        }
    }
    Ok(html)
}
