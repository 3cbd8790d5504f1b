//! Certifies a sketched bank of questions and tasks and writes the report.
//! `cargo run --release -p psychometrics --example certificate -- report.html [people]`

use psychometrics::adaptive::{Blueprint, Count, Release, ReleaseParts, Spread, Stopping, TopicQuota};
use psychometrics::certify::{Bars, Generator, Plan, Sketch, certify, learn_exposure, report_html};
use psychometrics::score::Cut;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("name the file that the report goes to")?;
    let people = std::env::args().nth(2).map_or(Ok(200_000), |given| given.parse())?;
    let sketch = Sketch {
        questions: 300,
        tasks: 32,
        seeding: 40,
        difficulty_error: 0.3,
        assistance: 0.02,
        ..Sketch::calibrated(0)
    };
    let topic = |k: usize| TopicQuota {
        topic: format!("topic {k}"),
        questions: Count::new(u16::from(k <= 4), 4),
        tasks: Count::new(0, 1),
    };
    let parts = ReleaseParts {
        items: sketch.bank()?,
        blueprint: Blueprint {
            questions: Count::new(6, 10),
            tasks: Count::new(2, 4),
            topics: (1..=8).map(topic).collect(),
        },
        stopping: Stopping {
            band_at_least: Some(0.8),
            change_at_most: Some(0.05),
            sd_at_most: None,
            minutes_at_most: Some(60.0),
        },
        spread: Spread::default(),
        cuts: [-1.0, 0.0, 1.0].into_iter().map(|at| Cut::new(at, 0.1)).collect::<Result<_, _>>()?,
    };
    let plan = Plan::new(people, 1)?;
    let learning = Plan { people: 20_000, ..plan.clone() };
    let release = learn_exposure(Release::new(parts)?, &Generator::default(), &learning, 20)?;
    let certificate = certify(&release, &Bars::default(), &plan)?;
    for regime in &certificate.regimes {
        println!("{} ({} people)", regime.title, regime.statistics.people);
        for bar in &regime.bars {
            let word = if bar.passed { "kept" } else { "NOT KEPT" };
            println!("  {}: {:.4} (at least {:?}, at most {:?}): {word}", bar.what, bar.value, bar.least, bar.greatest);
        }
    }
    std::fs::write(&file, report_html(&certificate))?;
    println!("{file}: {}", if certificate.passed { "passed" } else { "not passed" });
    Ok(())
}
