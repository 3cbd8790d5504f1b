//! Which names of files a candidate, or an author, may give.

use crate::model::Task;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The longest path that is taken, in bytes.
pub const MAX_PATH_BYTES: usize = 200;
/// The deepest path that is taken: folders and the file itself.
pub const MAX_COMPONENTS: usize = 8;

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// Nothing, or nothing between two slashes, or a slash at the end.
    #[error("a part of the path is empty")]
    Empty,
    /// Begins with a slash.
    #[error("the path is absolute")]
    Absolute,
    /// `.` or `..`.
    #[error("the path holds `.` or `..`")]
    Dots,
    /// A backslash, which some systems take for a slash.
    #[error("the path holds a backslash")]
    Backslash,
    /// NUL, line ends and other control characters.
    #[error("the path holds a control character")]
    Control,
    /// More than [`MAX_PATH_BYTES`].
    #[error("the path is longer than {MAX_PATH_BYTES} bytes")]
    Long,
    /// More than [`MAX_COMPONENTS`].
    #[error("the path is more than {MAX_COMPONENTS} parts deep")]
    Deep,
}

/// Refuses every path that could leave its folder or confuse whoever reads it. A path that passes is relative,
/// with forward slashes, and names the same file wherever it is laid down.
pub fn check_path(path: &str) -> Result<(), PathFault> {
    if path.len() > MAX_PATH_BYTES {
        return Err(PathFault::Long);
    }
    if path.starts_with('/') {
        return Err(PathFault::Absolute);
    }
    if path.contains('\\') {
        return Err(PathFault::Backslash);
    }
    if path.chars().any(char::is_control) {
        return Err(PathFault::Control);
    }
    for part in path.split('/') {
        match part {
            "" => return Err(PathFault::Empty),
            "." | ".." => return Err(PathFault::Dots),
            _ => {}
        }
    }
    if path.split('/').count() > MAX_COMPONENTS {
        return Err(PathFault::Deep);
    }
    Ok(())
}

/// One glob; `*` and `?` stay within a folder, `**` crosses folders.
pub(crate) fn glob(pattern: &str) -> Result<globset::Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).backslash_escape(false).build()
}

pub(crate) fn globs<S: AsRef<str>>(patterns: &[S]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(glob(pattern.as_ref())?);
    }
    set.build()
}

impl Task {
    /// Whether a candidate may write this file, new or not. A path that [`check_path`] refuses is never editable.
    pub fn is_editable(&self, path: &str) -> bool {
        check_path(path).is_ok() && globs(&self.editable.editable).is_ok_and(|set| set.is_match(path))
    }
}
