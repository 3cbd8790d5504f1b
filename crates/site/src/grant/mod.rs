//! Grants: who sees what. One page to make, see, narrow and revoke them; block list and view log beside.

pub(crate) mod addresses;
mod choose;
mod list;
mod make;
mod one;
mod shared;
mod views;

pub(crate) use choose::{Offered, choices, facts};
pub(crate) use list::{block, grants, lift};
pub(crate) use make::{form, make};
pub(crate) use one::{grant, narrow, revoke, wallet};
pub(crate) use shared::shared;
pub(crate) use views::views;

use crate::page::day;
use crate::page::see;
use crate::routes;
use axum::response::Response;
use jobfuture_disclosure::GrantEntry;

/// `until 3 March 2027`, and what ends it before.
fn until(entry: &GrantEntry) -> String {
    match entry.talk_due_at.filter(|due| *due < entry.expires_at) {
        Some(due) => format!(
            "until {} at the latest: it ends with its conversation, whose turn ends on {}",
            day(entry.expires_at),
            day(due)
        ),
        None => format!("until {}", day(entry.expires_at)),
    }
}

/// `GET` of an address that only takes forms.
pub(crate) async fn form_was_left() -> Response {
    see(routes::GRANTS)
}
