//! When something was published, changed, or will close.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use std::fmt;

/// A time, as exact as the board says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// To the second or finer.
    At(Timestamp),
    /// A day. No hour is made up for it.
    On(Date),
}

/// Before this no job board was; a time that lies earlier is a misread unit.
const EARLIEST: i16 = 1990;
/// Behind this nobody plans a vacancy.
const LATEST: i16 = 2200;

impl Moment {
    /// The day, in UTC where there is a time.
    pub fn day(self) -> Date {
        match self {
            Self::At(time) => time.to_zoned(jiff::tz::TimeZone::UTC).date(),
            Self::On(day) => day,
        }
    }

    /// Of what boards write: RFC 3339, the same with a space or with an offset without its colon, `2026-08-05 10:10:39 UTC`,
    /// or a day alone. A time of day without a zone counts as its day.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(day) = Date::strptime("%Y-%m-%d", text) {
            return Self::On(day).sensible();
        }
        let numeric = text.strip_suffix(" UTC").map(|time| format!("{time}Z"));
        let text = numeric.as_deref().unwrap_or(text);
        if let Ok(time) = text.parse::<Timestamp>() {
            return Self::At(time).sensible();
        }
        for form in ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z"] {
            if let Ok(time) = Timestamp::strptime(form, text) {
                return Self::At(time).sensible();
            }
        }
        let time = text.parse::<jiff::civil::DateTime>().ok()?;
        Self::On(time.date()).sensible()
    }

    /// Of milliseconds since 1970.
    pub fn of_milliseconds(milliseconds: i64) -> Option<Self> {
        Self::At(Timestamp::from_millisecond(milliseconds).ok()?).sensible()
    }

    fn sensible(self) -> Option<Self> {
        (EARLIEST..=LATEST).contains(&self.day().year()).then_some(self)
    }
}

/// RFC 3339, or the day.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(time) => write!(f, "{time}"),
            Self::On(day) => write!(f, "{day}"),
        }
    }
}

/// As it is displayed.
impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
