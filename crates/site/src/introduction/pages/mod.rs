//! Pages of both sides: what there is, one of them, and each step until both have said yes.

mod accept;
mod act;
mod apply;
mod ask;
mod list;
mod one;

pub(crate) use accept::{accept_application, accept_form, accept_request, look, look_was_left};
pub(crate) use act::{
    answer_application, answer_request, ask_candidate, ask_company, company_form_was_left, confirm_company_withdrawal,
    confirm_withdrawal, decline_application, decline_application_form, decline_request, decline_request_form,
    form_was_left, withdraw_application, withdraw_request,
};
pub(crate) use apply::{apply, apply_form};
pub(crate) use ask::{request, request_form};
pub(crate) use list::{Waits, company_list, company_waits, introductions, waits_for};
pub(crate) use one::{Shown, company_one, one, show};

use super::{Actor, Ending, Fault, Introduction, Line, Side};
use crate::account::Session;
use crate::company::ForCompany;
use crate::error::{Missing, SiteError};
use crate::page::{Html, Nav, NextSteps, Page, Step};
use crate::profile::day;
use crate::routes::{self, CompanyIntroductionUrl, CompanyIntroductionsUrl, IntroductionUrl};
use crate::site::Site;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use jobfuture_disclosure::AsCompany;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What was typed into a form that was not taken, by the names of its fields.
pub(crate) type Typed = BTreeMap<&'static str, String>;

/// Through whose eyes a page is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Eyes<'a> {
    /// The candidate's.
    Candidate(&'a Session),
    /// Of somebody who acts for the company.
    Company(&'a AsCompany, &'a Session),
}

impl<'a> Eyes<'a> {
    /// Of whoever acts for a company, if their role writes to candidates.
    pub(crate) fn of(company: &'a ForCompany) -> Result<Self, SiteError> {
        let viewer = company.to(jobfuture_disclosure::Act::Introductions)?;
        Ok(Self::Company(viewer, company.session()))
    }

    /// Who does something.
    pub(crate) fn actor(self) -> Actor<'a> {
        match self {
            Self::Candidate(session) => Actor::Candidate(session.owner().key()),
            Self::Company(viewer, session) => Actor::Company { viewer, member: session.owner() },
        }
    }

    /// Which of the two.
    pub(crate) fn side(self) -> Side {
        self.actor().side()
    }

    /// The one that an address names, if there is such a one for them.
    pub(crate) async fn find(self, site: &Site, id: &str) -> Result<Introduction, SiteError> {
        let missing = || SiteError::NotFound(Missing::Page);
        let id = Uuid::try_parse(id).map_err(|_| missing())?;
        let found = match self {
            Self::Candidate(session) => site.introductions().one(session.owner().key(), id).await?,
            Self::Company(viewer, _) => site.introductions().one_of_company(viewer, id).await?,
        };
        found.ok_or_else(missing)
    }

    /// What was said and done in one, as far as it is for them.
    pub(crate) async fn lines(self, site: &Site, one: &Introduction) -> Result<Vec<Line>, SiteError> {
        match self {
            Self::Candidate(session) => site.introductions().lines(session.owner().key(), one).await,
            Self::Company(viewer, _) => site.introductions().lines_for_company(viewer, one).await,
        }
    }

    /// The address of one.
    pub(crate) fn url(self, id: Uuid) -> String {
        let id = id.to_string();
        match self {
            Self::Candidate(_) => IntroductionUrl { introduction: &id }.to_url(),
            Self::Company(viewer, _) => {
                CompanyIntroductionUrl { company: &viewer.company().to_string(), introduction: &id }.to_url()
            }
        }
    }

    /// The address of all.
    pub(crate) fn list_url(self) -> String {
        match self {
            Self::Candidate(_) => routes::INTRODUCTIONS.to_owned(),
            Self::Company(viewer, _) => CompanyIntroductionsUrl { company: &viewer.company().to_string() }.to_url(),
        }
    }

    /// What the other side is called in a sentence.
    pub(crate) fn other(self, one: &Introduction) -> String {
        match self {
            Self::Candidate(_) => one.company_name.clone(),
            Self::Company(..) => "the candidate".to_owned(),
        }
    }
}

/// A page of theirs, and where one goes from it.
pub(crate) fn page(eyes: Eyes<'_>, title: &str, main: Html) -> Page {
    let all = Step::new(eyes.list_url(), "All introductions", "What waits for you, and what waits for others.");
    let next = match eyes {
        Eyes::Candidate(_) => NextSteps::new(all)
            .and(Step::new(routes::YOU, "What waits for you", "By when, and what comes next."))
            .and(Step::vacancies())
            .and(crate::profile::grants_step())
            .and(crate::profile::profile_step()),
        Eyes::Company(viewer, _) => {
            let company = viewer.company().to_string();
            let candidates = routes::CompanyCandidatesUrl { company: &company }.to_url();
            let home = routes::CompanyHomeUrl { company: &company }.to_url();
            NextSteps::new(all)
                .and(Step::new(candidates, "Candidates", "Who granted something to the company."))
                .and(Step::new(home, "Your company", "How it stands here, and what waits for it."))
                .and(Step::roles())
        }
    };
    let active = if eyes.side() == Side::Candidate { Nav::Account } else { Nav::Company };
    Page { title: title.to_owned(), description: title.to_owned(), active, main, next, canonical: None, editor: false }
}

/// `6 December 2026, 10:00 UTC`
pub(crate) fn moment(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// A sentence with a capital at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// How one ended, in a sentence.
pub(crate) fn ended_words(eyes: Eyes<'_>, one: &Introduction, ending: Ending) -> String {
    let who = |side: Side| {
        if side == eyes.side() {
            match eyes {
                Eyes::Candidate(_) => "You".to_owned(),
                Eyes::Company(..) => "Your company".to_owned(),
            }
        } else {
            capital(&eyes.other(one))
        }
    };
    let on = one.ended_at.map(|at| format!(" on {}", day(at))).unwrap_or_default();
    match ending {
        Ending::Declined(side, reason) => format!("{} said no{on}: {}.", who(side), lower(reason.words())),
        Ending::Withdrawn(side) => format!("{} ended it{on}.", who(side)),
        Ending::Closed(side, outcome) => format!("{} closed it{on}: {}.", who(side), lower(outcome.words())),
        Ending::Lapsed(side) if side == eyes.side() => format!("Time ran out{on}; it was your turn."),
        Ending::Lapsed(_) => format!("Time ran out{on}; it was the turn of {}.", eyes.other(one)),
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What is shown of a fault, if the page on which something was tried can say it; the answer otherwise.
pub(crate) fn told(fault: Fault) -> Result<(http::StatusCode, String), SiteError> {
    match fault.sentence() {
        Some(says) => {
            let status = match fault {
                Fault::Stale => http::StatusCode::CONFLICT,
                _ => http::StatusCode::UNPROCESSABLE_ENTITY,
            };
            Ok((status, says))
        }
        None => Err(fault.into_error()),
    }
}
