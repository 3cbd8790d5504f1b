//! Addresses of interviews and their kits.

use crate::kit;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    KIT_PAGES:
    CompanyInterviewsUrl::PATTERN => get(kit::interviews),
    CompanyKitUrl::PATTERN => get(kit::kit),
    KitSettleUrl::PATTERN => post(kit::settle).get(kit::form_was_left),
    KitAskUrl::PATTERN => post(kit::ask).get(kit::form_was_left),
    KitScoreUrl::PATTERN => get(kit::score).post(kit::keep),
    OwnKitUrl::PATTERN => get(kit::plan_for_candidate),
}

urls! {
    /// Conversations to which one was asked.
    CompanyInterviewsUrl { company } = "/companies/{company}/interviews";
    /// The kit of a conversation, for whoever talks to its candidate.
    CompanyKitUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/kit";
    /// How long it is, and whether its candidate reads the plan.
    KitSettleUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/kit/plan";
    /// Who talks to its candidate.
    KitAskUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/kit/people";
    /// One's own sheet, and all of them in the end.
    KitScoreUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/kit/score";
    /// The plan of an interview, for its candidate.
    OwnKitUrl { introduction } = "/introductions/{introduction}/kit";
}
