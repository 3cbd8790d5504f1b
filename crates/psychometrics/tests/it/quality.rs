//! Fit of the model and of the items.
//!
//! Published figures are those that R mirt's own tests expect (M2 of LSAT6 and LSAT7, S-X² of LSAT7).

use crate::calibration::fit;
use crate::data::{self, Group, people, simulate};
use psychometrics::fit::{Fit, Model, Plan, QualityError, StandardErrors, item_fit, m2};
use psychometrics::{Answer, Item, Random, Responses, Specific};

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() < within, "{found} is not {wanted}");
}

#[test]
fn m2_of_public_sets() {
    let lsat6 = m2(&fit(&data::lsat6(), &Plan::new(Model::TwoPl)), &data::lsat6()).unwrap();
    near(lsat6.statistic, 4.738, 1e-3);
    assert_eq!((lsat6.df, lsat6.left_out, lsat6.people), (5, 0.0, 1000.0));
    near(lsat6.p, 0.4488, 1e-3);
    let lsat7 = m2(&fit(&data::lsat7(), &Plan::new(Model::TwoPl)), &data::lsat7()).unwrap();
    near(lsat7.statistic, 11.9384, 2e-3);
    assert_eq!(lsat7.df, 5);
    assert!(
        lsat7.rmsea_interval.0 > 0.0 && lsat7.rmsea_interval.0 < lsat7.rmsea && lsat7.rmsea < lsat7.rmsea_interval.1
    );
    // With one slope for all, or a variance for all, which is the same model.
    let rasch = m2(&fit(&data::lsat6(), &Plan::new(Model::Rasch)), &data::lsat6()).unwrap();
    near(rasch.statistic, 5.2920, 2e-3);
    assert_eq!(rasch.df, 9);
}

#[test]
fn item_fit_of_public_sets() {
    let lsat7 = item_fit(&fit(&data::lsat7(), &Plan::new(Model::TwoPl)), &data::lsat7()).unwrap();
    for (found, wanted) in lsat7.items.iter().zip([4.749_44, 14.451_071, 1.270_381, 5.237_4, 0.941_125]) {
        near(found.statistic.unwrap(), wanted, 5e-3);
        assert_eq!(found.df, 2);
    }
    let lsat6 = item_fit(&fit(&data::lsat6(), &Plan::new(Model::TwoPl)), &data::lsat6()).unwrap();
    near(lsat6.items[0].p.unwrap(), 0.7984, 1e-3);
    let science = data::science();
    let fitted = fit(&science, &Plan::new(Model::Graded));
    let items = item_fit(&fitted, &science).unwrap();
    assert!(
        items.items.iter().all(|item| item.df > 0 && item.p.is_some_and(|p| (0.0..=1.0).contains(&p))),
        "{items:?}"
    );
    let refusal = m2(&fitted, &science).unwrap_err();
    assert_eq!(refusal, QualityError::NoDegreesOfFreedom { moments: 10, parameters: 16 });
}

#[test]
fn people_who_left_answers_out_are_left_out_and_told() {
    let fitted = fit(&data::lsat7(), &Plan::new(Model::TwoPl));
    let mut more = data::lsat7();
    more.push(&[Answer { item: 1, category: 1 }], 3.0, 0).unwrap();
    let (with, without) = (m2(&fitted, &more).unwrap(), m2(&fitted, &data::lsat7()).unwrap());
    assert_eq!((with.statistic, with.left_out), (without.statistic, 3.0));
    assert_eq!(item_fit(&fitted, &more).unwrap().left_out, 3.0);
    let mut nobody = Responses::numbered(&[2; 5]).unwrap();
    nobody.push(&[Answer { item: 1, category: 1 }], 3.0, 0).unwrap();
    assert_eq!(m2(&fitted, &nobody).unwrap_err(), QualityError::NobodyComplete("all".into()));
    assert!(matches!(m2(&fitted, &data::science()), Err(QualityError::OtherAnswers { .. })));
}

/// Share of p-values below .05 and .5, and their mean.
fn shares(ps: &[f64]) -> (f64, f64, f64) {
    let below = |limit: f64| ps.iter().filter(|p| **p < limit).count() as f64 / ps.len() as f64;
    (below(0.05), below(0.5), ps.iter().sum::<f64>() / ps.len() as f64)
}

/// p-values of M2 when the model is true are uniform: in 120 repetitions their mean is .5 ± .053 (two standard errors).
fn p_values(plan: &Plan, draw: impl Fn(u64) -> Responses) -> Vec<f64> {
    let plan = Plan { standard_errors: StandardErrors::None, ..plan.clone() };
    (0..120)
        .map(|seed| {
            let responses = draw(seed);
            m2(&fit(&responses, &plan), &responses).unwrap().p
        })
        .collect()
}

fn bank(count: usize) -> Vec<Item> {
    let mut random = Random::new(5);
    (0..count).map(|_| Item::two_pl(random.log_normal(0.1, 0.3), random.normal()).unwrap()).collect()
}

fn assert_uniform(name: &str, ps: &[f64]) {
    let (few, half, mean) = shares(ps);
    assert!(few < 0.12 && (0.37..0.63).contains(&half) && (0.42..0.58).contains(&mean), "{name}: {few} {half} {mean}");
}

#[test]
fn m2_is_chi_squared_when_the_model_is_true() {
    let items = bank(8);
    let two = p_values(&Plan::new(Model::TwoPl), |seed| simulate(&items, &people(800), 1.0, seed));
    assert_uniform("2PL", &two);
    let equal: Vec<Item> = items.iter().map(|item| Item::two_pl(1.0, item.intercepts()[0]).unwrap()).collect();
    let groups = || vec![Group { people: 500, mean: 0.0, sd: 1.3 }, Group { people: 400, mean: 0.5, sd: 0.8 }];
    let rasch = p_values(&Plan::new(Model::Rasch), |seed| simulate(&equal, &groups(), 1.0, 1000 + seed));
    assert_uniform("Rasch, two groups", &rasch);
    let two_groups = p_values(&Plan::new(Model::TwoPl), |seed| simulate(&items, &groups(), 1.0, 2000 + seed));
    assert_uniform("2PL, two groups", &two_groups);
    let graded: Vec<Item> = items
        .iter()
        .map(|item| {
            let d = item.intercepts()[0];
            Item::graded(item.slope(), vec![d + 0.8, d - 0.7]).unwrap()
        })
        .collect();
    let ordered = p_values(&Plan::new(Model::Graded), |seed| simulate(&graded, &people(800), 1.0, 3000 + seed));
    assert_uniform("graded", &ordered);
    let credit: Vec<Item> =
        items.iter().map(|item| Item::partial_credit(1.0, vec![item.intercepts()[0], 0.3]).unwrap()).collect();
    let credit = p_values(&Plan::new(Model::PartialCredit), |seed| simulate(&credit, &people(800), 1.0, 4000 + seed));
    assert_uniform("partial credit", &credit);
}

/// Items of two factors; people answer all.
fn two_factors(own: f64, seed: u64, people: usize) -> (Vec<Item>, Responses) {
    let items: Vec<Item> = bank(9)
        .into_iter()
        .enumerate()
        .map(
            |(place, item)| {
                if place < 8 { item.with_specific(Specific { factor: place / 4, slope: own }) } else { item }
            },
        )
        .collect();
    let mut responses = Responses::numbered(&[2; 9]).unwrap();
    for person in 0..people {
        let mut random = Random::of(seed, person as u64);
        let general = random.normal();
        let levels = [random.normal(), random.normal()];
        let category = |item: &Item| {
            let own = item.specific().map_or(0.0, |own| own.slope * levels[own.factor]);
            let mut chances = [0.0; 2];
            item.probabilities_at(item.slope() * general + own, &mut chances);
            random.weighted(&chances) as u8
        };
        let categories: Vec<u8> = items.iter().map(category).collect();
        responses.push(&data::answers(&categories), 1.0, 0).unwrap();
    }
    (items, responses)
}

fn factored(model: Model) -> Plan {
    let factors = (0..9).map(|place| (place < 8).then_some(place / 4)).collect();
    Plan { factors, ..Plan::new(model) }
}

#[test]
fn m2_of_models_with_factors() {
    let mut ps = Vec::new();
    let plan = Plan { standard_errors: StandardErrors::None, ..factored(Model::Testlet) };
    for seed in 0..40 {
        let (items, _) = two_factors(0.0, seed, 0);
        let responses = testlets(&items, 0.8, seed, 800);
        ps.push(m2(&fit(&responses, &plan), &responses).unwrap().p);
    }
    let (few, _, mean) = shares(&ps);
    assert!(few <= 0.15 && (0.36..0.64).contains(&mean), "{few} {mean}");
    // Scored as one level, what the factors share shows as misfit; with the factors it is gone.
    let (_, responses) = two_factors(1.2, 7, 2000);
    let one = m2(&fit(&responses, &Plan::new(Model::TwoPl)), &responses).unwrap();
    let both = fit(&responses, &factored(Model::Bifactor));
    let two = m2(&both, &responses).unwrap();
    assert!(one.p < 1e-6 && two.p > 0.01 && two.rmsea < one.rmsea, "{one:?} {two:?}");
    let items = item_fit(&both, &responses).unwrap();
    assert!(items.items.iter().all(|item| item.p.unwrap() > 1e-4), "{items:?}");
    assert_eq!(both.marginal_reliability(), None);
}

/// Answers with a person-by-task effect of this standard deviation.
fn testlets(items: &[Item], sd: f64, seed: u64, people: usize) -> Responses {
    let mut responses = Responses::numbered(&vec![2; items.len()]).unwrap();
    for person in 0..people {
        let mut random = Random::of(100 + seed, person as u64);
        let general = random.normal();
        let levels = [sd * random.normal(), sd * random.normal()];
        let category = |item: &Item| {
            let level = general + item.specific().map_or(0.0, |own| levels[own.factor]);
            let mut chances = [0.0; 2];
            item.probabilities_at(item.slope() * level, &mut chances);
            random.weighted(&chances) as u8
        };
        let categories: Vec<u8> = items.iter().map(category).collect();
        responses.push(&data::answers(&categories), 1.0, 0).unwrap();
    }
    responses
}

#[test]
fn item_fit_finds_the_item_that_does_not_fit() {
    let items = bank(12);
    let mut responses = Responses::numbered(&[2; 12]).unwrap();
    let drawn = simulate(&items, &people(2000), 1.0, 9);
    for person in drawn.iter() {
        let mut categories: Vec<u8> = person.answers.iter().map(|answer| answer.category).collect();
        // People of high standing get the fourth item wrong.
        if categories.iter().map(|category| u32::from(*category)).sum::<u32>() > 8 {
            categories[3] = 0;
        }
        responses.push(&data::answers(&categories), 1.0, 0).unwrap();
    }
    let fitted = fit(&responses, &Plan::new(Model::TwoPl));
    let worst = item_fit(&fitted, &responses).unwrap();
    let worst = worst.items.iter().min_by(|a, b| a.p.unwrap_or(1.0).total_cmp(&b.p.unwrap_or(1.0))).unwrap();
    assert_eq!(worst.name, "i4");
    let good = simulate(&items, &people(2000), 1.0, 10);
    let good = item_fit(&fit(&good, &Plan::new(Model::TwoPl)), &good).unwrap();
    assert!(good.items.iter().all(|item| item.p.unwrap() > 1e-3), "{good:?}");
}

/// Reliability is the squared correlation of estimates and truth, and so the share of the variance that estimates keep.
#[test]
fn reliabilities_agree_with_each_other_and_with_the_population() {
    let items = bank(30);
    let responses = simulate(&items, &people(4000), 1.0, 11);
    let fitted: Fit = fit(&responses, &Plan::new(Model::TwoPl));
    let (marginal, empirical) =
        (fitted.marginal_reliability().unwrap(), fitted.empirical_reliability(&responses).unwrap());
    near(marginal, empirical, 0.02);
    assert!((0.75..0.95).contains(&empirical), "{empirical}");
    near(fitted.information(0.3), fitted.items.iter().map(|item| item.item.information(0.3)).sum(), 1e-12);
    // The levels' unit does not matter: Rasch with its variance, or one slope for all.
    let rasch = fit(&data::lsat6(), &Plan::new(Model::Rasch));
    let slope = rasch.groups[0].variance.sqrt();
    let mut scaled = rasch.clone();
    scaled.groups[0].variance = 1.0;
    for item in &mut scaled.items {
        item.item = Item::two_pl(slope, item.item.intercepts()[0]).unwrap();
    }
    near(rasch.marginal_reliability().unwrap(), scaled.marginal_reliability().unwrap(), 1e-6);
    let both = [&rasch, &scaled].map(|fit| fit.empirical_reliability(&data::lsat6()).unwrap());
    near(both[0], both[1], 1e-6);
    let (_, responses) = two_factors(0.8, 3, 1000);
    let both = fit(&responses, &factored(Model::Bifactor)).empirical_reliability(&responses).unwrap();
    let one = fit(&responses, &Plan::new(Model::TwoPl)).empirical_reliability(&responses).unwrap();
    assert!(both < one && both > 0.3, "what factors share is not the general level: {both} {one}");
}
