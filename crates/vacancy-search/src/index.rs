//! The index: changed by one, asked by many.

use crate::asked::Asked;
use crate::narrow::Narrowed;
use crate::schema::{Fields, tokenizers};
use crate::state::State;
use crate::{Answer, Change, Document, Error, Query, order};
use arc_swap::ArcSwap;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tantivy::directory::{Directory, MmapDirectory, RamDirectory};
use tantivy::merge_policy::{LogMergePolicy, NoMergePolicy};
use tantivy::query::AllQuery;
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Term};
use uuid::Uuid;

/// What a writer may collect before it makes a segment of it, in bytes.
const WRITER_MEMORY: usize = 64 << 20;
/// A segment of which more than this part was removed is merged.
const REMOVED: f32 = 0.25;

/// A full-text index of vacancies. Clones are the same index. Readers see it as of its last change, and wait for nobody;
/// writers take turns.
#[derive(Clone)]
pub struct Index {
    shared: Arc<Shared>,
}

struct Shared {
    fields: Fields,
    state: ArcSwap<State>,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
}

/// Bytes that an index takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Words and columns as they were written: in memory, or in the index's folder.
    pub written: u64,
    /// What is kept in memory beside that, so that filters and counts are quick.
    pub columns: u64,
}

impl Index {
    /// An empty index in memory.
    ///
    /// # Errors
    /// If its threads cannot be started.
    pub fn new() -> Result<Self, Error> {
        Self::open(RamDirectory::create()).map_err(Error::change)
    }

    /// The index in a folder: what was there when it was last changed, or nothing. It is there for one process at a time.
    ///
    /// # Errors
    /// If the folder is not there or cannot be written, if it holds something else or an index of another version, or if
    /// another process has it.
    pub fn in_folder(folder: &Path) -> Result<Self, Error> {
        let fault = |source| Error::Open { folder: folder.to_owned(), source: Box::new(source) };
        let directory = MmapDirectory::open(folder).map_err(|error| fault(error.into()))?;
        Self::open(directory).map_err(fault)
    }

    fn open(directory: impl Into<Box<dyn Directory>>) -> tantivy::Result<Self> {
        let fields = Fields::new();
        let builder = tantivy::Index::builder().schema(fields.schema.clone()).settings(IndexSettings::default());
        let index = builder.tokenizers(tokenizers()).open_or_create(directory)?;
        let writer: IndexWriter = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        writer.set_merge_policy(Box::new(merging()));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let state = State::open(reader.searcher(), &fields, None).map_err(inner)?;
        let (state, writer) = (ArcSwap::from_pointee(state), Mutex::new(writer));
        Ok(Self { shared: Arc::new(Shared { fields, state, reader, writer }) })
    }

    /// Makes changes, all of them or none. On return every search sees them; until then none does. Of several changes of one
    /// vacancy the last counts. Making the same changes again changes nothing.
    ///
    /// # Errors
    /// If the index cannot be written, which in memory does not happen. It is as it was before then.
    pub fn apply(&self, changes: impl IntoIterator<Item = Change>) -> Result<(), Error> {
        // All of them are here before the first is made: whoever gives them may fail.
        let last: HashMap<Uuid, Change> = changes.into_iter().map(|change| (change.id(), change)).collect();
        if last.is_empty() {
            return Ok(());
        }
        let mut writer = self.writer()?;
        let shared = &self.shared;
        let make = |writer: &mut IndexWriter| -> tantivy::Result<()> {
            for (id, change) in last {
                writer.delete_term(Term::from_field_bytes(shared.fields.id, id.as_bytes()));
                if let Change::Upsert(document) = change {
                    writer.add_document(shared.fields.document(&document))?;
                }
            }
            writer.commit()?;
            Ok(())
        };
        undone_if_failed(&mut writer, make)?;
        self.show()
    }

    /// Puts these documents in the place of everything, all at once: searches see what was there until all of it is ready. Of
    /// several documents with one id the last counts.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn rebuild(&self, documents: impl IntoIterator<Item = Document>) -> Result<(), Error> {
        let mut writer = self.writer()?;
        let shared = &self.shared;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let make = |writer: &mut IndexWriter| -> tantivy::Result<()> {
            // Not by `delete_all_documents`, which sets the clock of changes back to when the writer was opened: removals that came since
            // would count as later than the documents that come now.
            writer.delete_query(Box::new(AllQuery))?;
            let mut seen = HashSet::new();
            for document in documents {
                if !seen.insert(document.id) {
                    writer.delete_term(Term::from_field_bytes(shared.fields.id, document.id.as_bytes()));
                }
                writer.add_document(shared.fields.document(&document))?;
            }
            writer.commit()?;
            let segments = writer.index().searchable_segment_ids()?;
            if segments.len() > 1 {
                writer.merge(&segments).wait()?;
            }
            Ok(())
        };
        let made = undone_if_failed(&mut writer, make);
        writer.set_merge_policy(Box::new(merging()));
        made?;
        self.show()
    }

    /// Searches.
    ///
    /// # Errors
    /// If the index cannot be read, which in memory does not happen. Nothing that is asked is an error.
    pub fn search(&self, query: &Query) -> Result<Answer, Error> {
        let began = Instant::now();
        let state = self.shared.state.load_full();
        let asked = Asked::read(&query.words, &state.parts, &self.shared.fields)?;
        let narrowed = Narrowed::find(&state, &asked, query)?;
        let ids = order::page(&state, &asked, &narrowed, query)?;
        let facets = narrowed.facets(query, &state.vocabulary);
        let Asked { corrected, unknown, .. } = asked;
        Ok(Answer { ids, total: narrowed.total, facets, corrected, unknown, took: began.elapsed() })
    }

    /// How many vacancies there are.
    pub fn len(&self) -> usize {
        self.shared.state.load().len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much room it takes. What a writer needs while it writes comes on top.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn size(&self) -> Result<Size, Error> {
        let (written, columns) = self.shared.state.load_full().bytes()?;
        Ok(Size { written, columns: columns as u64 })
    }

    /// The writer, with nothing begun.
    fn writer(&self) -> Result<MutexGuard<'_, IndexWriter>, Error> {
        self.shared.writer.lock().or_else(|poisoned: PoisonError<_>| {
            // Whoever had it panicked, in the middle of something perhaps.
            let mut writer: MutexGuard<'_, IndexWriter> = poisoned.into_inner();
            writer.rollback().map_err(Error::change)?;
            writer.set_merge_policy(Box::new(merging()));
            self.shared.writer.clear_poison();
            Ok(writer)
        })
    }

    /// Lets readers see what was committed. The writer is held meanwhile, so that the latest comes last.
    fn show(&self) -> Result<(), Error> {
        let shared = &self.shared;
        shared.reader.reload().map_err(Error::read)?;
        let before = shared.state.load_full();
        shared.state.store(Arc::new(State::open(shared.reader.searcher(), &shared.fields, Some(&before))?));
        Ok(())
    }
}

/// Does it, or leaves no trace of it.
fn undone_if_failed(
    writer: &mut IndexWriter,
    make: impl FnOnce(&mut IndexWriter) -> tantivy::Result<()>,
) -> Result<(), Error> {
    make(writer).map_err(|error| match writer.rollback() {
        // A writer that was made anew has forgotten how to merge.
        Ok(_) => {
            writer.set_merge_policy(Box::new(merging()));
            Error::change(error)
        }
        Err(worse) => Error::change(worse),
    })
}

fn merging() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(REMOVED);
    policy
}

fn inner(error: Error) -> tantivy::TantivyError {
    match error {
        Error::Open { source, .. } => *source,
        Error::Change(source) | Error::Read(source) => *source,
    }
}
