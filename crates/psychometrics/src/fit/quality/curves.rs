//! Expected scores of items over the levels, and how they change with the parameters.

use super::{lower_estimated, slopes_estimated};
use crate::fit::plan::Model;
use crate::fit::population::{Nodes, Population};
use crate::fit::result::Fit;
use crate::grid::NODES;
use crate::item::{Curve, Item};
use crate::math::{exp, logistic, normal_pdf};

/// The levels on which a fit was made (spread where a group is wide or far away), and for each group their probabilities.
pub(super) fn populations(fit: &Fit) -> ([f64; NODES], Vec<[f64; NODES]>) {
    let groups: Vec<Population> = fit
        .groups
        .iter()
        .map(|group| Population { mean: group.mean, variance: group.variance, mean_free: false, variance_free: false })
        .collect();
    let usual = Nodes::usual();
    let nodes = usual.wider(&groups).unwrap_or(usual);
    let weights = groups.iter().map(|group| group.log_weights(&nodes).map(exp)).collect();
    (nodes.levels, weights)
}

/// Levels and their probabilities in one group: the general one, and (bifactor) one of an item's own factor.
pub(super) struct Levels {
    pub general: Vec<f64>,
    pub weights: Vec<f64>,
    pub specific: Vec<f64>,
    pub specific_weights: Vec<f64>,
}

impl Levels {
    /// The grid of the crate; with factors 31 × 31 nodes, which for curves (not posteriors) is exact to many digits.
    pub fn of(fit: &Fit, group: usize) -> Self {
        if !matches!(fit.model, Model::Bifactor | Model::Testlet) {
            let (levels, weights) = populations(fit);
            return Self {
                general: levels.to_vec(),
                weights: weights[group].to_vec(),
                specific: vec![0.0],
                specific_weights: vec![1.0],
            };
        }
        let coarse: Vec<f64> = (0..31).map(|q| f64::from(q - 15) * 0.4).collect();
        let weights = coarse_weights(&coarse);
        Self { general: coarse.clone(), weights: weights.clone(), specific: coarse, specific_weights: weights }
    }

    /// Number of pairs of levels.
    pub fn len(&self) -> usize {
        self.general.len() * self.specific.len()
    }
}

fn coarse_weights(nodes: &[f64]) -> Vec<f64> {
    let mut weights: Vec<f64> = nodes.iter().map(|&level| normal_pdf(level)).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

/// A function of general and own level.
pub(super) struct Surface {
    /// Values, the own level running fastest.
    pub full: Vec<f64>,
    /// Its mean over the own level, for each general level.
    pub marginal: Vec<f64>,
}

impl Surface {
    fn new(levels: &Levels, full: Vec<f64>) -> Self {
        let width = levels.specific.len();
        let mean = |row: &[f64]| row.iter().zip(&levels.specific_weights).map(|(value, weight)| value * weight).sum();
        Self { marginal: full.chunks(width).map(mean).collect(), full }
    }
}

/// One item: moments of its score, and derivatives of the expected score.
pub(super) struct ItemCurves {
    /// Which factor its own level is of.
    pub factor: Option<usize>,
    /// Expected score.
    pub score: Surface,
    /// Expected square of the score.
    pub square: Surface,
    /// Derivatives of the expected score by its own estimated parameters.
    pub slopes: Vec<Surface>,
    /// Derivative by the standard deviation of its factor (testlet).
    pub by_factor_sd: Option<Surface>,
}

/// Curves of all items in one group.
pub(super) fn curves(fit: &Fit, levels: &Levels) -> Vec<ItemCurves> {
    (0..fit.items.len()).map(|place| item_curves(fit, place, levels)).collect()
}

fn item_curves(fit: &Fit, place: usize, levels: &Levels) -> ItemCurves {
    let item = &fit.items[place].item;
    let own = item.specific().map_or(0.0, |specific| specific.slope);
    let mut probabilities = vec![0.0; item.categories()];
    let (mut score, mut square) = (Vec::with_capacity(levels.len()), Vec::with_capacity(levels.len()));
    let mut slopes: Vec<Vec<f64>> = Vec::new();
    let mut by_sd = Vec::new();
    let mut at = Vec::new();
    for &general in &levels.general {
        for &specific in &levels.specific {
            let z = item.slope() * general + own * specific;
            item.probabilities_at(z, &mut probabilities);
            let moment =
                |power: i32| -> f64 { probabilities.iter().enumerate().map(|(k, p)| (k as f64).powi(power) * p).sum() };
            score.push(moment(1));
            square.push(moment(2));
            let by_z = derivatives(fit, place, z, (general, specific), &probabilities, &mut at);
            slopes.resize_with(at.len(), Vec::new);
            slopes.iter_mut().zip(&at).for_each(|(column, value)| column.push(*value));
            by_sd.push(by_z * item.slope() * specific);
        }
    }
    let surface = |values| Surface::new(levels, values);
    ItemCurves {
        factor: item.specific().map(|specific| specific.factor),
        score: surface(score),
        square: surface(square),
        slopes: slopes.into_iter().map(surface).collect(),
        by_factor_sd: (fit.model == Model::Testlet && item.specific().is_some()).then(|| surface(by_sd)),
    }
}

/// Derivatives of the expected score by the estimated parameters of the item alone, into `out`; gives the one by z.
fn derivatives(
    fit: &Fit,
    place: usize,
    z: f64,
    (general, specific): (f64, f64),
    probabilities: &[f64],
    out: &mut Vec<f64>,
) -> f64 {
    let item = &fit.items[place].item;
    out.clear();
    let by_z = by_intercepts(item, z, probabilities, out);
    if slopes_estimated(fit) {
        let ratio = fit.factor_sds_of(item);
        out.push(by_z * (general + ratio * specific));
    }
    if fit.model == Model::Bifactor && item.specific().is_some() {
        out.push(by_z * specific);
    }
    if lower_estimated(fit, place) {
        out.push(logistic(-z - item.intercepts()[0]));
    }
    by_z
}

impl Fit {
    /// Standard deviation of the item's factor where its own slope hangs on the general one (testlet), otherwise 0.
    fn factor_sds_of(&self, item: &Item) -> f64 {
        match item.specific() {
            Some(specific) if self.model == Model::Testlet => {
                self.factor_sds.get(specific.factor).copied().unwrap_or(0.0)
            }
            _ => 0.0,
        }
    }
}

fn by_intercepts(item: &Item, z: f64, probabilities: &[f64], out: &mut Vec<f64>) -> f64 {
    let bell = |x: f64| logistic(x) * logistic(-x);
    match item.curve() {
        Curve::Dichotomous | Curve::Graded => {
            // The expected score is the sum of the chances of reaching each category.
            out.extend(item.intercepts().iter().map(|d| (1.0 - item.lower()) * bell(z + d)));
            out.iter().sum()
        }
        Curve::PartialCredit => {
            let mean: f64 = probabilities.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
            out.extend(probabilities.iter().enumerate().skip(1).map(|(k, p)| p * (k as f64 - mean)));
            probabilities.iter().enumerate().map(|(k, p)| (k as f64 - mean).powi(2) * p).sum()
        }
    }
}
