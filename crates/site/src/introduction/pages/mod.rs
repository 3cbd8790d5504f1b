//! Pages of both sides: what there is, one of them, and each step until both have said yes.

mod accept;
mod act;
mod apply;
mod ask;
mod list;
mod one;

pub(crate) use accept::{accept_application, accept_form, accept_request, look, look_was_left};
pub(super) use act::version;
pub(crate) use act::{answer, ask, confirm_withdrawal, decline, decline_form, form_was_left, withdraw};
pub(crate) use apply::{apply, apply_form};
pub(crate) use ask::{request, request_form};
pub(crate) use list::{Waits, company_list, company_waits, introductions, waits_for};
pub(crate) use one::{Shown, one, show};

use super::{Ending, Eyes, Introduction, Party, Side};
use crate::page::{Html, Nav, NextSteps, Page, Step, day};
use crate::routes;
use std::collections::BTreeMap;

/// What was typed into a form that was not taken, by the names of its fields.
pub(crate) type Typed = BTreeMap<&'static str, String>;

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
    let active = if eyes.side() == Side::Candidate { Nav::You } else { Nav::Company };
    Page::unlisted(title, active, main, next)
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
