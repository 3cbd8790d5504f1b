//! A practical task: several behaviours that one person shows or does not, in one sitting, on one problem.
//!
//! Behaviours of a task hang together beyond the level: whoever has understood this problem shows more of them, whoever has
//! not shows fewer. Scored as independent items, with an effect of sd 0.8, intervals that claim 95 % hold the level 81 % of
//! the time. Here the effect u of a person on a task, normal with mean 0, moves the level at which all behaviours of the
//! task are shown to θ + u, and is integrated out.
//!
//! Sources: E. T. Bradlow, H. Wainer, X. Wang (1999), A Bayesian random effects model for testlets; F. M. Lord and
//! M. S. Wingersky (1984) for the distribution of the sum score, here inside the integral.

use super::category_table::CategoryTable;
use super::posterior::Likelihood;
use super::soft::{LARGEST_DIFFICULTY, SoftError, SoftItem};
use crate::grid::{NODES, REACH, SPACING};
use crate::math::exp;

/// A task and its behaviours.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskItem {
    behaviours: Vec<SoftItem>,
    effect_sd: f64,
    shared_difficulty_sd: f64,
    assistance: f64,
}

/// What describes no task, or no answer to it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TaskError {
    /// No behaviour.
    #[error("a task has at least one behaviour")]
    Empty,
    /// A standard deviation or a chance outside its range.
    #[error(transparent)]
    Item(#[from] SoftError),
    /// A behaviour with a factor of its own.
    #[error("behaviour number {0} (from 0) has a factor of its own: what a task's behaviours share is its effect")]
    Specific(usize),
    /// Another number of observations than behaviours.
    #[error("{given} observations of {behaviours} behaviours; one that was not seen is given as nothing")]
    Number {
        /// How many were given.
        given: usize,
        /// How many behaviours there are.
        behaviours: usize,
    },
    /// A category that a behaviour has not.
    #[error(
        "behaviour number {behaviour} (from 0) has {categories} categories; category {category} is not one of them"
    )]
    Category {
        /// Which, counted from 0.
        behaviour: usize,
        /// As given.
        category: usize,
        /// How many there are.
        categories: usize,
    },
    /// No behaviour was seen.
    #[error("none of the behaviours was seen, so there is nothing to score")]
    NothingSeen,
}

impl TaskItem {
    /// A task of these behaviours, with the standard deviation σ of the effect of a person on a task, in units of the
    /// level. Found by fitting a testlet model; 0.5 to 1.2 are common.
    ///
    /// # Errors
    /// No behaviour, one with a factor of its own, a σ below 0 or above 10.
    pub fn new(behaviours: Vec<SoftItem>, effect_sd: f64) -> Result<Self, TaskError> {
        if behaviours.is_empty() {
            return Err(TaskError::Empty);
        }
        if let Some(place) = behaviours.iter().position(|behaviour| behaviour.item().specific().is_some()) {
            return Err(TaskError::Specific(place));
        }
        within("the standard deviation of the task's effect", effect_sd)?;
        Ok(Self { behaviours, effect_sd, shared_difficulty_sd: 0.0, assistance: 0.0 })
    }

    /// The same with an error that all its behaviours share: a whole task judged too easy, or the spread of the seeded
    /// variants of a task's family. To one person it is the same as an effect of theirs, so the variances add.
    ///
    /// # Errors
    /// A standard deviation below 0 or above 10.
    pub fn with_shared_difficulty(mut self, sd: f64) -> Result<Self, TaskError> {
        within("the standard deviation of the task's difficulty", sd)?;
        self.shared_difficulty_sd = sd;
        Ok(self)
    }

    /// The same for a task that with the chance `assistance` was not the person's own work, and then shows everything. This
    /// is of the task as a whole: with assistance in each behaviour by itself, they would have been helped with some.
    ///
    /// # Errors
    /// A chance outside \[0, 1).
    pub fn with_assistance(mut self, assistance: f64) -> Result<Self, TaskError> {
        if !(0.0..1.0).contains(&assistance) {
            return Err(SoftError::Assistance(assistance).into());
        }
        self.assistance = assistance;
        Ok(self)
    }

    /// Its behaviours.
    #[must_use]
    pub fn behaviours(&self) -> &[SoftItem] {
        &self.behaviours
    }

    /// Standard deviation of the effect of a person on a task.
    #[must_use]
    pub fn effect_sd(&self) -> f64 {
        self.effect_sd
    }

    /// Standard deviation of an error that all its behaviours share.
    #[must_use]
    pub fn shared_difficulty_sd(&self) -> f64 {
        self.shared_difficulty_sd
    }

    /// Chance that the task was not the person's own work.
    #[must_use]
    pub fn assistance(&self) -> f64 {
        self.assistance
    }

    /// Everything that scoring needs, worked out once when a bank is released.
    #[must_use]
    pub fn table(&self) -> TaskTable {
        let spread = (self.effect_sd * self.effect_sd + self.shared_difficulty_sd * self.shared_difficulty_sd).sqrt();
        let effect = Effect::new(spread);
        let rows = self.behaviours.iter().map(|behaviour| effect.rows(behaviour)).collect();
        TaskTable { effect, rows, assistance: self.assistance }
    }
}

fn within(what: &'static str, value: f64) -> Result<(), SoftError> {
    let largest = LARGEST_DIFFICULTY;
    if (0.0..=largest).contains(&value) { Ok(()) } else { Err(SoftError::Spread { what, value, largest }) }
}

/// A task, ready to score: probabilities of its behaviours on a grid that goes beyond the levels' by the effect's reach.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskTable {
    effect: Effect,
    /// For each behaviour and category, at each point of the effect's grid.
    rows: Vec<Vec<Vec<f64>>>,
    assistance: f64,
}

impl TaskTable {
    /// What a pattern of behaviours says: for each its category, or nothing if it was not seen (a request that never came
    /// back, a check that could not run).
    ///
    /// # Errors
    /// Another number of observations than behaviours, an unknown category, or nothing seen at all.
    pub fn pattern(&self, seen: &[Option<usize>]) -> Result<Likelihood, TaskError> {
        if seen.len() != self.rows.len() {
            return Err(TaskError::Number { given: seen.len(), behaviours: self.rows.len() });
        }
        let mut product = vec![1.0; self.effect.points()];
        let mut is_top = true;
        let mut any = false;
        for (behaviour, category) in seen.iter().enumerate() {
            let Some(category) = *category else { continue };
            let categories = self.rows[behaviour].len();
            let row =
                self.rows[behaviour].get(category).ok_or(TaskError::Category { behaviour, category, categories })?;
            product.iter_mut().zip(row).for_each(|(chance, other)| *chance *= other);
            is_top &= category + 1 == categories;
            any = true;
        }
        if !any {
            return Err(TaskError::NothingSeen);
        }
        let mut row = self.effect.integrate(&product);
        self.assist(&mut row, is_top);
        Ok(Likelihood::of_row(&row))
    }

    /// The task as one graded observation: the probability of each sum of categories, from nought to all.
    ///
    /// With equal slopes the sum says as much as the pattern; the behaviours are then for showing, not for scoring.
    #[must_use]
    pub fn graded(&self) -> CategoryTable {
        self.sums(self.rows.iter())
    }

    /// As [`TaskTable::graded`], when only some behaviours were seen.
    ///
    /// # Errors
    /// Another number of places than behaviours, or nothing seen at all.
    pub fn graded_of(&self, seen: &[bool]) -> Result<CategoryTable, TaskError> {
        if seen.len() != self.rows.len() {
            return Err(TaskError::Number { given: seen.len(), behaviours: self.rows.len() });
        }
        if !seen.contains(&true) {
            return Err(TaskError::NothingSeen);
        }
        Ok(self.sums(self.rows.iter().zip(seen).filter(|(_, seen)| **seen).map(|(rows, _)| rows)))
    }

    /// Lord and Wingersky's recursion at each point, then the integral over the effect.
    fn sums<'a>(&'a self, behaviours: impl Iterator<Item = &'a Vec<Vec<f64>>>) -> CategoryTable {
        let points = self.effect.points();
        let mut sums = vec![vec![1.0; points]];
        for categories in behaviours {
            let mut next = vec![vec![0.0; points]; sums.len() + categories.len() - 1];
            for (sum, before) in sums.iter().enumerate() {
                for (category, row) in categories.iter().enumerate() {
                    for (place, (a, b)) in next[sum + category].iter_mut().zip(before.iter().zip(row)) {
                        *place += a * b;
                    }
                }
            }
            sums = next;
        }
        let last = sums.len() - 1;
        let integrated = sums.iter().enumerate().map(|(sum, row)| {
            let mut row = self.effect.integrate(row);
            self.assist(&mut row, sum == last);
            row
        });
        CategoryTable::from_rows(integrated.collect())
    }

    fn assist(&self, row: &mut [f64; NODES], is_top: bool) {
        let floor = if is_top { self.assistance } else { 0.0 };
        row.iter_mut().for_each(|chance| *chance = floor + (1.0 - self.assistance) * *chance);
    }
}

/// A uniform rule for the effect whose points lie on the levels' own grid, refined where the effect is short, so that each
/// behaviour is worked out once for each point and not once for each pair of level and effect.
#[derive(Clone, Debug, PartialEq)]
struct Effect {
    /// Points of the refined grid for each node.
    parts: usize,
    /// Points on each side that the effect reaches.
    reach: usize,
    /// Weights from −reach to reach; they sum to one.
    weights: Vec<f64>,
}

impl Effect {
    /// A step of half a standard deviation makes the uniform rule exact to ten digits.
    const STEPS_A_SD: f64 = 2.0;
    /// Standard deviations that the rule reaches.
    const REACH_SDS: f64 = 5.0;
    /// An effect below this moves nothing.
    const LEAST: f64 = 0.02;

    fn new(sd: f64) -> Self {
        if sd < Self::LEAST {
            return Self { parts: 1, reach: 0, weights: vec![1.0] };
        }
        let parts = (Self::STEPS_A_SD * SPACING / sd).ceil() as usize;
        let step = SPACING / parts as f64;
        let reach = (Self::REACH_SDS * sd / step).ceil() as usize;
        let z = |k: usize| (k as f64 - reach as f64) * step / sd;
        let mut weights: Vec<f64> = (0..=2 * reach).map(|k| exp(-0.5 * z(k) * z(k))).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        Self { parts, reach, weights }
    }

    fn points(&self) -> usize {
        (NODES - 1) * self.parts + 1 + 2 * self.reach
    }

    /// For each category its probabilities at the points.
    fn rows(&self, behaviour: &SoftItem) -> Vec<Vec<f64>> {
        let step = SPACING / self.parts as f64;
        let mut rows = vec![vec![0.0; self.points()]; behaviour.categories()];
        let mut here = vec![0.0; behaviour.categories()];
        for point in 0..self.points() {
            behaviour.probabilities((point as f64 - self.reach as f64) * step - REACH, &mut here);
            rows.iter_mut().zip(&here).for_each(|(row, chance)| row[point] = *chance);
        }
        rows
    }

    fn integrate(&self, row: &[f64]) -> [f64; NODES] {
        std::array::from_fn(|q| {
            let around = &row[q * self.parts..];
            around.iter().zip(&self.weights).map(|(chance, weight)| chance * weight).sum()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::node;
    use crate::item::{Curve, Item, Specific};
    use crate::score::{Posterior, Uncertainty};

    fn behaviours() -> Vec<SoftItem> {
        let item = |curve, b: &[f64]| SoftItem::known(Item::from_difficulties(curve, 1.3, b, 0.0).unwrap());
        vec![
            item(Curve::Dichotomous, &[-0.8]),
            item(Curve::Graded, &[-0.3, 0.9]),
            item(Curve::Dichotomous, &[0.4]),
            SoftItem::new(Item::two_pl(1.3, -0.2).unwrap(), Uncertainty::spread(0.2, 0.5), 0.0).unwrap(),
        ]
    }

    fn chances_at(theta: f64, pattern: &[Option<usize>]) -> f64 {
        let chance = |(behaviour, category): (&SoftItem, &Option<usize>)| {
            let mut out = vec![0.0; behaviour.categories()];
            behaviour.probabilities(theta, &mut out);
            category.map_or(1.0, |category| out[category])
        };
        behaviours().iter().zip(pattern).map(chance).product()
    }

    #[test]
    fn the_effect_is_integrated_as_by_brute_force() {
        let pattern = [Some(1), Some(2), None, Some(0)];
        for sd in [0.0, 0.05, 0.3, 0.8, 1.2] {
            let found = TaskItem::new(behaviours(), sd).unwrap().table().pattern(&pattern).unwrap();
            let wanted = Likelihood::new(std::array::from_fn(|q| {
                let points = (-800..=800).map(|k| f64::from(k) * 0.01);
                points.map(|z| exp(-0.5 * z * z) * chances_at(node(q) + sd * z, &pattern)).sum()
            }))
            .unwrap();
            for (a, b) in found.chances().iter().zip(wanted.chances()) {
                assert!((a - b).abs() < 1e-6, "{sd}: {a} {b}");
            }
        }
    }

    #[test]
    fn an_error_that_is_shared_adds_to_the_effect() {
        let pattern = [Some(1), Some(0), Some(1), Some(0)];
        let both = TaskItem::new(behaviours(), 0.6).unwrap().with_shared_difficulty(0.8).unwrap().table();
        let sum = TaskItem::new(behaviours(), 1.0).unwrap().table();
        assert_eq!(both.pattern(&pattern), sum.pattern(&pattern));
    }

    #[test]
    fn sums_are_the_sums_of_patterns() {
        let task = TaskItem::new(behaviours(), 0.8).unwrap().with_assistance(0.1).unwrap();
        let table = task.table();
        let graded = table.graded();
        assert_eq!(graded.categories(), 6);
        for q in 0..NODES {
            assert!((graded.rows().iter().map(|row| row[q]).sum::<f64>() - 1.0).abs() < 1e-9);
        }
        // One pattern alone makes the highest sum, and one the lowest.
        for (sum, pattern) in [(0, [0, 0, 0, 0]), (5, [1, 2, 1, 1])] {
            let by_pattern = table.pattern(&pattern.map(Some)).unwrap();
            for (a, b) in graded.likelihoods()[sum].chances().iter().zip(by_pattern.chances()) {
                assert!((a - b).abs() < 1e-12);
            }
        }
        let part = table.graded_of(&[true, false, true, true]).unwrap();
        assert_eq!(part.categories(), 4);
    }

    /// With equal slopes the pattern says no more than its sum.
    #[test]
    fn with_equal_slopes_the_sum_says_as_much_as_the_pattern() {
        let item = |b: f64| SoftItem::known(Item::two_pl(1.4, -1.4 * b).unwrap());
        let table = TaskItem::new([-1.0, -0.2, 0.4, 1.1].map(item).to_vec(), 0.8).unwrap().table();
        let sums = table.graded().likelihoods();
        for pattern in [[1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]] {
            let by_pattern = table.pattern(&pattern.map(Some)).unwrap();
            for (a, b) in sums[1].chances().iter().zip(by_pattern.chances()) {
                assert!((a - b).abs() < 1e-9, "{pattern:?}");
            }
        }
    }

    #[test]
    fn a_task_says_less_than_its_behaviours_would_one_by_one() {
        let pattern = [Some(1), Some(1), Some(1), Some(0)];
        let spread = |sd: f64| {
            let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
            posterior.observe(&TaskItem::new(behaviours(), sd).unwrap().table().pattern(&pattern).unwrap()).unwrap();
            posterior.sd()
        };
        assert!(spread(0.0) < spread(0.5) && spread(0.5) < spread(1.2));
    }

    #[test]
    fn what_is_no_task_or_no_pattern_is_refused() {
        assert_eq!(TaskItem::new(Vec::new(), 0.5), Err(TaskError::Empty));
        assert!(TaskItem::new(behaviours(), f64::NAN).is_err());
        assert!(TaskItem::new(behaviours(), 0.5).unwrap().with_assistance(1.0).is_err());
        assert!(TaskItem::new(behaviours(), 0.5).unwrap().with_shared_difficulty(-1.0).is_err());
        let own = Item::two_pl(1.0, 0.0).unwrap().with_specific(Specific { factor: 0, slope: 1.0 });
        assert_eq!(TaskItem::new(vec![SoftItem::known(own)], 0.5), Err(TaskError::Specific(0)));
        let table = TaskItem::new(behaviours(), 0.5).unwrap().table();
        assert_eq!(table.pattern(&[None; 4]), Err(TaskError::NothingSeen));
        assert_eq!(table.pattern(&[None; 3]), Err(TaskError::Number { given: 3, behaviours: 4 }));
        assert!(matches!(table.pattern(&[Some(2), None, None, None]), Err(TaskError::Category { .. })));
        assert!(table.graded_of(&[false; 4]).is_err() && table.graded_of(&[true]).is_err());
    }
}
