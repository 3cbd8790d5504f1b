//! Scores against published ones, and against integration on a fine grid.
//!
//! LSAT6: parameters and modes with their errors as R's `ltm` 1.x prints them in its much reproduced example (scoring
//! method "Empirical Bayes", which is the mode). Science: parameters and scores as the documentation of R's `mirt` prints
//! them (`gen.difficulty`, `fscores`).

use super::*;
use crate::fit::NormalPrior;
use crate::item::{Curve, Item};
use crate::responses::{Answer, Responses};

const STANDARD: NormalPrior = NormalPrior { mean: 0.0, sd: 1.0 };

/// ltm's 2PL of LSAT6.
pub(super) fn lsat6() -> Vec<Item> {
    [
        (0.825_371_5, -3.359_734_1),
        (0.722_949_9, -1.369_649_7),
        (0.890_474_8, -0.279_898_3),
        (0.688_550_2, -1.865_918_9),
        (0.657_451_6, -3.123_572_5),
    ]
    .map(|(a, b)| Item::from_difficulties(Curve::Dichotomous, a, &[b], 0.0).unwrap())
    .to_vec()
}

/// mirt's graded model of Science: Comfort, Work, Future, Benefit.
fn science() -> Vec<Item> {
    [
        (1.041_755, [-4.669_193, -2.534_129_9, 1.407_254_1]),
        (1.225_962, [-2.385_068, -0.735_067_8, 1.848_805_3]),
        (2.293_372, [-2.282_226, -0.965_291_8, 0.856_252_9]),
        (1.094_915, [-3.057_698, -0.905_667_3, 1.541_909_4]),
    ]
    .map(|(a, b)| Item::from_difficulties(Curve::Graded, a, &b, 0.0).unwrap())
    .to_vec()
}

fn answers(patterns: &[Vec<u8>], categories: usize) -> Responses {
    let mut responses = Responses::numbered(&vec![categories; patterns[0].len()]).unwrap();
    for pattern in patterns {
        let answers: Vec<Answer> =
            pattern.iter().enumerate().map(|(item, &category)| Answer { item: item as u32, category }).collect();
        responses.push(&answers, 1.0, 0).unwrap();
    }
    responses
}

fn scores(items: &[Item], patterns: &[Vec<u8>], method: Method) -> Vec<Estimate> {
    score_all(items, &answers(patterns, items[0].categories()), method, &[STANDARD]).unwrap()
}

fn digits(pattern: &str, lowest: u8) -> Vec<u8> {
    pattern.bytes().map(|digit| digit - b'0' - lowest).collect()
}

/// Asserts level and error, to a unit of the last printed digit or so.
fn expect(items: &[Item], method: Method, lowest: u8, wanted: &[(&str, f64, f64)], within: f64) {
    let patterns: Vec<Vec<u8>> = wanted.iter().map(|(pattern, ..)| digits(pattern, lowest)).collect();
    for ((pattern, theta, se), found) in wanted.iter().zip(scores(items, &patterns, method)) {
        let apart = ((found.theta() - theta).abs(), (found.se() - se).abs());
        assert!(apart.0 < within && apart.1 < within, "{method:?} {pattern}: {} {}", found.theta(), found.se());
    }
}

#[test]
fn modes_of_lsat6_are_those_of_ltm() {
    let wanted = [
        ("00000", -1.895, 0.795),
        ("00001", -1.479, 0.796),
        ("00111", -0.463, 0.812),
        ("01111", 0.023, 0.828),
        ("10000", -1.373, 0.797),
        ("10111", 0.093, 0.831),
        ("11011", -0.022, 0.827),
        ("11110", 0.139, 0.833),
        ("11111", 0.606, 0.855),
    ];
    expect(&lsat6(), Method::Map, 0, &wanted, 0.0006);
}

#[test]
fn scores_of_science_are_those_of_mirt() {
    let eap = [
        ("1111", -2.749_266_9, 0.629_352_5),
        ("1321", -1.419_831_8, 0.577_236_4),
        ("1423", -0.714_197_6, 0.620_013_9),
        ("1431", -0.446_926_5, 0.650_953_1),
        ("2111", -2.543_780_7, 0.590_911_4),
        ("2124", -1.247_857_0, 0.584_010_5),
    ];
    expect(&science(), Method::Eap, 1, &eap, 2e-5);
    expect(&science(), Method::Map, 1, &[("1234", -0.370, 0.605), ("2213", -1.694, 0.577)], 0.0006);
    let ml = [
        ("1321", -2.105, 0.689),
        ("2111", -4.400, 1.182),
        ("2343", 0.763, 0.681),
        ("3244", 1.102, 0.719),
        ("3333", 0.086, 0.687),
        ("4443", 2.392, 1.016),
    ];
    expect(&science(), Method::Ml, 1, &ml, 0.0016);
}

/// Levels only: mirt takes the error from the curvature of the weighted likelihood, here it is Warm's 1/√I.
#[test]
fn weighted_likelihood_of_science_is_that_of_mirt() {
    let wanted = [
        ("1111", -5.698_073_3),
        ("1321", -2.119_103_8),
        ("1423", -1.138_762_4),
        ("1431", -0.848_938_7),
        ("2111", -4.011_245_8),
        ("2124", -1.895_702_0),
    ];
    for (pattern, theta) in wanted {
        let found = scores(&science(), &[digits(pattern, 1)], Method::Wle)[0].theta();
        assert!((found - theta).abs() < 3e-5, "{pattern}: {found}");
    }
}

#[test]
fn sum_scores_of_science_are_those_of_mirt() {
    let behaviours = science().into_iter().map(SoftItem::known).collect();
    let likelihoods = TaskItem::new(behaviours, 0.0).unwrap().table().graded().likelihoods();
    let wanted = [
        (0, -2.749_266_94, 0.629_352_5),
        (1, -2.430_967_01, 0.616_766_6),
        (5, -1.011_867_64, 0.603_859_6),
        (8, 0.082_404_46, 0.599_663_6),
        (12, 1.853_513_89, 0.654_409_7),
    ];
    for (sum, mean, sd) in wanted {
        let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
        posterior.observe(&likelihoods[sum]).unwrap();
        assert!((posterior.mean() - mean).abs() < 2e-5 && (posterior.sd() - sd).abs() < 2e-5, "{sum}");
    }
}

#[test]
fn extremes_have_no_maximum_and_a_finite_weighted_one() {
    for items in [lsat6(), science()] {
        let top = items[0].categories() as u8 - 1;
        let patterns = [vec![0; items.len()], vec![top; items.len()]];
        let [low, high] = scores(&items, &patterns, Method::Ml)[..] else { panic!() };
        assert_eq!((low.theta(), high.theta()), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(low.se().is_infinite() && high.se().is_infinite());
        let [low, high] = scores(&items, &patterns, Method::Wle)[..] else { panic!() };
        assert!(low.theta() < -2.0 && low.theta() > -12.0 && high.theta() > 0.5 && high.theta() < 12.0);
        assert!(low.se().is_finite() && high.se().is_finite());
    }
}

/// For logistic curves with two categories and no guessing, Warm's estimate is the top of the likelihood times √I.
#[test]
fn weighted_likelihood_is_the_mode_under_jeffreys_prior() {
    let items = lsat6();
    for pattern in ["00000", "01011", "11011", "11111"] {
        let pattern = digits(pattern, 0);
        let height = |theta: f64| {
            let mut out = [0.0; 2];
            let mut log = 0.0;
            let mut information = 0.0;
            for (item, &category) in items.iter().zip(&pattern) {
                item.probabilities(theta, &mut out);
                log += out[usize::from(category)].ln();
                information += item.information(theta);
            }
            log + 0.5 * information.ln()
        };
        let grid = (-90_000..90_000).map(|k| f64::from(k) * 1e-4);
        let top = grid.max_by(|a, b| height(*a).total_cmp(&height(*b))).unwrap();
        let found = scores(&items, &[pattern], Method::Wle)[0];
        assert!((found.theta() - top).abs() < 2e-4, "{} {top}", found.theta());
    }
}

#[test]
fn means_are_those_of_a_fine_grid() {
    let items = [lsat6(), lsat6(), lsat6(), lsat6()].concat();
    for pattern in [[0_u8; 20], [1; 20], std::array::from_fn(|k| (k % 3 == 0) as u8)] {
        let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
        for k in -8000..=8000 {
            let theta = f64::from(k) * 1e-3;
            let mut out = [0.0; 2];
            let mut weight = (-0.5 * theta * theta).exp();
            for (item, &category) in items.iter().zip(&pattern) {
                item.probabilities(theta, &mut out);
                weight *= out[usize::from(category)];
            }
            sum += weight;
            first += weight * theta;
            second += weight * theta * theta;
        }
        let mean = first / sum;
        let sd = (second / sum - mean * mean).sqrt();
        let found = scores(&items, &[pattern.to_vec()], Method::Eap)[0];
        // The posterior of the lowest pattern reaches beyond the grid.
        let within = if mean < -3.0 { 2e-3 } else { 1e-6 };
        assert!((found.theta() - mean).abs() < within && (found.se() - sd).abs() < within, "{mean} {}", found.theta());
        let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
        for (item, &category) in items.iter().zip(&pattern) {
            posterior.observe(&SoftItem::known(item.clone()).likelihoods()[usize::from(category)]).unwrap();
        }
        assert!((posterior.mean() - mean).abs() < within && (posterior.sd() - sd).abs() < within);
        let mode = scores(&items, &[pattern.to_vec()], Method::Map)[0].theta();
        assert!((posterior.mode() - mode).abs() < 0.002, "{} {mode}", posterior.mode());
    }
}

#[test]
fn gaps_groups_and_faults() {
    let items = lsat6();
    let mut responses =
        Responses::new(answers(&[vec![0; 5]], 2).items().to_vec(), vec!["a".into(), "b".into()]).unwrap();
    let answer = |item, category| Answer { item, category };
    responses.push(&[answer(1, 1), answer(4, 0)], 1.0, 1).unwrap();
    responses.push(&[], 1.0, 0).unwrap();
    let priors = [STANDARD, NormalPrior { mean: 0.5, sd: 0.8 }];
    let found = score_all(&items, &responses, Method::Eap, &priors).unwrap();
    let mut posterior = Posterior::normal(0.5, 0.8).unwrap();
    posterior.observe(&SoftItem::known(items[1].clone()).likelihoods()[1]).unwrap();
    posterior.observe(&SoftItem::known(items[4].clone()).likelihoods()[0]).unwrap();
    assert!((found[0].theta() - posterior.mean()).abs() < 1e-12 && (found[0].se() - posterior.sd()).abs() < 1e-12);
    assert!(found[1].theta().abs() < 1e-12 && (found[1].se() - 1.0).abs() < 1e-6);
    for method in [Method::Wle, Method::Ml] {
        let nothing = score_all(&items, &responses, method, &priors).unwrap()[1];
        assert_eq!((nothing.theta(), nothing.se()), (0.0, f64::INFINITY));
    }
    let fault = |items: &[Item], priors: &[NormalPrior]| score_all(items, &responses, Method::Eap, priors).unwrap_err();
    assert_eq!(fault(&items[1..], &priors), ScoreError::Items { items: 4, columns: 5 });
    assert_eq!(fault(&items, &priors[1..]), ScoreError::Priors { priors: 1, groups: 2 });
    assert_eq!(fault(&items, &[STANDARD, NormalPrior { mean: 0.0, sd: 0.0 }]), ScoreError::Prior("b".into()));
    let mut others = items.clone();
    others[2] = science().remove(0);
    assert!(matches!(fault(&others, &priors), ScoreError::Categories { item: 4, column: 2, .. }));
    others[2] = items[2].clone().with_specific(crate::item::Specific { factor: 0, slope: 1.0 });
    assert_eq!(fault(&others, &priors), ScoreError::Specific("i3".into()));
    assert_eq!(format!("{:?}", found[0]), "Estimate(…)");
}

#[test]
fn a_thousand_items_neither_vanish_nor_disagree() {
    let items: Vec<Item> = (0..1000).map(|k| Item::two_pl(2.0, 6.0 - 0.012 * f64::from(k)).unwrap()).collect();
    let pattern: Vec<u8> = (0..1000).map(|k| (k * 7 % 1000 < 480) as u8).collect();
    let found = scores(&items, std::slice::from_ref(&pattern), Method::Eap)[0];
    let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
    for (item, &category) in items.iter().zip(&pattern) {
        posterior.observe(&SoftItem::known(item.clone()).likelihoods()[usize::from(category)]).unwrap();
    }
    assert!((found.theta() - posterior.mean()).abs() < 1e-9, "{} {}", found.theta(), posterior.mean());
    let map = scores(&items, &[pattern], Method::Map)[0];
    let (from, to) = posterior.interval(0.5);
    assert!(from < map.theta() && map.theta() < to && (posterior.mode() - map.theta()).abs() < 0.002);
}
