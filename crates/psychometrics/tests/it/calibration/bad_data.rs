//! Data and plans that cannot be fitted, or hardly: what is said of them.

use super::{assert_finite, fit, try_fit};
use crate::data::{self, answers};
use psychometrics::fit::{Convergence, FitError, GuessingPrior, ItemPrior, Model, NormalPrior, Plan};
use psychometrics::{Item, Responses};

fn rows(categories: &[usize], rows: &[&[u8]]) -> Responses {
    let mut responses = Responses::numbered(categories).unwrap();
    for row in rows {
        let given: Vec<_> = answers(row).into_iter().filter(|answer| answer.category < 9).collect();
        responses.push(&given, 1.0, 0).unwrap();
    }
    responses
}

/// What a fit that must fail says.
fn refusal(responses: &Responses, plan: &Plan) -> String {
    try_fit(responses, plan).unwrap_err().to_string()
}

fn prior(difficulties: usize) -> ItemPrior {
    let normal = NormalPrior { mean: 0.0, sd: 1.0 };
    ItemPrior { ln_slope: Some(normal), difficulties: vec![normal; difficulties], guessing: None }
}

#[test]
fn an_item_that_says_nothing_is_named() {
    let plan = Plan::new(Model::TwoPl);
    assert_eq!(try_fit(&rows(&[2, 2], &[]), &plan), Err(FitError::NoAnswers));
    assert_eq!(try_fit(&rows(&[2, 2], &[&[9, 9]]), &plan), Err(FitError::NoAnswers));
    let constant = rows(&[2, 2, 2], &[&[0, 1, 0], &[1, 1, 1], &[1, 1, 0]]);
    assert!(refusal(&constant, &plan).contains("item i2: everybody who answered has category 1"));
    let unanswered = rows(&[2, 2, 2], &[&[0, 9, 0], &[1, 9, 1]]);
    assert!(refusal(&unanswered, &plan).contains("item i2: nobody answered it"));
    let gap = rows(&[3, 3], &[&[0, 1], &[2, 0], &[2, 2]]);
    assert!(refusal(&gap, &Plan::new(Model::Graded)).contains("item i1: nobody is in category 1"));
    assert!(refusal(&gap, &plan).contains("item i1 has 3 categories; the model 2pl takes two"));
}

#[test]
fn with_priors_such_items_can_be_fitted() {
    let mut plan = Plan::new(Model::TwoPl);
    plan.priors = vec![prior(1); 4];
    let responses = rows(&[2, 2, 2, 2], &[&[0, 1, 9, 0], &[1, 1, 9, 1], &[1, 1, 9, 0], &[0, 1, 9, 0]]);
    let found = fit(&responses, &plan);
    // An item that nobody answered stays where it was believed to be, and as uncertain.
    let unseen = &found.items[2];
    assert!((unseen.item.slope() - 1.0).abs() < 1e-5 && unseen.item.intercepts()[0].abs() < 1e-5);
    assert!((unseen.errors.slope.unwrap() - 1.0).abs() < 1e-4);
    assert!(found.items[1].item.difficulties()[0] < -0.1);
    let mut graded = Plan::new(Model::Graded);
    graded.priors = vec![
        ItemPrior {
            difficulties: vec![NormalPrior { mean: -0.5, sd: 1.0 }, NormalPrior { mean: 0.5, sd: 1.0 }],
            ..prior(2)
        };
        2
    ];
    fit(&rows(&[3, 3], &[&[0, 1], &[2, 0], &[2, 2], &[0, 0]]), &graded);
}

#[test]
fn a_plan_that_does_not_fit_the_data_is_refused() {
    let responses = data::lsat6();
    let refused = |change: &dyn Fn(&mut Plan), words: &str| {
        let mut plan = Plan::new(Model::TwoPl);
        change(&mut plan);
        let said = refusal(&responses, &plan);
        assert!(said.contains(words), "{said}");
    };
    refused(&|plan| plan.priors = vec![prior(1); 4], "priors stand for 4 items, and there are 5");
    refused(&|plan| plan.families = vec![None; 6], "families stand for 6 items");
    refused(&|plan| plan.priors = vec![prior(2); 5], "prior of item i1: 2 difficulties, and 1 are needed");
    refused(&|plan| plan.factors = vec![Some(0); 5], "no factors");
    refused(&|plan| plan.model = Model::Bifactor, "factors of its own");
    refused(&|plan| plan.tolerance = f64::NAN, "tolerance");
    refused(&|plan| plan.max_iterations = 0, "iteration");
    let with = |change: &dyn Fn(&mut ItemPrior)| {
        let mut one = prior(1);
        change(&mut one);
        vec![one; 5]
    };
    refused(&|plan| plan.priors = with(&|p| p.difficulties[0].sd = 0.0), "positive standard deviation");
    refused(&|plan| plan.priors = with(&|p| p.difficulties[0].mean = f64::NAN), "finite mean");
    refused(&|plan| plan.priors = with(&|p| p.guessing = Some(GuessingPrior::Free)), "three parameters");
    refused(
        &|plan| {
            plan.model = Model::ThreePl;
            plan.priors = with(&|p| p.guessing = Some(GuessingPrior::Fixed(1.0)));
        },
        "below 1",
    );
    refused(
        &|plan| {
            plan.model = Model::Rasch;
            plan.priors = vec![prior(1); 5];
        },
        "fixes all slopes",
    );
    let mut empty_group = Responses::new(responses.items().to_vec(), vec!["here".into(), "nobody".into()]).unwrap();
    responses.iter().for_each(|person| empty_group.push(person.answers, person.weight, 0).unwrap());
    assert!(refusal(&empty_group, &Plan::new(Model::TwoPl)).contains("group nobody: nobody in it answered"));
}

#[test]
fn what_answers_leave_open_is_said_and_the_items_are_named() {
    // Everybody right up to some question and wrong from there on: slopes run away.
    let ladder: Vec<Vec<u8>> = (0..=6).map(|right| (0..6).map(|item| u8::from(item < right)).collect()).collect();
    let ladder: Vec<&[u8]> = ladder.iter().map(Vec::as_slice).collect();
    let found = try_fit(&rows(&[2; 6], &ladder), &Plan::new(Model::TwoPl)).unwrap();
    assert_finite(&found);
    let Convergence::Undetermined { items } = &found.convergence else { panic!("{:?}", found.convergence) };
    assert!(!items.is_empty() && items.iter().all(|item| item.starts_with('i')));
    // With two items slopes and intercepts have four parameters, and there are three frequencies.
    let two = rows(&[2, 2], &[&[0, 0], &[0, 1], &[1, 0], &[1, 1], &[1, 1], &[0, 0]]);
    let found = try_fit(&two, &Plan::new(Model::TwoPl)).unwrap();
    assert_finite(&found);
    assert!(matches!(found.convergence, Convergence::Undetermined { .. }), "{:?}", found.convergence);
}

#[test]
fn groups_without_a_common_item_cannot_be_compared() {
    let items: Vec<Item> = (0..10).map(|k| Item::two_pl(1.2, 0.2 * f64::from(k) - 1.0).unwrap()).collect();
    let one = data::simulate(&items, &data::people(400), 1.0, 91);
    let mut apart = Responses::new(one.items().to_vec(), vec!["first".into(), "second".into()]).unwrap();
    for (index, person) in one.iter().enumerate() {
        let half = if index % 2 == 0 { &person.answers[..5] } else { &person.answers[5..] };
        apart.push(half, 1.0, index % 2).unwrap();
    }
    let found = try_fit(&apart, &Plan::new(Model::TwoPl)).unwrap();
    assert_finite(&found);
    assert!(matches!(found.convergence, Convergence::Undetermined { .. }), "{:?}", found.convergence);
}

#[test]
fn free_guessing_that_is_not_determined_is_said() {
    let items: Vec<Item> = (0..8).map(|k| Item::two_pl(1.2, 2.5 + 0.2 * f64::from(k)).unwrap()).collect();
    let responses = data::simulate(&items, &data::people(300), 1.0, 92);
    let mut plan = Plan::new(Model::ThreePl);
    plan.priors = vec![ItemPrior { guessing: Some(GuessingPrior::Free), ..ItemPrior::default() }; 8];
    let found = try_fit(&responses, &plan).unwrap();
    assert_finite(&found);
    assert!(matches!(found.convergence, Convergence::Undetermined { .. }), "{:?}", found.convergence);
}

#[test]
fn weights_of_any_size_and_single_people_give_finite_numbers() {
    let mut responses = Responses::numbered(&[2, 2, 2]).unwrap();
    responses.push(&answers(&[0, 1, 1]), 1e9, 0).unwrap();
    responses.push(&answers(&[1, 0, 1]), 1e-9, 0).unwrap();
    responses.push(&answers(&[1, 1, 0]), 1.0, 0).unwrap();
    for model in [Model::Rasch, Model::TwoPl, Model::ThreePl] {
        assert_finite(&try_fit(&responses, &Plan::new(model)).unwrap());
    }
    let mut plan = Plan::new(Model::TwoPl);
    plan.priors = vec![prior(1); 3];
    assert_finite(&try_fit(&rows(&[2, 2, 2], &[&[0, 1, 0]]), &plan).unwrap());
}

#[test]
fn one_item_that_runs_away_leaves_the_others_their_errors() {
    let items: Vec<Item> = (0..10).map(|k| Item::two_pl(1.2, 0.3 * f64::from(k) - 1.5).unwrap()).collect();
    let simulated = data::simulate(&items, &data::people(300), 1.0, 93);
    let mut responses = Responses::numbered(&[2; 11]).unwrap();
    for person in simulated.iter() {
        // Right exactly when at least six others are: no slope is steep enough.
        let right: u8 = person.answers.iter().map(|answer| answer.category).sum();
        let all: Vec<u8> = person.answers.iter().map(|answer| answer.category).chain([u8::from(right >= 6)]).collect();
        responses.push(&answers(&all), 1.0, 0).unwrap();
    }
    let found = try_fit(&responses, &Plan::new(Model::TwoPl)).unwrap();
    assert_finite(&found);
    assert_eq!(found.convergence, Convergence::Undetermined { items: vec!["i11".into()] });
    assert!(found.items[10].errors.slope.is_none() && found.items[..10].iter().all(|i| i.errors.slope.is_some()));
}

#[test]
fn people_who_do_not_differ_have_a_variance_near_nought() {
    let items: Vec<Item> = (0..10).map(|k| Item::two_pl(1.0, 0.3 * f64::from(k) - 1.5).unwrap()).collect();
    let alike = [data::Group { people: 400, mean: 0.0, sd: 1e-3 }];
    for seed in 0..4 {
        let found = try_fit(&data::simulate(&items, &alike, 1.0, seed), &Plan::new(Model::Rasch)).unwrap();
        assert_finite(&found);
        assert!(found.groups[0].variance < 0.1, "{found:?}");
        assert_eq!(found.convergence, Convergence::Converged, "{:?} {}", found.groups, found.iterations);
    }
}
