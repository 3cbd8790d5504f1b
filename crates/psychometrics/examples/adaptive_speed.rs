//! Speed and quality of adaptive choice, as JSON lines. `cargo run --release -p psychometrics --example adaptive_speed`
use psychometrics::adaptive::*;
use psychometrics::certify::*;
use psychometrics::score::{Posterior, SoftItem};
use psychometrics::{Item, Random};
use std::time::Instant;

fn bank(count: usize, seed: u64) -> Vec<BankItem> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|k| {
            let a = random.log_normal(1.2_f64.ln(), 0.3);
            let b = random.normal();
            BankItem {
                id: format!("q{k}"),
                soft: SoftItem::known(Item::two_pl(a, -a * b).unwrap()),
                family: format!("f{k}"),
                topic: format!("t{}", k % 8),
                kind: Kind::Question,
                minutes: 1.0,
                seeding: false,
                enemies: vec![],
            }
        })
        .collect()
}
fn parts(count: usize, seed: u64, n: Count, stopping: Stopping, spread: Spread) -> ReleaseParts {
    let topics = (0..8)
        .map(|k| TopicQuota { topic: format!("t{k}"), questions: Count::new(0, 40), tasks: Count::NONE })
        .collect();
    ReleaseParts {
        items: bank(count, seed),
        blueprint: Blueprint { questions: n, tasks: Count::NONE, topics },
        stopping,
        spread,
        cuts: [-1.0, 0.0, 1.0].map(Cut::exact).to_vec(),
    }
}
fn show(name: &str, s: &Statistics, t: f64) {
    println!(
        "{name}: {:.2} s, length {:.2} sd {:.3} rmse {:.3} cover {:.4} cal {:.4} exact {:.4} within {:.5} max {:.4} overlap {:.4} never {:.3}",
        t,
        s.length,
        s.sd,
        s.rmse,
        s.coverage.value,
        s.calibration_error,
        s.exact.value,
        s.within_one.value,
        s.exposure.largest,
        s.exposure.overlap,
        s.exposure.never
    );
}
fn main() {
    let people: usize = std::env::args().nth(1).map_or(100_000, |s| s.parse().unwrap());
    let g = Generator::default();
    let mut plan = Plan::new(people, 1).unwrap();
    plan.threads = 1;
    let sd30 = Stopping { sd_at_most: Some(0.30), ..Stopping::BY_COUNT };
    let class = Stopping { band_at_least: Some(0.8), ..Stopping::BY_COUNT };
    let none = Spread { exposure_at_most: 1.0, randomness: 0.0, random_until: 1, seeding: 0.0 };
    for (name, count, stop, min) in
        [("500 sd", 500, sd30, 0), ("500 class", 500, class, 6), ("10k sd", 10_000, sd30, 0)]
    {
        let t = Instant::now();
        let r = Release::new(parts(count, 5, Count::new(min, 40), stop, none)).unwrap();
        println!("build {:?}", t.elapsed());
        let t = Instant::now();
        let s = simulate(&r, &g, &plan).unwrap();
        show(name, &s, t.elapsed().as_secs_f64() * 1e6 / people as f64);
    }
    for randomness in [0.0, 0.2, 0.4] {
        let spread = Spread { exposure_at_most: 0.25, randomness, random_until: 8, seeding: 0.0 };
        let r = Release::new(parts(300, 5, Count::new(0, 40), sd30, spread)).unwrap();
        let mut lp = plan.clone();
        lp.people = 20_000;
        let t = Instant::now();
        let r = learn_exposure(r, &g, &lp, 20).unwrap();
        println!("learn {:?}", t.elapsed());
        let t = Instant::now();
        let s = simulate(&r, &g, &plan).unwrap();
        show("300", &s, t.elapsed().as_secs_f64() * 1e6 / people as f64);
    }
    let _ = Posterior::normal(0.0, 1.0);
}
