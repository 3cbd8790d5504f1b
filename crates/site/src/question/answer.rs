//! `POST /questions/{question}?variant=SEED`: whether it was right, and why.

use super::order::after;
use super::page::{ask, head};
use super::submitted::Submitted;
use super::{AskedQuery, Given, known, seed_of, words};
use crate::error::SiteError;
use crate::guide::{ProofCard, ProofOf, Showing};
use crate::page::{Html, Nav, NextSteps, Page, Step, Text, render};
use crate::practice::Form;
use crate::routes;
use crate::site::Site;
use crate::task::any_variant;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use jobfuture_content::{AnswerKey, Block, Library, QuickQuestion};

/// Tries to find other numbers before any will do.
const DRAWS: usize = 24;

/// An answer with everything that is to be said of it.
#[derive(Template)]
#[template(path = "question/told.html")]
struct Told<'a> {
    given: &'a Given<'a>,
    head: Html,
    right: bool,
    sent: &'a Submitted,
    options: Vec<Judged>,
    prompt: Html,
    explanation: Html,
    /// What one can do next.
    actions: Html,
}

/// What one can do after practising.
#[derive(Template)]
#[template(path = "question/answer_actions.html")]
struct Actions<'a> {
    given: &'a Given<'a>,
    right: bool,
    /// Another variant, if the numbers vary.
    another: Option<String>,
    next: Step,
    /// Whether no question comes after it.
    is_last: bool,
}

/// An option with what is to be said of it.
struct Judged {
    html: Html,
    why: Html,
    right: bool,
    chosen: bool,
}

impl Judged {
    fn mark(&self) -> &'static str {
        match (self.right, self.chosen) {
            (true, true) => "Right, and you chose it",
            (true, false) => "Right, and you did not choose it",
            (false, true) => "Not right, and you chose it",
            (false, false) => "Not right",
        }
    }
}

impl Told<'_> {
    fn verdict(&self) -> &'static str {
        verdict(self.right)
    }

    /// What is said of the options that were chosen; empty where something was typed.
    fn chosen(&self) -> String {
        let count = |is: fn(&Judged) -> bool| self.options.iter().filter(|option| is(option)).count();
        let (found, all) = (count(|one| one.right && one.chosen), count(|one| one.right));
        let wrong = match count(|one| !one.right && one.chosen) {
            0 => String::new(),
            wrong => format!(", and {wrong} that {} not", if wrong == 1 { "is" } else { "are" }),
        };
        match (self.options.is_empty(), self.right) {
            (true, _) => String::new(),
            (_, true) if all > 1 => "You chose all that are right, and no other.".to_owned(),
            (_, true) => "You chose the one that is right.".to_owned(),
            _ if all == 1 && found == 0 => "You chose another than the one that is right.".to_owned(),
            _ if found == all => format!("You chose all that are right{wrong}."),
            _ => format!("You chose {found} of the {all} that are right{wrong}."),
        }
    }

    fn typed(&self) -> Text<'_> {
        Text(self.sent.typed.trim_end())
    }

    /// The right answer of a form that is typed.
    fn key(&self) -> Option<&str> {
        match &self.given.variant.key {
            AnswerKey::Options(_) => None,
            AnswerKey::Number(key) | AnswerKey::Printed(key) => Some(key.trim()),
            AnswerKey::Text(keys) => keys.first().map(|key| key.trim()),
        }
    }

    /// Other spellings that are right too.
    fn also(&self) -> &[String] {
        match &self.given.variant.key {
            AnswerKey::Text(keys) => keys.get(1..).unwrap_or_default(),
            _ => &[],
        }
    }
}

fn verdict(right: bool) -> &'static str {
    if right { "Right" } else { "Not right" }
}

/// `POST /questions/{question}?variant=SEED`
pub async fn answer(
    State(site): State<Site>,
    Path(id): Path<String>,
    asked: AskedQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, SiteError> {
    let question = known(&site, &id)?;
    let Some(seed) = seed_of(asked)? else {
        let why = "The form does not say which variant of the question it answers.";
        return Err(SiteError::UnreadableForm(why.to_owned()));
    };
    let form = Form::read(&headers, body, &site.config().practice).await?;
    let (given, sent) = (Given::new(&site, question, seed)?, Submitted::of(&form));
    if let Some(why) = &sent.unreadable {
        return ask(&site, &given, &sent, Some(why));
    }
    let answer = sent.answer(question.manifest.form, &given.variant);
    match question.check_answer(&answer, given.variant.options.len()) {
        Ok(()) => show(&site, &given, &sent, given.variant.key.accepts(&answer)),
        Err(why) => ask(&site, &given, &sent, Some(&why.to_string())),
    }
}

fn show(site: &Site, given: &Given<'_>, sent: &Submitted, right: bool) -> Result<Response, SiteError> {
    let (question, variant) = (given.question, &given.variant);
    let next = next_question(site.library(), given);
    let actions = Actions {
        given,
        right,
        another: another(question, variant.seed).map(|seed| routes::quick_url(&question.id, seed)),
        is_last: next.url == routes::QUESTIONS,
        next: next.clone(),
    };
    let main = told(site, given, sent, right, head(given)?, render(&actions)?)?;
    let steps = NextSteps::of_content(site.library(), &question.next, Step::questions());
    Page {
        title: format!("{}: {}", verdict(right), question.title()),
        description: given.description(),
        active: Nav::Questions,
        main,
        next: steps.iter().cloned().fold(NextSteps::new(next), NextSteps::and).and(Step::questions()),
        canonical: None,
        editor: false,
    }
    .answer(site)
}

/// An answer with whether it was right, why, and what to take away.
pub fn told(
    site: &Site,
    given: &Given<'_>,
    sent: &Submitted,
    right: bool,
    head: Html,
    actions: Html,
) -> Result<Html, SiteError> {
    let variant = &given.variant;
    render(&Told {
        given,
        head,
        right,
        sent,
        options: judged(given, sent),
        prompt: blocks(site, &variant.prompt, variant.seed)?,
        explanation: blocks(site, &variant.explanation, variant.seed)?,
        actions,
    })
}

fn judged(given: &Given<'_>, sent: &Submitted) -> Vec<Judged> {
    let options = given.variant.options.iter().enumerate().map(|(at, option)| Judged {
        html: Html::from_content(option.html.as_str()),
        why: Html::from_content(option.why_html.as_str()),
        right: option.right,
        chosen: sent.chose(&(at + 1)),
    });
    options.collect()
}

fn blocks(site: &Site, blocks: &[Block], seed: u64) -> Result<Html, SiteError> {
    let mut html = Html::default();
    for block in blocks {
        match block {
            Block::Html(text) => html.push(&Html::from_content(text.as_str())),
            Block::Proof(proof) => {
                let card = ProofCard::new(site, proof, ProofOf::Question(seed), Showing::InSection);
                html.push(&render(&card)?);
            }
        }
    }
    Ok(html)
}

/// A seed that draws other numbers than this one, if they vary at all.
fn another(question: &QuickQuestion, seed: u64) -> Option<u64> {
    if !question.is_family() {
        return None;
    }
    let here = question.parameters_of(seed);
    let mut seeds = std::iter::repeat_with(any_variant).take(DRAWS);
    Some(seeds.find(|seed| question.parameters_of(*seed) != here).unwrap_or_else(any_variant))
}

/// The next question, or the list behind the last one.
fn next_question(library: &Library, given: &Given<'_>) -> Step {
    let here = given.competency.map_or("", |competency| competency.name.as_str());
    let Some((competency, question)) = after(library, given.question) else {
        return Step::new(routes::QUESTIONS, "All quick questions", "This was the last of the list.");
    };
    let time = words::time(question.manifest.seconds);
    let why = if competency.name == here {
        format!("The next one on {here}, {time}.")
    } else {
        format!("This was the last one on {here}. The next is on {}, {time}.", competency.name)
    };
    Step::new(routes::QuickUrl { question: &question.id }.to_url(), question.title(), why)
}
