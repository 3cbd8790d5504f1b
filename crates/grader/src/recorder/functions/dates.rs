//! Extracting from, truncating and casting dates and times.

use super::calendar::{Date, Moment, Time, from_civil, from_microseconds, microseconds, to_civil};
use super::typecast::{self, Fault};
use super::{Output, give, null, raised, scalar, too_long};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};

pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    scalar(connection, "django_date_extract", 2, |context| {
        extract(context.get_raw(0), parse(context.get_raw(1), ValueRef::Null, ValueRef::Null)?)
    })?;
    scalar(connection, "django_datetime_extract", 4, |context| {
        extract(context.get_raw(0), parse(context.get_raw(1), context.get_raw(2), context.get_raw(3))?)
    })?;
    scalar(connection, "django_date_trunc", 4, |context| truncate(context, date_trunc))?;
    scalar(connection, "django_datetime_trunc", 4, |context| truncate(context, datetime_trunc))?;
    scalar(connection, "django_time_trunc", 4, time_trunc)?;
    scalar(connection, "django_datetime_cast_date", 3, |context| cast(context, |date, _| date.iso()))?;
    scalar(connection, "django_datetime_cast_time", 3, |context| cast(context, |_, time| time.iso()))?;
    scalar(connection, "django_time_extract", 2, time_extract)?;
    scalar(connection, "django_time_diff", 2, time_diff)?;
    scalar(connection, "django_timestamp_diff", 2, timestamp_diff)
}

/// `_sqlite_datetime_parse`: reads a moment, and says what a clock in `zone` shows then.
fn parse(value: ValueRef<'_>, zone: ValueRef<'_>, stored_zone: ValueRef<'_>) -> Result<Option<Moment>, Error> {
    if matches!(value, ValueRef::Null) {
        return Ok(None);
    }
    let moment = match typecast::timestamp(value) {
        Ok(moment) => moment,
        Err(Fault::Value) => return Ok(None),
        Err(Fault::Other) => return Err(raised()),
    };
    let (zone, stored_zone) = (zone_name(zone)?, zone_name(stored_zone)?.filter(|name| !name.is_empty()));
    // Python attaches the stored zone first, which a date or nothing cannot bear.
    if stored_zone.is_some() && !matches!(moment, Some(Moment::DateTime(..))) {
        return Err(raised());
    }
    match zone {
        Some(zone) if Some(zone) != stored_zone => {
            let Some(Moment::DateTime(date, time)) = moment else { return Err(raised()) };
            localise(date, time, zone, stored_zone).map(Some)
        }
        _ => {
            if let Some(name) = stored_zone {
                find_zone(name)?;
            }
            Ok(moment)
        }
    }
}

fn zone_name(value: ValueRef<'_>) -> Result<Option<&str>, Error> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|_| raised()),
        _ => Err(raised()),
    }
}

/// The moment in another zone; `zone` may carry an offset: `+03:00`, `Europe/Berlin-02:00`.
fn localise(date: Date, time: Time, zone: &str, stored_zone: Option<&str>) -> Result<Moment, Error> {
    // Without a stored zone the moment is naive, and `localtime` refuses it.
    let stored = find_zone(stored_zone.ok_or_else(raised)?)?;
    let (name, delta) = typecast::split_zone(zone).map_err(|_| raised())?;
    let moved = microseconds(date, time).checked_add(delta).and_then(from_microseconds);
    let (date, time) = moved.ok_or_else(too_long)?;
    let target = if name.is_empty() { stored.clone() } else { find_zone(name)? };
    // The time zone library ends two days before Python does. The calendar and the rules repeat after 400 years.
    let cycle = if date.year == 9999 { 400 } else { 0 };
    let civil = to_civil(Date { year: date.year - cycle, ..date }, time).ok_or_else(raised)?;
    // "Compatible" is Python's fold=0: the earlier of two, and the offset before a gap.
    let instant = stored.to_ambiguous_timestamp(civil).compatible().map_err(|_| raised())?;
    let (date, time) = from_civil(target.to_datetime(instant)).ok_or_else(too_long)?;
    let date = Date::new(date.year + cycle, date.month, date.day).ok_or_else(too_long)?;
    Ok(Moment::DateTime(date, time))
}

/// A zone of the IANA database that is compiled in, by its exact name.
fn find_zone(name: &str) -> Result<TimeZone, Error> {
    let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| raised())?;
    // The database does not mind the case of letters; files of zones do.
    match zone.iana_name() {
        Some(found) if found == name => Ok(zone),
        _ => Err(raised()),
    }
}

fn word(value: ValueRef<'_>) -> Result<&str, Error> {
    match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| raised()),
        _ => Err(raised()),
    }
}

fn extract(lookup: ValueRef<'_>, moment: Option<Moment>) -> Output {
    let Some(moment) = moment else { return null() };
    let date = moment.date();
    let of_time = |part: fn(Time) -> i64| moment.time().map(part).ok_or_else(raised);
    give(match word(lookup)? {
        "week_day" => (date.weekday() + 1) % 7 + 1,
        "iso_week_day" => date.weekday() + 1,
        "week" => date.iso_week().1,
        "iso_year" => date.iso_week().0,
        "quarter" => (date.month - 1) / 3 + 1,
        "year" => date.year,
        "month" => date.month,
        "day" => date.day,
        "hour" => of_time(|time| time.hour)?,
        "minute" => of_time(|time| time.minute)?,
        "second" => of_time(|time| time.second)?,
        "microsecond" => of_time(|time| time.microsecond)?,
        _ => return Err(raised()),
    })
}

fn truncate(context: &Context<'_>, to: fn(&str, Moment) -> Option<String>) -> Output {
    match parse(context.get_raw(1), context.get_raw(2), context.get_raw(3))? {
        None => null(),
        Some(moment) => give(to(word(context.get_raw(0))?, moment).ok_or_else(raised)?),
    }
}

fn date_trunc(lookup: &str, moment: Moment) -> Option<String> {
    let date = moment.date();
    let day = match lookup {
        "year" => Date { month: 1, day: 1, ..date },
        "quarter" => Date { month: date.month - (date.month - 1) % 3, day: 1, ..date },
        "month" => Date { day: 1, ..date },
        "week" => Date::from_ordinal(date.ordinal() - date.weekday())?,
        "day" => date,
        _ => return None,
    };
    Some(day.iso())
}

fn datetime_trunc(lookup: &str, moment: Moment) -> Option<String> {
    if let Some(day) = date_trunc(lookup, moment) {
        return Some(format!("{day} 00:00:00"));
    }
    Some(format!("{} {}", moment.date().iso(), clock_trunc(lookup, moment.time()?)?))
}

fn clock_trunc(lookup: &str, time: Time) -> Option<String> {
    let Time { hour, minute, second, .. } = time;
    match lookup {
        "hour" => Some(format!("{hour:02}:00:00")),
        "minute" => Some(format!("{hour:02}:{minute:02}:00")),
        "second" => Some(format!("{hour:02}:{minute:02}:{second:02}")),
        _ => None,
    }
}

fn time_trunc(context: &Context<'_>) -> Output {
    let value = context.get_raw(1);
    if matches!(value, ValueRef::Null) {
        return null();
    }
    let time = match parse(value, context.get_raw(2), context.get_raw(3))? {
        Some(moment) => moment.time(),
        None => match typecast::time(value) {
            Ok(time) => time,
            Err(Fault::Value) => return null(),
            Err(Fault::Other) => return Err(raised()),
        },
    };
    let lookup = word(context.get_raw(0))?;
    give(time.and_then(|time| clock_trunc(lookup, time)).ok_or_else(raised)?)
}

fn cast(context: &Context<'_>, to: fn(Date, Time) -> String) -> Output {
    match parse(context.get_raw(0), context.get_raw(1), context.get_raw(2))? {
        None => null(),
        Some(Moment::DateTime(date, time)) => give(to(date, time)),
        Some(Moment::Date(_)) => Err(raised()),
    }
}

fn time_extract(context: &Context<'_>) -> Output {
    let value = context.get_raw(1);
    if matches!(value, ValueRef::Null) {
        return null();
    }
    let time = match typecast::time(value) {
        Ok(time) => time.ok_or_else(raised)?,
        Err(Fault::Value) => return null(),
        Err(Fault::Other) => return Err(raised()),
    };
    give(match word(context.get_raw(0))? {
        "hour" => time.hour,
        "minute" => time.minute,
        "second" => time.second,
        "microsecond" => time.microsecond,
        _ => return Err(raised()),
    })
}

fn time_diff(context: &Context<'_>) -> Output {
    if either_null(context) {
        return null();
    }
    let read = |index| typecast::time(context.get_raw(index)).ok().flatten().ok_or_else(raised);
    give(read(0)?.microseconds() - read(1)?.microseconds())
}

fn timestamp_diff(context: &Context<'_>) -> Output {
    if either_null(context) {
        return null();
    }
    let read = |index| typecast::timestamp(context.get_raw(index)).ok().flatten().ok_or_else(raised);
    give(difference(read(0)?, read(1)?).ok_or_else(raised)?)
}

/// Microseconds between two dates or two moments; a date and a moment cannot be subtracted.
pub(super) fn difference(left: Moment, right: Moment) -> Option<i64> {
    match (left, right) {
        (Moment::Date(left), Moment::Date(right)) => Some((left.ordinal() - right.ordinal()) * super::calendar::DAY),
        (Moment::DateTime(left, left_time), Moment::DateTime(right, right_time)) => {
            Some(microseconds(left, left_time) - microseconds(right, right_time))
        }
        _ => None,
    }
}

fn either_null(context: &Context<'_>) -> bool {
    matches!(context.get_raw(0), ValueRef::Null) || matches!(context.get_raw(1), ValueRef::Null)
}
