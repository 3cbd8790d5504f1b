//! Working time: what is used up while somebody works, and not while they are away.

use jiff::{SignedDuration, Timestamp};

/// Away for longer than this, nobody is taken to have worked on: a laptop that was closed costs so much and no more.
pub const LONGEST_SILENCE: SignedDuration = SignedDuration::from_mins(10);

/// Seconds of work since the person was last heard of. A clock that was set back takes nothing away.
pub fn worked(heard_at: Option<Timestamp>, now: Timestamp) -> i64 {
    let silence = heard_at.map_or(SignedDuration::ZERO, |heard| now.duration_since(heard));
    silence.clamp(SignedDuration::ZERO, LONGEST_SILENCE).as_secs()
}

/// Heard of so lately that keeping it again would tell little: work that follows is counted from then all the same.
const JUST_HEARD: SignedDuration = SignedDuration::from_secs(30);

/// Whether the clock runs and was written down a moment ago. A clock that was set back is written down.
pub fn was_just_heard(heard_at: Option<Timestamp>, now: Timestamp) -> bool {
    let silence = heard_at.map(|heard| now.duration_since(heard));
    silence.is_some_and(|silence| (SignedDuration::ZERO..JUST_HEARD).contains(&silence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_a_moment_ago_will_do() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let ago = |seconds| was_just_heard(Some(now - SignedDuration::from_secs(seconds)), now);
        assert_eq!([-1, 0, 29, 30].map(ago), [false, true, true, false]);
        assert!(!was_just_heard(None, now));
    }

    #[test]
    fn absence_costs_little_and_clocks_that_are_set_cost_nothing() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        assert_eq!(worked(None, now), 0);
        assert_eq!(worked(Some(now - SignedDuration::from_secs(90)), now), 90);
        assert_eq!(worked(Some(now - SignedDuration::from_hours(30)), now), 600);
        assert_eq!(worked(Some(now + SignedDuration::from_hours(3)), now), 0);
    }
}
