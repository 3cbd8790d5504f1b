//! One SQLite value, and how it crosses the wire.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// What CPython says of an integer that SQLite cannot hold. A deserializer's error with this text is to be
/// answered as [`super::ErrorClass::Overflow`].
pub const INTEGER_TOO_LARGE: &str = "Python int too large to convert to SQLite INTEGER";

/// A value of one of SQLite's five storage classes.
///
/// As JSON: `null`, an integer, a float, a string; `{"b": "<base64>"}` for a blob; `{"f": "inf"}`,
/// `{"f": "-inf"}` or `{"f": "nan"}` for a float that JSON has no word for.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `NULL`.
    Null,
    /// A signed integer of 64 bits.
    Integer(i64),
    /// A float of 64 bits. SQLite stores a NaN as `NULL`.
    Real(f64),
    /// Text. What comes out of the database and is not UTF-8 never becomes a `Text` on the untrusted side.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// Bytes that this value takes up in an answer: 8 for a number, the length of a text or blob.
    pub fn size(&self) -> u64 {
        match self {
            Self::Null => 1,
            Self::Integer(_) | Self::Real(_) => 8,
            Self::Text(text) => text.len() as u64,
            Self::Blob(bytes) => bytes.len() as u64,
        }
    }

    /// The value with text that is not UTF-8 shown with replacement characters. For trusted readers only.
    pub(super) fn from_sql_lossy(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number),
            ValueRef::Text(bytes) => Self::Text(String::from_utf8_lossy(bytes).into_owned()),
            ValueRef::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }

    /// The value, or the text as far as it can be read when it is not UTF-8.
    pub(super) fn from_sql(value: ValueRef<'_>) -> Result<Self, String> {
        match value {
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Self::Text(text.to_owned())),
                Err(_) => Err(String::from_utf8_lossy(bytes).into_owned()),
            },
            other => Ok(Self::from_sql_lossy(other)),
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Real(number) if number.is_finite() => serializer.serialize_f64(*number),
            Self::Real(number) => {
                let name = if number.is_nan() {
                    "nan"
                } else if *number > 0.0 {
                    "inf"
                } else {
                    "-inf"
                };
                tagged(serializer, "f", name)
            }
            Self::Text(text) => serializer.serialize_str(text),
            Self::Blob(bytes) => tagged(serializer, "b", &STANDARD.encode(bytes)),
        }
    }
}

fn tagged<S: Serializer>(serializer: S, key: &str, value: &str) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

impl<'de> Deserialize<'de> for Value {
    /// Integers between `i64::MAX` and `u64::MAX` are refused with [`INTEGER_TOO_LARGE`]. Larger ones reach a
    /// JSON reader as floats, so a sender checks the range itself (as CPython's sqlite3 does when it binds).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("null, a number, a string, {\"b\": base64} or {\"f\": \"inf\"}")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        // A bool is an int to Python's sqlite3.
        Ok(Value::Integer(value.into()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value).map(Value::Integer).map_err(|_| E::custom(INTEGER_TOO_LARGE))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Real(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let Some((key, text)) = map.next_entry::<String, String>()? else {
            return Err(de::Error::custom("an empty object is no value"));
        };
        if map.next_key::<String>()?.is_some() {
            return Err(de::Error::custom("a value's object has one key"));
        }
        match (key.as_str(), text.as_str()) {
            ("b", encoded) => STANDARD.decode(encoded).map(Value::Blob).map_err(de::Error::custom),
            ("f", "inf") => Ok(Value::Real(f64::INFINITY)),
            ("f", "-inf") => Ok(Value::Real(f64::NEG_INFINITY)),
            ("f", "nan") => Ok(Value::Real(f64::NAN)),
            _ => Err(de::Error::custom("unknown kind of value")),
        }
    }
}
