//! The queue's promises, kept on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod crash;
mod crowd;
mod failures;
mod kit;
mod operator;
mod queue;
mod schedule;
mod stopping;
mod walk;
