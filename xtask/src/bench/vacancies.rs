//! Pages of vacancies, with a hundred thousand of them on each engine.

use super::numbers::Samples;
use super::server::on_two_cores;
use super::table::{Table, bar, number};
use super::{Options, build_example, scratch};
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;

/// What is asked for, as the example calls it; the bar is of the first.
const ASKED: [&str; 5] = [
    "a role's page",
    "the list",
    "the list, searched and narrowed",
    "a vacancy's page",
    "a change, until it is listed",
];

/// Measures and describes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<String> {
    let count = if options.quick { "5000" } else { "100000" };
    let program = build_example(workspace, "jobfuture-site", "bench_vacancies")?;
    let folder = scratch(workspace)?.join("vacancies");
    // What an earlier measurement left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let sqlite = ask(&program, &["sqlite", &folder.display().to_string(), count])?;
    let postgres = ask(&program, &["postgres", count])?;
    let mut table = Table::new(&["Milliseconds", "SQLite p50", "SQLite p99", "PostgreSQL p50", "PostgreSQL p99"]);
    let mut role = Samples::default();
    for name in ASKED {
        let (one, other) = (samples(&sqlite, name)?, samples(&postgres, name)?);
        let cells = [one.median(), one.percentile(99), other.median(), other.percentile(99)].map(number);
        table.row(std::iter::once(name.to_owned()).chain(cells).collect());
        if name == ASKED[0] {
            add(&mut role, &sqlite, name);
            add(&mut role, &postgres, name);
        }
    }
    let taken_in = |answer: &Value| answer["taken_in_s"].as_f64().map(number).context("how long it took to begin");
    Ok(format!(
        "{count} open vacancies of 400 companies. A process that starts has taken them in after {} s (SQLite) and {} s (PostgreSQL).\n\n\
         {table}\n{}\n",
        taken_in(&sqlite)?,
        taken_in(&postgres)?,
        bar(
            "a role's page under 5 ms",
            role.percentile(99) < 5.0,
            &format!("{} ms at p99", number(role.percentile(99)))
        ),
    ))
}

fn ask(program: &Path, arguments: &[&str]) -> Result<Value> {
    let output = on_two_cores(program).args(arguments).stderr(Stdio::inherit()).output().context("bench_vacancies")?;
    ensure!(output.status.success(), "bench_vacancies failed; what it had to say stands above");
    serde_json::from_slice(&output.stdout).context("bench_vacancies did not answer in JSON")
}

fn samples(answer: &Value, name: &str) -> Result<Samples> {
    let mut samples = Samples::default();
    add(&mut samples, answer, name);
    ensure!(samples.len() > 0, "nothing was measured of {name}");
    Ok(samples)
}

fn add(samples: &mut Samples, answer: &Value, name: &str) {
    let values = answer["milliseconds"][name].as_array().into_iter().flatten();
    values.filter_map(Value::as_f64).for_each(|ms| samples.add(ms));
}
