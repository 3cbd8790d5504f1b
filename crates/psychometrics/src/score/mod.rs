//! What answers say of a level: the exact posterior on the grid, and what is read off it.

mod bands;
mod category_table;
mod density;
mod estimate;
#[cfg(test)]
mod integrals;
mod own_factors;
mod posterior;
#[cfg(test)]
mod published;
mod retake;
#[cfg(test)]
mod simulations;
mod slopes;
mod soft;
mod table_blocks;
mod task;
mod topics;
mod versions;

pub use bands::{BandReading, Bands, BandsError, CLEARLY, Cut, DOTS, LIKELY, ON_THE_LINE, Words};
pub use category_table::CategoryTable;
pub use density::Density;
pub use estimate::{Estimate, Method, ScoreError, score_all, score_fit, score_tables};
pub use own_factors::OwnFactors;
pub use posterior::{Likelihood, Posterior, PosteriorError};
pub use retake::{Retake, probability_improved};
pub use soft::{ParameterError, SoftError, SoftItem, Uncertainty};
pub use task::{TaskError, TaskItem, TaskTable};
pub use topics::{MAX_SHARE, MAX_TOPICS, Profile, TopicPosterior, TopicsError, WEAKEST_FROM};
