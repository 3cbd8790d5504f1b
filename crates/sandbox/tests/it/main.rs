//! The jail with a real interpreter in it, through the crate's public surface: the permanent security suite.
//!
//! Attacks stand in tables, by what they attack; `attack.rs` says how they are made and what "held" means.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, which is what it is for")]

mod again;
mod attack;
mod bombs;
mod calls;
mod files;
mod isolation;
mod jail;
mod kernel;
mod kit;
mod leaks;
mod memory;
mod network;
mod plain_user;
mod pool;
mod processes;
mod stream;
mod tamper;
