//! The crate from outside.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[cfg(feature = "text")]
mod text_bank;
#[cfg(feature = "text")]
mod text_fuzz;
#[cfg(feature = "text")]
mod text_responses;
#[cfg(feature = "text")]
mod text_tables;
