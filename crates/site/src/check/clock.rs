//! Working time: what is used up while somebody works, and not while they are away.

use jiff::{SignedDuration, Timestamp};

/// Away for longer than this, nobody is taken to have worked on: a laptop that was closed costs so much and no more.
pub const LONGEST_SILENCE: SignedDuration = SignedDuration::from_mins(10);

/// Seconds of work since the person was last heard of. A clock that was set back takes nothing away.
pub fn worked(heard_at: Option<Timestamp>, now: Timestamp) -> i64 {
    let silence = heard_at.map_or(SignedDuration::ZERO, |heard| now.duration_since(heard));
    silence.clamp(SignedDuration::ZERO, LONGEST_SILENCE).as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_costs_little_and_clocks_that_are_set_cost_nothing() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        assert_eq!(worked(None, now), 0);
        assert_eq!(worked(Some(now - SignedDuration::from_secs(90)), now), 90);
        assert_eq!(worked(Some(now - SignedDuration::from_hours(30)), now), 600);
        assert_eq!(worked(Some(now + SignedDuration::from_hours(3)), now), 0);
    }
}
