//! `django_format_dtdelta`: adding, subtracting and scaling moments and durations.

use super::calendar::{DAY, Date, Moment, from_microseconds, microseconds};
use super::dates::difference;
use super::number::{divide, multiply};
use super::typecast::{self, Fault};
use super::{Output, give, null, raised, scalar, too_long};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, functions::Context};

pub(super) fn register(connection: &Connection, limit: usize) -> rusqlite::Result<()> {
    scalar(connection, "django_format_dtdelta", 3, move |context| format_delta(context, limit))
}

/// What `_sqlite_prepare_dtdelta_param` makes of a parameter of `+` and `-`.
#[derive(Clone, Copy)]
enum Operand {
    /// Microseconds.
    Delta(i64),
    Moment(Moment),
    /// An empty value: None, which nothing can be added to.
    Nothing,
}

fn format_delta(context: &Context<'_>, limit: usize) -> Output {
    let (connector, left, right) = (context.get_raw(0), context.get_raw(1), context.get_raw(2));
    if [connector, left, right].iter().any(|value| matches!(value, ValueRef::Null)) {
        return null();
    }
    let ValueRef::Text(connector) = connector else { return Err(raised()) };
    let connector = std::str::from_utf8(connector).map_err(|_| raised())?.trim();
    match connector {
        "*" => return multiply(left, right, limit),
        "+" | "-" => {}
        _ => return divide(left, right),
    }
    let (left, right) = match (operand(left), operand(right)) {
        (Ok(left), Ok(right)) => (left, right),
        (Err(Fault::Other), _) | (Ok(_), Err(Fault::Other)) => return Err(raised()),
        _ => return null(),
    };
    give(if connector == "+" { add(left, right) } else { subtract(left, right) }?)
}

fn operand(value: ValueRef<'_>) -> Result<Operand, Fault> {
    match value {
        ValueRef::Integer(micros) => Ok(Operand::Delta(micros)),
        other => Ok(typecast::timestamp(other)?.map_or(Operand::Nothing, Operand::Moment)),
    }
}

fn add(left: Operand, right: Operand) -> Result<String, Error> {
    match (left, right) {
        (Operand::Delta(left), Operand::Delta(right)) => Ok(delta_text(i128::from(left) + i128::from(right))),
        (Operand::Moment(moment), Operand::Delta(delta)) | (Operand::Delta(delta), Operand::Moment(moment)) => {
            shift(moment, delta, 1).ok_or_else(too_long)
        }
        _ => Err(raised()),
    }
}

fn subtract(left: Operand, right: Operand) -> Result<String, Error> {
    match (left, right) {
        (Operand::Delta(left), Operand::Delta(right)) => Ok(delta_text(i128::from(left) - i128::from(right))),
        (Operand::Moment(moment), Operand::Delta(delta)) => shift(moment, delta, -1).ok_or_else(too_long),
        (Operand::Moment(left), Operand::Moment(right)) => {
            difference(left, right).map(|micros| delta_text(micros.into())).ok_or_else(raised)
        }
        _ => Err(raised()),
    }
}

/// Moves forwards (1) or back (-1). A date moves by whole days only, those of `timedelta.days`. `None` outside
/// Python's years.
fn shift(moment: Moment, delta: i64, sign: i64) -> Option<String> {
    let moved = match moment {
        Moment::Date(date) => Moment::Date(Date::from_ordinal(date.ordinal() + sign * delta.div_euclid(DAY))?),
        Moment::DateTime(date, time) => {
            let total = microseconds(date, time).checked_add(delta.checked_mul(sign)?)?;
            let (date, time) = from_microseconds(total)?;
            Moment::DateTime(date, time)
        }
    };
    Some(moved.text())
}

/// `str()` of a timedelta: `-1 day, 23:59:59.999999`.
fn delta_text(total: i128) -> String {
    let day = i128::from(DAY);
    let (days, rest) = (total.div_euclid(day), total.rem_euclid(day));
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    let mut text = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if days != 0 {
        let plural = if days.abs() == 1 { "" } else { "s" };
        text = format!("{days} day{plural}, {text}");
    }
    if micros != 0 {
        text = format!("{text}.{micros:06}");
    }
    text
}
