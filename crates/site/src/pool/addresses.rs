//! Addresses of a company’s search in the pool.

use crate::pool;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    POOL_PAGES:
    CompanyPoolUrl::PATTERN => get(pool::search),
    PoolSearchesUrl::PATTERN => get(pool::saved).post(pool::save),
    PoolSearchDeleteUrl::PATTERN => post(pool::delete).get(pool::form_was_left),
    CompareUrl::PATTERN => get(pool::compare),
}

urls! {
    /// Candidates who opened something to a company, searched.
    CompanyPoolUrl { company } = "/companies/{company}/pool";
    /// Searches of them that somebody of the company wants to hear of.
    PoolSearchesUrl { company } = "/companies/{company}/pool/searches";
    /// Deletes one.
    PoolSearchDeleteUrl { company, search } = "/companies/{company}/pool/searches/{search}/delete";
    /// Some of them side by side.
    CompareUrl { company } = "/companies/{company}/compare";
}
