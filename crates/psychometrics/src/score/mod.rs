//! What answers say of a level: the exact posterior on the grid, and what is read off it.

mod posterior;
mod topics;

pub use posterior::{Likelihood, Posterior, PosteriorError};
pub use topics::{MAX_SHARE, MAX_TOPICS, Profile, TopicPosterior, TopicsError, WEAKEST_FROM};
