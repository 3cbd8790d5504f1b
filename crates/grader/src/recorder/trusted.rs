//! The grader's own SQL: not counted, not recorded, not guarded; bounded in time only.

use super::Recorder;
use super::answer::TrustedRows;
use super::error::{RecorderError, SqlError};
use super::records::cut;
use super::value::Value;
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Batch, Connection, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of SQL shown in an error.
const SHOWN: usize = 300;

impl Recorder {
    /// Executes any number of statements as one: all of it happens, or none. `:name` takes its value from `named`
    /// wherever it stands; names that do not occur are let be. Inside a transaction that the candidate has left
    /// open it becomes part of that; see [`Recorder::rollback_open_transaction`].
    ///
    /// # Errors
    /// When a statement fails, or a name has no value.
    pub fn trusted_batch(&mut self, sql: &str, named: &BTreeMap<String, Value>) -> Result<(), RecorderError> {
        self.as_trusted(|recorder| {
            let connection = &recorder.connection;
            control(connection, "SAVEPOINT trusted")?;
            let done = run_batch(connection, sql, named).and_then(|()| control(connection, "RELEASE trusted"));
            if done.is_err() && !connection.is_autocommit() {
                control(connection, "ROLLBACK TO trusted")?;
                control(connection, "RELEASE trusted")?;
            }
            done
        })
    }

    /// Executes one query and gives all its rows.
    ///
    /// # Errors
    /// When it fails, a name has no value, or the text holds more than one statement.
    pub fn trusted_rows(&mut self, sql: &str, named: &BTreeMap<String, Value>) -> Result<TrustedRows, RecorderError> {
        self.as_trusted(|recorder| {
            let mut batch = Batch::new(&recorder.connection, sql);
            let mut statement = match batch.next() {
                Ok(Some(statement)) => statement,
                Ok(None) => return Err(trusted(sql, "there is no statement")),
                Err(error) => return Err(failed(sql, &error)),
            };
            if !matches!(batch.next(), Ok(None)) {
                return Err(trusted(sql, "there is more than one statement"));
            }
            bind_named(&mut statement, sql, named)?;
            let rows = collect(&mut statement).map_err(|error| failed(sql, &error))?;
            let columns = statement.column_names().map(str::to_owned).collect();
            Ok(TrustedRows { columns, rows })
        })
    }

    /// How SQLite would execute a statement of the candidate's: the detail lines of EXPLAIN QUERY PLAN, `SCAN book`
    /// and the like. Nothing is executed; parameters are left unbound. The candidate's guard stays on.
    ///
    /// # Errors
    /// When it cannot be prepared: as a statement that was cut cannot (see [`Recorder::whole_sql`]).
    pub fn plan(&mut self, sql: &str) -> Result<Vec<String>, RecorderError> {
        self.watch.begin(self.limits.statement_time, self.limits.statement_memory);
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        let mut statement = match Batch::new(&self.connection, &explain).next() {
            Ok(Some(statement)) => statement,
            Ok(None) => return Err(trusted(sql, "there is no statement")),
            Err(error) => return Err(failed(sql, &error)),
        };
        let rows = collect(&mut statement).map_err(|error| failed(sql, &error))?;
        Ok(rows
            .into_iter()
            .filter_map(|mut row| row.pop())
            .map(|detail| match detail {
                Value::Text(text) => text,
                other => format!("{other:?}"),
            })
            .collect())
    }

    /// Whether a statement of the candidate's reads a table, or an index of it, from end to end. Asked of the program that
    /// SQLite makes of it: a query plan names tables as the statement does, by any alias it likes.
    ///
    /// # Errors
    /// When it cannot be prepared.
    pub fn scans(&mut self, sql: &str, table: &str) -> Result<bool, RecorderError> {
        let pages = self.as_trusted(|recorder| {
            let pages = "select rootpage from sqlite_schema where tbl_name = ? collate nocase and rootpage > 0";
            let mut statement = recorder.connection.prepare(pages).map_err(|error| failed(pages, &error))?;
            let rows = statement.query_map([table], |row| row.get(0)).map_err(|error| failed(pages, &error))?;
            rows.collect::<rusqlite::Result<BTreeSet<i64>>>().map_err(|error| failed(pages, &error))
        })?;
        self.watch.begin(self.limits.statement_time, self.limits.statement_memory);
        let explain = format!("EXPLAIN {sql}");
        let mut statement = match Batch::new(&self.connection, &explain).next() {
            Ok(Some(statement)) => statement,
            Ok(None) => return Err(trusted(sql, "there is no statement")),
            Err(error) => return Err(failed(sql, &error)),
        };
        let program = collect(&mut statement).map_err(|error| failed(sql, &error))?;
        Ok(reads_whole(&program, &pages))
    }
}

/// Whether a program of SQLite's machine goes through one of these b-trees from its first or last entry on, or counts them.
/// Its columns are address, operation, and operands, the first three of which are numbers.
fn reads_whole(program: &[Vec<Value>], pages: &BTreeSet<i64>) -> bool {
    let steps = program.iter().filter_map(|row| match &row[..] {
        [_, Value::Text(operation), Value::Integer(one), Value::Integer(two), ..] => {
            Some((operation.as_str(), *one, *two))
        }
        _ => None,
    });
    let (mut cursors, mut begun, mut went_on) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (operation, one, two) in steps {
        match operation {
            "OpenRead" | "OpenWrite" | "ReopenIdx" if pages.contains(&two) => {
                cursors.insert(one);
            }
            "Rewind" | "Last" => {
                begun.insert(one);
            }
            "Next" | "Prev" => {
                went_on.insert(one);
            }
            "Count" => {
                begun.insert(one);
                went_on.insert(one);
            }
            _ => {}
        }
    }
    cursors.iter().any(|cursor| begun.contains(cursor) && went_on.contains(cursor))
}

fn control(connection: &Connection, sql: &str) -> Result<(), RecorderError> {
    connection.execute_batch(sql).map_err(|error| failed(sql, &error))
}

fn run_batch(connection: &Connection, sql: &str, named: &BTreeMap<String, Value>) -> Result<(), RecorderError> {
    let mut batch = Batch::new(connection, sql);
    while let Some(mut statement) = batch.next().map_err(|error| failed(sql, &error))? {
        let text = statement.expanded_sql().unwrap_or_else(|| sql.to_owned());
        bind_named(&mut statement, &text, named)?;
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| failed(&text, &error))?.is_some() {}
    }
    Ok(())
}

fn bind_named(statement: &mut Statement<'_>, sql: &str, named: &BTreeMap<String, Value>) -> Result<(), RecorderError> {
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).unwrap_or("?").to_owned();
        let Some(value) = named.get(name.trim_start_matches([':', '@', '$'])) else {
            return Err(RecorderError::MissingParameter { name, sql: cut(sql, SHOWN) });
        };
        statement.raw_bind_parameter(index, value).map_err(|error| failed(sql, &error))?;
    }
    Ok(())
}

fn collect(statement: &mut Statement<'_>) -> rusqlite::Result<Vec<Vec<Value>>> {
    let width = statement.column_count();
    let mut rows = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next()? {
        let values = (0..width).map(|index| row.get_ref(index).map(Value::from_sql_lossy));
        rows.push(values.collect::<rusqlite::Result<_>>()?);
    }
    Ok(rows)
}

fn failed(sql: &str, error: &rusqlite::Error) -> RecorderError {
    trusted(sql, &SqlError::from_rusqlite(error).message)
}

fn trusted(sql: &str, message: &str) -> RecorderError {
    RecorderError::Trusted { sql: cut(sql.trim(), SHOWN), message: message.to_owned() }
}
