//! Our side, PostgreSQL's and tantivy's, of `cargo xtask bench pool`: `bench_pool PEOPLE ROUNDS SEARCHES [alone]`.
//!
//! It makes people up, gives them to all, and lets them take turns: each makes all searches, round by round, as an engine that
//! serves nobody but its own; and once each search in turn, so that every engine finds the processor's caches full of the others'. It ends
//! with one line of JSON. With `alone` there is nobody else, and it says in words what it saw: for whoever changes the pool and
//! wants to know at once.

mod numbers;
mod people;
mod postgres;
mod tantivy_engine;

use jobfuture_pool::{Pool, Query, Viewer};
use people::{People, Search};
use postgres::Postgres;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tantivy_engine::Tantivy;

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Samples = BTreeMap<&'static str, Vec<f64>>;

/// So many people change together, so often: a thousand a second.
const CHANGED: u64 = 10;
const CHANGE_EVERY: Duration = Duration::from_millis(10);
/// PostgreSQL takes part in every so many rounds.
const POSTGRES_EVERY: u64 = 5;
/// People are handed in by so many.
const BATCH: u64 = 1_000;

fn main() -> Result<()> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let is_alone = words.pop_if(|last| last == "alone").is_some();
    let numbers: Vec<u64> = words.iter().map(|number| number.parse()).collect::<std::result::Result<_, _>>()?;
    let [count, rounds, searches] = numbers[..] else { return Err("bench_pool PEOPLE ROUNDS SEARCHES [alone]".into()) };
    let people = People::new();
    let searches = people.searches(searches, count);
    let (before, mut built) = (resident(), Duration::ZERO);
    let pool = Pool::new(people::LEVELS, *b"sixteen letters.");
    for first in (0..count).step_by(BATCH as usize) {
        let some = first..(first + BATCH).min(count);
        let changes: Vec<_> = some.flat_map(|number| people.person(number, 0)).collect();
        let began = Instant::now();
        pool.apply(changes);
        built += began.elapsed();
    }
    let (built, grown) = (built.as_secs_f64(), resident().saturating_sub(before));
    eprintln!("{count} people in {built:.1} s, {} MB", grown / 1_000_000);

    let mut totals: Samples = BTreeMap::new();
    for search in &searches {
        totals.entry(search.kind).or_default().push(ask(&pool, &search.viewer, &search.query)? as f64);
    }
    // Warm, and a first look for whoever waits.
    for kind in [people::NARROW, people::BROAD] {
        let some: Vec<&Search> = searches.iter().filter(|search| search.kind == kind).collect();
        eprintln!("{kind}, {} found: {}", told(&totals[kind]), first_look(&pool, &some, rounds)?);
    }
    if is_alone {
        let WhileChanged { busy, changes, rate } = while_changed(&people, &pool, &searches, count, rounds)?;
        busy.iter().for_each(|(kind, all)| eprintln!("{kind} while {rate:.0} a second change: {}", told(all)));
        eprintln!("ten changed: {}", told(&changes));
        return Ok(());
    }
    let (mut postgres, mut tantivy) = (Postgres::new(&people, count)?, Tantivy::new(&people, count)?);
    let mut fewer = 0;
    for search in &searches {
        // Of several grants of one candidate they take each by itself: they may find fewer, and never more.
        let own = ask(&pool, &search.viewer, &search.query)?;
        let (other, third) = (postgres.search(search)?, tantivy.search(search)?);
        if other > own || other != third {
            return Err(format!("{other} and {third} instead of {own} of {:?} {:?}", search.roles, search.query).into());
        }
        fewer += own - other;
    }
    let (mut apart, mut mixed) = (Side::default(), Side::default());
    for round in 0..rounds {
        for search in &searches {
            timed(&mut apart.ours, search, || ask(&pool, &search.viewer, &search.query))?;
        }
        for search in &searches {
            timed(&mut apart.tantivy, search, || tantivy.search(search))?;
        }
        // Its searches take so long that some rounds are enough.
        for search in searches.iter().filter(|_| round % POSTGRES_EVERY == 0) {
            timed(&mut apart.postgres, search, || postgres.search(search))?;
        }
        eprintln!("round {} of {rounds}", round + 1);
    }
    for search in &searches {
        timed(&mut mixed.ours, search, || ask(&pool, &search.viewer, &search.query))?;
        timed(&mut mixed.tantivy, search, || tantivy.search(search))?;
        timed(&mut mixed.postgres, search, || postgres.search(search))?;
    }
    let (version, size, tantivy_size) = (postgres.version()?, postgres.size()?, tantivy.size()?);
    drop((postgres, tantivy));
    let WhileChanged { busy, changes, rate } = while_changed(&people, &pool, &searches, count, rounds)?;
    let answer = json!({
        "version": version, "size": size, "tantivy_size": tantivy_size, "built": built, "grown": grown, "totals": totals, "fewer": fewer,
        "apart": apart, "mixed": mixed, "busy": busy, "changes": changes, "rate": rate,
    });
    println!("{answer}");
    Ok(())
}

/// Milliseconds by kind of search, of each engine.
#[derive(Default, Serialize)]
struct Side {
    ours: Samples,
    tantivy: Samples,
    postgres: Samples,
}

fn timed(samples: &mut Samples, search: &Search, make: impl FnOnce() -> Result<usize>) -> Result<()> {
    let began = Instant::now();
    make()?;
    samples.entry(search.kind).or_default().push(ms(began));
    Ok(())
}

/// Milliseconds of the same searches again and again: of all, and of the best of each, which neighbours on the machine disturb least.
fn first_look(pool: &Pool, searches: &[&Search], rounds: u64) -> Result<String> {
    let (mut all, mut best) = (Vec::new(), vec![f64::INFINITY; searches.len()]);
    for _ in 0..rounds {
        for (search, best) in searches.iter().zip(&mut best) {
            let began = Instant::now();
            ask(pool, &search.viewer, &search.query)?;
            let took = ms(began);
            all.push(took);
            *best = best.min(took);
        }
    }
    Ok(format!("{} ms, the best of each {} ms", told(&all), told(&best)))
}

/// The median and the 99th percentile.
fn told(samples: &[f64]) -> String {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |percent: usize| sorted.get(sorted.len() * percent / 100).copied().unwrap_or(f64::NAN);
    format!("p50 {:.3} p99 {:.3}", at(50), at(99))
}

fn ask(pool: &Pool, viewer: &Viewer, query: &Query) -> Result<usize> {
    Ok(black_box(pool.search(viewer, query)?).total)
}

fn ms(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}

/// Milliseconds of searches by kind, and of changes until they are seen.
struct WhileChanged {
    busy: Samples,
    changes: Vec<f64>,
    /// People who were changed in a second. Fewer than were to be, if changes had to wait for searches.
    rate: f64,
}

/// The same searches, while a thousand people a second change.
fn while_changed(people: &People, pool: &Pool, searches: &[Search], count: u64, rounds: u64) -> Result<WhileChanged> {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let changing = scope.spawn(|| {
            let (mut changes, start) = (Vec::new(), Instant::now());
            for number in 0_u32.. {
                let due = CHANGE_EVERY * number;
                if done.load(Ordering::Relaxed) {
                    break;
                }
                std::thread::sleep(due.saturating_sub(start.elapsed()));
                let some = (0..CHANGED).map(|at| (u64::from(number) * CHANGED + at) * 7_919 % count);
                let all: Vec<_> = some.flat_map(|one| people.person(one, 1 + u64::from(number))).collect();
                let began = Instant::now();
                pool.apply(all);
                changes.push(ms(began));
            }
            changes
        });
        let (mut busy, began): (Samples, Instant) = (BTreeMap::new(), Instant::now());
        let mut round = 0;
        while round < rounds || began.elapsed() < Duration::from_secs(2) {
            round += 1;
            for search in searches {
                let began = Instant::now();
                ask(pool, &search.viewer, &search.query)?;
                busy.entry(search.kind).or_default().push(ms(began));
            }
        }
        done.store(true, Ordering::Relaxed);
        let took = began.elapsed().as_secs_f64();
        let changes = changing.join().map_err(|_| "whoever made changes panicked")?;
        let rate = changes.len() as f64 * CHANGED as f64 / took;
        Ok(WhileChanged { busy, changes, rate })
    })
}

/// Bytes of memory that this process has.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1_024
}
