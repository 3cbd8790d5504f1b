//! Tests of the whole crate from outside.

mod calibration;
mod data;
mod quality;
