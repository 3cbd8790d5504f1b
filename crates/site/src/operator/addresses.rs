//! Addresses of what operators look after.

use crate::operator;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    OPERATOR_PAGES:
    OPERATOR_ITEMS => get(operator::items),
    ItemFreezeUrl::PATTERN => post(operator::freeze).get(operator::item_form_was_left),
    ItemThawUrl::PATTERN => post(operator::thaw).get(operator::item_form_was_left),
    OPERATOR_JOBS => get(operator::jobs),
    JobRetryUrl::PATTERN => post(operator::retry_job).get(operator::job_form_was_left),
    JobForgetUrl::PATTERN => post(operator::forget_job).get(operator::job_form_was_left),
}

/// What is known of the items of checks, for operators: aggregates only.
pub const OPERATOR_ITEMS: &str = "/operator/items";
/// Work that is done by itself, for operators.
pub const OPERATOR_JOBS: &str = "/operator/jobs";

urls! {
    /// Asks an item no longer.
    ItemFreezeUrl { item } = "/operator/items/{item}/freeze";
    /// Asks it again.
    ItemThawUrl { item } = "/operator/items/{item}/thaw";
    /// Has a job run now that waits or was given up.
    JobRetryUrl { job } = "/operator/jobs/{job}/retry";
    /// Removes it.
    JobForgetUrl { job } = "/operator/jobs/{job}/forget";
}
