//! `jobfuture irt …`: options of measuring.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use psychometrics::fit::Model;
use std::path::PathBuf;

/// `jobfuture irt …`
#[derive(Subcommand)]
pub enum Irt {
    /// Calibrate items from answers
    ///
    /// Exit code: 0 converged, 1 not, 2 could not be fitted.
    Fit(Fit),
    /// Estimate the levels of people from their answers to a bank's items
    Score(Score),
    /// Make answers of people whose levels are known, from a bank; or let them take its adaptive check
    Simulate(Simulate),
    /// Try a bank's adaptive check on simulated people, also such as it does not expect
    ///
    /// Exit code: 0 every bar is kept, 1 not, 2 could not be tried.
    Certify(Certify),
    /// Look for items that ask more of one group than of another
    ///
    /// Exit code: 0 no item differs, 1 one does, 2 could not be analysed.
    Dif(Dif),
    /// Cut scores and item priors from ratings by experts (modified Angoff)
    Angoff(Angoff),
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
    PossibleValuesParser::new(Model::ALL.map(Model::name))
        .try_map(|name| Model::of_name(&name).ok_or("no model of that name"))
}

fn tolerance(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| *number > 0.0 && *number < 1.0);
    number.ok_or_else(|| "a number between 0 and 1 belongs there, such as 0.0001".to_owned())
}

/// `jobfuture irt dif`
#[derive(Args, Clone)]
pub struct Dif {
    /// The answers; --groups is needed
    #[command(flatten)]
    pub answers: Answers,
    /// Group that the other is compared with
    #[arg(long, value_name = "NAME")]
    pub reference: String,
    /// Group that is asked about
    #[arg(long, value_name = "NAME")]
    pub focal: String,
    /// Rounds in which items that differ are taken out of the score on which people are matched
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=1000))]
    pub purify: u16,
    /// Match on the other items only, without the one that is looked at
    #[arg(long)]
    pub rest: bool,
    /// What becomes of people who have not answered every item
    #[arg(long, value_enum, default_value_t = MissingAnswers::Prorated)]
    pub missing: MissingAnswers,
    /// Level of significance
    #[arg(long, default_value_t = 0.05, value_parser = level)]
    pub level: f64,
    /// People in each group below which nothing is read from an item
    #[arg(long, default_value_t = 250)]
    pub enough: u32,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// What becomes of people who have not answered every item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum MissingAnswers {
    /// The share of points in what was answered stands for the whole
    Prorated,
    /// A missing answer is worth nothing
    Nought,
    /// They are left out
    LeftOut,
}

fn level(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| *number > 0.0 && *number < 0.5);
    number.ok_or_else(|| "a number between 0 and 0.5 belongs there; 0.05 is the custom".to_owned())
}

/// `jobfuture irt angoff`
#[derive(Args, Clone)]
pub struct Angoff {
    /// CSV file with the columns rater, item, level, probability; - is standard input
    #[arg(long, value_name = "FILE")]
    pub ratings: PathBuf,
    /// Levels, the lowest first; default: in the order in which they come in the file
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    pub levels: Vec<String>,
    /// The border of a level is known to be here, give or take a standard deviation: LEVEL=PLACE:SD
    #[arg(long = "anchor", value_name = "LEVEL=PLACE:SD", value_parser = anchor)]
    pub anchors: Vec<LevelAnchor>,
    /// This share of people is at or above a level, give or take a standard deviation of its place: LEVEL=SHARE:SD
    #[arg(long = "share", value_name = "LEVEL=SHARE:SD", value_parser = anchor)]
    pub shares: Vec<LevelAnchor>,
    /// Mean difficulty of items like these: PLACE:SD
    #[arg(long, value_name = "PLACE:SD", value_parser = place_and_sd)]
    pub difficulty: Option<(f64, f64)>,
    /// Take ratings that contradict each other as they are
    #[arg(long)]
    pub keep_contradictions: bool,
    /// Write the priors of the items to this CSV file, for `irt fit --priors`
    #[arg(long, value_name = "FILE")]
    pub write_priors: Option<PathBuf>,
    /// Write the bands to this CSV file, for `irt score --bands`
    #[arg(long, value_name = "FILE")]
    pub write_bands: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// What is known of a level.
#[derive(Clone, Debug)]
pub struct LevelAnchor {
    /// Name of the level.
    pub level: String,
    /// Place or share.
    pub value: f64,
    /// Standard deviation.
    pub sd: f64,
}

fn anchor(text: &str) -> Result<LevelAnchor, String> {
    let (level, rest) = text.split_once('=').ok_or("it is written as middle=0:0.3")?;
    let (value, sd) = place_and_sd(rest)?;
    Ok(LevelAnchor { level: level.to_owned(), value, sd })
}

fn place_and_sd(text: &str) -> Result<(f64, f64), String> {
    let parts = text.split_once(':').and_then(|(place, sd)| Some((place.parse().ok()?, sd.parse().ok()?)));
    let parts = parts.filter(|(place, sd): &(f64, f64)| place.is_finite() && *sd > 0.0 && sd.is_finite());
    parts.ok_or_else(|| "a number, a colon and a standard deviation belong there, such as 0:0.3".to_owned())
}

/// `jobfuture irt score`
#[derive(Args, Clone)]
pub struct Score {
    /// Bank: the JSON of a fit, or written by hand
    #[arg(long, value_name = "FILE")]
    pub bank: PathBuf,
    /// The answers
    #[command(flatten)]
    pub answers: Answers,
    /// Column that names the person
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// How to estimate
    #[arg(long, value_enum, default_value_t = Method::Eap)]
    pub method: Method,
    /// Weigh each answer by what is uncertain of its item (method eap)
    #[arg(long)]
    pub soft: bool,
    /// CSV file with the columns band, at, se: tell bands with twenty dots
    #[arg(long, value_name = "FILE")]
    pub bands: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// How to estimate a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Method {
    /// Mean of the posterior
    Eap,
    /// Top of the posterior
    Map,
    /// Weighted likelihood (Warm), without a prior
    Wle,
    /// Maximum likelihood, without a prior
    Ml,
}

/// `jobfuture irt simulate`
#[derive(Args, Clone)]
pub struct Simulate {
    /// Bank: the JSON of a fit, or written by hand
    #[arg(long, value_name = "FILE")]
    pub bank: PathBuf,
    /// How many people
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub people: u32,
    /// Of everything that chance decides
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Share of answers that are missing
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    pub missing: f64,
    /// Add a column “level” with the true level of each person; leave it out again with --ignore level
    #[arg(long)]
    pub truth: bool,
    /// Write to this file; default: standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Let the people take the bank's adaptive check, and print as JSON what came of it
    #[arg(long, conflicts_with_all = ["missing", "truth"])]
    pub adaptive: bool,
    /// Threads of --adaptive; results do not depend on them. Default: one for each core
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| (0.0..1.0).contains(number));
    number.ok_or_else(|| "a share from 0 to below 1 belongs there".to_owned())
}

/// `jobfuture irt certify`
#[derive(Args, Clone)]
pub struct Certify {
    /// Bank: the JSON of a fit, or written by hand; with blueprint, stopping, spread, bands and bars
    #[arg(long, value_name = "FILE")]
    pub bank: PathBuf,
    /// People to simulate; a fifth of them for each population that is wrong on purpose
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(100..=100_000_000))]
    pub people: u32,
    /// Of everything that chance decides
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write the report as a web page to this file
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Threads; results do not depend on them. Default: one for each core
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print the certificate as JSON
    #[arg(long)]
    pub json: bool,
}
