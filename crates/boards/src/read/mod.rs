//! One answer of a board, or one file, into postings.

mod ashby;
mod csv;
mod draft;
mod greenhouse;
mod json;
mod lever;
mod page;
mod personio;
mod recognise;
mod recruitee;
mod workable;
mod xml;

use crate::board::Adapter;
use crate::decode;
use crate::digest::Digest;
use crate::fault::{Fault, PostingFault, Problem};
use crate::posting::Posting;
pub use csv::COLUMNS as CSV_COLUMNS;
use draft::Draft;
pub use recognise::recognise;
use serde::Serialize;
use std::collections::HashMap;

/// The largest answer or file that is read, in bytes.
pub const LARGEST: usize = 32 << 20;
/// The most postings that are read of one board.
pub const MOST_POSTINGS: usize = 10_000;
/// The longest title, place or other line, in characters.
pub const LONGEST_LINE: usize = 300;
/// The longest description, in characters of its text, without its markup.
pub const LONGEST_DESCRIPTION: usize = 60_000;

/// What was read of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Read {
    /// In the board's order, none with the id of another.
    pub postings: Vec<Posting>,
    /// What was not taken, and why.
    pub faults: Vec<PostingFault>,
    /// How many postings the board lists, whether they could be read or not.
    pub listed: usize,
    /// Whether this is all of the board. A [`crate::Walk`] that was cut short says no.
    pub complete: bool,
    #[serde(skip)]
    seen: HashMap<String, Digest>,
}

impl Default for Read {
    fn default() -> Self {
        Self { postings: Vec::new(), faults: Vec::new(), listed: 0, complete: true, seen: HashMap::new() }
    }
}

impl Read {
    /// Adds what another answer of the same board says. A posting that stands in both, because the board moved while it was
    /// walked, counts once.
    pub fn join(&mut self, other: Self) {
        self.faults.extend(other.faults);
        self.listed += other.listed;
        self.complete &= other.complete;
        for posting in other.postings {
            if !self.add(posting, "an earlier page") {
                self.listed -= 1;
            }
        }
    }

    /// Whether it was not there before.
    fn add(&mut self, posting: Posting, at: &str) -> bool {
        let digest = posting.digest();
        match self.seen.get(&posting.external_id) {
            None => {
                self.seen.insert(posting.external_id.clone(), digest);
                self.postings.push(posting);
                return true;
            }
            Some(earlier) if *earlier == digest => {}
            Some(_) => self.faults.push(PostingFault {
                at: at.to_owned(),
                external_id: Some(posting.external_id),
                title: Some(posting.title),
                field: None,
                problem: Problem::Repeated,
            }),
        }
        false
    }

    /// Takes a draft: a posting if it has an id and a title, and in any case its faults.
    fn take(&mut self, draft: Draft) {
        self.listed += 1;
        let at = draft.at.clone();
        let (posting, faults) = draft.finish();
        self.faults.extend(faults);
        if let Some(posting) = posting {
            self.add(posting, &at);
        }
    }

    /// Changes each posting in place. What is changed is not compared with what is added later.
    pub(crate) fn each(&mut self, change: impl FnMut(&mut Posting)) {
        self.postings.iter_mut().for_each(change);
    }
}

/// Reads one answer of a board, or a file of the same form. Where a board gives single postings, one of them is read as well.
///
/// # Errors
/// The answer as a whole is not what that board documents. What is wrong with one posting stands in [`Read::faults`], and the
/// others are read.
pub fn read(adapter: Adapter, bytes: &[u8]) -> Result<Read, Fault> {
    read_at(adapter, bytes, None)
}

/// The same of a page whose address is known: it stands for an address that the page does not give of its only posting.
pub(crate) fn read_at(adapter: Adapter, bytes: &[u8], address: Option<&str>) -> Result<Read, Fault> {
    if bytes.len() > LARGEST {
        return Err(Fault::TooLarge { bytes: bytes.len() });
    }
    let text = decode::text(bytes)?;
    match adapter {
        Adapter::Greenhouse => json::postings(&text, greenhouse::listed, greenhouse::posting),
        Adapter::Lever => json::postings(&text, lever::listed, lever::posting),
        Adapter::Ashby => json::postings(&text, ashby::listed, ashby::posting),
        Adapter::Workable => json::postings(&text, workable::listed, workable::posting),
        Adapter::Recruitee => json::postings(&text, recruitee::listed, recruitee::posting),
        Adapter::Personio => personio::read(&text),
        Adapter::Page => page::read(&text, address),
        Adapter::Csv => csv::read(&text),
    }
}
