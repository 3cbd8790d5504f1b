//! Django's `typecast_time`, `typecast_timestamp` and `split_tzname_delta` (`django/db/backends/utils.py`).

use super::calendar::{Date, Moment, Time};
use rusqlite::types::ValueRef;

/// How Python's reading of a value failed. Django's functions catch the one and not the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// ValueError or TypeError: mostly turned into `NULL`.
    Value,
    /// IndexError, AttributeError: never caught.
    Other,
}

type Read<T> = Result<T, Fault>;

/// A value that Python takes for false: `if not s: return None`.
fn is_falsy(value: ValueRef<'_>) -> bool {
    match value {
        ValueRef::Null => true,
        ValueRef::Integer(number) => number == 0,
        ValueRef::Real(number) => number == 0.0,
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.is_empty(),
    }
}

/// The text of a value; TypeError for anything else.
fn text(value: ValueRef<'_>) -> Read<&str> {
    match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| Fault::Value),
        _ => Err(Fault::Value),
    }
}

/// `typecast_timestamp`: `None` for an empty value.
pub(super) fn timestamp(value: ValueRef<'_>) -> Read<Option<Moment>> {
    if is_falsy(value) {
        return Ok(None);
    }
    let text = text(value)?;
    if !text.contains(' ') {
        return date(text).map(|date| Some(Moment::Date(date)));
    }
    let mut words = text.split(is_space).filter(|word| !word.is_empty());
    let (Some(day), Some(rest), None) = (words.next(), words.next(), words.next()) else {
        return Err(Fault::Value);
    };
    let clock = rest.split_once('-').or_else(|| rest.split_once('+')).map_or(rest, |(clock, _)| clock);
    let dates: Vec<&str> = day.split('-').collect();
    let times: Vec<&str> = clock.split(':').collect();
    let (seconds, micros) = seconds(times.get(2).ok_or(Fault::Other)?)?;
    let numbers = [dates.first(), dates.get(1), dates.get(2), times.first(), times.get(1), Some(&seconds)];
    let mut read = [0; 6];
    for (slot, part) in read.iter_mut().zip(numbers) {
        *slot = int(part.ok_or(Fault::Other)?)?;
    }
    let [year, month, day, hour, minute, second] = read;
    let micros = int(&micros)?;
    let date = Date::new(year, month, day).ok_or(Fault::Value)?;
    let time = Time::new(hour, minute, second, micros).ok_or(Fault::Value)?;
    Ok(Some(Moment::DateTime(date, time)))
}

/// `typecast_time`: `None` for an empty value.
pub(super) fn time(value: ValueRef<'_>) -> Read<Option<Time>> {
    if is_falsy(value) {
        return Ok(None);
    }
    // An int has no `split`: AttributeError.
    let text = match value {
        ValueRef::Integer(_) | ValueRef::Real(_) => return Err(Fault::Other),
        other => text(other)?,
    };
    let parts: Vec<&str> = text.split(':').collect();
    let [hour, minute, seconds_text] = parts[..] else {
        return Err(Fault::Value);
    };
    let (seconds, micros) = seconds(seconds_text)?;
    let time = Time::new(int(hour)?, int(minute)?, int(seconds)?, int(&micros)?);
    time.map(Some).ok_or(Fault::Value)
}

/// `typecast_date` of a text that is not empty.
fn date(text: &str) -> Read<Date> {
    let numbers = text.split('-').map(int).collect::<Read<Vec<i64>>>()?;
    let [year, month, day] = numbers[..] else {
        return Err(Fault::Value);
    };
    Date::new(year, month, day).ok_or(Fault::Value)
}

/// Seconds, and their fraction as six digits.
fn seconds(text: &str) -> Read<(&str, String)> {
    let mut parts = text.split('.');
    let (seconds, fraction) = (parts.next().unwrap_or(""), parts.next());
    if parts.next().is_some() {
        return Err(Fault::Value);
    }
    let digits: String = fraction.unwrap_or("0").chars().chain("000000".chars()).take(6).collect();
    Ok((seconds, digits))
}

/// `int()` of a text: white space around it, a sign and single underscores between digits are let pass.
fn int(text: &str) -> Read<i64> {
    let text = text.trim_matches(is_space);
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let well_formed = digits.split('_').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !well_formed {
        return Err(Fault::Value);
    }
    // A number that does not fit here is out of range for a date too, which is the same ValueError
    // (OverflowError for a giant year, which Django does not meet).
    let number: i64 = digits.replace('_', "").parse().map_err(|_| Fault::Value)?;
    Ok(if negative { -number } else { number })
}

/// What `str.split()` and `int()` take for white space, as far as it is ASCII.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter)
}

/// `split_tzname_delta`: the zone's name, and what is to be added to the local time, in microseconds.
pub(super) fn split_zone(name: &str) -> Read<(&str, i64)> {
    for sign in ['+', '-'] {
        let Some((zone, offset)) = name.rsplit_once(sign) else { continue };
        if offset.is_empty() || !is_time(offset)? {
            continue;
        }
        // `0300` passes for a time, and is then read as hours: so Django does.
        let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "00"));
        if minutes.contains(':') {
            return Err(Fault::Value);
        }
        let delta = int(hours)?
            .checked_mul(60)
            .and_then(|total| total.checked_add(int(minutes).ok()?))
            .and_then(|total| total.checked_mul(60_000_000))
            .ok_or(Fault::Other)?;
        return Ok((zone, if sign == '+' { delta } else { -delta }));
    }
    Ok((name, 0))
}

/// Whether `parse_time` (CPython 3.11) makes a time of it; an error where it raises.
fn is_time(text: &str) -> Read<bool> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    // ISO forms without colons: HH, HHMM, HHMMSS.
    if matches!(bytes.len(), 2 | 4 | 6) && digits(0, bytes.len()) {
        let part = |at: usize| text.get(at..at + 2).map_or(Ok(0), int);
        let fits = part(0)? < 24 && part(2)? < 60 && part(4)? < 60;
        return Ok(fits);
    }
    // Django's own pattern: H:MM and more, one or two digits each.
    let parts: Vec<&str> = text.split(':').collect();
    let seconds = parts.get(2).map(|part| part.split(['.', ',']).next().unwrap_or(""));
    let fields: Vec<&str> = parts.iter().take(2).copied().chain(seconds).collect();
    let shaped = (2..=3).contains(&parts.len())
        && fields.iter().all(|part| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !shaped {
        return Ok(false);
    }
    let numbers = fields.iter().map(|part| int(part)).collect::<Read<Vec<i64>>>()?;
    let fits = numbers[0] < 24 && numbers[1..].iter().all(|number| *number < 60);
    if fits { Ok(true) } else { Err(Fault::Value) }
}
