//! `cargo xtask tidy`: habits that a compiler does not check.

mod crates;
mod depend;
mod functions;
mod sizes;
mod words;

use crate::workspace::Workspace;
use anyhow::Result;

/// Runs every check, prints what it found, and tells whether all is well.
pub fn run(workspace: &Workspace) -> Result<bool> {
    let files = read(workspace)?;
    let mut faults = Vec::new();
    faults.extend(depend::check(&workspace.crates));
    faults.extend(crates::check(workspace));
    faults.extend(words::check(workspace, &files));
    faults.extend(sizes::check(&files));
    for fault in &faults {
        println!("✗ {fault}");
    }
    println!(
        "{} files, {}",
        files.len(),
        if faults.is_empty() { "tidy".into() } else { format!("{} faults", faults.len()) }
    );
    Ok(faults.is_empty())
}

/// A text file of the repository.
struct File {
    /// Its path within the root, with `/`.
    path: String,
    text: String,
}

/// Every text file; pictures and the like are left out.
fn read(workspace: &Workspace) -> Result<Vec<File>> {
    let paths = workspace.files()?.into_iter();
    Ok(paths
        .filter_map(|path| {
            let text = std::fs::read_to_string(workspace.root.join(&path)).ok()?;
            Some(File { path: path.display().to_string(), text })
        })
        .collect())
}
