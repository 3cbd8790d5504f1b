//! Programs that others wrote, fetched by their own package managers for tests that ask what others think of ours.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// One test at a time fetches; the others wait for it.
static FETCHING: Mutex<()> = Mutex::new(());

/// The folder with the packages for Node that a lock file in `beside` names; below `within`, fetched if they are not there. None of
/// their scripts is run.
///
/// # Panics
/// If npm is not there, or has no network.
pub fn node_packages(beside: &Path, within: &Path) -> PathBuf {
    let _one = FETCHING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let lock = std::fs::read(beside.join("package-lock.json")).unwrap();
    // Another lock file has another folder.
    let digest = lock
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let folder = within.join(format!("node-{digest:016x}"));
    let mark = folder.join("complete");
    if !mark.exists() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(beside.join(file), folder.join(file)).unwrap();
        }
        let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        let done = Command::new("npm").args(ci).current_dir(&folder).output();
        let mend = "Packages are fetched by npm, which needs Node and a network or a mirror. cargo xtask test installs Node on Debian.";
        match done {
            Ok(done) if done.status.success() => std::fs::write(mark, "").unwrap(),
            Ok(done) => panic!("npm ci failed: {}\n{mend}", String::from_utf8_lossy(&done.stderr).trim()),
            Err(error) => panic!("npm did not start: {error}\n{mend}"),
        }
    }
    folder
}
