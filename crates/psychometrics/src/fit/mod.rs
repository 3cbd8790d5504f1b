//! Calibration: parameters of items and of the population from answers.

mod belief;
mod bifactor;
mod curve;
mod maximise;
mod plan;
mod quality;
mod result;

pub use plan::{GuessingPrior, ItemPrior, Model, NormalPrior, Plan, StandardErrors};
pub use quality::{ItemFit, ItemFits, M2, MAX_M2_ITEMS, QualityError, item_fit, m2};
pub use result::{Convergence, Fit, FitError, FitProgress, FittedGroup, FittedItem, ItemErrors};
