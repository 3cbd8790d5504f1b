//! Means and products of items under the model, their covariance, and how they change with the parameters.

use super::curves::{ItemCurves, Levels, Surface, curves};
use super::slopes_estimated;
use crate::fit::plan::Model;
use crate::fit::result::Fit;
use crate::math::Matrix;

/// Moments of one group under the model: the mean of each item, then the mean product of each pair.
pub(super) struct Moments {
    /// One item for a mean, two for a product.
    members: Vec<Vec<usize>>,
    /// Expectation given each general level.
    given: Vec<Vec<f64>>,
    levels: Levels,
    items: Vec<ItemCurves>,
}

impl Moments {
    pub fn of(fit: &Fit, group: usize) -> Self {
        let levels = Levels::of(fit, group);
        let items = curves(fit, &levels);
        let n = items.len();
        let singles = (0..n).map(|i| vec![i]);
        let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| vec![i, j]));
        let members: Vec<Vec<usize>> = singles.chain(pairs).collect();
        let mut moments = Self { members, given: Vec::new(), levels, items };
        moments.given = moments
            .members
            .iter()
            .map(|members| match members[..] {
                [i, j] => moments.pair_given(i, &moments.items[i].score, j),
                _ => moments.items[members[0]].score.marginal.clone(),
            })
            .collect();
        moments
    }

    /// Which items make each moment.
    pub fn members(&self) -> &[Vec<usize>] {
        &self.members
    }

    /// Expectations.
    pub fn expected(&self) -> Vec<f64> {
        self.given.iter().map(|given| self.over_general(given)).collect()
    }

    /// Mean square of each item's score.
    pub fn squares(&self) -> Vec<f64> {
        self.items.iter().map(|item| self.over_general(&item.square.marginal)).collect()
    }

    fn over_general(&self, given: &[f64]) -> f64 {
        given.iter().zip(&self.levels.weights).map(|(value, weight)| value * weight).sum()
    }

    /// Expectation of a function of item i's levels times the score of item j, given each general level.
    fn pair_given(&self, i: usize, of_i: &Surface, j: usize) -> Vec<f64> {
        let of_j = &self.items[j].score;
        if self.items[i].factor.is_none() || self.items[i].factor != self.items[j].factor {
            // Given the general level they are independent.
            return of_i.marginal.iter().zip(&of_j.marginal).map(|(a, b)| a * b).collect();
        }
        let own = &self.levels.specific_weights;
        let rows = of_i.full.chunks(own.len()).zip(of_j.full.chunks(own.len()));
        rows.map(|(a, b)| a.iter().zip(b).zip(own).map(|((a, b), weight)| a * b * weight).sum()).collect()
    }

    /// Covariance of the moments of one person.
    pub fn covariance(&self) -> Matrix {
        let expected = self.expected();
        let weighted: Vec<Vec<f64>> = self
            .given
            .iter()
            .map(|given| given.iter().zip(&self.levels.weights).map(|(value, weight)| value * weight).collect())
            .collect();
        let size = self.members.len();
        let mut covariance = Matrix::zeros(size, size);
        for p in 0..size {
            for q in 0..=p {
                let joint = if self.apart(&self.members[p], &self.members[q]) {
                    weighted[p].iter().zip(&self.given[q]).map(|(a, b)| a * b).sum()
                } else {
                    self.joint(&self.members[p], &self.members[q])
                };
                covariance[(p, q)] = joint - expected[p] * expected[q];
                covariance[(q, p)] = covariance[(p, q)];
            }
        }
        covariance
    }

    /// Whether two sets of items are independent given the general level.
    fn apart(&self, first: &[usize], second: &[usize]) -> bool {
        let shares = |i: usize, j: usize| {
            i == j || (self.items[i].factor.is_some() && self.items[i].factor == self.items[j].factor)
        };
        first.iter().all(|&i| second.iter().all(|&j| !shares(i, j)))
    }

    /// Expectation of the product of all scores, an item that is in both sets counting twice.
    fn joint(&self, first: &[usize], second: &[usize]) -> f64 {
        let mut all: Vec<usize> = first.iter().chain(second).copied().collect();
        // Items of one factor side by side; those without stand alone.
        let key = |i: usize| (self.items[i].factor.map_or(usize::MAX, |factor| factor), i);
        all.sort_by_key(|&i| key(i));
        let mut parts: Vec<Vec<&Surface>> = Vec::new();
        let mut before: Option<usize> = None;
        let mut place = 0;
        while place < all.len() {
            let i = all[place];
            let twice = all.get(place + 1) == Some(&i);
            let surface = if twice { &self.items[i].square } else { &self.items[i].score };
            let together =
                before.is_some_and(|b| self.items[i].factor.is_some() && self.items[b].factor == self.items[i].factor);
            match parts.last_mut() {
                Some(part) if together => part.push(surface),
                _ => parts.push(vec![surface]),
            }
            before = Some(i);
            place += 1 + usize::from(twice);
        }
        let product = |g: usize| parts.iter().map(|part| self.part_given(part, g)).product::<f64>();
        self.levels.weights.iter().enumerate().map(|(g, weight)| weight * product(g)).sum()
    }

    /// Expectation of a product of functions of one factor, given a general level.
    fn part_given(&self, part: &[&Surface], g: usize) -> f64 {
        if let [alone] = part {
            return alone.marginal[g];
        }
        let own = &self.levels.specific_weights;
        let start = g * own.len();
        (0..own.len()).map(|s| part.iter().fold(own[s], |product, surface| product * surface.full[start + s])).sum()
    }

    /// Derivatives of the moments by all estimated parameters, one column each; `group` is the moments' own.
    pub fn derivatives(&self, fit: &Fit, group: usize) -> Vec<Vec<f64>> {
        let mut columns = Vec::new();
        for (i, item) in self.items.iter().enumerate() {
            columns.extend(item.slopes.iter().map(|slope| self.item_column(i, slope)));
        }
        for factor in 0..fit.factor_sds.len() {
            let mut column = vec![0.0; self.members.len()];
            for (i, item) in self.items.iter().enumerate().filter(|(_, item)| item.factor == Some(factor)) {
                if let Some(slope) = &item.by_factor_sd {
                    let part = self.item_column(i, slope);
                    column.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
                }
            }
            columns.push(column);
        }
        columns.extend(self.population_columns(fit, group));
        columns
    }

    /// How the moments change with one parameter of item i.
    fn item_column(&self, i: usize, slope: &Surface) -> Vec<f64> {
        let of = |members: &Vec<usize>| match members[..] {
            [only] if only == i => self.over_general(&slope.marginal),
            [a, b] if a == i => self.over_general(&self.pair_given(i, slope, b)),
            [a, b] if b == i => self.over_general(&self.pair_given(i, slope, a)),
            _ => 0.0,
        };
        self.members.iter().map(of).collect()
    }

    /// How they change with the means and variances of all groups that were estimated: those of other groups not at all.
    fn population_columns(&self, fit: &Fit, own: usize) -> Vec<Vec<f64>> {
        let mut columns = Vec::new();
        for (place, group) in fit.groups.iter().enumerate() {
            let mean = place > 0;
            let variance =
                place > 0 && !matches!(fit.model, Model::Bifactor | Model::Testlet) || !slopes_estimated(fit);
            let by_mean = |theta: f64| (theta - group.mean) / group.variance;
            let by_variance = |theta: f64| 0.5 * ((theta - group.mean) / group.variance).powi(2);
            let zero = vec![0.0; self.members.len()];
            if mean {
                columns.push(if place == own { self.population_column(by_mean) } else { zero.clone() });
            }
            if variance {
                columns.push(if place == own { self.population_column(by_variance) } else { zero });
            }
        }
        columns
    }

    /// From the derivative of the log-density of the general level, but for a constant.
    fn population_column(&self, by: impl Fn(f64) -> f64) -> Vec<f64> {
        let slopes: Vec<f64> = self.levels.general.iter().map(|&theta| by(theta)).collect();
        let mean = self.over_general(&slopes);
        let change: Vec<f64> =
            slopes.iter().zip(&self.levels.weights).map(|(slope, weight)| weight * (slope - mean)).collect();
        self.given.iter().map(|given| given.iter().zip(&change).map(|(value, by)| value * by).sum()).collect()
    }
}
