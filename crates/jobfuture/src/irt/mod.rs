//! `jobfuture irt …`: calibrating, scoring, simulating, certifying, and looking for unfair items, from files.

mod angoff;
mod certify;
mod dif;
mod fit;
mod fit_told;
mod input;
mod score;
mod simulate;

use crate::cli::irt::Irt;
use crate::told::say;
use anyhow::Result;
use std::process::ExitCode;

/// Does what was asked for.
pub fn run(command: &Irt) -> Result<ExitCode> {
    match command {
        Irt::Fit(options) => fit::run(options),
        Irt::Score(options) => score::run(options),
        Irt::Simulate(options) => simulate::run(options),
        Irt::Certify(options) => certify::run(options),
        Irt::Dif(options) => dif::run(options),
        Irt::Angoff(options) => angoff::run(options),
    }
}

/// Threads that were asked for, or one for each core.
fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// Prints one JSON document.
fn print_json(value: &impl serde::Serialize) -> Result<()> {
    say!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A cell of a CSV file.
fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
