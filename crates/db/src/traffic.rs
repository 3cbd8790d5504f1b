//! How much is asked of a database: what a page costs, in statements and in waits.

use std::sync::atomic::{AtomicU64, Ordering};

/// What was asked of a database since it was opened, by this handle and its clones.
///
/// For tests that hold what something costs, and for measuring: the difference of two of them is what happened between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Statements that the program asked for.
    pub statements: u64,
    /// How often somebody waited for the engine: round trips to PostgreSQL, in SQLite loans of a connection that reads and
    /// writes that went to the writer.
    pub waits: u64,
    /// Transactions that collided with others in PostgreSQL and were run again.
    pub again: u64,
}

impl std::ops::Sub for Traffic {
    type Output = Self;

    /// What came after `earlier`.
    fn sub(self, earlier: Self) -> Self {
        Self {
            statements: self.statements - earlier.statements,
            waits: self.waits - earlier.waits,
            again: self.again - earlier.again,
        }
    }
}

/// The sums as they grow.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    statements: AtomicU64,
    waits: AtomicU64,
    again: AtomicU64,
}

impl Counters {
    pub(crate) fn statements(&self, more: u64) {
        self.statements.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn wait(&self) {
        self.waits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn again(&self) {
        self.again.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Traffic {
        let [statements, waits, again] =
            [&self.statements, &self.waits, &self.again].map(|sum| sum.load(Ordering::Relaxed));
        Traffic { statements, waits, again }
    }
}
