//! `cargo xtask bench`: how quick it is, beside what else does the same, in one run.
//!
//! All rows of a table take turns, so that what else the machine does strikes them all alike: ratios are to be trusted
//! more than times.

mod check;
mod grade;
mod irt;
mod load;
mod machine;
mod numbers;
mod pages;
mod pool;
mod queue;
mod record;
mod search;
mod server;
mod speaker;
mod table;
mod vacancies;

use crate::test::AsBuilt;
use crate::workspace::{Workspace, cargo};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::Command;
use std::time::UNIX_EPOCH;

/// What to measure.
#[derive(clap::Subcommand)]
pub enum Choice {
    /// Skill checks: questions and answers of many candidates at once, beside Django
    Check(Options),
    /// Verdicts, beside the same job in a cold process, bare and in bubblewrap
    Grade(Options),
    /// Calibration and adaptive choice, beside girth, mirt and catsim
    Irt(Options),
    /// Pages, beside Django and nginx
    Pages(Options),
    /// The candidate pool at a million people, beside PostgreSQL
    Pool(Options),
    /// The queue of jobs, on both engines
    Queue(Options),
    /// Vacancy search at 100,000 vacancies, beside SQLite FTS5 and PostgreSQL full text
    Search(Options),
    /// Pages of vacancies, with a hundred thousand of them
    Vacancies(Options),
    /// The door: how quick it is, and then pairs of worlds that differ in what was not granted, for as long as it takes
    Privacy {
        /// Pairs of worlds
        #[arg(long, default_value_t = 50_000)]
        pairs: u32,
        /// Which pairs: another number, other pairs; by default the seconds of the clock, so that each run plays new ones
        #[arg(long)]
        seed: Option<u64>,
    },
}

/// How to measure.
#[derive(clap::Args)]
pub struct Options {
    /// A few short rounds, to see that it works: the numbers mean little
    #[arg(long)]
    quick: bool,
    /// Put the table into docs/benchmarks.md
    #[arg(long)]
    write: bool,
    /// Rounds; in each, every row has its turn
    #[arg(long)]
    rounds: Option<usize>,
}

/// Measures, prints a table, and with `--write` records it. Whether every bar was reached is in the table: a machine
/// that is too slow for it is no fault of the code.
pub fn run(workspace: &Workspace, choice: &Choice) -> Result<bool> {
    if let Choice::Privacy { pairs, seed } = choice {
        let clock = || UNIX_EPOCH.elapsed().map_or(0, |passed| passed.as_secs());
        return privacy(workspace, *pairs, seed.unwrap_or_else(clock));
    }
    let (name, options) = match choice {
        Choice::Check(options) => ("check", options),
        Choice::Grade(options) => ("grade", options),
        Choice::Irt(options) => ("irt", options),
        Choice::Pages(options) => ("pages", options),
        Choice::Pool(options) => ("pool", options),
        Choice::Queue(options) => ("queue", options),
        Choice::Search(options) => ("search", options),
        Choice::Vacancies(options) => ("vacancies", options),
        Choice::Privacy { .. } => unreachable!("it was dealt with"),
    };
    ensure!(!(options.quick && options.write), "--quick is for trying: its numbers are not recorded");
    let before = machine::load();
    machine::warn_if_busy(&before);
    let report = match choice {
        Choice::Check(options) => check::run(workspace, options)?,
        Choice::Grade(options) => grade::run(workspace, options)?,
        Choice::Irt(options) => irt::run(workspace, options)?,
        Choice::Pages(options) => pages::run(workspace, options)?,
        Choice::Pool(options) => pool::run(workspace, options)?,
        Choice::Queue(options) => queue::run(workspace, options)?,
        Choice::Search(options) => search::run(workspace, options)?,
        Choice::Vacancies(options) => vacancies::run(workspace, options)?,
        Choice::Privacy { .. } => unreachable!("it was dealt with"),
    };
    let section = format!("{}\n{report}", machine::description(&before));
    println!("\n{section}");
    if options.write {
        record::write(&workspace.root.join("docs/benchmarks.md"), name, &section)?;
        println!("written to docs/benchmarks.md");
    }
    Ok(true)
}

/// How quick the door and its credentials are, in medians; then whether it lets anything through.
fn privacy(workspace: &Workspace, pairs: u32, seed: u64) -> Result<bool> {
    for (package, example) in [("jobfuture-disclosure", "bench_door"), ("jobfuture-credential", "bench")] {
        let status = Command::new(build_example(workspace, package, example)?).status().context("the benchmark")?;
        ensure!(status.success(), "the benchmark of {package} failed");
    }
    println!("{pairs} pairs of worlds, seed {seed}");
    let mut worlds = crate::test::worlds(pairs, seed, AsBuilt::Optimised);
    let status = worlds.current_dir(&workspace.root).status().context("cargo test")?;
    Ok(status.success())
}

/// Builds a release example of a crate, and gives its path.
fn build_example(workspace: &Workspace, package: &str, example: &str) -> Result<PathBuf> {
    println!("building {example}");
    let built = Command::new(cargo())
        .args(["build", "--quiet", "--release", "--package", package, "--example", example])
        .current_dir(&workspace.root)
        .status()
        .context("cargo build")?;
    ensure!(built.success(), "{example} could not be built");
    Ok(workspace.target.join("release/examples").join(example))
}

/// Where measurements keep what they make: below cargo's folder, so that `cargo clean` takes it.
fn scratch(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target.join("bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(folder)
}
