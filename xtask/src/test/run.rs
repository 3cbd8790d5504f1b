//! Running one step, with its output shown as it comes.

use super::steps::{Step, Work};
use crate::workspace::{Workspace, cargo};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How a step ended.
pub enum Outcome {
    /// As it should; with the number of tests, if it ran some.
    Passed(Option<Tests>),
    /// Otherwise.
    Failed(String),
    /// It was not run, because something is not installed.
    Missing(String),
}

/// The tests of all the closing lines of `cargo test`, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tests {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Outcome {
    /// Whether the change may go on.
    pub fn passed(&self) -> bool {
        matches!(self, Self::Passed(_))
    }

    /// For the table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Failed(_) => "FAILED",
            Self::Missing(_) => "NOT RUN",
        }
    }

    /// For the table's last column.
    pub fn detail(&self) -> String {
        match self {
            Self::Passed(None) => String::new(),
            Self::Passed(Some(tests)) => tests.to_string(),
            Self::Failed(why) => why.clone(),
            Self::Missing(mend) => format!("missing: {mend}"),
        }
    }
}

impl std::fmt::Display for Tests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} tests passed, {} failed, {} ignored", self.passed, self.failed, self.ignored)
    }
}

/// Runs the step.
pub fn perform(workspace: &Workspace, step: &Step) -> Outcome {
    let outcome = match step.work {
        Work::Cargo(args) => run(workspace, Command::new(cargo()).args(args)),
        Work::Product(args) => after_build(workspace, |product| with_args(Command::new(product), args)),
        Work::BesideProduct(args) => after_build(workspace, |product| {
            let mut cargo = with_args(Command::new(cargo()), args);
            cargo.env("JOBFUTURE_BINARY", product);
            cargo
        }),
        Work::Worlds(pairs) => run(workspace, &mut worlds(pairs, 0, AsBuilt::Tested)),
        Work::Tidy => crate::tidy::run(workspace)
            .map(|passed| if passed { Outcome::Passed(None) } else { Outcome::Failed("see above".into()) }),
    };
    outcome.unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")))
}

/// Builds the product, and then runs what needs it.
fn after_build(workspace: &Workspace, command: impl FnOnce(PathBuf) -> Command) -> Result<Outcome> {
    match run(workspace, Command::new(cargo()).args(["build", "--package", "jobfuture"]))? {
        Outcome::Passed(_) => run(workspace, &mut command(workspace.target.join("debug/jobfuture"))),
        failed => Ok(failed),
    }
}

fn with_args(mut command: Command, args: &[&str]) -> Command {
    command.args(args);
    command
}

fn run(workspace: &Workspace, command: &mut Command) -> Result<Outcome> {
    let name = format!("{command:?}").replace('"', "");
    let mut child = command
        .current_dir(&workspace.root)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{name} did not start"))?;
    let mut tests = None;
    if let Some(output) = child.stdout.take() {
        tests = show(BufReader::new(output), std::io::stdout())?;
    }
    let status = child.wait()?;
    Ok(match tests {
        _ if status.success() => Outcome::Passed(tests),
        Some(tests) => Outcome::Failed(format!("{tests} ({status})")),
        None => Outcome::Failed(status.to_string()),
    })
}

/// Passes the output on, line by line, and adds up what the tests say at their end.
fn show(mut output: impl BufRead, mut screen: impl Write) -> Result<Option<Tests>> {
    let (mut line, mut tests) = (Vec::new(), None::<Tests>);
    while output.read_until(b'\n', &mut line)? > 0 {
        screen.write_all(&line)?;
        if let Some(more) = closing_line(&String::from_utf8_lossy(&line)) {
            let sum = tests.unwrap_or_default();
            tests = Some(Tests {
                passed: sum.passed + more.passed,
                failed: sum.failed + more.failed,
                ignored: sum.ignored + more.ignored,
            });
        }
        line.clear();
    }
    Ok(tests)
}

/// Reads `test result: ok. 70 passed; 0 failed; 0 ignored; …`.
fn closing_line(line: &str) -> Option<Tests> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |word: &str| {
        let part = counts.split(';').find_map(|part| part.trim().strip_suffix(word));
        part.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
    };
    Some(Tests { passed: count("passed"), failed: count("failed"), ignored: count("ignored") })
}

/// Which build of the tests plays.
pub enum AsBuilt {
    /// The one that all tests are built in, so that nothing more is built.
    Tested,
    /// An optimised one, for so many pairs that it is worth building.
    Optimised,
}

/// Plays pairs of worlds over every route.
pub fn worlds(pairs: u32, seed: u64, built: AsBuilt) -> Command {
    let mut command = Command::new(cargo());
    let test = "worlds::what_was_not_granted_changes_no_byte_of_any_answer";
    let which: &[&str] = match built {
        AsBuilt::Tested => &["test", "--workspace", "--exclude", "e2e"],
        AsBuilt::Optimised => &["test", "--release", "--package", "jobfuture-site"],
    };
    command.args(which).args(["--test", "it", "--", "--nocapture", test]);
    command.env("JOBFUTURE_WORLDS", pairs.to_string()).env("JOBFUTURE_WORLDS_SEED", seed.to_string());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up_whatever_surrounds_them() {
        let output = "running 3 tests\n\
            test result: ok. 70 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 5.91s\n\
            x test result: ok. 9 passed\n\
            test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        let mut screen = Vec::new();
        let tests = show(output.as_bytes(), &mut screen).unwrap();
        assert_eq!(tests, Some(Tests { passed: 72, failed: 3, ignored: 1 }));
        assert_eq!(screen, output.as_bytes());
    }
}
