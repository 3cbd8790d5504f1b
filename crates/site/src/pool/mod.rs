//! The candidate pool, for companies: what was opened to them is searched, compared and followed. What is found comes from an index in
//! memory; what is shown comes through the one door, at that moment.

pub(crate) mod addresses;
mod asked;
mod compare;
mod follow;
mod result;
mod saved;
mod search;
mod shown;
mod words;

pub(crate) use compare::compare;
pub use follow::CandidatePool;
pub use saved::PoolSearch;
pub(crate) use saved::{delete, form_was_left, save, saved};
pub(crate) use search::{for_vacancy, search};
