//! Comparing a response's JSON with the database, or with a value.

use super::path::{self, Found};
use super::world::World;
use crate::recorder::{Recorder, Value as Sql};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A `[[step.json]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonMatcher {
    at: String,
    sql: Option<String>,
    order: Option<String>,
    equals: Option<Value>,
    count: Option<usize>,
    contains: Option<String>,
    #[serde(default)]
    absent: bool,
    kind: Option<String>,
    matches: Option<String>,
}

/// A `[[step.rows]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowsMatcher {
    at: String,
    sql: String,
    #[serde(default)]
    json_columns: Vec<String>,
    keys: Option<String>,
    order: Option<String>,
    #[serde(default)]
    single: bool,
}

/// What did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub says: String,
    pub wanted: String,
    pub found: String,
}

/// A check, or a fault of its author.
pub(crate) type Compared = Result<Option<Mismatch>, String>;

impl JsonMatcher {
    pub(crate) fn compare(&self, body: &Value, recorder: &mut Recorder, world: &World) -> Compared {
        let at = &world.fill(&self.at);
        let found = path::find(body, at)?;
        if self.absent {
            let there = match &found {
                Found::One(value) => value.is_some(),
                Found::Many(list) => list.iter().any(Option::is_some),
            };
            return Ok(
                there.then(|| mismatch(format!("{at} is in the answer and should not be"), "nothing", &shown(&found)))
            );
        }
        if let Some(count) = self.count {
            return Ok(compare_count(at, &found, count));
        }
        if let Some(sql) = &self.sql {
            let wanted = world.column(recorder, sql)?;
            return Ok(self.compare_lists(at, &found, wanted));
        }
        self.compare_value(at, &found, world)
    }

    fn compare_lists(&self, at: &str, found: &Found<'_>, wanted: Vec<Value>) -> Option<Mismatch> {
        let found: Vec<Value> = match found {
            Found::One(Some(Value::Array(items))) => items.clone(),
            Found::One(Some(value)) => vec![(*value).clone()],
            Found::One(None) => vec![],
            Found::Many(list) => list.iter().map(|value| value.cloned().unwrap_or(Value::Null)).collect(),
        };
        let same = if self.order.as_deref() == Some("any") {
            same_in_any_order(&wanted, &found)
        } else {
            same_list(&wanted, &found)
        };
        (!same).then(|| {
            mismatch(
                format!("{at} is not what the database holds"),
                &json!(wanted).to_string(),
                &json!(found).to_string(),
            )
        })
    }

    fn compare_value(&self, at: &str, found: &Found<'_>, world: &World) -> Compared {
        let value = match found {
            Found::One(Some(value)) => (*value).clone(),
            Found::Many(list) => list.iter().map(|value| value.cloned().unwrap_or(Value::Null)).collect(),
            Found::One(None) => {
                return Ok(Some(mismatch(format!("{at} is missing from the answer"), "a value", "nothing")));
            }
        };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let fault = |says: String, wanted: &str| Ok(Some(mismatch(says, wanted, &value.to_string())));
        if let Some(wanted) = &self.equals {
            let wanted = world.fill_json(wanted);
            if !same(&wanted, &value) {
                return fault(format!("{at} is not what it should be"), &wanted.to_string());
            }
        }
        if let Some(part) = self.contains.as_ref().map(|part| world.fill(part))
            && !text.contains(&part)
        {
            return fault(format!("{at} does not contain what it should"), &part);
        }
        if let Some(kind) = &self.kind
            && kind_of(&value) != kind
        {
            return fault(format!("{at} is not of the kind it should be"), kind);
        }
        if let Some(pattern) = &self.matches {
            let pattern = regex::Regex::new(pattern).map_err(|error| error.to_string())?;
            if !pattern.is_match(&text) {
                return fault(format!("{at} does not have the form it should"), pattern.as_str());
            }
        }
        Ok(None)
    }
}

fn compare_count(at: &str, found: &Found<'_>, wanted: usize) -> Option<Mismatch> {
    let count = match found {
        Found::One(Some(Value::Array(items))) => Some(items.len()),
        Found::Many(list) => Some(list.len()),
        Found::One(_) => None,
    };
    (count != Some(wanted)).then(|| {
        let found = count.map_or_else(|| "no list".to_owned(), |count| count.to_string());
        mismatch(format!("{at} does not have as many elements as it should"), &wanted.to_string(), &found)
    })
}

impl RowsMatcher {
    pub(crate) fn compare(&self, body: &Value, recorder: &mut Recorder, world: &World) -> Compared {
        let wanted = self.wanted(recorder, world)?;
        let at = &world.fill(&self.at);
        let found = match path::find(body, at)? {
            Found::One(Some(value)) => value,
            _ => return Ok(Some(mismatch(format!("{at} is missing from the answer"), "a value", "nothing"))),
        };
        if self.single {
            let Some(wanted) = wanted.first() else { return Err(format!("no row for {at}: {}", self.sql)) };
            return Ok(self.compare_one(at, wanted, found));
        }
        let Value::Array(found) = found else {
            return Ok(Some(mismatch(format!("{at} is not a list"), "a list", &cut(&found.to_string()))));
        };
        if wanted.len() != found.len() {
            let says =
                format!("{at} has {} elements; the database holds {} that belong there", found.len(), wanted.len());
            return Ok(Some(mismatch(
                says,
                &format!("{} elements", wanted.len()),
                &format!("{} elements", found.len()),
            )));
        }
        let pairs =
            if self.order.as_deref() == Some("any") { by_likeness(&wanted, found) } else { in_order(&wanted, found) };
        Ok(pairs
            .into_iter()
            .find_map(|(index, wanted, found)| self.compare_one(&format!("{at}[{index}]"), wanted, found)))
    }

    fn compare_one(&self, at: &str, wanted: &Map<String, Value>, found: &Value) -> Option<Mismatch> {
        let Value::Object(found) = found else {
            return Some(mismatch(format!("{at} is not an object"), "an object", &cut(&found.to_string())));
        };
        for (key, value) in wanted {
            match found.get(key) {
                Some(other) if same(value, other) => {}
                Some(other) => {
                    return Some(mismatch(
                        format!("{at}.{key} is not what the database holds"),
                        &value.to_string(),
                        &other.to_string(),
                    ));
                }
                None => return Some(mismatch(format!("{at} has no {key}"), &value.to_string(), "nothing")),
            }
        }
        let extra = found.keys().find(|key| !wanted.contains_key(*key));
        match extra {
            Some(key) if self.keys.as_deref() == Some("exact") => {
                let names = |map: &Map<String, Value>| map.keys().cloned().collect::<Vec<_>>().join(", ");
                Some(mismatch(format!("{at} has a key that was not asked for: {key}"), &names(wanted), &names(found)))
            }
            _ => None,
        }
    }

    fn wanted(&self, recorder: &mut Recorder, world: &World) -> Result<Vec<Map<String, Value>>, String> {
        let rows = world.rows(recorder, &self.sql)?;
        rows.rows
            .into_iter()
            .map(|row| {
                let mut object = Map::new();
                for (name, value) in rows.columns.iter().zip(row) {
                    let value = if self.json_columns.contains(name) {
                        let Sql::Text(text) = value else { return Err(format!("{name} holds no JSON")) };
                        serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?
                    } else {
                        plain(value)
                    };
                    insert(&mut object, name, value);
                }
                Ok(object)
            })
            .collect()
    }
}

/// `publisher.name` goes into a nested object.
fn insert(object: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = object.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

type Pairs<'a> = Vec<(usize, &'a Map<String, Value>, &'a Value)>;

fn in_order<'a>(wanted: &'a [Map<String, Value>], found: &'a [Value]) -> Pairs<'a> {
    wanted.iter().zip(found).enumerate().map(|(index, (wanted, found))| (index, wanted, found)).collect()
}

/// Pairs equal rows first; what is left over is paired as it comes, so that a difference can be shown.
fn by_likeness<'a>(wanted: &'a [Map<String, Value>], found: &'a [Value]) -> Pairs<'a> {
    let fits = |wanted: &Map<String, Value>, found: &Value| {
        wanted.iter().all(|(key, value)| found.get(key).is_some_and(|other| same(value, other)))
    };
    let mut left: Vec<(usize, &Value)> = found.iter().enumerate().collect();
    let mut pairs = Vec::new();
    let mut unmatched = Vec::new();
    for row in wanted {
        match left.iter().position(|(_, value)| fits(row, value)) {
            Some(place) => {
                let (index, value) = left.remove(place);
                pairs.push((index, row, value));
            }
            None => unmatched.push(row),
        }
    }
    pairs.extend(unmatched.into_iter().zip(left).map(|(row, (index, value))| (index, row, value)));
    pairs
}

/// A value of the database as JSON.
pub(crate) fn plain(value: Sql) -> Value {
    match value {
        Sql::Null => Value::Null,
        Sql::Integer(number) => json!(number),
        Sql::Real(number) => json!(number),
        Sql::Text(text) => json!(text),
        Sql::Blob(bytes) => json!(String::from_utf8_lossy(&bytes)),
    }
}

/// Equal as far as the two sides can tell apart what they mean: SQLite has no booleans, and 3 is 3.0.
pub(crate) fn same(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Number(one), Value::Number(other)) => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => one == other || (one - other).abs() <= 1e-9 * one.abs().max(other.abs()),
            _ => one == other,
        },
        (Value::Number(number), Value::Bool(truth)) => number.as_i64() == Some(i64::from(*truth)),
        (Value::Array(one), Value::Array(other)) => same_list(one, other),
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => wanted == found,
    }
}

fn same_list(wanted: &[Value], found: &[Value]) -> bool {
    wanted.len() == found.len() && wanted.iter().zip(found).all(|(wanted, found)| same(wanted, found))
}

fn same_in_any_order(wanted: &[Value], found: &[Value]) -> bool {
    let mut left: Vec<&Value> = found.iter().collect();
    wanted.len() == found.len()
        && wanted.iter().all(|value| match left.iter().position(|other| same(value, other)) {
            Some(place) => {
                left.remove(place);
                true
            }
            None => false,
        })
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn shown(found: &Found<'_>) -> String {
    match found {
        Found::One(value) => value.map_or_else(|| "nothing".into(), ToString::to_string),
        Found::Many(list) => format!("{} values", list.iter().flatten().count()),
    }
}

fn mismatch(says: String, wanted: &str, found: &str) -> Mismatch {
    Mismatch { says, wanted: cut(wanted), found: cut(found) }
}

/// Evidence is for reading: the beginning is enough.
pub(crate) fn cut(text: &str) -> String {
    const SHOWN: usize = 600;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}
