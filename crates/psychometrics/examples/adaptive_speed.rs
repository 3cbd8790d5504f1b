//! Speed and quality of adaptive choice, a JSON object a line: CPU time of the one thread that runs, which other work on the
//! machine does not change much. `cargo run --release -p psychometrics --example adaptive_speed [people]`

use psychometrics::adaptive::{Blueprint, Count, Kind, Next, Release, ReleaseParts, Spread, Stopping, TopicQuota};
use psychometrics::certify::{Generator, Plan, Sketch, Statistics, learn_exposure, simulate};
use psychometrics::score::{Cut, Posterior};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let people = std::env::args().nth(1).map_or(Ok(1_000_000), |given| given.parse())?;
    steps_in_a_large_bank()?;
    a_million_people(people)?;
    spread_of_300_items(people.min(200_000))?;
    classification(people.min(200_000))
}

/// CPU seconds of this thread so far, or seconds of the clock where the system does not tell.
fn cpu(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |nanoseconds| nanoseconds * 1e-9)
}

const BY_SD: Stopping = Stopping { sd_at_most: Some(0.30), ..Stopping::BY_COUNT };
const NO_SPREAD: Spread = Spread { exposure_at_most: 1.0, randomness: 0.0, random_until: 1, seeding: 0.0 };

fn parts(
    sketch: &Sketch,
    questions: Count,
    stopping: Stopping,
    spread: Spread,
) -> Result<ReleaseParts, Box<dyn Error>> {
    let topic = |k| TopicQuota { topic: format!("topic {k}"), questions: Count::new(0, 40), tasks: Count::new(0, 2) };
    let cuts = [-1.0, 0.0, 1.0].into_iter().map(|at| Cut::new(at, 0.0)).collect::<Result<_, _>>()?;
    let blueprint = Blueprint { questions, tasks: Count::NONE, topics: (1..=sketch.topics).map(topic).collect() };
    Ok(ReleaseParts { items: sketch.bank()?, blueprint, stopping, spread, cuts })
}

fn one_thread(people: usize) -> Result<Plan, Box<dyn Error>> {
    Ok(Plan { threads: 1, ..Plan::new(people, 7)? })
}

/// Choosing and scoring with everything on: quotas of 8 topics, families of two, exposure, seeding, tasks.
fn steps_in_a_large_bank() -> Result<(), Box<dyn Error>> {
    let sketch = Sketch {
        tasks: 400,
        seeding: 1_000,
        variants: 2,
        difficulty_error: 0.3,
        assistance: 0.02,
        ..Sketch::calibrated(8_600)
    };
    let started = Instant::now();
    let mut parts =
        parts(&sketch, Count::new(16, 24), Stopping { change_at_most: Some(0.02), ..BY_SD }, Spread::default())?;
    parts.blueprint.tasks = Count::new(2, 4);
    parts.blueprint.topics.iter_mut().for_each(|topic| topic.questions = Count::new(2, 4));
    let before = cpu(started);
    let release = Release::new(parts)?;
    let build = cpu(started) - before;
    let eligibility = (0..release.families().len()).map(|family| if family % 3 == 0 { 0.5 } else { 1.0 }).collect();
    let release = release.with_eligibility(eligibility)?;
    let prior = Posterior::normal(0.0, 1.0)?;
    let mut steps = 0_u32;
    let before = cpu(started);
    for seed in 0..20_000 {
        let mut state = release.begin(&prior, seed, &[])?;
        while let Next::Ask(item) = release.next(&state) {
            let category =
                if release.items()[item].kind == Kind::Task { 2 } else { ((seed >> (steps % 32)) & 1) as u8 };
            release.answer(&mut state, item, category, 60)?;
            steps += 1;
        }
    }
    let each = (cpu(started) - before) / f64::from(steps) * 1e6;
    println!(
        r#"{{"what":"one adaptive step","items":{},"steps":{steps},"microseconds":{each:.3},"release_seconds":{build:.2}}}"#,
        release.items().len()
    );
    let state = release.begin(&prior, 3, &[])?;
    let before = cpu(started);
    for _ in 0..20 {
        release.answers_to_settle(&state)?;
    }
    let each = (cpu(started) - before) / 20.0 * 1e6;
    println!(r#"{{"what":"how much more would settle it, asked at the beginning","microseconds":{each:.0}}}"#);
    Ok(())
}

fn found(what: &str, items: usize, seconds: f64, s: &Statistics) {
    println!(
        r#"{{"what":"{what}","items":{items},"people":{},"cpu_seconds":{seconds:.2},"length":{:.2},"coverage":{:.4},"calibration_error":{:.4},"exact":{:.4},"within_one":{:.5},"largest_exposure":{:.4},"overlap":{:.4},"never":{:.3}}}"#,
        s.people,
        s.length,
        s.coverage.value,
        s.calibration_error,
        s.exact.value,
        s.within_one.value,
        s.exposure.largest,
        s.exposure.overlap,
        s.exposure.never
    );
}

fn a_million_people(people: usize) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    for (what, spread) in [("most information", NO_SPREAD), ("spread over the bank", Spread::default())] {
        let release = Release::new(parts(&Sketch::calibrated(500), Count::new(0, 40), BY_SD, spread)?)?;
        let release = learn_exposure(release, &Generator::default(), &one_thread(10_000)?, 12)?;
        let before = cpu(started);
        let statistics = simulate(&release, &Generator::default(), &one_thread(people)?)?;
        found(&format!("stop at SE .30, {what}"), 500, cpu(started) - before, &statistics);
    }
    Ok(())
}

fn spread_of_300_items(people: usize) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let release = Release::new(parts(&Sketch::calibrated(300), Count::new(0, 40), BY_SD, Spread::default())?)?;
    let release = learn_exposure(release, &Generator::default(), &one_thread(20_000)?, 20)?;
    let before = cpu(started);
    let statistics = simulate(&release, &Generator::default(), &one_thread(people)?)?;
    found("stop at SE .30 or 40, exposure .25", 300, cpu(started) - before, &statistics);
    Ok(())
}

fn classification(people: usize) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let stopping = Stopping { band_at_least: Some(0.8), ..Stopping::BY_COUNT };
    for (what, spread) in [("most information", NO_SPREAD), ("exposure .25", Spread::default())] {
        let release = Release::new(parts(&Sketch::calibrated(500), Count::new(6, 40), stopping, spread)?)?;
        let release = learn_exposure(release, &Generator::default(), &one_thread(20_000)?, 20)?;
        let before = cpu(started);
        let statistics = simulate(&release, &Generator::default(), &one_thread(people)?)?;
        found(&format!("four levels at P .80, {what}"), 500, cpu(started) - before, &statistics);
    }
    Ok(())
}
