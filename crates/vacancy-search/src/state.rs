//! What readers see: the index as of its last change.

use crate::Error;
use crate::columns::Vocabulary;
use crate::schema::Fields;
use crate::segment::{Part, Segment};
use std::sync::{Arc, OnceLock};
use tantivy::Searcher;

/// The index as of one moment. It never changes, and lives for as long as somebody reads it.
pub(crate) struct State {
    pub parts: Vec<Part>,
    pub vocabulary: Arc<Vocabulary>,
    /// Counts of all facets over everything, by number, once somebody asked: the commonest question of all.
    pub everything: OnceLock<Vec<u32>>,
    /// How many documents there are.
    pub len: usize,
    /// Keeps the files.
    searcher: Searcher,
}

impl State {
    /// The state that a searcher sees. What it has in common with an earlier one is taken from there.
    pub fn open(searcher: Searcher, fields: &Fields, before: Option<&Self>) -> Result<Self, Error> {
        let old = |id| before?.parts.iter().find(|part| part.segment.id == id).map(|part| part.segment.clone());
        let readers = searcher.segment_readers();
        // Numbers can begin anew when nobody uses the old ones any more.
        let in_common = readers.iter().any(|reader| old(reader.segment_id()).is_some());
        let mut vocabulary = before.filter(|_| in_common).map(|before| before.vocabulary.clone()).unwrap_or_default();
        let mut parts = Vec::with_capacity(readers.len());
        for reader in readers {
            let segment = match old(reader.segment_id()) {
                Some(segment) => segment,
                None => Arc::new(Segment::load(reader, fields, &mut vocabulary)?),
            };
            parts.push(Part::open(segment, reader));
        }
        let len = searcher.num_docs() as usize;
        Ok(Self { parts, vocabulary, everything: OnceLock::new(), len, searcher })
    }

    /// Bytes of the index, and of what is kept beside it.
    pub fn bytes(&self) -> Result<(u64, usize), Error> {
        let index = self.searcher.space_usage().map_err(Error::read)?.total().get_bytes();
        let columns: usize = self.parts.iter().map(|part| part.segment.bytes()).sum();
        Ok((index, columns + self.vocabulary.bytes()))
    }
}
