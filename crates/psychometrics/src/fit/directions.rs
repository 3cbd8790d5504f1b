//! The inverse of a large information: blocks exactly, and between them only what moves along a few directions.
//!
//! All items share the population's mean and spread, and an error in those moves them all together. So of what is missing
//! between the blocks a few directions hold nearly everything; they are found by turning guesses with the matrix itself,
//! without ever writing it down.

use super::curve::{INTERCEPTS, SLOPE};
use super::information::{Indefinite, Uncertain, block_of, determined, dot, over_people, own_blocks};
use super::maximise::ItemModel;
use super::missing::{Places, RANK, ScoreTables, Scores};
use super::setup::State;
use crate::math::{Cholesky, Matrix};

/// Directions that are kept.
const DIRECTIONS: usize = 8;
/// Passes over all people that turn the directions towards those that matter most.
const PASSES: usize = 2;
/// Blocks exactly, and between them only what moves along a few directions.
pub(crate) fn by_directions(
    complete: Vec<Matrix>,
    links: &[Vec<(usize, f64)>],
    tables: &ScoreTables<'_>,
    places: &Places,
    models: &[ItemModel],
    state: &State,
    threads: usize,
) -> Result<Uncertain, Indefinite> {
    let blocks = places.blocks();
    let own = own_blocks(complete, links, tables, places, threads);
    let factors: Vec<Option<Cholesky>> = own.iter().map(determined).collect();
    let faulty: Vec<usize> = (0..factors.len()).filter(|&index| factors[index].is_none()).collect();
    if !faulty.is_empty() {
        return Err(Indefinite(faulty));
    }
    let factors: Vec<Cholesky> = factors.into_iter().flatten().collect();
    let scaled = Scaled { blocks: &blocks, factors: &factors };
    let mut directions = scaled.to_scale(first_directions(models, state, places));
    orthonormalise(&mut directions);
    let mut turned = Vec::new();
    for pass in 0..=PASSES {
        turned = scaled.between(&directions, links, tables, threads);
        if pass < PASSES {
            directions = std::mem::take(&mut turned);
            orthonormalise(&mut directions);
        }
    }
    // Within the directions: (1 − T)⁻¹ − 1, where T is what is missing between blocks.
    let count = directions.len();
    let mut rest = Matrix::identity(count);
    for i in 0..count {
        for j in 0..count {
            let t = |a: usize, b: usize| directions[a].iter().zip(&turned[b]).map(|(x, y)| x * y).sum::<f64>();
            rest[(i, j)] -= 0.5 * (t(i, j) + t(j, i));
        }
    }
    let Some(inverse) = determined(&rest).map(|factor| factor.inverse()) else {
        return Err(Indefinite(Vec::new()));
    };
    let covariance = |(index, &(first, size)): (usize, &(usize, usize))| {
        let mut covariance = factors[index].inverse();
        // In the scale of the block's own factor L, a direction is Lᵀ⁻¹ v.
        let back: Vec<Vec<f64>> =
            directions.iter().map(|v| backward(&factors[index], &v[first..first + size])).collect();
        for i in 0..count {
            for j in 0..count {
                let more = inverse[(i, j)] - if i == j { 1.0 } else { 0.0 };
                for row in 0..size {
                    for column in 0..size {
                        covariance[(row, column)] += back[i][row] * more * back[j][column];
                    }
                }
            }
        }
        covariance
    };
    Ok(Uncertain { blocks: blocks.iter().enumerate().map(covariance).collect() })
}

/// Directions in which items move together: the level's origin, its unit, and mixtures of both with the item's place.
fn first_directions(models: &[ItemModel], state: &State, places: &Places) -> Vec<Vec<f64>> {
    let mut directions = vec![vec![0.0; places.total]; DIRECTIONS.min(places.total)];
    let blocks = places.blocks();
    for ((model, row), &(first, size)) in models.iter().zip(&state.rows).zip(&blocks) {
        let place_of_item = super::em::location(model, row).clamp(-3.0, 3.0);
        for (at, place) in model.free().into_iter().take(size).enumerate() {
            // By how much z changes, as a multiple of k for partial credit.
            let times = match model.shape.curve {
                crate::item::Curve::PartialCredit => place.saturating_sub(INTERCEPTS) as f64 + 1.0,
                _ => 1.0,
            };
            for (number, direction) in directions.iter_mut().enumerate() {
                let tilt = place_of_item.powi((number / 2) as i32);
                let value = match (number % 2, place) {
                    (0, SLOPE) => 0.0,
                    (0, _) => row[SLOPE] * times,
                    (_, SLOPE) => row[SLOPE],
                    _ => 0.0,
                };
                direction[first + at] = value * tilt;
            }
        }
    }
    // Groups move with everything.
    if let Some(&(first, size)) = blocks.get(models.len()) {
        for at in 0..size {
            for (number, direction) in directions.iter_mut().enumerate() {
                direction[first + at] = if at % DIRECTIONS == number { 1.0 } else { 0.1 };
            }
        }
    }
    directions
}

/// The information in the scale in which every block of it is the unit matrix.
struct Scaled<'a> {
    blocks: &'a [(usize, usize)],
    factors: &'a [Cholesky],
}

impl Scaled<'_> {
    /// Lᵀ v, block by block.
    fn to_scale(&self, mut vectors: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        for vector in &mut vectors {
            for (&(first, size), factor) in self.blocks.iter().zip(self.factors) {
                let old = vector[first..first + size].to_vec();
                for row in 0..size {
                    vector[first + row] = (row..size).map(|k| factor.lower()[(k, row)] * old[k]).sum();
                }
            }
        }
        vectors
    }

    /// What is missing between blocks, applied to vectors in this scale: L⁻¹ (missing without blocks) Lᵀ⁻¹ v.
    fn between(
        &self,
        vectors: &[Vec<f64>],
        links: &[Vec<(usize, f64)>],
        tables: &ScoreTables<'_>,
        threads: usize,
    ) -> Vec<Vec<f64>> {
        let total = vectors.first().map_or(0, Vec::len);
        let mut plain = vectors.to_vec();
        for vector in &mut plain {
            for (&(first, size), factor) in self.blocks.iter().zip(self.factors) {
                let back = backward(factor, &vector[first..first + size]);
                vector[first..first + size].copy_from_slice(&back);
            }
        }
        // Column by column for each parameter, so that a person touches few cache lines.
        let count = vectors.len();
        let mut by_parameter = vec![0.0; total * count];
        for (number, vector) in plain.iter().enumerate() {
            vector.iter().enumerate().for_each(|(place, value)| by_parameter[place * count + number] = *value);
        }
        let mut product = vec![0.0; total * count];
        let each = |scores: &Scores, sums: &mut Vec<f64>| add_between(scores, &by_parameter, sums, count, self.blocks);
        let merge = |sums: Vec<f64>| product.iter_mut().zip(&sums).for_each(|(all, part)| *all += part);
        over_people(tables, threads, || vec![0.0; total * count], each, merge);
        let block_of = block_of(self.blocks, total);
        for link in links {
            for &(place, value) in link {
                for &(other, factor) in link.iter().filter(|(other, _)| block_of[*other] != block_of[place]) {
                    for number in 0..count {
                        product[place * count + number] += value * factor * by_parameter[other * count + number];
                    }
                }
            }
        }
        let scaled = |number: usize| {
            let mut vector: Vec<f64> = (0..total).map(|place| product[place * count + number]).collect();
            for (&(first, size), factor) in self.blocks.iter().zip(self.factors) {
                let forward = factor.forward(&vector[first..first + size]);
                vector[first..first + size].copy_from_slice(&forward);
            }
            vector
        };
        (0..count).map(scaled).collect()
    }
}

/// Adds what one person misses between blocks, applied to `count` vectors.
fn add_between(scores: &Scores, vectors: &[f64], sums: &mut [f64], count: usize, blocks: &[(usize, usize)]) {
    let mut whole = [[0.0; RANK]; DIRECTIONS];
    for (&place, values) in scores.places.iter().zip(&scores.coefficients) {
        for (sum, value) in whole.iter_mut().zip(&vectors[place as usize * count..][..count]) {
            sum.iter_mut().zip(values).for_each(|(sum, own)| *sum += value * own);
        }
    }
    let mut at = 0;
    while at < scores.places.len() {
        let place = scores.places[at] as usize;
        let block = blocks.partition_point(|&(first, _)| first <= place) - 1;
        let end = blocks[block].0 + blocks[block].1;
        let size = scores.places[at..].iter().take_while(|&&place| (place as usize) < end).count();
        let mut others = whole;
        for k in at..at + size {
            let values = &vectors[scores.places[k] as usize * count..][..count];
            for (sum, value) in others.iter_mut().zip(values) {
                sum.iter_mut().zip(&scores.coefficients[k]).for_each(|(sum, own)| *sum -= value * own);
            }
        }
        for k in at..at + size {
            let places = &mut sums[scores.places[k] as usize * count..][..count];
            for (sum, other) in places.iter_mut().zip(&others) {
                *sum += scores.weight * dot(&scores.coefficients[k], other, scores.rank);
            }
        }
        at += size;
    }
}

/// The x with Lᵀ x = v.
fn backward(factor: &Cholesky, v: &[f64]) -> Vec<f64> {
    let lower = factor.lower();
    let mut x = v.to_vec();
    for row in (0..x.len()).rev() {
        let done: f64 = (row + 1..x.len()).map(|k| lower[(k, row)] * x[k]).sum();
        x[row] = (x[row] - done) / lower[(row, row)];
    }
    x
}

/// Gram and Schmidt, twice for safety; vectors that vanish are dropped.
fn orthonormalise(vectors: &mut Vec<Vec<f64>>) {
    let mut kept: Vec<Vec<f64>> = Vec::new();
    for mut vector in vectors.drain(..) {
        let before = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
        for _ in 0..2 {
            for other in &kept {
                let along: f64 = vector.iter().zip(other).map(|(x, y)| x * y).sum();
                vector.iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
            }
        }
        let norm = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
        if norm > 1e-10 * before && norm.is_finite() {
            vector.iter_mut().for_each(|x| *x /= norm);
            kept.push(vector);
        }
    }
    *vectors = kept;
}
