//! What is wrong with a file, where, and how to mend it.

use std::fmt;
use std::path::{Path, PathBuf};

/// One fault in the content. Shown as `file:line: says. mend`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Relative to the content root, for example `guides/django/02-querysets.md`.
    pub file: PathBuf,
    /// From 1. 1 as well when the fault is about the file as a whole.
    pub line: usize,
    /// What is wrong: a sentence without its full stop.
    pub says: String,
    /// What to do: a sentence without its full stop.
    pub mend: String,
}

impl Fault {
    /// A fault at a line, from 1.
    pub fn new(file: impl AsRef<Path>, line: usize, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { file: file.as_ref().to_path_buf(), line, says: says.into(), mend: mend.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A file's name may hold anything; a terminal should not act on it.
        let file = self.file.to_string_lossy().replace(char::is_control, "\u{fffd}");
        write!(f, "{file}:{}: {}. {}.", self.line, self.says, self.mend)
    }
}

impl std::error::Error for Fault {}

/// At least one [`Fault`], in order of file and line. Shown one to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// `None` when there is no fault.
    pub fn some(mut faults: Vec<Fault>) -> Option<Self> {
        faults.sort();
        faults.dedup();
        (!faults.is_empty()).then_some(Self(faults))
    }

    /// In order of file and line; never empty.
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.0.iter()
    }

    /// The same as a list; never empty.
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

impl IntoIterator for Faults {
    type Item = Fault;
    type IntoIter = std::vec::IntoIter<Fault>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a Fault;
    type IntoIter = std::slice::Iter<'a, Fault>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
