//! What can go wrong between asking for a jail and having a verified instance.

use std::io;

/// Errors of this crate. Each says what failed and, where one exists, the mend.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A step of building the jail failed in the new process.
    #[error("the jail could not be built: {step} failed ({cause})")]
    Jail {
        /// Which step, in words.
        step: String,
        /// What the kernel said.
        cause: io::Error,
    },
    /// The runtime ended, or said something else, before it was ready.
    #[error("the jailed runtime did not start: {0}")]
    Start(String),
    /// The template's process has gone.
    #[error("the jailed runtime has ended")]
    TemplateGone,
    /// A fresh instance was not confined as asked; it was killed before anything was sent to it.
    #[error("a fresh instance was refused: {0}")]
    NotConfined(String),
    /// No instance became ready in time.
    #[error("no instance became ready within {0} s")]
    Busy(u64),
    /// The machine cannot isolate code well enough.
    #[error("{0}")]
    Tier(String),
    /// Any other system call.
    #[error("{what}: {cause}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the kernel said.
        cause: io::Error,
    },
}

impl SandboxError {
    /// The last system error, with what was tried.
    pub(crate) fn last(what: &'static str) -> Self {
        Self::System { what, cause: io::Error::last_os_error() }
    }

    /// An error of the standard library, with what was tried.
    pub(crate) fn io(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::System { what, cause }
    }
}
