use super::*;
use crate::fit::plan::ItemPrior;
use crate::item::{Item, Specific};
use crate::random::Random;
use crate::responses::Answer;

/// Answers of people with standard normal levels; a share of them missing.
fn simulate(items: &[Item], people: usize, missing: f64, seed: u64) -> Responses {
    let categories: Vec<usize> = items.iter().map(Item::categories).collect();
    let factors = items.iter().filter_map(|item| item.specific()).map(|own| own.factor + 1).max().unwrap_or(0);
    let mut responses = Responses::numbered(&categories).unwrap();
    for person in 0..people {
        let mut random = Random::of(seed, person as u64);
        let general = random.normal();
        let own: Vec<f64> = (0..factors).map(|_| random.normal()).collect();
        let mut answers = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let specific = item.specific().map_or(0.0, |specific| specific.slope * own[specific.factor]);
            let mut chances = vec![0.0; item.categories()];
            item.probabilities_at(item.slope() * general + specific, &mut chances);
            let category = random.weighted(&chances) as u8;
            if random.uniform() >= missing {
                answers.push(Answer { item: place as u32, category });
            }
        }
        responses.push(&answers, 1.0, 0).unwrap();
    }
    responses
}

fn factors_of(items: &[Item]) -> Vec<Option<usize>> {
    items.iter().map(|item| item.specific().map(|own| own.factor)).collect()
}

fn plan(model: Model, items: &[Item]) -> Plan {
    Plan { factors: factors_of(items), ..Plan::new(model) }
}

/// Right-or-wrong items of `factors` factors; an item without factor at the end.
fn bank(factors: usize, each: usize, seed: u64) -> Vec<Item> {
    let mut random = Random::new(seed);
    let mut items: Vec<Item> = (0..factors * each)
        .map(|place| {
            let item = Item::two_pl(random.log_normal(0.2, 0.25), 1.2 * random.normal()).unwrap();
            item.with_specific(Specific { factor: place / each, slope: random.log_normal(-0.3, 0.25) })
        })
        .collect();
    items.push(Item::two_pl(1.1, 0.2).unwrap());
    items
}

fn fitted(responses: &Responses, plan: &Plan) -> Fit {
    calibrate_bifactor(responses, plan, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// Root mean square error of slopes, own slopes and intercepts.
fn errors_of(fit: &Fit, items: &[Item]) -> [f64; 3] {
    let mut sums = [(0.0, 0); 3];
    for (found, item) in fit.items.iter().zip(items) {
        let found = &found.item;
        let mut add = |place: usize, found: f64, wanted: f64| {
            sums[place].0 += (found - wanted) * (found - wanted);
            sums[place].1 += 1;
        };
        add(0, found.slope(), item.slope());
        if let (Some(found), Some(wanted)) = (found.specific(), item.specific()) {
            add(1, found.slope, wanted.slope);
        }
        found.intercepts().iter().zip(item.intercepts()).for_each(|(found, wanted)| add(2, *found, *wanted));
    }
    sums.map(|(square, count)| (square / f64::from(count)).sqrt())
}

#[test]
fn finds_the_truth_again() {
    let items = bank(3, 6, 3);
    let responses = simulate(&items, 4000, 0.1, 4);
    let fit = fitted(&responses, &plan(Model::Bifactor, &items));
    assert_eq!(fit.convergence, Convergence::Converged);
    assert_eq!(fit.parameters, 18 * 3 + 2);
    let [slopes, own, intercepts] = errors_of(&fit, &items);
    assert!(slopes < 0.10 && own < 0.14 && intercepts < 0.08, "{slopes} {own} {intercepts}");
    // Standardised by the stated errors, the misses are of size one.
    let standard: Vec<f64> = fit
        .items
        .iter()
        .zip(&items)
        .map(|(found, item)| (found.item.slope() - item.slope()) / found.errors.slope.unwrap())
        .collect();
    let spread = (standard.iter().map(|z| z * z).sum::<f64>() / standard.len() as f64).sqrt();
    assert!((0.6..1.5).contains(&spread), "{spread}");
}

#[test]
fn finds_ordered_categories_again() {
    let items: Vec<Item> = bank(2, 5, 5)
        .into_iter()
        .enumerate()
        .map(|(place, item)| {
            if place % 2 == 1 {
                return item;
            }
            let d = item.intercepts()[0];
            let graded = Item::graded(item.slope(), vec![d + 1.2, d, d - 1.0]).unwrap();
            item.specific().map_or(graded.clone(), |own| graded.with_specific(own))
        })
        .collect();
    let fit = fitted(&simulate(&items, 4000, 0.0, 6), &plan(Model::Bifactor, &items));
    let [slopes, own, intercepts] = errors_of(&fit, &items);
    assert!(slopes < 0.12 && own < 0.14 && intercepts < 0.11, "{slopes} {own} {intercepts}");
    assert!(fit.items[0].errors.intercepts.iter().all(|error| error.is_some_and(|error| error > 0.02 && error < 0.2)));
}

#[test]
fn finds_the_spread_of_tasks_again() {
    let spreads = [0.4, 0.8, 1.2];
    let items: Vec<Item> = bank(3, 6, 7)
        .into_iter()
        .map(|item| match item.specific() {
            Some(Specific { factor, .. }) => {
                let slope = item.slope() * spreads[factor];
                item.with_specific(Specific { factor, slope })
            }
            None => item,
        })
        .collect();
    let fit = fitted(&simulate(&items, 4000, 0.0, 8), &plan(Model::Testlet, &items));
    assert_eq!(fit.convergence, Convergence::Converged);
    assert_eq!(fit.parameters, 19 * 2 + 3);
    for (found, wanted) in fit.factor_sds.iter().zip(spreads) {
        assert!((found - wanted).abs() < 0.1, "{:?}", fit.factor_sds);
    }
    for item in &fit.items {
        if let Some(own) = item.item.specific() {
            assert!((own.slope - item.item.slope() * fit.factor_sds[own.factor]).abs() < 1e-12);
        }
    }
    let [slopes, _, intercepts] = errors_of(&fit, &items);
    assert!(slopes < 0.1 && intercepts < 0.1, "{slopes} {intercepts}");
}

/// The sum over all three levels at once.
fn brute_force(responses: &Responses, items: &[Item]) -> f64 {
    let grid = grid::Grid::new(31, 31);
    let mut log_likelihood = 0.0;
    for person in responses.iter() {
        let mut sum = 0.0;
        for (g, wg) in grid.general.iter().zip(&grid.general_weights) {
            for (first, w1) in grid.own.iter().zip(&grid.own_weights) {
                for (second, w2) in grid.own.iter().zip(&grid.own_weights) {
                    let mut product = wg * w1 * w2;
                    for answer in person.answers {
                        let item = &items[answer.item as usize];
                        let own = item.specific().map_or(0.0, |own| own.slope * [first, second][own.factor]);
                        let mut chances = vec![0.0; item.categories()];
                        item.probabilities_at(item.slope() * g + own, &mut chances);
                        product *= chances[usize::from(answer.category)];
                    }
                    sum += product;
                }
            }
        }
        log_likelihood += person.weight * sum.ln();
    }
    log_likelihood
}

/// The state that describes these items.
fn state_of(items: &[Item], sds: Vec<f64>) -> state::State {
    let row = |item: &Item| {
        let mut row = vec![item.slope(), item.specific().map_or(0.0, |own| own.slope)];
        row.extend(item.intercepts());
        row.push(f64::NEG_INFINITY);
        row
    };
    state::State { rows: items.iter().map(row).collect(), sds }
}

#[test]
fn log_likelihood_is_that_of_the_sum_over_all_levels() {
    let mut items = bank(2, 3, 9);
    let graded = Item::graded(1.3, vec![0.8, -0.6]).unwrap();
    items[4] = graded.with_specific(Specific { factor: 1, slope: 0.7 });
    let responses = simulate(&items, 12, 0.2, 10);
    let problem = problem(&responses, &plan(Model::Bifactor, &items), grid::Grid::new(31, 31));
    let found = problem.expect(&state_of(&items, vec![])).log_likelihood;
    let wanted = brute_force(&responses, &items);
    assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
}

#[test]
fn without_own_slopes_it_is_the_model_of_one_level() {
    let items: Vec<Item> = bank(2, 4, 11)
        .into_iter()
        .map(|item| match item.specific() {
            Some(Specific { factor, .. }) => item.with_specific(Specific { factor, slope: 0.0 }),
            None => item,
        })
        .collect();
    let responses = simulate(&items, 300, 0.1, 12);
    let problem = problem(&responses, &plan(Model::Bifactor, &items), grid::Grid::new(61, 31));
    let found = problem.expect(&state_of(&items, vec![])).log_likelihood;
    let mut wanted = 0.0;
    for person in responses.iter() {
        let weights = crate::grid::normal_weights(0.0, 1.0);
        let mut sum = 0.0;
        for (q, weight) in weights.iter().enumerate() {
            let chance = |answer: &Answer| {
                let mut chances = [0.0; 2];
                items[answer.item as usize].probabilities(crate::grid::node(q), &mut chances);
                chances[usize::from(answer.category)]
            };
            sum += weight * person.answers.iter().map(chance).product::<f64>();
        }
        wanted += sum.ln();
    }
    assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
}

/// 31 nodes lose nothing that could be seen, and that is measured, not hoped.
#[test]
fn the_grid_is_fine_enough() {
    let items = bank(3, 8, 13);
    let responses = simulate(&items, 300, 0.0, 14);
    let at = |general, own| {
        let problem = problem(&responses, &plan(Model::Bifactor, &items), grid::Grid::new(general, own));
        problem.expect(&state_of(&items, vec![])).log_likelihood
    };
    assert!((at(31, 31) - at(121, 121)).abs() < 1e-3);
    assert!((at(61, 31) - at(121, 121)).abs() < 1e-6);
}

#[test]
fn same_bits_with_any_number_of_threads() {
    let items = bank(2, 6, 15);
    let responses = simulate(&items, 400, 0.1, 16);
    let mut plan = plan(Model::Bifactor, &items);
    plan.max_iterations = 8;
    let one = fitted(&responses, &plan);
    for threads in [2, 5] {
        plan.threads = threads;
        assert_eq!(one, fitted(&responses, &plan));
    }
}

#[test]
fn a_weight_counts_as_so_many_people() {
    let items = bank(2, 4, 17);
    let once = simulate(&items, 150, 0.0, 18);
    let mut weighted = Responses::numbered(&[2; 9]).unwrap();
    let mut twice = weighted.clone();
    for person in once.iter() {
        weighted.push(person.answers, 2.0, 0).unwrap();
        twice.push(person.answers, 1.0, 0).unwrap();
        twice.push(person.answers, 1.0, 0).unwrap();
    }
    let state = state_of(&items, vec![]);
    let at = |responses: &Responses| {
        problem(responses, &plan(Model::Bifactor, &items), grid::Grid::new(31, 31)).expect(&state)
    };
    let (one, two) = (at(&weighted), at(&twice));
    assert!((one.log_likelihood - two.log_likelihood).abs() < 1e-9);
    for (a, b) in one.counts.iter().flatten().zip(two.counts.iter().flatten()) {
        assert!((a - b).abs() < 1e-10);
    }
}

/// The information of the errors is minus the second derivatives of the log-likelihood itself.
#[test]
fn errors_come_from_the_curvature_of_the_log_likelihood() {
    for model in [Model::Bifactor, Model::Testlet] {
        let mut items = bank(2, 3, 19);
        let graded = Item::graded(1.3, vec![0.8, -0.6]).unwrap();
        items[4] = graded.with_specific(Specific { factor: 1, slope: 0.7 });
        let responses = simulate(&items, 200, 0.0, 20);
        let mut plan = plan(model, &items);
        plan.max_iterations = 30;
        let problem = problem(&responses, &plan, grid::Grid::new(31, 31));
        let state = climb(&problem, &plan, problem.start(&responses), &mut |_| ControlFlow::Continue(())).state;
        let flat = problem.flat(&state);
        let at = |moves: &[(usize, f64)]| {
            let mut moved = flat.clone();
            moves.iter().for_each(|(k, by)| moved[*k] += by);
            problem.expect(&problem.unflat(&moved, &state).unwrap()).log_likelihood
        };
        let score = errors::score(&problem, &state);
        for (k, &found) in score.iter().enumerate() {
            let slope = (at(&[(k, 1e-5)]) - at(&[(k, -1e-5)])) / 2e-5;
            assert!((slope - found).abs() < 1e-4 * (1.0 + slope.abs()), "{model:?} {k}: {slope} {found}");
        }
        let Some(covariance) = errors::covariance(&problem, &state) else { panic!("{model:?}") };
        let information = covariance.cholesky().unwrap().inverse();
        let h = 1e-3;
        for (i, j) in [(0, 0), (0, 1), (1, 1), (0, 4), (2, 5), (flat.len() - 1, 0), (flat.len() - 1, flat.len() - 1)] {
            let mixed =
                at(&[(i, h), (j, h)]) - at(&[(i, h), (j, -h)]) - at(&[(i, -h), (j, h)]) + at(&[(i, -h), (j, -h)]);
            let wanted = -mixed / (4.0 * h * h);
            let found = information[(i, j)];
            assert!((found - wanted).abs() < 2e-3 * (1.0 + wanted.abs()), "{model:?} {i} {j}: {found} {wanted}");
        }
    }
}

#[test]
fn refuses_what_it_cannot_fit() {
    let items = bank(2, 4, 21);
    let responses = simulate(&items, 50, 0.0, 22);
    let refusal =
        |plan: &Plan| calibrate_bifactor(&responses, plan, &mut |_| ControlFlow::Continue(())).unwrap_err().to_string();
    assert!(
        refusal(&Plan::new(Model::Bifactor))
            .contains("a factor (or none) is needed for each of the 9 items; 0 are given")
    );
    let mut few = plan(Model::Bifactor, &items);
    few.factors[0] = None;
    few.factors[1] = None;
    assert!(refusal(&few).contains("factor number 0 (from 0) has 2 items"));
    let none = Plan { factors: vec![None; 9], ..plan(Model::Testlet, &items) };
    assert!(refusal(&none).contains("take 2PL or graded"));
    let stopped = calibrate_bifactor(&responses, &plan(Model::Bifactor, &items), &mut |told| {
        if told.iteration < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .unwrap();
    assert_eq!(stopped.convergence, Convergence::Stopped);
}

/// With few people the mode of the posterior lies nearer to the truth than maximum likelihood, and the end is a top.
#[test]
fn priors_draw_to_what_is_believed() {
    let items = bank(2, 4, 23);
    let responses = simulate(&items, 120, 0.0, 24);
    let belief = |item: &Item| ItemPrior {
        ln_slope: Some(NormalPrior { mean: 0.2, sd: 0.25 }),
        difficulties: vec![NormalPrior { mean: item.difficulties()[0], sd: 0.5 }],
        guessing: None,
    };
    let free = plan(Model::Bifactor, &items);
    let held = Plan { priors: items.iter().map(belief).collect(), ..free.clone() };
    let (likely, believed) = (fitted(&responses, &free), fitted(&responses, &held));
    let (apart, near) = (errors_of(&likely, &items), errors_of(&believed, &items));
    assert!(near[0] < 0.7 * apart[0] && near[2] < apart[2], "{near:?} {apart:?}");
    assert!(believed.log_prior < 0.0 && likely.log_prior == 0.0);
    assert!(believed.log_likelihood < likely.log_likelihood);
    let problem = problem(&responses, &held, grid::Grid::new(31, 31));
    let state = state_of(&believed.items.iter().map(|item| item.item.clone()).collect::<Vec<_>>(), vec![]);
    let score = errors::score(&problem, &state);
    assert!(score.iter().all(|slope| slope.abs() < 0.02), "{score:?}");
    let wrong = Plan { priors: vec![ItemPrior::default()], ..free };
    let refusal = calibrate_bifactor(&responses, &wrong, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(refusal.to_string().contains("priors stand for 1 items"));
}
/// A spread of nought is the edge of what there is; the fit comes to rest there.
#[test]
fn a_task_without_an_effect_of_its_own_is_told_so() {
    let items: Vec<Item> = bank(2, 5, 31)
        .into_iter()
        .map(|item| match item.specific() {
            Some(Specific { factor, .. }) => {
                let slope = item.slope() * [0.0, 0.9][factor];
                item.with_specific(Specific { factor, slope })
            }
            None => item,
        })
        .collect();
    let fit = fitted(&simulate(&items, 1500, 0.0, 44), &plan(Model::Testlet, &items));
    assert_eq!(fit.convergence, Convergence::Converged);
    assert!(fit.factor_sds[0] < 0.25 && fit.factor_sds[1] > 0.7, "{:?}", fit.factor_sds);
    let short = Plan { max_iterations: 4, ..plan(Model::Testlet, &items) };
    let stopped = fitted(&simulate(&items, 200, 0.0, 45), &short);
    assert_eq!(stopped.iterations, 4);
    assert!(matches!(stopped.convergence, Convergence::OutOfIterations { largest_change } if largest_change > 1e-4));
}
