//! The candidate pool at a million people, beside PostgreSQL with arrays and a GIN index and beside tantivy, and while people change.

use super::numbers::Samples;
use super::server::on_two_cores;
use super::speaker::{number as number_of, text};
use super::table::{Table, bar, number, times};
use super::{Options, build_example};
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::process::Stdio;

/// What is promised of a kind of search: milliseconds at the median and at the 99th percentile.
struct Promise {
    kind: &'static str,
    about: &'static str,
    p50: f64,
    p99: f64,
}

const PROMISES: [Promise; 2] = [
    Promise { kind: "narrow", about: "role, competencies, remote, time zones, pay", p50: 0.15, p99: 0.5 },
    Promise { kind: "broad", about: "role and remote", p50: 0.8, p99: 3.0 },
];
/// How much quicker than PostgreSQL at the median.
const QUICKER: f64 = 40.0;
/// Bytes in memory, and seconds.
const MEMORY: f64 = 300e6;
const BUILT: f64 = 30.0;
/// People who change in a second, but for the last lot of a measurement.
const CHANGED: f64 = 990.0;

/// Measures and describes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<String> {
    let (people, rounds, searches) = if options.quick { (50_000, 3, 50) } else { (1_000_000, 10, 200) };
    let rounds = options.rounds.unwrap_or(rounds);
    let program = build_example(workspace, "jobfuture-pool", "bench_pool")?;
    let arguments = [people.to_string(), rounds.to_string(), searches.to_string()];
    let output = on_two_cores(program).args(arguments).stderr(Stdio::inherit()).output().context("bench_pool")?;
    ensure!(output.status.success(), "bench_pool failed; what it had to say stands above");
    let answer: Value = serde_json::from_slice(&output.stdout).context("bench_pool did not answer in JSON")?;
    Ok(format!(
        "{} people, {rounds} rounds, {} with every fifth.\n\n{}\n{}\n{}\n{}",
        number(f64::from(people)),
        text(&answer, "version")?,
        latencies(&answer),
        mixed(&answer),
        sizes(&answer)?,
        bars(&answer)?
    ))
}

fn samples(values: &Value) -> Samples {
    let mut samples = Samples::default();
    values.as_array().into_iter().flatten().filter_map(Value::as_f64).for_each(|value| samples.add(value));
    samples
}

/// Ours by themselves and while people change, and the others, each by itself.
fn latencies(answer: &Value) -> Table {
    let head = [
        "Milliseconds of a search",
        "found",
        "JobFuture",
        "p99",
        "while 1,000 people a second change",
        "p99",
        "tantivy",
        "p99",
        "against ours",
        "PostgreSQL",
        "p99",
        "against ours",
    ];
    let mut table = Table::new(&head);
    for Promise { kind, about, .. } in PROMISES {
        let apart = &answer["apart"];
        let ours = samples(&apart["ours"][kind]);
        let found = samples(&answer["totals"][kind]);
        let mut cells = vec![format!("{kind}: {about}"), number(found.median())];
        cells.extend([&ours, &samples(&answer["busy"][kind])].into_iter().flat_map(both));
        cells.extend(others(apart, kind, &ours));
        table.row(cells);
    }
    table
}

/// All of them, one search of each after the other.
fn mixed(answer: &Value) -> Table {
    let head = [
        "The same, in turns search by search",
        "JobFuture",
        "p99",
        "tantivy",
        "p99",
        "against ours",
        "PostgreSQL",
        "p99",
        "against ours",
    ];
    let mut table = Table::new(&head);
    for Promise { kind, .. } in PROMISES {
        let mixed = &answer["mixed"];
        let ours = samples(&mixed["ours"][kind]);
        let mut cells = vec![kind.to_owned()];
        cells.extend(both(&ours));
        cells.extend(others(mixed, kind, &ours));
        table.row(cells);
    }
    table
}

/// The median and the 99th percentile.
fn both(samples: &Samples) -> [String; 2] {
    [number(samples.median()), number(samples.percentile(99))].map(finer(samples))
}

/// Those of the other engines, each with how many times ours it is.
fn others(answer: &Value, kind: &str, ours: &Samples) -> Vec<String> {
    let of = |name: &str| {
        let theirs = samples(&answer[name][kind]);
        both(&theirs).into_iter().chain([times(theirs.median() / ours.median())]).collect::<Vec<_>>()
    };
    [of("tantivy"), of("postgres")].concat()
}

/// Hundredths of a millisecond are too coarse for what takes less than a tenth.
fn finer(samples: &Samples) -> impl Fn(String) -> String {
    let median = samples.median();
    move |text| if median < 0.1 && text.starts_with("0.0") { format!("{median:.3}") } else { text }
}

fn sizes(answer: &Value) -> Result<Table> {
    let mut table = Table::new(&["", "built in s", "MB", "ten people changed, p50 ms", "p99 ms"]);
    let changes = samples(&answer["changes"]);
    table.row(vec![
        "JobFuture".into(),
        number(number_of(answer, "built")?),
        number(number_of(answer, "grown")? / 1e6),
        number(changes.median()),
        number(changes.percentile(99)),
    ]);
    let size = number(number_of(answer, "size")? / 1e6);
    let tantivy = number(number_of(answer, "tantivy_size")? / 1e6);
    table.row(vec!["tantivy, in memory".into(), "–".into(), tantivy, "–".into(), "–".into()]);
    table.row(vec!["PostgreSQL, on disk".into(), "–".into(), size, "–".into(), "–".into()]);
    Ok(table)
}

/// What was promised.
fn bars(answer: &Value) -> Result<String> {
    let ms = |value: f64| format!("{value:.3} ms");
    let mut text = String::new();
    for Promise { kind, p50, p99, .. } in PROMISES {
        let (ours, busy) = (samples(&answer["apart"]["ours"][kind]), samples(&answer["busy"][kind]));
        for (samples, when) in [(&ours, ""), (&busy, " while 1,000 people a second change")] {
            let (median, tail) = (samples.median(), samples.percentile(99));
            text += &bar(&format!("{kind}{when}: p50 at most {p50} ms"), median <= p50, &ms(median));
            text += &bar(&format!("{kind}{when}: p99 at most {p99} ms"), tail <= p99, &ms(tail));
        }
        let ratio = samples(&answer["apart"]["postgres"][kind]).median() / ours.median();
        text += &bar(&format!("{kind}: at least {QUICKER} times PostgreSQL"), ratio >= QUICKER, &times(ratio));
    }
    let (grown, built) = (number_of(answer, "grown")?, number_of(answer, "built")?);
    let slowest = samples(&answer["changes"]).percentile(100);
    text += &bar("at most 300 MB", grown <= MEMORY, &format!("{} MB", number(grown / 1e6)));
    text += &bar("filled in under 30 s, without making people up", built < BUILT, &format!("{} s", number(built)));
    let rate = number_of(answer, "rate")?;
    text += &bar("people who changed in a second while others searched: 1,000", rate >= CHANGED, &number(rate));
    text += &bar("a change is seen in under 1 s, the slowest of all", slowest < 1_000.0, &ms(slowest));
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_bar_is_missed_by_the_kind_that_misses_it() {
        let answer = json!({
            "apart": {
                "ours": { "narrow": [0.1, 0.1], "broad": [0.5, 9.0, 0.5] },
                "postgres": { "narrow": [8.0], "broad": [10.0] },
            },
            "busy": { "narrow": [0.1], "broad": [0.5] },
            "changes": [0.2, 3.0], "grown": 2e8, "built": 12.0, "rate": 700.0,
        });
        let bars = bars(&answer).unwrap();
        assert!(bars.contains("narrow: at least 40 times PostgreSQL: 80.0 ×, reached"), "{bars}");
        assert!(bars.contains("broad: at least 40 times PostgreSQL: 20.0 ×, **not reached**"), "{bars}");
        assert!(bars.contains("broad: p99 at most 3 ms: 9.000 ms, **not reached**"), "{bars}");
        assert!(bars.contains("at most 300 MB: 200 MB, reached"), "{bars}");
        assert!(bars.contains("while others searched: 1,000: 700, **not reached**"), "{bars}");
    }
}
