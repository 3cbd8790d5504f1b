//! The command line as its user meets it: what it says, and the code that it ends with.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod calibrate;
mod credential;
mod grade;
mod irt;
mod people;
mod regrade;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content")
}

/// Exit code, and all that was said.
fn run(arguments: &[&str]) -> (i32, String) {
    let (code, answer, notes) = run_apart(arguments);
    (code, answer + &notes)
}

/// Exit code, standard output, standard error.
fn run_apart(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jobfuture"));
    let output = command.args(arguments).env("JOBFUTURE_CONTENT", content()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A folder that nobody can make, root included: it lies inside a file.
fn impossible(folder: &tempfile::TempDir) -> String {
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    file.join("data").to_string_lossy().into_owned()
}

#[test]
fn a_port_in_use_is_named_before_anything_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (code, said) = run(&["demo", "--listen", &address, "--data", data.to_str().unwrap()]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(&format!("{address} is in use by another program")) && said.contains("--listen"), "{said}");
    assert!(!data.exists(), "nothing is made for a site that cannot be served");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named_with_the_mend() {
    let folder = tempfile::tempdir().unwrap();
    let data = impossible(&folder);
    for arguments in [&["demo", "--listen", "127.0.0.1:0", "--data", &data][..], &["content", "prove", "--data", &data]]
    {
        let (code, said) = run(arguments);
        assert_eq!(code, 2, "{said}");
        assert!(
            said.contains(&format!("the data folder {data} cannot be written")) && said.contains("--data"),
            "{said}"
        );
    }
}

#[test]
fn an_unknown_task_is_answered_with_those_that_exist() {
    let (code, said) = run(&["grade", "try", "no-such-task", "."]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("There is no task called “no-such-task”.") && said.contains("book-list"), "{said}");
}

#[test]
fn a_folder_without_content_is_told_where_to_look() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = run(&["content", "check", "--content", folder.path().to_str().unwrap()]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("there is no content in") && said.contains("--content"), "{said}");
}

#[test]
fn the_contents_of_this_repository_have_no_fault() {
    let (code, said) = run(&["content", "check"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("no fault"), "{said}");
}

/// Without a configured address a link could only name the host that a request claims, and a stranger could have a letter
/// with a link to their own site sent to somebody.
#[test]
fn mail_is_sent_only_where_the_address_of_the_site_is_configured() {
    let (code, said) = run(&["serve", "--smtp", "smtp://127.0.0.1:25", "--mail-from", "jobs@example.org"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--base-url"), "{said}");
}
