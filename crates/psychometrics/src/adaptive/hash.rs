//! Chance without a state: a number for each thing that is decided, drawn from the session's seed.
//!
//! So a choice depends on what is chosen and not on the order in which possibilities were looked at, and a resumed session
//! chooses what the uninterrupted one would have chosen.

/// What is decided, so that different decisions about one item do not share a number.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Whether a family is eligible in this session.
    Eligible = 1,
    /// The chance part of an item's worth at a step.
    Worth = 2,
    /// Whether a step goes to an item being calibrated.
    Seeding = 3,
    /// Which items being calibrated are drawn, and with which parameters.
    Thompson = 4,
    /// How the session might go on.
    Settle = 5,
}

/// 64 bits for a purpose, a step (or nought), and a thing.
#[inline]
pub(crate) fn bits(seed: u64, purpose: Purpose, step: usize, thing: u64) -> u64 {
    let salt = (purpose as u64) << 56 ^ (step as u64) << 40;
    mix(seed ^ mix(thing.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt))
}

/// The same as a number in \[0, 1).
#[inline]
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// Nearly standard normal: the sum of four uniform numbers, which ends at ±3.46. For exploring, not for inference.
#[inline]
pub(crate) fn nearly_normal(bits: u64) -> f64 {
    let quarter = |shift: u32| ((bits >> shift) & 0xffff) as f64;
    let sum = quarter(0) + quarter(16) + quarter(32) + quarter(48);
    (sum / 65_536.0 - 2.0) * 1.732_050_807_568_877_2
}

/// The finaliser of SplitMix64.
#[inline]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
