//! Running one test of this binary in a process of its own: where descriptors and children are counted, where the
//! process is killed, or where it is someone else's.

use std::process::Command;

const MARK: &str = "JOBFUTURE_TEST_AGAIN";

/// Whether this is the process of its own.
pub fn is_alone() -> bool {
    std::env::var_os(MARK).is_some()
}

/// A command that runs the test of this name alone.
pub fn alone(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(MARK, "1");
    command
}

/// Runs it, and fails with what it said if it fails or finds no test to run.
pub fn succeeds(mut command: Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains(" 0 passed"), "{said}");
    said
}
