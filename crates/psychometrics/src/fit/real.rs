//! The two widths of floating-point numbers in which people are summed up, with an exponential of basic operations only:
//! a loop over it becomes vector instructions, and its bits are the same on every machine.

use std::ops::{Add, AddAssign, Mul, Sub};

/// f32 for large data, f64 for small.
pub(crate) trait Real:
    Copy + Send + Sync + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + AddAssign
{
    const ZERO: Self;
    /// What unused lanes hold: nothing is as unlikely.
    const NEVER: Self;
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
    /// The larger, by one comparison (never a call).
    fn larger(self, other: Self) -> Self;
    /// eˣ for x ≤ 0. What is very small (e⁻⁶⁰ in f32, e⁻⁷⁰⁰ in f64) stays there, far from subnormal numbers.
    fn exp_of_negative(self) -> Self;
}

/// The smallest exponent that f32 tells apart: far from where its numbers become subnormal, which would be slow.
const LEAST: f32 = -60.0;
/// As [`LEAST`], for f64.
const LEAST_WIDE: f64 = -700.0;

impl Real for f32 {
    const ZERO: Self = 0.0;
    const NEVER: Self = -1e30;

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }

    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        if self > other { self } else { other }
    }

    #[inline(always)]
    fn exp_of_negative(self) -> Self {
        /// Adding it rounds to the nearest whole number, which then stands in the lowest bits.
        const ROUND: f32 = 12_582_912.0;
        let x = self.larger(LEAST);
        let shifted = x * std::f32::consts::LOG2_E + ROUND;
        let whole = shifted - ROUND;
        // ln 2 in two parts; the first has few enough bits that its product is exact.
        let rest = (x - whole * (355.0 / 512.0)) - whole * -2.121_944_4e-4;
        let mut sum = 1.0 / 720.0;
        for term in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
            sum = sum * rest + term;
        }
        f32::from_bits(sum.to_bits().wrapping_add(shifted.to_bits() << 23))
    }
}

impl Real for f64 {
    const ZERO: Self = 0.0;
    const NEVER: Self = -1e30;

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        if self > other { self } else { other }
    }

    #[inline(always)]
    fn exp_of_negative(self) -> Self {
        const ROUND: f64 = 6_755_399_441_055_744.0;
        let x = self.larger(LEAST_WIDE);
        let shifted = x * std::f64::consts::LOG2_E + ROUND;
        let whole = shifted - ROUND;
        let rest = (x - whole * 6.931_471_803_691_238e-1) - whole * 1.908_214_929_270_587_7e-10;
        let mut sum = 1.0 / 6_227_020_800.0;
        for term in [
            1.0 / 479_001_600.0,
            1.0 / 39_916_800.0,
            1.0 / 3_628_800.0,
            1.0 / 362_880.0,
            1.0 / 40_320.0,
            1.0 / 5_040.0,
            1.0 / 720.0,
            1.0 / 120.0,
            1.0 / 24.0,
            1.0 / 6.0,
            0.5,
            1.0,
            1.0,
        ] {
            sum = sum * rest + term;
        }
        f64::from_bits(sum.to_bits().wrapping_add(shifted.to_bits() << 52))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_precise_in_both_widths() {
        let mut x = -59.9;
        while x <= 0.0 {
            let wanted: f64 = f64::exp(x);
            assert!((x.exp_of_negative() / wanted - 1.0).abs() < 1e-15, "{x}");
            let narrow = x as f32;
            let wanted = f64::exp(f64::from(narrow));
            assert!((narrow.exp_of_negative().to_f64() / wanted - 1.0).abs() < 3e-7, "{x}");
            x += 0.001_7;
        }
        assert_eq!((0.0_f32.exp_of_negative(), 0.0_f64.exp_of_negative()), (1.0, 1.0));
        assert!((-1e30_f32).exp_of_negative() < 1e-26 && (-1e30_f64).exp_of_negative() < 1e-300);
    }
}
