//! Identities that a provider vouched for and that are no account's yet: kept until their owner says which account is theirs.
//!
//! In memory, as journeys are, and for one browser: whoever opens a letter elsewhere cannot give their account to whoever
//! caused it.

use super::Identity;
use crate::account::Token;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How long one is kept. Longer than the link of a letter works, which may be sent late.
pub const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// Arrivals that are kept at once. Each has signed in at the provider, so strangers do not make them.
const MOST: usize = 2_000;

#[derive(Debug)]
struct Waiting {
    browser: Vec<u8>,
    since: Timestamp,
    identity: Identity,
}

/// All of them, the oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arrivals(Arc<Mutex<VecDeque<Waiting>>>);

impl Arrivals {
    /// Keeps one for a browser. An earlier arrival of the same person is forgotten.
    pub(super) fn keep(&self, browser: &Token, identity: Identity, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|waiting| is_fresh(waiting, now) && !waiting.identity.is_same(&identity));
        while all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(Waiting { browser: browser.hash(), since: now, identity });
    }

    /// Who waits in a browser.
    pub(super) fn of(&self, browser: &Token, now: Timestamp) -> Option<Identity> {
        let hash = browser.hash();
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|waiting| waiting.browser == hash && is_fresh(waiting, now));
        found.map(|waiting| waiting.identity.clone())
    }

    /// Forgets who waits in a browser.
    pub(super) fn forget(&self, browser: &Token) {
        let hash = browser.hash();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|waiting| waiting.browser != hash);
    }
}

fn is_fresh(waiting: &Waiting, now: Timestamp) -> bool {
    now.duration_since(waiting.since).abs() <= KEPT
}
