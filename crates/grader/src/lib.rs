//! Grading: runs a candidate's code and says, behaviour by behaviour, what it was seen to do.
//!
//! Three parties. The *grader* (this crate, trusted) holds the behaviours as data and owns the verdict. The [`recorder`]
//! (trusted) is a private database that executes and counts every statement. The *candidate's process* (confined, see
//! `jobfuture-sandbox`) holds Django and the candidate's files, and no tests, no data, and one stream. Every fact in a
//! verdict is seen on the trusted side and depends on rows that are drawn anew for each run; all that is left to a
//! candidate is to behave correctly.

mod behaviour;
mod error;
mod explain;
mod grader;
mod judge;
pub mod prove;
pub mod recorder;
mod run;
mod runtime;
mod side_by_side;
mod snapshot;
mod suites;
mod toolchain;
pub mod verdict;

pub use error::GradeError;
pub use explain::ExplainBack;
pub use grader::{Grader, GraderConfig, MAX_FILE, MAX_SUBMISSION, Readiness};
pub use toolchain::Progress;
pub use verdict::{SnippetRun, Verdict};
