//! STDDEV_POP, STDDEV_SAMP, VAR_POP, VAR_SAMP: Python's `statistics` module over all values of a group.
//!
//! Python computes with exact fractions and rounds once. Integers are done exactly here too; floats in twice the
//! precision of a float, which rounds to the same result but for cases too rare to meet.

use super::number::Number;
use super::{Output, give, null};
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::{Connection, Error};

pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    for (name, sample, root) in
        [("STDDEV_POP", false, true), ("STDDEV_SAMP", true, true), ("VAR_POP", false, false), ("VAR_SAMP", true, false)]
    {
        connection.create_aggregate_function(name, 1, flags, Spread { sample, root })?;
    }
    Ok(())
}

struct Spread {
    sample: bool,
    root: bool,
}

/// The values so far; `None` once one of them was no number, which Python finds out at the end.
type Values = Option<Vec<Number>>;

impl Aggregate<Values, rusqlite::types::ToSqlOutput<'static>> for Spread {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Values> {
        Ok(Some(Vec::new()))
    }

    fn step(&self, context: &mut Context<'_>, values: &mut Values) -> rusqlite::Result<()> {
        match (Number::of(context.get_raw(0)), values.as_mut()) {
            (Some(number), Some(list)) => list.push(number),
            _ => *values = None,
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, values: Option<Values>) -> Output {
        // No rows at all: Python's class is never made.
        let Some(values) = values else { return null() };
        let values = values.ok_or_else(raised)?;
        let divisor = if self.sample { values.len() - 1 } else { values.len() };
        if divisor == 0 {
            return Err(raised());
        }
        match integers(&values) {
            Some(numbers) => of_integers(&numbers, divisor as i128, self.root),
            None => of_floats(&values, divisor as f64, self.root),
        }
    }
}

fn raised() -> Error {
    Error::UserFunctionError("user-defined aggregate's 'finalize' method raised error".into())
}

fn integers(values: &[Number]) -> Option<Vec<i128>> {
    values.iter().map(|value| if let Number::Int(number) = value { Some(i128::from(*number)) } else { None }).collect()
}

/// Exactly, as long as the squares fit: else as floats.
fn of_integers(numbers: &[i128], divisor: i128, root: bool) -> Output {
    let count = numbers.len() as i128;
    let fraction = (|| {
        let sum = numbers.iter().sum::<i128>();
        let squares =
            numbers.iter().try_fold(0i128, |total, number| total.checked_add(number.checked_mul(*number)?))?;
        // Σ(x − mean)² = (n Σx² − (Σx)²) / n
        let over = count.checked_mul(squares)?.checked_sub(sum.checked_mul(sum)?)?;
        Some((over, count.checked_mul(divisor)?))
    })();
    let Some((over, under)) = fraction else {
        let values: Vec<Number> = numbers.iter().map(|number| Number::Float(*number as f64)).collect();
        return of_floats(&values, divisor as f64, root);
    };
    let shared = greatest_common_divisor(over, under);
    let (over, under) = (over / shared, under / shared);
    if root {
        return give(Double::ratio(over, under).sqrt());
    }
    match (under, i64::try_from(over)) {
        // Python keeps an int where the variance is one.
        (1, Ok(whole)) => give(whole),
        _ => give(Double::ratio(over, under).value()),
    }
}

fn greatest_common_divisor(left: i128, right: i128) -> i128 {
    let (mut left, mut right) = (left.abs(), right.abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

fn of_floats(values: &[Number], divisor: f64, root: bool) -> Output {
    let zero = Double { high: 0.0, low: 0.0 };
    let sum = values.iter().fold(zero, |total, value| total.add(Double::of(value.float())));
    let mean = sum.divide(Double::of(values.len() as f64));
    let squares = values.iter().fold(zero, |total, value| {
        let distance = Double::of(value.float()).add(mean.negate());
        total.add(distance.multiply(distance))
    });
    let variance = squares.divide(Double::of(divisor));
    super::give_real(if root { variance.sqrt() } else { variance.value() })
}

/// A number as the unevaluated sum of two floats.
#[derive(Clone, Copy)]
struct Double {
    high: f64,
    low: f64,
}

impl Double {
    fn of(high: f64) -> Self {
        Self { high, low: 0.0 }
    }

    fn exact_sum(left: f64, right: f64) -> Self {
        let high = left + right;
        let virtual_right = high - left;
        Self { high, low: (left - (high - virtual_right)) + (right - virtual_right) }
    }

    fn add(self, other: Self) -> Self {
        let sum = Self::exact_sum(self.high, other.high);
        let lows = Self::exact_sum(self.low, other.low);
        let once = Self::exact_sum(sum.high, sum.low + lows.high);
        Self::exact_sum(once.high, once.low + lows.low)
    }

    fn negate(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }

    fn multiply(self, other: Self) -> Self {
        let high = self.high * other.high;
        let low = self.high.mul_add(other.high, -high) + (self.high * other.low + self.low * other.high);
        Self::exact_sum(high, low)
    }

    fn divide(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self.add(other.multiply(Self::of(first)).negate());
        let second = rest.high / other.high;
        let rest = rest.add(other.multiply(Self::of(second)).negate());
        Self::exact_sum(first, second).add(Self::of(rest.high / other.high))
    }

    fn ratio(over: i128, under: i128) -> Self {
        Self::of_integer(over).divide(Self::of_integer(under))
    }

    fn of_integer(number: i128) -> Self {
        let high = number as f64;
        Self::exact_sum(high, (number - high as i128) as f64)
    }

    fn sqrt(self) -> f64 {
        let guess = self.high.sqrt();
        if guess == 0.0 || !guess.is_finite() {
            return guess;
        }
        // One step of Newton's from a float's precision gives twice as much.
        let square = Self::of(guess).multiply(Self::of(guess));
        let rest = self.add(square.negate());
        Self::exact_sum(guess, rest.high / (2.0 * guess)).value()
    }

    fn value(self) -> f64 {
        self.high + self.low
    }
}
