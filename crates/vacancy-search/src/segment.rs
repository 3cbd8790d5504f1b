//! A part of the index that never changes.

use crate::Error;
use crate::bits::Bits;
use crate::columns::{Columns, Vocabulary};
use crate::schema::{Fields, Place};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use tantivy::SegmentReader;
use tantivy::index::{InvertedIndexReader, SegmentId};
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;

/// A word that more than one in so many documents have is remembered as a set of bits once it was asked for.
const COMMON: u32 = 8;

/// What was written at once, with what was merged since. Which of it is still there is told by the [`Part`].
pub(crate) struct Segment {
    pub id: SegmentId,
    pub columns: Columns,
    /// By [`Place`].
    words: [Arc<InvertedIndexReader>; 3],
    /// Sets of words that many documents have, with removed ones.
    common: RwLock<HashMap<Box<str>, Arc<Bits>>>,
}

/// A segment as of one moment.
#[derive(Clone)]
pub(crate) struct Part {
    pub segment: Arc<Segment>,
    /// Which documents are there, if any was removed.
    alive: Option<Arc<Bits>>,
}

impl Part {
    pub fn open(segment: Arc<Segment>, reader: &SegmentReader) -> Self {
        let alive = reader.alive_bitset().map(|alive| {
            let mut bits = Bits::none(segment.columns.docs);
            (0..segment.columns.docs).filter(|doc| alive.is_alive(*doc)).for_each(|doc| bits.insert(doc));
            Arc::new(bits)
        });
        Self { segment, alive }
    }

    /// Everything that is there.
    pub fn everything(&self) -> Bits {
        self.alive.as_deref().cloned().unwrap_or_else(|| Bits::all(self.segment.columns.docs))
    }

    /// Drops what was removed.
    pub fn keep_alive(&self, docs: &mut Bits) {
        if let Some(alive) = &self.alive {
            docs.and(alive);
        }
    }

    /// Whether any document has the term.
    pub fn has(&self, term: &str) -> Result<bool, Error> {
        self.segment.info(Place::All, term.as_bytes())?.map_or(Ok(false), |info| self.has_any_of(&info))
    }

    /// Whether any document has the term with this entry of the dictionary.
    pub fn has_any_of(&self, info: &TermInfo) -> Result<bool, Error> {
        let Some(alive) = &self.alive else { return Ok(info.doc_freq > 0) };
        let mut blocks = self.segment.blocks(Place::All, info)?;
        while !blocks.docs().is_empty() {
            if blocks.docs().iter().any(|doc| alive.contains(*doc)) {
                return Ok(true);
            }
            blocks.advance();
        }
        Ok(false)
    }

    /// How many documents have the term with this entry of the dictionary.
    pub fn frequency(&self, info: &TermInfo) -> Result<u32, Error> {
        let Some(alive) = &self.alive else { return Ok(info.doc_freq) };
        let mut count = 0;
        self.segment.each_of(Place::All, info, |doc| count += u32::from(alive.contains(doc)))?;
        Ok(count)
    }
}

impl Segment {
    pub fn load(reader: &SegmentReader, fields: &Fields, vocabulary: &mut Arc<Vocabulary>) -> Result<Self, Error> {
        let [all, title, facts] = fields.words.map(|field| reader.inverted_index(field).map_err(Error::read));
        Ok(Self {
            id: reader.segment_id(),
            columns: Columns::load(reader, vocabulary)?,
            words: [all?, title?, facts?],
            common: RwLock::default(),
        })
    }

    /// The words of everything.
    pub fn dictionary(&self) -> &InvertedIndexReader {
        &self.words[Place::All as usize]
    }

    /// Adds to the set whoever has the term there; removed documents as well.
    pub fn add_with(&self, place: Place, term: &str, into: &mut Bits) -> Result<(), Error> {
        let Some(info) = self.info(place, term.as_bytes())? else { return Ok(()) };
        if !matches!(place, Place::All) || info.doc_freq * COMMON < self.columns.docs {
            return self.each_of(place, &info, |doc| into.insert(doc));
        }
        let known = self.common.read().unwrap_or_else(PoisonError::into_inner).get(term).cloned();
        let bits = match known {
            Some(bits) => bits,
            None => {
                let mut bits = Bits::none(self.columns.docs);
                self.each_of(place, &info, |doc| bits.insert(doc))?;
                let bits = Arc::new(bits);
                self.common.write().unwrap_or_else(PoisonError::into_inner).insert(term.into(), bits.clone());
                bits
            }
        };
        into.or(&bits);
        Ok(())
    }

    fn info(&self, place: Place, term: &[u8]) -> Result<Option<TermInfo>, Error> {
        self.words[place as usize].terms().get(term).map_err(Error::read)
    }

    fn each_of(&self, place: Place, info: &TermInfo, mut then: impl FnMut(u32)) -> Result<(), Error> {
        let mut blocks = self.blocks(place, info)?;
        while !blocks.docs().is_empty() {
            blocks.docs().iter().for_each(|doc| then(*doc));
            blocks.advance();
        }
        Ok(())
    }

    fn blocks(&self, place: Place, info: &TermInfo) -> Result<BlockSegmentPostings, Error> {
        let words = &self.words[place as usize];
        words.read_block_postings_from_terminfo(info, IndexRecordOption::Basic).map_err(Error::read)
    }

    /// Bytes in memory beside the index's own.
    pub fn bytes(&self) -> usize {
        let common = self.common.read().unwrap_or_else(PoisonError::into_inner);
        self.columns.bytes() + common.values().map(|bits| bits.bytes() + 64).sum::<usize>()
    }
}
