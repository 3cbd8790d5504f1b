//! What the items truly are, in one of the worlds that a release thinks possible.

use super::generator::{Assistance, Generator};
use crate::adaptive::{Kind, Model, Release};
use crate::item::Curve;
use crate::math::{Matrix, exp, logit};
use crate::random::Random;
use crate::score::{ParameterError, SoftItem};

/// The items as they are in one world, and how people answer them.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    items: Vec<TrueItem>,
    /// Observations that items are made of: one, or the behaviours of a task.
    parts: Vec<Part>,
    /// Intercepts, one part after the other.
    intercepts: Vec<f64>,
    /// Multiples of z at each threshold; all 1 unless slopes inside a task differ.
    steepness: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct TrueItem {
    first: u32,
    last: u32,
    /// The highest category.
    top: u8,
    /// Chance that the whole of it is not the person's own.
    assistance: f64,
    /// Standard deviation of an effect of person and item, in units of the level.
    effect: f64,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    curve: Curve,
    slope: f64,
    lower: f64,
    /// Standard deviation, on the logit scale, of what differs from person to person: variant, own factor.
    noise: f64,
    first: u32,
    last: u32,
}

impl World {
    /// Draws the items from what the release believes of them.
    pub fn draw(release: &Release, generator: &Generator, random: &mut Random) -> Self {
        let mut world = Self::default();
        for item in release.items() {
            world.add(&item.model, item.kind, generator, random);
        }
        world
    }

    fn add(&mut self, model: &Model, kind: Kind, generator: &Generator, random: &mut Random) {
        let first = self.parts.len() as u32;
        let (uneven, beyond) =
            if kind == Kind::Task { (generator.unequal_slopes, generator.task_effect) } else { (0.0, 0.0) };
        let (assistance, effect) = match model {
            Model::Item(item) => (item.assistance(), 0.0),
            Model::Task(task) => {
                let shared = generator.item_error * task.shared_difficulty_sd();
                (task.assistance(), (task.effect_sd() * task.effect_sd() + shared * shared).sqrt())
            }
        };
        model.parts().iter().for_each(|part| self.add_part(part, uneven, generator.item_error, random));
        let last = self.parts.len() as u32;
        // An item of one observation takes an effect on the logit scale, divided by its slope.
        let per_level = match model {
            Model::Item(item) => item.item().slope().abs().max(1e-3),
            Model::Task(_) => 1.0,
        };
        self.items.push(TrueItem {
            first,
            last,
            top: (model.categories() - 1) as u8,
            assistance: if generator.assistance == Assistance::AsStated { assistance } else { 0.0 },
            effect: (effect * effect + (beyond / per_level) * (beyond / per_level)).sqrt(),
        });
    }

    fn add_part(&mut self, soft: &SoftItem, uneven: f64, item_error: f64, random: &mut Random) {
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
                let ratio = exp(item_error * ln_slope * random.normal());
                let harder = item_error * difficulty * random.normal();
                slope *= ratio;
                for (k, d) in intercepts.iter_mut().enumerate() {
                    let steps = if item.curve() == Curve::PartialCredit { k as f64 + 1.0 } else { 1.0 };
                    *d = *d * ratio - steps * slope * harder;
                }
            }
            ParameterError::Covariance(covariance) => {
                let errors = draw_errors(covariance, random);
                slope += item_error * errors[0];
                own += item_error * errors[1];
                intercepts.iter_mut().zip(&errors[2..]).for_each(|(d, error)| *d += item_error * error);
                lower = (lower + item_error * errors[errors.len() - 1]).clamp(0.0, 0.99);
            }
        }
        let family = slope * soft.uncertainty().family_sd;
        for d in intercepts.iter_mut() {
            let steep = if uneven > 0.0 { exp(uneven * random.normal()) } else { 1.0 };
            self.steepness.push(steep);
            // Turned about its difficulty, which stays where it is.
            *d *= steep;
        }
        let noise = (family * family + own * own).sqrt();
        let last = self.intercepts.len() as u32;
        self.parts.push(Part { curve: item.curve(), slope, lower, noise, first: first as u32, last });
    }

    /// What somebody of the level `theta` answers; `helped` is the share of their answers that are not their own.
    #[inline]
    pub fn answer(&self, item: usize, theta: f64, helped: f64, random: &mut Random) -> u8 {
        let it = &self.items[item];
        let floor = helped.max(it.assistance);
        if floor > 0.0 && random.uniform() < floor {
            return it.top;
        }
        let here = if it.effect > 0.0 { theta + it.effect * random.normal() } else { theta };
        let parts = &self.parts[it.first as usize..it.last as usize];
        parts.iter().map(|part| self.part(part, here, random)).sum()
    }

    #[inline]
    fn part(&self, part: &Part, theta: f64, random: &mut Random) -> u8 {
        let intercepts = &self.intercepts[part.first as usize..part.last as usize];
        if part.lower > 0.0 && random.uniform() < part.lower {
            return intercepts.len() as u8;
        }
        let noise = if part.noise > 0.0 { part.noise * random.normal() } else { 0.0 };
        let z = part.slope * theta + noise;
        // In the middle of the step, so that it is neither 0 nor 1.
        let uniform = random.uniform() + 1.0 / 18_014_398_509_481_984.0;
        if part.curve == Curve::PartialCredit {
            return partial(z, intercepts, uniform);
        }
        // A threshold is passed with the probability 1 / (1 + e^−(z + d)): a logistic number lies below z + d.
        let hurdle = logit(uniform);
        let steepness = &self.steepness[part.first as usize..part.last as usize];
        intercepts.iter().zip(steepness).map(|(d, steep)| u8::from(z * steep + d > hurdle)).sum()
    }

    /// An answer by chance: each category as likely as the others.
    pub fn guess(&self, item: usize, random: &mut Random) -> u8 {
        random.index(usize::from(self.items[item].top) + 1) as u8
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adaptive::{BankItem, Blueprint, Count, ReleaseParts, Spread, Stopping};
    use crate::grid::node;
    use crate::item::Item;
    use crate::score::{TaskItem, Uncertainty};

    fn one(model: Model) -> Release {
        let text = |text: &str| text.to_owned();
        let item = BankItem {
            id: text("i"),
            model,
            family: text("f"),
            topic: text("t"),
            kind: Kind::Question,
            minutes: 1.0,
            seeding: false,
            enemies: vec![],
        };
        Release::new(ReleaseParts {
            items: vec![item],
            blueprint: Blueprint::questions_only("t", Count::new(1, 1)),
            stopping: Stopping::BY_COUNT,
            spread: Spread::default(),
            cuts: vec![],
        })
        .unwrap()
    }

    /// Over many worlds and people, answers come as often as the table of the release says, whatever the model.
    #[test]
    fn answers_come_as_often_as_the_release_believes() {
        let behaviour = |d| SoftItem::new(Item::two_pl(1.3, d).unwrap(), Uncertainty::spread(0.2, 0.4), 0.0).unwrap();
        let task = TaskItem::new([0.8, 0.0, -0.7].map(behaviour).to_vec(), 0.8).unwrap();
        let soft =
            |item: Item, family| SoftItem::new(item, Uncertainty::spread(0.3, 0.5).in_family(family), 0.05).unwrap();
        let mut covariance = Matrix::zeros(4, 4);
        for (row, column, value) in [(0, 0, 0.04), (0, 2, 0.01), (2, 0, 0.01), (2, 2, 0.09)] {
            covariance[(row, column)] = value;
        }
        let calibrated = Uncertainty { parameters: ParameterError::Covariance(covariance), family_sd: 0.0 };
        let models: Vec<Model> = vec![
            soft(Item::three_pl(1.2, 0.3, 0.2).unwrap(), 0.0).into(),
            soft(Item::graded(1.5, vec![1.5, 0.2, -1.0]).unwrap(), 0.4).into(),
            soft(Item::partial_credit(0.9, vec![0.5, 0.1]).unwrap(), 0.0).into(),
            SoftItem::new(Item::two_pl(1.1, -0.4).unwrap(), calibrated, 0.0).unwrap().into(),
            task.with_shared_difficulty(0.3).unwrap().with_assistance(0.04).unwrap().into(),
        ];
        for (number, model) in models.into_iter().enumerate() {
            let (release, wanted) = (one(model.clone()), model.table());
            let mut random = Random::new(number as u64);
            let mut seen = vec![0.0; model.categories()];
            for _ in 0..20_000 {
                let world = World::draw(&release, &Generator::default(), &mut random);
                seen[usize::from(world.answer(0, node(33), 0.0, &mut random))] += 1.0 / 20_000.0;
            }
            for (found, row) in seen.iter().zip(wanted.rows()) {
                assert!((found - row[33]).abs() < 0.013, "model {number}: {found} {}", row[33]);
            }
        }
    }
}
