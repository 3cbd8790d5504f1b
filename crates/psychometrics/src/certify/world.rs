//! What the items truly are, in one of the worlds that a release thinks possible.

use super::generator::{Assistance, Generator};
use crate::adaptive::{Kind, Release};
use crate::item::Curve;
use crate::math::{Matrix, exp, logit};
use crate::random::Random;
use crate::score::{ParameterError, SoftItem};

/// The items as they are in one world, and how people answer them.
#[derive(Clone, Debug)]
pub(crate) struct World {
    items: Vec<TrueItem>,
    /// Intercepts, one item after the other.
    intercepts: Vec<f64>,
    /// Multiples of z at each threshold; all 1 unless slopes inside a task differ.
    steepness: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct TrueItem {
    curve: Curve,
    slope: f64,
    lower: f64,
    /// Standard deviation, on the logit scale, of what differs from person to person: variant, own factor, task effect.
    noise: f64,
    assistance: f64,
    first: u32,
    last: u32,
}

impl World {
    /// Draws the items from what the release believes of them.
    pub fn draw(release: &Release, generator: &Generator, random: &mut Random) -> Self {
        let mut world = Self { items: Vec::new(), intercepts: Vec::new(), steepness: Vec::new() };
        for item in release.items() {
            world.add(&item.soft, item.kind, generator, random);
        }
        world
    }

    fn add(&mut self, soft: &SoftItem, kind: Kind, generator: &Generator, random: &mut Random) {
        let item = soft.item();
        let first = self.intercepts.len();
        let mut slope = item.slope();
        let mut own = item.specific().map_or(0.0, |own| own.slope);
        let mut lower = item.lower();
        self.intercepts.extend(item.intercepts());
        let intercepts = &mut self.intercepts[first..];
        match &soft.uncertainty().parameters {
            ParameterError::Known => {}
            ParameterError::Spread { ln_slope, difficulty } => {
                let ratio = exp(generator.item_error * ln_slope * random.normal());
                let harder = generator.item_error * difficulty * random.normal();
                slope *= ratio;
                for (k, d) in intercepts.iter_mut().enumerate() {
                    let steps = if item.curve() == Curve::PartialCredit { k as f64 + 1.0 } else { 1.0 };
                    *d = *d * ratio - steps * slope * harder;
                }
            }
            ParameterError::Covariance(covariance) => {
                let errors = draw_errors(covariance, random);
                slope += generator.item_error * errors[0];
                own += generator.item_error * errors[1];
                intercepts.iter_mut().zip(&errors[2..]).for_each(|(d, error)| *d += generator.item_error * error);
                lower = (lower + generator.item_error * errors[errors.len() - 1]).clamp(0.0, 0.99);
            }
        }
        let uneven = if kind == Kind::Task { generator.unequal_slopes } else { 0.0 };
        let count = intercepts.len();
        self.steepness.extend((0..count).map(|_| if uneven > 0.0 { exp(uneven * random.normal()) } else { 1.0 }));
        let family = slope * soft.uncertainty().family_sd;
        let task = if kind == Kind::Task { generator.task_effect } else { 0.0 };
        let noise = (family * family + own * own + task * task).sqrt();
        let assistance = if generator.assistance == Assistance::AsStated { soft.assistance() } else { 0.0 };
        let last = self.intercepts.len() as u32;
        self.items.push(TrueItem { curve: item.curve(), slope, lower, noise, assistance, first: first as u32, last });
    }

    /// What somebody of the level `theta` answers; `helped` is the share of their answers that are not their own.
    #[inline]
    pub fn answer(&self, item: usize, theta: f64, helped: f64, random: &mut Random) -> u8 {
        let it = &self.items[item];
        let top = (it.last - it.first) as u8;
        let floor = it.lower + (1.0 - it.lower) * helped.max(it.assistance);
        if floor > 0.0 && random.uniform() < floor {
            return top;
        }
        let noise = if it.noise > 0.0 { it.noise * random.normal() } else { 0.0 };
        let z = it.slope * theta + noise;
        let intercepts = &self.intercepts[it.first as usize..it.last as usize];
        let steepness = &self.steepness[it.first as usize..it.last as usize];
        // In the middle of the step, so that it is neither 0 nor 1.
        let uniform = random.uniform() + 1.0 / 18_014_398_509_481_984.0;
        if it.curve == Curve::PartialCredit {
            return partial(z, intercepts, uniform);
        }
        // A threshold is passed with the probability 1 / (1 + e^−(z + d)): a logistic number lies below z + d.
        let hurdle = logit(uniform);
        intercepts.iter().zip(steepness).map(|(d, steep)| u8::from(z * steep + d > hurdle)).sum()
    }

    /// An answer by chance: each category as likely as the others.
    pub fn guess(&self, item: usize, random: &mut Random) -> u8 {
        random.index((self.items[item].last - self.items[item].first + 1) as usize) as u8
    }
}

fn partial(z: f64, intercepts: &[f64], uniform: f64) -> u8 {
    let weight = |k: usize| if k == 0 { 1.0 } else { exp((k as f64 * z + intercepts[k - 1]).min(600.0)) };
    let sum: f64 = (0..=intercepts.len()).map(weight).sum();
    let mut left = uniform * sum;
    for k in 0..intercepts.len() {
        left -= weight(k);
        if left < 0.0 {
            return k as u8;
        }
    }
    intercepts.len() as u8
}

/// Normal errors of this covariance, by Cholesky's decomposition, in which a parameter without variance has no error.
fn draw_errors(covariance: &Matrix, random: &mut Random) -> Vec<f64> {
    let size = covariance.rows();
    let mut lower = Matrix::zeros(size, size);
    for row in 0..size {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| lower[(row, k)] * lower[(column, k)]).sum();
            let left = covariance[(row, column)] - known;
            lower[(row, column)] = if row == column {
                left.max(0.0).sqrt()
            } else if lower[(column, column)] > 1e-12 {
                left / lower[(column, column)]
            } else {
                0.0
            };
        }
    }
    let normal: Vec<f64> = (0..size).map(|_| random.normal()).collect();
    (0..size).map(|row| (0..=row).map(|k| lower[(row, k)] * normal[k]).sum()).collect()
}
