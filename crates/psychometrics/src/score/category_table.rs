//! Probabilities of categories at the nodes of the grid.

use super::posterior::{Likelihood, Posterior};
use crate::grid::{NODES, node};

/// For each category of an item, or each score of a task, its probability at each node. At a node they sum to one.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryTable {
    rows: Vec<[f64; NODES]>,
}

impl CategoryTable {
    /// From a function that fills in the probabilities of all categories at a level.
    pub(super) fn from_fn(categories: usize, mut fill: impl FnMut(f64, &mut [f64])) -> Self {
        let mut rows = vec![[0.0; NODES]; categories];
        let mut here = vec![0.0; categories];
        for q in 0..NODES {
            fill(node(q), &mut here);
            rows.iter_mut().zip(&here).for_each(|(row, chance)| row[q] = *chance);
        }
        Self { rows }
    }

    pub(super) fn from_rows(rows: Vec<[f64; NODES]>) -> Self {
        Self { rows }
    }

    /// Number of categories.
    #[must_use]
    pub fn categories(&self) -> usize {
        self.rows.len()
    }

    /// For each category its probabilities at the nodes.
    #[must_use]
    pub fn rows(&self) -> &[[f64; NODES]] {
        &self.rows
    }

    /// How likely each category is for somebody of whom this is believed, the next answer's forecast.
    pub fn predict<'a>(&'a self, posterior: &'a Posterior) -> impl ExactSizeIterator<Item = f64> + 'a {
        self.rows.iter().map(|row| row.iter().zip(posterior.weights()).map(|(chance, weight)| chance * weight).sum())
    }

    /// What each category says of the level: the rows, each in proportion to its largest.
    #[must_use]
    pub fn likelihoods(&self) -> Vec<Likelihood> {
        self.rows.iter().map(Likelihood::of_row).collect()
    }
}
