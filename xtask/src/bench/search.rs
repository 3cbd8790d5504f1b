//! Vacancy search: words, filters, facets and typing errors, beside SQLite FTS5 and PostgreSQL full text.

use super::numbers::Samples;
use super::server::on_two_cores;
use super::speaker::number as number_of;
use super::table::{Table, bar, number, times};
use super::{Options, build_example};
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::process::Stdio;

/// As the benchmark calls them; ours first.
const ENGINES: [&str; 3] = ["JobFuture", "SQLite FTS5", "PostgreSQL full text"];
/// Kinds of searches, the commonest first; the one that only we can answer is the last.
const KINDS: [&str; 7] =
    ["two words", "one word", "title and filters", "filters only", "pay", "everything", "typing error"];

/// How much is measured.
struct Extent {
    vacancies: u32,
    rounds: usize,
    searches: u32,
}

/// Measures and describes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<String> {
    let (vacancies, rounds, searches) = if options.quick { (10_000, 1, 100) } else { (100_000, 5, 400) };
    let extent = Extent { vacancies, rounds: options.rounds.unwrap_or(rounds), searches };
    let program = build_example(workspace, "jobfuture-vacancy-search", "bench_search")?;
    let arguments = [extent.vacancies.to_string(), extent.rounds.to_string(), extent.searches.to_string()];
    let output = on_two_cores(program).args(arguments).stderr(Stdio::inherit()).output().context("bench_search")?;
    ensure!(output.status.success(), "bench_search failed; what it had to say stands above");
    let answer: Value = serde_json::from_slice(&output.stdout).context("bench_search did not answer in JSON")?;
    describe(&extent, &answer)
}

fn describe(extent: &Extent, answer: &Value) -> Result<String> {
    let disagreements = answer["disagreements"].as_array().context("no list of disagreements")?;
    let versions = answer["versions"].as_array().context("no versions")?;
    Ok(format!(
        "{} vacancies with {} MB of text; searches: {}, rounds: {}; {}.\n\n{}\n{}\n{}\n{}",
        number(f64::from(extent.vacancies)),
        number_of(answer, "text_mb")?,
        extent.searches,
        extent.rounds,
        versions.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        latencies(answer)?,
        sizes(answer)?,
        changes(answer)?,
        bars(answer, disagreements)?,
    ))
}

/// Milliseconds of a kind of searches, or of all that every engine can answer.
fn samples(answer: &Value, engine: &str, kind: Option<&str>) -> Result<Samples> {
    let kinds = answer["samples"][engine].as_object().with_context(|| format!("nothing of {engine}"))?;
    let mut samples = Samples::default();
    let wanted = kinds.iter().filter(|(name, _)| match kind {
        Some(kind) => *name == kind,
        None => *name != KINDS[KINDS.len() - 1],
    });
    wanted.for_each(|(_, values)| add(&mut samples, values));
    Ok(samples)
}

fn add(samples: &mut Samples, values: &Value) {
    values.as_array().into_iter().flatten().filter_map(Value::as_f64).for_each(|ms| samples.add(ms));
}

fn latencies(answer: &Value) -> Result<Table> {
    let mut head = vec!["Milliseconds of a search"];
    ENGINES.iter().for_each(|engine| head.extend([*engine, "p99"]));
    head.extend(["FTS5 against ours", "PostgreSQL against ours"]);
    let mut table = Table::new(&head);
    let rows = KINDS.iter().map(|kind| (*kind, Some(*kind)));
    for (name, kind) in rows.chain([("all of them, typing errors left out", None)]) {
        let all = ENGINES.iter().map(|engine| samples(answer, engine, kind)).collect::<Result<Vec<_>>>()?;
        let mut cells = vec![name.to_owned()];
        all.iter().for_each(|one| cells.extend([number(one.median()), number(one.percentile(99))]));
        cells.extend(all[1..].iter().map(|other| times(other.median() / all[0].median())));
        table.row(cells);
    }
    Ok(table)
}

fn sizes(answer: &Value) -> Result<Table> {
    let mut table = Table::new(&["", "built in s", "index of words MiB", "everything MiB"]);
    for engine in ENGINES {
        let mib = |at: usize| answer["sizes"][engine][at].as_f64().map(|bytes| bytes / f64::from(1 << 20));
        table.row(vec![
            engine.into(),
            number(number_of(&answer["build"], engine)?),
            number(mib(0).context("a size")?),
            number(mib(1).context("a size")?),
        ]);
    }
    Ok(table)
}

fn changes(answer: &Value) -> Result<Table> {
    let mut table = Table::new(&["While a vacancy changes every 20 ms", "p50 ms", "p99 ms", "measured"]);
    for (name, title) in [("busy", "a search, typing errors among them"), ("changes", "a change, until it is seen")] {
        let mut all = Samples::default();
        add(&mut all, &answer[name]);
        table.row(vec![title.into(), number(all.median()), number(all.percentile(99)), number(all.len() as f64)]);
    }
    Ok(table)
}

/// What was promised.
fn bars(answer: &Value, disagreements: &[Value]) -> Result<String> {
    let mut all = samples(answer, ENGINES[0], None)?;
    add(&mut all, &answer["samples"][ENGINES[0]][KINDS[KINDS.len() - 1]]);
    let ms = |value: f64| format!("{} ms", number(value));
    let (median, tail) = (all.median(), all.percentile(99));
    let (typos, repaired) = (number_of(answer, "typos")?, number_of(answer, "repaired")?);
    let first = disagreements.first().and_then(Value::as_str).unwrap_or_default();
    Ok([
        bar("p50 under 0.5 ms, everything with facets, typing errors among it", median < 0.5, &ms(median)),
        bar("p99 under 5 ms", tail < 5.0, &ms(tail)),
        bar(
            "typing errors repaired: at least 19 of 20 find something",
            repaired >= 0.95 * typos,
            &format!("{repaired} of {typos}"),
        ),
        bar(
            "all engines find the same number",
            disagreements.is_empty(),
            &format!("{} differ {first}", disagreements.len()),
        ),
    ]
    .concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_that_was_measured_is_told() {
        let of_each = |value: Value| json!({ ENGINES[0]: value, ENGINES[1]: value, ENGINES[2]: value });
        let answer = json!({
            "text_mb": 130, "versions": ["SQLite 3", "PostgreSQL 15"], "build": of_each(json!(12.5)),
            "sizes": of_each(json!([1 << 20, 3 << 20])), "disagreements": [], "typos": 60, "repaired": 60,
            "samples": of_each(json!({ "one word": [0.25, 0.5, 0.75] })), "busy": [0.2], "changes": [8.0, 9.0],
        });
        let told = describe(&Extent { vacancies: 100_000, rounds: 1, searches: 100 }, &answer).unwrap();
        assert!(
            told.starts_with(
                "100,000 vacancies with 130 MB of text; searches: 100, rounds: 1; SQLite 3, PostgreSQL 15."
            )
        );
        let row = told.lines().find(|line| line.starts_with("| one word")).unwrap();
        assert_eq!((row.matches("0.50").count(), row.matches("1.00 ×").count()), (3, 2), "{told}");
        assert_eq!(told.matches("reached").count(), 4, "{told}");
    }

    #[test]
    fn typing_errors_are_counted_for_us_and_left_out_of_comparisons() {
        let answer = json!({
            "samples": { "JobFuture": { "one word": [0.1, 0.3], "typing error": [9.0] } },
            "typos": 1, "repaired": 1,
        });
        assert_eq!(samples(&answer, "JobFuture", None).unwrap().len(), 2);
        let bars = bars(&answer, &[]).unwrap();
        assert!(bars.contains("p99 under 5 ms: 9.00 ms, **not reached**"), "{bars}");
        assert!(bars.contains("1 of 1, reached"), "{bars}");
    }
}
