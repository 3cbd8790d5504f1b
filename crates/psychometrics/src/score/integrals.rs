//! Soft items against integration by brute force.

use super::*;
use crate::fit::ItemErrors;
use crate::grid::{NODES, node};
use crate::item::{Curve, Item, Specific};
use crate::math::{Matrix, exp, normal_pdf};
use proptest::prelude::*;

/// Average over a normal shift by 2,001 points.
fn brute(sd: f64, mut at: impl FnMut(f64) -> Vec<f64>) -> Vec<f64> {
    let mut sums: Vec<f64> = Vec::new();
    let mut weights = 0.0;
    for k in -1000..=1000 {
        let z = f64::from(k) * 0.008;
        let weight = normal_pdf(z);
        let values = at(sd * z);
        sums.resize(values.len(), 0.0);
        sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum += weight * value);
        weights += weight;
    }
    sums.iter().map(|sum| sum / weights).collect()
}

fn items() -> Vec<Item> {
    vec![
        Item::from_difficulties(Curve::Dichotomous, 1.4, &[0.6], 0.0).unwrap(),
        Item::from_difficulties(Curve::Dichotomous, 1.4, &[0.6], 0.2).unwrap(),
        Item::from_difficulties(Curve::Graded, 1.7, &[-0.9, 0.2, 1.4], 0.0).unwrap(),
        Item::from_difficulties(Curve::PartialCredit, 1.1, &[-0.5, 0.4, 0.3], 0.0).unwrap(),
    ]
}

fn probabilities(item: &Item, theta: f64) -> Vec<f64> {
    let mut out = vec![0.0; item.categories()];
    item.probabilities(theta, &mut out);
    out
}

fn soft(item: &SoftItem, theta: f64) -> Vec<f64> {
    let mut out = vec![0.0; item.categories()];
    item.probabilities(theta, &mut out);
    out
}

fn close(found: &[f64], wanted: &[f64], within: f64) {
    for (a, b) in found.iter().zip(wanted) {
        assert!((a - b).abs() < within, "{found:?} {wanted:?}");
    }
}

#[test]
fn an_uncertain_difficulty_is_integrated_for_every_curve() {
    for item in items() {
        for (difficulty, family) in [(0.5, 0.0), (0.0, 0.8), (0.8, 0.5), (2.5, 0.0)] {
            let uncertainty = Uncertainty::spread(0.0, difficulty).in_family(family);
            let item = SoftItem::new(item.clone(), uncertainty, 0.0).unwrap();
            let sd = (difficulty * difficulty + family * family).sqrt();
            for theta in [-2.1, 0.0, 0.9, 3.3] {
                let wanted = brute(sd, |shift| probabilities(item.item(), theta - shift));
                close(&soft(&item, theta), &wanted, 2e-4);
            }
        }
    }
}

#[test]
fn an_uncertain_slope_is_integrated_and_leaves_difficulties_where_they_are() {
    for item in items() {
        let uncertain = SoftItem::new(item.clone(), Uncertainty::spread(0.4, 0.0), 0.0).unwrap();
        for theta in [-2.1, 0.0, 0.9, 3.3] {
            let wanted = brute(0.4, |shift| {
                let slope = item.slope() * exp(shift);
                let other = Item::from_difficulties(item.curve(), slope, &item.difficulties(), item.lower());
                probabilities(&other.unwrap(), theta)
            });
            close(&soft(&uncertain, theta), &wanted, 1e-3);
        }
    }
}

/// A covariance of rank one, a parameter vector moving along one line, can be integrated by brute force.
#[test]
fn a_calibration_s_covariance_is_integrated() {
    for item in items() {
        let line: Vec<f64> = [0.15, 0.0].into_iter().chain(item.intercepts().iter().map(|_| -0.2)).collect();
        let lower_step = if item.lower() > 0.0 { 0.02 } else { 0.0 };
        let line: Vec<f64> = line.into_iter().chain([lower_step]).collect();
        let mut covariance = Matrix::zeros(line.len(), line.len());
        for row in 0..line.len() {
            for column in 0..line.len() {
                covariance[(row, column)] = line[row] * line[column];
            }
        }
        if item.curve() == Curve::PartialCredit {
            // A rank-one matrix has no Cholesky factor: make its parameters independent instead.
            continue;
        }
        let uncertainty = Uncertainty { parameters: ParameterError::Covariance(covariance), family_sd: 0.0 };
        let uncertain = SoftItem::new(item.clone(), uncertainty, 0.0).unwrap();
        for theta in [-2.1, 0.0, 0.9, 3.3] {
            let wanted = brute(1.0, |z| {
                let d = item.intercepts().iter().map(|d| d - 0.2 * z).collect();
                let lower = (item.lower() + lower_step * z).clamp(0.0, 0.99);
                probabilities(&Item::new(item.curve(), item.slope() + 0.15 * z, d, lower).unwrap(), theta)
            });
            close(&soft(&uncertain, theta), &wanted, 2e-5);
        }
    }
}

#[test]
fn partial_credit_is_integrated_over_independent_errors() {
    let item = items().remove(3);
    let errors =
        ItemErrors { slope: Some(0.1), intercepts: vec![Some(0.15), None, Some(0.2)], ..ItemErrors::default() };
    let uncertainty = Uncertainty::calibrated(&item, &errors).unwrap();
    let uncertain = SoftItem::new(item.clone(), uncertainty, 0.0).unwrap();
    for theta in [-1.5, 0.0, 1.2] {
        let mut wanted = [0.0; 4];
        let points = crate::grid::normal_nine();
        for (slope, p) in points {
            for (first, q) in points {
                for (third, r) in points {
                    let d = item.intercepts();
                    let d = vec![d[0] + 0.15 * first, d[1], d[2] + 0.2 * third];
                    let version = Item::partial_credit(item.slope() + 0.1 * slope, d).unwrap();
                    let sums = wanted.iter_mut().zip(probabilities(&version, theta));
                    sums.for_each(|(sum, chance)| *sum += p * q * r * chance);
                }
            }
        }
        close(&soft(&uncertain, theta), &wanted, 5e-4);
    }
}

#[test]
fn a_factor_of_its_own_is_integrated_unless_it_is_given() {
    let own = Specific { factor: 0, slope: 0.9 };
    let item = SoftItem::known(items().remove(2).with_specific(own));
    let wanted = brute(0.9, |shift| {
        let mut out = vec![0.0; 4];
        item.item().probabilities_at(item.item().slope() * 0.3 + shift, &mut out);
        out
    });
    close(&soft(&item, 0.3), &wanted, 1e-5);
    let (mut given, mut at) = (vec![0.0; 4], vec![0.0; 4]);
    item.probabilities_given(0.3, -0.7, &mut given);
    item.item().probabilities_at(item.item().slope() * 0.3 - 0.63, &mut at);
    close(&given, &at, 1e-14);
}

#[test]
fn assistance_makes_a_right_answer_say_less_and_a_wrong_one_as_much() {
    let c = 0.15;
    let item = items().remove(0);
    let at = item.difficulties()[0];
    let helped = SoftItem::new(item.clone(), Uncertainty::none(), c).unwrap();
    let (plain, with) = (probabilities(&item, 1.0), soft(&helped, 1.0));
    assert!((with[1] - (c + (1.0 - c) * plain[1])).abs() < 1e-15 && (with[0] - (1.0 - c) * plain[0]).abs() < 1e-15);
    // (1 − c)/(1 + c) where P = ½.
    let ratio = helped.information(at) / item.information(at);
    assert!((ratio - (1.0 - c) / (1.0 + c)).abs() < 1e-6, "{ratio}");
    // A wrong answer's likelihood is in proportion to what it was.
    let plain = SoftItem::known(item).likelihoods();
    for (a, b) in helped.likelihoods()[0].chances().iter().zip(plain[0].chances()) {
        assert!((a - b).abs() < 1e-14);
    }
}

#[test]
fn what_is_no_soft_item_is_refused() {
    let item = || items().remove(0);
    assert!(SoftItem::new(item(), Uncertainty::none(), 1.0).is_err());
    assert!(SoftItem::new(item(), Uncertainty::none(), f64::NAN).is_err());
    assert!(SoftItem::new(item(), Uncertainty::spread(-0.1, 0.0), 0.0).is_err());
    assert!(SoftItem::new(item(), Uncertainty::spread(0.0, f64::NAN), 0.0).is_err());
    assert!(SoftItem::new(item(), Uncertainty::none().in_family(11.0), 0.0).is_err());
    let mut covariance = Matrix::identity(4);
    covariance[(0, 1)] = 2.0;
    covariance[(1, 0)] = 2.0;
    for wrong in [covariance, Matrix::identity(3)] {
        let uncertainty = Uncertainty { parameters: ParameterError::Covariance(wrong), family_sd: 0.0 };
        assert!(matches!(SoftItem::new(item(), uncertainty, 0.0), Err(SoftError::Covariance(_))));
    }
    let errors = ItemErrors { slope: Some(0.1), covariance: Some(Matrix::identity(2)), ..ItemErrors::default() };
    assert!(matches!(Uncertainty::calibrated(&item(), &errors), Err(SoftError::Covariance(_))));
}

proptest! {
    #[test]
    fn probabilities_sum_to_one_and_exactness_is_the_item_itself(
        which in 0..4_usize, ln_slope in 0.0..0.6_f64, difficulty in 0.0..3.0_f64, assistance in 0.0..0.9_f64,
    ) {
        let item = items().remove(which);
        let uncertain =
            SoftItem::new(item.clone(), Uncertainty::spread(ln_slope, difficulty), assistance).unwrap();
        let table = uncertain.table();
        for q in 0..NODES {
            prop_assert!((table.rows().iter().map(|row| row[q]).sum::<f64>() - 1.0).abs() < 1e-9);
        }
        let exact = SoftItem::known(item.clone()).table();
        for (k, row) in exact.rows().iter().enumerate() {
            for (q, chance) in row.iter().enumerate() {
                prop_assert!((chance - probabilities(&item, node(q))[k]).abs() < 1e-15);
            }
        }
    }
}
