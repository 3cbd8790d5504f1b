//! What belongs to one person, and the two things that open it.

use crate::{Fact, Grant, OwnerKey};
use std::fmt;
use uuid::Uuid;

/// Something of one person. It cannot be printed, written as JSON or looked at; it is opened by its owner's key, and by a grant
/// that names it.
///
/// ```compile_fail
/// fn print(private: &jobfuture_disclosure::Private<String>) -> String {
///     format!("{private}")
/// }
/// ```
pub struct Private<T> {
    owner: Uuid,
    fact: Fact,
    value: T,
}

impl<T> Private<T> {
    pub(crate) fn new(owner: Uuid, fact: Fact, value: T) -> Self {
        Self { owner, fact, value }
    }

    /// For its owner; nobody else's key opens it.
    pub fn own(&self, me: OwnerKey) -> Option<&T> {
        (me.uuid() == self.owner).then_some(&self.value)
    }

    /// Under a grant of its owner that names it.
    pub(crate) fn under(self, grant: &Grant<'_>) -> Option<T> {
        grant.opens(self.owner, self.fact).then_some(self.value)
    }

    /// What it is.
    pub fn fact(&self) -> Fact {
        self.fact
    }
}

/// Says nothing of what it holds, nor whose it is.
impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(…)")
    }
}
