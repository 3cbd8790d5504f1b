//! How an item of a bank is answered.

use crate::score::{CategoryTable, ParameterError, SoftItem, TaskItem};

/// How an item of a bank is answered, and what is uncertain of that.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// One observation: right or wrong, or ordered categories.
    Item(SoftItem),
    /// A task of several behaviours with an effect of person and task: its category is the sum of its behaviours'.
    Task(TaskItem),
}

impl From<SoftItem> for Model {
    fn from(item: SoftItem) -> Self {
        Self::Item(item)
    }
}

impl From<TaskItem> for Model {
    fn from(task: TaskItem) -> Self {
        Self::Task(task)
    }
}

impl Model {
    /// What it is made of: the item itself, or the behaviours of the task.
    #[must_use]
    pub fn parts(&self) -> &[SoftItem] {
        match self {
            Self::Item(item) => std::slice::from_ref(item),
            Self::Task(task) => task.behaviours(),
        }
    }

    /// Number of categories.
    #[must_use]
    pub fn categories(&self) -> usize {
        1 + self.parts().iter().map(|part| part.categories() - 1).sum::<usize>()
    }

    /// Probabilities of all categories at all nodes.
    #[must_use]
    pub fn table(&self) -> CategoryTable {
        match self {
            Self::Item(item) => item.table(),
            Self::Task(task) => task.table().graded(),
        }
    }

    /// Whether its parameters are taken as exact.
    pub(crate) fn is_certain(&self) -> bool {
        self.parts().iter().all(|part| part.uncertainty().parameters == ParameterError::Known)
    }

    /// Standard deviations of ln a and of the difficulty, for drawing a version of it to explore with.
    pub(crate) fn spread(&self) -> (f64, f64) {
        let parts = self.parts();
        let mut sums = (0.0, 0.0);
        for part in parts {
            let family = part.uncertainty().family_sd;
            let (slope, difficulty) = match part.uncertainty().parameters {
                ParameterError::Spread { ln_slope, difficulty } => (ln_slope, difficulty),
                // Calibrated, or taken as exact: the spread is small and its shape does not matter here.
                ParameterError::Known | ParameterError::Covariance(_) => (0.1, 0.2),
            };
            sums = (sums.0 + slope, sums.1 + (difficulty * difficulty + family * family).sqrt());
        }
        (sums.0 / parts.len() as f64, sums.1 / parts.len() as f64)
    }
}
