//! Addresses of tasks.

use crate::routes::{in_variant, pages, urls};
use crate::task;
use axum::routing::{get, post};

pages! {
    TASK_PAGES:
    TASKS => get(task::tasks),
    TaskUrl::PATTERN => get(task::task),
    TaskRunsUrl::PATTERN => post(task::run).get(task::run_was_reloaded),
    TaskFileUrl::PATTERN => get(task::file),
}

/// All tasks.
pub const TASKS: &str = "/tasks";

urls! {
    /// A task; without a variant it leads to one.
    TaskUrl { task } = "/tasks/{task}";
    /// Runs of a task.
    TaskRunsUrl { task } = "/tasks/{task}/runs";
    /// A file of a task's project.
    TaskFileUrl { task, path } = "/tasks/{task}/files/{*path}";
}

/// A task in one variant.
pub fn variant_url(task: &str, seed: u64) -> String {
    in_variant(&TaskUrl { task }.to_url(), seed)
}

/// A file of a task's project in one variant.
pub fn variant_file_url(task: &str, path: &str, seed: u64) -> String {
    in_variant(&TaskFileUrl { task, path }.to_url(), seed)
}
