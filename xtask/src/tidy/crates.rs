//! What every crate has: documentation of its own, and the lints of the workspace.

use crate::workspace::{Package, Workspace};
use std::fs;

/// What is missing.
pub fn check(workspace: &Workspace) -> Vec<String> {
    let mut faults = Vec::new();
    for package in &workspace.crates {
        faults.extend(documentation(workspace, package));
        let manifest = fs::read_to_string(&package.manifest_path).unwrap_or_default();
        if !manifest.contains("[lints]\nworkspace = true") {
            let path = workspace.shown(&package.manifest_path).display();
            faults.push(format!("{path}: the lints of the workspace are not asked for: add [lints] workspace = true"));
        }
    }
    let clippy = fs::read_to_string(workspace.root.join("clippy.toml")).unwrap_or_default();
    if !clippy.contains("disallowed-methods") {
        faults
            .push("clippy.toml: the list of disallowed methods is gone, and with it the ban of untested clocks".into());
    }
    faults
}

/// A crate says what it is in the first line of its library or binary.
fn documentation(workspace: &Workspace, package: &Package) -> Vec<String> {
    let is_root = |kind: &String| matches!(kind.as_str(), "lib" | "bin" | "proc-macro");
    let roots = package.targets.iter().filter(|target| target.kind.iter().any(is_root));
    let bare = roots.filter(|target| {
        let text = fs::read_to_string(&target.src_path).unwrap_or_default();
        let first = text.lines().next().unwrap_or_default();
        !first.starts_with("//! ") || first.len() < 20
    });
    bare.map(|target| {
        let path = workspace.shown(&target.src_path).display();
        format!("{path}: the first line does not say what the crate is: begin with “//! …”")
    })
    .collect()
}
