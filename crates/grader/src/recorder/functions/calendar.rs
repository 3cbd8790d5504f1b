//! Dates and times as Python's `datetime` has them: years 1 to 9999, microseconds, no leap seconds.

use jiff::civil;

/// A `datetime.date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub year: i64,
    pub month: i64,
    pub day: i64,
}

/// A `datetime.time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub microsecond: i64,
}

/// A `datetime.date` or a `datetime.datetime`: what Django's `typecast_timestamp` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Date(Date),
    DateTime(Date, Time),
}

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

impl Date {
    /// `None` where Python raises ValueError.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let fits = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1;
        (fits && day <= days_in_month(year, month)).then_some(Self { year, month, day })
    }

    /// Days since 1 January of the year 1, which is day 0.
    pub fn ordinal(self) -> i64 {
        // Years counted from March put the leap day at the end.
        let (year, month) = if self.month > 2 { (self.year, self.month - 3) } else { (self.year - 1, self.month + 9) };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * month + 2) / 5 + self.day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 306
    }

    /// The date of an ordinal; `None` outside the years 1 to 9999.
    pub fn from_ordinal(ordinal: i64) -> Option<Self> {
        let shifted = ordinal.checked_add(306)?;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let year = year_of_era + era * 400 + i64::from(month >= 10);
        Self::new(year, if month < 10 { month + 3 } else { month - 9 }, day)
    }

    /// Monday is 0.
    pub fn weekday(self) -> i64 {
        self.ordinal().rem_euclid(7)
    }

    /// ISO year and ISO week.
    pub fn iso_week(self) -> (i64, i64) {
        // The week belongs to the year of its Thursday.
        let thursday = self.ordinal() - self.weekday() + 3;
        let year = match Self::from_ordinal(thursday) {
            Some(date) => date.year,
            None => self.year + 1,
        };
        let first = Self { year, month: 1, day: 1 }.ordinal();
        (year, (thursday - first) / 7 + 1)
    }

    /// `YYYY-MM-DD`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Time {
    /// `None` where Python raises ValueError.
    pub fn new(hour: i64, minute: i64, second: i64, microsecond: i64) -> Option<Self> {
        let fits = (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second)
            && (0..1_000_000).contains(&microsecond);
        fits.then_some(Self { hour, minute, second, microsecond })
    }

    /// Microseconds since midnight.
    pub fn microseconds(self) -> i64 {
        ((self.hour * 60 + self.minute) * 60 + self.second) * 1_000_000 + self.microsecond
    }

    /// The time of a number of microseconds since midnight.
    pub fn from_microseconds(of_day: i64) -> Self {
        let seconds = of_day / 1_000_000;
        Self { hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60, microsecond: of_day % 1_000_000 }
    }

    /// `HH:MM:SS`, with six more digits unless they are all zeros.
    pub fn iso(self) -> String {
        let seconds = format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second);
        if self.microsecond == 0 { seconds } else { format!("{seconds}.{:06}", self.microsecond) }
    }
}

impl Moment {
    /// The date.
    pub fn date(self) -> Date {
        match self {
            Self::Date(date) | Self::DateTime(date, _) => date,
        }
    }

    /// The time of day, which a date has not.
    pub fn time(self) -> Option<Time> {
        match self {
            Self::Date(_) => None,
            Self::DateTime(_, time) => Some(time),
        }
    }

    /// `str()` of it.
    pub fn text(self) -> String {
        match self {
            Self::Date(date) => date.iso(),
            Self::DateTime(date, time) => format!("{} {}", date.iso(), time.iso()),
        }
    }
}

/// Microseconds since the start of the year 1. Beyond an `i64` only for what Python refuses too.
pub(super) fn microseconds(date: Date, time: Time) -> i64 {
    date.ordinal() * DAY + time.microseconds()
}

/// The date and time of a number of microseconds since the start of the year 1.
pub(super) fn from_microseconds(total: i64) -> Option<(Date, Time)> {
    let date = Date::from_ordinal(total.div_euclid(DAY))?;
    Some((date, Time::from_microseconds(total.rem_euclid(DAY))))
}

/// For the time zone library.
pub(super) fn to_civil(date: Date, time: Time) -> Option<civil::DateTime> {
    civil::DateTime::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
        i8::try_from(time.hour).ok()?,
        i8::try_from(time.minute).ok()?,
        i8::try_from(time.second).ok()?,
        i32::try_from(time.microsecond).ok()?.checked_mul(1000)?,
    )
    .ok()
}

/// From the time zone library; `None` outside Python's years.
pub(super) fn from_civil(moment: civil::DateTime) -> Option<(Date, Time)> {
    let date = Date::new(moment.year().into(), moment.month().into(), moment.day().into())?;
    let time = Time::new(
        moment.hour().into(),
        moment.minute().into(),
        moment.second().into(),
        i64::from(moment.subsec_nanosecond()) / 1000,
    )?;
    Some((date, time))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
