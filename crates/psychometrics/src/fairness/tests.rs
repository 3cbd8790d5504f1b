//! Against R, against simulation, and what must always hold.

use super::*;
use crate::math::logistic;
use crate::random::Random;
use crate::responses::{Answer, ItemColumn, Responses};
use proptest::prelude::*;

mod reference;

fn empty(categories: &[usize]) -> Responses {
    let column = |(k, &count): (usize, &usize)| ItemColumn {
        name: format!("i{}", k + 1),
        labels: (0..count).map(|category| category.to_string()).collect(),
    };
    let groups = ["reference", "focal", "others"].map(str::to_owned).to_vec();
    Responses::new(categories.iter().enumerate().map(column).collect(), groups).unwrap()
}

fn row(answers: &[u8]) -> Vec<Answer> {
    answers.iter().enumerate().map(|(item, &category)| Answer { item: item as u32, category }).collect()
}

/// A graded answer with steps one logit apart around `linear`.
fn graded(random: &mut Random, linear: f64, categories: usize) -> u8 {
    let u = random.uniform();
    let middle = 0.5 * (categories as f64 - 2.0);
    (1..categories).filter(|&k| u < logistic(linear - (k as f64 - 1.0 - middle))).count() as u8
}

/// Categories of [`sample`]: eight items of two and two of four.
const CATEGORIES: [usize; 10] = [2, 2, 2, 2, 2, 2, 2, 2, 4, 4];

/// 300 people of the reference and 260 of a focal group whose level is 0.4 lower; items 2 and 9 are 0.8 harder for them
/// and item 3 tells people apart less among them.
fn sample() -> Vec<(usize, Vec<u8>)> {
    let mut random = Random::new(20_261_122);
    let person = |person: usize| {
        let group = usize::from(person >= 300);
        let level = random.normal() - 0.4 * group as f64;
        let answers = CATEGORIES.iter().enumerate().map(|(item, &categories)| {
            let harder = if group == 1 && (item == 1 || item == 8) { 0.8 } else { 0.0 };
            let slope = if group == 1 && item == 2 { 0.5 } else { 1.3 };
            graded(&mut random, slope * level - 0.25 * (item as f64 - 4.0) - harder, categories)
        });
        (group, answers.collect())
    };
    (0..560).map(person).collect()
}

fn responses(rows: &[(usize, Vec<u8>)]) -> Responses {
    let mut responses = empty(&CATEGORIES);
    for (group, answers) in rows {
        responses.push(&row(answers), 1.0, *group).unwrap();
    }
    responses
}

fn near(found: f64, wanted: f64, what: &str) {
    assert!((found - wanted).abs() < 1e-6 * (1.0 + wanted.abs()), "{what}: {found} instead of {wanted}");
}

#[test]
fn small_groups_are_not_enough_and_never_no_difference() {
    let rows: Vec<_> =
        sample().into_iter().enumerate().filter(|(k, _)| *k < 300 || *k >= 540).map(|(_, r)| r).collect();
    let report = dif(&responses(&rows), 0, 1, &DifOptions::default()).unwrap();
    for item in &report.items {
        let Reading::NotEnoughData { needed, power: Some(power) } = item.reading else { panic!("{:?}", item.reading) };
        assert!(needed == 250.0 && power.moderate < 0.5, "{power:?}");
    }
    let full = dif(&responses(&sample()), 0, 1, &DifOptions::default()).unwrap();
    assert!(matches!(full.items[8].reading, Reading::Differs { class: EtsClass::C, favours: Favours::Reference }));
    assert!(matches!(full.items[0].reading, Reading::NoneSeen { power } if power.large > 0.7));
}

#[test]
fn faults_of_an_item_have_a_plain_reason() {
    let mut responses = empty(&[2, 2, 2, 2]);
    for person in 0..400_u32 {
        let group = (person % 2) as usize;
        let known = u8::from(person % 7 < 3);
        // All right; told by the group; told by the score; ordinary.
        let answers = [1, group as u8, known, u8::from(person % 5 < 2)];
        responses.push(&row(&answers), 1.0, group).unwrap();
    }
    let report = dif(&responses, 0, 1, &DifOptions::default()).unwrap();
    let [same, split, ..] = &report.items[..] else { panic!() };
    assert_eq!(same.stratified, Err(Undetermined::OneCategory));
    assert_eq!(same.logistic, Err(Undetermined::OneCategory));
    assert_eq!(same.reading, Reading::NotEnoughData { needed: 250.0, power: None });
    assert_eq!(split.stratified, Err(Undetermined::NoOddsRatio));
    assert_eq!(split.logistic, Err(Undetermined::Separated));
    assert!(Undetermined::Separated.to_string().contains("separation"));
    let enough = DifOptions { enough: 100.0, ..DifOptions::default() };
    assert_eq!(dif(&responses, 0, 1, &enough).unwrap().items[0].reading, Reading::Undetermined);
}

#[test]
fn faults_of_a_call_are_named() {
    let all = responses(&sample());
    let fault = |reference, focal, options: &DifOptions| dif(&all, reference, focal, options).unwrap_err().to_string();
    let usual = DifOptions::default();
    assert!(fault(0, 3, &usual).contains("no group number 3"));
    assert!(fault(1, 1, &usual).contains("are the same, focal"));
    assert!(fault(0, 2, &usual).contains("nobody is in group others"));
    assert!(fault(0, 1, &DifOptions { level: 0.7, ..usual.clone() }).contains("level of significance"));
    let given = |values, strata| DifOptions { matching: Matching::Given { values, strata }, ..DifOptions::default() };
    assert!(fault(0, 1, &given(vec![0.0], 5)).contains("1 matching values are given for 560 rows"));
    assert!(fault(0, 1, &given(vec![f64::NAN; 560], 5)).contains("finite"));
    assert!(dif(&empty(&[]), 0, 1, &usual).is_err());
}

#[test]
fn people_can_be_matched_on_a_level_that_is_given() {
    let rows = sample();
    let all = responses(&rows);
    let score = |answers: &[u8]| answers.iter().map(|&answer| f64::from(answer)).sum::<f64>();
    let values: Vec<f64> = rows.iter().map(|(_, answers)| score(answers)).collect();
    let total = dif(&all, 0, 1, &DifOptions::default()).unwrap();
    let options = DifOptions { matching: Matching::Given { values, strata: 1000 }, ..DifOptions::default() };
    let given = dif(&all, 0, 1, &options).unwrap();
    for (total, given) in total.items.iter().zip(&given.items) {
        assert_eq!(total.stratified, given.stratified, "as many strata as scores are the same strata");
        near(given.logistic.unwrap().both.statistic, total.logistic.unwrap().both.statistic, &given.name);
        assert_eq!(given.sibtest, Err(Undetermined::NoMatchingItems));
    }
}

/// How often Mantel-Haenszel finds the smallest shifts of class B and C, 250 people a group
/// and 30 items: as often as is stated, and as an earlier simulation of the same kind measured (0.49 and 0.82).
#[test]
fn stated_power_is_what_simulation_shows() {
    const RUNS: u64 = 100;
    let (mut found, mut stated) = ([0.0; 2], [0.0; 2]);
    let options = DifOptions::default();
    for run in 0..RUNS {
        let responses = thirty_items(250, [MODERATE_SHIFT, -LARGE_SHIFT], run);
        let sample = matching::Sample::new(&responses, 0, 1, &options).unwrap();
        let scores = sample.scores(&[true; 30]);
        for item in 0..2 {
            let strata = scores.strata(item, matching::Fineness::Strata);
            let test = mantel::test(&strata, Continuity::Corrected, 0.05).unwrap();
            let power = test.power(Continuity::Corrected, 0.05);
            found[item] += f64::from(u8::from(test.test().p < 0.05)) / RUNS as f64;
            stated[item] += [power.moderate, power.large][item] / RUNS as f64;
        }
    }
    for ((found, stated), measured) in found.into_iter().zip(stated).zip([0.49, 0.82]) {
        assert!((found - stated).abs() < 0.1 && (stated - measured).abs() < 0.06, "{found} {stated} {measured}");
    }
}

/// Thirty items, of which the first two are shifted by these logits for the focal group.
fn thirty_items(people: usize, shifts: [f64; 2], seed: u64) -> Responses {
    let mut random = Random::of(5, seed);
    let items: Vec<(f64, f64)> = (0..30)
        .map(|k| if k < 2 { (1.2, 0.0) } else { (1.2 * random.log_normal(0.0, 0.3), random.normal()) })
        .collect();
    let mut responses = empty(&[2; 30]);
    for person in 0..2 * people {
        let (group, level) = (person % 2, random.normal());
        let answers: Vec<u8> = items
            .iter()
            .enumerate()
            .map(|(k, (slope, difficulty))| {
                let shift = if group == 1 && k < 2 { shifts[k] } else { 0.0 };
                graded(&mut random, slope * (level - difficulty) - shift, 2)
            })
            .collect();
        responses.push(&row(&answers), 1.0, group).unwrap();
    }
    responses
}

fn any_rows() -> impl Strategy<Value = Vec<(usize, Vec<u8>)>> {
    prop::collection::vec((0..3_usize, prop::collection::vec(0..2_u8, 10)), 4..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the answers: no panic, p in range, and groups exchanged turn every sign and nothing else.
    #[test]
    fn exchanging_the_groups_turns_the_signs(rows in any_rows()) {
        let all = responses(&rows);
        let options = DifOptions { enough: 5.0, ..DifOptions::default() };
        let (Ok(one), Ok(other)) = (dif(&all, 0, 1, &options), dif(&all, 1, 0, &options)) else { return Ok(()) };
        for (one, other) in one.items.iter().zip(&other.items) {
            if let (Ok(Stratified::MantelHaenszel(a)), Ok(Stratified::MantelHaenszel(b))) = (&one.stratified, &other.stratified) {
                prop_assert!((a.delta + b.delta).abs() < 1e-9 && (a.delta_error - b.delta_error).abs() < 1e-9);
                prop_assert!((0.0..=1.0).contains(&a.test.p) && a.test.adjusted_p >= a.test.p);
            }
            if let (Ok(a), Ok(b)) = (&one.logistic, &other.logistic) {
                prop_assert!((a.both.statistic - b.both.statistic).abs() < 1e-6 * (1.0 + a.both.statistic));
                prop_assert!((a.log_odds + b.log_odds).abs() < 1e-5);
                prop_assert!((a.uniform.statistic + a.non_uniform.statistic - a.both.statistic).abs() < 1e-7);
                prop_assert!(a.r_squared[0] <= a.r_squared[1] + 1e-9 && a.r_squared[1] <= a.r_squared[2] + 1e-9);
            }
            if let (Ok(a), Ok(b)) = (&one.sibtest, &other.sibtest) {
                prop_assert!((a.beta + b.beta).abs() < 1e-9 && (a.error - b.error).abs() < 1e-9);
            }
        }
    }

    /// A weight of two is two people, and with complete answers it does not matter how missing ones are handled.
    #[test]
    fn weights_count_people_and_complete_answers_need_no_rule(rows in any_rows()) {
        let twice: Vec<_> = rows.iter().flat_map(|row| [row.clone(), row.clone()]).collect();
        let mut weighted = empty(&CATEGORIES);
        for (group, answers) in &rows {
            weighted.push(&row(answers), 2.0, *group).unwrap();
        }
        let Ok(wanted) = dif(&responses(&twice), 0, 1, &DifOptions::default()) else { return Ok(()) };
        let found = dif(&weighted, 0, 1, &DifOptions::default()).unwrap();
        for (found, wanted) in found.items.iter().zip(&wanted.items) {
            match (&found.stratified, &wanted.stratified) {
                (Ok(a), Ok(b)) => prop_assert!((a.test().statistic - b.test().statistic).abs() < 1e-9),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
        for missing in [Missing::Nought, Missing::LeftOut] {
            let other = dif(&weighted, 0, 1, &DifOptions { missing, ..DifOptions::default() }).unwrap();
            prop_assert_eq!(&other, &found);
        }
    }
}

/// Answers missing at random, alike in both groups: prorated matching finds the item that differs and spares the others.
#[test]
fn missing_answers_are_matched_by_their_share() {
    let mut random = Random::new(3);
    let mut all = empty(&CATEGORIES);
    for (group, answers) in sample() {
        let answers: Vec<Answer> = row(&answers).into_iter().filter(|_| random.uniform() < 0.8).collect();
        all.push(&answers, 1.0, group).unwrap();
    }
    let prorated = dif(&all, 0, 1, &DifOptions::default()).unwrap();
    assert!(prorated.items[8].stratified.unwrap().test().adjusted_p < 0.001);
    assert!(prorated.items[0].reference < 300.0 && prorated.items[0].reference > 200.0);
    let left_out = dif(&all, 0, 1, &DifOptions { missing: Missing::LeftOut, ..DifOptions::default() }).unwrap();
    assert!(left_out.items[0].reference < 100.0 && left_out.items[0].reference == left_out.items[5].reference);
    assert!(matches!(left_out.items[0].reading, Reading::NotEnoughData { .. }));
}
