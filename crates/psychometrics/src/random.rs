//! A seeded generator whose stream is specified, so that a seed means the same choices for ever.
//!
//! xoshiro256++ of D. Blackman and S. Vigna (2019), seeded by their SplitMix64.

use crate::math::{exp, ln, normal_quantile};

/// A stream of pseudo-random numbers. Not for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut mixed = seed;
        Self { state: std::array::from_fn(|_| split_mix(&mut mixed)) }
    }

    /// A stream of its own for each pair: people, steps, replications drawn side by side do not share numbers.
    #[must_use]
    pub fn of(seed: u64, stream: u64) -> Self {
        let mut mixed = stream.wrapping_add(0x6a09_e667_f3bc_c909);
        Self::new(seed ^ split_mix(&mut mixed))
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let state = &mut self.state;
        let result = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        result
    }

    /// Uniform in \[0, 1), in steps of 2⁻⁵³.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform among 0 … `below` − 1; `below` must not be 0.
    #[inline]
    pub fn index(&mut self, below: usize) -> usize {
        // Lemire's multiplication; the bias of at most below/2⁶⁴ cannot be seen.
        ((u128::from(self.bits()) * below as u128) >> 64) as usize
    }

    /// Standard normal, by inversion: one number of the stream for each.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        normal_quantile((self.bits() >> 12) as f64 / 4_503_599_627_370_496.0 + 1.0 / 9_007_199_254_740_992.0)
    }

    /// Exponential of mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -ln(1.0 - self.uniform())
    }

    /// Log-normal: e to the power of a normal number of this mean and standard deviation.
    #[inline]
    pub fn log_normal(&mut self, mean: f64, sd: f64) -> f64 {
        exp(mean + sd * self.normal())
    }

    /// An index drawn with these weights (not negative, of a positive sum).
    #[inline]
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.uniform() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers for the state 1, 2, 3, 4, worked out by hand from the definition.
    #[test]
    fn follows_the_specified_stream() {
        let mut random = Random { state: [1, 2, 3, 4] };
        assert_eq!([random.bits(), random.bits()], [41_943_041, 58_720_359]);
    }

    #[test]
    fn has_the_moments_that_it_should() {
        let mut random = Random::new(1);
        let n = 200_000;
        let draws: Vec<f64> = (0..n).map(|_| random.normal()).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(n);
        let variance = draws.iter().map(|z| z * z).sum::<f64>() / f64::from(n);
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        let mut counts = [0; 3];
        for _ in 0..n {
            counts[random.weighted(&[1.0, 2.0, 1.0])] += 1;
        }
        assert!((f64::from(counts[1]) / f64::from(n) - 0.5).abs() < 0.01);
    }
}
