//! Banks as JSON: what a calibration writes, and what scoring, simulating and certifying read.
//!
//! Numbers are written with as many digits as it takes to read the same ones again.

mod error_of_b;
mod file;
mod read;
mod release;
mod release_file;
mod write;

pub use file::{BankFile, ErrorsOfSlopes, FitIndices, GroupFile, ItemFile, ItemFitFile, Slopes};
pub use read::{Bank, BankEntry};
pub use release::ReleaseOf;
pub use release_file::{BandFile, BarsFile, BlueprintFile, CountFile, SpreadFile, StoppingFile, TopicFile};
