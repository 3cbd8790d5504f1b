//! Tests of the whole crate from outside.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

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
