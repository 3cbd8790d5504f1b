//! Why there is no verdict. What is said here is fit for the candidate; details for the operator go to the log.

/// A submission that could not be graded, or a grader that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum GradeError {
    /// No such task.
    #[error("There is no task called “{0}”.")]
    UnknownTask(String),
    /// No such project.
    #[error("There is no project called “{0}”.")]
    UnknownProject(String),
    /// A file that the task does not let anyone change.
    #[error("{path} cannot be changed in this task. Leave it out; the files that can be changed are {editable}.")]
    NotEditable {
        /// The file.
        path: String,
        /// The task's globs.
        editable: String,
    },
    /// A name that is no name of a file in the project.
    #[error("“{path}” cannot be the name of a file: {why}.")]
    BadPath {
        /// The name.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file, or all of them, too large.
    #[error("{path} has {bytes} bytes; at most {limit} are accepted. Remove what the task does not need.")]
    TooLarge {
        /// The file, or "the submission".
        path: String,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A file that is not UTF-8.
    #[error("{path} is not UTF-8 text. Save it as UTF-8 and send it again.")]
    NotText {
        /// The file.
        path: String,
    },
    /// Nothing was sent.
    #[error("There are no files in the submission. Send at least one of the files that can be changed: {editable}.")]
    Empty {
        /// The task's globs.
        editable: String,
    },
    /// Code cannot be run here at present.
    #[error("Code cannot be run here at the moment: {0}")]
    Unavailable(String),
    /// A fault of ours, or of the task's author. The text is for the operator.
    #[error("This is a fault of ours, not of your code; it has been logged. ({0})")]
    Internal(String),
}

impl GradeError {
    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<jobfuture_sandbox::SandboxError> for GradeError {
    fn from(error: jobfuture_sandbox::SandboxError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<crate::recorder::RecorderError> for GradeError {
    fn from(error: crate::recorder::RecorderError) -> Self {
        Self::internal(error)
    }
}
