//! How long it takes to work out the general level and a profile of eight topics anew after each answer, as one line of
//! JSON. `cargo run --release -p psychometrics --example topics_speed`

use psychometrics::score::{Likelihood, Posterior, SoftItem, TopicPosterior};
use psychometrics::{Item, Random};
use std::error::Error;
use std::time::Instant;

const TOPICS: usize = 8;
/// Answers of one session.
const ANSWERS: usize = 32;
/// Share of a topic's variance that the general level has.
const SHARE: f64 = 0.7;

fn main() -> Result<(), Box<dyn Error>> {
    let mut random = Random::new(1);
    let items: Result<Vec<Vec<Likelihood>>, Box<dyn Error>> = (0..ANSWERS)
        .map(|_| Ok(SoftItem::known(Item::two_pl(random.log_normal(0.2, 0.3), random.normal())?).likelihoods()))
        .collect();
    let items = items?;
    let sessions = 300;
    let (mut answering, mut profiling, mut sum) = (0.0, 0.0, 0.0);
    for _ in 0..sessions {
        let mut topics = TopicPosterior::new(Posterior::normal(0.0, 1.0)?, SHARE, TOPICS)?;
        for (place, item) in items.iter().enumerate() {
            let answer = &item[random.index(2)];
            let started = Instant::now();
            topics.observe(place % TOPICS, answer)?;
            sum += topics.general()?.mean();
            answering += started.elapsed().as_secs_f64();
            let started = Instant::now();
            let profile = topics.profile()?;
            sum += profile.mean_and_sd(0).map_or(0.0, |(mean, _)| mean);
            profiling += started.elapsed().as_secs_f64();
        }
    }
    let answers = (sessions * ANSWERS) as f64;
    println!(
        r#"{{"what":"a profile of topics","topics":{TOPICS},"answers":{answers},"general_ms":{:.5},"profile_ms":{:.5},"sum":{sum:.6}}}"#,
        answering / answers * 1e3,
        profiling / answers * 1e3,
    );
    Ok(())
}
