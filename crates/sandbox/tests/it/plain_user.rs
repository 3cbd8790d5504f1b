//! The suite again as a plain user, when we are root, but for what does not depend on who we are. (When we are not root,
//! it has just run as a plain user.)

use crate::again::succeeds;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

const NOBODY: u32 = 65534;

#[test]
fn all_holds_without_being_root() {
    // SAFETY: a plain question about ourselves.
    if unsafe { libc::geteuid() } != 0 {
        return;
    }
    // The binary may lie where nobody may look.
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("it");
    std::fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
    for path in [folder.path(), &copy] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new(copy);
    command.uid(NOBODY).gid(NOBODY).current_dir("/").args([
        "--test-threads=2",
        "--skip",
        "stream::",
        "--skip",
        "pool::",
    ]);
    let said = succeeds(command);
    assert!(said.contains("processes::no_more_processes ... ok"), "{said}");
}
