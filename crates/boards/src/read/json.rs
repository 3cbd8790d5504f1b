//! JSON with the path to each value, so that a fault can say where it is.

use super::draft::Draft;
use super::{MOST_POSTINGS, Read};
use crate::fault::Fault;
use serde_json::Value;

/// A value and the path to it.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub value: &'a Value,
    pub path: String,
}

impl<'a> At<'a> {
    pub fn root(value: &'a Value) -> Self {
        Self { value, path: "$".to_owned() }
    }

    /// A member that is there. Null is as good as missing.
    pub fn get(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Self { value, path: format!("{}.{name}", self.path) })
    }

    /// A member of a member, and so on.
    pub fn deep(&self, names: &[&str]) -> Option<Self> {
        names.iter().try_fold(self.clone(), |at, name| at.get(name))
    }

    /// The elements of a list; none of anything else.
    pub fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let path = self.path.clone();
        let list = self.value.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().enumerate().map(move |(at, value)| Self { value, path: format!("{path}[{at}]") })
    }

    /// The elements of a list, or the value itself where one stands without a list.
    pub fn one_or_many(&self) -> Vec<Self> {
        if self.value.is_array() { self.items().collect() } else { vec![self.clone()] }
    }

    pub fn text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub fn is(&self, truth: bool) -> bool {
        self.value.as_bool() == Some(truth)
    }

    /// What stands there, in words.
    pub fn found(&self) -> String {
        match self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "true or false".to_owned(),
            Value::Number(number) => format!("the number {number}"),
            Value::String(_) => "a text".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        }
    }

    pub fn shape(&self, expected: &'static str) -> Fault {
        Fault::Shape { at: self.path.clone(), expected, found: self.found() }
    }
}

/// JSON of a text.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|wrong| Fault::NotJson { line: wrong.line(), column: wrong.column() })
}

/// Every posting of a board's answer. `listed` finds them, `posting` reads one, or passes it over where the board says that
/// it is not published.
pub(super) fn postings(
    text: &str,
    listed: impl for<'a> Fn(&At<'a>) -> Result<Vec<At<'a>>, Fault>,
    posting: impl Fn(&At<'_>) -> Option<Draft>,
) -> Result<Read, Fault> {
    let root = parse(text)?;
    let items = listed(&At::root(&root))?;
    if items.len() > MOST_POSTINGS {
        return Err(Fault::TooMany(items.len()));
    }
    let mut read = Read::default();
    for item in items {
        if item.value.is_object() {
            posting(&item).into_iter().for_each(|draft| read.take(draft));
        } else {
            read.take(Draft::not_an_object(&item));
        }
    }
    Ok(read)
}

/// The list under a name of the root. An answer that is one posting, by a name that only a posting has, is a list of it.
pub(super) fn list_under<'a>(
    root: &At<'a>,
    name: &str,
    only_in_a_posting: &str,
    expected: &'static str,
) -> Result<Vec<At<'a>>, Fault> {
    if !root.value.is_object() {
        return Err(root.shape("an object"));
    }
    match root.value.get(name) {
        Some(Value::Array(_)) => Ok(root.get(name).map(|list| list.items().collect()).unwrap_or_default()),
        None if root.get(only_in_a_posting).is_some() => Ok(vec![root.clone()]),
        None => Err(Fault::Shape { at: format!("$.{name}"), expected, found: "nothing".to_owned() }),
        Some(value) => Err(At { value, path: format!("$.{name}") }.shape(expected)),
    }
}
