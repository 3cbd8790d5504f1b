//! The repository's own content.

use jobfuture_content::{Fault, Library, Status};
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

/// A check needs so many to choose from, at each border between two levels.
#[test]
fn there_are_enough_questions_to_tell_levels_apart() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let Ok(library) = Library::read(&root) else { return };
    let active = || library.questions.values().filter(|question| question.manifest.status == Status::Active);
    assert!(active().count() >= 80);
    for level in library.roles["django-developer"].levels.iter().map(|level| level.level) {
        let apart = active().filter(|question| question.manifest.tells_apart == level).count();
        assert!(apart >= 20, "{apart} tell {level:?} from what is below");
    }
}
