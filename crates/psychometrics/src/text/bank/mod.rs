//! Banks as JSON: what a calibration writes, and what scoring, simulating and certifying read.
//!
//! Numbers are written with as many digits as it takes to read the same ones again.

mod error_of_b;
mod file;
mod read;
mod write;

pub use file::{BankFile, ErrorsOfSlopes, FitIndices, GroupFile, ItemFile, ItemFitFile, Slopes};
pub use read::{Bank, BankEntry};

use crate::fit::Model;

/// Names of the models in files and on the command line.
const MODELS: [(&str, Model); 8] = [
    ("rasch", Model::Rasch),
    ("2pl", Model::TwoPl),
    ("3pl", Model::ThreePl),
    ("grm", Model::Graded),
    ("pcm", Model::PartialCredit),
    ("gpcm", Model::GeneralisedPartialCredit),
    ("bifactor", Model::Bifactor),
    ("testlet", Model::Testlet),
];

/// What a model is called in files: `rasch`, `2pl`, `3pl`, `grm`, `pcm`, `gpcm`, `bifactor`, `testlet`.
#[must_use]
pub fn model_name(model: Model) -> &'static str {
    MODELS.iter().find(|(_, other)| *other == model).map_or("", |(name, _)| name)
}

/// The model of a name; see [`model_name`].
#[must_use]
pub fn model_of(name: &str) -> Option<Model> {
    MODELS.iter().find(|(other, _)| *other == name).map(|(_, model)| *model)
}
