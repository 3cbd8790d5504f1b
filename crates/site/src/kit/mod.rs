//! The interview kit: what to ask a candidate who agreed to talk, and what not, with what good answers show; and the sheets on
//! which each interviewer scores apart.
//!
//! - [`Plan::of`] makes the plan of the vacancy's terms and of what the door shows of the candidate: a pure function.
//! - [`Kits`] alone says who reads whose sheet: of others nothing, until each who was asked has locked theirs.
//! - What interviewers see of a candidate comes through the one door, which looks whether they were asked to the conversation.

pub(crate) mod addresses;
mod pages;
mod people;
mod plan;
mod sheet;
mod shown;
mod store;

pub(crate) use pages::{ask, form_was_left, interviews, keep, kit, plan as plan_for_candidate, score, settle};
pub use plan::{Brief, Length, Part, Plan, Seed, Shown, ShownSignal};
pub use sheet::{Graded, Sheet, Would};
pub(crate) use store::forget;
pub use store::{Kept, Kits, Talk};
