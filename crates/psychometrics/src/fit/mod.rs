//! Calibration: parameters of items and of the population from answers.

mod belief;
mod bifactor;
mod calibrate;
mod curve;
mod directions;
mod edges;
mod em;
mod expand;
mod expect;
mod families;
mod information;
mod kernel;
mod maximise;
mod missing;
mod pack;
mod plan;
mod population;
mod quality;
mod real;
mod report;
mod result;
mod setup;

pub use calibrate::calibrate;
pub use plan::{GuessingPrior, ItemPrior, Model, NormalPrior, Plan, StandardErrors};
pub use quality::{ItemFit, ItemFits, M2, MAX_M2_ITEMS, QualityError, item_fit, m2};
pub use result::{Convergence, Fit, FitError, FitProgress, FittedGroup, FittedItem, ItemErrors};
pub use setup::USUAL_GUESSING;
