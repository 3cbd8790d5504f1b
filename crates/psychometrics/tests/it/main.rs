//! Tests of the whole crate from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod calibration;
mod data;
mod quality;
