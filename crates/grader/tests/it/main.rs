//! Tests of the grader from outside.
#![allow(clippy::unwrap_used)] // in helpers too, which clippy does not take for tests

mod forging;
mod good;
mod kit;
mod recorder;
mod recorder_attacks;
mod recorder_functions;
mod recorder_wire;
