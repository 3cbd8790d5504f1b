//! An adaptive check: which item comes next, and when it is enough.
//!
//! Everything is a pure function of a bank's [`Release`] and a session's [`State`], which has its seed in it: a session that
//! is stored, resumed or gone through again chooses the same items and believes the same bits. What is prepared when a bank
//! is released (tables of likelihoods, information, presorted lists) makes one step cost a microsecond or less, also in
//! a bank of 10,000 items; that is what lets `certify` try a release on a million people.

mod belief;
mod blueprint;
mod check;
mod choose;
mod clusters;
mod error;
mod hash;
mod lists;
mod model;
mod release;
mod settle;
mod state;
mod stop;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use belief::Belief;
pub use belief::MAX_CUTS;
pub use blueprint::{Blueprint, Count, Kind, MAX_TOPICS, Spread, Stopping, TopicQuota};
pub use choose::Next;
pub use error::{ReleaseError, SessionError, StoredError};
pub use model::Model;
pub use release::{BankItem, Release, ReleaseParts};
pub use settle::ToSettle;
pub use state::{Answered, State};
pub use stop::Stop;
