//! Full-text search with facets over vacancies: documents in, ids out.
//!
//! ```
//! # fn example() -> Result<(), jobfuture_vacancy_search::Error> {
//! use jobfuture_vacancy_search::{Change, Document, Index, Query};
//! use uuid::Uuid;
//!
//! let index = Index::new()?;
//! let vacancy = Document { id: Uuid::from_u128(1), title: "Django developer".into(), ..Document::default() };
//! index.apply([Change::Upsert(vacancy)])?;
//! let answer = index.search(&Query { words: "djagno".into(), ..Query::default() })?;
//! assert_eq!(answer.ids, [Uuid::from_u128(1)]);
//! assert_eq!(answer.corrected.as_deref(), Some("django"));
//! # Ok(()) }
//! # example().unwrap();
//! ```
//!
//! # What is found
//! A vacancy is found if it has **every** word that was asked for, wherever it stands: title, company, role, level,
//! competencies, place or text. The text of a query is never a language: no letter of it means an operator.
//!
//! - A word is a run of letters and digits, without regard to case and accents. `C++`, `C#`, `.NET` and `node.js` are words;
//!   `node.js` and `nodejs` are the same. `full-stack` is found as `fullstack`, and where both its parts are.
//! - Articles and the like ("the", "in", "for" …) count only if nothing else was asked for.
//! - Plural and singular find each other (`developers`, `developer`), by the regular forms of English. There is no stemming
//!   beyond that: what is searched here is names of jobs and of tools, and a stemmer takes *engineer*, *engineering* and
//!   *engine* for one word, and *universal* and *university* for another. Because forms are looked up when somebody asks,
//!   and the index keeps words as they were written, a repair shows a real word (`kubernetes`, not `kubernet`).
//! - Only where a word finds nothing is it taken for the beginning of one (the last word, from two letters on), and then for
//!   a typing error: of 4 to 7 letters with one error, of 8 and more with up to two; letters that changed places are one
//!   error. Of the nearest words the one of most vacancies is taken, and [`Answer::corrected`] says so. Words with digits are
//!   not repaired: another number is another thing.
//! - What remains unknown finds nothing, and [`Answer::unknown`] names it.
//!
//! # Order
//! Always total and the same in every process, so that paging neither doubles nor loses a vacancy while nothing changes.
//! There are no statistics in it. [`Sort`] says what comes first; what is equal by that is ordered by id.
//!
//! # How it works
//! Words stand in an inverted index of `tantivy`, without positions or frequencies. All else is sets of bits, one for each
//! segment: words and filters are sets that are intersected, and what is left is counted by rows of numbers. A change writes a
//! small segment and marks what it replaced; segments are merged in the background. What readers see is one value that is
//! exchanged whole.
//!
//! # Size
//! [`Index::size`] tells it, and `docs/benchmarks.md` has measured it. An index in a folder keeps words there, and in memory
//! only the columns for filters, facets and order, which are made anew when it is opened.

mod asked;
mod bits;
mod columns;
mod document;
mod error;
mod index;
mod narrow;
mod order;
mod query;
mod schema;
mod segment;
mod state;
mod words;

pub use document::{Change, Document, Remote};
pub use error::Error;
pub use index::{Index, Size};
pub use query::{Answer, Count, Facet, PayFloor, Query, Sort};
