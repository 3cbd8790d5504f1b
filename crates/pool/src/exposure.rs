//! How often candidates were shown to companies.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use uuid::Uuid;

type ByCompany = HashMap<Uuid, HashMap<Uuid, u32>>;

/// Counts by company: each knows what it was shown itself, so its order tells it nothing of the others.
#[derive(Debug, Default)]
pub(crate) struct Exposure(RwLock<ByCompany>);

/// One company's counts, while they are read.
pub(crate) struct Times<'e> {
    counts: RwLockReadGuard<'e, ByCompany>,
    company: Uuid,
}

impl Times<'_> {
    /// Of everybody who was ever shown to it, how often they were.
    pub fn all(&self) -> Option<&HashMap<Uuid, u32>> {
        self.counts.get(&self.company)
    }
}

impl Exposure {
    pub fn times(&self, company: Uuid) -> Times<'_> {
        Times { counts: self.0.read().unwrap_or_else(PoisonError::into_inner), company }
    }

    pub fn count(&self, company: Uuid, candidates: impl IntoIterator<Item = Uuid>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let counts = all.entry(company).or_default();
        for candidate in candidates {
            let times = counts.entry(candidate).or_default();
            *times = times.saturating_add(1);
        }
    }

    pub fn set(&self, company: Uuid, counts: impl IntoIterator<Item = (Uuid, u32)>) {
        let counts = counts.into_iter().filter(|(_, times)| *times > 0).collect();
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(company, counts);
    }

    pub fn get(&self, company: Uuid) -> Vec<(Uuid, u32)> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut counts: Vec<(Uuid, u32)> =
            all.get(&company).into_iter().flatten().map(|(id, times)| (*id, *times)).collect();
        counts.sort_unstable();
        counts
    }
}
