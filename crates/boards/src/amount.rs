//! An amount of pay.

use serde::{Serialize, Serializer};
use std::fmt;

/// An amount in hundredths of a currency's main unit, whichever decimals that currency has: 65,000 yen are 6,500,000 of
/// them, like 65,000 euros. At most ten thousand million units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// The largest amount, in hundredths.
const LARGEST: i64 = 10_000_000_000 * 100;

impl Amount {
    /// Of hundredths; `None` for less than nothing and for more than any pay is.
    pub fn from_hundredths(hundredths: i64) -> Option<Self> {
        (0..=LARGEST).contains(&hundredths).then_some(Self(hundredths))
    }

    /// In hundredths of the main unit.
    pub fn hundredths(self) -> i64 {
        self.0
    }

    /// Of digits with at most two decimals behind a point, as in `65000` and `16.50`; further decimals may be zeros. Commas
    /// are not read: `1,500` is one thing in London and another in Berlin.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (kept, beyond) = part.split_at_checked(2).unwrap_or((part, ""));
        if !digits(whole) || !digits(part) || whole.len() > 12 || beyond.bytes().any(|byte| byte != b'0') {
            return None;
        }
        let hundredths = kept.parse::<i64>().ok()? * if kept.len() == 1 { 10 } else { 1 };
        Self::from_hundredths(whole.parse::<i64>().ok()? * 100 + hundredths)
    }

    /// Nothing at all, which boards write where nobody has filled a field in.
    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// `65000`, or `16.50` where there are decimals.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) => write!(f, "{whole}.{part:02}"),
        }
    }
}

/// As it is displayed.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
