//! SIBTEST: the difference of groups in an item at equal *true* score on the other items.
//!
//! Groups that differ in level differ in true score even where their observed scores agree; a regression of true on
//! observed score, with the reliability of the matching score in each group, takes this out. Source: R. Shealy and
//! W. Stout (1993); L. A. Roussos and Stout (1996) for the classes. Conventions are those of R's `mirt` (reliability by
//! coefficient α, scores used where each group has more than two people and both have variance, the lowest and highest
//! observed score left out, weights of both groups together).

use super::matching::Sample;
use super::report::{EtsClass, Neighbours, Test, Undetermined};
use std::collections::BTreeMap;

/// What SIBTEST says of an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sibtest {
    /// β̂: expected score in the reference group less that in the focal group, at equal true score on the other items, in
    /// points of the item. Positive when the item favours the reference group.
    pub beta: f64,
    /// Standard error of `beta`.
    pub error: f64,
    /// Test of β = 0, as chi-squared with 1 degree of freedom: (β/error)².
    pub test: Test,
    /// Share of people whose score was used.
    pub used: f64,
}

impl Sibtest {
    /// Class of Roussos and Stout for items of two categories: A when not significant at `level` or |β| below 0.059, C
    /// from 0.088.
    #[must_use]
    pub fn class(&self, level: f64) -> EtsClass {
        match self.beta.abs() {
            _ if self.test.p >= level => EtsClass::A,
            size if size < 0.059 => EtsClass::A,
            size if size < 0.088 => EtsClass::B,
            _ => EtsClass::C,
        }
    }
}

/// People needed at a score in each group: more than this.
const FEWEST: f64 = 2.0;

/// Matching scores and item variances of those who answered everything that is matched on.
pub(super) struct Matched<'a> {
    sample: &'a Sample<'a>,
    anchors: Vec<bool>,
    /// Points on all anchors, of who answered them all.
    points: Vec<Option<f64>>,
    /// For each side and item the variance among those.
    variances: [Vec<f64>; 2],
}

impl<'a> Matched<'a> {
    pub fn new(sample: &'a Sample<'a>, anchors: &[bool]) -> Self {
        let wanted = anchors.iter().filter(|anchor| **anchor).count();
        let mut answered = vec![(0, 0.0); sample.rows()];
        for item in (0..anchors.len()).filter(|&item| anchors[item]) {
            for &(person, category) in sample.answers_to(item) {
                let sum: &mut (usize, f64) = &mut answered[person as usize];
                sum.0 += 1;
                sum.1 += f64::from(category);
            }
        }
        let points: Vec<Option<f64>> =
            answered.into_iter().map(|(count, sum)| (count == wanted).then_some(sum)).collect();
        let variances = variances(sample, anchors, |person| points[person].is_some());
        Self { sample, anchors: anchors.to_vec(), points, variances }
    }

    /// Tests an item against the other anchors.
    pub fn test(&self, item: usize, neighbours: Neighbours) -> Result<Sibtest, Undetermined> {
        let others = (0..self.anchors.len()).filter(|&other| self.anchors[other] && other != item).count();
        if others < 2 {
            return Err(Undetermined::NoMatchingItems);
        }
        let scores = self.by_score(item);
        for side in 0..2 {
            if scores.values().map(|cells| cells[side].people).sum::<f64>() <= 1.0 {
                return Err(Undetermined::NoMatchingItems);
            }
        }
        let item_variance = self.item_variances(item);
        let mut regressions = [Regression::default(); 2];
        for (side, regression) in regressions.iter_mut().enumerate() {
            *regression = Regression::new(&scores, side, item_variance[side], others as f64)?;
        }
        compare(&scores, regressions, neighbours)
    }

    fn by_score(&self, item: usize) -> BTreeMap<i64, [Cell; 2]> {
        let mut scores: BTreeMap<i64, [Cell; 2]> = BTreeMap::new();
        for &(person, category) in self.sample.answers_to(item) {
            let Some(points) = self.points[person as usize] else { continue };
            let own = f64::from(category);
            let rest = if self.anchors[item] { points - own } else { points };
            let (weight, side) = self.sample.member(person as usize);
            let cell = &mut scores.entry(rest as i64).or_default()[side];
            cell.people += weight;
            cell.sum += weight * own;
            cell.squares += weight * own * own;
        }
        scores
    }

    /// For each side the sum of variances of the other anchors, among those who count.
    fn item_variances(&self, item: usize) -> [f64; 2] {
        let add = |variances: &[Vec<f64>; 2]| {
            [0, 1].map(|side| {
                (0..self.anchors.len()).filter(|&k| self.anchors[k] && k != item).map(|k| variances[side][k]).sum()
            })
        };
        if self.anchors[item] {
            return add(&self.variances);
        }
        // Not all who answered the anchors answered this item as well.
        let mut answered = vec![false; self.sample.rows()];
        for &(person, _) in self.sample.answers_to(item) {
            answered[person as usize] = true;
        }
        add(&variances(self.sample, &self.anchors, |person| answered[person] && self.points[person].is_some()))
    }
}

#[derive(Clone, Copy, Default)]
struct Cell {
    people: f64,
    sum: f64,
    squares: f64,
}

impl Cell {
    fn mean(&self) -> f64 {
        if self.people > 0.0 { self.sum / self.people } else { 0.0 }
    }

    fn variance(&self) -> f64 {
        if self.people <= 1.0 {
            return 0.0;
        }
        let variance = (self.squares - self.sum * self.sum / self.people) / (self.people - 1.0);
        if variance > 1e-12 { variance } else { 0.0 }
    }
}

/// True score of a group as a function of the observed one, as a share of the number of items.
#[derive(Clone, Copy, Default)]
struct Regression {
    mean: f64,
    reliability: f64,
    items: f64,
}

impl Regression {
    fn new(
        scores: &BTreeMap<i64, [Cell; 2]>,
        side: usize,
        item_variance: f64,
        items: f64,
    ) -> Result<Self, Undetermined> {
        let moment = |power: i32| -> f64 {
            scores.iter().map(|(score, cells)| cells[side].people * (*score as f64).powi(power)).sum()
        };
        let (people, mean) = (moment(0), moment(1) / moment(0));
        let variance = (moment(2) - people * mean * mean) / (people - 1.0);
        if variance.is_nan() || variance <= 1e-12 {
            return Err(Undetermined::NoReliability);
        }
        let reliability = items / (items - 1.0) * (1.0 - item_variance / variance);
        Ok(Self { mean, reliability, items })
    }

    fn truth(&self, score: f64) -> f64 {
        (self.mean + self.reliability * (score - self.mean)) / self.items
    }
}

fn compare(
    scores: &BTreeMap<i64, [Cell; 2]>,
    regressions: [Regression; 2],
    neighbours: Neighbours,
) -> Result<Sibtest, Undetermined> {
    let rows: Vec<(f64, [Cell; 2])> = scores.iter().map(|(score, cells)| (*score as f64, *cells)).collect();
    let all: f64 = rows.iter().map(|(_, cells)| cells[0].people + cells[1].people).sum();
    let (mut weights, mut beta, mut variance) = (0.0, 0.0, 0.0);
    // The lowest and the highest score have a neighbour on one side only.
    for place in 1..rows.len().saturating_sub(1) {
        let (score, cells) = rows[place];
        if cells.iter().any(|cell| cell.people <= FEWEST || cell.variance() == 0.0) {
            continue;
        }
        let middle = 0.5 * (regressions[0].truth(score) + regressions[1].truth(score));
        let corrected = [0, 1].map(|side| {
            let regression = regressions[side];
            let (below, above) = around(&rows, place, side, neighbours);
            let rise = above.1[side].mean() - below.1[side].mean();
            let run = regression.truth(above.0) - regression.truth(below.0);
            cells[side].mean() + rise / run * (middle - regression.truth(score))
        });
        let weight = cells[0].people + cells[1].people;
        weights += weight;
        beta += weight * (corrected[0] - corrected[1]);
        variance += weight * weight * cells.iter().map(|cell| cell.variance() / cell.people).sum::<f64>();
    }
    if weights <= 0.0 {
        return Err(Undetermined::NoOverlap);
    }
    let (beta, error) = (beta / weights, variance.sqrt() / weights);
    if !beta.is_finite() {
        return Err(Undetermined::NoReliability);
    }
    Ok(Sibtest { beta, error, test: Test::new((beta / error).powi(2), 1.0), used: weights / all })
}

type Row = (f64, [Cell; 2]);

/// The scores below and above whose means give the slope.
fn around(rows: &[Row], place: usize, side: usize, neighbours: Neighbours) -> (Row, Row) {
    if neighbours == Neighbours::Nought {
        return (rows[place - 1], rows[place + 1]);
    }
    let peopled = |row: &&Row| row.1[side].people > 0.0;
    // Where a group has nobody on one side, the score itself ends the slope.
    let below = rows[..place].iter().rev().find(peopled).unwrap_or(&rows[place]);
    let above = rows[place + 1..].iter().find(peopled).unwrap_or(&rows[place]);
    (*below, *above)
}

/// For each side the variance of each anchor among the people who count.
fn variances(sample: &Sample, anchors: &[bool], counts: impl Fn(usize) -> bool) -> [Vec<f64>; 2] {
    let mut found = [vec![0.0; anchors.len()], vec![0.0; anchors.len()]];
    for item in (0..anchors.len()).filter(|&item| anchors[item]) {
        let mut cells = [Cell::default(); 2];
        for &(person, category) in sample.answers_to(item) {
            if counts(person as usize) {
                let (weight, side) = sample.member(person as usize);
                let own = f64::from(category);
                cells[side].people += weight;
                cells[side].sum += weight * own;
                cells[side].squares += weight * own * own;
            }
        }
        for side in 0..2 {
            found[side][item] = cells[side].variance();
        }
    }
    found
}
