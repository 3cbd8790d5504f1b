//! First and second derivatives of the categories' probabilities, for estimates that look for a top or a root.

use crate::item::{Curve, Item};
use crate::math::exp;

/// What a pattern of answers comes to at a level.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    /// First derivative of the log-likelihood.
    pub score: f64,
    /// Second derivative of the log-likelihood, negated: the observed information.
    pub observed: f64,
    /// Fisher information Σ (P′)² / P.
    pub expected: f64,
    /// Σ P′ P″ / P, the J of T. A. Warm (1989) and F. Samejima (1998).
    pub bias: f64,
}

/// A probability and its derivatives by the level.
#[derive(Clone, Copy, Default)]
struct Point {
    chance: f64,
    first: f64,
    second: f64,
}

/// Probabilities below this take no part in ratios: they and their derivatives vanish together.
const VANISHED: f64 = 1e-290;

impl Sums {
    /// Adds the answer `category` to `item` at the level `theta`.
    pub(super) fn add(&mut self, item: &Item, category: usize, theta: f64) {
        match item.curve() {
            Curve::Dichotomous => {
                let points = dichotomous(item, theta);
                self.take(points[category], &points);
            }
            Curve::Graded => {
                let points = graded(item, theta);
                self.take(points[category], &points);
            }
            Curve::PartialCredit => {
                let points = partial_credit(item, theta);
                self.take(points[category], &points);
            }
        }
    }

    fn take(&mut self, seen: Point, all: &[Point]) {
        if seen.chance > VANISHED {
            let ratio = seen.first / seen.chance;
            self.score += ratio;
            self.observed += ratio * ratio - seen.second / seen.chance;
        }
        for point in all.iter().filter(|point| point.chance > VANISHED) {
            self.expected += point.first * point.first / point.chance;
            self.bias += point.first * point.second / point.chance;
        }
    }
}

/// P, P′ and P″ of the logistic curve at x, for the slope a; and 1 − P, from the same exponential.
fn curve(a: f64, x: f64) -> (Point, f64) {
    let e = exp(-x.abs());
    let (large, small) = (1.0 / (1.0 + e), e / (1.0 + e));
    let (p, q) = if x < 0.0 { (small, large) } else { (large, small) };
    (Point { chance: p, first: a * p * q, second: a * a * p * q * (q - p) }, q)
}

fn dichotomous(item: &Item, theta: f64) -> [Point; 2] {
    let x = item.slope() * theta + item.intercepts()[0];
    let (right, wrong) = curve(item.slope(), x);
    let rest = 1.0 - item.lower();
    let (first, second) = (rest * right.first, rest * right.second);
    [
        Point { chance: rest * wrong, first: -first, second: -second },
        Point { chance: item.lower() + rest * right.chance, first, second },
    ]
}

fn graded(item: &Item, theta: f64) -> Vec<Point> {
    let mut chances = vec![0.0; item.categories()];
    item.probabilities(theta, &mut chances);
    let edge = |d: &f64| curve(item.slope(), item.slope() * theta + d).0;
    let edges: Vec<Point> = item.intercepts().iter().map(edge).collect();
    let point = |(k, &chance): (usize, &f64)| {
        let from = if k == 0 { Point::default() } else { edges[k - 1] };
        let above = edges.get(k).copied().unwrap_or_default();
        Point { chance, first: from.first - above.first, second: from.second - above.second }
    };
    chances.iter().enumerate().map(point).collect()
}

fn partial_credit(item: &Item, theta: f64) -> Vec<Point> {
    let mut chances = vec![0.0; item.categories()];
    item.probabilities(theta, &mut chances);
    let mean: f64 = chances.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
    let variance: f64 = chances.iter().enumerate().map(|(k, p)| (k as f64 - mean).powi(2) * p).sum();
    let a = item.slope();
    let point = |(k, &chance): (usize, &f64)| {
        let distance = k as f64 - mean;
        Point { chance, first: a * chance * distance, second: a * a * chance * (distance * distance - variance) }
    };
    chances.iter().enumerate().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agree_with_differences() {
        let items = [
            Item::three_pl(1.3, -0.4, 0.2).unwrap(),
            Item::graded(1.7, vec![1.5, 0.2, -1.1]).unwrap(),
            Item::partial_credit(0.9, vec![0.8, 0.3, -1.0]).unwrap(),
        ];
        let step = 1e-4;
        for item in &items {
            for category in 0..item.categories() {
                let theta = 0.37;
                let log = |theta: f64| {
                    let mut p = vec![0.0; item.categories()];
                    item.probabilities(theta, &mut p);
                    p[category].ln()
                };
                let mut sums = Sums::default();
                sums.add(item, category, theta);
                let first = (log(theta + step) - log(theta - step)) / (2.0 * step);
                let second = (log(theta + step) - 2.0 * log(theta) + log(theta - step)) / (step * step);
                assert!((sums.score - first).abs() < 1e-7, "{item:?} {category}");
                assert!((sums.observed + second).abs() < 1e-6, "{item:?} {category}");
                assert!((sums.expected - item.information(theta)).abs() < 1e-12, "{item:?}");
            }
        }
    }
}
