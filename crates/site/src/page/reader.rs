//! Who reads a page, as far as the navigation around it says so. Whoever finds out who is signed in says it here, once a request; a page
//! for everybody does not ask, so that it is the same bytes for all.

use super::Nav;
use crate::routes::{self, CompanyHomeUrl};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use std::cell::Cell;
use uuid::Uuid;

/// Who reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Nobody in particular.
    #[default]
    Stranger,
    /// Somebody who is signed in.
    Person(ActsFor),
}

/// Which companies somebody acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ActsFor {
    /// None.
    Nobody,
    /// This one.
    One(Uuid),
    /// More than one.
    Several,
}

impl Reader {
    /// Parts of the navigation that are there for this reader alone.
    pub(super) fn own_parts(self) -> Vec<(String, &'static str, Nav)> {
        let Self::Person(acts_for) = self else { return Vec::new() };
        let you = (routes::YOU.to_owned(), "For you", Nav::You);
        let company = match acts_for {
            ActsFor::Nobody => None,
            ActsFor::One(id) => Some((CompanyHomeUrl { company: &id.to_string() }.to_url(), "Your company")),
            ActsFor::Several => Some((routes::COMPANIES.to_owned(), "Your companies")),
        };
        let company = company.map(|(url, title)| (url, title, Nav::Company));
        [you].into_iter().chain(company).collect()
    }
}

tokio::task_local! {
    static READER: Cell<Reader>;
    static PATH: String;
}

/// Layer: each request begins with a reader of whom nothing is known but where they are.
pub(crate) async fn with_reader(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    PATH.scope(path, READER.scope(Cell::default(), next.run(request))).await
}

/// Says who sends the request that is being answered.
pub(crate) fn read_by(reader: Reader) {
    // Outside of a request nobody reads.
    let _ = READER.try_with(|known| known.set(reader));
}

/// Who reads the page that is made now.
pub(super) fn reader() -> Reader {
    READER.try_with(Cell::get).unwrap_or_default()
}

/// Whether somebody is on the page of this address already.
pub(super) fn is_here(url: &str) -> bool {
    PATH.try_with(|path| path == url).unwrap_or(false)
}
