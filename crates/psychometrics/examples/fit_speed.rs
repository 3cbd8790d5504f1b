//! Simulates the three cases by which calibrations are compared, fits them, and prints one line of JSON for each:
//! CPU seconds of the fit (user and system, all threads, in steps of 0.01), wall seconds, peak memory of the process in
//! MB (simulated answers included), log-likelihood, iterations, and root mean squares of the errors of slopes and
//! difficulties.
//!
//! ```text
//! cargo run --release -p psychometrics --example fit_speed -- [two|graded|sparse|guessing|credit|bank|all] [--seed N] [--threads N]
//!     [--errors] [--tolerance X] [--watch] [--write FILE.csv] [--truth FILE.json]
//! ```
//!
//! `--truth FILE.json` writes slopes and difficulties that were simulated with.
//!
//! `--watch` prints each iteration. `--write` writes the answers as text with a header, empty where somebody did not answer, and fits nothing: for other
//! programs. `two` is 10,000 people × 200 questions (2PL), `graded` the same with 4 categories (GRM), `sparse` 100,000
//! × 500 (2PL) of which everybody answered about 40 %: `all` runs these three. `guessing` (3PL, 10,000 × 100), `credit`
//! (GPCM, as `graded`) and `bank` (2PL, 50,000 people who answered about 30 of 3,000 questions each, of which an author
//! said beforehand how difficult they are) are run by their names only.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "an example may stop with a message")]

use psychometrics::fit::{Fit, FitProgress, ItemPrior, Model, NormalPrior, Plan, StandardErrors, calibrate};
use psychometrics::{Answer, Curve, Item, Random, Responses};
use std::io::Write;
use std::ops::ControlFlow;

/// What is simulated.
struct Case {
    name: &'static str,
    model: Model,
    people: usize,
    items: usize,
    answered: f64,
}

const CASES: [Case; 8] = [
    Case { name: "two", model: Model::TwoPl, people: 10_000, items: 200, answered: 1.0 },
    Case { name: "graded", model: Model::Graded, people: 10_000, items: 200, answered: 1.0 },
    Case { name: "sparse", model: Model::TwoPl, people: 100_000, items: 500, answered: 0.4 },
    Case { name: "guessing", model: Model::ThreePl, people: 10_000, items: 100, answered: 1.0 },
    Case { name: "credit", model: Model::GeneralisedPartialCredit, people: 10_000, items: 200, answered: 1.0 },
    Case { name: "small", model: Model::TwoPl, people: 2_000, items: 50, answered: 1.0 },
    Case { name: "small-graded", model: Model::Graded, people: 2_000, items: 50, answered: 1.0 },
    Case { name: "bank", model: Model::TwoPl, people: 50_000, items: 3_000, answered: 0.01 },
];

/// What the command line says.
struct Options {
    case: String,
    seed: u64,
    threads: usize,
    errors: bool,
    watch: bool,
    tolerance: Option<f64>,
    write: Option<String>,
    truth: Option<String>,
}

fn main() {
    let options = options();
    let all = options.case == "all";
    for case in CASES
        .iter()
        .enumerate()
        .filter(|(at, case)| (all && *at < 3) || options.case == case.name)
        .map(|(_, case)| case)
    {
        let truth = items(case, options.seed);
        if let Some(path) = &options.truth {
            write_truth(&truth, path);
        }
        let responses = simulate(case, &truth, options.seed);
        match &options.write {
            Some(path) => write(&responses, path),
            None => measure(case, &truth, &responses, &options),
        }
    }
}

fn options() -> Options {
    let mut found = Options {
        case: "all".into(),
        seed: 1,
        threads: 1,
        errors: false,
        watch: false,
        tolerance: None,
        write: None,
        truth: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value after the option");
        match word.as_str() {
            "--seed" => found.seed = value().parse().expect("a whole number after --seed"),
            "--threads" => found.threads = value().parse().expect("a whole number after --threads"),
            "--tolerance" => found.tolerance = Some(value().parse().expect("a number after --tolerance")),
            "--write" => found.write = Some(value()),
            "--truth" => found.truth = Some(value()),
            "--errors" => found.errors = true,
            "--watch" => found.watch = true,
            other => found.case = other.to_owned(),
        }
    }
    assert!(
        found.case == "all" || CASES.iter().any(|case| case.name == found.case),
        "two, graded, sparse, guessing, credit, bank or all"
    );
    found
}

/// Slopes are log-normal around 1.2, difficulties standard normal; thresholds of a graded item lie 0.8 apart.
fn items(case: &Case, seed: u64) -> Vec<Item> {
    let mut random = Random::of(seed, 1);
    let one = |_| {
        let a = random.log_normal(1.2_f64.ln(), 0.3);
        let b = random.normal();
        let steps = [b - 0.8, b, b + 0.8];
        match case.model {
            Model::Graded => Item::from_difficulties(Curve::Graded, a, &steps, 0.0),
            Model::GeneralisedPartialCredit => Item::from_difficulties(Curve::PartialCredit, a, &steps, 0.0),
            Model::ThreePl => Item::from_difficulties(Curve::Dichotomous, a, &[b], 0.2),
            _ => Item::from_difficulties(Curve::Dichotomous, a, &[b], 0.0),
        }
        .expect("an item")
    };
    (0..case.items).map(one).collect()
}

fn simulate(case: &Case, items: &[Item], seed: u64) -> Responses {
    let mut random = Random::of(seed, 2);
    let categories: Vec<usize> = items.iter().map(Item::categories).collect();
    let mut responses = Responses::numbered(&categories).expect("few items");
    let mut given = Vec::with_capacity(items.len());
    let mut chances = [0.0; 4];
    for _ in 0..case.people {
        let theta = random.normal();
        given.clear();
        for (index, item) in items.iter().enumerate() {
            if case.answered >= 1.0 || random.uniform() < case.answered {
                let chances = &mut chances[..item.categories()];
                item.probabilities(theta, chances);
                given.push(Answer { item: index as u32, category: random.weighted(chances) as u8 });
            }
        }
        responses.push(&given, 1.0, 0).expect("answers in order");
    }
    responses
}

fn write(responses: &Responses, path: &str) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file that can be written"));
    let names: Vec<&str> = responses.items().iter().map(|item| item.name.as_str()).collect();
    writeln!(file, "{}", names.join(",")).expect("room");
    for person in responses.iter() {
        let mut fields = vec![String::new(); names.len()];
        for answer in person.answers {
            fields[answer.item as usize] = answer.category.to_string();
        }
        writeln!(file, "{}", fields.join(",")).expect("room");
    }
}

/// Slopes and difficulties as JSON: `{"a": […], "b": [[…], …]}`.
fn write_truth(truth: &[Item], path: &str) {
    let list = |values: &[f64]| format!("[{}]", values.iter().map(f64::to_string).collect::<Vec<_>>().join(","));
    let slopes: Vec<f64> = truth.iter().map(Item::slope).collect();
    let difficulties: Vec<String> = truth.iter().map(|item| list(&item.difficulties())).collect();
    let text = format!("{{\"a\":{},\"b\":[{}]}}\n", list(&slopes), difficulties.join(","));
    std::fs::write(path, text).expect("a file that can be written");
}

fn measure(case: &Case, truth: &[Item], responses: &Responses, options: &Options) {
    let mut plan = Plan::new(case.model);
    plan.threads = options.threads;
    plan.tolerance = options.tolerance.unwrap_or(plan.tolerance);
    plan.standard_errors = if options.errors { StandardErrors::Observed } else { StandardErrors::None };
    if case.name == "bank" {
        plan.priors = priors(truth, options.seed);
    }
    let seconds = || if options.threads == 1 { this_thread() } else { cpu_seconds() };
    let (cpu, wall) = (seconds(), std::time::Instant::now());
    let mut watch = |progress: FitProgress| {
        if options.watch {
            let FitProgress { iteration, log_likelihood, largest_change } = progress;
            eprintln!("{iteration:>4} {log_likelihood:.4} {largest_change:.3e} {:.2}", cpu_seconds() - cpu);
        }
        ControlFlow::Continue(())
    };
    let fit = calibrate(responses, &plan, &mut watch).expect("a fit");
    let (cpu, wall) = (seconds() - cpu, wall.elapsed().as_secs_f64());
    let (rmse_a, rmse_b) = errors(&fit, truth);
    println!(
        "{{\"case\":\"{}\",\"people\":{},\"items\":{},\"answers\":{},\"threads\":{},\"standard_errors\":{},\"cpu_s\":{cpu:.4},\
         \"wall_s\":{wall:.3},\"peak_mb\":{:.0},\"log_likelihood\":{:.4},\"iterations\":{},\"converged\":{},\
         \"rmse_a\":{rmse_a:.5},\"rmse_b\":{rmse_b:.5},\"stated_rmse_a\":{:.5}}}",
        case.name,
        case.people,
        case.items,
        responses.answers(),
        options.threads,
        options.errors,
        peak_memory(),
        fit.log_likelihood,
        fit.iterations,
        fit.convergence == psychometrics::fit::Convergence::Converged,
        stated_error(&fit),
    );
}

/// What an author said of each item: the difficulty with an error of 0.7.
fn priors(truth: &[Item], seed: u64) -> Vec<ItemPrior> {
    let mut random = Random::of(seed, 3);
    let one = |item: &Item| ItemPrior {
        ln_slope: Some(NormalPrior { mean: 1.2_f64.ln(), sd: 0.3 }),
        difficulties: vec![NormalPrior { mean: item.difficulties()[0] + 0.7 * random.normal(), sd: 0.7 }],
        guessing: None,
    };
    truth.iter().map(one).collect()
}

/// Root mean squares over items: of slopes, and of difficulties (all thresholds).
fn errors(fit: &Fit, truth: &[Item]) -> (f64, f64) {
    let (mut a, mut b, mut thresholds) = (0.0, 0.0, 0.0);
    for (fitted, truth) in fit.items.iter().zip(truth) {
        a += (fitted.item.slope() - truth.slope()).powi(2);
        for (found, wanted) in fitted.item.difficulties().iter().zip(truth.difficulties()) {
            b += (found - wanted).powi(2);
            thresholds += 1.0;
        }
    }
    ((a / truth.len() as f64).sqrt(), (b / thresholds).sqrt())
}

/// Root mean square of the slopes' standard errors, which the error against the truth should equal; 0 without them.
fn stated_error(fit: &Fit) -> f64 {
    let sum = fit.items.iter().filter_map(|fitted| fitted.errors.slope).fold(0.0, |sum, error| sum + error * error);
    (sum / fit.items.len() as f64).sqrt()
}

/// CPU time of this thread in the kernel's nanoseconds: finer than [`cpu_seconds`], for a fit that starts no others.
fn this_thread() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(cpu_seconds, |nanoseconds| nanoseconds * 1e-9)
}

/// User and system time of this process, of Linux; 0 elsewhere.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in brackets, the 12th and 13th fields are user and system time in hundredths of a second.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// The most memory that this process has had, in MB, of Linux; 0 elsewhere.
fn peak_memory() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
