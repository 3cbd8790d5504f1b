//! The rows of a result, kept together.

use crate::row::{Order, Source, sqlite_value};
use crate::{Error, Record, Row, Value};
use std::borrow::Cow;
use std::ops::Range;

/// All rows of a statement, with their text in one piece of memory, so that records borrow it.
///
/// For results of many texts that are only looked at, to render a page for instance: a record of `String` fields costs an
/// allocation for each of them. Made by [`Snapshot::rows`](crate::Snapshot::rows).
///
/// ```no_run
/// # async fn example(db: jobfuture_db::Db) -> Result<(), jobfuture_db::Error> {
/// use jobfuture_db::{params, record};
///
/// record! {
///     /// What is shown of a run.
///     struct Run<'r> { proof: &'r str, versions: &'r str }
/// }
///
/// let rows = db.read(|read| read.rows("select proof, versions from proof_run order by proof", params![])).await?;
/// let runs: Vec<Run<'_>> = rows.records()?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Rows(By);

#[derive(Debug)]
enum By {
    Sqlite(Kept),
    Postgres(tokio_postgres::Statement, Vec<tokio_postgres::Row>),
}

impl Rows {
    pub(crate) fn sqlite(kept: Kept) -> Self {
        Self(By::Sqlite(kept))
    }

    pub(crate) fn postgres(statement: tokio_postgres::Statement, rows: Vec<tokio_postgres::Row>) -> Self {
        Self(By::Postgres(statement, rows))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            By::Sqlite(kept) => kept.len(),
            By::Postgres(_, rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A record of each.
    ///
    /// # Errors
    /// [`Error::Column`] when a column is missing or holds another type.
    pub fn records<'r, T: Record<'r>>(&'r self) -> Result<Vec<T>, Error> {
        match &self.0 {
            By::Sqlite(kept) => {
                let order = Order::find::<T>(&kept.names().collect::<Vec<_>>())?;
                (0..kept.len()).map(|row| T::from_row(&Row::new(Source::Kept(kept, row), &order))).collect()
            }
            By::Postgres(statement, rows) => {
                let names: Vec<&str> = statement.columns().iter().map(|column| column.name()).collect();
                let order = Order::find::<T>(&names)?;
                rows.iter().map(|row| T::from_row(&Row::new(Source::Postgres(row), &order))).collect()
            }
        }
    }
}

/// Rows of SQLite, which shows each of them only until the next one.
#[derive(Debug)]
pub(crate) struct Kept {
    width: usize,
    /// The columns' names, and then the values, row by row.
    cells: Vec<Cell>,
    text: String,
    bytes: Vec<u8>,
}

#[derive(Debug)]
enum Cell {
    Null,
    Int(i64),
    Float(f64),
    Text(Range<usize>),
    Bytes(Range<usize>),
}

impl Kept {
    /// No rows of these columns.
    pub(crate) fn new<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Self {
        // Room for what most statements give: it is taken from the heap as quickly as less, and not moved as it fills.
        let (cells, text) = (Vec::with_capacity(256), String::with_capacity(16 * 1024));
        let mut kept = Self { width: names.len(), cells, text, bytes: Vec::new() };
        for name in names {
            let cell = kept.keep_text(name);
            kept.cells.push(cell);
        }
        kept
    }

    /// Keeps one more.
    pub(crate) fn push(&mut self, row: &rusqlite::Row<'_>) -> Result<(), Error> {
        for column in 0..self.width {
            let cell = match sqlite_value(row, column)? {
                Value::Int(int) => Cell::Int(int),
                Value::Float(float) => Cell::Float(float),
                Value::Text(text) => self.keep_text(&text),
                Value::Bytes(bytes) => {
                    let start = self.bytes.len();
                    self.bytes.extend_from_slice(&bytes);
                    Cell::Bytes(start..self.bytes.len())
                }
                // SQLite has no other kinds of value.
                Value::Null | Value::Bool(_) | Value::Uuid(_) | Value::Time(_) => Cell::Null,
            };
            self.cells.push(cell);
        }
        Ok(())
    }

    fn keep_text(&mut self, text: &str) -> Cell {
        let start = self.text.len();
        self.text.push_str(text);
        Cell::Text(start..self.text.len())
    }

    fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0).saturating_sub(1)
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().take(self.width).map(|cell| match cell {
            Cell::Text(place) => &self.text[place.clone()],
            _ => "",
        })
    }

    /// A value; both numbers count from 0, and the column is one of those that there are.
    #[inline]
    pub(crate) fn value(&self, row: usize, column: usize) -> Value<'_> {
        match &self.cells[(row + 1) * self.width + column] {
            Cell::Null => Value::Null,
            Cell::Int(int) => Value::Int(*int),
            Cell::Float(float) => Value::Float(*float),
            Cell::Text(place) => Value::Text(Cow::Borrowed(&self.text[place.clone()])),
            Cell::Bytes(place) => Value::Bytes(Cow::Borrowed(&self.bytes[place.clone()])),
        }
    }
}
