//! Practical tasks: a variant of a real project, an editor, a verdict.

pub(crate) mod addresses;
mod files;
mod list;
mod page;
mod run;
mod submission;
mod variants;
mod verdict;
mod workbench;

pub use files::{file, file_view};
pub use list::tasks;
pub use page::task;
pub use run::{run, run_was_reloaded};
pub use submission::Submission;
pub use variants::Variants;
pub use verdict::{Explaining, verdict_html};
pub use workbench::{Bench, workbench};

use crate::error::{Missing, SiteError};
use crate::operator::is_shown;
use crate::site::Site;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use jobfuture_content::{FileSet, Task, Variant};
use serde::Deserialize;
use std::sync::Arc;

/// A task that is open to everybody, by its id.
fn find<'a>(site: &'a Site, task: &str) -> Result<&'a Arc<Task>, SiteError> {
    let task = site.library().tasks.get(task).filter(|task| is_shown(task.manifest.status));
    task.ok_or(SiteError::NotFound(Missing::Task))
}

/// A task in one variant, with the files of its project.
pub struct Given {
    /// The task.
    pub task: Arc<Task>,
    /// As it is set to one person.
    pub variant: Arc<Variant>,
    /// The project's files with the starter laid over them.
    pub files: FileSet,
}

impl Given {
    /// Draws the variant.
    ///
    /// # Errors
    /// A fault of the task's own files.
    pub fn new(site: &Site, task: &Arc<Task>, seed: u64) -> Result<Self, SiteError> {
        let variant = site.variants().get(task, seed)?;
        let mut files = FileSet::new();
        if let Some(project) = site.library().projects.get(&task.manifest.project) {
            files.extend(project.files.iter().map(|(path, bytes)| (path.clone(), bytes.clone())));
        }
        files.extend(variant.starter.iter().map(|(path, bytes)| (path.clone(), bytes.clone())));
        Ok(Self { task: Arc::clone(task), variant, files })
    }

    /// The files that the candidate may change and is given, the one to open first at the beginning.
    fn editable(&self) -> Vec<(&str, &[u8])> {
        let files = self.files.iter().filter(|(path, _)| self.task.is_editable(path));
        let mut files: Vec<_> = files.map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        files.sort_by_key(|(path, _)| *path != self.task.editable.open_first);
        files
    }
}

/// `?variant=SEED`
#[derive(Debug, Deserialize)]
pub struct Asked {
    variant: Option<u64>,
}

/// The seed in the address, if there is one that can be read.
fn asked_variant(asked: Result<Query<Asked>, QueryRejection>) -> Option<u64> {
    asked.ok().and_then(|Query(asked)| asked.variant)
}

/// A seed that is short enough to be read aloud.
pub fn any_variant() -> u64 {
    rand::random_range(1..1_000_000)
}
