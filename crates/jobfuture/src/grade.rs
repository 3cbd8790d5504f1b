//! `jobfuture grade try`.

use crate::cli::Try;
use crate::{place, told};
use anyhow::{Context, Result};
use jobfuture_content::{FileSet, Task, Variant};
use jobfuture_grader::verdict::{BehaviourVerdict, Verdict};
use jobfuture_grader::{GradeError, MAX_SUBMISSION};
use std::path::Path;
use std::process::ExitCode;

/// Grades a folder.
pub fn run(options: &Try) -> Result<ExitCode> {
    let library = place::library(&options.machine.content)?;
    let task = library.tasks.get(&options.task).ok_or_else(|| {
        let known: Vec<&str> = library.tasks.keys().map(String::as_str).collect();
        anyhow::anyhow!("{} The tasks are: {}.", GradeError::UnknownTask(options.task.clone()), known.join(", "))
    })?;
    let variant = task.variant(options.seed).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let project = &library.projects.get(&task.manifest.project).context("the task's project is missing")?.files;
    let files = changed_files(&options.folder, task, &variant, project)?;
    let data = place::data_folder(&options.machine)?;
    let tell = |line: &str| eprintln!("{}", told::dim(line));
    let grader = place::grader(&options.machine, &data, &library, 2, &tell)?;
    let verdict = grader.grade(task, &variant, files, options.seed)?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&verdict)?);
    } else {
        print_verdict(&verdict);
    }
    Ok(if verdict.passed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The folder's files, less those that are as they were: a whole copy of the project may be handed in.
fn changed_files(folder: &Path, task: &Task, variant: &Variant, project: &FileSet) -> Result<FileSet> {
    let mut files = FileSet::new();
    let mut pending = vec![folder.to_owned()];
    let mut bytes_read = 0;
    while let Some(path) = pending.pop() {
        let entries =
            std::fs::read_dir(&path).with_context(|| format!("{} cannot be read as a folder", path.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path
                .strip_prefix(folder)?
                .to_str()
                .with_context(|| format!("{} is not a UTF-8 name", path.display()))?;
            if is_left_behind(name) {
                continue;
            }
            if path.is_dir() && !path.is_symlink() {
                pending.push(path);
                continue;
            }
            bytes_read += path.metadata().with_context(|| format!("{} cannot be read", path.display()))?.len() as usize;
            if bytes_read > 16 * MAX_SUBMISSION {
                return Err(GradeError::TooLarge {
                    path: folder.display().to_string(),
                    bytes: bytes_read,
                    limit: MAX_SUBMISSION,
                }
                .into());
            }
            let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let original = variant.starter.get(name).or_else(|| project.get(name));
            if task.is_editable(name) || original != Some(&bytes) {
                files.insert(name.to_owned(), bytes);
            }
        }
    }
    Ok(files)
}

/// What tools leave in a folder.
fn is_left_behind(name: &str) -> bool {
    name.split('/').any(|part| part == "__pycache__" || part == ".git" || part == ".venv" || part.ends_with(".pyc"))
}

fn print_verdict(verdict: &Verdict) {
    for behaviour in &verdict.behaviours {
        print_behaviour(behaviour);
    }
    if let Some(stop) = &verdict.stopped {
        println!("\n{} {}", told::mark(false), stop.says);
    }
    if !verdict.output.trim().is_empty() {
        println!("\nWhat your code printed:\n{}", told::indented(verdict.output.trim_end(), 2));
    }
    let shown = verdict.behaviours.iter().filter(|behaviour| behaviour.passed).count();
    let total = verdict.timings_ms.get("total").copied().unwrap_or_default();
    println!(
        "\n{} {shown} of {} behaviours, {} statements, {total:.0} ms",
        told::mark(verdict.passed),
        verdict.behaviours.len(),
        verdict.used.statements
    );
}

fn print_behaviour(behaviour: &BehaviourVerdict) {
    println!("{} {:<4} {}", told::mark(behaviour.passed), behaviour.requirement, behaviour.title);
    for evidence in &behaviour.evidence {
        println!("       {}", evidence.says);
        let parts = [("asked", &evidence.request), ("wanted", &evidence.wanted), ("found", &evidence.found)];
        for (name, text) in parts {
            if let Some(text) = text {
                println!("{}", told::indented(&format!("{name}: {text}"), 7));
            }
        }
    }
}
