//! How precisely the items measure the level.

use crate::fit::plan::Model;
use crate::fit::result::Fit;
use crate::grid::{NODES, normalise_logs};
use crate::responses::{Person, Responses};

use super::curves::populations;
use super::{QualityError, check_same};

impl Fit {
    /// Fisher information of all items on the (general) level at `theta`; factors of their own are taken at their means.
    #[must_use]
    pub fn information(&self, theta: f64) -> f64 {
        self.items.iter().map(|item| item.item.information(theta)).sum()
    }

    /// Marginal reliability in the reference group: the mean over its levels of I/(I + 1/σ²), where I is the information of
    /// all items (B. F. Green et al. 1984, in the form of R. P. Chalmers's `marginal_rxx`).
    ///
    /// Nothing for bifactor and testlet models, in which information at a given level does not say how precisely the
    /// general level can be told from answers that factors of their own disturb; take [`Fit::empirical_reliability`].
    #[must_use]
    pub fn marginal_reliability(&self) -> Option<f64> {
        let group = self.groups.first()?;
        if matches!(self.model, Model::Bifactor | Model::Testlet) {
            return None;
        }
        let precision = 1.0 / group.variance;
        let share = |theta: f64| {
            let information = self.information(theta);
            information / (information + precision)
        };
        let (levels, weights) = populations(self);
        Some(levels.iter().zip(&weights[0]).map(|(level, weight)| weight * share(*level)).sum())
    }

    /// Reliability of the EAP estimates of these people: variance of the estimates against itself plus the mean of the
    /// posterior variances.
    ///
    /// # Errors
    /// Answers to other items than those of the fit.
    pub fn empirical_reliability(&self, responses: &Responses) -> Result<f64, QualityError> {
        check_same(self, responses)?;
        let (mut people, mut sum, mut squares, mut spread) = (0.0, 0.0, 0.0, 0.0);
        for (weight, mean, variance) in self.estimates(responses) {
            people += weight;
            sum += weight * mean;
            squares += weight * mean * mean;
            spread += weight * variance;
        }
        let variance = (squares - sum * sum / people) / (people - 1.0).max(1.0);
        Ok(variance / (variance + spread / people))
    }

    /// Weight, posterior mean and posterior variance of each person's (general) level.
    fn estimates(&self, responses: &Responses) -> Vec<(f64, f64, f64)> {
        let tables = LogTables::of(self);
        responses
            .iter()
            .map(|person| {
                let (mean, variance) = tables.moments(&person);
                (person.weight, mean, variance)
            })
            .collect()
    }
}

/// Logarithms of the chances of all categories of all items at all levels.
struct LogTables {
    /// By item, then category, then general level, then own level.
    chances: Vec<Vec<Vec<f64>>>,
    /// Which factor an item has.
    factors: Vec<Option<usize>>,
    /// How many factors.
    count: usize,
    /// Log-probabilities of the general levels, by group.
    priors: Vec<Vec<f64>>,
    /// Own levels with their log-probabilities.
    own: Vec<(f64, f64)>,
    /// General levels.
    levels: [f64; NODES],
}

impl LogTables {
    fn of(fit: &Fit) -> Self {
        let ln = crate::math::ln;
        let factors: Vec<Option<usize>> =
            fit.items.iter().map(|item| item.item.specific().map(|own| own.factor)).collect();
        let count = factors.iter().flatten().max().map_or(0, |last| last + 1);
        let own: Vec<(f64, f64)> = (0..31).map(|s| f64::from(s - 15) * 0.4).map(|e| (e, -0.5 * e * e)).collect();
        let sum = ln(own.iter().map(|(_, log)| crate::math::exp(*log)).sum());
        let (levels, weights) = populations(fit);
        let mut tables = Self {
            chances: Vec::new(),
            factors,
            count,
            priors: weights.iter().map(|weights| weights.iter().map(|weight| ln(*weight)).collect()).collect(),
            levels,
            own: own.into_iter().map(|(e, log)| (e, log - sum)).collect(),
        };
        tables.chances = fit.items.iter().map(|item| tables.item_logs(&item.item)).collect();
        tables
    }

    fn item_logs(&self, item: &crate::item::Item) -> Vec<Vec<f64>> {
        let mut logs = vec![0.0; item.categories()];
        let mut by_category = vec![Vec::new(); item.categories()];
        let alone = [(0.0, 0.0)];
        let own = if item.specific().is_some() { &self.own[..] } else { &alone };
        let slope = item.specific().map_or(0.0, |specific| specific.slope);
        for general in &self.levels {
            for (level, _) in own {
                item.log_probabilities_at(item.slope() * general + slope * level, &mut logs);
                by_category.iter_mut().zip(&logs).for_each(|(column, log)| column.push(*log));
            }
        }
        by_category
    }

    /// Mean and variance of the general level given the answers.
    fn moments(&self, person: &Person<'_>) -> (f64, f64) {
        let mut logs = self.priors[person.group].clone();
        for answer in person.answers.iter().filter(|answer| self.factors[answer.item as usize].is_none()) {
            let chances = &self.chances[answer.item as usize][usize::from(answer.category)];
            logs.iter_mut().zip(chances).for_each(|(sum, log)| *sum += log);
        }
        for factor in 0..self.count {
            self.add_factor(person, factor, &mut logs);
        }
        // Answers that no level can give leave the prior.
        if normalise_logs(&mut logs).is_none() {
            logs.clone_from_slice(&self.priors[person.group]);
            normalise_logs(&mut logs);
        }
        let mean: f64 = logs.iter().zip(&self.levels).map(|(weight, level)| weight * level).sum();
        (mean, logs.iter().zip(&self.levels).map(|(weight, level)| weight * (level - mean).powi(2)).sum())
    }

    /// Integrates the level of one factor out.
    fn add_factor(&self, person: &Person<'_>, factor: usize, logs: &mut [f64]) {
        let answers: Vec<&[f64]> = person
            .answers
            .iter()
            .filter(|answer| self.factors[answer.item as usize] == Some(factor))
            .map(|answer| &self.chances[answer.item as usize][usize::from(answer.category)][..])
            .collect();
        if answers.is_empty() {
            return;
        }
        let width = self.own.len();
        for (q, log) in logs.iter_mut().enumerate() {
            let start = q * width;
            let joint = |s: usize| self.own[s].1 + answers.iter().map(|logs| logs[start + s]).sum::<f64>();
            let mut inner: Vec<f64> = (0..width).map(joint).collect();
            *log += normalise_logs(&mut inner).unwrap_or(f64::NEG_INFINITY);
        }
    }
}
