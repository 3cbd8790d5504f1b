//! Scoring many people against the same tables.
//!
//! Neighbouring items are joined into blocks: for each combination of answers to a block's items (or of their absence) the
//! product of their rows is made once, so a person costs one multiplication of rows for each block instead of each item.

use super::category_table::CategoryTable;
use crate::grid::{NODES, normalise_logs};
use crate::math::ln;
use crate::responses::Answer;

/// Combinations that a block has at most: three right-or-wrong items, or two graded ones.
const COMBINATIONS: usize = 32;
/// Rows padded to a whole number of vectors.
const WIDTH: usize = 64;
/// Products of so many rows, each at most 1, are brought back to a largest of 1.
const RESCALE: usize = 16;

type Row = [f64; WIDTH];

/// Tables joined into blocks.
pub(super) struct Blocks {
    /// For each item its block, and the stride of its categories within the block's combinations.
    places: Vec<(u32, u32)>,
    /// Where each block's rows begin.
    starts: Vec<u32>,
    rows: Vec<Row>,
}

impl Blocks {
    pub(super) fn new(tables: &[CategoryTable]) -> Self {
        let mut blocks = Self { places: Vec::with_capacity(tables.len()), starts: Vec::new(), rows: Vec::new() };
        let mut block: Vec<Row> = Vec::new();
        for table in tables {
            let states = table.categories() + 1;
            if block.is_empty() || block.len() * states > COMBINATIONS {
                blocks.close(&mut block);
            }
            blocks.places.push((blocks.starts.len() as u32 - 1, block.len() as u32));
            let before = block.clone();
            block.extend(table.rows().iter().flat_map(|row| before.iter().map(move |other| product(other, row))));
        }
        blocks.rows.append(&mut block);
        blocks
    }

    /// Stores a finished block and begins the next, with the one combination of no items.
    fn close(&mut self, block: &mut Vec<Row>) {
        self.rows.append(block);
        self.starts.push(self.rows.len() as u32);
        let mut nothing = [0.0; WIDTH];
        nothing[..NODES].fill(1.0);
        block.push(nothing);
    }

    /// Weights after these answers, which stand in the order of items; not normalised.
    pub(super) fn observe(&self, prior: &[f64; NODES], answers: &[Answer], weights: &mut [f64; NODES]) {
        let mut row: Row = [0.0; WIDTH];
        row[..NODES].copy_from_slice(prior);
        let mut taken = 0;
        self.combinations(answers, |index| {
            row.iter_mut().zip(&self.rows[index]).for_each(|(weight, chance)| *weight *= chance);
            taken += 1;
            if taken % RESCALE == 0 {
                let scale = 1.0 / row.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
                row.iter_mut().for_each(|weight| *weight *= scale);
            }
        });
        if row.iter().any(|weight| *weight > 0.0) {
            weights.copy_from_slice(&row[..NODES]);
        } else {
            self.observe_logs(prior, answers, weights);
        }
    }

    /// The same by logarithms, for answers that contradict each other so much that products vanish.
    fn observe_logs(&self, prior: &[f64; NODES], answers: &[Answer], weights: &mut [f64; NODES]) {
        *weights = prior.map(|weight| ln(weight.max(f64::MIN_POSITIVE)));
        self.combinations(answers, |index| {
            let row = &self.rows[index];
            weights.iter_mut().zip(row).for_each(|(sum, chance)| *sum += ln(chance.max(f64::MIN_POSITIVE)));
        });
        normalise_logs(weights);
    }

    /// Calls with the index of the row of each block that has an answer.
    fn combinations(&self, answers: &[Answer], mut take: impl FnMut(usize)) {
        let mut open: Option<(u32, u32)> = None;
        for answer in answers {
            let (block, stride) = self.places[answer.item as usize];
            let part = stride * (u32::from(answer.category) + 1);
            match &mut open {
                Some((current, combination)) if *current == block => *combination += part,
                _ => {
                    if let Some((before, combination)) = open {
                        take((self.starts[before as usize] + combination) as usize);
                    }
                    open = Some((block, part));
                }
            }
        }
        if let Some((last, combination)) = open {
            take((self.starts[last as usize] + combination) as usize);
        }
    }
}

/// Product of two rows, its largest brought to 1.
fn product(row: &Row, other: &[f64; NODES]) -> Row {
    let mut product = *row;
    product.iter_mut().zip(other).for_each(|(chance, other)| *chance *= other);
    let largest = product.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    product.iter_mut().for_each(|chance| *chance /= largest);
    product
}
