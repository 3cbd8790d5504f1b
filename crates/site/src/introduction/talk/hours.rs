//! Days, hours and zones: what somebody typed becomes a moment, and a moment is said in the zone of whoever reads it.
//!
//! Zones come from the system if it has them, because rules change faster than programs, and otherwise with the program.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// The zone where nobody chose one.
pub const UTC: &str = "UTC";
/// How names of zones begin. Others there are for old programs, or are files of the system.
const REGIONS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

fn is_name(name: &str) -> bool {
    name == UTC || REGIONS.iter().any(|region| name.starts_with(region))
}

/// The zone of a name, in any case of letters.
///
/// # Errors
/// A sentence with the mend.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    let found = jiff::tz::db().get(name.trim()).ok().filter(|zone| zone.iana_name().is_some_and(is_name));
    found.ok_or_else(|| "There is no such time zone. Write it as in Europe/Berlin, America/New_York or UTC.".to_owned())
}

/// What it is called.
pub fn name(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or(UTC)
}

/// Every zone that can be named, by name.
pub fn names() -> Vec<String> {
    let all = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> = all.filter(|name| is_name(name) && name != UTC).collect();
    names.sort_unstable();
    names.dedup();
    names.insert(0, UTC.to_owned());
    names
}

/// Which of two equal times is meant, on the night on which clocks are put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Nobody said.
    Unsaid,
    /// Before they are.
    First,
    /// After that.
    Second,
}

impl Which {
    /// As a form says it.
    pub fn parse(text: &str) -> Self {
        match text {
            "first" => Self::First,
            "second" => Self::Second,
            _ => Self::Unsaid,
        }
    }
}

/// Why what was typed is no moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoMoment {
    /// It is no day, or no time of day; or there is no such time on that day.
    Not(String),
    /// There are two: it has to be said which.
    Twice(String),
}

/// The moment of a day and a time of day in a zone.
///
/// # Errors
/// Why there is none, or which two there are.
pub fn moment(day: &str, time: &str, which: Which, zone: &TimeZone) -> Result<Timestamp, NoMoment> {
    let not = |says: &str| NoMoment::Not(says.to_owned());
    let is_day = day.len() == 10;
    let day: Option<Date> = day.parse().ok().filter(|_| is_day);
    let day = day.ok_or_else(|| not("Write the day as in 2027-01-15."))?;
    let time = time.get(..5).filter(|_| time.len() == 5 || time.len() == 8).unwrap_or(time);
    let time = Time::strptime("%H:%M", time).map_err(|_| not("Write the time as in 14:30, from 00:00 to 23:59."))?;
    let at = DateTime::from_parts(day, time);
    let said = || format!("{} on {} in {}", time.strftime("%H:%M"), day.strftime("%-d %B %Y"), name(zone));
    let found = zone.to_ambiguous_timestamp(at);
    let out_of_reach = |_| not("This day is out of reach. Choose another.");
    match (found.offset(), which) {
        (AmbiguousOffset::Unambiguous { .. }, _) => found.compatible().map_err(out_of_reach),
        (AmbiguousOffset::Gap { .. }, _) => {
            let same = found.compatible().map_err(out_of_reach)?.to_zoned(zone.clone());
            let says = format!(
                "There is no {}: clocks are put forward then. Choose another time; that moment is called {} there.",
                said(),
                same.strftime("%H:%M")
            );
            Err(NoMoment::Not(says))
        }
        (AmbiguousOffset::Fold { .. }, Which::First) => found.earlier().map_err(out_of_reach),
        (AmbiguousOffset::Fold { .. }, Which::Second) => found.later().map_err(out_of_reach),
        (AmbiguousOffset::Fold { before, after }, Which::Unsaid) => {
            let says = format!(
                "There are two {}, because clocks are put back: the first at {}, the second at {}. Say which you mean.",
                said(),
                offset_words(before),
                offset_words(after)
            );
            Err(NoMoment::Twice(says))
        }
    }
}

/// `UTC+13`, `UTC−3:30`
fn offset_words(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '−' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => UTC.to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// A span as somebody in a zone says it: `Sunday 27 September 2026, 09:00–09:45 (UTC+13)`.
pub fn span_words(begins_at: Timestamp, minutes: i64, zone: &TimeZone) -> String {
    let from = begins_at.to_zoned(zone.clone());
    let until = end_of(begins_at, minutes).to_zoned(zone.clone());
    let end = if from.date() == until.date() {
        format!("–{}", until.strftime("%H:%M"))
    } else {
        format!(" to {}", until.strftime("%A %-d %B, %H:%M"))
    };
    format!("{}{end} ({})", from.strftime("%A %-d %B %Y, %H:%M"), offset_words(from.offset()))
}

/// When something that begins then ends.
pub fn end_of(begins_at: Timestamp, minutes: i64) -> Timestamp {
    begins_at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(begins_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(day: &str, time: &str, which: Which, in_zone: &str) -> Result<String, NoMoment> {
        moment(day, time, which, &zone(in_zone).unwrap()).map(|at| at.to_string())
    }

    #[test]
    fn the_nights_on_which_clocks_are_changed_are_told() {
        let auckland = |time, which| at("2027-04-04", time, which, "Pacific/Auckland");
        assert_eq!(auckland("01:30", Which::Unsaid).unwrap(), "2027-04-03T12:30:00Z");
        let Err(NoMoment::Twice(says)) = auckland("02:30", Which::Unsaid) else { panic!("there are two") };
        assert_eq!(
            says,
            "There are two 02:30 on 4 April 2027 in Pacific/Auckland, because clocks are put back: the first at UTC+13, the second at \
             UTC+12. Say which you mean."
        );
        assert_eq!(auckland("02:30", Which::First).unwrap(), "2027-04-03T13:30:00Z");
        assert_eq!(auckland("02:30", Which::Second).unwrap(), "2027-04-03T14:30:00Z");
        let new_york = |day, time| at(day, time, Which::Unsaid, "america/new_york");
        let Err(NoMoment::Not(says)) = new_york("2027-03-14", "02:30") else { panic!("there is none") };
        assert_eq!(
            says,
            "There is no 02:30 on 14 March 2027 in America/New_York: clocks are put forward then. Choose another time; that moment is \
             called 03:30 there."
        );
        assert_eq!(new_york("2027-03-13", "10:00").unwrap(), "2027-03-13T15:00:00Z");
        assert_eq!(new_york("2027-03-15", "10:00:00").unwrap(), "2027-03-15T14:00:00Z");
        for (day, time) in
            [("2027-02-30", "10:00"), ("15.3.2027", "10:00"), ("2027-03-15", "25:00"), ("", ""), ("2027-03-15", "1é:0")]
        {
            assert!(matches!(new_york(day, time), Err(NoMoment::Not(_))), "{day} {time}");
        }
    }

    #[test]
    fn a_span_is_said_in_any_zone() {
        let begins_at = "2027-03-15T14:00:00Z".parse().unwrap();
        let said = |name: &str| span_words(begins_at, 45, &zone(name).unwrap());
        assert_eq!(said("America/New_York"), "Monday 15 March 2027, 10:00–10:45 (UTC−4)");
        assert_eq!(said("Pacific/Auckland"), "Tuesday 16 March 2027, 03:00–03:45 (UTC+13)");
        assert_eq!(said("Asia/Kolkata"), "Monday 15 March 2027, 19:30–20:15 (UTC+5:30)");
        assert_eq!(said("America/St_Johns"), "Monday 15 March 2027, 11:30–12:15 (UTC−2:30)");
        assert_eq!(said("UTC"), "Monday 15 March 2027, 14:00–14:45 (UTC)");
        let late = "2027-03-15T23:30:00Z".parse().unwrap();
        assert_eq!(
            span_words(late, 60, &TimeZone::UTC),
            "Monday 15 March 2027, 23:30 to Tuesday 16 March, 00:30 (UTC)"
        );
    }

    #[test]
    fn zones_are_places() {
        for no in ["", "localtime", "posixrules", "Mars/Olympus", "EST5EDT", "../etc/passwd", "Etc/Unknown", "Europe"] {
            assert!(zone(no).is_err(), "{no}");
        }
        assert_eq!(name(&zone(" utc ").unwrap()), "UTC");
        let all = names();
        assert!(all.len() > 300 && all[0] == UTC && all.contains(&"Pacific/Auckland".to_owned()), "{}", all.len());
    }

    proptest! {
        /// What is typed in a zone is what is said in it.
        #[test]
        fn a_moment_is_said_as_it_was_typed(days in 0_i32..400, minutes in 0_i32..1440, at in 0_usize..400) {
            let all = names();
            let zone = zone(&all[at % all.len()]).unwrap();
            let day = jiff::civil::date(2026, 11, 22).checked_add(jiff::Span::new().days(days)).unwrap();
            let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
            let begins_at = match moment(&day.to_string(), &time, Which::Unsaid, &zone) {
                Ok(begins_at) => begins_at,
                Err(NoMoment::Twice(_)) => {
                    let first = moment(&day.to_string(), &time, Which::First, &zone).unwrap();
                    prop_assert!(first < moment(&day.to_string(), &time, Which::Second, &zone).unwrap());
                    first
                }
                Err(NoMoment::Not(says)) => {
                    prop_assert!(says.contains("clocks are put forward"), "{}", says);
                    return Ok(());
                }
            };
            let said = span_words(begins_at, 10, &zone);
            prop_assert!(said.contains(&format!("{}, {time}", day.strftime("%A %-d %B %Y"))), "{}", said);
        }
    }
}
