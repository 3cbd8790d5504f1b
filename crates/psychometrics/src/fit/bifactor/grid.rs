//! The grid of a general level and one level of an item's own.

use crate::math::normal_pdf;

/// Nodes that do while the answers leave a level uncertain by more than their distance: 31, 0.4 apart.
const FEW: usize = 31;
/// Nodes for long tests, 0.2 apart.
const MANY: usize = 61;
/// Answers to items that see a level above which 61 nodes are taken. With 40 answers to steep items (slope 2) 31 nodes still
/// give the log-likelihood to about a hundredth.
const ENOUGH: usize = 40;

/// Nodes and probabilities.
pub(super) struct Grid {
    pub general: Vec<f64>,
    pub general_weights: Vec<f64>,
    pub own: Vec<f64>,
    pub own_weights: Vec<f64>,
    /// General level of each pair, the own level running fastest.
    pub pair_general: Vec<f64>,
    /// Own level of each pair.
    pub pair_own: Vec<f64>,
}

impl Grid {
    /// For people who give at most so many answers in all, and to items of one factor.
    pub fn for_answers(all: usize, one_factor: usize) -> Self {
        let nodes = |answers: usize| if answers > ENOUGH { MANY } else { FEW };
        Self::new(nodes(all), nodes(one_factor))
    }

    /// `general` nodes by `own`, both uniform from −6 to 6, and standard normal.
    pub fn new(general: usize, own: usize) -> Self {
        let (levels, own) = (nodes(general), nodes(own));
        let pairs = || levels.iter().flat_map(|g| own.iter().map(move |e| (*g, *e)));
        Self {
            pair_general: pairs().map(|pair| pair.0).collect(),
            pair_own: pairs().map(|pair| pair.1).collect(),
            general_weights: weights(&levels),
            own_weights: weights(&own),
            general: levels,
            own,
        }
    }
}

fn nodes(count: usize) -> Vec<f64> {
    let spacing = 12.0 / (count as f64 - 1.0);
    (0..count).map(|q| (q as f64 - (count as f64 - 1.0) / 2.0) * spacing).collect()
}

fn weights(nodes: &[f64]) -> Vec<f64> {
    let densities: Vec<f64> = nodes.iter().map(|&level| normal_pdf(level)).collect();
    let sum: f64 = densities.iter().sum();
    densities.into_iter().map(|density| density / sum).collect()
}
