//! Executes what the candidate sends.

use super::answer::{Answer, Column};
use super::classify::StatementKind;
use super::error::{ErrorClass, Refusal, SqlError};
use super::limits::{LimitHit, Trip, thread_cpu_ns};
use super::records::Seen;
use super::value::Value;
use super::{Recorder, limits};
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Batch, CachedStatement, Connection, Statement};
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

/// What one execution used, whether it went well or not.
#[derive(Default)]
struct Used {
    rows: u64,
    bytes: u64,
}

/// How much more of rows and bytes the run may have.
struct Room {
    rows: u64,
    bytes: u64,
}

/// Why an execution did not end well, before it is known who is told.
enum Fault {
    Sql(SqlError),
    Sqlite(rusqlite::Error),
    Rows,
    Bytes,
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Recorder {
    /// Executes one statement of the candidate's with positional parameters, records it and hands over all rows.
    ///
    /// # Errors
    /// [`Refusal::Sql`] for the candidate; [`Refusal::Limit`] when the run is over.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<Answer, Refusal> {
        self.execute_one(sql, StatementKind::of(sql), params)
    }

    /// Executes a changing statement once for each set of parameters, like `executemany`. Each execution reaches
    /// the database, so each counts. `rowcount` is the sum.
    ///
    /// # Errors
    /// As [`Recorder::execute`]; what was done before the failing set stays done, as in Python.
    pub fn execute_many(&mut self, sql: &str, sets: &[Vec<Value>]) -> Result<Answer, Refusal> {
        let kind = StatementKind::of(sql);
        if kind != StatementKind::Change {
            return Err(SqlError::new(ErrorClass::Programming, "executemany() can only execute DML statements.").into());
        }
        let mut sum = self.answer(Vec::new(), Vec::new(), 0);
        for params in sets {
            let answer = self.execute_one(sql, kind, params)?;
            sum.rowcount += answer.rowcount;
            sum.lastrowid = answer.lastrowid;
            sum.in_transaction = answer.in_transaction;
        }
        Ok(sum)
    }

    fn execute_one(&mut self, sql: &str, kind: StatementKind, params: &[Value]) -> Result<Answer, Refusal> {
        if let Some(hit) = self.stopped {
            return Err(hit.into());
        }
        if let Some(snapshot) = self.awaited.take() {
            let restored = self.restore(&snapshot);
            restored.map_err(|error| SqlError::new(ErrorClass::Operational, error.to_string()))?;
        }
        if self.records.totals.statements >= self.limits.statements {
            return Err(self.stop(LimitHit::Statements(self.limits.statements)));
        }
        let started = Instant::now();
        let time = self.time_left();
        let started_cpu = self.watch.begin(time, self.limits.statement_memory);
        let mut used = Used::default();
        let result = self.run(sql, kind, params, &mut used);
        let cpu_ns = thread_cpu_ns().saturating_sub(started_cpu);
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        if kind != StatementKind::Empty {
            let refused = result.is_err();
            self.records.add(&Seen { sql, kind, rows: used.rows, bytes: used.bytes, micros, cpu_ns, refused });
        }
        // One long call of a function ends between two looks of the watch.
        if cpu_ns > limits::nanoseconds(time) {
            return Err(self.stop_for_time());
        }
        result.map_err(|fault| self.refuse(fault))
    }

    /// Time for the next statement: its own, or what is left of the run's.
    fn time_left(&self) -> Duration {
        let spent = Duration::from_nanos(self.records.totals.cpu_ns);
        self.limits.statement_time.min(self.limits.total_time.saturating_sub(spent))
    }

    fn run(&self, sql: &str, kind: StatementKind, params: &[Value], used: &mut Used) -> Result<Answer, Fault> {
        check_text(sql, self.limits.sql_length as usize).map_err(Fault::Sql)?;
        if kind == StatementKind::Empty {
            return Ok(self.answer(Vec::new(), Vec::new(), -1));
        }
        let room = Room {
            rows: self.limits.rows.saturating_sub(self.records.totals.rows),
            bytes: self.limits.bytes.saturating_sub(self.records.totals.bytes),
        };
        let mut statement = prepare(&self.connection, sql)?;
        bind(&mut statement, params)?;
        let columns_expected = statement.column_count() > 0;
        let (columns, rows) = fetch(&mut statement, &room, used)?;
        let rowcount = if kind == StatementKind::Change { self.changes() } else { -1 };
        if !columns_expected && kind == StatementKind::Change {
            used.rows = u64::try_from(rowcount).unwrap_or(0);
            if used.rows > room.rows {
                return Err(Fault::Rows);
            }
        }
        Ok(self.answer(columns, rows, rowcount))
    }

    fn changes(&self) -> i64 {
        i64::try_from(self.connection.changes()).unwrap_or(i64::MAX)
    }

    fn answer(&self, columns: Vec<Column>, rows: Vec<Vec<Value>>, rowcount: i64) -> Answer {
        Answer {
            columns,
            rows,
            rowcount,
            lastrowid: self.connection.last_insert_rowid(),
            in_transaction: self.in_transaction(),
        }
    }

    /// Says who is told of a fault: the candidate, or the grader because the run is over.
    fn refuse(&mut self, fault: Fault) -> Refusal {
        match fault {
            Fault::Sql(error) => error.into(),
            Fault::Rows => self.stop(LimitHit::Rows(self.limits.rows)),
            Fault::Bytes => self.stop(LimitHit::Bytes(self.limits.bytes)),
            Fault::Sqlite(error) => match self.watch.trip() {
                Some(Trip::Memory) => self.stop(LimitHit::Memory(self.limits.statement_memory)),
                Some(Trip::Time) => self.stop_for_time(),
                None => self.explain(&error).into(),
            },
        }
    }

    fn stop_for_time(&mut self) -> Refusal {
        let total = self.limits.total_time;
        self.stop(if self.records.totals.cpu_ns >= limits::nanoseconds(total) {
            LimitHit::TotalTime(total)
        } else {
            LimitHit::StatementTime(self.limits.statement_time)
        })
    }

    fn stop(&mut self, hit: LimitHit) -> Refusal {
        self.stopped = Some(hit);
        hit.into()
    }

    /// The candidate's error, with what the guard refused if it did.
    fn explain(&self, error: &rusqlite::Error) -> SqlError {
        let mut explained = SqlError::from_rusqlite(error);
        if let Some(what) = self.watch.denied_reason()
            && explained.message.starts_with("not authorized")
        {
            explained.message = format!("not authorized: {what} cannot be used here");
        }
        explained
    }
}

/// What CPython checks before it asks SQLite.
fn check_text(sql: &str, limit: usize) -> Result<(), SqlError> {
    if sql.len() > limit {
        return Err(SqlError::new(ErrorClass::Data, "query string is too large"));
    }
    if sql.contains('\0') {
        return Err(SqlError::new(ErrorClass::Programming, "the query contains a null character"));
    }
    Ok(())
}

/// A statement, from the connection's cache or not.
enum Prepared<'a> {
    Cached(CachedStatement<'a>),
    Once(Statement<'a>),
}

impl<'a> Deref for Prepared<'a> {
    type Target = Statement<'a>;
    fn deref(&self) -> &Statement<'a> {
        match self {
            Self::Cached(statement) => statement,
            Self::Once(statement) => statement,
        }
    }
}

impl DerefMut for Prepared<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Cached(statement) => statement,
            Self::Once(statement) => statement,
        }
    }
}

/// Prepares the one statement of a text. Without a semicolon there can be no second one, so the cache may be asked.
/// Else the rest is looked at by `Batch`: rusqlite's `prepare` calls itself for each statement that follows, and
/// a text of a hundred thousand statements would overflow the stack.
fn prepare<'a>(connection: &'a Connection, sql: &str) -> Result<Prepared<'a>, Fault> {
    if !sql.contains(';') {
        return Ok(Prepared::Cached(connection.prepare_cached(sql)?));
    }
    let mut batch = Batch::new(connection, sql);
    let Some(first) = batch.next()? else {
        return Err(Fault::Sql(SqlError::new(ErrorClass::Programming, "the query holds no statement")));
    };
    match batch.next() {
        Ok(None) => Ok(Prepared::Once(first)),
        Ok(Some(_)) | Err(_) => Err(Fault::Sql(SqlError::many_statements())),
    }
}

fn bind(statement: &mut Statement<'_>, params: &[Value]) -> Result<(), Fault> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(Fault::Sql(SqlError::new(
            ErrorClass::Programming,
            format!(
                "Incorrect number of bindings supplied. The current statement uses {wanted}, and there are {} supplied.",
                params.len()
            ),
        )));
    }
    for (index, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    Ok(())
}

fn fetch(statement: &mut Statement<'_>, room: &Room, used: &mut Used) -> Result<(Vec<Column>, Vec<Vec<Value>>), Fault> {
    let width = statement.column_count();
    let mut rows = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next()? {
        let mut values = Vec::with_capacity(width);
        for index in 0..width {
            let value = Value::from_sql(row.get_ref(index)?)
                .map_err(|text| Fault::Sql(not_utf8(row.as_ref().column_name(index), &text)))?;
            used.bytes += value.size();
            values.push(value);
        }
        used.rows += 1;
        if used.rows > room.rows {
            return Err(Fault::Rows);
        }
        if used.bytes > room.bytes {
            return Err(Fault::Bytes);
        }
        rows.push(values);
    }
    drop(cursor);
    // Asked for after the first step, which prepares anew if the schema has changed.
    let columns = statement
        .columns()
        .map(|column| Column { name: column.name().to_owned(), decltype: column.decl_type().map(str::to_owned) })
        .collect();
    Ok((columns, rows))
}

fn not_utf8(column: rusqlite::Result<&str>, text: &str) -> SqlError {
    let column = column.unwrap_or("?");
    SqlError::new(ErrorClass::Operational, format!("Could not decode to UTF-8 column '{column}' with text '{text}'"))
}
