//! What is remembered of the proofs that were run on this instance.

use arc_swap::ArcSwap;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// The result of one proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofRecord {
    /// What it was run on: `Django 5.2.19`.
    pub versions: String,
    /// The day on which it was run.
    pub proved_on: Date,
    /// Whether all that it claims came true.
    pub passed: bool,
}

impl ProofRecord {
    /// `22 November 2026`.
    pub fn day(&self) -> String {
        self.proved_on.strftime("%-d %B %Y").to_string()
    }
}

/// Results by [`jobfuture_content::Proof::key`]: a proof whose code, claims or project were changed has another
/// key, and so no result. Cheap to clone; all clones are one ledger. Pages show what was recorded before they were
/// published.
#[derive(Debug, Clone, Default)]
pub struct ProofLedger(Arc<ArcSwap<HashMap<String, ProofRecord>>>);

impl ProofLedger {
    /// The result recorded under a key.
    pub fn get(&self, key: &str) -> Option<ProofRecord> {
        self.0.load().get(key).cloned()
    }

    /// Records a result, in the place of an earlier one.
    pub fn record(&self, key: impl Into<String>, record: ProofRecord) {
        self.record_all([(key.into(), record)]);
    }

    /// Records many results at once.
    pub fn record_all(&self, records: impl IntoIterator<Item = (String, ProofRecord)>) {
        let records: Vec<_> = records.into_iter().collect();
        self.0.rcu(|old| {
            let mut new = HashMap::clone(old);
            new.extend(records.iter().cloned());
            new
        });
    }
}
