//! Standard errors against second differences of the marginal log-posterior, computed here by itself.

use super::fit;
use crate::data::{self, Group};
use psychometrics::fit::{Fit, GuessingPrior, ItemPrior, Model, NormalPrior, Plan};
use psychometrics::math::Matrix;
use psychometrics::{Curve, Item, Responses, nodes};

/// Estimated parameters in a row, and what they mean.
struct Surface<'a> {
    responses: &'a Responses,
    plan: &'a Plan,
    curve: Curve,
    sizes: Vec<usize>,
}

impl Surface<'_> {
    fn slope_free(&self) -> bool {
        !matches!(self.plan.model, Model::Rasch | Model::PartialCredit)
    }

    fn guessing(&self) -> bool {
        self.plan.model == Model::ThreePl
    }

    fn parameters(&self, fit: &Fit) -> Vec<f64> {
        let mut all = Vec::new();
        for fitted in &fit.items {
            all.extend(self.slope_free().then_some(fitted.item.slope()));
            all.extend(fitted.item.intercepts());
            all.extend(self.guessing().then_some(fitted.item.lower()));
        }
        for (index, group) in fit.groups.iter().enumerate() {
            all.extend((index > 0).then_some(group.mean));
            all.extend((index > 0 || !self.slope_free()).then_some(group.variance));
        }
        all
    }

    fn errors(&self, fit: &Fit) -> Vec<f64> {
        let mut all = Vec::new();
        for fitted in &fit.items {
            all.extend(fitted.errors.slope);
            all.extend(fitted.errors.intercepts.iter().flatten());
            all.extend(fitted.errors.lower);
        }
        for group in &fit.groups {
            all.extend(group.mean_error);
            all.extend(group.variance_error);
        }
        all
    }

    /// Log-likelihood plus log-density of priors (up to a constant).
    fn height(&self, parameters: &[f64]) -> f64 {
        let mut values = parameters.iter().copied();
        let mut prior = 0.0;
        let mut items = Vec::new();
        for (index, size) in self.sizes.iter().enumerate() {
            let slope = if self.slope_free() { values.next().unwrap() } else { 1.0 };
            let intercepts: Vec<f64> = (0..*size).map(|_| values.next().unwrap()).collect();
            let lower = if self.guessing() { values.next().unwrap() } else { 0.0 };
            let item = Item::new(self.curve, slope, intercepts, lower).unwrap();
            prior += self.plan.priors.get(index).map_or(0.0, |prior| log_density(prior, &item));
            items.push(item);
        }
        let groups: Vec<(f64, f64)> = (0..self.responses.groups().len())
            .map(|index| {
                let mean = if index > 0 { values.next().unwrap() } else { 0.0 };
                (mean, if index > 0 || !self.slope_free() { values.next().unwrap() } else { 1.0 })
            })
            .collect();
        prior + self.log_likelihood(&items, &groups)
    }

    fn log_likelihood(&self, items: &[Item], groups: &[(f64, f64)]) -> f64 {
        let at_node = |item: &Item, level: f64| {
            let mut logs = vec![0.0; item.categories()];
            item.log_probabilities_at(item.slope() * level, &mut logs);
            logs
        };
        let logs: Vec<Vec<Vec<f64>>> =
            items.iter().map(|item| nodes().iter().map(|level| at_node(item, *level)).collect()).collect();
        let one = |person: psychometrics::Person<'_>| {
            let (mean, variance) = groups[person.group];
            let density = |level: f64| (-0.5 * (level - mean) * (level - mean) / variance).exp();
            let whole: f64 = nodes().iter().map(|level| density(*level)).sum();
            let chance = |(node, level): (usize, &f64)| {
                let answers = person.answers.iter();
                let sum: f64 = answers.map(|a| logs[a.item as usize][node][usize::from(a.category)]).sum();
                sum.exp() * density(*level) / whole
            };
            person.weight * nodes().iter().enumerate().map(chance).sum::<f64>().ln()
        };
        self.responses.iter().map(one).sum()
    }
}

fn log_density(prior: &ItemPrior, item: &Item) -> f64 {
    let one = |value: f64, prior: &NormalPrior| -0.5 * ((value - prior.mean) / prior.sd).powi(2);
    let mut sum = prior.ln_slope.as_ref().map_or(0.0, |prior| one(item.slope().ln(), prior));
    sum += item.difficulties().iter().zip(&prior.difficulties).map(|(b, prior)| one(*b, prior)).sum::<f64>();
    if let Some(GuessingPrior::Logit(prior)) = &prior.guessing {
        sum += one((item.lower() / (1.0 - item.lower())).ln(), prior);
    }
    sum
}

/// Compares stated errors with those of the inverse of minus the matrix of second differences, and looks at the first
/// ones: at the top they are nought.
fn check(responses: &Responses, plan: &Plan, curve: Curve) {
    let found = fit(responses, plan);
    let sizes = found.items.iter().map(|fitted| fitted.item.intercepts().len()).collect();
    let surface = Surface { responses, plan, curve, sizes };
    let top = surface.parameters(&found);
    let count = top.len();
    assert_eq!(count, found.parameters);
    let h = 2e-3;
    let height = |moves: &[(usize, f64)]| {
        let mut at = top.clone();
        moves.iter().for_each(|(place, by)| at[*place] += by);
        surface.height(&at)
    };
    let here = height(&[]);
    let mut information = Matrix::zeros(count, count);
    for i in 0..count {
        let (up, down) = (height(&[(i, h)]), height(&[(i, -h)]));
        information[(i, i)] = -(up - 2.0 * here + down) / (h * h);
        assert!(((up - down) / (2.0 * h)).abs() < 2e-3 * information[(i, i)], "parameter {i} is not at the top");
        for j in 0..i {
            let mixed = height(&[(i, h), (j, h)]) - height(&[(i, h), (j, -h)]) - height(&[(i, -h), (j, h)])
                + height(&[(i, -h), (j, -h)]);
            information[(i, j)] = -mixed / (4.0 * h * h);
            information[(j, i)] = information[(i, j)];
        }
    }
    let inverse = information.cholesky().unwrap().inverse();
    for (place, stated) in surface.errors(&found).into_iter().enumerate() {
        let wanted = inverse[(place, place)].sqrt();
        assert!((stated / wanted - 1.0).abs() < 0.003, "{:?} {place}: {stated} {wanted}", plan.model);
    }
    check_covariance(&found, &inverse);
}

/// The block of an item is the block of the whole inverse.
fn check_covariance(found: &Fit, inverse: &Matrix) {
    let mut first = 0;
    for fitted in &found.items {
        let covariance = fitted.errors.covariance.as_ref().unwrap();
        for row in 0..covariance.rows() {
            for column in 0..covariance.rows() {
                let (wanted, unit) = (inverse[(first + row, first + column)], inverse[(first + row, first + row)]);
                assert!((covariance[(row, column)] - wanted).abs() < 0.01 * unit.max(1e-4), "{}", fitted.name);
            }
        }
        first += covariance.rows();
    }
}

#[test]
fn of_public_sets() {
    check(&data::lsat6(), &Plan::new(Model::TwoPl), Curve::Dichotomous);
    check(&data::lsat6(), &Plan::new(Model::Rasch), Curve::Dichotomous);
    check(&data::lsat7(), &Plan::new(Model::TwoPl), Curve::Dichotomous);
    check(&data::science(), &Plan::new(Model::Graded), Curve::Graded);
    check(&data::science(), &Plan::new(Model::PartialCredit), Curve::PartialCredit);
    check(&data::science(), &Plan::new(Model::GeneralisedPartialCredit), Curve::PartialCredit);
}

#[test]
fn of_two_groups() {
    let items: Vec<Item> =
        [(1.2, 0.5), (0.8, -0.4), (1.6, 0.0), (1.0, 1.0)].iter().map(|&(a, d)| Item::two_pl(a, d).unwrap()).collect();
    let groups = [Group { people: 600, mean: 0.0, sd: 1.0 }, Group { people: 500, mean: 0.6, sd: 1.3 }];
    let responses = data::simulate(&items, &groups, 1.0, 3);
    check(&responses, &Plan::new(Model::TwoPl), Curve::Dichotomous);
    check(&responses, &Plan::new(Model::Rasch), Curve::Dichotomous);
}

#[test]
fn with_priors_and_guessing() {
    let items: Vec<Item> = [(1.2, 0.5), (0.8, -0.4), (1.6, 0.0), (1.0, 1.0)]
        .iter()
        .map(|&(a, d)| Item::three_pl(a, d, 0.2).unwrap())
        .collect();
    let responses = data::simulate(&items, &data::people(800), 0.9, 4);
    let prior = ItemPrior {
        ln_slope: Some(NormalPrior { mean: 0.1, sd: 0.4 }),
        difficulties: vec![NormalPrior { mean: 0.0, sd: 1.0 }],
        guessing: Some(GuessingPrior::Logit(NormalPrior { mean: -1.4, sd: 0.5 })),
    };
    let mut plan = Plan::new(Model::ThreePl);
    plan.priors = vec![prior; 4];
    check(&responses, &plan, Curve::Dichotomous);
}
