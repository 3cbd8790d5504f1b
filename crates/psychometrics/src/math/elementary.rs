//! Exponential, logarithm and what is made of them. Errors stay within about two units in the last place.

/// log₂ e.
const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// The leading bits of ln 2: a product with a whole number below 2¹¹ is exact.
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
/// What `LN2_HIGH` lacks of ln 2.
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Adding and subtracting this rounds to the nearest whole number.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// 1/k! for k = 13 down to 2.
const EXP_TERMS: [f64; 12] = [
    1.0 / 6_227_020_800.0,
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
];

/// e to the power of `x`. Below −708 it is 0, above 709 infinite: no subnormal results.
#[inline]
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x < -708.0 {
        return 0.0;
    }
    if x > 709.0 {
        return f64::INFINITY;
    }
    let whole = (x * LOG2_E + ROUND) - ROUND;
    let rest = (x - whole * LN2_HIGH) - whole * LN2_LOW;
    let mut sum = EXP_TERMS[0];
    for term in &EXP_TERMS[1..] {
        sum = sum * rest + term;
    }
    let value = 1.0 + (rest + rest * rest * sum);
    // In two halves, because 2^1024 is not a number.
    let half = (whole as i64) / 2;
    value * power_of_two(half) * power_of_two(whole as i64 - half)
}

#[inline]
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// Natural logarithm. Of 0 it is −∞, of a negative number not a number.
#[inline]
#[must_use]
pub fn ln(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    // Subnormal numbers are brought into the normal range first.
    let (x, shift) = if x < f64::MIN_POSITIVE { (x * 18_014_398_509_481_984.0, -54) } else { (x, 0) };
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023 + shift;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1;
    }
    let f = mantissa - 1.0;
    let s = f / (2.0 + f);
    let square = s * s;
    // 2 artanh(s) = 2 s (1 + s²/3 + s⁴/5 + …); what remains after s²² is below the last place.
    let mut sum = 1.0 / 23.0;
    for odd in [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
        sum = sum * square + 1.0 / odd;
    }
    let half = 0.5 * f * f;
    // ln(1+f) = f − f²/2 + s (f²/2 + 2 s² Σ …), which keeps the bits of a small f.
    let tail = s * (half + 2.0 * square * sum);
    let k = exponent as f64;
    k * LN2_HIGH - ((half - (tail + k * LN2_LOW)) - f)
}

/// ln(1 + eˣ), without overflow.
#[inline]
#[must_use]
pub fn ln_1p_exp(x: f64) -> f64 {
    if x > 36.0 {
        x
    } else if x < -36.0 {
        exp(x)
    } else {
        let e = exp(-x.abs());
        x.max(0.0) + ln_1p(e)
    }
}

/// ln(1 + x) for x in \[0, 1\].
#[inline]
fn ln_1p(x: f64) -> f64 {
    let u = 1.0 + x;
    // Kahan's correction for what 1 + x has lost.
    if u == 1.0 { x } else { ln(u) + (x - (u - 1.0)) / u }
}

/// 1 / (1 + e⁻ˣ), with full relative precision on both sides.
#[inline]
#[must_use]
pub fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + exp(-x))
    } else {
        let e = exp(x);
        e / (1.0 + e)
    }
}

/// ln(p / (1 − p)) for p in (0, 1).
#[inline]
#[must_use]
pub fn logit(p: f64) -> f64 {
    ln(p) - ln(1.0 - p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agree_with_the_platform_to_two_units_in_the_last_place() {
        let mut worst_exp: f64 = 0.0;
        let mut worst_ln: f64 = 0.0;
        let mut x = -700.0;
        while x < 700.0 {
            worst_exp = worst_exp.max((exp(x) / x.exp() - 1.0).abs());
            let y = x.exp().max(1e-300);
            worst_ln = worst_ln.max((ln(y) - y.ln()).abs() / y.ln().abs().max(1e-3));
            x += 0.037_3;
        }
        assert!(worst_exp < 3.0 * f64::EPSILON, "{worst_exp:e}");
        assert!(worst_ln < 3.0 * f64::EPSILON, "{worst_ln:e}");
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(exp(-1e9), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert!(ln(-1.0).is_nan() && exp(f64::NAN).is_nan());
    }

    #[test]
    fn tails_keep_their_precision() {
        assert!((logistic(-40.0) / (-40.0_f64).exp() - 1.0).abs() < 1e-15);
        assert!((ln_1p_exp(-30.0) / (-30.0_f64).exp() - 1.0).abs() < 1e-13);
        assert!((ln_1p_exp(50.0) - 50.0).abs() < 1e-12);
        assert!((logit(logistic(1.7)) - 1.7).abs() < 1e-14);
    }
}
