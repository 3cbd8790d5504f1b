//! The one place that reads the time of day.

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};

/// Where the time comes from: the system, or a test's hand.
///
/// Clones share one clock. Times are cut to microseconds, which is what both engines keep, so that a time read back from
/// the database equals the one that was written.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Set(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// The time of the machine.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `time` until a test moves it.
    pub fn fixed(time: Timestamp) -> Self {
        Self(Source::Set(Arc::new(Mutex::new(to_microseconds(time)))))
    }

    /// The time now, in whole microseconds.
    #[expect(clippy::disallowed_methods, reason = "the one place that may ask the system")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => to_microseconds(Timestamp::now()),
            Source::Set(time) => *time.lock().unwrap_or_else(|poisoned| poisoned.into_inner()),
        }
    }

    /// Moves a fixed clock by a duration (backwards if it is negative); the system's clock is left alone.
    ///
    /// A step beyond the calendar's end is not taken.
    pub fn advance(&self, by: SignedDuration) {
        if let Source::Set(time) = &self.0 {
            let mut time = time.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *time = time.checked_add(by).map_or(*time, to_microseconds);
        }
    }
}

/// The same time without its nanoseconds.
pub(crate) fn to_microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_by_hand_and_keeps_microseconds() {
        let clock = Clock::fixed("2026-11-22T10:00:00.123456789Z".parse().unwrap());
        let twin = clock.clone();
        clock.advance(SignedDuration::from_hours(24));
        assert_eq!(twin.now().to_string(), "2026-11-23T10:00:00.123456Z");
    }

    #[test]
    fn the_system_clock_gives_whole_microseconds() {
        assert_eq!(Clock::system().now().as_nanosecond() % 1_000, 0);
    }
}
