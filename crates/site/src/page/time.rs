//! Times as pages and letters say them. They are those of UTC: a page knows nobody's zone unless it was told.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `22 November 2026`
pub(crate) fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

/// `22 November 2026, 11:00 UTC`
pub(crate) fn moment(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC").to_string()
}
