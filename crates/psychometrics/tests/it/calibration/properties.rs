//! What must be so whatever the data.

use super::{fit, try_fit};
use crate::data::{self, Group, answers};
use proptest::prelude::*;
use psychometrics::fit::{
    Convergence, Fit, FitProgress, ItemPrior, Model, NormalPrior, Plan, StandardErrors, calibrate,
};
use psychometrics::{Answer, Item, Random, Responses};
use std::ops::ControlFlow;

const MODELS: [Model; 6] =
    [Model::Rasch, Model::TwoPl, Model::ThreePl, Model::Graded, Model::PartialCredit, Model::GeneralisedPartialCredit];

/// Enough answers that people are summed up in f32, in several blocks, in two groups.
fn large() -> Responses {
    let mut random = Random::new(71);
    let items: Vec<Item> =
        (0..60).map(|_| Item::two_pl(random.log_normal(0.2, 0.3), random.normal()).unwrap()).collect();
    let groups = [Group { people: 6000, mean: 0.0, sd: 1.0 }, Group { people: 2500, mean: 0.4, sd: 0.8 }];
    data::simulate(&items, &groups, 0.9, 72)
}

#[test]
fn threads_cannot_be_seen_in_the_result() {
    let mut plan = Plan::new(Model::TwoPl);
    for responses in [data::lsat6(), large()] {
        plan.threads = 1;
        let one = fit(&responses, &plan);
        for threads in [2, 7] {
            plan.threads = threads;
            assert!(fit(&responses, &plan) == one, "{threads} threads");
        }
    }
}

#[test]
fn sums_in_f32_come_as_near_as_the_tolerance_says() {
    let responses = large();
    let mut plan = Plan::new(Model::TwoPl);
    let usual = fit(&responses, &plan);
    // So small a tolerance is reached in f64 only.
    plan.tolerance = 1e-8;
    let exact = fit(&responses, &plan);
    assert!((usual.log_likelihood - exact.log_likelihood).abs() < 1e-3);
    for (usual, exact) in usual.items.iter().zip(&exact.items) {
        assert!((usual.item.slope() - exact.item.slope()).abs() < 2e-4);
        assert!((usual.item.intercepts()[0] - exact.item.intercepts()[0]).abs() < 2e-4);
    }
}

#[test]
fn plain_em_never_falls() {
    let bounded = ItemPrior { ln_slope: Some(NormalPrior { mean: 0.2, sd: 0.3 }), ..ItemPrior::default() };
    for model in MODELS {
        let (responses, items) = match model {
            Model::Rasch | Model::TwoPl | Model::ThreePl => (data::lsat7(), 5),
            _ => (data::science(), 4),
        };
        let mut plans = vec![Plan::new(model)];
        if !matches!(model, Model::Rasch | Model::PartialCredit) {
            plans.push(Plan { priors: vec![bounded.clone(); items], ..Plan::new(model) });
        }
        for mut plan in plans {
            plan.accelerate = false;
            let mut before = f64::NEG_INFINITY;
            let mut watch = |progress: FitProgress| {
                let now = progress.log_likelihood;
                assert!(now >= before - 1e-8, "{model:?} {}: {before} {now}", progress.iteration);
                before = now;
                ControlFlow::Continue(())
            };
            let slow = calibrate(&responses, &plan, &mut watch).unwrap();
            plan.accelerate = true;
            let quick = fit(&responses, &plan);
            assert!((slow.log_likelihood + slow.log_prior - quick.log_likelihood - quick.log_prior).abs() < 1e-5);
        }
    }
}

#[test]
fn nobody_s_place_matters_and_equal_patterns_may_be_counted() {
    let patterns = data::lsat6();
    let mut people = Vec::new();
    for pattern in patterns.iter() {
        people.extend(vec![pattern.answers.to_vec(); pattern.weight as usize]);
    }
    let mut random = Random::new(81);
    for place in (1..people.len()).rev() {
        people.swap(place, random.index(place + 1));
    }
    let mut shuffled = Responses::numbered(&[2; 5]).unwrap();
    people.iter().for_each(|answers| shuffled.push(answers, 1.0, 0).unwrap());
    let (one, other) = (fit(&patterns, &Plan::new(Model::TwoPl)), fit(&shuffled, &Plan::new(Model::TwoPl)));
    assert!((one.log_likelihood - other.log_likelihood).abs() < 1e-8);
    for (one, other) in one.items.iter().zip(&other.items) {
        assert!((one.item.slope() - other.item.slope()).abs() < 1e-6);
        assert!((one.errors.slope.unwrap() - other.errors.slope.unwrap()).abs() < 1e-5);
    }
}

#[test]
fn people_who_answered_nothing_change_nothing() {
    let mut more = data::lsat6();
    for _ in 0..500 {
        more.push(&[], 1.0, 0).unwrap();
    }
    let (few, more) = (fit(&data::lsat6(), &Plan::new(Model::TwoPl)), fit(&more, &Plan::new(Model::TwoPl)));
    assert_eq!(few.items, more.items);
    assert_eq!((few.log_likelihood, more.people), (more.log_likelihood, 1500.0));
}

#[test]
fn whoever_watches_may_stop_and_gets_what_there_is() {
    for responses in [data::lsat6(), large()] {
        let mut calls = 0;
        let mut watch = |progress: FitProgress| {
            calls += 1;
            assert!(progress.iteration == calls && progress.log_likelihood.is_finite());
            if calls == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let found = calibrate(&responses, &Plan::new(Model::TwoPl), &mut watch).unwrap();
        assert_eq!((found.convergence.clone(), found.iterations), (Convergence::Stopped, 3));
        super::assert_finite(&found);
    }
    let mut plan = Plan::new(Model::TwoPl);
    plan.max_iterations = 2;
    let found = try_fit(&data::lsat6(), &plan).unwrap();
    assert!(matches!(found.convergence, Convergence::OutOfIterations { .. }), "{:?}", found.convergence);
}

#[test]
fn without_standard_errors_there_are_none() {
    let mut plan = Plan::new(Model::TwoPl);
    plan.standard_errors = StandardErrors::None;
    let found = fit(&data::lsat6(), &plan);
    assert!(found.items.iter().all(|fitted| fitted.errors.slope.is_none() && fitted.errors.covariance.is_none()));
}

fn log_posterior(fit: &Fit) -> f64 {
    fit.log_likelihood + fit.log_prior
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_can_be_put_in_gives_nonsense(
        rows in prop::collection::vec((prop::collection::vec(0..4_u8, 6), 0.01..50.0_f64), 1..40),
        model in 0..6_usize,
        priors in any::<bool>(),
        two_groups in any::<bool>(),
    ) {
        let model = MODELS[model];
        let categories = match model { Model::Rasch | Model::TwoPl | Model::ThreePl => 2, _ => 3 };
        let names = if two_groups { vec!["one".into(), "other".into()] } else { Vec::new() };
        let columns = Responses::numbered(&[categories; 6]).unwrap().items().to_vec();
        let mut responses = Responses::new(columns, names).unwrap();
        for (index, (row, weight)) in rows.iter().enumerate() {
            // A 3 is no answer (for two categories a 2 as well).
            let given: Vec<Answer> =
                answers(row).into_iter().filter(|answer| usize::from(answer.category) < categories).collect();
            responses.push(&given, *weight, if two_groups { index % 2 } else { 0 }).unwrap();
        }
        let mut plan = Plan::new(model);
        plan.max_iterations = 100;
        if priors {
            let fixed = matches!(model, Model::Rasch | Model::PartialCredit);
            let prior = ItemPrior {
                ln_slope: (!fixed).then_some(NormalPrior { mean: 0.0, sd: 0.5 }),
                difficulties: (1..categories).map(|k| NormalPrior { mean: k as f64 - 1.0, sd: 1.0 }).collect(),
                guessing: None,
            };
            plan.priors = vec![prior; 6];
        }
        match try_fit(&responses, &plan) {
            Ok(found) => {
                super::assert_finite(&found);
                let mut again = plan.clone();
                again.threads = 3;
                prop_assert!(log_posterior(&try_fit(&responses, &again).unwrap()) == log_posterior(&found));
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
