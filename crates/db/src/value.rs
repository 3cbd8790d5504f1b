//! Values on their way into and out of the database.

use crate::clock::to_microseconds;
use jiff::Timestamp;
use std::borrow::Cow;
use uuid::Uuid;

/// A value of a parameter or of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// `bigint`.
    Int(i64),
    /// `double precision`.
    Float(f64),
    /// `boolean`; 0 or 1 in SQLite.
    Bool(bool),
    /// `text`.
    Text(Cow<'a, str>),
    /// `bytea`; a blob in SQLite.
    Bytes(Cow<'a, [u8]>),
    /// `uuid`; a blob of 16 bytes in SQLite, which sorts as PostgreSQL sorts it.
    Uuid(Uuid),
    /// `timestamptz`, to the microsecond; in SQLite a text that sorts as time, `2026-11-22T10:00:00.000000Z`.
    Time(Timestamp),
}

impl Value<'_> {
    /// The same value, owning its text.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Int(value) => Value::Int(value),
            Self::Float(value) => Value::Float(value),
            Self::Bool(value) => Value::Bool(value),
            Self::Text(value) => Value::Text(Cow::Owned(value.into_owned())),
            Self::Bytes(value) => Value::Bytes(Cow::Owned(value.into_owned())),
            Self::Uuid(value) => Value::Uuid(value),
            Self::Time(value) => Value::Time(value),
        }
    }

    /// What kind of value this is, for messages: the value itself may be private.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Bool(_) => "a boolean",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "a uuid",
            Self::Time(_) => "a time",
        }
    }
}

/// A value that does not fit the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} was wanted, {found} was found")]
pub struct Unfit {
    /// What the program wanted.
    pub wanted: &'static str,
    /// What kind of value stood there (never the value, which may be private).
    pub found: String,
}

impl Unfit {
    #[cold]
    fn new(wanted: &'static str, found: &Value<'_>) -> Self {
        Self { wanted, found: found.kind().into() }
    }
}

/// What can be bound to a parameter.
pub trait ToValue {
    /// The value, borrowed where it is large.
    fn to_value(&self) -> Value<'_>;
}

/// What can be read from a column; `'v` is how long the column's text and bytes stay, for those who borrow them.
pub trait FromValue<'v>: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// [`Unfit`] when the column holds another kind of value.
    fn from_value(value: Value<'v>) -> Result<Self, Unfit>;
}

/// The parameters of a statement: `params![owner, &title, None::<i64>]` for `$1`, `$2`, `$3`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::ToValue::to_value(&$value)),*] as &[$crate::Value<'_>] };
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<'v, T: FromValue<'v>> FromValue<'v> for Option<T> {
    #[inline]
    fn from_value(value: Value<'v>) -> Result<Self, Unfit> {
        if matches!(value, Value::Null) { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        match self {
            Value::Text(text) => Value::Text(Cow::Borrowed(text)),
            Value::Bytes(bytes) => Value::Bytes(Cow::Borrowed(bytes)),
            other => other.clone(),
        }
    }
}

/// Whole numbers all travel as `bigint`; the narrow ones are checked on the way back.
macro_rules! integers {
    ($($type:ty),*) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }
        }

        impl FromValue<'_> for $type {
            fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
                match &value {
                    Value::Int(int) => Self::try_from(*int)
                        .map_err(|_| Unfit { wanted: stringify!($type), found: "an integer out of its range".into() }),
                    other => Err(Unfit::new("an integer", other)),
                }
            }
        }
    )*};
}

integers!(i64, i32, i16, u32, u16, u8);

impl ToValue for f64 {
    fn to_value(&self) -> Value<'_> {
        Value::Float(*self)
    }
}

impl FromValue<'_> for f64 {
    /// Takes an integer too: `coalesce(avg(x), 0)` gives one in SQLite.
    fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
        match value {
            Value::Float(float) => Ok(float),
            #[expect(clippy::cast_precision_loss, reason = "as PostgreSQL does when it makes a double of a bigint")]
            Value::Int(int) => Ok(int as f64),
            other => Err(Unfit::new("a float", &other)),
        }
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl FromValue<'_> for bool {
    fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
        match value {
            Value::Bool(bool) => Ok(bool),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(Unfit::new("a boolean", &other)),
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        self.as_str().to_value()
    }
}

impl FromValue<'_> for String {
    fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
        match value {
            Value::Text(text) => Ok(text.into_owned()),
            other => Err(Unfit::new("text", &other)),
        }
    }
}

impl<'v> FromValue<'v> for &'v str {
    /// For the records of [`Rows`](crate::Rows), which keep the text that is borrowed here.
    #[inline]
    fn from_value(value: Value<'v>) -> Result<Self, Unfit> {
        match value {
            Value::Text(Cow::Borrowed(text)) => Ok(text),
            Value::Text(Cow::Owned(_)) => Err(Unfit { wanted: "text to borrow", found: "text of its own".into() }),
            other => Err(Unfit::new("text", &other)),
        }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        self.as_slice().to_value()
    }
}

impl FromValue<'_> for Vec<u8> {
    fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.into_owned()),
            other => Err(Unfit::new("bytes", &other)),
        }
    }
}

impl ToValue for Uuid {
    fn to_value(&self) -> Value<'_> {
        Value::Uuid(*self)
    }
}

impl FromValue<'_> for Uuid {
    fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
        match &value {
            Value::Uuid(uuid) => Ok(*uuid),
            Value::Bytes(bytes) => Self::from_slice(bytes).map_err(|_| Unfit::new("a uuid", &value)),
            other => Err(Unfit::new("a uuid", other)),
        }
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Value<'_> {
        Value::Time(to_microseconds(*self))
    }
}

impl FromValue<'_> for Timestamp {
    fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
        match &value {
            Value::Time(time) => Ok(*time),
            Value::Text(text) => text.parse().map_err(|_| Unfit::new("a time", &value)),
            other => Err(Unfit::new("a time", other)),
        }
    }
}

/// A value kept as JSON in a `text` column, to be read back whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: serde::Serialize> ToValue for Json<T> {
    /// What JSON cannot hold (a map whose keys are not text) is written as null, which a `not null` column refuses.
    fn to_value(&self) -> Value<'_> {
        serde_json::to_string(&self.0).map_or(Value::Null, |text| Value::Text(Cow::Owned(text)))
    }
}

impl<T: serde::de::DeserializeOwned> FromValue<'_> for Json<T> {
    fn from_value(value: Value<'_>) -> Result<Self, Unfit> {
        match value {
            Value::Text(text) => serde_json::from_str(&text).map(Self).map_err(|error| Unfit {
                wanted: "JSON of the expected shape",
                found: format!("a text with a fault at line {} column {}", error.line(), error.column()),
            }),
            other => Err(Unfit::new("JSON text", &other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_integer_is_checked_on_the_way_back() {
        assert_eq!(u8::from_value(Value::Int(255)), Ok(255));
        assert!(u8::from_value(Value::Int(256)).unwrap_err().to_string().contains("out of its range"));
    }

    #[test]
    fn a_message_tells_the_kind_and_never_the_value() {
        let unfit = i64::from_value("secret".to_value()).unwrap_err();
        assert_eq!(unfit.to_string(), "an integer was wanted, text was found");
    }

    #[test]
    fn json_that_does_not_fit_says_where() {
        let unfit = Json::<Vec<i64>>::from_value("[1, \"two\"]".to_value()).unwrap_err();
        assert!(unfit.to_string().contains("line 1 column 9"), "{unfit}");
    }
}
