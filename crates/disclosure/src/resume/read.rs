//! From the parts of a file to the fields of a profile.

mod draft;
mod exact;
mod parts;
mod reader;

use super::ReadResume;
use super::left_out::named;
use crate::{Field, FieldValue, Vocabulary};
use parts::Dates;
use reader::{Reader, is_nothing};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Everything that can be taken over of a file, and what cannot.
pub(super) fn whole(root: &Map<String, Value>, words: &Vocabulary) -> ReadResume {
    let mut reader = Reader::new(words);
    sections(&mut reader, root);
    exact::read(&mut reader, root);
    no_place(&mut reader, root);
    reader.finish()
}

/// The fields that stand in the ordinary parts of a file, without what is ours in `meta`.
pub(super) fn ordinary(root: &Map<String, Value>, words: &Vocabulary) -> BTreeMap<Field, FieldValue> {
    let mut reader = Reader::new(words);
    sections(&mut reader, root);
    reader.finish().fields
}

fn sections(reader: &mut Reader, root: &Map<String, Value>) {
    parts::basics(reader, root);
    let mut dates = Dates::default();
    parts::work(reader, root, &mut dates);
    parts::education(reader, root, &mut dates);
    parts::projects(reader, root);
    parts::languages(reader, root);
    parts::skills(reader, root);
    dates.tell(reader);
}

/// Parts for which there is no field, and why.
const NO_PLACE: [(&str, &str); 6] = [
    ("volunteer", "there is no field of its own for it. What belongs to your experience can be written there"),
    ("awards", "there is no field for them"),
    ("certificates", "there is no field for certificates of others. What checks showed here is kept as signals"),
    ("publications", "there is no field for them. What you would like to show can be written as a project"),
    ("interests", "there is no field for them"),
    ("references", "what others say of you is not kept here"),
];

/// Parts that are read, or say nothing of the person.
const READ: [&str; 8] = ["$schema", "meta", "basics", "work", "education", "projects", "languages", "skills"];

fn no_place(reader: &mut Reader, root: &Map<String, Value>) {
    for (part, why) in NO_PLACE {
        if root.get(part).is_some_and(|value| !is_nothing(value)) {
            reader.say(format!("{part}: {why}."));
        }
    }
    let is_known = |key: &str| READ.contains(&key) || NO_PLACE.iter().any(|(part, _)| *part == key);
    let unknown = root.iter().filter(|(key, value)| !is_known(key) && !is_nothing(value));
    let unknown: Vec<&str> = unknown.map(|(key, _)| key.as_str()).collect();
    if !unknown.is_empty() {
        let names = named(unknown.iter().copied());
        reader.say(format!("{names}: JSON Resume has no such part, so it is not known what it means."));
    }
}
