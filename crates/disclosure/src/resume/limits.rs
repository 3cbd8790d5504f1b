//! JSON within limits that hold while it is read, so that a hostile file is refused before it costs anything.

use super::{LARGEST_RESUME, ResumeFault};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;

/// How deep lists and objects may stand in each other, the whole file being the first.
pub(super) const DEEPEST: usize = 32;

/// How many values there may be, lists and objects among them.
pub(super) const MOST_VALUES: usize = 10_000;

/// The object that a file consists of. Of a key that stands there twice, the last is meant.
pub(super) fn parse(text: &[u8]) -> Result<Map<String, Value>, ResumeFault> {
    if text.len() > LARGEST_RESUME {
        return Err(ResumeFault::TooLarge);
    }
    let text = std::str::from_utf8(text).map_err(|_| ResumeFault::NotUtf8)?;
    // Some editors begin a file with this mark; JSON does not know it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let count = Count::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Within { depth: 0, count: &count }.deserialize(&mut json);
    match value.and_then(|value| json.end().map(|()| value)) {
        Ok(Value::Object(root)) => Ok(root),
        Ok(_) => Err(ResumeFault::NotAnObject),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(count.fault.get().unwrap_or(ResumeFault::NotJson { line, column }))
        }
    }
}

/// What was read so far, and the limit that was passed.
#[derive(Default)]
struct Count {
    values: Cell<usize>,
    fault: Cell<Option<ResumeFault>>,
}

impl Count {
    fn refuse<T, E: serde::de::Error>(&self, fault: ResumeFault) -> Result<T, E> {
        self.fault.set(Some(fault));
        Err(E::custom(fault))
    }
}

/// Reads a value that stands so deep.
#[derive(Clone, Copy)]
struct Within<'c> {
    depth: usize,
    count: &'c Count,
}

impl Within<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            return self.count.refuse(ResumeFault::TooDeep);
        }
        Ok(Self { depth: self.depth + 1, count: self.count })
    }
}

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        let values = self.count.values.get() + 1;
        self.count.values.set(values);
        if values > MOST_VALUES {
            return self.count.refuse(ResumeFault::TooManyValues);
        }
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within<'_> {
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

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let within = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(within)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let within = self.deeper::<A::Error>()?;
        let mut object = Map::new();
        while let Some(key) = items.next_key::<String>()? {
            let value = items.next_value_seed(within)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
