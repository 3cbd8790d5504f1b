//! Public sets whose fits are known from R mirt 1.47.

use super::fit;
use crate::data;
use psychometrics::fit::{Convergence, Fit, Model, Plan};

fn near(found: &[f64], wanted: &[f64], within: f64) {
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
    eprintln!("{rasch:#?}");
    near(&[rasch.log_likelihood], &[-2466.93760], 1e-4);
    let two = fit(&data::lsat6(), &Plan::new(Model::TwoPl));
    eprintln!("{two:#?}");
    assert_eq!(two.convergence, Convergence::Converged);
    near(&[two.log_likelihood], &[-2466.65338], 1e-4);
    near(&slopes(&two), &[0.826, 0.723, 0.891, 0.688, 0.657], 1e-3);
    near(&intercepts(&two), &[2.773, 0.990, 0.249, 1.285, 2.053], 1e-3);
}

#[test]
fn lsat7() {
    let rasch = fit(&data::lsat7(), &Plan::new(Model::Rasch));
    near(&[rasch.log_likelihood], &[-2664.90089], 1e-4);
    let two = fit(&data::lsat7(), &Plan::new(Model::TwoPl));
    eprintln!("{} {}", two.log_likelihood, two.iterations);
    near(&[two.log_likelihood], &[-2658.80511], 1e-4);
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
        eprintln!("{found:#?}");
        near(&[found.log_likelihood], &[wanted], 1e-4);
    }
}
