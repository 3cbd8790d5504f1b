//! Skill checks: how soon the next question is there, how many answers a second are kept, and two hundred candidates at once.

mod crowd;
mod wire;

use super::numbers::Samples;
use super::server::{Django, Server, on_two_cores};
use super::speaker::{Speaker, text};
use super::table::{Table, bar, number, times};
use super::{Options, build_example, scratch};
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use crowd::{Manners, Pace, Seen};
use std::time::Duration;

/// Questions of one check, more or less: how many people keep a crowd busy is estimated by it, generously.
const ANSWERS_OF_A_CHECK: usize = 7;
/// A crowd of candidates at a university, say.
const CROWD: usize = 200;
/// Connections that write at once.
const WRITERS: usize = 100;

/// Who is measured.
struct Contender {
    name: &'static str,
    manners: Manners,
    serves: Serves,
    /// Answers a second that it may be expected to keep, so that there are people enough.
    quick: usize,
    alone: Row,
    writers: Row,
    hurried: Row,
    thinking: Row,
}

enum Serves {
    Ours(Speaker, String),
    Django(Django, Server),
}

/// What was seen in all rounds.
#[derive(Default)]
struct Row {
    questions: Samples,
    answers: Samples,
    /// Answers a second, by round.
    rate: Vec<f64>,
    troubles: Vec<String>,
}

const SQLITE: usize = 0;
const POSTGRES: usize = 1;
const DJANGO: usize = 2;

/// Measures and describes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<String> {
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 5 });
    let seconds = if options.quick { 1 } else { 4 };
    let mut all = contenders(workspace)?;
    for round in 1..=rounds {
        for contender in &mut all {
            contender.measure(seconds).context(contender.name)?;
        }
        println!("round {round} of {rounds}");
    }
    Ok(format!(
        "{rounds} rounds of {seconds} s for each row of a server.\n\n{}\n{}\n{}",
        rate_table(&all),
        latency_table(&all),
        bars(&all)
    ))
}

fn contenders(workspace: &Workspace) -> Result<Vec<Contender>> {
    let program = build_example(workspace, "jobfuture-site", "bench_checks")?;
    let folder = scratch(workspace)?;
    let sqlite = folder.join("checks");
    // What an earlier measurement left.
    let _ = std::fs::remove_dir_all(&sqlite);
    std::fs::create_dir_all(&sqlite)?;
    let ours = |name, arguments: &[&str]| -> Result<Contender> {
        let (speaker, first) = Speaker::start(on_two_cores(&program).args(arguments))?;
        let address = text(&first, "address")?.to_owned();
        let manners = Manners { begin: "/checks/django-developer/begin", consent: "condition=unaided&pace=100" };
        Ok(Contender::new(name, manners, Serves::Ours(speaker, address), 3_000))
    };
    let django = Django::for_checks(&folder, &workspace.root.join("xtask/src/bench/django"))?;
    // The tables are made before a server looks for them.
    django.people(1)?;
    let gunicorn = Server::django(&django, "", &folder.join("gunicorn-checks.log"))?;
    let manners = Manners { begin: "/begin", consent: "" };
    Ok(vec![
        ours("JobFuture on SQLite", &["sqlite", &sqlite.display().to_string()])?,
        ours("JobFuture on PostgreSQL", &["postgres"])?,
        Contender::new("Django and gunicorn, 2 sync workers, SQLite", manners, Serves::Django(django, gunicorn), 400),
    ])
}

impl Contender {
    fn new(name: &'static str, manners: Manners, serves: Serves, quick: usize) -> Self {
        let (alone, writers, hurried, thinking) = Default::default();
        Self { name, manners, serves, quick, alone, writers, hurried, thinking }
    }

    fn measure(&mut self, seconds: u64) -> Result<()> {
        let most = Duration::from_secs(seconds);
        let no_time = Duration::ZERO;
        let alone = self.crowd(Pace { connections: 1, reads: true, thinks: no_time, most }, 1)?;
        self.alone.add(&alone);
        let writers = self.crowd(Pace { connections: WRITERS, reads: false, thinks: no_time, most }, WRITERS)?;
        self.writers.add(&writers);
        let hurried = self.crowd(Pace { connections: CROWD, reads: true, thinks: no_time, most }, CROWD)?;
        self.hurried.add(&hurried);
        let thinks = Duration::from_secs(1);
        let thinking = self.crowd(Pace { connections: CROWD, reads: true, thinks, most: 2 * most }, CROWD)?;
        self.thinking.add(&thinking);
        Ok(())
    }

    /// Lets people begin who have never been here, and measures what comes then.
    fn crowd(&mut self, pace: Pace, least: usize) -> Result<Seen> {
        let busy = self.quick * pace.most.as_secs() as usize / ANSWERS_OF_A_CHECK;
        let enough =
            if pace.thinks.is_zero() { busy } else { CROWD * 2 * pace.most.as_secs() as usize / ANSWERS_OF_A_CHECK };
        let cookies = self.people(enough.max(least))?;
        let begun = crowd::begin(&self.address(), self.manners, &cookies)?;
        let seen = crowd::work(&self.address(), begun, pace)?;
        ensure!(!seen.answers.is_empty(), "nobody could answer anything: {:?}", seen.troubles.first());
        Ok(seen)
    }

    fn address(&self) -> String {
        match &self.serves {
            Serves::Ours(_, address) => address.clone(),
            Serves::Django(_, server) => server.address.clone(),
        }
    }

    fn people(&mut self, count: usize) -> Result<Vec<String>> {
        match &mut self.serves {
            Serves::Django(django, _) => django.people(count),
            Serves::Ours(speaker, _) => {
                let said = speaker.ask(&count.to_string())?;
                let cookies = said["cookies"].as_array().with_context(|| format!("no cookies: {said}"))?;
                Ok(cookies.iter().filter_map(|cookie| cookie.as_str()).map(str::to_owned).collect())
            }
        }
    }
}

impl Row {
    fn add(&mut self, seen: &Seen) {
        seen.questions.iter().for_each(|ms| self.questions.add(*ms));
        seen.answers.iter().for_each(|ms| self.answers.add(*ms));
        self.rate.push(seen.answers.len() as f64 / seen.seconds);
        self.troubles.extend(seen.troubles.iter().cloned());
    }

    fn median_rate(&self) -> f64 {
        samples(self.rate.iter().copied()).median()
    }
}

fn samples(values: impl Iterator<Item = f64>) -> Samples {
    let mut samples = Samples::default();
    values.for_each(|value| samples.add(value));
    samples
}

/// Median over the rounds of the ratio within a round.
fn beside(one: &Row, other: &Row) -> f64 {
    samples(one.rate.iter().zip(&other.rate).map(|(one, other)| one / other)).median()
}

fn rate_table(all: &[Contender]) -> Table {
    let mut table =
        Table::new(&["Answers only, 100 connections", "answers a second", "beside Django", "p50 ms", "p99 ms", "5xx"]);
    for contender in all {
        let row = &contender.writers;
        table.row(vec![
            contender.name.into(),
            number(row.median_rate()),
            times(beside(row, &all[DJANGO].writers)),
            number(row.answers.median()),
            number(row.answers.percentile(99)),
            row.troubles.len().to_string(),
        ]);
    }
    table
}

fn latency_table(all: &[Contender]) -> Table {
    let head = ["Question, then answer", "question p50 ms", "p99", "answer p50 ms", "p99", "answers a second", "5xx"];
    let mut table = Table::new(&head);
    for contender in all {
        let rows = [
            ("one candidate", &contender.alone),
            ("200 who never think", &contender.hurried),
            ("200 who think for a second", &contender.thinking),
        ];
        for (what, row) in rows {
            table.row(vec![
                format!("{}, {what}", contender.name),
                number(row.questions.median()),
                number(row.questions.percentile(99)),
                number(row.answers.median()),
                number(row.answers.percentile(99)),
                number(row.median_rate()),
                row.troubles.len().to_string(),
            ]);
        }
    }
    table
}

/// What was promised.
fn bars(all: &[Contender]) -> String {
    let [sqlite, postgres] = [SQLITE, POSTGRES].map(|at| &all[at]);
    let ratio = beside(&sqlite.writers, &all[DJANGO].writers);
    let ms = |value: f64| format!("{} ms", number(value));
    let next = sqlite.alone.questions.median();
    let crowd = [sqlite, postgres].map(|one| one.thinking.questions.percentile(99));
    let hurried = [sqlite, postgres].map(|one| one.hurried.questions.percentile(99));
    let troubles = [sqlite, postgres].map(|one| {
        [&one.alone, &one.writers, &one.hurried, &one.thinking].iter().map(|row| row.troubles.len()).sum::<usize>()
    });
    let first = sqlite.writers.troubles.first().or(postgres.writers.troubles.first());
    [
        bar("next question p50 under 3 ms, one candidate, SQLite", next < 3.0, &ms(next)),
        bar("answers kept: at least 20 times Django", ratio >= 20.0, &times(ratio)),
        bar(
            "no answer of trouble (\u{201c}locked\u{201d}, 5xx) on either engine",
            troubles == [0, 0],
            &format!("{} and {}{}", troubles[0], troubles[1], first.map_or(String::new(), |one| format!(" ({one})"))),
        ),
        bar(
            "200 candidates at once who think for a second, questions p99 under 250 ms, SQLite",
            crowd[0] < 250.0,
            &ms(crowd[0]),
        ),
        bar("the same on PostgreSQL", crowd[1] < 250.0, &ms(crowd[1])),
        bar("200 who never think, questions p99 under 250 ms, SQLite", hurried[0] < 250.0, &ms(hurried[0])),
        bar("the same on PostgreSQL", hurried[1] < 250.0, &ms(hurried[1])),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_the_rounds() {
        let row = |rate: &[f64]| Row { rate: rate.to_vec(), ..Row::default() };
        assert_eq!(beside(&row(&[100.0, 10.0, 90.0]), &row(&[10.0, 1.0, 3.0])), 10.0);
    }
}
