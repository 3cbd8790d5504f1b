//! Who comes, and how they answer: as the release believes, or otherwise on purpose.

use crate::math::ln;
use crate::random::Random;

/// People and answers that a release is tried on.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// Groups that people come from; shares are taken in proportion.
    pub groups: Vec<Group>,
    /// How far items are from their estimates, as a multiple of what the release says is uncertain of them: 1 as stated, 0
    /// exactly as estimated, 2 twice as far.
    pub item_error: f64,
    /// Who is helped.
    pub assistance: Assistance,
    /// People who run out of patience and answer by chance.
    pub hurry: Option<Hurry>,
    /// Standard deviation of an effect of person and task together, on the logit scale, beyond what the release says.
    pub task_effect: f64,
    /// Standard deviation of ln of the slopes of a task's thresholds, which the release takes as equal.
    pub unequal_slopes: f64,
}

/// People of one sort.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// For the report.
    pub name: String,
    /// Share, above nought.
    pub share: f64,
    /// Mean level.
    pub mean: f64,
    /// Standard deviation of the level.
    pub sd: f64,
    /// Shape of its distribution.
    pub shape: Shape,
    /// How long they take, as a multiple of what is expected of an item.
    pub pace: f64,
    /// The time that they are given, as a multiple of the release's.
    pub extra_time: f64,
}

/// Distributions of mean 0 and standard deviation 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Normal.
    Normal,
    /// A gamma distribution of skewness 1: many below the middle, few far above.
    Skewed,
    /// Two normal humps of equal size at ±0.9.
    Bimodal,
    /// Laplace: kurtosis 6, more people far out than normal.
    HeavyTailed,
}

/// Answers that are not the person's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Assistance {
    /// Everybody as often as the release says of each item.
    AsStated,
    /// A share of people, for this share of their answers, whatever the release says.
    Some {
        /// Of people.
        people: f64,
        /// Of their answers.
        answers: f64,
    },
}

/// Answering by chance from some point on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hurry {
    /// Share of people.
    pub people: f64,
    /// After so many answers.
    pub after: usize,
}

/// A generator that describes nobody.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GeneratorError {
    /// No group, or a share, spread, pace or time that is not above nought.
    #[error("group {0}: share, standard deviation, pace and extra time are above 0, and there is at least one group")]
    Group(String),
    /// A number outside its range.
    #[error("{what} is {value}; it is {wanted}")]
    Number {
        /// Which.
        what: &'static str,
        /// As given.
        value: f64,
        /// What is taken.
        wanted: &'static str,
    },
}

impl Group {
    /// Normal, mean 0, standard deviation 1, at the expected pace.
    #[must_use]
    pub fn reference() -> Self {
        let name = "everybody".to_owned();
        Self { name, share: 1.0, mean: 0.0, sd: 1.0, shape: Shape::Normal, pace: 1.0, extra_time: 1.0 }
    }
}

impl Default for Generator {
    /// As the release believes: one normal group, errors and assistance as stated.
    fn default() -> Self {
        Self {
            groups: vec![Group::reference()],
            item_error: 1.0,
            assistance: Assistance::AsStated,
            hurry: None,
            task_effect: 0.0,
            unequal_slopes: 0.0,
        }
    }
}

impl Generator {
    /// As the release believes, but with levels of this shape.
    #[must_use]
    pub fn of_shape(shape: Shape) -> Self {
        Self { groups: vec![Group { shape, ..Group::reference() }], ..Self::default() }
    }

    /// Whether it describes somebody.
    ///
    /// # Errors
    /// The first number outside its range.
    pub fn check(&self) -> Result<(), GeneratorError> {
        if self.groups.is_empty() {
            return Err(GeneratorError::Group("(none)".to_owned()));
        }
        let positive = |value: f64| value > 0.0 && value.is_finite();
        for group in &self.groups {
            let all = [group.share, group.sd, group.pace, group.extra_time];
            if !all.into_iter().all(positive) || !group.mean.is_finite() {
                return Err(GeneratorError::Group(group.name.clone()));
            }
        }
        let within = |what, value: f64, largest: f64, wanted| {
            let is_in = (0.0..=largest).contains(&value);
            if is_in { Ok(()) } else { Err(GeneratorError::Number { what, value, wanted }) }
        };
        within("the error of items", self.item_error, 10.0, "from 0 to 10")?;
        within("the effect of a task", self.task_effect, 10.0, "from 0 to 10")?;
        within("the spread of slopes inside a task", self.unequal_slopes, 2.0, "from 0 to 2")?;
        if let Assistance::Some { people, answers } = self.assistance {
            within("the share of people who are helped", people, 1.0, "from 0 to 1")?;
            within("the share of answers that are not their own", answers, 1.0, "from 0 to 1")?;
        }
        self.hurry.map_or(Ok(()), |hurry| within("the share of people in a hurry", hurry.people, 1.0, "from 0 to 1"))
    }
}

impl Shape {
    /// One number of this distribution.
    pub fn draw(self, random: &mut Random) -> f64 {
        match self {
            Self::Normal => random.normal(),
            // The sum of four exponentials has mean 4, standard deviation 2, skewness 1.
            Self::Skewed => {
                let product: f64 = (0..4).map(|_| 1.0 - random.uniform()).product();
                (-ln(product) - 4.0) * 0.5
            }
            Self::Bimodal => {
                let side = if random.bits() >> 63 == 0 { 0.9 } else { -0.9 };
                side + 0.435_889_894_354_067_3 * random.normal()
            }
            Self::HeavyTailed => {
                let far = random.exponential() * std::f64::consts::FRAC_1_SQRT_2;
                if random.bits() >> 63 == 0 { far } else { -far }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_mean_0_and_standard_deviation_1() {
        for shape in [Shape::Normal, Shape::Skewed, Shape::Bimodal, Shape::HeavyTailed] {
            let mut random = Random::new(3);
            let draws: Vec<f64> = (0..100_000).map(|_| shape.draw(&mut random)).collect();
            let mean = draws.iter().sum::<f64>() / 1e5;
            let variance = draws.iter().map(|x| x * x).sum::<f64>() / 1e5;
            assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.03, "{shape:?} {mean} {variance}");
        }
    }
}
