//! The index through its surface.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod behaviour;
mod concurrent;
#[allow(dead_code, reason = "the benchmark uses all of it, the tests some")]
#[path = "../../examples/bench_search/corpus.rs"]
mod corpus;
mod fts5;
mod oracle;
mod property;
mod typing;

use jobfuture_vacancy_search::{Answer, Change, Document, Index, Query};
use uuid::Uuid;

/// A vacancy with a title and nothing else.
fn titled(id: u128, title: &str) -> Document {
    Document { id: Uuid::from_u128(id), title: title.into(), ..Document::default() }
}

/// An index with these.
fn index(documents: impl IntoIterator<Item = Document>) -> Index {
    let index = Index::new().unwrap();
    index.apply(documents.into_iter().map(Change::Upsert)).unwrap();
    index
}

/// Everything with these words, the newest first.
fn ask(index: &Index, words: &str) -> Answer {
    index.search(&Query { words: words.into(), limit: 1_000, ..Query::default() }).unwrap()
}

/// The ids of an answer, as numbers in ascending order.
fn found(index: &Index, words: &str) -> Vec<u128> {
    let mut ids: Vec<u128> = ask(index, words).ids.iter().map(Uuid::as_u128).collect();
    ids.sort_unstable();
    ids
}
