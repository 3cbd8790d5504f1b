//! The queue of jobs: how many a second go through it, and whether it matters how many wait.

use super::numbers::Samples;
use super::server::on_two_cores;
use super::speaker::{Speaker, number};
use super::table::{Table, bar, number as shown, times};
use super::{Options, build_example, scratch};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use serde_json::Value;

/// Jobs of a round: the backlog that the bar speaks of.
const JOBS: u32 = 20_000;
/// What an operator is promised.
const PER_SECOND: f64 = 10_000.0;
/// How much longer it may take to take jobs of a hundred thousand than of a thousand.
const FLAT: f64 = 1.3;

/// An engine, and how it went.
struct Row {
    name: &'static str,
    speaker: Speaker,
    alone: Samples,
    together: Samples,
    drained: Samples,
    whole: Samples,
    few: Samples,
    many: Samples,
    /// Of each round: what both would share cancels out.
    ratio: Samples,
}

/// Measures and describes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<String> {
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 7 });
    let jobs = if options.quick { JOBS / 10 } else { JOBS };
    let program = build_example(workspace, "jobfuture-jobs", "bench_queue")?;
    let folder = scratch(workspace)?.join("queue");
    // What an earlier measurement left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let start = |name, arguments: &[&str]| -> Result<Row> {
        let (speaker, _) = Speaker::start(on_two_cores(&program).args(arguments))?;
        Ok(Row::new(name, speaker))
    };
    let mut rows = [start("SQLite", &["sqlite", &folder.display().to_string()])?, start("PostgreSQL", &["postgres"])?];
    // Once without counting.
    rows.iter_mut().try_for_each(|row| row.speaker.ask(&(jobs / 10).to_string()).map(drop))?;
    for round in 1..=rounds {
        for row in &mut rows {
            let answer = row.speaker.ask(&jobs.to_string()).context(row.name)?;
            row.add(&answer)?;
        }
        println!("round {round} of {rounds}");
    }
    Ok(format!("{rounds} rounds of {} jobs.\n\n{}\n{}", shown(f64::from(jobs)), table(&rows), bars(&rows)))
}

impl Row {
    fn new(name: &'static str, speaker: Speaker) -> Self {
        let (alone, together, drained, whole, few, many, ratio) = Default::default();
        Self { name, speaker, alone, together, drained, whole, few, many, ratio }
    }

    fn add(&mut self, answer: &Value) -> Result<()> {
        self.alone.add(number(answer, "alone")?);
        self.together.add(number(answer, "together")?);
        self.drained.add(number(answer, "drained")?);
        self.whole.add(number(answer, "whole")?);
        let (few, many) = (number(answer, "few_ms")?, number(answer, "many_ms")?);
        self.few.add(few);
        self.many.add(many);
        self.ratio.add(many / few);
        Ok(())
    }
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new(&[
        "",
        "written down alone, a second",
        "ten together",
        "taken and done",
        "all of it at once",
        "take ten and write them off, of 1,000, ms",
        "of 100,000, ms",
        "ratio",
    ]);
    for row in rows {
        table.row(vec![
            row.name.into(),
            shown(row.alone.median()),
            shown(row.together.median()),
            shown(row.drained.median()),
            shown(row.whole.median()),
            shown(row.few.median()),
            shown(row.many.median()),
            times(row.ratio.median()),
        ]);
    }
    table
}

/// What was promised.
fn bars(rows: &[Row]) -> String {
    let bars = rows.iter().flat_map(|row| {
        let (drained, whole, ratio) = (row.drained.median(), row.whole.median(), row.ratio.median());
        [
            bar(
                &format!("{}: at least 10,000 a second are taken, ten at once, and done", row.name),
                drained >= PER_SECOND,
                &shown(drained),
            ),
            bar(
                &format!("{}: at least 10,000 a second from written down to done", row.name),
                whole >= PER_SECOND,
                &shown(whole),
            ),
            bar(
                &format!("{}: of 100,000 as quick as of 1,000, but for 30 % of noise", row.name),
                ratio <= FLAT,
                &times(ratio),
            ),
        ]
    });
    bars.collect()
}
