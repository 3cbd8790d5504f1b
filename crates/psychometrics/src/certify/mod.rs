//! Trying a release of a bank on a million simulated people before anybody meets it.

mod generator;
mod learn;
mod simulate;
mod statistics;
mod tally;
mod world;

pub use generator::{Assistance, Generator, GeneratorError, Group, Hurry, Shape};
pub use learn::learn_exposure;
pub use simulate::{Plan, SimulationError, simulate};
pub use statistics::{Calibration, Exposure, GroupStatistics, LevelShare, Share, Statistics, StopShare};
