//! What is wrong with a bank, a session, or its stored bytes.

/// A bank that cannot be released.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReleaseError {
    /// No items.
    #[error("a release needs items; there are none")]
    Empty,
    /// An item that does not fit the rest.
    #[error("item {id}: {fault}")]
    Item {
        /// Its id, or its place when it has none.
        id: String,
        /// What is wrong, and what would be right.
        fault: String,
    },
    /// A quota that cannot be kept.
    #[error("the blueprint's {what}: {fault}")]
    Quota {
        /// Whose.
        what: String,
        /// What is wrong, and what would be right.
        fault: String,
    },
    /// A number outside its range.
    #[error("{what} is {value}; it is {wanted}")]
    Number {
        /// Which.
        what: &'static str,
        /// As given.
        value: f64,
        /// What is taken.
        wanted: &'static str,
    },
    /// Cuts that are no borders of bands.
    #[error("cuts between bands rise from one to the next, and there are at most {} of them", super::MAX_CUTS)]
    Cuts,
}

/// A session that cannot begin, or an answer that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Too much is excluded.
    #[error("without the excluded items {left} {what} can be asked, and the blueprint needs {needed}: exclude fewer")]
    NotEnough {
        /// Kind and topic.
        what: String,
        /// What is certain to be left.
        left: usize,
        /// What the blueprint asks for.
        needed: usize,
    },
    /// An item that is not in the release.
    #[error("there is no item number {0} in this release")]
    NoSuchItem(usize),
    /// An item that may not be asked any more.
    #[error("item {0} may not be asked here: it, one of its family or an enemy of it was asked, or it is excluded")]
    Blocked(String),
    /// A category that the item does not have.
    #[error("item {id} has categories 0 to {last}, and {category} is none of them")]
    NoSuchCategory {
        /// The item's id.
        id: String,
        /// As given.
        category: u8,
        /// The highest.
        last: usize,
    },
    /// An answer that no level can give.
    #[error("the answer to {0} is impossible at every level that is left")]
    Impossible(String),
}

/// Stored bytes that are no session of this release.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// Not what `State::to_bytes` gave, or cut short.
    #[error("these bytes are not a stored session of this version: {0}")]
    Form(&'static str),
    /// Another release.
    #[error("the session was stored with another release of the bank, and goes on only with that one")]
    OtherRelease,
    /// Answers that this release would not take.
    #[error("the stored answers do not fit the release: {0}")]
    Answers(#[from] SessionError),
    /// The posterior that the answers lead to is another than the stored one.
    #[error("the stored answers lead to another posterior than the stored one: the bytes were changed")]
    Posterior,
    /// An answer was given to an item that would not have been asked.
    #[error("answer {0} (counted from 1) is to another item than the one that this seed asks there")]
    OtherChoice(usize),
}
