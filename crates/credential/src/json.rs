//! JSON that can be read in one way only.

use crate::Error;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// An object, from bytes. A name that stands twice in an object is refused: readers differ in which one they take, so that
/// a company could be told something else than we are (RFC 7515, section 10.12).
pub(crate) fn object(bytes: &[u8], what: &'static str) -> Result<Map<String, Value>, Error> {
    match value(bytes, what)? {
        Value::Object(object) => Ok(object),
        _ => Err(Error::Json { what, why: "it is not an object".into() }),
    }
}

/// Any value, from bytes; strict as [`object`].
pub(crate) fn value(bytes: &[u8], what: &'static str) -> Result<Value, Error> {
    let strict: Strict = serde_json::from_slice(bytes).map_err(|error| fault(what, &error))?;
    Ok(strict.0)
}

/// A type of ours, from a value that was read.
pub(crate) fn typed<T: de::DeserializeOwned>(value: Value, what: &'static str) -> Result<T, Error> {
    T::deserialize(value).map_err(|error| fault(what, &error))
}

fn fault(what: &'static str, error: &serde_json::Error) -> Error {
    Error::Json { what, why: crate::error::shown(&error.to_string()) }
}

/// A member that must be a string.
pub(crate) fn text<'o>(
    object: &'o Map<String, Value>,
    member: &'static str,
    what: &'static str,
) -> Result<&'o str, Error> {
    object.get(member).and_then(Value::as_str).ok_or(Error::Claim { what, member, why: "is missing, or is no text" })
}

/// A member that must be a whole number: a time in seconds since 1970 (RFC 7519's NumericDate, which we write whole).
pub(crate) fn seconds(object: &Map<String, Value>, member: &'static str, what: &'static str) -> Result<i64, Error> {
    let number = object.get(member).and_then(Value::as_i64).filter(|number| (0..MAX_SECONDS).contains(number));
    number.ok_or(Error::Claim { what, member, why: "is missing, or is no time in whole seconds" })
}

/// The year 9999: beyond it lies nothing but overflow.
const MAX_SECONDS: i64 = 253_402_300_800;

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = members.next_entry::<String, Strict>()? {
            if object.insert(name, value).is_some() {
                return Err(de::Error::custom("a name stands twice in one object"));
            }
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_refused_at_any_depth() {
        for twice in [r#"{"a":1,"a":1}"#, r#"{"b":[{"a":1,"a":2}]}"#, "{\"a\":1,\"\\u0061\":2}"] {
            assert!(matches!(object(twice.as_bytes(), "test"), Err(Error::Json { .. })), "{twice}");
        }
    }

    #[test]
    fn what_is_read_once_is_what_serde_reads() {
        let text = r#"{"a":[1,-2,3.5,true,null,"x"],"b":{"c":{}}}"#;
        let read = value(text.as_bytes(), "test").unwrap();
        assert_eq!(read, serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn deep_nesting_is_refused_without_using_up_the_stack() {
        let deep = "[".repeat(100_000);
        assert!(matches!(value(deep.as_bytes(), "test"), Err(Error::Json { .. })));
    }

    #[test]
    fn times_are_whole_seconds_of_this_era() {
        let at = |text: &str| seconds(&object(text.as_bytes(), "test").unwrap(), "iat", "test");
        assert_eq!(at(r#"{"iat":1700000000}"#), Ok(1_700_000_000));
        for wrong in [r#"{"iat":"1700000000"}"#, r#"{"iat":1.5}"#, r#"{"iat":-1}"#, r#"{"iat":1e300}"#, "{}"] {
            assert!(matches!(at(wrong), Err(Error::Claim { member: "iat", .. })), "{wrong}");
        }
    }
}
