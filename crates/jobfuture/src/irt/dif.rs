//! `jobfuture irt dif`.

use super::{input, print_json};
use crate::cli::irt::{Dif, MissingAnswers};
use crate::told::{self, say};
use anyhow::{Context, Result, bail};
use psychometrics::fairness::{DifOptions, Matching, Missing, dif};
use psychometrics::text::{DifFile, ItemDifFile, NoGroup, Outcome};
use std::process::ExitCode;

/// Compares two groups, item by item.
pub fn run(options: &Dif) -> Result<ExitCode> {
    if options.answers.groups.is_none() {
        bail!("the column with people's groups is not named: name it with --groups");
    }
    let read = input::responses(&options.answers, None, NoGroup::LeaveOut, None)?;
    let groups = read.responses.groups();
    let index = |name: &str| {
        let known = groups.join(", ");
        groups
            .iter()
            .position(|group| group == name)
            .with_context(|| format!("nobody is in group {name}; the groups are {known}"))
    };
    let (reference, focal) = (index(&options.reference)?, index(&options.focal)?);
    let analysis = DifOptions {
        matching: if options.rest { Matching::Rest } else { Matching::Total },
        missing: match options.missing {
            MissingAnswers::Prorated => Missing::Prorated,
            MissingAnswers::Nought => Missing::Nought,
            MissingAnswers::LeftOut => Missing::LeftOut,
        },
        purify: (options.purify > 0).then_some(usize::from(options.purify)),
        level: options.level,
        enough: f64::from(options.enough),
        ..DifOptions::default()
    };
    let report =
        dif(&read.responses, reference, focal, &analysis).with_context(|| input::name(&options.answers.responses))?;
    let file = DifFile::of(&report, read.notes.sentences());
    if options.json {
        print_json(&file)?;
    } else {
        print(&file);
    }
    let differs = file.items.iter().any(|item| item.reading == "differs");
    Ok(if differs { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn print(file: &DifFile) {
    say!(
        "{} ({:.0} people) against {} ({:.0} people); p adjusted among {} items (Benjamini-Hochberg)\n",
        file.focal.name,
        file.focal.people,
        file.reference.name,
        file.reference.people,
        file.items.len()
    );
    let head = [
        "item",
        "reading",
        "MH",
        "p adj",
        "D-DIF",
        "class",
        "logistic",
        "p adj",
        "SIBTEST β",
        "p adj",
        "power B",
        "power C",
    ];
    let rows: Vec<Vec<String>> = file.items.iter().map(row).collect();
    say!("{}", told::table(&head.map(str::to_owned), &rows));
    let removed = &file.purification.removed;
    if !removed.is_empty() {
        say!("people were matched without {} (purification {})", removed.join(", "), file.purification.state);
    }
    let few = file.items.iter().filter(|item| item.reading == "not enough data").count();
    if few > 0 {
        say!("{few} items have too few people in a group to say anything: have them reviewed by readers");
    }
    let differs: Vec<&ItemDifFile> = file.items.iter().filter(|item| item.reading == "differs").collect();
    for item in &differs {
        say!(
            "{} {}: class {}, easier for the {} group at equal score",
            told::mark(false),
            item.name,
            item.class.unwrap_or_default(),
            item.favours.unwrap_or_default()
        );
    }
    if differs.is_empty() && few < file.items.len() {
        say!(
            "{} no item was seen to differ; how large a difference would have been seen is in the columns of power",
            told::mark(true)
        );
    }
}

fn row(item: &ItemDifFile) -> Vec<String> {
    let dash = || "–".to_owned();
    let mut row = vec![item.name.clone(), item.reading.to_owned()];
    match &item.stratified {
        Outcome::Found(found) => row.extend([
            format!("{:.3}", found.test.statistic),
            format!("{:.4}", found.test.adjusted_p),
            found.delta.or(found.effect).map_or_else(dash, |size| format!("{size:.3}")),
            found.class.to_owned(),
        ]),
        Outcome::Missing { .. } => row.extend([dash(), dash(), dash(), dash()]),
    }
    match &item.logistic {
        Outcome::Found(found) => {
            row.extend([format!("{:.3}", found.both.statistic), format!("{:.4}", found.both.adjusted_p)])
        }
        Outcome::Missing { .. } => row.extend([dash(), dash()]),
    }
    match &item.sibtest {
        Outcome::Found(found) => row.extend([format!("{:.3}", found.beta), format!("{:.4}", found.test.adjusted_p)]),
        Outcome::Missing { .. } => row.extend([dash(), dash()]),
    }
    match item.power {
        Some(power) => row.extend([format!("{:.2}", power.moderate), format!("{:.2}", power.large)]),
        None => row.extend([dash(), dash()]),
    }
    row
}
