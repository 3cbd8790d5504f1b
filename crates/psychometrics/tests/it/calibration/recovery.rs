//! Known truth, simulated and found again.

use super::fit;
use crate::data::{self, Group};
use psychometrics::fit::{Fit, GuessingPrior, ItemPrior, Model, NormalPrior, Plan};
use psychometrics::{Curve, Item, Random};

/// Items with log-normal slopes (all 1 if they are fixed) and normal difficulties, `steps` each.
fn items(model: Model, count: usize, steps: usize, seed: u64) -> Vec<Item> {
    let mut random = Random::new(seed);
    let curve = match model {
        Model::Graded => Curve::Graded,
        Model::PartialCredit | Model::GeneralisedPartialCredit => Curve::PartialCredit,
        _ => Curve::Dichotomous,
    };
    let one = |_| {
        let slope = random.log_normal(0.15, 0.25);
        let fixed = matches!(model, Model::Rasch | Model::PartialCredit);
        let centre = 0.8 * random.normal();
        let b: Vec<f64> = (0..steps).map(|k| centre + 0.9 * (k as f64 - 0.5 * (steps as f64 - 1.0))).collect();
        let lower = if model == Model::ThreePl { 0.2 } else { 0.0 };
        Item::from_difficulties(curve, if fixed { 1.0 } else { slope }, &b, lower).unwrap()
    };
    (0..count).map(one).collect()
}

/// Mean square of (found − truth) / standard error over all item parameters: 1 when errors are what they claim to be.
fn surprise(fit: &Fit, truth: &[Item]) -> f64 {
    let mut squares = Vec::new();
    for (fitted, truth) in fit.items.iter().zip(truth) {
        let mut add = |found: f64, wanted: f64, error: Option<f64>| {
            squares.extend(error.map(|error| ((found - wanted) / error).powi(2)));
        };
        add(fitted.item.slope(), truth.slope(), fitted.errors.slope);
        for (k, error) in fitted.errors.intercepts.iter().enumerate() {
            add(fitted.item.intercepts()[k], truth.intercepts()[k], *error);
        }
    }
    squares.iter().sum::<f64>() / squares.len() as f64
}

#[test]
fn every_model_finds_its_truth_within_the_errors_that_it_states() {
    for (model, steps) in [
        (Model::Rasch, 1),
        (Model::TwoPl, 1),
        (Model::Graded, 3),
        (Model::PartialCredit, 2),
        (Model::GeneralisedPartialCredit, 3),
    ] {
        for answered in [1.0, 0.5] {
            let mut mean = 0.0;
            for seed in 0..6 {
                let truth = items(model, 20, steps, 11 + seed);
                let responses = data::simulate(&truth, &data::people(1000), answered, 100 + seed);
                mean += surprise(&fit(&responses, &Plan::new(model)), &truth) / 6.0;
            }
            assert!((0.75..1.3).contains(&mean), "{model:?} {answered}: {mean}");
        }
    }
}

#[test]
fn guessing_is_held_and_slopes_are_found() {
    let truth = items(Model::ThreePl, 30, 1, 21);
    let responses = data::simulate(&truth, &data::people(4000), 1.0, 22);
    let usual = fit(&responses, &Plan::new(Model::ThreePl));
    assert!((0.5..1.5).contains(&surprise(&usual, &truth)), "{}", surprise(&usual, &truth));
    assert!(usual.items.iter().all(|fitted| (0.08..0.4).contains(&fitted.item.lower())));
    let mut known = Plan::new(Model::ThreePl);
    known.priors = vec![ItemPrior { guessing: Some(GuessingPrior::Fixed(0.2)), ..ItemPrior::default() }; 30];
    let known = fit(&responses, &known);
    assert!((0.6..1.5).contains(&surprise(&known, &truth)), "{}", surprise(&known, &truth));
    assert!(
        known.items.iter().all(|fitted| (fitted.item.lower() - 0.2).abs() < 1e-12 && fitted.errors.lower.is_none())
    );
    // Fixed at nought it is the model with two parameters.
    let mut none = Plan::new(Model::ThreePl);
    none.priors = vec![ItemPrior { guessing: Some(GuessingPrior::Fixed(0.0)), ..ItemPrior::default() }; 30];
    let two = fit(&responses, &Plan::new(Model::TwoPl));
    assert_eq!(fit(&responses, &none).log_likelihood, two.log_likelihood);
}

#[test]
fn groups_differ_as_they_were_made() {
    let groups = [
        Group { people: 700, mean: 0.0, sd: 1.0 },
        Group { people: 700, mean: 0.7, sd: 1.4 },
        Group { people: 700, mean: -1.5, sd: 0.6 },
    ];
    for (model, steps) in [(Model::TwoPl, 1), (Model::Rasch, 1), (Model::PartialCredit, 2)] {
        let mut mean = 0.0;
        for seed in 0..6 {
            let truth = items(model, 20, steps, 31 + seed);
            let found = fit(&data::simulate(&truth, &groups, 0.8, 200 + seed), &Plan::new(model));
            mean += surprise(&found, &truth) / 6.0;
            for (found, group) in found.groups.iter().zip(&groups) {
                let z =
                    |found: f64, wanted: f64, error: Option<f64>| error.map_or(0.0, |error| (found - wanted) / error);
                assert!(z(found.mean, group.mean, found.mean_error).abs() < 4.0, "{model:?} {found:?}");
                assert!(z(found.variance, group.sd.powi(2), found.variance_error).abs() < 4.0, "{model:?} {found:?}");
            }
            let fixed = matches!(model, Model::Rasch | Model::PartialCredit);
            assert!(found.groups[0].mean_error.is_none() && found.groups[0].variance_error.is_some() == fixed);
            assert!(found.groups[1].mean_error.is_some() && found.groups[2].variance_error.is_some());
        }
        assert!((0.7..1.35).contains(&mean), "{model:?} {mean}");
    }
}

#[test]
fn a_group_that_the_usual_grid_would_cut_off_is_found_too() {
    let truth = items(Model::Rasch, 40, 1, 41);
    let groups = [Group { people: 2000, mean: 0.0, sd: 1.0 }, Group { people: 2000, mean: 4.0, sd: 2.0 }];
    let found = fit(&data::simulate(&truth, &groups, 1.0, 42), &Plan::new(Model::Rasch));
    let group = &found.groups[1];
    assert!((group.mean - 4.0).abs() < 4.0 * group.mean_error.unwrap(), "{group:?}");
    assert!((group.variance - 4.0).abs() < 4.0 * group.variance_error.unwrap(), "{group:?}");
}

#[test]
fn at_25_answers_an_item_what_the_author_thinks_helps() {
    let mut random = Random::new(51);
    let truth: Vec<Item> = (0..120)
        .map(|_| {
            let (a, b) = (random.log_normal(1.2_f64.ln(), 0.3), random.normal().clamp(-1.2, 1.2));
            Item::from_difficulties(Curve::Dichotomous, a, &[b], 0.0).unwrap()
        })
        .collect();
    let responses = data::simulate(&truth, &data::people(120), 0.21, 52);
    let prior = |item: &Item, random: &mut Random| ItemPrior {
        ln_slope: Some(NormalPrior { mean: 1.2_f64.ln(), sd: 0.3 }),
        difficulties: vec![NormalPrior { mean: item.difficulties()[0] + 0.57 * random.normal(), sd: 0.57 }],
        guessing: None,
    };
    let mut plan = Plan::new(Model::TwoPl);
    plan.priors = truth.iter().map(|item| prior(item, &mut random)).collect();
    let rmse = |difficulty: &dyn Fn(usize) -> f64| {
        let squares =
            truth.iter().enumerate().map(|(index, item)| (difficulty(index) - item.difficulties()[0]).powi(2));
        (squares.sum::<f64>() / truth.len() as f64).sqrt()
    };
    let found = fit(&responses, &plan);
    let alone = super::try_fit(&responses, &Plan::new(Model::TwoPl)).unwrap();
    super::assert_finite(&alone);
    let with_prior = rmse(&|index| found.items[index].item.difficulties()[0]);
    let without = rmse(&|index| alone.items[index].item.difficulties()[0].clamp(-6.0, 6.0));
    let author = rmse(&|index| plan.priors[index].difficulties[0].mean);
    assert!(with_prior < 0.42 && with_prior < 0.75 * author, "{with_prior} {author}");
    assert!(without > 1.5 * with_prior, "{without} {with_prior}");
    assert!((0.5..1.5).contains(&surprise(&found, &truth)), "{}", surprise(&found, &truth));
}

#[test]
fn families_draw_their_items_together_by_as_much_as_they_are_alike() {
    for spread in [0.3, 0.8] {
        let mut random = Random::new(61);
        let mut truth = Vec::new();
        let mut families = Vec::new();
        for family in 0..20 {
            let centre = random.normal();
            for _ in 0..5 {
                let b = centre + spread * random.normal();
                truth.push(Item::from_difficulties(Curve::Dichotomous, 1.2, &[b], 0.0).unwrap());
                families.push(Some(family));
            }
        }
        let responses = data::simulate(&truth, &data::people(700), 0.15, 62);
        let slope = ItemPrior { ln_slope: Some(NormalPrior { mean: 0.18, sd: 0.3 }), ..ItemPrior::default() };
        let mut plan = Plan::new(Model::TwoPl);
        plan.priors = vec![slope; 100];
        let apart = fit(&responses, &plan);
        plan.families = families;
        let together = fit(&responses, &plan);
        let found = together.family_sd.unwrap();
        assert!((found / spread - 1.0).abs() < 0.3, "{found} {spread}");
        let rmse = |fit: &Fit| {
            let errors = fit.items.iter().zip(&truth).map(|(f, t)| f.item.difficulties()[0] - t.difficulties()[0]);
            (errors.map(|error| error * error).sum::<f64>() / truth.len() as f64).sqrt()
        };
        assert!(rmse(&together) < rmse(&apart), "{} {}", rmse(&together), rmse(&apart));
        assert!((0.5..1.5).contains(&surprise(&together, &truth)), "{}", surprise(&together, &truth));
    }
}
