//! The repository's own content.

use jobfuture_content::{Fault, Library};
use std::path::Path;

/// A task that is being written lacks files, and `jobfuture content check` says which. What stands must read.
#[test]
fn it_reads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let Err(faults) = Library::read(&root) else { return };
    let missing = |fault: &Fault| fault.says == "The file is missing" || !root.join(&fault.file).exists();
    let wrong: Vec<String> = faults.iter().filter(|fault| !missing(fault)).map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
