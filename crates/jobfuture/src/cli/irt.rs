//! `jobfuture irt …`: options of measuring.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use psychometrics::fit::Model;
use psychometrics::text::model_of;
use std::path::PathBuf;

/// `jobfuture irt …`
#[derive(Subcommand)]
pub enum Irt {
    /// Calibrate items from answers
    ///
    /// Exit code: 0 converged, 1 not, 2 could not be fitted.
    Fit(Fit),
}

/// A table of answers.
#[derive(Args, Clone)]
pub struct Answers {
    /// CSV file, a row a person, a column an item, with a header; - is standard input
    #[arg(long, value_name = "FILE")]
    pub responses: PathBuf,
    /// Column with the number of people who gave the row's answers
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// Column with the group of the row's person
    #[arg(long, value_name = "COLUMN")]
    pub groups: Option<String>,
    /// Columns that are no items; may be given several times
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub ignore: Vec<String>,
}

/// `jobfuture irt fit`
#[derive(Args, Clone)]
pub struct Fit {
    /// Which model
    #[arg(long, value_parser = models())]
    pub model: Model,
    /// The answers
    #[command(flatten)]
    pub answers: Answers,
    /// CSV file with the columns item and factor (bifactor, testlet)
    #[arg(long, value_name = "FILE")]
    pub factors: Option<PathBuf>,
    /// CSV file with what is believed of items before any answer
    #[arg(long, value_name = "FILE")]
    pub priors: Option<PathBuf>,
    /// Iterations at most
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_iterations: u32,
    /// Largest change of a parameter below which it has converged
    #[arg(long, default_value_t = 1e-4, value_parser = tolerance)]
    pub tolerance: f64,
    /// Leave out standard errors
    #[arg(long)]
    pub no_errors: bool,
    /// How well each item fits (S-X2)
    #[arg(long)]
    pub item_fit: bool,
    /// Threads; results do not depend on them. Default: one for each core
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

fn models() -> impl TypedValueParser<Value = Model> {
    let names = ["rasch", "2pl", "3pl", "grm", "pcm", "gpcm", "bifactor", "testlet"];
    PossibleValuesParser::new(names).try_map(|name| model_of(&name).ok_or("no model of that name"))
}

fn tolerance(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| *number > 0.0 && *number < 1.0);
    number.ok_or_else(|| "a number between 0 and 1 belongs there, such as 0.0001".to_owned())
}
