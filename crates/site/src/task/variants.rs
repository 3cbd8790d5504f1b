//! Variants that were rendered lately, because a page, its files and its runs ask for the same one.

use crate::error::SiteError;
use jobfuture_content::{Task, Variant};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept; each is a few dozen KiB.
const KEPT: usize = 128;

type Entry = (String, u64, Arc<Variant>);

/// The variants rendered last.
#[derive(Debug, Default)]
pub struct Variants(Mutex<VecDeque<Entry>>);

impl Variants {
    /// A task's variant, from memory or rendered.
    ///
    /// # Errors
    /// [`SiteError::Internal`] if the task's own files are at fault; the log says which.
    pub fn get(&self, task: &Task, seed: u64) -> Result<Arc<Variant>, SiteError> {
        if let Some(variant) = self.kept(&task.id, seed) {
            return Ok(variant);
        }
        let variant = task.variant(seed).map_err(|fault| SiteError::internal("a task's variant", &fault))?;
        let variant = Arc::new(variant);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front((task.id.clone(), seed, Arc::clone(&variant)));
        Ok(variant)
    }

    fn kept(&self, task: &str, seed: u64) -> Option<Arc<Variant>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(id, s, _)| *s == seed && id == task)?;
        let entry = kept.remove(at)?;
        let variant = Arc::clone(&entry.2);
        kept.push_front(entry);
        Some(variant)
    }
}
