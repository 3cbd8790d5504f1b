//! Standard errors from the observed information: how the score changes with each parameter (D. Oakes 1999).

use super::expect::{Sums, Table, complete, integrate};
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
    let columns = run(problem.threads, size, |k| base.score_beside(k));
    let mut information = Matrix::zeros(size, size);
    for (k, column) in columns.into_iter().enumerate() {
        for (row, value) in column?.into_iter().enumerate() {
            let bend = 0.5 * (base.score[row] - value) / MOVE;
            information[(row, k)] += bend;
            information[(k, row)] += bend;
        }
    }
    Some(information.cholesky()?.inverse())
}

/// The estimates, and what an E-step made of them. Moving one parameter changes the tables of one block only.
struct Base<'a> {
    problem: &'a Problem,
    state: &'a State,
    flat: Vec<f64>,
    tables: Vec<Table>,
    sums: Vec<Sums>,
    score: Vec<f64>,
    /// For each free parameter its block, and there the place of its item (nothing for a factor's standard deviation).
    homes: Vec<(usize, Option<usize>)>,
}

impl<'a> Base<'a> {
    fn of(problem: &'a Problem, state: &'a State) -> Self {
        let tables: Vec<Table> = problem.blocks.iter().map(|block| problem.table(block, state)).collect();
        let blocks = problem.blocks.iter().zip(&tables);
        let sums = blocks.map(|(block, table)| integrate(&problem.grid, block, table, problem.threads)).collect();
        let flat = problem.flat(state);
        let mut base = Self { problem, state, flat, tables, sums, score: Vec::new(), homes: homes(problem, state) };
        base.score =
            base.score_with(state, &base.tables.iter().collect::<Vec<_>>(), &base.sums.iter().collect::<Vec<_>>());
        base
    }

    fn score_with(&self, state: &State, tables: &[&Table], sums: &[&Sums]) -> Vec<f64> {
        let problem = self.problem;
        let expectation = complete(&problem.grid, &problem.blocks, tables, sums, &problem.weights, 1);
        problem.score(state, tables, &expectation)
    }

    /// The score with parameter `k` a little larger; nothing when that is no item any more.
    fn score_beside(&self, k: usize) -> Option<Vec<f64>> {
        let problem = self.problem;
        let mut moved = self.flat.clone();
        moved[k] += MOVE;
        let state = problem.unflat(&moved, self.state)?;
        let (home, place) = self.homes[k];
        let block = &problem.blocks[home];
        let mut table = self.tables[home].clone();
        match place {
            Some(place) => problem.fill(block, place, &state, &mut table),
            None => table = problem.table(block, &state),
        }
        let sums = integrate(&problem.grid, block, &table, 1);
        let mut tables: Vec<&Table> = self.tables.iter().collect();
        let mut all: Vec<&Sums> = self.sums.iter().collect();
        tables[home] = &table;
        all[home] = &sums;
        Some(self.score_with(&state, &tables, &all))
    }
}

fn homes(problem: &Problem, state: &State) -> Vec<(usize, Option<usize>)> {
    let find = |item: usize| {
        let found = problem.blocks.iter().enumerate();
        found.filter_map(|(b, block)| block.items.binary_search(&item).ok().map(|place| (b, Some(place)))).next()
    };
    let own = (0..state.rows.len()).flat_map(|item| {
        let count = problem.model(item, state).free().len();
        std::iter::repeat_n(find(item).unwrap_or((0, None)), count)
    });
    let of_sds = (0..state.sds.len())
        .map(|factor| (problem.blocks.iter().position(|block| block.factor == Some(factor)).unwrap_or(0), None));
    own.chain(of_sds).collect()
}
