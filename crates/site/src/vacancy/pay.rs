//! Pay: a range in one currency for one period. There is no vacancy without one.

use super::terms::Period;
use iso_currency::{Currency, IntoEnumIterator};
use jobfuture_codes::Code;
use serde::{Deserialize, Serialize};

/// Within which a yearly amount must lie to be believed, in whole units of a currency: a slip of the keyboard is asked
/// about before it is published. Some currencies have small units, hence the width.
const MOST_A_YEAR: i64 = 100_000_000_000;

/// What is paid: from and to, both inclusive, before tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pay {
    min: i64,
    max: i64,
    currency: Currency,
    period: Period,
}

/// As it is stored: the smallest unit of a currency, by its code.
#[derive(Serialize, Deserialize)]
struct Stored {
    min: i64,
    max: i64,
    currency: String,
    period: Period,
}

impl Serialize for Pay {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let currency = self.currency().to_owned();
        Stored { min: self.min, max: self.max, currency, period: self.period }.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Pay {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Stored { min, max, currency: code, period } = Stored::deserialize(from)?;
        let currency = currency(&code).ok_or_else(|| serde::de::Error::custom(format!("no such currency: {code}")))?;
        Ok(Self { min, max, currency, period })
    }
}

/// What was typed of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedPay {
    /// From, as a number.
    pub min: String,
    /// To, as a number.
    pub max: String,
    /// ISO 4217.
    pub currency: String,
    /// An id of [`Period`].
    pub period: String,
}

impl Pay {
    /// Reads what was typed.
    ///
    /// # Errors
    /// The name of the field that is wrong, and a sentence with the mend.
    pub fn read(typed: &TypedPay) -> Result<Self, (&'static str, String)> {
        let currency = currency(&typed.currency).ok_or_else(|| {
            ("pay_currency", "Choose the currency that is paid in, by its three letters, as in EUR.".to_owned())
        })?;
        let period = Period::parse(&typed.period)
            .ok_or_else(|| ("pay_period", "Choose what the pay is for: a year, a month, an hour.".to_owned()))?;
        let min = amount(&typed.min, currency).map_err(|says| ("pay_min", says))?;
        let max = amount(&typed.max, currency).map_err(|says| ("pay_max", says))?;
        if min > max {
            let says = format!(
                "The pay ends at {} and begins at {}: the wrong way round. Write the lower number first.",
                typed.max.trim(),
                typed.min.trim()
            );
            return Err(("pay_max", says));
        }
        if min.saturating_mul(3) < max {
            let says = "The upper end is more than three times the lower one, which tells nobody what the pay is. \
                        Narrow it, or publish a vacancy for each level.";
            return Err(("pay_max", says.to_owned()));
        }
        let pay = Self { min, max, currency, period };
        if pay.yearly().1 / scale(currency) > MOST_A_YEAR {
            return Err((
                "pay_max",
                "That is too much to be believed. Check the number and what it is for.".to_owned(),
            ));
        }
        Ok(pay)
    }

    /// ISO 4217.
    pub fn currency(self) -> &'static str {
        self.currency.code()
    }

    /// What it is for.
    pub fn period(self) -> Period {
        self.period
    }

    /// From and to for a year of full-time work, in the currency's smallest unit. For comparing.
    pub fn yearly(self) -> (i64, i64) {
        let times = self.period.in_a_year();
        (self.min.saturating_mul(times), self.max.saturating_mul(times))
    }

    /// From and to as decimal numbers, as JSON takes them.
    pub fn decimals(self) -> (String, String) {
        (decimal(self.min, self.currency), decimal(self.max, self.currency))
    }

    /// `EUR 60,000 to 75,000 a year`
    pub fn words(self) -> String {
        let ends = if self.min == self.max {
            grouped(self.min, self.currency)
        } else {
            format!("{} to {}", grouped(self.min, self.currency), grouped(self.max, self.currency))
        };
        format!("{} {ends} {}", self.currency(), self.period.label())
    }
}

/// `EUR 60,000 to 75,000 a year`, of yearly amounts in the smallest unit.
pub fn yearly_words(currency_code: &str, min: i64, max: i64) -> String {
    match currency(currency_code) {
        Some(currency) => Pay { min, max, currency, period: Period::Year }.words(),
        None => String::new(),
    }
}

/// Every currency in use, by code: code and name.
pub fn currencies() -> Vec<(String, String)> {
    let mut all: Vec<_> = Currency::iter()
        .filter(|one| one.exponent().is_some() && !matches!(one.code(), "XXX" | "XTS"))
        .map(|one| (one.code().to_owned(), format!("{}, {}", one.code(), one.name())))
        .collect();
    all.sort();
    all
}

/// The currency of a code, however it is spelled. Gold and test codes are none.
pub fn currency(code: &str) -> Option<Currency> {
    let found = Currency::from_code(&code.trim().to_uppercase())?;
    (found.exponent().is_some() && !matches!(found.code(), "XXX" | "XTS")).then_some(found)
}

/// How many of the smallest unit make a whole one.
fn scale(currency: Currency) -> i64 {
    10_i64.pow(u32::from(currency.exponent().unwrap_or(2)).min(4))
}

/// A typed number in the smallest unit: spaces, apostrophes and commas between groups of three are let through.
fn amount(text: &str, currency: Currency) -> Result<i64, String> {
    let wrong = || format!("Write the pay as a number, as in 60000 or 21.50; “{}” is none.", text.trim());
    let bare: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
    if bare.is_empty() {
        return Err("Write the pay: nothing is published here without a range.".to_owned());
    }
    let (whole, fraction) = match bare.rsplit_once('.') {
        Some((whole, fraction)) => (whole.to_owned(), fraction),
        None => (bare.clone(), ""),
    };
    let groups: Vec<&str> = whole.split(',').collect();
    let is_grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let digits = groups.concat();
    let is_number = |text: &str| !text.is_empty() && text.len() <= 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    let places = usize::from(currency.exponent().unwrap_or(2));
    if !is_grouped || !is_number(&digits) || !(fraction.is_empty() || is_number(fraction)) {
        return Err(wrong());
    }
    if fraction.len() > places && fraction.bytes().any(|byte| byte != b'0') {
        return Err(format!("{} has {places} decimal places; “{}” has more.", currency.code(), text.trim()));
    }
    let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(places).collect();
    let minor: i64 = format!("{digits}{fraction}").parse().map_err(|_| wrong())?;
    if minor == 0 { Err("Work is paid here: write more than nothing.".to_owned()) } else { Ok(minor) }
}

fn decimal(minor: i64, currency: Currency) -> String {
    let scale = scale(currency);
    match minor % scale {
        0 => (minor / scale).to_string(),
        rest => format!("{}.{rest:0width$}", minor / scale, width = usize::from(currency.exponent().unwrap_or(2))),
    }
}

fn grouped(minor: i64, currency: Currency) -> String {
    let text = decimal(minor, currency);
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{out}.{fraction}"),
        None => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(min: &str, max: &str, currency: &str, period: &str) -> Result<Pay, (&'static str, String)> {
        let [min, max, currency, period] = [min, max, currency, period].map(str::to_owned);
        Pay::read(&TypedPay { min, max, currency, period })
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (min, max, says) in [
            ("60000", "75,000", "EUR 60,000 to 75,000 a year"),
            ("60 000", "75’000", "EUR 60,000 to 75,000 a year"),
            ("60000.00", "60000", "EUR 60,000 a year"),
        ] {
            assert_eq!(read(min, max, "eur", "year").map(Pay::words), Ok(says.to_owned()), "{min}");
        }
        assert_eq!(read("21.5", "30", "GBP", "hour").map(Pay::words), Ok("GBP 21.50 to 30 an hour".to_owned()));
        assert_eq!(read("500000", "600000", "JPY", "month").map(|pay| pay.yearly().0), Ok(6_000_000));
        assert_eq!(read("1000", "2000", "EUR", "month").map(Pay::yearly), Ok((1_200_000, 2_400_000)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_the_field() {
        for (min, max, currency, period, field) in [
            ("75000", "60000", "EUR", "year", "pay_max"),
            ("", "60000", "EUR", "year", "pay_min"),
            ("0", "60000", "EUR", "year", "pay_min"),
            ("-1", "60000", "EUR", "year", "pay_min"),
            ("60.000,00", "70000", "EUR", "year", "pay_min"),
            ("6,00", "7", "EUR", "year", "pay_min"),
            ("1.5", "2", "JPY", "year", "pay_min"),
            ("20000", "90000", "EUR", "year", "pay_max"),
            ("20000", "30000", "euro", "year", "pay_currency"),
            ("20000", "30000", "XAU", "year", "pay_currency"),
            ("20000", "30000", "EUR", "decade", "pay_period"),
            ("99999999999999", "99999999999999", "EUR", "hour", "pay_max"),
        ] {
            assert_eq!(read(min, max, currency, period).map_err(|(at, _)| at), Err(field), "{min} {max} {currency}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(min in ".{0,20}", max in "[0-9., ]{0,18}", period in "(year|hour)") {
            let _ = read(&min, &max, "EUR", &period);
        }

        #[test]
        fn what_is_said_of_it_reads_as_the_same(min in 1_i64..1_000_000, more in 0_i64..500_000) {
            let max = (min + more).min(min * 3);
            let pay = read(&min.to_string(), &max.to_string(), "EUR", "month").unwrap();
            let (low, high) = pay.decimals();
            prop_assert_eq!(read(&low, &high, pay.currency(), pay.period().id()).unwrap(), pay);
        }
    }
}
