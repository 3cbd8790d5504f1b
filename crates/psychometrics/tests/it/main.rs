//! Tests of the whole crate from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod calibration;
mod data;
mod quality;
#[cfg(feature = "text")]
mod text_bank;
#[cfg(feature = "text")]
mod text_fuzz;
#[cfg(feature = "text")]
mod text_responses;
#[cfg(feature = "text")]
mod text_tables;
