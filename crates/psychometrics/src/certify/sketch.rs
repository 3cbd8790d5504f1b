//! A bank that does not exist yet: for planning how large one must be, for trying rules on, and for tests.

use crate::adaptive::{BankItem, Kind, Model};
use crate::item::{Item, ItemError};
use crate::math::{exp, ln};
use crate::random::Random;
use crate::score::{SoftError, SoftItem, TaskError, TaskItem, Uncertainty};

/// What a bank might look like. Slopes are log-normal around 1.2 (standard deviation .3 of ln a) and difficulties standard
/// normal, as in the simulations that the design rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    /// Quick questions in use: right or wrong.
    pub questions: usize,
    /// Practical tasks: six behaviours each, and an effect of person and task of standard deviation .8.
    pub tasks: usize,
    /// Items being calibrated, beside the questions.
    pub seeding: usize,
    /// Topics, called `topic 1`, `topic 2`, …, with equally many items each.
    pub topics: usize,
    /// Variants of a family of questions.
    pub variants: usize,
    /// How far difficulties may be from their estimates (standard deviation); 0 is a bank taken as known. Items being
    /// calibrated are off by at least .7.
    pub difficulty_error: f64,
    /// The share of answers that are not people's own, as the bank believes.
    pub assistance: f64,
    /// Of the numbers drawn.
    pub seed: u64,
}

/// Behaviours of a sketched task.
const BEHAVIOURS: usize = 6;

/// A sketch that describes no bank.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SketchError {
    /// Noughts where there is one at least.
    #[error("a sketch has at least one topic, and families of at least one variant")]
    Nothing,
    /// A parameter outside its range.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// An error or assistance outside its range.
    #[error(transparent)]
    Soft(#[from] SoftError),
    /// The same of a task.
    #[error(transparent)]
    Task(#[from] TaskError),
}

impl Sketch {
    /// A calibrated bank of so many questions, each a family of its own, in eight topics.
    #[must_use]
    pub fn calibrated(questions: usize) -> Self {
        let (tasks, seeding, topics, variants) = (0, 0, 8, 1);
        Self { questions, tasks, seeding, topics, variants, difficulty_error: 0.0, assistance: 0.0, seed: 1 }
    }

    /// The bank.
    ///
    /// # Errors
    /// Numbers outside their range.
    pub fn bank(&self) -> Result<Vec<BankItem>, SketchError> {
        if self.topics == 0 || self.variants == 0 {
            return Err(SketchError::Nothing);
        }
        let mut random = Random::new(self.seed);
        let mut bank = Vec::with_capacity(self.questions + self.seeding + self.tasks);
        for number in 0..self.questions + self.seeding {
            let seeding = number >= self.questions;
            let item = question(&mut random)?;
            let error = if seeding { self.difficulty_error.max(0.7) } else { self.difficulty_error };
            bank.push(self.item(number, Kind::Question, seeding, self.soft(item, error)?));
        }
        for number in 0..self.tasks {
            let task = self.task(&mut random)?;
            bank.push(self.item(number, Kind::Task, false, task));
        }
        Ok(bank)
    }

    fn soft(&self, item: Item, difficulty_error: f64) -> Result<SoftItem, SoftError> {
        SoftItem::new(item, self.uncertainty(difficulty_error), self.assistance)
    }

    fn uncertainty(&self, difficulty_error: f64) -> Uncertainty {
        if difficulty_error > 0.0 { Uncertainty::spread(0.25, difficulty_error) } else { Uncertainty::none() }
    }

    /// Behaviours of a task lie around its difficulty.
    fn task(&self, random: &mut Random) -> Result<TaskItem, SketchError> {
        let difficulty = random.normal();
        let mut behaviours = Vec::with_capacity(BEHAVIOURS);
        for _ in 0..BEHAVIOURS {
            let a = slope(random);
            let item = Item::two_pl(a, -a * (difficulty + 0.7 * random.normal()))?;
            // Who is helped is helped with the task, not with each behaviour by itself.
            behaviours.push(SoftItem::new(item, self.uncertainty(self.difficulty_error), 0.0)?);
        }
        Ok(TaskItem::new(behaviours, 0.8)?.with_assistance(self.assistance)?)
    }

    fn item(&self, number: usize, kind: Kind, seeding: bool, model: impl Into<Model>) -> BankItem {
        let (letter, minutes) = match kind {
            Kind::Question => ('q', 1.0),
            Kind::Task => ('t', 8.0),
        };
        let family = if kind == Kind::Question { number / self.variants } else { number };
        BankItem {
            id: format!("{letter}{number}"),
            model: model.into(),
            family: format!("{letter}{family}"),
            topic: format!("topic {}", family % self.topics + 1),
            kind,
            minutes,
            seeding,
            enemies: Vec::new(),
        }
    }
}

fn slope(random: &mut Random) -> f64 {
    exp(ln(1.2) + 0.3 * random.normal())
}

fn question(random: &mut Random) -> Result<Item, ItemError> {
    let a = slope(random);
    Item::two_pl(a, -a * random.normal())
}
