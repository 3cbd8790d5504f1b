//! Rows, and the records made of them.

use crate::rows::Kept;
use crate::{Error, FromValue, Unfit, Value};
use std::borrow::Cow;

/// A row of a result, from either engine. Its text and bytes stay for `'r`.
#[derive(Debug)]
pub struct Row<'o, 'r> {
    source: Source<'r>,
    order: &'o Order,
}

#[derive(Debug)]
pub(crate) enum Source<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Kept(&'r Kept, usize),
    Postgres(&'r tokio_postgres::Row),
}

/// What a row can be made into. Write it with [`record!`](crate::record); tuples take the columns as they come.
///
/// A record that borrows from its row (`'r`) is read from [`Rows`](crate::Rows).
pub trait Record<'r>: Sized {
    /// The columns by name, in the order in which [`Self::from_row`] asks for them; empty for “as they come”.
    const COLUMNS: &'static [&'static str];

    /// Makes the record.
    ///
    /// # Errors
    /// [`Error::Column`] when a column holds another type.
    fn from_row(row: &Row<'_, 'r>) -> Result<Self, Error>;
}

/// A record that borrows nothing, and so may outlive its row.
pub trait OwnedRecord: for<'r> Record<'r> + Send + 'static {}

impl<T: for<'r> Record<'r> + Send + 'static> OwnedRecord for T {}

/// Makes a struct whose fields are columns of the same names.
///
/// ```
/// jobfuture_db::record! {
///     /// A guide and its number of proofs.
///     #[derive(Debug)]
///     pub struct Proved {
///         /// Its slug.
///         pub guide: String,
///         /// How many proofs passed.
///         pub proofs: i64,
///     }
/// }
/// ```
///
/// With a lifetime, it borrows its text instead of copying it: `struct Proved<'r> { guide: &'r str, proofs: i64 }`. Such
/// records are read from [`Rows`](crate::Rows).
#[macro_export]
macro_rules! record {
    (
        $(#[$about:meta])* $visible:vis struct $name:ident $(<$borrowed:lifetime>)? {
            $( $(#[$field_about:meta])* $field_visible:vis $field:ident : $type:ty ),* $(,)?
        }
    ) => {
        $(#[$about])* $visible struct $name $(<$borrowed>)? { $( $(#[$field_about])* $field_visible $field: $type ),* }

        $crate::record!(@impl $name [$($borrowed)?] $($field)*);
    };
    (@impl $name:ident [] $($field:ident)*) => {
        impl<'row> $crate::Record<'row> for $name {
            $crate::record!(@body 'row $($field)*);
        }
    };
    (@impl $name:ident [$borrowed:lifetime] $($field:ident)*) => {
        impl<$borrowed> $crate::Record<$borrowed> for $name<$borrowed> {
            $crate::record!(@body $borrowed $($field)*);
        }
    };
    (@body $row:lifetime $($field:ident)*) => {
        const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];

        fn from_row(row: &$crate::Row<'_, $row>) -> ::core::result::Result<Self, $crate::Error> {
            let mut fields = $crate::Fields::of(row);
            Ok(Self { $( $field: fields.take()? ),* })
        }
    };
}

/// Where a record's columns stand in a statement's result: found once for each statement, not for each row.
#[derive(Debug)]
pub(crate) struct Order(Vec<usize>);

impl Order {
    /// Finds the columns of `T` among those of a result.
    pub(crate) fn find<'r, T: Record<'r>>(found: &[&str]) -> Result<Self, Error> {
        if T::COLUMNS.is_empty() {
            return Ok(Self((0..found.len()).collect()));
        }
        let places = T::COLUMNS.iter().map(|wanted| {
            let wanted = wanted.strip_prefix("r#").unwrap_or(wanted);
            found.iter().position(|name| *name == wanted).ok_or_else(|| Error::Column {
                column: wanted.into(),
                detail: format!("the statement gives only {}", found.join(", ")),
            })
        });
        places.collect::<Result<_, _>>().map(Self)
    }
}

impl<'o, 'r> Row<'o, 'r> {
    pub(crate) fn new(source: Source<'r>, order: &'o Order) -> Self {
        Self { source, order }
    }

    /// The record's column at `place` (from 0).
    ///
    /// # Errors
    /// [`Error::Column`] when there is none, or it holds another type.
    #[inline]
    pub fn get<T: FromValue<'r>>(&self, place: usize) -> Result<T, Error> {
        T::from_value(self.value(place)?).map_err(|unfit| self.misfit(place, &unfit))
    }

    /// How many columns the record has.
    pub fn width(&self) -> usize {
        self.order.0.len()
    }

    #[inline]
    fn value(&self, place: usize) -> Result<Value<'r>, Error> {
        let Some(&column) = self.order.0.get(place) else { return Err(self.missing(place)) };
        match &self.source {
            Source::Sqlite(row) => sqlite_value(row, column),
            Source::Kept(kept, row) => Ok(kept.value(*row, column)),
            Source::Postgres(row) => row
                .try_get(column)
                .map_err(|error| Error::Column { column: self.name(place), detail: crate::error::chain(&error) }),
        }
    }

    #[cold]
    fn misfit(&self, place: usize, unfit: &Unfit) -> Error {
        Error::Column { column: self.name(place), detail: unfit.to_string() }
    }

    #[cold]
    fn missing(&self, place: usize) -> Error {
        let detail = format!("the statement gives only {} columns", self.width());
        Error::Column { column: (place + 1).to_string(), detail }
    }

    fn name(&self, place: usize) -> String {
        let column = self.order.0.get(place).copied().unwrap_or(place);
        let name = match &self.source {
            Source::Sqlite(row) => row.as_ref().column_name(column).ok().map(str::to_owned),
            Source::Kept(kept, _) => kept.names().nth(column).map(str::to_owned),
            Source::Postgres(row) => row.columns().get(column).map(|column| column.name().to_owned()),
        };
        name.unwrap_or_else(|| (place + 1).to_string())
    }
}

/// SQLite has five kinds of value; [`FromValue`] makes the rest of them.
pub(crate) fn sqlite_value<'r>(row: &'r rusqlite::Row<'r>, column: usize) -> Result<Value<'r>, Error> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(column).map_err(|error| Error::sqlite(error, ""))? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(int) => Value::Int(int),
        ValueRef::Real(float) => Value::Float(float),
        ValueRef::Blob(bytes) => Value::Bytes(Cow::Borrowed(bytes)),
        ValueRef::Text(text) => Value::Text(Cow::Borrowed(std::str::from_utf8(text).map_err(|_| Error::Column {
            column: (column + 1).to_string(),
            detail: "the text is not UTF-8".into(),
        })?)),
    })
}

/// Takes the columns of a row one after the other; [`record!`](crate::record) writes this.
#[derive(Debug)]
pub struct Fields<'a, 'r> {
    row: &'a Row<'a, 'r>,
    next: usize,
}

impl<'a, 'r> Fields<'a, 'r> {
    /// Begins at the first column.
    pub fn of(row: &'a Row<'a, 'r>) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn take<T: FromValue<'r>>(&mut self) -> Result<T, Error> {
        let place = self.next;
        self.next += 1;
        self.row.get(place)
    }
}

macro_rules! tuples {
    ($($name:ident $($names:ident)*)?) => {$(
        impl<'r, $name: FromValue<'r>, $($names: FromValue<'r>),*> Record<'r> for ($name, $($names),*) {
            const COLUMNS: &'static [&'static str] = &[];

            fn from_row(row: &Row<'_, 'r>) -> Result<Self, Error> {
                let mut fields = Fields::of(row);
                Ok((fields.take::<$name>()?, $(fields.take::<$names>()?),*))
            }
        }

        tuples!($($names)*);
    )?};
}

tuples!(A B C D E F G H);

/// The row of a result that may have one.
pub(crate) fn at_most_one<T>(mut rows: Vec<T>) -> Result<Option<T>, Error> {
    let row = rows.pop();
    if rows.is_empty() { Ok(row) } else { Err(Error::ManyRows) }
}
