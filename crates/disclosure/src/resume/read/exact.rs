//! What this program wrote under `meta.jobfuture`: fields for which JSON Resume has no place, or not enough.

use super::super::left_out::quoted;
use super::super::{OURS, write};
use super::draft::Draft;
use super::reader::{Reader, is_nothing};
use crate::{Field, FieldValue};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) fn read(reader: &mut Reader, root: &Map<String, Value>) {
    // What else stands in `meta` is about the file.
    let Some(meta) = reader.object(root, "meta") else { return };
    let path = format!("meta.{OURS}");
    let Some(ours) = reader.object(meta, &path) else { return };
    for (id, value) in ours {
        match Field::parse(id).filter(|field| field.holds_something()) {
            Some(field) => read_field(reader, field, ours, &format!("{path}.{}", field.id())),
            None if is_nothing(value) => {}
            None => reader.say(format!("{path}: there is no field {} to fill in.", quoted(id))),
        }
    }
}

fn read_field(reader: &mut Reader, field: Field, ours: &Map<String, Value>, path: &str) {
    let mut drafts = Vec::new();
    let objects = reader.objects(ours, path);
    for (path, entry) in &objects {
        let mut draft = Draft::of_several(path);
        for column in field.columns() {
            let path = format!("{path}.{}", column.key);
            let text = match column.kind {
                crate::Kind::Text(_) => reader.paragraphs(entry, &path),
                _ => reader.line(entry, &path),
            };
            draft = draft.with(column.key, &path, text);
        }
        drafts.push(draft);
    }
    let columns: Vec<&str> = field.columns().iter().map(|column| column.key).collect();
    reader.others(path, objects.iter().map(|(_, entry)| *entry), &columns);
    let ordinary = reader.fields.remove(&field);
    reader.keep(field, path, None, drafts);
    let is_same = reader.fields.get(&field).is_some_and(|exact| as_ordinary(reader, field, exact) == ordinary);
    if is_same {
        return;
    }
    if reader.fields.remove(&field).is_some() {
        let says = "left out, because the rest of the file was changed since and says something else.";
        reader.say(format!("{path}: {says}"));
    }
    reader.fields.extend(ordinary.map(|value| (field, value)));
}

/// What stands in the ordinary parts of a file when this is written: if another thing stands there, somebody changed it.
fn as_ordinary(reader: &Reader, field: Field, exact: &FieldValue) -> Option<FieldValue> {
    let fields = BTreeMap::from([(field, exact.clone())]);
    super::ordinary(&write::ordinary(&fields, reader.words), reader.words).remove(&field)
}
