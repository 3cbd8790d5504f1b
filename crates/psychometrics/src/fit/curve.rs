//! Derivatives of an item's log-probabilities at one point, in closed form.
//!
//! The parameters of an item stand in one flat row: slope, specific slope, intercepts, and the logit of the lower asymptote
//! (−∞ where there is none). Here the two slopes are not seen yet: everything is in terms of z, the intercepts and the
//! asymptote's logit.

use super::edges::{Edge, Edges};
use super::real::Real;
use crate::item::{Curve, Item, ItemError, Specific};
use crate::math::{exp, ln, logistic};

/// Where the slope on the general level stands in a flat row of parameters.
pub(crate) const SLOPE: usize = 0;
/// Where the slope on a factor of its own stands.
pub(crate) const SPECIFIC: usize = 1;
/// Where the intercepts begin.
pub(crate) const INTERCEPTS: usize = 2;

/// Curve and number of categories of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub curve: Curve,
    /// At least 2.
    pub categories: usize,
}

impl Shape {
    /// Number of intercepts.
    pub fn intercepts(self) -> usize {
        self.categories - 1
    }

    /// Where the logit of the lower asymptote stands: last.
    pub fn lower(self) -> usize {
        INTERCEPTS + self.intercepts()
    }

    /// Length of a flat row of parameters.
    pub fn len(self) -> usize {
        self.lower() + 1
    }

    /// Whether numbers describe an item at all: finite, and the intercepts of a graded one falling.
    pub fn holds(self, row: &[f64]) -> bool {
        let intercepts = &row[INTERCEPTS..self.lower()];
        let lower = row[self.lower()];
        row[..self.lower()].iter().all(|value| value.is_finite())
            && (lower.is_finite() || lower == f64::NEG_INFINITY)
            && (self.curve != Curve::Graded || intercepts.windows(2).all(|pair| pair[0] > pair[1]))
    }

    /// The item of a flat row.
    pub fn item(self, row: &[f64], factor: Option<usize>) -> Result<Item, ItemError> {
        let lower = logistic_or_nought(row[self.lower()]);
        let item = Item::new(self.curve, row[SLOPE], row[INTERCEPTS..self.lower()].to_vec(), lower)?;
        Ok(match factor {
            Some(factor) => item.with_specific(Specific { factor, slope: row[SPECIFIC] }),
            None => item,
        })
    }

    /// Logarithms of all categories' probabilities at z; finite wherever the parameters are.
    pub fn log_probabilities(self, row: &[f64], z: f64, out: &mut [f64]) {
        self.log_rows(row, &[z], out);
    }

    /// The same at many points, category by category: `out[category * points + point]`.
    pub fn log_rows(self, row: &[f64], z: &[f64], out: &mut [f64]) {
        let d = &row[INTERCEPTS..self.lower()];
        match self.curve {
            Curve::Dichotomous => {
                let edges = Edges::of(z, d[0]);
                let lower = logistic_or_nought(row[self.lower()]);
                let open = ln(1.0 - lower);
                let (wrong, right) = out.split_at_mut(z.len());
                for (point, (wrong, right)) in wrong.iter_mut().zip(right).enumerate() {
                    *wrong = open - edges.soft[point];
                    *right = match lower {
                        0.0 => z[point] + d[0] - edges.soft[point],
                        _ => ln(lower + (1.0 - lower) * edges.up[point]),
                    };
                }
            }
            Curve::Graded => self.graded_log_rows(d, z, out),
            Curve::PartialCredit => self.partial_credit_log_rows(d, z, out),
        }
    }

    /// P(c) = σ(x_c) σ(−x_(c+1)) (1 − e^(x_(c+1) − x_c)): every factor from its own side.
    fn graded_log_rows(self, d: &[f64], z: &[f64], out: &mut [f64]) {
        let points = z.len();
        out.fill(0.0);
        for (k, &d_k) in d.iter().enumerate() {
            let edges = Edges::of(z, d_k);
            let gap = if k + 1 < d.len() { ln(1.0 - exp(d[k + 1] - d_k)) } else { 0.0 };
            let (below, above) = out[k * points..(k + 2) * points].split_at_mut(points);
            for (point, soft) in edges.soft.iter().enumerate() {
                below[point] -= soft;
                above[point] = z[point] + d_k - soft + gap;
            }
        }
    }

    fn partial_credit_log_rows(self, d: &[f64], z: &[f64], out: &mut [f64]) {
        let points = z.len();
        let mut largest = vec![0.0; points];
        out[..points].fill(0.0);
        for (k, d_k) in d.iter().enumerate() {
            let own = &mut out[(k + 1) * points..(k + 2) * points];
            for ((place, largest), z) in own.iter_mut().zip(&mut largest).zip(z) {
                *place = (k + 1) as f64 * z + d_k;
                *largest = largest.larger(*place);
            }
        }
        let mut sums = vec![0.0; points];
        for own in out.chunks_exact(points) {
            for ((sum, own), largest) in sums.iter_mut().zip(own).zip(&largest) {
                *sum += (own - largest).exp_of_negative();
            }
        }
        sums.iter_mut().zip(&largest).for_each(|(sum, largest)| *sum = largest + ln(*sum));
        for own in out.chunks_exact_mut(points) {
            own.iter_mut().zip(&sums).for_each(|(place, whole)| *place -= whole);
        }
    }
}

/// The lower asymptote of its logit.
pub(crate) fn logistic_or_nought(logit: f64) -> f64 {
    if logit == f64::NEG_INFINITY { 0.0 } else { logistic(logit) }
}

/// Which second derivatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curvature {
    /// Their expectation at the present parameters (Fisher): never negative, so a step along it always rises.
    Expected,
    /// As they are.
    Observed,
}

/// Σ over categories of count × ln P and its derivatives by (z, intercepts…, logit of the asymptote).
#[derive(Clone, Debug)]
pub(crate) struct Derivatives {
    shape: Shape,
    lower: f64,
    /// For a graded item, ln(1 − e^(d_(k+1) − d_k)) and its exponential, which are the same at all points.
    gaps: Vec<(f64, f64)>,
    /// Logistic functions of z + d, one an intercept (not for partial credit).
    pub edges: Vec<Edge>,
    /// Logarithms and probabilities of the categories (for partial credit).
    logs: Vec<f64>,
    chances: Vec<f64>,
    /// Σ count × ln P.
    pub value: f64,
    /// First derivatives.
    pub gradient: Vec<f64>,
    /// Second derivatives with their sign turned, row by row.
    pub curvature: Vec<f64>,
}

impl Derivatives {
    /// Room for an item, and what is the same at all points.
    pub fn new(shape: Shape, row: &[f64]) -> Self {
        let size = shape.intercepts() + 2;
        let gap = |pair: &[f64]| {
            let open = 1.0 - exp(pair[1] - pair[0]);
            (ln(open), open)
        };
        let gaps = match shape.curve {
            Curve::Graded => row[INTERCEPTS..shape.lower()].windows(2).map(gap).collect(),
            _ => Vec::new(),
        };
        Self {
            shape,
            lower: logistic_or_nought(row[shape.lower()]),
            gaps,
            edges: vec![Edge::default(); shape.intercepts()],
            logs: vec![0.0; shape.categories],
            chances: vec![0.0; shape.categories],
            value: 0.0,
            gradient: vec![0.0; size],
            curvature: vec![0.0; size * size],
        }
    }

    /// Fills `value`, `gradient` and `curvature` for these counts, one a category.
    pub fn at(&mut self, row: &[f64], z: f64, counts: impl Fn(usize) -> f64, which: Curvature) {
        if self.shape.curve != Curve::PartialCredit {
            for (edge, d) in self.edges.iter_mut().zip(&row[INTERCEPTS..]) {
                *edge = Edge::at(z + d);
            }
        }
        self.at_edges(row, z, counts, which);
    }

    /// The same where `edges` have been filled already.
    pub fn at_edges(&mut self, row: &[f64], z: f64, counts: impl Fn(usize) -> f64, which: Curvature) {
        self.value = 0.0;
        self.gradient.fill(0.0);
        self.curvature.fill(0.0);
        match self.shape.curve {
            Curve::Dichotomous => self.dichotomous(z + row[INTERCEPTS], counts(0), counts(1), which),
            Curve::Graded => self.graded(row, z, counts, which),
            Curve::PartialCredit => self.partial_credit(row, z, counts),
        }
    }

    fn dichotomous(&mut self, x: f64, wrong: f64, right: f64, which: Curvature) {
        let Edge { up: p, down: q, soft } = self.edges[0];
        let g = self.lower;
        if g == 0.0 {
            self.value = right * (x - soft) - wrong * soft;
            let (first, second) = (right * q - wrong * p, (right + wrong) * p * q);
            self.gradient[..2].fill(first);
            for place in [0, 1, 3, 4] {
                self.curvature[place] = second;
            }
            return;
        }
        let whole = g + (1.0 - g) * p;
        self.value = right * ln(whole) + wrong * (ln(1.0 - g) - soft);
        // First derivatives of ln P(right) and ln P(wrong) by x and by the asymptote's logit.
        let (right_x, right_g) = ((1.0 - g) * p * q / whole, g * (1.0 - g) * q / whole);
        let (wrong_x, wrong_g) = (-p, -g);
        let by_x = right * right_x + wrong * wrong_x;
        let by_g = right * right_g + wrong * wrong_g;
        let (xx, xg, gg) = match which {
            Curvature::Expected => {
                let (right, wrong) = ((right + wrong) * whole, (right + wrong) * (1.0 - g) * q);
                (
                    right * right_x * right_x + wrong * wrong_x * wrong_x,
                    right * right_x * right_g + wrong * wrong_x * wrong_g,
                    right * right_g * right_g + wrong * wrong_g * wrong_g,
                )
            }
            Curvature::Observed => (
                right * (right_x * right_x - right_x * (q - p)) + wrong * p * q,
                right * (right_x * right_g + right_g * p),
                right * (right_g * right_g - right_g * (1.0 - 2.0 * g)) + wrong * g * (1.0 - g),
            ),
        };
        self.gradient.copy_from_slice(&[by_x, by_x, by_g]);
        self.curvature.copy_from_slice(&[xx, xx, xg, xx, xx, xg, xg, xg, gg]);
    }

    fn graded(&mut self, row: &[f64], z: f64, counts: impl Fn(usize) -> f64, which: Curvature) {
        let d = &row[INTERCEPTS..self.shape.lower()];
        let (last, size) = (d.len(), d.len() + 2);
        let total: f64 = (0..=last).map(&counts).sum();
        // σ(x_c) and σ(−x_c) of the category's lower edge, carried from category to category.
        let (mut from_up, mut from_down, mut from_log) = (1.0, 0.0, 0.0);
        for c in 0..=last {
            let (mut to_up, mut to_down, mut to_log_down, mut to_log_up) = (0.0, 1.0, 0.0, 0.0);
            if let (Some(edge), Some(d)) = (self.edges.get(c), d.get(c)) {
                (to_up, to_down) = (edge.up, edge.down);
                to_log_down = -edge.soft;
                to_log_up = z + d - edge.soft;
            }
            let (log_gap, gap) = if c > 0 && c < last { self.gaps[c - 1] } else { (0.0, 1.0) };
            let log = from_log + to_log_down + log_gap;
            // Derivatives of ln P(c) by the edges x_c and x_(c+1).
            let low = if c > 0 { from_down / (to_down * gap) } else { 0.0 };
            let high = if c < last { -to_up / (from_up * gap) } else { 0.0 };
            let count = counts(c);
            self.value += count * log;
            let (ll, lh, hh, weight) = match which {
                Curvature::Expected => (low * low, low * high, high * high, total * from_up * to_down * gap),
                Curvature::Observed => {
                    (low * low - low * (from_down - from_up), low * high, high * high - high * (to_down - to_up), count)
                }
            };
            self.gradient[0] += count * (low + high);
            self.curvature[0] += weight * (ll + 2.0 * lh + hh);
            if c > 0 {
                self.gradient[c] += count * low;
                self.curvature[c] += weight * (ll + lh);
                self.curvature[c * size + c] += weight * ll;
            }
            if c < last {
                self.gradient[c + 1] += count * high;
                self.curvature[c + 1] += weight * (lh + hh);
                self.curvature[(c + 1) * size + c + 1] += weight * hh;
            }
            if c > 0 && c < last {
                self.curvature[c * size + c + 1] += weight * lh;
                self.curvature[(c + 1) * size + c] += weight * lh;
            }
            (from_up, from_down, from_log) = (to_up, to_down, to_log_up);
        }
        for k in 1..=last {
            self.curvature[k * size] = self.curvature[k];
        }
    }

    fn partial_credit(&mut self, row: &[f64], z: f64, counts: impl Fn(usize) -> f64) {
        let size = self.shape.intercepts() + 2;
        self.shape.log_probabilities(row, z, &mut self.logs);
        let (mut total, mut mean, mut square) = (0.0, 0.0, 0.0);
        for (c, &log) in self.logs.iter().enumerate() {
            let (count, chance) = (counts(c), exp(log));
            self.chances[c] = chance;
            self.value += count * log;
            total += count;
            mean += c as f64 * chance;
            square += (c * c) as f64 * chance;
            self.gradient[0] += c as f64 * count;
        }
        self.gradient[0] -= total * mean;
        self.curvature[0] = total * (square - mean * mean);
        for c in 1..self.shape.categories {
            let chance = self.chances[c];
            self.gradient[c] = counts(c) - total * chance;
            self.curvature[c] = total * chance * (c as f64 - mean);
            self.curvature[c * size] = self.curvature[c];
            for k in 1..self.shape.categories {
                let same = if k == c { chance } else { 0.0 };
                self.curvature[c * size + k] = total * (same - chance * self.chances[k]);
            }
        }
    }
}
