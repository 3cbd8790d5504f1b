//! Logistic functions of many numbers at once.
//!
//! Written without branches, so that the compiler makes vector instructions of it; compiled for several processors as
//! the innermost loop is, and with the same bits on all.

use super::real::Real;

/// 1/(1+e⁻ˣ), 1/(1+eˣ) and ln(1+eˣ) of one number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Edge {
    pub up: f64,
    pub down: f64,
    pub soft: f64,
}

impl Edge {
    #[inline(always)]
    pub fn at(x: f64) -> Self {
        let small = (-x.abs()).exp_of_negative();
        let whole = 1.0 / (1.0 + small);
        let other = small * whole;
        let positive = x > 0.0;
        let up = if positive { whole } else { other };
        let down = if positive { other } else { whole };
        Self { up, down, soft: x.larger(0.0) + ln_of_one_and(small) }
    }
}

/// The same of many: x = z + d for each z.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edges {
    pub up: Vec<f64>,
    pub down: Vec<f64>,
    pub soft: Vec<f64>,
}

impl Edges {
    pub fn of(z: &[f64], d: f64) -> Self {
        let mut edges = Self { up: vec![0.0; z.len()], down: vec![0.0; z.len()], soft: vec![0.0; z.len()] };
        fill(z, d, &mut edges);
        edges
    }

    #[inline]
    pub fn get(&self, point: usize) -> Edge {
        Edge { up: self.up[point], down: self.down[point], soft: self.soft[point] }
    }
}

/// ln(1 + x) for x in \[0, 1\], by the series of the inverse hyperbolic tangent.
#[inline(always)]
fn ln_of_one_and(x: f64) -> f64 {
    let s = x / (2.0 + x);
    let square = s * s;
    let mut sum = 1.0 / 33.0;
    for odd in [31.0, 29.0, 27.0, 25.0, 23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        sum = sum * square + 1.0 / odd;
    }
    2.0 * s * sum
}

fn fill(z: &[f64], d: f64, out: &mut Edges) {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has just said that it has AVX-512F, which is all that the function asks for.
            return unsafe { with_avx512(z, d, out) };
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just said that it has AVX2, which is all that the function asks for.
            return unsafe { with_avx2(z, d, out) };
        }
    }
    body(z, d, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn with_avx512(z: &[f64], d: f64, out: &mut Edges) {
    body(z, d, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(z: &[f64], d: f64, out: &mut Edges) {
    body(z, d, out);
}

#[inline(always)]
fn body(z: &[f64], d: f64, out: &mut Edges) {
    let places = out.up.iter_mut().zip(&mut out.down).zip(&mut out.soft);
    for (((up, down), soft), z) in places.zip(z) {
        let edge = Edge::at(z + d);
        (*up, *down, *soft) = (edge.up, edge.down, edge.soft);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{ln_1p_exp, logistic};

    #[test]
    fn agree_with_the_plain_functions_and_one_with_many() {
        let z: Vec<f64> = (-5900..=5900).map(|k| f64::from(k) * 0.01).collect();
        let edges = Edges::of(&z, 0.0);
        for (point, x) in z.iter().enumerate() {
            let edge = edges.get(point);
            assert_eq!(edge, Edge::at(*x));
            assert!((edge.up / logistic(*x) - 1.0).abs() < 1e-14, "{x}");
            assert!((edge.down / logistic(-x) - 1.0).abs() < 1e-14, "{x}");
            assert!((edge.soft / ln_1p_exp(*x) - 1.0).abs() < 1e-13, "{x}");
        }
        let far = Edge::at(300.0);
        assert!(far.up == 1.0 && far.soft == 300.0 && (far.down.ln() + 300.0).abs() < 1e-9);
    }
}
