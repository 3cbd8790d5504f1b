//! Tests of the grader from outside.
#![allow(clippy::unwrap_used)] // in helpers too, which clippy does not take for tests

mod bad_input;
mod explain;
mod faults;
mod forging;
mod frames;
mod good;
mod kit;
mod limits;
mod recorder;
mod recorder_attacks;
mod recorder_functions;
mod recorder_wire;
mod sql;
mod variants;
mod verdicts;
