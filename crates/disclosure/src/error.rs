//! What goes wrong.

/// Why something was not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database's fault.
    #[error(transparent)]
    Db(#[from] jobfuture_db::Error),
    /// The system gave no random bytes; nothing may be made without.
    #[error("the system has no randomness")]
    NoRandomness,
    /// A key does not open what it should, or is none.
    #[error("{0} cannot be used: it is damaged, or sealed with another key")]
    Key(&'static str),
    /// A row holds something that no code of ours writes.
    #[error("a row holds something unreadable as {0}")]
    Row(&'static str),
    /// Not made, because something is wrong with it; a sentence for the person, with the mend.
    #[error("{0}")]
    Refused(String),
    /// A credential could not be made or read.
    #[error(transparent)]
    Credential(#[from] jobfuture_credential::Error),
}

impl Error {
    pub(crate) fn refused<T>(says: impl Into<String>) -> Result<T, Self> {
        Err(Self::Refused(says.into()))
    }
}
