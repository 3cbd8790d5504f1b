//! The observed information of all parameters, and its inverse: what is uncertain of each item and group.
//!
//! Louis's identity: information of complete data minus what is missing. With many parameters or many answers the whole
//! matrix costs too much. Then only blocks are exact, and of what lies between them the few directions that matter are
//! kept: all items share the population's mean and spread, and an error in those moves them all together.

use super::curve::{Curvature, INTERCEPTS, SLOPE};
use super::directions::by_directions;
use super::em::Problem;
use super::expect::Totals;
use super::maximise::{ItemModel, Points, expected};
use super::missing::{Places, RANK, ScoreTables, Scores};
use super::setup::State;
use crate::math::{Cholesky, Matrix};

/// The whole matrix is made up to so many parameters …
const MOST_PARAMETERS: usize = 1500;
/// … and so many sums of products between parameters that one person touches.
const MOST_PRODUCTS: f64 = 2e10;
/// A parameter of which the others leave less than this share of its own information is not determined.
const LEAST_SHARE: f64 = 1e-7;
/// People are divided into so many parts, each summed up by itself, so that threads cannot be seen in the result.
const PARTS: usize = 4;

/// What is uncertain: a covariance for each block of parameters (one an item, one of all groups).
pub(crate) struct Uncertain {
    pub blocks: Vec<Matrix>,
}

/// The information is not positive definite: these blocks are undetermined.
#[derive(Debug)]
pub(crate) struct Indefinite(pub Vec<usize>);

/// Covariances at the maximum; `totals` are those of `state`, in f64.
pub(crate) fn uncertain(
    problem: &Problem<'_>,
    state: &State,
    totals: &Totals,
    tables: &ScoreTables<'_>,
    places: &Places,
) -> Result<Uncertain, Indefinite> {
    let models = problem.models(state);
    let complete = complete(problem, state, totals, &models, places);
    let links = links(problem, state, places);
    let products = 0.5 * tables.people() as f64 * (tables.widest() as f64).powi(2);
    if places.total <= MOST_PARAMETERS && products <= MOST_PRODUCTS {
        whole(complete, &links, tables, places, problem.threads)
    } else {
        by_directions(complete, &links, tables, places, &models, state, problem.threads)
    }
}

/// Blocks of the observed information by themselves: of each item, and of all groups together.
pub(crate) fn own_information(
    problem: &Problem<'_>,
    state: &State,
    totals: &Totals,
    tables: &ScoreTables<'_>,
    places: &Places,
) -> Vec<Matrix> {
    let complete = complete(problem, state, totals, &problem.models(state), places);
    own_blocks(complete, &[], tables, places, problem.threads)
}

/// Blocks of the complete-data information, with the curvature of what is believed.
fn complete(
    problem: &Problem<'_>,
    state: &State,
    totals: &Totals,
    models: &[ItemModel],
    places: &Places,
) -> Vec<Matrix> {
    let points = Points { general: &problem.nodes.levels, specific: None };
    let mut blocks = Vec::with_capacity(models.len() + 1);
    for (index, (model, row)) in models.iter().zip(&state.rows).enumerate() {
        let sums = expected(model, &points, totals.item(problem.layout, index), row, Curvature::Observed);
        let free = if places.items[index].1 == 0 { Vec::new() } else { model.free() };
        let mut block = Matrix::zeros(free.len(), free.len());
        for (i, &place) in free.iter().enumerate() {
            for (j, &other) in free.iter().enumerate() {
                block[(i, j)] = sums.curvature[(place, other)];
            }
        }
        blocks.push(block);
    }
    if let Some(&(begin, size)) = places.blocks().get(models.len()) {
        let mut block = Matrix::zeros(size, size);
        for ((group, weights), [mean, variance]) in state.groups.iter().zip(&totals.groups).zip(&places.groups) {
            let v = group.variance;
            let moment = |power: i32| -> f64 {
                let terms = problem.nodes.levels.iter().zip(weights);
                terms.map(|(level, weight)| weight * (level - group.mean).powi(power)).sum()
            };
            if let Some(m) = mean {
                block[(m - begin, m - begin)] = moment(0) / v;
            }
            if let Some(s) = variance {
                block[(s - begin, s - begin)] = moment(2) / (v * v * v) - moment(0) / (2.0 * v * v);
            }
            if let (Some(m), Some(s)) = (mean, variance) {
                block[(m - begin, s - begin)] = moment(1) / (v * v);
                block[(s - begin, m - begin)] = moment(1) / (v * v);
            }
        }
        blocks.push(block);
    }
    blocks
}

/// For each family the gradient of its mean difficulty, times what makes its outer product the information that is lost
/// because that mean is not known.
fn links(problem: &Problem<'_>, state: &State, places: &Places) -> Vec<Vec<(usize, f64)>> {
    let Some(sd) = problem.family_sd else { return Vec::new() };
    let link = |family: &Vec<usize>| {
        let scale = 1.0 / (sd * (family.len() as f64).sqrt());
        let mut terms = Vec::new();
        for &item in family.iter().filter(|item| places.items[**item].1 > 0) {
            let (model, row) = (&problem.setup.items[item], &state.rows[item]);
            for (at, value) in location_gradient(model, row).into_iter().enumerate() {
                terms.push((places.items[item].0 + at, scale * value));
            }
        }
        terms
    };
    problem.setup.families.iter().map(link).collect()
}

/// How the mean of an item's difficulties changes with its estimated parameters.
pub(crate) fn location_gradient(model: &ItemModel, row: &[f64]) -> Vec<f64> {
    let belief = super::plan::NormalPrior { mean: 0.0, sd: 1.0 };
    let (combination, _) = super::belief::Beliefs::location(model.shape, belief);
    let by = |place: usize| match place {
        SLOPE => -super::em::location(model, row) / row[SLOPE],
        _ => {
            let share = combination.iter().find(|(index, _)| INTERCEPTS + index == place);
            share.map_or(0.0, |(_, share)| -share / row[SLOPE])
        }
    };
    model.free().into_iter().map(by).collect()
}

/// Runs `each` over all people in fixed parts, side by side, and merges the parts in their order.
pub(crate) fn over_people<S: Send>(
    tables: &ScoreTables<'_>,
    threads: usize,
    empty: impl Fn() -> S + Sync,
    each: impl Fn(&Scores, &mut S) + Sync,
    mut merge: impl FnMut(S),
) {
    let people = tables.people();
    let part = |number: usize| {
        let mut sums = empty();
        let mut scores = Scores::default();
        for index in people * number / PARTS..people * (number + 1) / PARTS {
            tables.scores(index, &mut scores);
            each(&scores, &mut sums);
        }
        sums
    };
    let mut number = 0;
    while number < PARTS {
        let until = (number + threads.max(1)).min(PARTS);
        if until - number == 1 {
            merge(part(number));
        } else {
            std::thread::scope(|scope| {
                let running: Vec<_> = (number..until).map(|number| scope.spawn(move || part(number))).collect();
                for done in running {
                    match done.join() {
                        Ok(sums) => merge(sums),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
            });
        }
        number = until;
    }
}

fn whole(
    complete: Vec<Matrix>,
    links: &[Vec<(usize, f64)>],
    tables: &ScoreTables<'_>,
    places: &Places,
    threads: usize,
) -> Result<Uncertain, Indefinite> {
    let size = places.total;
    let mut information = Matrix::zeros(size, size);
    for ((first, count), block) in places.blocks().into_iter().zip(&complete) {
        for row in 0..count {
            information.row_mut(first + row)[first..first + count].copy_from_slice(block.row(row));
        }
    }
    for link in links {
        for &(place, value) in link {
            for &(other, factor) in link {
                information[(place, other)] -= value * factor;
            }
        }
    }
    let merge = |missing: Matrix| {
        for row in 0..size {
            for column in 0..=row {
                information[(row, column)] -= missing[(row, column)];
            }
        }
    };
    over_people(tables, threads, || Matrix::zeros(size, size), add_products, merge);
    let Some(factor) = determined(&information) else {
        return Err(Indefinite(indefinite_blocks(&information, places)));
    };
    Ok(Uncertain { blocks: diagonal_blocks(&factor, places) })
}

/// Cholesky's factor of an information that determines every parameter.
pub(crate) fn determined(information: &Matrix) -> Option<Cholesky> {
    let factor = information.cholesky()?;
    let enough = |row: usize| factor.lower()[(row, row)].powi(2) > LEAST_SHARE * information[(row, row)];
    (0..information.rows()).all(enough).then_some(factor)
}

/// Adds a person's products of scores to the lower triangle.
fn add_products(scores: &Scores, sums: &mut Matrix) {
    for (at, (&place, own)) in scores.places.iter().zip(&scores.coefficients).enumerate() {
        let weighted = own.map(|value| value * scores.weight);
        let row = sums.row_mut(place as usize);
        // Places ascend, so all before are in the lower triangle.
        for (&other, factors) in scores.places[..=at].iter().zip(&scores.coefficients) {
            row[other as usize] += dot(&weighted, factors, scores.rank);
        }
    }
}

/// Of the first `rank` coefficients; the rest is nought.
#[inline(always)]
pub(crate) fn dot(a: &[f64; RANK], b: &[f64; RANK], rank: usize) -> f64 {
    let mut lanes = [0.0; 4];
    for (a, b) in a.chunks_exact(4).zip(b.chunks_exact(4)).take(rank.div_ceil(4)) {
        for lane in 0..4 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
}

/// The blocks on the diagonal of the inverse.
fn diagonal_blocks(factor: &Cholesky, places: &Places) -> Vec<Matrix> {
    let block = |(first, count): (usize, usize)| {
        let mut block = Matrix::zeros(count, count);
        for column in 0..count {
            let mut unit = vec![0.0; places.total];
            unit[first + column] = 1.0;
            let solved = factor.solve(&unit);
            for row in 0..count {
                block[(row, column)] = solved[first + row];
            }
        }
        block
    };
    places.blocks().into_iter().map(block).collect()
}

/// Which blocks an indefinite matrix leaves undetermined: those that are not positive definite by themselves, or else the
/// first at which the whole ceases to be.
fn indefinite_blocks(information: &Matrix, places: &Places) -> Vec<usize> {
    let blocks = places.blocks();
    let alone = |&(first, count): &(usize, usize)| {
        let mut block = Matrix::zeros(count, count);
        for row in 0..count {
            for column in 0..count {
                let (low, high) = (row.min(column), row.max(column));
                block[(row, column)] = information[(first + high, first + low)];
            }
        }
        determined(&block).is_none()
    };
    let faulty: Vec<usize> = (0..blocks.len()).filter(|&index| alone(&blocks[index])).collect();
    if !faulty.is_empty() {
        return faulty;
    }
    let leading = |size: usize| {
        let mut part = Matrix::zeros(size, size);
        for row in 0..size {
            part.row_mut(row).copy_from_slice(&information.row(row)[..size]);
        }
        determined(&part).is_some()
    };
    let (mut good, mut bad) = (0, blocks.len());
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        let end = blocks[middle - 1].0 + blocks[middle - 1].1;
        if leading(end) { good = middle } else { bad = middle }
    }
    vec![bad - 1]
}

/// Each block of the observed information.
pub(crate) fn own_blocks(
    complete: Vec<Matrix>,
    links: &[Vec<(usize, f64)>],
    tables: &ScoreTables<'_>,
    places: &Places,
    threads: usize,
) -> Vec<Matrix> {
    let blocks = places.blocks();
    let block_of = block_of(&blocks, places.total);
    let mut own = complete;
    let empty = || blocks.iter().map(|&(_, size)| Matrix::zeros(size, size)).collect::<Vec<_>>();
    let each = |scores: &Scores, sums: &mut Vec<Matrix>| {
        for (at, (&place, values)) in scores.places.iter().zip(&scores.coefficients).enumerate() {
            let block = block_of[place as usize];
            let first = blocks[block].0;
            // A block's parameters stand one after the other.
            for (&other, factors) in scores.places[..=at].iter().zip(&scores.coefficients).rev() {
                if block_of[other as usize] != block {
                    break;
                }
                let (row, column) = (place as usize - first, other as usize - first);
                let product = scores.weight * dot(values, factors, scores.rank);
                sums[block][(row, column)] += product;
                if row != column {
                    sums[block][(column, row)] += product;
                }
            }
        }
    };
    let merge = |sums: Vec<Matrix>| {
        for (own, missing) in own.iter_mut().zip(&sums) {
            for row in 0..own.rows() {
                own.row_mut(row).iter_mut().zip(missing.row(row)).for_each(|(value, less)| *value -= less);
            }
        }
    };
    over_people(tables, threads, empty, each, merge);
    for link in links {
        for &(place, value) in link {
            for &(other, factor) in link.iter().filter(|(other, _)| block_of[*other] == block_of[place]) {
                let first = blocks[block_of[place]].0;
                own[block_of[place]][(place - first, other - first)] -= value * factor;
            }
        }
    }
    own
}

pub(crate) fn block_of(blocks: &[(usize, usize)], total: usize) -> Vec<usize> {
    let mut of = vec![0; total];
    for (index, &(first, size)) in blocks.iter().enumerate() {
        of[first..first + size].fill(index);
    }
    of
}

#[cfg(test)]
mod tests {
    use super::super::expect::expect;
    use super::super::pack::{Layout, Packed, Roll};
    use super::super::plan::{ItemPrior, Model, NormalPrior, Plan};
    use super::super::population::Nodes;
    use super::super::setup::prepare;
    use super::*;
    use crate::{Answer, Item, Random, Responses};

    /// 600 people of two groups who answer 12 of 60 questions each.
    fn sparse() -> (Responses, Plan) {
        let mut random = Random::new(5);
        let items: Vec<Item> =
            (0..60).map(|_| Item::two_pl(random.log_normal(0.2, 0.3), random.normal()).unwrap()).collect();
        let mut responses =
            Responses::new(Responses::numbered(&[2; 60]).unwrap().items().to_vec(), vec!["one".into(), "other".into()])
                .unwrap();
        for person in 0..600 {
            let theta = random.normal() + if person % 2 == 1 { 0.5 } else { 0.0 };
            let mut given = Vec::new();
            for (index, item) in items.iter().enumerate() {
                if random.uniform() < 0.2 {
                    let mut chances = [0.0; 2];
                    item.probabilities(theta, &mut chances);
                    given.push(Answer { item: index as u32, category: random.weighted(&chances) as u8 });
                }
            }
            responses.push(&given, 1.0, person % 2).unwrap();
        }
        let prior = ItemPrior {
            ln_slope: Some(NormalPrior { mean: 0.2, sd: 0.3 }),
            difficulties: vec![NormalPrior { mean: 0.0, sd: 1.5 }],
            guessing: None,
        };
        let mut plan = Plan::new(Model::TwoPl);
        plan.priors = vec![prior; 60];
        (responses, plan)
    }

    #[test]
    fn a_few_directions_give_nearly_the_errors_of_the_whole_matrix() {
        let (responses, plan) = sparse();
        let (setup, mut state) = prepare(&responses, &plan).unwrap();
        let roll = Roll::new(&responses);
        let layout = Layout::new(&responses, &roll);
        let packed = Packed::new(&responses, &roll, &layout);
        let mut problem = Problem {
            setup: &setup,
            layout: &layout,
            packed: &packed,
            wide: true,
            nodes: Nodes::usual(),
            threads: 1,
            family_sd: None,
        };
        let course = super::super::em::Course { tolerance: 1e-6, max_iterations: 500, accelerate: true };
        let mut watch = |_| std::ops::ControlFlow::Continue(());
        super::super::em::run(&mut problem, &mut state, course, &mut 0, &mut watch);
        let places = Places::new(&setup.items, &state, &[]);
        let tables = ScoreTables::new(&problem, &state, &responses, &roll, &places);
        let totals = expect::<f64>(&layout, &packed, &problem.logs(&state), 1);
        let blocks = || complete(&problem, &state, &totals, &setup.items, &places);
        let exact = whole(blocks(), &[], &tables, &places, 1).unwrap();
        let near = by_directions(blocks(), &[], &tables, &places, &setup.items, &state, 1).unwrap();
        let (mut worst, mut alone) = (0.0_f64, 0.0_f64);
        let own = own_blocks(blocks(), &[], &tables, &places, 1);
        for ((exact, near), own) in exact.blocks.iter().zip(&near.blocks).zip(&own) {
            let own = own.cholesky().unwrap().inverse();
            for k in 0..exact.rows() {
                let error = |matrix: &Matrix| ((matrix[(k, k)] / exact[(k, k)]).sqrt() - 1.0).abs();
                worst = worst.max(error(near));
                alone = alone.max(error(&own));
            }
        }
        // Blocks by themselves are too sure by more than that.
        eprintln!("{worst} {alone}");
        assert!(worst < 0.02 && alone > 0.05, "{worst} {alone}");
    }
}
