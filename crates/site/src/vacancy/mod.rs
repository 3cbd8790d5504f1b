//! Vacancies: written by verified companies, read by everybody, alive or closed.
//!
//! - [`Draft`] is what somebody typed; [`Draft::check`] alone makes [`Terms`] of it, and only terms are published.
//! - The database says what is true ([`Vacancies`]); lists, searches and counts are of an image of it in memory that follows.
//! - What ends a vacancy without anybody's doing stands in [`Vacancies::tend`].

pub(crate) mod addresses;
mod asked;
mod draft;
mod feeds;
mod form;
mod life;
mod list;
mod market;
pub(crate) mod on_board;
mod one;
mod own;
mod pay;
mod posting;
mod report;
mod saved;
mod shelf;
mod store;
mod terms;

pub use draft::{Draft, MOST_DAYS, Problem, Terms};
pub(crate) use feeds::{atom, map, xml};
pub use life::{CONFIRM_AFTER, SILENT_AFTER, Tended, UNVERIFIED_FOR};
pub(crate) use list::list;
pub use market::{FLOOR, Market, PayBand};
pub(crate) use one::{one, place_of};
pub(crate) use own::{
    begin, close, confirm, confirm_closing, delete, form_was_left, keep, list as own_list, new, own, post_again,
};
pub use pay::{Pay, TypedPay, yearly_words};
pub(crate) use pay::{currencies, currency};
pub use report::{Decision, ReportEntry};
pub(crate) use report::{
    close as close_reported, decision_was_left, dismiss, form as report_form, list as reports, send as send_report,
};
pub use saved::SavedSearch;
pub(crate) use saved::{delete as delete_search, form_was_left as search_form_was_left, save, saved};
pub use shelf::Listed;
pub(crate) use store::random_id;
pub use store::{PublicVacancy, Vacancies, Vacancy};
pub(crate) use terms::choices;
pub use terms::{ClosedFor, Employment, Opening, Period, Remote, ReportedFor, Screening, State};
