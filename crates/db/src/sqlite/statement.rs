//! One statement on one SQLite connection.

use crate::row::{Order, Source};
use crate::rows::Kept;
use crate::{Error, OwnedRecord, Record, Row, Rows, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Statement, ToSql};

/// Rows, or `None` if the statement would write.
pub(crate) fn read<T: OwnedRecord>(
    connection: &Connection,
    sql: &str,
    params: &[Value<'_>],
    most: usize,
) -> Result<Option<Vec<T>>, Error> {
    let mut statement = prepare(connection, sql)?;
    if statement.readonly() { fetch(&mut statement, sql, params, most).map(Some) } else { Ok(None) }
}

/// At most `most` rows.
pub(crate) fn rows<T: OwnedRecord>(
    connection: &Connection,
    sql: &str,
    params: &[Value<'_>],
    most: usize,
) -> Result<Vec<T>, Error> {
    fetch(&mut *prepare(connection, sql)?, sql, params, most)
}

/// All rows, kept together. With `reading`, a statement that would write is refused.
pub(crate) fn keep(connection: &Connection, sql: &str, params: &[Value<'_>], reading: bool) -> Result<Rows, Error> {
    let mut statement = prepare(connection, sql)?;
    if reading && !statement.readonly() {
        return Err(no_read(sql));
    }
    bind(&mut statement, sql, params)?;
    let mut kept = Kept::new(statement.column_names());
    let mut found = statement.raw_query();
    while let Some(row) = found.next().map_err(|error| Error::sqlite(error, sql))? {
        kept.push(row)?;
    }
    Ok(Rows::sqlite(kept))
}

/// The failure of a statement that would write where nothing may.
pub(crate) fn no_read(sql: &str) -> Error {
    Error::Sql { sql: sql.into(), detail: crate::snapshot::NO_READ.into() }
}

/// How many rows changed.
pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
    let mut statement = prepare(connection, sql)?;
    bind(&mut statement, sql, params)?;
    let changed = statement.raw_execute().map_err(|error| Error::sqlite(error, sql))?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, Error> {
    connection.prepare_cached(sql).map_err(|error| Error::sqlite(error, sql))
}

fn fetch<T: OwnedRecord>(
    statement: &mut Statement<'_>,
    sql: &str,
    params: &[Value<'_>],
    most: usize,
) -> Result<Vec<T>, Error> {
    bind(statement, sql, params)?;
    let order = Order::find::<T>(&statement.column_names().collect::<Vec<_>>())?;
    let mut found = statement.raw_query();
    let mut records = Vec::new();
    while let Some(row) = found.next().map_err(|error| Error::sqlite(error, sql))? {
        records.push(<T as Record<'_>>::from_row(&Row::new(Source::Sqlite(row), &order))?);
        // A statement with `returning` has written all before it gives its first row: stopping early loses nothing.
        if records.len() >= most {
            break;
        }
    }
    Ok(records)
}

/// Binds by the parameter's own number. SQLite numbers `$2` by where it first appears, so that an update with `$2` before
/// `$1` would write the wrong values without an error.
fn bind(statement: &mut Statement<'_>, sql: &str, params: &[Value<'_>]) -> Result<(), Error> {
    let wrong = |detail: String| Error::Sql { sql: sql.into(), detail };
    if statement.parameter_count() != params.len() {
        return Err(wrong(format!("{} parameters for {} places", params.len(), statement.parameter_count())));
    }
    for place in 1..=params.len() {
        let name = statement.parameter_name(place).unwrap_or("?");
        let number = name.strip_prefix('$').and_then(|number| number.parse::<usize>().ok());
        let value = number.and_then(|number| params.get(number.checked_sub(1)?));
        let value = value.ok_or_else(|| wrong(format!("“{name}” is no parameter: write $1 to ${}", params.len())))?;
        statement.raw_bind_parameter(place, Bound(value)).map_err(|error| Error::sqlite(error, sql))?;
    }
    Ok(())
}

struct Bound<'a>(&'a Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Int(int) => ToSqlOutput::Borrowed(ValueRef::Integer(*int)),
            Value::Float(float) => ToSqlOutput::Borrowed(ValueRef::Real(*float)),
            Value::Bool(bool) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*bool))),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Uuid(uuid) => ToSqlOutput::Borrowed(ValueRef::Blob(uuid.as_bytes())),
            // Always six digits, so that texts sort as times.
            Value::Time(time) => ToSqlOutput::Owned(rusqlite::types::Value::Text(format!("{time:.6}"))),
        })
    }
}
