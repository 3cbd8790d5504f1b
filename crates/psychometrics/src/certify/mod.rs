//! Trying a release of a bank on a million simulated people before anybody meets it.
//!
//! [`simulate`] lets people of a [`Generator`] take the check: their true levels and the true bank are drawn from what the
//! release believes, or from something else on purpose. [`certify`] does that for several populations and compares what it
//! finds with [`Bars`]; [`report_html`] makes a page of it. [`learn_exposure`] finds how often each family may be eligible,
//! and belongs before both. [`Sketch`] makes a bank that does not exist yet, to see how large one must be.
//!
//! Speed comes from what a release prepares and from counting in whole numbers; nothing in it is a shortcut past the code
//! that runs for a candidate.

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
