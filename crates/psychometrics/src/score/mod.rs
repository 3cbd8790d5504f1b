//! What answers say of a level: the exact posterior on the grid, and what is read off it.

mod posterior;

pub use posterior::{Likelihood, Posterior, PosteriorError};
