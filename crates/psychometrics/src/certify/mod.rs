//! Trying a release of a bank on a million simulated people before anybody meets it.

mod certificate;
mod generator;
mod learn;
mod regimes;
mod report;
mod simulate;
mod sketch;
mod statistics;
mod tally;
#[cfg(test)]
mod tests;
mod world;

pub use certificate::{Bar, Bars, Certificate, InformationAt, Regime, certify};
pub use generator::{Assistance, Generator, GeneratorError, Group, Hurry, Shape};
pub use learn::learn_exposure;
pub use report::report_html;
pub use simulate::{Plan, SimulationError, simulate};
pub use sketch::{Sketch, SketchError};
pub use statistics::{Calibration, Exposure, GroupStatistics, LevelShare, Share, Statistics, StopShare};
