//! What a candidate might hand in, from the tasks' own folders.

use crate::folders;
use anyhow::{Context, Result};
use jobfuture_content::Library;

/// The files of a submission that must pass, rendered for a variant: path and text.
///
/// # Errors
/// If there is no such task or submission, or it cannot be rendered.
pub fn accepted(task: &str, name: &str, seed: u64) -> Result<Vec<(String, String)>> {
    let library =
        Library::read(&folders::repository().join("content")).map_err(|faults| anyhow::anyhow!("{faults}"))?;
    let task = library.tasks.get(task).with_context(|| format!("no task {task}"))?;
    let wanted = format!("accepted/{name}");
    let files = task.submissions.get(&wanted).with_context(|| format!("{} has no submission {wanted}", task.id))?;
    let rendered = task.render_files(files, &task.parameters_of(seed)).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    rendered.into_iter().map(|(path, bytes)| Ok((path, String::from_utf8(bytes)?))).collect()
}
