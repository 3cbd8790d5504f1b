//! Where the repository and the target folder are.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where cargo builds: tests run as `TARGET/debug/deps/it-…`.
pub fn target() -> Result<PathBuf> {
    let test = std::env::current_exe().context("the path of the test")?;
    let target = test.ancestors().nth(3).context("the test does not lie in a target folder")?;
    Ok(target.to_owned())
}

/// A folder of the target folder, made if it is not there.
pub fn folder(name: &str) -> Result<PathBuf> {
    let folder = target()?.join(name);
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}
