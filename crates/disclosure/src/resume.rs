//! A profile from and to a file of JSON Resume, version 1.3 of its schema.
//!
//! Such a file comes from anywhere, so it is read as one that somebody made to do harm: with limits on its size, depth and
//! number of values, and each text is checked like one that was typed. What is not taken over is told, never dropped in
//! silence.
//!
//! What JSON Resume has no place for stands under `meta.jobfuture`, by field. So does a field that its place in the file
//! holds only in part, as with a second e-mail address; so that what was written is read again as it was.

mod fluency;
mod left_out;
mod limits;
mod lines;
mod read;
mod write;

use crate::{Field, FieldValue, Vocabulary};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

/// The largest file that is read, in bytes.
pub const LARGEST_RESUME: usize = 512 * 1024;

/// The key under `meta` of what JSON Resume has no place for.
const OURS: &str = "jobfuture";

/// What was read of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadResume {
    /// What could be taken over. Each fits its field.
    pub fields: BTreeMap<Field, FieldValue>,
    /// What was in the file and is not in the fields, and why: a sentence for each. They quote the file, so they are to be
    /// escaped like anything that was typed.
    pub left_out: Vec<String>,
}

/// Says nothing of the person.
impl fmt::Debug for ReadResume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.fields.keys().collect();
        f.debug_struct("ReadResume").field("fields", &fields).field("left_out", &self.left_out.len()).finish()
    }
}

/// Why a file was not read at all; a sentence for the person, with the mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResumeFault {
    /// More than [`LARGEST_RESUME`].
    #[error("The file has more than {} KiB. Take long texts and pictures out of it.", LARGEST_RESUME / 1024)]
    TooLarge,
    /// Another encoding, or no text.
    #[error("The file is not text in UTF-8. Save it as UTF-8.")]
    NotUtf8,
    /// It cannot be read on from there.
    #[error("The file is not JSON: it cannot be read on from line {line}, column {column}. Mend it there.")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1; 0 where the line has not begun.
        column: usize,
    },
    /// A list, a text, a number.
    #[error("The file is JSON, but not an object, so it is no JSON Resume. Such a file begins with a brace.")]
    NotAnObject,
    /// Lists in lists and so on.
    #[error(
        "In the file, lists and objects stand in each other more than {} deep. A JSON Resume needs 5.",
        limits::DEEPEST
    )]
    TooDeep,
    /// Very many.
    #[error("The file has more than {} values. Take some out.", limits::MOST_VALUES)]
    TooManyValues,
}

/// Reads a file of JSON Resume: what can be taken over, field by field, and what cannot.
///
/// Texts are taken over as they are or not at all, except that characters which cannot be seen are taken out of them, and
/// that is told.
///
/// # Errors
/// The file cannot be read as a whole. What is wrong within it is no error, but stands in [`ReadResume::left_out`].
pub fn read_resume(text: &[u8], words: &Vocabulary) -> Result<ReadResume, ResumeFault> {
    let root = limits::parse(text)?;
    Ok(read::whole(&root, words))
}

/// Writes the fields as a file of JSON Resume 1.3, which [`read_resume`] reads again as the same fields.
///
/// Every profile in a script of up to three bytes a character is within [`LARGEST_RESUME`], however full. One of nothing but
/// emoji, filled to the last character, need not be.
pub fn write_resume(fields: &BTreeMap<Field, FieldValue>, words: &Vocabulary) -> Value {
    let mut root = write::ordinary(fields, words);
    let again = read::ordinary(&root, words);
    let exact: Map<String, Value> = fields
        .iter()
        .filter(|(field, value)| field.holds_something() && again.get(field) != Some(value))
        .map(|(field, value)| (field.id().to_owned(), write::exact(value)))
        .collect();
    if !exact.is_empty() {
        let meta = Map::from_iter([(OURS.to_owned(), Value::Object(exact))]);
        root.insert("meta".to_owned(), Value::Object(meta));
    }
    Value::Object(root)
}
