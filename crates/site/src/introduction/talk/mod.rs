//! Inside an open conversation: lines, times for interviews, and its end.
//!
//! - [`super::Party`] is who asks: its candidate, or somebody of its company. Both do the same things, each at addresses of their own.
//! - What is done is a step of the conversation (`store.rs`); where it stands is decided by [`super::Standing`] alone.
//! - What was written is text (`text.rs`): nothing of it runs, nothing of it is hidden, and only whole addresses become links.

mod again;
mod ending;
mod file;
mod hours;
mod ics;
mod more;
mod notice;
mod offer;
mod page;
mod part;
mod store;
mod text;
mod times;

pub(crate) use again::write;
pub(crate) use ending::{close, confirm_closing};
pub(crate) use file::calendar;
pub(crate) use more::{choose_more, show_more};
pub(crate) use part::{Looking, part};
pub(crate) use times::{answer, call_off, confirm_calling_off, offer, offer_form};

use crate::error::{SiteError, id_in};
use serde::Deserialize;
use uuid::Uuid;

/// Which conversation an address names, and what of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    introduction: String,
    #[serde(default)]
    offer: String,
}

impl Which {
    fn offer(&self) -> Result<Uuid, SiteError> {
        id_in(&self.offer)
    }
}
