//! `/introductions` and the same for a company: what waits for whom, by when first, and what has ended.

use super::{Eyes, ended_words, page};
use crate::account::Session;
use crate::company::ForCompany;
use crate::error::SiteError;
use crate::introduction::{Introduction, Side, Stage};
use crate::page::{day, moment, render};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jobfuture_disclosure::AsCompany;

#[derive(Template)]
#[template(path = "introduction/pages/list.html")]
struct List {
    is_company: bool,
    name: String,
    home_url: String,
    room: String,
    yours: Vec<Line>,
    theirs: Vec<Line>,
    ended: Vec<Line>,
}

struct Line {
    url: String,
    title: String,
    pay: String,
    state: String,
}

/// Something that waits, for a page of what waits.
#[derive(Debug, Clone)]
pub(crate) struct Waits {
    /// Where it is done.
    pub url: String,
    /// What it is.
    pub title: String,
    /// By when, and what comes next.
    pub by_when: String,
}

/// `GET /introductions`
pub(crate) async fn introductions(State(site): State<Site>, session: Session) -> Result<Response, SiteError> {
    let all = site.introductions().of(session.owner().key()).await?;
    let room = site.introductions().room_of(session.owner().key()).await?;
    let room = format!(
        "{} of {} applications of yours wait; {} of {} were sent within 24 hours.",
        room.waiting, room.most, room.today, room.most_a_day
    );
    show(&site, Eyes::Candidate(&session), all, room)
}

/// `GET /companies/{company}/introductions`
pub(crate) async fn company_list(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    let eyes = Eyes::of(&company)?;
    let Eyes::Company(viewer, _) = eyes else { return Err(SiteError::Internal) };
    let all = site.introductions().of_company(viewer).await?;
    let room = site.introductions().room_of_company(viewer).await?;
    let counts = format!(
        "{} of {} requests of your company wait; {} of {} were begun within 24 hours.",
        room.waiting, room.most, room.today, room.most_a_day
    );
    let why = room.of_requests().map(|why| format!(" {why}")).unwrap_or_default();
    show(&site, eyes, all, counts + &why)
}

fn show(site: &Site, eyes: Eyes<'_>, all: Vec<Introduction>, room: String) -> Result<Response, SiteError> {
    let (living, mut ended): (Vec<Introduction>, Vec<Introduction>) = all.into_iter().partition(Introduction::is_alive);
    let (mut yours, mut theirs): (Vec<Introduction>, Vec<Introduction>) =
        living.into_iter().partition(|one| one.standing.turn() == Some(eyes.side()));
    for list in [&mut yours, &mut theirs] {
        list.sort_by_key(|one| (one.standing.due(), one.id));
    }
    ended.sort_by_key(|one| (std::cmp::Reverse(one.ended_at), one.id));
    let lines = |list: &[Introduction]| list.iter().map(|one| line(eyes, one)).collect();
    let (name, home_url) = match eyes {
        Eyes::Candidate(_) => ("For you".to_owned(), crate::routes::YOU.to_owned()),
        Eyes::Company(viewer, _) => (
            viewer.name().to_owned(),
            crate::routes::CompanyHomeUrl { company: &viewer.company().to_string() }.to_url(),
        ),
    };
    let main = render(&List {
        is_company: eyes.side() == Side::Company,
        name,
        home_url,
        room,
        yours: lines(&yours),
        theirs: lines(&theirs),
        ended: lines(&ended),
    })?;
    page(eyes, "Introductions", main).answer_private(site, StatusCode::OK)
}

/// With whom: a company by its name, a candidate by the letters that a list has for them. What they are called is shown on their page.
fn whom(eyes: Eyes<'_>, one: &Introduction) -> String {
    match (eyes, one.candidate) {
        (Eyes::Candidate(_), _) => one.company_name.clone(),
        (Eyes::Company(..), Some(name)) => format!("Candidate {}", name.short()),
        (Eyes::Company(..), None) => String::new(),
    }
}

fn line(eyes: Eyes<'_>, one: &Introduction) -> Line {
    let is_own = one.standing.begun_by == eyes.side();
    let what = match (one.standing.begun_by, is_own) {
        (Side::Company, true) => "Your request",
        (Side::Company, false) => "Asks you",
        (Side::Candidate, true) => "Your application",
        (Side::Candidate, false) => "Applies",
    };
    let state = match (one.standing.ending(), one.standing.due()) {
        (Some(ending), _) => ended_words(eyes, one, ending),
        (None, due) => format!("{}, until {}.", stage_words(eyes, one), due.map(moment).unwrap_or_default()),
    };
    let whom = whom(eyes, one);
    let title = match (eyes, whom.as_str()) {
        (_, "") => format!("{what} of {}: {}", day(one.made_at), one.terms.title),
        (_, whom) => format!("{whom}: {}", one.terms.title),
    };
    Line { url: eyes.url(one.id), title, pay: one.terms.pay.words(), state: format!("{what}. {state}") }
}

/// What it waits for.
fn stage_words(eyes: Eyes<'_>, one: &Introduction) -> &'static str {
    let is_yours = one.standing.turn() == Some(eyes.side());
    match (one.standing.stage(), is_yours) {
        (Stage::Asked, true) => "Waits for your yes, question or no",
        (Stage::Asked, false) => "Waits for their yes, question or no",
        (Stage::Inquired, true) => "A question waits for your answer",
        (Stage::Inquired, false) => "Your question waits for its answer",
        (Stage::Open, true) => "Open; it is your turn to write",
        (Stage::Open, false) => "Open; it is their turn to write",
        (Stage::Ended, _) => "Over",
    }
}

fn waits(eyes: Eyes<'_>, all: Vec<Introduction>) -> Vec<Waits> {
    let mut mine: Vec<Introduction> = all.into_iter().filter(|one| one.standing.turn() == Some(eyes.side())).collect();
    mine.sort_by_key(|one| (one.standing.due(), one.id));
    let one = |one: &Introduction| Waits {
        url: eyes.url(one.id),
        title: format!("{}: {}", whom(eyes, one), one.terms.title),
        by_when: format!("{}, until {}.", stage_words(eyes, one), one.standing.due().map(moment).unwrap_or_default()),
    };
    mine.iter().map(one).collect()
}

/// Conversations in which it is a person's turn, the first to end first.
pub(crate) async fn waits_for(site: &Site, session: &Session) -> Result<Vec<Waits>, SiteError> {
    let all = site.introductions().of(session.owner().key()).await?;
    Ok(waits(Eyes::Candidate(session), all))
}

/// The same for a company.
pub(crate) async fn company_waits(site: &Site, viewer: &AsCompany, session: &Session) -> Result<Vec<Waits>, SiteError> {
    let all = site.introductions().of_company(viewer).await?;
    Ok(waits(Eyes::Company(viewer, session), all))
}
