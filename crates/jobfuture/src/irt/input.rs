//! Files that are read, with their names in every message.

use crate::cli::irt::Answers;
use crate::told;
use anyhow::{Context, Result};
use psychometrics::ItemColumn;
use psychometrics::text::{NoGroup, ReadOptions, ReadResponses, TextError, read_responses};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A file, or standard input.
pub fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = File::open(path).with_context(|| format!("{} cannot be read", name(path)))?;
    Ok(Box::new(file))
}

/// What a file is called in messages.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}

/// Reads a file by one of the readers, and names it in faults.
pub fn read<T, E>(path: &Path, reader: impl FnOnce(Box<dyn Read>) -> Result<T, E>) -> Result<T>
where
    E: std::error::Error + Send + Sync + 'static,
{
    reader(open(path)?).with_context(|| name(path))
}

/// Reads answers. What is out of the ordinary is said on stderr.
pub fn responses(
    answers: &Answers,
    id: Option<&str>,
    no_group: NoGroup,
    known: Option<Vec<ItemColumn>>,
) -> Result<ReadResponses> {
    let options = ReadOptions {
        weights: answers.weights.clone(),
        groups: answers.groups.clone(),
        no_group,
        id: id.map(str::to_owned),
        ignore: answers.ignore.clone(),
        known,
    };
    let found = read(&answers.responses, |input| read_responses(input, &options))?;
    for note in found.notes.sentences() {
        eprintln!("{}", told::dim(&format!("note: {note}")));
    }
    Ok(found)
}

/// Reads a bank by one of its readers, and names its file in faults.
pub fn bank<T>(path: &Path, reader: impl FnOnce(&[u8]) -> Result<T, TextError>) -> Result<T> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).with_context(|| format!("{} cannot be read", name(path)))?;
    reader(&bytes).with_context(|| name(path))
}
