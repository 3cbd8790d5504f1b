//! Whether releases keep their bars, and whether a simulation would notice when they did not.

use super::*;
use crate::adaptive::{Blueprint, Count, Next, Release, ReleaseParts, Spread, Stopping, TopicQuota};
use crate::score::{Cut, Posterior};

const BY_SD: Stopping = Stopping { sd_at_most: Some(0.30), ..Stopping::BY_COUNT };
const NO_SPREAD: Spread = Spread { exposure_at_most: 1.0, randomness: 0.0, random_until: 1, seeding: 0.0 };

fn parts(sketch: &Sketch, questions: Count, stopping: Stopping, spread: Spread) -> ReleaseParts {
    let topic = |k| TopicQuota { topic: format!("topic {k}"), questions: Count::new(0, 40), tasks: Count::ANY };
    ReleaseParts {
        items: sketch.bank().unwrap(),
        blueprint: Blueprint { questions, tasks: Count::NONE, topics: (1..=sketch.topics).map(topic).collect() },
        stopping,
        spread,
        cuts: [-1.0, 0.0, 1.0].map(|at| Cut::new(at, 0.0).unwrap()).to_vec(),
    }
}

fn plan(people: usize, threads: usize) -> Plan {
    Plan { people, seed: 11, threads, prior: Posterior::normal(0.0, 1.0).unwrap() }
}

fn fixed(sketch: &Sketch, answers: u16) -> Release {
    Release::new(parts(sketch, Count::new(answers, answers), Stopping::BY_COUNT, NO_SPREAD)).unwrap()
}

#[test]
fn a_bank_of_300_keeps_exposure_overlap_and_length() {
    let release = Release::new(parts(&Sketch::calibrated(300), Count::new(0, 40), BY_SD, Spread::default())).unwrap();
    let release = learn_exposure(release, &Generator::default(), &plan(10_000, 2), 16).unwrap();
    let found = simulate(&release, &Generator::default(), &plan(40_000, 2)).unwrap();
    // Of so few people the largest of seventy shares is about three standard errors above what it is expected to be.
    assert!(found.exposure.largest <= 0.258, "{}", found.exposure.largest);
    assert!(found.exposure.overlap <= 0.22, "{}", found.exposure.overlap);
    assert!(found.length <= 17.5, "{}", found.length);
    assert!((0.94..=0.96).contains(&found.coverage.value));
}

#[test]
fn four_levels_take_fourteen_answers() {
    let stopping = Stopping { band_at_least: Some(0.8), ..Stopping::BY_COUNT };
    let release =
        Release::new(parts(&Sketch::calibrated(500), Count::new(6, 40), stopping, Spread::default())).unwrap();
    let release = learn_exposure(release, &Generator::default(), &plan(10_000, 2), 16).unwrap();
    let found = simulate(&release, &Generator::default(), &plan(40_000, 2)).unwrap();
    assert!(found.length <= 14.0, "{}", found.length);
    assert!(found.exact.value >= 0.82, "{}", found.exact.value);
    assert!(found.within_one.value >= 0.995, "{}", found.within_one.value);
    assert!(found.calibration_error <= 0.01, "{}", found.calibration_error);
}

#[test]
fn any_number_of_threads_finds_the_same_bits() {
    let sketch = Sketch { difficulty_error: 0.4, tasks: 12, seeding: 20, ..Sketch::calibrated(100) };
    let release = Release::new(parts(&sketch, Count::new(4, 12), BY_SD, Spread::default())).unwrap();
    let one = simulate(&release, &Generator::default(), &plan(5_000, 1)).unwrap();
    for threads in [2, 5] {
        assert_eq!(simulate(&release, &Generator::default(), &plan(5_000, threads)).unwrap(), one);
    }
    let learn = |threads| learn_exposure(release.clone(), &Generator::default(), &plan(3_000, threads), 4).unwrap();
    assert_eq!(learn(1).fingerprint(), learn(3).fingerprint());
}

#[test]
fn one_pick_in_eight_goes_to_items_being_calibrated() {
    let sketch = Sketch { seeding: 60, difficulty_error: 0.2, ..Sketch::calibrated(300) };
    let release = Release::new(parts(&sketch, Count::new(10, 16), Stopping::BY_COUNT, Spread::default())).unwrap();
    let found = simulate(&release, &Generator::default(), &plan(5_000, 2)).unwrap();
    assert!((0.115..=0.135).contains(&found.seeding), "{}", found.seeding);
    let seeds = release.items().iter().enumerate().filter(|(_, item)| item.seeding);
    let rates: Vec<f64> = seeds.map(|(item, _)| found.exposure.rates[release.family_of(item).unwrap()]).collect();
    // Chance goes round among them: none is left out, none takes it all.
    assert!(rates.iter().all(|rate| (0.001..0.1).contains(rate)), "{rates:?}");
}

#[test]
fn every_reason_to_stop_is_seen() {
    let sketch = Sketch::calibrated(200);
    let share = |stopping: Stopping, questions: Count, reason: &str| {
        let release = Release::new(parts(&sketch, questions, stopping, NO_SPREAD)).unwrap();
        let found = simulate(&release, &Generator::default(), &plan(2_000, 2)).unwrap();
        found.stops.iter().find(|stop| stop.reason.contains(reason)).unwrap().share
    };
    let all = Stopping::BY_COUNT;
    assert!(share(Stopping { band_at_least: Some(0.8), ..all }, Count::new(4, 40), "probable enough") > 0.9);
    assert!(share(Stopping { change_at_most: Some(0.1), ..all }, Count::new(4, 40), "change the band") > 0.9);
    assert!(share(BY_SD, Count::new(4, 60), "precisely enough") > 0.95);
    assert!(share(all, Count::new(4, 12), "greatest number") > 0.999);
    assert!(share(Stopping { minutes_at_most: Some(9.0), ..all }, Count::new(4, 40), "time was over") > 0.999);
    assert!(share(all, Count::new(0, 999), "nothing was left") > 0.999);
}

/// An ordinary check of 20 answers in a bank that is uncertain by 0.4.
fn coverage(generator: &Generator, sketch: &Sketch) -> f64 {
    simulate(&fixed(sketch, 20), generator, &plan(40_000, 2)).unwrap().coverage.value
}

#[test]
fn coverage_falls_when_the_release_is_too_sure_and_rises_when_it_is_too_modest() {
    let sketch = Sketch { difficulty_error: 0.5, ..Sketch::calibrated(300) };
    let right = coverage(&Generator::default(), &sketch);
    assert!((0.944..=0.956).contains(&right), "{right}");
    let further = coverage(&Generator { item_error: 2.0, ..Generator::default() }, &sketch);
    let nearer = coverage(&Generator { item_error: 0.0, ..Generator::default() }, &sketch);
    assert!(further < right - 0.02 && nearer > right + 0.004, "{further} {right} {nearer}");
    let helped = Generator { assistance: Assistance::Some { people: 0.3, answers: 0.4 }, ..Generator::default() };
    let hurried = Generator { hurry: Some(Hurry { people: 0.3, after: 8 }), ..Generator::default() };
    for generator in [helped, hurried] {
        let found = coverage(&generator, &sketch);
        assert!(found < right - 0.03, "{generator:?} {found}");
    }
    // With a floor for assistance as stated, nothing is lost.
    let stated = Sketch { assistance: 0.1, ..sketch };
    let found = coverage(&Generator::default(), &stated);
    assert!((0.944..=0.956).contains(&found), "{found}");
}

#[test]
fn people_unlike_the_prior_cost_little_coverage_and_some_calibration() {
    let release = fixed(&Sketch::calibrated(300), 14);
    let right = simulate(&release, &Generator::default(), &plan(40_000, 2)).unwrap();
    for shape in [Shape::Skewed, Shape::Bimodal, Shape::HeavyTailed] {
        let found = simulate(&release, &Generator::of_shape(shape), &plan(40_000, 2)).unwrap();
        assert!((0.92..=0.98).contains(&found.coverage.value), "{shape:?} {}", found.coverage.value);
        assert!(found.calibration_error > right.calibration_error, "{shape:?}");
    }
}

fn mixed() -> Release {
    let sketch = Sketch { tasks: 32, seeding: 30, difficulty_error: 0.3, assistance: 0.02, ..Sketch::calibrated(240) };
    let stopping = Stopping {
        band_at_least: Some(0.8),
        change_at_most: Some(0.05),
        minutes_at_most: Some(60.0),
        ..Stopping::BY_COUNT
    };
    let mut parts = parts(&sketch, Count::new(6, 10), stopping, Spread::default());
    parts.blueprint.tasks = Count::new(2, 4);
    parts.blueprint.topics.iter_mut().for_each(|quota| quota.tasks = Count::new(0, 1));
    let release = Release::new(parts).unwrap();
    learn_exposure(release, &Generator::default(), &plan(6_000, 2), 14).unwrap()
}

#[test]
fn a_task_effect_that_nobody_stated_lowers_coverage() {
    let release = mixed();
    let found = |task_effect| {
        let generator = Generator { task_effect, ..Generator::default() };
        simulate(&release, &generator, &plan(40_000, 2)).unwrap().coverage.value
    };
    let (stated, beyond) = (found(0.0), found(1.6));
    assert!(beyond < stated - 0.01, "{stated} {beyond}");
}

#[test]
fn a_good_release_is_certified_and_its_report_is_a_whole_page() {
    let bars =
        Bars { exposure: Some(0.26), length: Some(14.0), exact: Some(0.70), minutes: Some(60.0), ..Bars::default() };
    let certificate = certify(&mixed(), &bars, &plan(40_000, 2)).unwrap();
    for regime in &certificate.regimes {
        for bar in &regime.bars {
            assert!(bar.passed, "{}: {bar:?}", regime.title);
        }
    }
    assert!(certificate.passed);
    assert_eq!(certificate.regimes.len(), 11);
    let page = report_html(&certificate);
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    for needed in
        ["Passed: all", "<title id=\"coverage-t\">", "<desc id=\"exposure-d\">", "prefers-color-scheme", "lang=\"en\""]
    {
        assert!(page.contains(needed), "{needed}");
    }
    for forbidden in ["<script", "http", "NaN", ">inf<", "url("] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for tag in ["svg", "table", "details", "figure", "h2", "h3", "p"] {
        let (opened, closed) = (page.matches(&format!("<{tag}")).count(), page.matches(&format!("</{tag}>")).count());
        // `<p` also begins `<polyline`.
        let opened = if tag == "p" { opened - page.matches("<polyline").count() } else { opened };
        assert_eq!(opened, closed, "{tag}");
    }
}

/// Of few people a good release misses bars by chance. That is told apart from what is wrong with it, and is no pass.
#[test]
fn few_people_leave_a_good_release_in_doubt_and_a_bad_one_refused() {
    let release = mixed();
    // Exposure goes by the few true banks that a thousand people meet, and so is off by more than their number says.
    let bars = Bars { exposure: None, ..Bars::default() };
    let found = certify(&release, &bars, &plan(1_000, 2)).unwrap();
    let missed: Vec<&Bar> = found.regimes.iter().flat_map(|regime| &regime.bars).filter(|bar| !bar.passed).collect();
    assert!(!found.passed && !missed.is_empty());
    assert!(missed.iter().all(|bar| bar.is_in_doubt()), "{missed:?}");
    // What is wrong by much is told apart from chance, of few people too.
    let short = fixed(&Sketch { difficulty_error: 1.5, ..Sketch::calibrated(60) }, 4);
    let found = certify(&short, &bars, &plan(1_000, 2)).unwrap();
    let sure = |bar: &&Bar| !bar.passed && !bar.is_in_doubt();
    let missed: Vec<&str> = found.regimes[0].bars.iter().filter(sure).map(|bar| bar.what.as_str()).collect();
    assert!(missed.contains(&"Told the true band or its neighbour"), "{:?}", found.regimes[0].bars);
}

/// The distance of exact statements from the truth is what is said of it, and falls with the root of the people.
#[test]
fn what_chance_does_to_calibration_and_groups_is_what_is_said() {
    let release = fixed(&Sketch::calibrated(200), 12);
    for people in [500, 2_000, 8_000] {
        let tries = (0..10).map(|seed| simulate(&release, &Generator::default(), &Plan { seed, ..plan(people, 2) }));
        let tries: Vec<Statistics> = tries.collect::<Result<_, _>>().unwrap();
        let mean = |of: fn(&Statistics) -> f64| tries.iter().map(of).sum::<f64>() / tries.len() as f64;
        let ratio = mean(|found| found.calibration_error) / mean(|found| found.calibration_chance);
        assert!((0.8..=1.3).contains(&ratio), "{people} people: {ratio}");
        let half = |name: &str, mean: f64| Group { name: name.to_owned(), mean, sd: 0.9, ..Group::reference() };
        let generator = Generator { groups: vec![half("a", -0.4), half("b", 0.4)], ..Generator::default() };
        let gaps = (0..10).map(|seed| simulate(&release, &generator, &Plan { seed, ..plan(people, 2) }).unwrap());
        let squares = gaps.map(|found| (found.group_gap / found.group_gap_error).powi(2)).sum::<f64>() / 10.0;
        // Chi-squared of ten over ten: beyond 2.9 once in a thousand times.
        assert!((0.1..=2.9).contains(&squares), "{people} people: {squares}");
    }
}

#[test]
fn a_bad_release_fails_and_says_where() {
    let release = fixed(&Sketch::calibrated(60), 20);
    let certificate = certify(&release, &Bars { length: Some(10.0), ..Bars::default() }, &plan(5_000, 2)).unwrap();
    assert!(!certificate.passed);
    let missed = certificate.regimes[0].bars.iter().filter(|bar| !bar.passed).map(|bar| bar.what.as_str());
    let missed: Vec<&str> = missed.collect();
    assert!(missed.contains(&"Answers of a check, on average"), "{missed:?}");
    assert!(missed.contains(&"Largest share of people who see one family"), "{missed:?}");
    assert!(report_html(&certificate).contains("Not passed"));
}

#[test]
fn how_much_would_settle_it_is_about_what_it_takes() {
    let stopping = Stopping { band_at_least: Some(0.8), ..Stopping::BY_COUNT };
    let release = Release::new(parts(&Sketch::calibrated(300), Count::new(6, 40), stopping, NO_SPREAD)).unwrap();
    let (mut told, mut took) = (0.0, 0.0);
    for person in 0..60_u64 {
        let mut random = crate::Random::of(5, person);
        let theta = random.normal();
        let mut state = release.begin(&Posterior::normal(0.0, 1.0).unwrap(), person, &[]).unwrap();
        let before = release.answers_to_settle(&state).unwrap();
        assert_eq!(before, release.answers_to_settle(&state).unwrap());
        assert!(before.settles > 0.8 && before.minutes >= before.answers as f64 * 0.99);
        while let Next::Ask(item) = release.next(&state) {
            let mut chances = [0.0; 2];
            release.items()[item].model.parts()[0].probabilities(theta, &mut chances);
            release.answer(&mut state, item, u8::from(random.uniform() < chances[1]), 60).unwrap();
        }
        told += before.answers as f64 / 60.0;
        took += state.answers().len() as f64 / 60.0;
        assert_eq!(release.answers_to_settle(&state).unwrap().answers, 0);
    }
    // The middle is below the mean, because some checks take long.
    assert!(told <= took + 0.5 && told > 0.5 * took, "{told} {took}");
}

#[test]
fn nobody_and_impossible_people_are_refused() {
    let release = fixed(&Sketch::calibrated(40), 5);
    assert_eq!(simulate(&release, &Generator::default(), &plan(0, 1)), Err(SimulationError::Nobody));
    let generator = Generator { groups: vec![], ..Generator::default() };
    assert!(simulate(&release, &generator, &plan(10, 1)).is_err());
    let generator = Generator { item_error: -1.0, ..Generator::default() };
    let told = simulate(&release, &generator, &plan(10, 1)).unwrap_err().to_string();
    assert_eq!(told, "the error of items is -1; it is from 0 to 10");
    assert_eq!(Sketch { topics: 0, ..Sketch::calibrated(3) }.bank(), Err(SketchError::Nothing));
}

#[cfg(feature = "text")]
#[test]
fn a_certificate_is_read_by_programs() {
    let release = fixed(&Sketch::calibrated(60), 8);
    let certificate = certify(&release, &Bars::default(), &plan(2_000, 2)).unwrap();
    let json = serde_json::to_value(&certificate).unwrap();
    assert_eq!(json["release"], format!("{:016x}", release.fingerprint()));
    assert_eq!(json["regimes"][0]["id"], "as-believed");
    assert_eq!(json["regimes"][0]["statistics"]["people"], 2_000);
    assert_eq!(json["regimes"][0]["bars"][0]["least"], 0.94);
}
