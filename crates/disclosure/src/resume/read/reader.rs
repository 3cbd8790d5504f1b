//! Takes values out of a file, each of the type that belongs there, and tells of those that are of another.

use super::super::left_out::{LeftOut, is_unseen, named};
use super::super::{ReadResume, lines};
use crate::{Field, FieldValue, Vocabulary};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What was read so far.
pub(super) struct Reader<'w> {
    pub(super) words: &'w Vocabulary,
    pub(super) fields: BTreeMap<Field, FieldValue>,
    left_out: LeftOut,
}

impl<'w> Reader<'w> {
    pub(super) fn new(words: &'w Vocabulary) -> Self {
        Self { words, fields: BTreeMap::new(), left_out: LeftOut::default() }
    }

    pub(super) fn finish(self) -> ReadResume {
        ReadResume { fields: self.fields, left_out: self.left_out.sentences() }
    }

    /// That something was left out, or changed, and why.
    pub(super) fn say(&mut self, sentence: String) {
        self.left_out.say(sentence);
    }

    /// An object. Where there is nothing, none.
    pub(super) fn object<'v>(&mut self, of: &'v Map<String, Value>, path: &str) -> Option<&'v Map<String, Value>> {
        match of.get(last(path))? {
            Value::Object(object) => Some(object),
            other => {
                self.wrong_type(path, "an object", other);
                None
            }
        }
    }

    /// A list. Where there is nothing, an empty one.
    pub(super) fn list<'v>(&mut self, of: &'v Map<String, Value>, path: &str) -> &'v [Value] {
        match of.get(last(path)) {
            None => &[],
            Some(Value::Array(list)) => list,
            Some(other) => {
                self.wrong_type(path, "a list", other);
                &[]
            }
        }
    }

    /// The objects of a list, each with its path.
    pub(super) fn objects<'v>(
        &mut self,
        of: &'v Map<String, Value>,
        path: &str,
    ) -> Vec<(String, &'v Map<String, Value>)> {
        let mut objects = Vec::new();
        for (at, item) in self.list(of, path).iter().enumerate() {
            let path = format!("{path}[{at}]");
            match item {
                Value::Object(object) => objects.push((path, object)),
                other => self.wrong_type(&path, "an object", other),
            }
        }
        objects
    }

    /// One line of text. Where there is nothing in it, none.
    pub(super) fn line(&mut self, of: &Map<String, Value>, path: &str) -> Option<String> {
        let text = self.text(of.get(last(path))?, path)?;
        self.one_line(text, path)
    }

    /// The lines of a list of texts.
    pub(super) fn lines(&mut self, of: &Map<String, Value>, path: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, item) in self.list(of, path).iter().enumerate() {
            let path = format!("{path}[{at}]");
            let line = self.text(item, &path).and_then(|text| self.one_line(text, &path));
            lines.extend(line);
        }
        lines
    }

    /// A text of several lines.
    pub(super) fn paragraphs(&mut self, of: &Map<String, Value>, path: &str) -> Option<String> {
        let text = self.text(of.get(last(path))?, path)?.replace("\r\n", "\n").replace('\r', "\n");
        let seen: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_unseen(*c)).collect();
        if seen != text {
            self.say(format!("{path}: characters that cannot be seen were taken out."));
        }
        Some(seen.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A text and its highlights, as far as there is room.
    pub(super) fn about(
        &mut self,
        of: &Map<String, Value>,
        text: &str,
        highlights: &str,
        room: usize,
    ) -> Option<String> {
        let mut about = self.paragraphs(of, text).unwrap_or_default();
        let mut length = about.chars().count();
        if length > room {
            self.say(format!("{text}: this has {length} characters; there is room for {room}."));
            (about, length) = (String::new(), 0);
        }
        let mut too_many = 0;
        for line in self.lines(of, highlights) {
            let line = lines::line_of(&line);
            let line = if about.is_empty() { line } else { format!("\n{line}") };
            length += line.chars().count();
            if length > room {
                too_many += 1;
                length -= line.chars().count();
            } else {
                about.push_str(&line);
            }
        }
        if too_many > 0 {
            self.say(format!(
                "{highlights}: {too_many} of them were left out: with the text before them there is room for {room} characters."
            ));
        }
        Some(about).filter(|about| !about.is_empty())
    }

    /// Tells of the keys that hold something and are not among those that are taken over.
    pub(super) fn others<'v>(
        &mut self,
        part: &str,
        objects: impl Iterator<Item = &'v Map<String, Value>>,
        taken: &[&str],
    ) {
        let (mut others, mut seen) = (Vec::new(), BTreeSet::new());
        for (key, value) in objects.flatten() {
            if !is_nothing(value) && !taken.contains(&key.as_str()) && seen.insert(key.as_str()) {
                others.push(key.as_str());
            }
        }
        if !others.is_empty() {
            self.say(format!("{part}: there is no place here for {}.", named(others.iter().copied())));
        }
    }

    fn text<'v>(&mut self, value: &'v Value, path: &str) -> Option<&'v str> {
        match value {
            Value::String(text) => Some(text.trim()),
            other => {
                self.wrong_type(path, "a text", other);
                None
            }
        }
    }

    fn one_line(&mut self, text: &str, path: &str) -> Option<String> {
        let breaks = |c: char| matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}');
        let spaced = text.chars().map(|c| if breaks(c) { ' ' } else { c });
        let line: String = spaced.filter(|c| !is_unseen(*c)).collect();
        if line != text {
            self.say(format!("{path}: line breaks and characters that cannot be seen were taken out."));
        }
        Some(line.trim().to_owned()).filter(|line| !line.is_empty())
    }

    /// Nothing is of no type, and nothing is lost with it.
    pub(super) fn wrong_type(&mut self, path: &str, wanted: &str, found: &Value) {
        let found = match found {
            Value::Null => return,
            Value::String(text) if text.trim().is_empty() => return,
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.say(format!("{path}: this is {found}, where {wanted} belongs."));
    }
}

/// Whether nothing is lost with it.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.iter().all(is_nothing),
        Value::Object(object) => object.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The key at the end of a path.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
