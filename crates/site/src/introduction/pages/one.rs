//! `/introductions/{introduction}` and the same for its company: where one stands, whose turn it is and until when, and each way on or out.

use super::{Eyes, Party, Typed, capital, ended_words, page};
use crate::error::SiteError;
use crate::introduction::talk::{self, Looking};
use crate::introduction::{Declined, Introduction, Line, Move, Side, Stage};
use crate::page::{Html, day, moment, render};
use crate::profile::{SeenPart, words_of};
use crate::routes::{CompanyUrl, VacancyUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::{Kind, PreviewFor};
use serde::Deserialize;

/// What a company's address names.
#[derive(Deserialize)]
pub(crate) struct Which {
    pub introduction: String,
}

/// How a page is shown: as it was asked for, or because something was not done.
#[derive(Debug)]
pub(crate) struct Shown {
    /// Of the answer.
    pub status: StatusCode,
    /// What is wrong, as a sentence with the mend.
    pub wrong: Option<String>,
    /// What was typed.
    pub typed: Typed,
    /// Which lines of a conversation, in which zone.
    pub looking: Looking,
}

impl Default for Shown {
    fn default() -> Self {
        Self { status: StatusCode::OK, wrong: None, typed: Typed::new(), looking: Looking::default() }
    }
}

#[derive(Template)]
#[template(path = "introduction/pages/one.html")]
struct One<'a> {
    list_url: String,
    url: String,
    is_company: bool,
    title: String,
    about: String,
    pay: String,
    facts: Vec<(&'static str, String)>,
    vacancy_url: Option<String>,
    /// Its page, and what it is called.
    company_page: Option<(String, String)>,
    state: String,
    notices: Vec<String>,
    wrong: Option<String>,
    lines: Vec<Said>,
    seen_title: &'static str,
    seen: Option<Html>,
    figures: Option<Html>,
    talk: Option<Html>,
    /// Of an open one: how its interview is prepared.
    kit_url: Option<String>,
    may: May,
    version: i64,
    question: &'a str,
    answer: &'a str,
    /// What was typed into a form that is not there any more.
    kept: Vec<&'a str>,
}

/// What can be done now, on this page or from it.
#[derive(Default)]
struct May {
    accept: bool,
    ask: bool,
    answer: bool,
    decline: bool,
    withdraw: bool,
}

/// A line as people read it.
struct Said {
    id: String,
    who: String,
    when: String,
    paragraphs: Vec<String>,
    next: Vec<String>,
}

/// `GET /introductions/{introduction}`, and `GET /companies/{company}/introductions/{introduction}`
pub(crate) async fn one(
    State(site): State<Site>,
    party: Party,
    Path(which): Path<Which>,
    RawQuery(query): RawQuery,
) -> Result<Response, SiteError> {
    let eyes = party.eyes()?;
    let one = eyes.find(&site, &which.introduction).await?;
    let looking = Looking::of(query.as_deref())?;
    show(&site, eyes, &one, Shown { looking, ..Shown::default() }).await
}

/// Shows one as it stands now.
pub(crate) async fn show(site: &Site, eyes: Eyes<'_>, one: &Introduction, shown: Shown) -> Result<Response, SiteError> {
    let (terms, words) = (&one.terms, words_of(site.library()));
    let (seen, called) = seen(site, eyes, one).await?;
    // Its candidate reads it for good.
    let is_read = one.is_open() || one.opened_at.is_some() && eyes.side() == Side::Candidate;
    let talk = match is_read {
        true => {
            let called = called.as_deref().unwrap_or("the candidate");
            Some(talk::part(site, eyes.actor(), one, called, &shown.looking).await?)
        }
        false => None,
    };
    let lines = if talk.is_some() { Vec::new() } else { eyes.lines(site, one).await? };
    let is_company = eyes.side() == Side::Company;
    let facts = [
        ("Role", words.shown(Kind::Role, &terms.role).to_owned()),
        ("Level", words.shown(Kind::Level, &terms.level).to_owned()),
        ("Place", crate::vacancy::place_of(terms)),
        ("Begun", day(one.made_at)),
    ];
    let public = match one.vacancy {
        Some(id) => site.vacancies().public(id).await?.map(|_| VacancyUrl { vacancy: &id.to_string() }.to_url()),
        None => None,
    };
    let verified = site.companies().public_words(&one.domain).await?.is_some();
    let typed = |name: &'static str| shown.typed.get(name).map_or("", String::as_str);
    let may = may(site, eyes, one);
    let kept = shown.typed.iter().filter(|(name, text)| {
        let has_form = **name == "question" && may.ask || **name == "answer" && may.answer || talk.is_some();
        !has_form && !text.trim().is_empty()
    });
    let kept = kept.map(|(_, text)| text.as_str()).collect();
    let figures = match eyes.side() {
        Side::Candidate if one.is_alive() => Some(site.introductions().figures(one.company).await?.part()?),
        _ => None,
    };
    let main = render(&One {
        list_url: eyes.list_url(),
        url: eyes.url(one.id),
        is_company,
        title: title(eyes, one, called),
        about: terms.title.clone(),
        pay: terms.pay.words(),
        facts: facts.to_vec(),
        vacancy_url: public,
        company_page: verified.then(|| (CompanyUrl { domain: &one.domain }.to_url(), one.company_name.clone())),
        state: state(eyes, one),
        notices: notices(site, eyes, one, seen.is_some()).await?,
        wrong: shown.wrong,
        lines: lines.iter().map(|line| said(eyes, one, line)).collect(),
        seen_title: if is_company { "What you see of them" } else { "What they see of you now" },
        seen,
        figures,
        talk,
        kit_url: one.is_open().then(|| format!("{}/kit", eyes.url(one.id))),
        may,
        version: one.version,
        question: typed("question"),
        answer: typed("answer"),
        kept,
    })?;
    site.introductions().saw(eyes.side(), one).await?;
    page(eyes, "An introduction", main).answer_private(site, shown.status)
}

/// What the company sees of the candidate now, through the door; for the candidate, the same as a preview.
async fn seen(site: &Site, eyes: Eyes<'_>, one: &Introduction) -> Result<(Option<Html>, Option<String>), SiteError> {
    if !one.is_alive() {
        return Ok((None, None));
    }
    let seen = match (eyes, one.candidate) {
        (Eyes::Candidate(session), _) => {
            site.disclosure().preview(session.owner().key(), PreviewFor::Company(one.company)).await?
        }
        (Eyes::Company(viewer, _), Some(name)) => site.disclosure().see(viewer, name).await?,
        (Eyes::Company(..), None) => None,
    };
    let letters = one.candidate.map(|name| format!("Candidate {}", name.short()));
    let called = seen.as_ref().map(jobfuture_disclosure::Seen::called).or(letters);
    let part = seen.map(|seen| render(&SeenPart::of(&seen, site.library()))).transpose()?;
    Ok((part, called))
}

fn title(eyes: Eyes<'_>, one: &Introduction, called: Option<String>) -> String {
    let is_request = one.standing.begun_by == Side::Company;
    match (eyes, called) {
        (Eyes::Candidate(_), _) if is_request => format!("{} asks you", one.company_name),
        (Eyes::Candidate(_), _) => format!("Your application to {}", one.company_name),
        (Eyes::Company(..), Some(called)) if is_request => format!("Your request to {called}"),
        (Eyes::Company(..), Some(called)) => format!("{called} applies"),
        (Eyes::Company(..), None) if is_request => "A request of yours that has ended".to_owned(),
        (Eyes::Company(..), None) => "An application that has ended".to_owned(),
    }
}

/// Whose turn it is and until when, or how it ended.
fn state(eyes: Eyes<'_>, one: &Introduction) -> String {
    let standing = &one.standing;
    let (Some(turn), Some(due)) = (standing.turn(), standing.due()) else {
        return standing.ending().map(|ending| ended_words(eyes, one, ending)).unwrap_or_default();
    };
    let until = moment(due);
    let what = match (standing.stage(), turn == eyes.side()) {
        (Stage::Inquired, true) => "A question waits for your answer.",
        (Stage::Inquired, false) => "Your question waits for its answer. You can decide without it.",
        (Stage::Open, _) => "Both have said yes.",
        _ => "",
    };
    match turn == eyes.side() {
        true => format!("{what} It is your turn, until {until}. If you do nothing it ends by itself then.")
            .trim()
            .to_owned(),
        false => {
            let other = eyes.other(one);
            format!("{what} It is the turn of {other}, until {until}. If they do nothing it ends by itself then.")
                .trim()
                .to_owned()
        }
    }
}

async fn notices(site: &Site, eyes: Eyes<'_>, one: &Introduction, sees: bool) -> Result<Vec<String>, SiteError> {
    let mut notices = Vec::new();
    match eyes {
        Eyes::Candidate(_) => {
            if one.is_alive() && !sees {
                notices.push(format!(
                    "{} sees nothing of your profile: you show it nothing, or it is not verified at the moment.",
                    one.company_name
                ));
            } else if one.is_open() && !site.introductions().shows_something(one).await? {
                notices.push(
                    "Nothing that you granted for this conversation is shown any more. You can grant something again under “Who sees what”."
                        .to_owned(),
                );
            }
            if !one.is_alive() {
                notices.push(
                    "What you granted for it has ended with it. The company keeps when it was, which vacancy, and how it ended; you keep what was \
                     written."
                        .to_owned(),
                );
            }
        }
        Eyes::Company(viewer, _) => {
            if !viewer.is_verified() {
                notices.push(
                    "Your company is not verified at the moment: it sees nothing of candidates and can do nothing here. The times run on."
                        .to_owned(),
                );
            } else if one.is_alive() && !sees {
                notices.push(
                    "The candidate shows your company nothing of their profile now. What was written stays.".to_owned(),
                );
            }
            if !one.is_alive() {
                notices.push(
                    "At the end your company keeps when it was, which vacancy, and how it ended. What was written, and who it was, is the candidate’s."
                        .to_owned(),
                );
            }
        }
    }
    Ok(notices)
}

fn may(site: &Site, eyes: Eyes<'_>, one: &Introduction) -> May {
    let now = site.introductions().now();
    if matches!(eyes, Eyes::Company(viewer, _) if !viewer.is_verified()) {
        return May::default();
    }
    let may = |what: Move| one.standing.may(eyes.side(), what, now);
    May {
        accept: may(Move::Accept),
        ask: may(Move::Ask),
        answer: may(Move::Answer),
        decline: may(Move::Decline(Declined::Other)),
        withdraw: may(Move::Withdraw),
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn said(eyes: Eyes<'_>, one: &Introduction, line: &Line) -> Said {
    let who = match line.by {
        Some(side) if side == eyes.side() && side == Side::Candidate => "You".to_owned(),
        Some(Side::Candidate) => "The candidate".to_owned(),
        Some(Side::Company) => match &line.member {
            Some(name) => format!("{name} at {}", one.company_name),
            None => one.company_name.clone(),
        },
        None => String::new(),
    };
    let who = if who.is_empty() { capital(line.deed.words()) } else { format!("{who} {}", line.deed.words()) };
    Said {
        id: format!("line-{}", line.nth),
        who,
        when: moment(line.made_at),
        paragraphs: line.text.as_deref().map(paragraphs).unwrap_or_default(),
        next: line.next.as_deref().map(paragraphs).unwrap_or_default(),
    }
}
