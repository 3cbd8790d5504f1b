//! Our side, and the others', of `cargo xtask bench search`: `bench_search VACANCIES ROUNDS SEARCHES`.
//!
//! It makes vacancies up, gives them to each engine, and lets the engines take turns at every search. It ends with one line of
//! JSON: milliseconds of every search, by engine and kind.

mod corpus;
mod fts5;
mod postgres;

use corpus::{Corpus, Search, TYPO, searches};
use fts5::Fts5;
use jobfuture_vacancy_search::{Change, Document, Index, Query};
use postgres::Postgres;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How many values of a facet are wanted, by every engine.
const FACET_VALUES: usize = 20;
/// A change is made so often while others search.
const CHANGE_EVERY: Duration = Duration::from_millis(20);

/// Something that searches.
trait Engine {
    fn name(&self) -> &'static str;

    /// Answers in full, and says how many were found.
    fn search(&mut self, query: &Query) -> Result<usize>;

    /// Bytes on disk or in memory: of the index, and of everything.
    fn size(&mut self) -> Result<[u64; 2]>;
}

struct Ours(Index);

impl Engine for Ours {
    fn name(&self) -> &'static str {
        "JobFuture"
    }

    fn search(&mut self, query: &Query) -> Result<usize> {
        Ok(black_box(self.0.search(query)?).total)
    }

    fn size(&mut self) -> Result<[u64; 2]> {
        let size = self.0.size()?;
        Ok([size.written, size.written + size.columns])
    }
}

fn main() -> Result<()> {
    let numbers: Vec<u64> =
        std::env::args().skip(1).map(|number| number.parse()).collect::<std::result::Result<_, _>>()?;
    let [vacancies, rounds, count] = numbers[..] else { return Err("bench_search VACANCIES ROUNDS SEARCHES".into()) };
    let corpus = Corpus::new();
    let documents: Vec<Document> = (0..vacancies).map(|number| corpus.vacancy(number)).collect();
    let searches = searches(&corpus, vacancies, count as usize);
    let text: usize = documents.iter().map(|one| one.text.len() + one.title.len()).sum();
    eprintln!("{vacancies} vacancies, {} MB of text", text / 1_000_000);

    let mut build = BTreeMap::new();
    let before = resident();
    let index = timed("JobFuture", &mut build, || {
        let index = Index::new()?;
        index.rebuild(documents.iter().cloned())?;
        Ok(index)
    })?;
    let grown = resident().saturating_sub(before);
    let fts5 = timed("SQLite FTS5", &mut build, || Fts5::new(&documents))?;
    let postgres = timed("PostgreSQL full text", &mut build, || Postgres::new(&documents))?;
    drop(documents);
    let versions = json!([fts5.version()?, postgres.version()?]);
    let mut engines: Vec<Box<dyn Engine>> = vec![Box::new(Ours(index.clone())), Box::new(fts5), Box::new(postgres)];

    let disagreements = disagreements(&mut engines, &searches)?;
    let mut samples: BTreeMap<&str, BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
    for round in 1..=rounds {
        for search in &searches {
            for engine in &mut engines {
                // The others repair nothing, and would be quick at finding nothing.
                if search.kind == TYPO && engine.name() != "JobFuture" {
                    continue;
                }
                let began = Instant::now();
                engine.search(&search.query)?;
                let ms = began.elapsed().as_secs_f64() * 1_000.0;
                samples.entry(engine.name()).or_default().entry(search.kind).or_default().push(ms);
            }
        }
        eprintln!("round {round} of {rounds}");
    }
    let repaired = searches.iter().filter(|search| search.kind == TYPO);
    let repaired = repaired.map(|search| Ok(index.search(&search.query)?.total > 0)).collect::<Result<Vec<bool>>>()?;
    let mut sizes = BTreeMap::new();
    for engine in &mut engines {
        sizes.insert(engine.name(), engine.size()?);
    }
    drop(engines);
    let (busy, changes) = while_changed(&corpus, &index, &searches, vacancies, rounds)?;
    let answer: Value = json!({
        "text_mb": text / 1_000_000,
        "versions": versions,
        "build": build,
        "sizes": sizes,
        "grown": grown,
        "disagreements": disagreements,
        "typos": repaired.len(),
        "repaired": repaired.into_iter().filter(|found| *found).count(),
        "samples": samples,
        "busy": busy,
        "changes": changes,
    });
    println!("{answer}");
    Ok(())
}

fn timed<T>(name: &'static str, build: &mut BTreeMap<&str, f64>, make: impl FnOnce() -> Result<T>) -> Result<T> {
    let began = Instant::now();
    let made = make()?;
    build.insert(name, began.elapsed().as_secs_f64());
    eprintln!("{name}: built in {:.1} s", build[name]);
    Ok(made)
}

/// Searches of which the engines do not find the same number. It warms them up as well.
fn disagreements(engines: &mut [Box<dyn Engine>], searches: &[Search]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for search in searches.iter().filter(|search| search.kind != TYPO) {
        let totals = engines.iter_mut().map(|engine| engine.search(&search.query)).collect::<Result<Vec<usize>>>()?;
        if totals.iter().any(|total| *total != totals[0]) {
            all.push(format!("{totals:?} of {:?}", search.query));
        }
    }
    Ok(all)
}

/// The same searches, while a vacancy changes every so often: milliseconds of searches, and of changes until they are seen.
fn while_changed(
    corpus: &Corpus,
    index: &Index,
    searches: &[Search],
    vacancies: u64,
    rounds: u64,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let changing = scope.spawn(|| {
            let mut changes = Vec::new();
            for number in 0.. {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                let change = Change::Upsert(corpus.vacancy(number * 7_919 % vacancies));
                let began = Instant::now();
                index.apply([change]).map_err(|error| error.to_string())?;
                changes.push(began.elapsed().as_secs_f64() * 1_000.0);
                std::thread::sleep(CHANGE_EVERY);
            }
            Ok::<_, String>(changes)
        });
        let mut busy = Vec::new();
        let began = Instant::now();
        while busy.len() < searches.len() * rounds as usize || began.elapsed() < Duration::from_secs(2) {
            for search in searches {
                let began = Instant::now();
                black_box(index.search(&search.query)?);
                busy.push(began.elapsed().as_secs_f64() * 1_000.0);
            }
        }
        done.store(true, Ordering::Relaxed);
        let changes = changing.join().map_err(|_| "whoever made changes panicked")??;
        Ok((busy, changes))
    })
}

/// Bytes of memory that this process has.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1_024
}
