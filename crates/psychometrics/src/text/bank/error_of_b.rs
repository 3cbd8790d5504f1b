//! Standard errors of difficulties, from those of slopes and intercepts.

use crate::fit::{FittedItem, ItemErrors};
use crate::item::{Curve, Item};
use crate::math::Matrix;

/// For each difficulty its standard error to the first order (delta method); nothing where it cannot be had.
pub(super) fn of_difficulties(fitted: &FittedItem) -> Vec<Option<f64>> {
    let FittedItem { item, errors, .. } = fitted;
    let number = item.intercepts().len();
    let Some(covariance) = &errors.covariance else { return vec![None; number] };
    let Some(places) = Places::of(errors, covariance) else { return vec![None; number] };
    (0..number).map(|k| one(item, &places, covariance, k)).collect()
}

/// Where parameters stand in the covariance: those that were not estimated do not.
struct Places {
    slope: Option<usize>,
    intercepts: Vec<Option<usize>>,
}

impl Places {
    fn of(errors: &ItemErrors, covariance: &Matrix) -> Option<Self> {
        let mut next = 0;
        let mut place = |error: &Option<f64>| {
            error.map(|_| {
                next += 1;
                next - 1
            })
        };
        let slope = place(&errors.slope);
        place(&errors.specific);
        let intercepts = errors.intercepts.iter().map(&mut place).collect();
        place(&errors.lower);
        (next == covariance.rows()).then_some(Self { slope, intercepts })
    }
}

fn one(item: &Item, places: &Places, covariance: &Matrix, k: usize) -> Option<f64> {
    let slope = item.slope();
    let difficulty = *item.difficulties().get(k)?;
    let mut gradient = vec![0.0; covariance.rows()];
    if let Some(place) = places.slope {
        gradient[place] = -difficulty / slope;
    }
    gradient[(*places.intercepts.get(k)?)?] = -1.0 / slope;
    if item.curve() == Curve::PartialCredit && k > 0 {
        gradient[(*places.intercepts.get(k - 1)?)?] = 1.0 / slope;
    }
    let product = covariance.times(&gradient);
    let variance: f64 = product.iter().zip(&gradient).map(|(a, b)| a * b).sum();
    (variance.is_finite() && variance >= 0.0).then(|| variance.sqrt())
}
