//! Calibration: parameters of items and of the population from answers.

mod belief;
mod curve;
mod maximise;
mod plan;
mod result;

pub use plan::{GuessingPrior, ItemPrior, Model, NormalPrior, Plan, StandardErrors};
pub use result::{Convergence, Fit, FitError, FitProgress, FittedGroup, FittedItem, ItemErrors};
