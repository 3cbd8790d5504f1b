//! What can go wrong.

use std::path::PathBuf;

/// Why an index could not be opened, changed or asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder is not there, cannot be written, is in use, or holds something else.
    #[error(
        "the search index in {} cannot be opened: {source}. Empty the folder, or name another one: an index is made anew from the database",
        folder.display()
    )]
    Open {
        /// The folder.
        folder: PathBuf,
        /// What was found there.
        source: Box<tantivy::TantivyError>,
    },
    /// A change could not be made; nothing of it was.
    #[error("the search index could not be changed, and is as it was before: {0}")]
    Change(#[source] Box<tantivy::TantivyError>),
    /// The index could not be read.
    #[error("the search index cannot be read: {0}. Rebuild it from the database")]
    Read(#[source] Box<tantivy::TantivyError>),
}

impl Error {
    pub(crate) fn change(error: impl Into<tantivy::TantivyError>) -> Self {
        Self::Change(Box::new(error.into()))
    }

    pub(crate) fn read(error: impl Into<tantivy::TantivyError>) -> Self {
        Self::Read(Box::new(error.into()))
    }
}
