//! What answers say of a level: the exact posterior on the grid, and what is read off it.

mod category_table;
mod posterior;
mod soft;
mod versions;

pub use category_table::CategoryTable;
pub use posterior::{Likelihood, Posterior, PosteriorError};
pub use soft::{ParameterError, SoftError, SoftItem, Uncertainty};
