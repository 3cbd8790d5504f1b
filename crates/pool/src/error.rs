//! What can be wrong with a query.

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More of something than a search takes.
    #[error("a search takes at most {most} {what}, and these are {found}: take some out")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there were.
        found: usize,
        /// How many are taken.
        most: usize,
    },
    /// Time zones from east to west.
    #[error("the time zones end before they begin: put the lesser offset first")]
    Zones,
}
