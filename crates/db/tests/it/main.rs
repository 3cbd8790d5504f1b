//! The store's promises, kept on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod crash;
mod failures;
mod opening;
mod reads;
mod statements;
mod traffic;
mod transactions;
mod values;
