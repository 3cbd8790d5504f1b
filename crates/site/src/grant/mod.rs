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

use crate::page::see;
use crate::routes;
use axum::response::Response;

/// `GET` of an address that only takes forms.
pub(crate) async fn form_was_left() -> Response {
    see(routes::GRANTS)
}
