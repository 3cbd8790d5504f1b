//! Calibration.

use psychometrics::Responses;
use psychometrics::fit::{Convergence, Fit, FitError, Plan, calibrate};
use std::ops::ControlFlow;

mod bad_data;
mod errors;
mod properties;
mod recovery;
mod reference;

/// A fit that nobody watches.
pub fn try_fit(responses: &Responses, plan: &Plan) -> Result<Fit, FitError> {
    calibrate(responses, plan, &mut |_| ControlFlow::Continue(()))
}

/// A fit that must converge, with every number in it finite.
pub fn fit(responses: &Responses, plan: &Plan) -> Fit {
    let fit = try_fit(responses, plan).unwrap();
    assert_eq!(fit.convergence, Convergence::Converged);
    assert_finite(&fit);
    fit
}

/// Nothing in a fit is infinite or not a number, whatever happened.
pub fn assert_finite(fit: &Fit) {
    assert!(fit.log_likelihood.is_finite() && fit.log_prior.is_finite(), "{fit:?}");
    for fitted in &fit.items {
        let item = &fitted.item;
        let numbers = item.intercepts().iter().copied().chain([item.slope(), item.lower()]);
        let errors = fitted.errors.intercepts.iter().chain([&fitted.errors.slope, &fitted.errors.lower]);
        assert!(numbers.chain(errors.flatten().copied()).all(f64::is_finite), "{fitted:?}");
    }
    for group in &fit.groups {
        let errors = [group.mean_error, group.variance_error].into_iter().flatten();
        assert!(errors.chain([group.mean, group.variance]).all(f64::is_finite), "{group:?}");
    }
}
