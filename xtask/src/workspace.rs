//! Where the repository is, and what cargo and git know of it.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository and its crates.
pub struct Workspace {
    /// Its folder.
    pub root: PathBuf,
    /// Where cargo builds, which `CARGO_TARGET_DIR` may have moved.
    pub target: PathBuf,
    /// Our crates.
    pub crates: Vec<Package>,
}

/// One of our crates, as `cargo metadata` tells.
#[derive(Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its Cargo.toml.
    pub manifest_path: PathBuf,
    /// What it asks for.
    pub dependencies: Vec<Dependency>,
    /// What it builds.
    pub targets: Vec<Target>,
}

/// What a crate asks for.
#[derive(Deserialize)]
pub struct Dependency {
    /// The other crate.
    pub name: String,
    /// `None` for a normal one, else `dev` or `build`.
    pub kind: Option<String>,
    /// Set when it is one of ours.
    pub path: Option<PathBuf>,
}

/// A library, binary or test of a crate.
#[derive(Deserialize)]
pub struct Target {
    /// `lib`, `bin`, `test` …
    pub kind: Vec<String>,
    /// Its first file.
    pub src_path: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub fn find() -> Result<Self> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
        let args = ["metadata", "--format-version", "1", "--no-deps"];
        let told = Command::new(cargo()).args(args).current_dir(here).output().context("cargo metadata")?;
        ensure!(told.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&told.stderr));
        let found: Metadata = serde_json::from_slice(&told.stdout).context("the answer of cargo metadata")?;
        Ok(Self { root: found.workspace_root, target: found.target_directory, crates: found.packages })
    }

    /// Every file that is committed or would be: what git tracks and what it does not ignore, by path within the root.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
        let told = Command::new("git").args(args).current_dir(&self.root).output().context("git ls-files")?;
        ensure!(told.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&told.stderr));
        let names = told.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let paths = names.map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()));
        // A file that was deleted but is not yet committed as such is still listed.
        Ok(paths.filter(|path| self.root.join(path).is_file()).collect())
    }

    /// The path within the root, for messages.
    pub fn shown<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

/// The cargo that runs us.
pub fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
