//! Candidates who take a check as fast as they are let, each on a connection of their own.

use super::wire::{Answer, Connection};
use anyhow::{Context, Result, ensure};
use std::collections::VecDeque;
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

/// How a server is spoken to.
#[derive(Debug, Clone, Copy)]
pub struct Manners {
    /// Where a check is begun.
    pub begin: &'static str,
    /// What the form of consent sends.
    pub consent: &'static str,
}

/// What is answered to whatever is asked: it is right for hardly any question, and an answer to all.
const ANSWER: &str = "option=1&answer=1";

/// What was seen of a crowd.
#[derive(Debug, Default)]
pub struct Seen {
    /// Milliseconds until a question was there.
    pub questions: Vec<f64>,
    /// Milliseconds until an answer was acknowledged, and so on the disk.
    pub answers: Vec<f64>,
    /// Answers of a server that is in trouble: status 500 and above.
    pub troubles: Vec<String>,
    /// Seconds that it all took.
    pub seconds: f64,
}

/// A check that has begun.
pub struct Begun {
    cookie: String,
    path: String,
}

/// How a crowd works.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Connections, each of which does one thing at a time.
    pub connections: usize,
    /// Whether each question is looked at before it is answered.
    pub reads: bool,
    /// Up to twice this long, evenly spread, a candidate thinks.
    pub thinks: Duration,
    /// The crowd goes home after that.
    pub most: Duration,
}

/// Begins a check for each cookie.
pub fn begin(address: &str, manners: Manners, cookies: &[String]) -> Result<Vec<Begun>> {
    let mut connection = Connection::open(address)?;
    let mut begun = Vec::with_capacity(cookies.len());
    for cookie in cookies {
        let answer = connection.post(manners.begin, cookie, manners.consent)?;
        let path = answer.location().context("a check that begins leads to its page")?;
        begun.push(Begun { cookie: cookie.clone(), path: path.to_owned() });
    }
    Ok(begun)
}

/// Lets all go at once, and waits for the last.
pub fn work(address: &str, checks: Vec<Begun>, pace: Pace) -> Result<Seen> {
    let waiting = Mutex::new(VecDeque::from(checks));
    let start = Barrier::new(pace.connections + 1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..pace.connections)
            .map(|number| {
                let (waiting, start) = (&waiting, &start);
                let one = std::thread::Builder::new().stack_size(256 << 10);
                one.spawn_scoped(scope, move || one_connection(address, number, waiting, start, pace))
            })
            .collect::<std::io::Result<_>>()?;
        start.wait();
        let started = Instant::now();
        let mut all = Seen::default();
        for thread in threads {
            let seen = thread.join().map_err(|_| anyhow::anyhow!("a candidate panicked"))??;
            all.questions.extend(seen.questions);
            all.answers.extend(seen.answers);
            all.troubles.extend(seen.troubles);
        }
        all.seconds = started.elapsed().as_secs_f64();
        Ok(all)
    })
}

fn one_connection(
    address: &str,
    number: usize,
    waiting: &Mutex<VecDeque<Begun>>,
    start: &Barrier,
    pace: Pace,
) -> Result<Seen> {
    let opened = Connection::open(address);
    start.wait();
    let (mut connection, started, mut seen) = (opened?, Instant::now(), Seen::default());
    let mut chance = number as u64;
    while started.elapsed() < pace.most {
        let next = waiting.lock().map_err(|_| anyhow::anyhow!("a candidate panicked"))?.pop_front();
        let Some(check) = next else { break };
        for place in 1.. {
            if started.elapsed() >= pace.most || !step(&mut connection, &check, place, pace, &mut chance, &mut seen)? {
                break;
            }
        }
    }
    Ok(seen)
}

/// Looks at a question, if it is looked at, and answers it. Whether there may be another.
fn step(
    connection: &mut Connection,
    check: &Begun,
    place: u32,
    pace: Pace,
    chance: &mut u64,
    seen: &mut Seen,
) -> Result<bool> {
    if pace.reads {
        let (answer, took) = timed(|| connection.get(&check.path, &check.cookie))?;
        if !is_well(&answer, seen) {
            return Ok(true);
        }
        if !answer.body_has(&format!("/items/{place}\"")) || answer.body_has("/hand-in") {
            return Ok(false);
        }
        seen.questions.push(took);
    }
    if !pace.thinks.is_zero() {
        // Knuth's numbers for a linear congruence: nobody draws lots here, people only must not think in step.
        *chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(pace.thinks.mul_f64((*chance >> 11) as f64 / (1_u64 << 52) as f64));
    }
    let path = format!("{}/items/{place}", check.path);
    let (answer, took) = timed(|| connection.post(&path, &check.cookie, ANSWER))?;
    if !is_well(&answer, seen) {
        return Ok(true);
    }
    // What is open is no question: the check has come to its tasks, or to its end.
    if answer.status == 404 {
        return Ok(false);
    }
    ensure!(matches!(answer.status, 302 | 303), "{path} answered {}: {}", answer.status, answer.text());
    seen.answers.push(took);
    Ok(true)
}

fn is_well(answer: &Answer, seen: &mut Seen) -> bool {
    if answer.status >= 500 {
        seen.troubles.push(format!("{}: {}", answer.status, answer.text().chars().take(200).collect::<String>()));
        return false;
    }
    true
}

fn timed(ask: impl FnOnce() -> Result<Answer>) -> Result<(Answer, f64)> {
    let started = Instant::now();
    let answer = ask()?;
    Ok((answer, started.elapsed().as_secs_f64() * 1e3))
}
