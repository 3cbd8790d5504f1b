//! The SQL functions that Django's SQLite backend registers on a connection (`django/db/backends/sqlite3/_functions.py`
//! of Django 5.2), and those that CPython's SQLite is built with and the bundled one is not (the mathematical ones).
//!
//! Results are those of Django's Python, odd cases included; `tests/it/django_functions.json` holds them side by side.
//! Where the Python would raise, SQLite reports `user-defined function raised exception`, as CPython has it do.

mod builtin;
mod calendar;
mod dates;
mod duration;
mod maths;
mod number;
mod pattern;
mod statistics;
mod text;
mod typecast;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Error, ffi};

/// Registers all of them. `limit` is the longest text or blob that a function may make, in bytes.
pub(super) fn register(connection: &Connection, limit: usize) -> rusqlite::Result<()> {
    dates::register(connection)?;
    duration::register(connection, limit)?;
    text::register(connection, limit)?;
    pattern::register(connection)?;
    maths::register(connection)?;
    statistics::register(connection)?;
    builtin::register(connection, limit)
}

/// What a function gives back to SQLite.
type Output = rusqlite::Result<ToSqlOutput<'static>>;

/// Registers one deterministic function. They are innocuous (they only compute), so that a CHECK constraint or a
/// generated column that Django writes may use them although the schema is not trusted.
fn scalar<F>(connection: &Connection, name: &str, arguments: i32, function: F) -> rusqlite::Result<()>
where
    F: Fn(&Context<'_>) -> Output + Send + 'static,
{
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(name, arguments, flags, function)
}

/// What SQLite is told when the Python function would have raised.
fn raised() -> Error {
    Error::UserFunctionError("user-defined function raised exception".into())
}

/// What SQLite says of a result that is longer than its limit; and what CPython has it say of an OverflowError.
fn too_long() -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_TOOBIG), None)
}

/// `NULL`.
fn null() -> Output {
    Ok(ToSqlOutput::Owned(rusqlite::types::Value::Null))
}

/// Any value that SQLite can hold.
fn give(value: impl Into<rusqlite::types::Value>) -> Output {
    Ok(ToSqlOutput::Owned(value.into()))
}

/// A float, or `NULL` for NaN as SQLite has it.
fn give_real(value: f64) -> Output {
    if value.is_nan() { null() } else { give(value) }
}
