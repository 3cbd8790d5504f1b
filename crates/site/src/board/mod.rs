//! Vacancies that come in from a company's own board, or from a file, and are kept in step with it.
//!
//! - [`offer`](Offer) makes of each posting a draft and says what led to it; nothing is kept before somebody chose it.
//! - [`Boards`] has the rows. What a board does to vacancies is done by the functions of `vacancy::on_board`, in its transactions.
//! - `look` asks the network, through the guarded client alone; `sync` compares, brings texts on, closes, or doubts.
//! - A person's own changes stay: `merge` takes over only what the board changed and the person did not.

pub(crate) mod addresses;
mod follow;
mod keep;
mod letters;
mod look;
mod merge;
mod offer;
mod pages;
mod preview;
mod store;
mod sync;
mod upload;
mod words;

pub(crate) use pages::{bring, close_missing, form_was_left, list, look_now, one, remove};
pub(crate) use preview::{keep, preview};
pub use store::{Boards, FromBoard};
pub use sync::Synced;
pub(crate) use upload::{bring_file, upload_was_left};
