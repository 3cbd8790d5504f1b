//! Python's arithmetic on what SQLite hands to a function.

use super::{Output, give, raised, too_long};
use rusqlite::Error;
use rusqlite::types::ValueRef;

/// An `int` or a `float`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    /// `None` for what is not a number to Python.
    pub fn of(value: ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Integer(number) => Some(Self::Int(number)),
            ValueRef::Real(number) => Some(Self::Float(number)),
            _ => None,
        }
    }

    pub fn float(self) -> f64 {
        match self {
            Self::Int(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

/// `left * right`: numbers, or a text or bytes repeated.
pub(super) fn multiply(left: ValueRef<'_>, right: ValueRef<'_>, limit: usize) -> Output {
    match (left, right) {
        (ValueRef::Text(bytes), ValueRef::Integer(times)) | (ValueRef::Integer(times), ValueRef::Text(bytes)) => {
            let repeated = repeat(bytes, times, limit)?;
            give(String::from_utf8(repeated).map_err(|_| raised())?)
        }
        (ValueRef::Blob(bytes), ValueRef::Integer(times)) | (ValueRef::Integer(times), ValueRef::Blob(bytes)) => {
            give(repeat(bytes, times, limit)?)
        }
        _ => match (Number::of(left), Number::of(right)) {
            // An OverflowError, which CPython tells SQLite as "too big".
            (Some(Number::Int(left)), Some(Number::Int(right))) => give(left.checked_mul(right).ok_or_else(too_long)?),
            (Some(left), Some(right)) => super::give_real(left.float() * right.float()),
            _ => Err(raised()),
        },
    }
}

/// `left / right`, always a float.
pub(super) fn divide(left: ValueRef<'_>, right: ValueRef<'_>) -> Output {
    match (Number::of(left), Number::of(right)) {
        (Some(left), Some(right)) if right.float() != 0.0 => super::give_real(left.float() / right.float()),
        _ => Err(raised()),
    }
}

fn repeat(bytes: &[u8], times: i64, limit: usize) -> Result<Vec<u8>, Error> {
    let times = usize::try_from(times.max(0)).map_err(|_| too_long())?;
    match bytes.len().checked_mul(times) {
        Some(length) if length <= limit => Ok(bytes.repeat(times)),
        _ => Err(too_long()),
    }
}

/// `repr()` of a float.
pub(super) fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    // Both languages print the shortest digits that read back the same; only the notation differs.
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    match exponent.parse::<i32>() {
        Ok(exponent) if number != 0.0 && !(-4..16).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        _ => {
            let plain = format!("{number}");
            if plain.contains('.') { plain } else { format!("{plain}.0") }
        }
    }
}
