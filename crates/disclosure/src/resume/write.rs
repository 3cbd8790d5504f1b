//! From the fields of a profile to the parts of a file.

use super::{fluency, lines};
use crate::{Entry, Field, FieldValue, Kind, Vocabulary};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Where the schema stands, as its own examples of version 1.3 name it.
const SCHEMA: &str = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json";

/// An object of which only what is there is written.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn with(mut self, key: &str, value: Option<impl Into<Value>>) -> Self {
        self.0.extend(value.map(|value| (key.to_owned(), value.into())));
        self
    }

    fn filled(self) -> Option<Value> {
        (!self.0.is_empty()).then_some(Value::Object(self.0))
    }
}

/// The ordinary parts of a file: what JSON Resume has a place for.
pub(super) fn ordinary(fields: &BTreeMap<Field, FieldValue>, words: &Vocabulary) -> Map<String, Value> {
    let entries = |field: Field| fields.get(&field).map(FieldValue::entries).unwrap_or_default();
    let list = |field: Field, write: &dyn Fn(&Entry) -> Object| {
        let list: Vec<Value> = entries(field).iter().filter_map(|entry| write(entry).filled()).collect();
        (!list.is_empty()).then_some(list)
    };
    let file = Object::default()
        .with("$schema", Some(SCHEMA))
        .with("basics", basics(&entries).filled())
        .with("work", list(Field::Experience, &job))
        .with("education", list(Field::Education, &school))
        .with("skills", list(Field::Competencies, &|entry| skill(entry, words)))
        .with("languages", list(Field::Languages, &language))
        .with("projects", list(Field::Projects, &project));
    file.0
}

/// A field's entries as they are.
pub(super) fn exact(value: &FieldValue) -> Value {
    json!(value.entries())
}

fn text(entry: &Entry, column: &str) -> Option<String> {
    entry.get(column).cloned()
}

fn basics<'f>(entries: &dyn Fn(Field) -> &'f [Entry]) -> Object {
    let only = |field: Field, column: &str| entries(field).first().and_then(|entry| text(entry, column));
    let reached_by = |kind: &str| {
        let of_kind =
            entries(Field::Contact).iter().filter(move |entry| entry.get("kind").is_some_and(|of| of == kind));
        of_kind.filter_map(|entry| text(entry, "value")).collect::<Vec<_>>()
    };
    let mut pages = reached_by("page").into_iter().filter_map(|page| uri(&page));
    let url = pages.next();
    let profiles: Vec<Value> = pages.map(|page| json!({ "url": page })).collect();
    Object::default()
        .with("name", only(Field::Name, "name"))
        .with("label", only(Field::Headline, "headline"))
        .with("email", reached_by("email").into_iter().find(|email| is_email(email)))
        .with("phone", reached_by("phone").into_iter().next())
        .with("url", url)
        .with("summary", only(Field::Summary, "text"))
        .with("location", entries(Field::Place).first().and_then(|place| location(place).filled()))
        .with("profiles", (!profiles.is_empty()).then_some(profiles))
}

fn location(place: &Entry) -> Object {
    let country = text(place, "country");
    let is_code = |country: &String| country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    // The schema has a place for the code only, and lets others be added.
    let key = if country.as_ref().is_some_and(is_code) { "countryCode" } else { "country" };
    Object::default().with("city", text(place, "town")).with(key, country)
}

fn job(entry: &Entry) -> Object {
    let job = Object::default()
        .with("name", text(entry, "organisation"))
        .with("position", text(entry, "title"))
        .with("startDate", month(entry, "from"))
        .with("endDate", month(entry, "to"));
    about(job, "summary", entry)
}

fn school(entry: &Entry) -> Object {
    Object::default()
        .with("institution", text(entry, "organisation"))
        .with("area", text(entry, "what"))
        .with("endDate", month(entry, "to"))
}

fn project(entry: &Entry) -> Object {
    let project = about(Object::default().with("name", text(entry, "title")), "description", entry);
    project.with("url", entry.get("url").and_then(|url| uri(url)))
}

fn language(entry: &Entry) -> Object {
    let fluency = entry.get("fluency").and_then(|level| fluency::written(level));
    Object::default().with("language", text(entry, "language")).with("fluency", fluency)
}

fn skill(entry: &Entry, words: &Vocabulary) -> Object {
    let name = entry.get("competency").map(|id| words.shown(Kind::Competency, id));
    Object::default().with("name", name)
}

fn about(object: Object, key: &str, entry: &Entry) -> Object {
    let (lead, highlights) = lines::apart(entry.get("about").map(String::as_str).unwrap_or_default());
    object
        .with(key, Some(lead).filter(|lead| !lead.is_empty()))
        .with("highlights", (!highlights.is_empty()).then_some(highlights))
}

/// The schema knows years from 1000 to 2999 only.
fn month(entry: &Entry, column: &str) -> Option<String> {
    text(entry, column).filter(|month| month.starts_with(['1', '2']))
}

/// Whether a validator of the schema takes it for an address of e-mail.
fn is_email(text: &str) -> bool {
    let is_local = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte))
    };
    let is_label = |part: &str| {
        let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !part.is_empty() && part.len() < 64 && is_plain && !part.starts_with('-') && !part.ends_with('-')
    };
    let Some((local, domain)) = text.split_once('@') else { return false };
    local.split('.').all(is_local) && domain.contains('.') && domain.split('.').all(is_label)
}

/// The address of a page as RFC 3986 has it, if it can be written so.
fn uri(page: &str) -> Option<String> {
    let (scheme, rest) = page.split_once("://").filter(|(scheme, _)| matches!(*scheme, "https" | "http"))?;
    let (authority, _) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    if host.is_empty() || host.contains('@') || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut uri = format!("{scheme}://");
    let mut has_fragment = false;
    for (at, byte) in rest.bytes().enumerate() {
        let is_plain = match byte {
            b'%' => rest.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
            b'#' => !std::mem::replace(&mut has_fragment, true),
            _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte),
        };
        if is_plain { uri.push(char::from(byte)) } else { uri.push_str(&format!("%{byte:02X}")) }
    }
    Some(uri)
}
