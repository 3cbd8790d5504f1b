//! Standard errors from the observed information: how the score changes with each parameter (D. Oakes 1999).

use super::conditional::Conditional;
use super::expect::{Sums, Table, count, integrate, over_people};
use super::parallel::run;
use super::state::{Problem, State};
use crate::fit::curve::{INTERCEPTS, SLOPE, SPECIFIC};
use crate::fit::result::ItemErrors;
use crate::math::Matrix;

/// How far a parameter is moved. Scores are exact to about ten digits, and bend little over this.
const MOVE: f64 = 1e-5;

/// Standard errors of all items; nothing when the information is not positive definite.
pub(super) fn item_errors(problem: &Problem, state: &State) -> Option<Vec<ItemErrors>> {
    let covariance = covariance(problem, state)?;
    let mut from = 0;
    let items = (0..state.rows.len()).map(|item| {
        let model = problem.model(item, state);
        let free = model.free();
        let error = |k: usize| Some(covariance[(from + k, from + k)].max(0.0).sqrt());
        let of = |wanted: usize| free.iter().position(|&place| place == wanted).and_then(error);
        let mut block = Matrix::zeros(free.len(), free.len());
        for row in 0..free.len() {
            block.row_mut(row).copy_from_slice(&covariance.row(from + row)[from..from + free.len()]);
        }
        let intercepts = INTERCEPTS..INTERCEPTS + problem.shapes[item].intercepts();
        let errors = ItemErrors {
            slope: of(SLOPE),
            specific: of(SPECIFIC),
            intercepts: intercepts.map(of).collect(),
            lower: None,
            covariance: Some(block),
        };
        from += free.len();
        errors
    });
    Some(items.collect())
}

/// Inverse of the observed information of all free parameters.
pub(super) fn covariance(problem: &Problem, state: &State) -> Option<Matrix> {
    let base = Base::of(problem, state);
    let size = base.flat.len();
    let score = base.score();
    let columns = run(problem.threads, size, |k| base.score_beside(k));
    let mut information = Matrix::zeros(size, size);
    for (k, column) in columns.into_iter().enumerate() {
        for (row, value) in column?.into_iter().enumerate() {
            let bend = 0.5 * (score[row] - value) / MOVE;
            information[(row, k)] += bend;
            information[(k, row)] += bend;
        }
    }
    Some(information.cholesky()?.inverse())
}

/// Derivatives of the log-posterior by all free parameters.
#[cfg(test)]
pub(super) fn score(problem: &Problem, state: &State) -> Vec<f64> {
    Base::of(problem, state).score()
}

/// The estimates, and what an E-step made of them. Moving one parameter changes the tables of one block only.
struct Base<'a> {
    problem: &'a Problem,
    state: &'a State,
    flat: Vec<f64>,
    /// For each block where its parameters stand in `flat`.
    places: Vec<Vec<usize>>,
    tables: Vec<Table>,
    sums: Vec<Sums>,
    conditional: Vec<Option<Conditional>>,
}

impl<'a> Base<'a> {
    fn of(problem: &'a Problem, state: &'a State) -> Self {
        let tables: Vec<Table> = problem.blocks.iter().map(|block| problem.table(block, state)).collect();
        let blocks = problem.blocks.iter().zip(&tables);
        Self {
            problem,
            state,
            flat: problem.flat(state),
            places: problem.places(state),
            sums: blocks.map(|(block, table)| integrate(&problem.grid, block, table, problem.threads)).collect(),
            conditional: tables
                .iter()
                .enumerate()
                .map(|(b, table)| Conditional::of(problem, b, state, table))
                .collect(),
            tables,
        }
    }

    fn score(&self) -> Vec<f64> {
        let sums: Vec<&Sums> = self.sums.iter().collect();
        self.score_with(self.state, None, &sums)
    }

    /// The score at a state that differs in one block, whose table is given.
    fn score_with(&self, state: &State, moved: Option<(usize, &Table)>, sums: &[&Sums]) -> Vec<f64> {
        let problem = self.problem;
        let (_, ratios) = over_people(&problem.grid, &problem.blocks, sums, &problem.weights);
        let mut score = problem.prior_score(state);
        for (b, block) in problem.blocks.iter().enumerate() {
            let table = moved.filter(|(home, _)| *home == b).map(|(_, table)| table);
            let own = match (table, &self.conditional[b]) {
                (None, Some(conditional)) => conditional.scores(&ratios[b]),
                _ => {
                    let table = table.unwrap_or(&self.tables[b]);
                    problem.score(block, state, table, &count(&problem.grid, block, table, &ratios[b], 1))
                }
            };
            self.places[b].iter().zip(own).for_each(|(&place, value)| score[place] += value);
        }
        score
    }

    /// The score with parameter `k` a little larger; nothing when that is no item any more.
    fn score_beside(&self, k: usize) -> Option<Vec<f64>> {
        let problem = self.problem;
        let mut moved = self.flat.clone();
        moved[k] += MOVE;
        let state = problem.unflat(&moved, self.state)?;
        let home = self.places.iter().position(|places| places.contains(&k))?;
        let block = &problem.blocks[home];
        let table = problem.table(block, &state);
        let moved = integrate(&problem.grid, block, &table, 1);
        let mut sums: Vec<&Sums> = self.sums.iter().collect();
        sums[home] = &moved;
        Some(self.score_with(&state, Some((home, &table)), &sums))
    }
}
