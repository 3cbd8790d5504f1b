//! `jobfuture irt simulate`: answers of people whose levels are known.

use super::{certify, csv_cell, input};
use crate::cli::irt::Simulate as Options;
use crate::told::say;
use anyhow::{Context, Result};
use psychometrics::Random;
use psychometrics::certify::{Generator, simulate};
use psychometrics::text::{Bank, ReleaseOf};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// Draws people and their answers, and writes them as a table that `irt fit` can read.
pub fn run(options: &Options) -> Result<ExitCode> {
    if options.adaptive {
        return adaptive(options);
    }
    let bank = input::bank(&options.bank, Bank::read)?;
    match &options.out {
        Some(path) => {
            let name = || format!("{} cannot be written", path.display());
            let mut file = BufWriter::new(File::create(path).with_context(name)?);
            write(&bank, options, &mut file).and_then(|()| file.flush()).with_context(name)?;
        }
        None => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            match write(&bank, options, &mut out).and_then(|()| out.flush()) {
                // Whoever read the beginning only has what they wanted.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
                done => done.context("standard output cannot be written")?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Everybody takes the bank's check.
fn adaptive(options: &Options) -> Result<ExitCode> {
    let release = input::bank(&options.bank, ReleaseOf::read)?;
    certify::tell_assumed(&release);
    let plan = certify::plan(options.people, options.seed, options.threads)?;
    let release = certify::learned(release.release, &plan)?;
    let statistics = simulate(&release, &Generator::default(), &plan)?;
    let text = serde_json::to_string_pretty(&statistics)?;
    match &options.out {
        Some(path) => std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?,
        None => say!("{text}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn write(bank: &Bank, options: &Options, out: &mut impl Write) -> std::io::Result<()> {
    let grouped = bank.groups.len() > 1;
    let mut head: Vec<String> = bank.items.iter().map(|entry| csv_cell(&entry.fitted.name)).collect();
    head.extend(grouped.then(|| "group".to_owned()));
    head.extend(options.truth.then(|| "level".to_owned()));
    writeln!(out, "{}", head.join(","))?;
    // As many people of each group as it had when the bank was calibrated, in proportion.
    let mut shares: Vec<f64> = bank.groups.iter().map(|group| group.people).collect();
    if shares.iter().sum::<f64>() <= 0.0 {
        shares = vec![1.0; shares.len()];
    }
    let mut line = String::new();
    for person in 0..u64::from(options.people) {
        // A stream of their own for each, so that more people do not change those before them.
        let mut random = Random::of(options.seed, person);
        let group = &bank.groups[random.weighted(&shares)];
        let level = group.mean + group.variance.sqrt() * random.normal();
        line.clear();
        answers(bank, options.missing, level, &mut random, &mut line);
        if grouped {
            line.push(',');
            line.push_str(&csv_cell(&group.name));
        }
        if options.truth {
            line.push_str(&format!(",{level}"));
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// One person's answers, separated by commas.
fn answers(bank: &Bank, missing: f64, level: f64, random: &mut Random, line: &mut String) {
    let factors: Vec<f64> = bank.factors.iter().map(|_| random.normal()).collect();
    let mut chances = Vec::new();
    for (place, entry) in bank.items.iter().enumerate() {
        let item = &entry.fitted.item;
        let own = item.specific().map_or(0.0, |own| own.slope * factors[own.factor]);
        chances.clear();
        chances.resize(item.categories(), 0.0);
        item.probabilities_at(item.slope() * level + own, &mut chances);
        let category = random.weighted(&chances);
        if place > 0 {
            line.push(',');
        }
        if missing == 0.0 || random.uniform() >= missing {
            line.push_str(&entry.labels[category]);
        }
    }
}
