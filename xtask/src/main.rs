//! The chores of this repository: `cargo xtask test`, `cargo xtask tidy`, `cargo xtask bench`.
//!
//! Each chore is a folder.

mod bench;
mod test;
mod tidy;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of this repository")]
struct Command {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run every check that a change must pass; the same list runs in CI
    Test(test::Choice),
    /// Measure how quick it is, beside what else does the same
    #[command(subcommand)]
    Bench(bench::Choice),
    /// Check who depends on whom, sizes, and words that must not occur
    Tidy,
}

fn main() -> ExitCode {
    match perform(Command::parse().chore) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all went well.
fn perform(chore: Chore) -> anyhow::Result<bool> {
    let workspace = Workspace::find()?;
    match chore {
        Chore::Bench(choice) => bench::run(&workspace, &choice),
        Chore::Test(choice) => test::run(&workspace, &choice),
        Chore::Tidy => tidy::run(&workspace),
    }
}
