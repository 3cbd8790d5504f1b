//! Mathematics: SQLite's own functions of that name, which the bundled SQLite is built without; Django's COT; and
//! RAND, by which `order_by("?")` sorts.

use super::{Output, give, give_real, null, raised, scalar};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};

pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    for (name, function) in ONE {
        scalar(connection, name, 1, move |context| match real(context.get_raw(0)) {
            Some(x) => give_real(function(x)),
            None => null(),
        })?;
    }
    for (name, function) in ROUNDING {
        scalar(connection, name, 1, move |context| rounded(context.get_raw(0), *function))?;
    }
    for (name, function) in TWO {
        scalar(connection, name, 2, move |context| match (real(context.get_raw(0)), real(context.get_raw(1))) {
            (Some(x), Some(y)) => give_real(function(x, y)),
            _ => null(),
        })?;
    }
    for (name, function) in LOGARITHMS {
        scalar(connection, name, 1, move |context| match real(context.get_raw(0)) {
            Some(x) if x > 0.0 => give_real(function(x)),
            _ => null(),
        })?;
    }
    scalar(connection, "LOG", 2, log_to_base)?;
    scalar(connection, "PI", 0, |_| give(std::f64::consts::PI))?;
    scalar(connection, "COT", 1, cot)?;
    connection.create_scalar_function("RAND", 0, FunctionFlags::SQLITE_UTF8, |_| Ok(rand::random::<f64>()))
}

type Of1 = fn(f64) -> f64;
type Of2 = fn(f64, f64) -> f64;

const ONE: &[(&str, Of1)] = &[
    ("ACOS", f64::acos),
    ("ACOSH", f64::acosh),
    ("ASIN", f64::asin),
    ("ASINH", f64::asinh),
    ("ATAN", f64::atan),
    ("ATANH", f64::atanh),
    ("COS", f64::cos),
    ("COSH", f64::cosh),
    ("DEGREES", |x| x * (180.0 / std::f64::consts::PI)),
    ("EXP", f64::exp),
    ("RADIANS", |x| x * (std::f64::consts::PI / 180.0)),
    ("SIN", f64::sin),
    ("SINH", f64::sinh),
    ("SQRT", f64::sqrt),
    ("TAN", f64::tan),
    ("TANH", f64::tanh),
];

/// An integer stays an integer.
const ROUNDING: &[(&str, Of1)] =
    &[("CEIL", f64::ceil), ("CEILING", f64::ceil), ("FLOOR", f64::floor), ("TRUNC", f64::trunc)];

const TWO: &[(&str, Of2)] = &[
    ("ATAN2", f64::atan2),
    // Rust's remainder is C's fmod.
    ("MOD", |x, y| x % y),
    ("POW", f64::powf),
    ("POWER", f64::powf),
];

const LOGARITHMS: &[(&str, Of1)] = &[("LN", f64::ln), ("LOG", f64::log10), ("LOG10", f64::log10), ("LOG2", f64::log2)];

/// A number, or a text that is one from end to end: what `sqlite3_value_numeric_type` takes for a number.
enum Numeric {
    Integer(i64),
    Real(f64),
}

fn numeric(value: ValueRef<'_>) -> Option<Numeric> {
    match value {
        ValueRef::Integer(number) => Some(Numeric::Integer(number)),
        ValueRef::Real(number) => Some(Numeric::Real(number)),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
            // Rust also reads "inf" and "nan", which are words to SQLite.
            if text.is_empty()
                || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            {
                return None;
            }
            match text.parse() {
                Ok(number) => Some(Numeric::Integer(number)),
                Err(_) => text.parse().ok().map(Numeric::Real),
            }
        }
        _ => None,
    }
}

fn real(value: ValueRef<'_>) -> Option<f64> {
    numeric(value).map(|number| match number {
        Numeric::Integer(number) => number as f64,
        Numeric::Real(number) => number,
    })
}

fn rounded(value: ValueRef<'_>, function: Of1) -> Output {
    match numeric(value) {
        Some(Numeric::Integer(number)) => give(number),
        Some(Numeric::Real(number)) => give_real(function(number)),
        None => null(),
    }
}

fn log_to_base(context: &Context<'_>) -> Output {
    let (Some(base), Some(x)) = (real(context.get_raw(0)), real(context.get_raw(1))) else { return null() };
    let scale = base.ln();
    if base <= 0.0 || scale <= 0.0 || x <= 0.0 { null() } else { give_real(x.ln() / scale) }
}

/// Django's, in Python: raises for what is no number, and at 0.
fn cot(context: &Context<'_>) -> Output {
    let x = match context.get_raw(0) {
        ValueRef::Null => return null(),
        ValueRef::Integer(number) => number as f64,
        ValueRef::Real(number) => number,
        _ => return Err(raised()),
    };
    let tangent = if x.is_finite() { x.tan() } else { 0.0 };
    if tangent == 0.0 { Err::<_, Error>(raised()) } else { give(1.0 / tangent) }
}
