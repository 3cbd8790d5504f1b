//! What a kind of job is, and how it fails.

use crate::Backoff;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::time::Duration;

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 200;

/// A kind of job, by what one of them has to be told.
///
/// It is kept as JSON and may be read by a later release: fields that are added need a default. A row names what the work
/// is about by id; what it needs of people it reads when it runs, so that nothing personal lies in the queue.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// What the operator reads, and what rows are found by: it does not change once it was released.
    const KIND: &'static str;

    /// What makes two of them the same work. While one waits, another with the same key becomes one with it: it has the newer
    /// payload and the earlier time. Without a key each is work of its own.
    fn key(&self) -> Option<String> {
        None
    }

    /// How it is run.
    fn rules() -> Rules {
        Rules::default()
    }
}

/// How jobs of a kind are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long one may take. What takes longer is stopped, and has failed. When a process dies, its jobs are taken by
    /// others after this and half a minute.
    pub timeout: Duration,
    /// How often one is begun before it is given up; at least once.
    pub most_attempts: u32,
    /// How many a worker runs at once; at least one.
    pub at_once: usize,
    /// How long to wait after a failure.
    pub backoff: Backoff,
}

impl Default for Rules {
    /// A minute, eight attempts (over about twenty minutes), four at once.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(60), most_attempts: 8, at_once: 4, backoff: Backoff::default() }
    }
}

/// Why a job did not go well, as the operator reads it.
///
/// The reason is kept and shown: it says what kind of thing went wrong, and holds neither names nor addresses nor anything
/// else about a person. Details belong where the handler logs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    reason: String,
    is_final: bool,
}

impl Failure {
    /// It may go better later.
    pub fn again(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: short(&reason.into()), is_final: false }
    }

    /// It will not go better: it is given up at once.
    pub fn for_good(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: short(&reason.into()), is_final: true }
    }

    /// The reason, in one line of at most 200 characters.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Whether trying again is of no use.
    pub fn is_final(&self) -> bool {
        self.is_final
    }
}

/// The engine's own words may repeat a value of a row, and stay out of it.
impl From<jobfuture_db::Error> for Failure {
    fn from(error: jobfuture_db::Error) -> Self {
        use jobfuture_db::Error;
        Self::again(match error {
            Error::Busy { .. } => "the database was busy",
            Error::Conflict => "other transactions kept changing the same rows",
            Error::Unreachable { .. } => "the database could not be reached",
            Error::DiskFull => "the disk of the database is full",
            Error::Closed => "the database was closed",
            Error::Unique { .. } | Error::ForeignKey { .. } | Error::Refused { .. } => "the database refused a row",
            _ => "the database failed",
        })
    }
}

fn short(reason: &str) -> String {
    // PostgreSQL keeps no text with a zero in it, and what cannot be kept would be tried for ever.
    let line = reason.replace(|letter: char| letter.is_control(), " ");
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_REASON {
        return line;
    }
    line.chars().take(LONGEST_REASON - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_short_line() {
        assert_eq!(Failure::again("the board\n did\0 not  answer").reason(), "the board did not answer");
        let long = Failure::for_good("é".repeat(500));
        assert_eq!(long.reason().chars().count(), LONGEST_REASON);
        assert!(long.reason().ends_with('…') && long.is_final());
    }

    #[test]
    fn what_the_engine_says_of_a_row_is_not_kept() {
        let error = jobfuture_db::Error::Unique { table: "account".into(), detail: "ada@example.org".into() };
        assert_eq!(Failure::from(error).reason(), "the database refused a row");
    }
}
