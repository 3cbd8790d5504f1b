//! `jobfuture irt certify`.

use super::{input, print_json, threads};
use crate::cli::irt::Certify as Options;
use crate::told::{self, say};
use anyhow::{Context, Result};
use indicatif::ProgressBar;
use psychometrics::adaptive::Release;
use psychometrics::certify::{Bar, Certificate, Generator, Plan, Regime, certify, learn_exposure, report_html};
use psychometrics::text::ReleaseOf;
use std::process::ExitCode;
use std::time::Duration;

/// People of one round in which exposure is learned.
const LEARNERS: usize = 20_000;
/// Rounds: with so many the largest exposure comes within .005 of its target.
const ROUNDS: usize = 20;

/// Tries a bank, and says which bars it keeps.
pub fn run(options: &Options) -> Result<ExitCode> {
    let of = input::bank(&options.bank, ReleaseOf::read)?;
    tell_assumed(&of);
    let plan = plan(options.people, options.seed, options.threads)?;
    let bar = ProgressBar::new_spinner().with_message("people take the check");
    bar.enable_steady_tick(Duration::from_millis(200));
    let release = learned(of.release, &plan)?;
    let certificate = certify(&release, &of.bars, &plan)?;
    bar.finish_and_clear();
    if let Some(path) = &options.report {
        std::fs::write(path, report_html(&certificate))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    if options.json {
        print_json(&certificate)?;
    } else {
        print(&certificate);
    }
    Ok(if certificate.passed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What the bank does not say.
pub fn tell_assumed(of: &ReleaseOf) {
    for note in &of.assumed {
        eprintln!("{}", told::dim(&format!("note: the bank does not say, so taken as usual: {note}")));
    }
}

/// How many people, and by which seed.
pub fn plan(people: u32, seed: u64, asked: Option<u16>) -> Result<Plan> {
    Ok(Plan { threads: threads(asked), ..Plan::new(people as usize, seed)? })
}

/// The release with its exposure learned, by people that the certificate does not count.
pub fn learned(release: Release, plan: &Plan) -> Result<Release> {
    let learning = Plan { people: plan.people.min(LEARNERS), seed: plan.seed.wrapping_add(1 << 32), ..plan.clone() };
    Ok(learn_exposure(release, &Generator::default(), &learning, ROUNDS)?)
}

fn print(certificate: &Certificate) {
    say!(
        "{} items in {} families, release {}, seed {}\n",
        certificate.items,
        certificate.families,
        certificate.release,
        certificate.seed
    );
    certificate.regimes.iter().for_each(print_regime);
    let missed = certificate.regimes.iter().flat_map(|regime| &regime.bars).filter(|bar| !bar.passed).count();
    let word = if certificate.passed { "every bar is kept".to_owned() } else { format!("{missed} bars are missed") };
    say!("{} {word}", told::mark(certificate.passed));
}

fn print_regime(regime: &Regime) {
    let purpose = if regime.wrong_on_purpose { ", wrong on purpose" } else { "" };
    say!("{} ({} people{purpose})", regime.title, regime.statistics.people);
    let width = regime.bars.iter().map(|bar| bar.what.chars().count()).max().unwrap_or(0);
    for bar in &regime.bars {
        let doubt = if bar.is_in_doubt() { "; so few people may show this by chance" } else { "" };
        say!("  {} {:<width$}  {:>7.4}  {}{doubt}", told::mark(bar.passed), bar.what, bar.value, wanted(bar));
    }
    say!("");
}

fn wanted(bar: &Bar) -> String {
    match (bar.least, bar.greatest) {
        (Some(least), Some(greatest)) => format!("from {least} to {greatest}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(greatest)) => format!("at most {greatest}"),
        (None, None) => String::new(),
    }
}
