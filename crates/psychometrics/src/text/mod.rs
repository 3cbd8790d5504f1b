//! Readers and writers of text: answers, factors, priors, ratings and banks (feature `text`).
//!
//! Readers take strangers' files. They never panic, never let a number through that is not finite, and name the fault
//! with its row and column. Rows are counted as a spreadsheet counts them: the header is row 1.

mod bank;
mod dif;
mod error;
mod factors;
mod labels;
mod priors;
mod ratings;
mod responses;
mod source;
mod table;

pub use bank::{
    BandFile, Bank, BankEntry, BankFile, BarsFile, BlueprintFile, CountFile, ErrorsOfSlopes, FitIndices, GroupFile,
    ItemFile, ItemFitFile, ReleaseOf, Slopes, SpreadFile, StoppingFile, TopicFile,
};
pub use dif::{
    DifFile, GroupCount, ItemDifFile, LogisticFile, Outcome, PowerFile, PurificationFile, SibtestFile, StratifiedFile,
    TestFile,
};
pub use error::TextError;
pub use factors::{Factors, read_factors};
pub use priors::read_priors;
pub use ratings::{Band, BandCut, read_bands, read_ratings};
pub use responses::{NoGroup, ReadNotes, ReadOptions, ReadResponses, read_responses};
