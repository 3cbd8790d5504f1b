//! Public sets whose fits are known from R: mirt 1.47, and for standard errors ltm.

use super::fit;
use crate::data;
use psychometrics::fit::{Fit, Model, Plan};

fn near(found: &[f64], wanted: &[f64], within: f64) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() < within, "{found} is not {wanted}");
    }
}

fn slopes(fit: &Fit) -> Vec<f64> {
    fit.items.iter().map(|fitted| fitted.item.slope()).collect()
}

fn intercepts(fit: &Fit) -> Vec<f64> {
    fit.items.iter().flat_map(|fitted| fitted.item.intercepts().to_vec()).collect()
}

#[test]
fn lsat6() {
    let rasch = fit(&data::lsat6(), &Plan::new(Model::Rasch));
    near(&[rasch.log_likelihood], &[-2466.93760], 2e-5);
    let two = fit(&data::lsat6(), &Plan::new(Model::TwoPl));
    near(&[two.log_likelihood], &[-2466.65338], 2e-5);
    near(&slopes(&two), &[0.826, 0.723, 0.891, 0.688, 0.657], 6e-4);
    near(&intercepts(&two), &[2.773, 0.990, 0.249, 1.285, 2.053], 6e-4);
    assert_eq!((two.parameters, two.people), (10, 1000.0));
    // Of ltm's `summary`; its own estimates differ from mirt's in the fourth digit.
    let errors: Vec<f64> = two.items.iter().map(|fitted| fitted.errors.slope.unwrap()).collect();
    for (found, wanted) in errors.iter().zip([0.2581, 0.1867, 0.2326, 0.1852, 0.2100]) {
        assert!((found / wanted - 1.0).abs() < 0.002, "{found} {wanted}");
    }
}

#[test]
fn lsat7() {
    let rasch = fit(&data::lsat7(), &Plan::new(Model::Rasch));
    near(&[rasch.log_likelihood], &[-2664.90089], 2e-5);
    let two = fit(&data::lsat7(), &Plan::new(Model::TwoPl));
    near(&[two.log_likelihood], &[-2658.80511], 2e-5);
    near(&slopes(&two), &[0.988, 1.081, 1.707, 0.765, 0.736], 1e-3);
}

#[test]
fn science() {
    for (model, wanted) in [
        (Model::Graded, -1608.86941),
        (Model::GeneralisedPartialCredit, -1612.68160),
        (Model::PartialCredit, -1619.27410),
    ] {
        let found = fit(&data::science(), &Plan::new(model));
        near(&[found.log_likelihood], &[wanted], 2e-5);
    }
}

#[test]
fn the_usual_tolerance_is_near_the_very_top() {
    let mut exact = Plan::new(Model::TwoPl);
    exact.tolerance = 1e-9;
    for responses in [data::lsat6(), data::lsat7()] {
        let (usual, exact) = (fit(&responses, &Plan::new(Model::TwoPl)), fit(&responses, &exact));
        near(&slopes(&usual), &slopes(&exact), 1e-5);
        near(&intercepts(&usual), &intercepts(&exact), 1e-5);
    }
    exact.model = Model::Graded;
    let (usual, exact) = (fit(&data::science(), &Plan::new(Model::Graded)), fit(&data::science(), &exact));
    near(&slopes(&usual), &slopes(&exact), 1e-5);
    near(&intercepts(&usual), &intercepts(&exact), 1e-5);
}
