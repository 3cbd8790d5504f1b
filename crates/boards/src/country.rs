//! Countries by ISO 3166-1, currencies by ISO 4217.

use serde::Serialize;
use std::fmt;

/// A country, by its two letters of ISO 3166-1 (alpha-2), in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Country(&'static str);

/// What people write for a country, where the standard writes it otherwise; in small letters.
const EVERYDAY: &[(&str, &str)] = &[
    ("america", "US"),
    ("bolivia", "BO"),
    ("brunei", "BN"),
    ("brasil", "BR"),
    ("czech republic", "CZ"),
    ("deutschland", "DE"),
    ("eire", "IE"),
    ("england", "GB"),
    ("españa", "ES"),
    ("great britain", "GB"),
    ("holland", "NL"),
    ("hong kong sar", "HK"),
    ("iran", "IR"),
    ("italia", "IT"),
    ("ivory coast", "CI"),
    ("laos", "LA"),
    ("macau", "MO"),
    ("moldova", "MD"),
    ("netherlands", "NL"),
    ("the netherlands", "NL"),
    ("north macedonia", "MK"),
    ("northern ireland", "GB"),
    ("österreich", "AT"),
    ("palestine", "PS"),
    ("polska", "PL"),
    ("republic of ireland", "IE"),
    ("russia", "RU"),
    ("schweiz", "CH"),
    ("scotland", "GB"),
    ("south korea", "KR"),
    ("korea", "KR"),
    ("suisse", "CH"),
    ("sverige", "SE"),
    ("syria", "SY"),
    ("taiwan", "TW"),
    ("tanzania", "TZ"),
    ("turkey", "TR"),
    ("u.k.", "GB"),
    ("u.s.", "US"),
    ("u.s.a.", "US"),
    ("uae", "AE"),
    ("uk", "GB"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("usa", "US"),
    ("venezuela", "VE"),
    ("vietnam", "VN"),
    ("wales", "GB"),
];

impl Country {
    /// The two letters.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// Of two or three letters of the standard, or of a country's name in English, or one of a few in its own language. For a
    /// field that holds a country and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let capitals = text.to_ascii_uppercase();
        let by_code = match text.len() {
            2 => rust_iso3166::from_alpha2(&capitals),
            3 => rust_iso3166::from_alpha3(&capitals),
            _ => None,
        };
        by_code.map(|country| Self(country.alpha2)).or_else(|| Self::named(text))
    }

    /// Of a name alone. For the end of a free text, where `CA` is California as often as Canada.
    pub(crate) fn named(text: &str) -> Option<Self> {
        let small = text.trim().to_lowercase();
        if let Some((_, code)) = EVERYDAY.iter().find(|(name, _)| *name == small) {
            return Some(Self(code));
        }
        let country = rust_iso3166::ALL.iter().find(|country| country.name.to_lowercase() == small)?;
        Some(Self(country.alpha2))
    }

    /// Of the last part of a free text such as `Berlin, Germany` or `Remote (Portugal)`. Georgia is left alone: in such a text
    /// it is as likely the state.
    pub(crate) fn at_the_end_of(text: &str) -> Option<Self> {
        let text = text.trim_end_matches([')', ' ']);
        let last = text.rsplit([',', '(', '–', '—']).next()?;
        let last = last.rsplit(" - ").next()?.trim();
        if last.eq_ignore_ascii_case("georgia") { None } else { Self::named(last) }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A currency, by its three letters of ISO 4217, in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Currency(&'static str);

impl Currency {
    /// The three letters.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// Of the three letters. A sign such as `$` is none: it stands for many.
    pub fn parse(text: &str) -> Option<Self> {
        let currency = iso_currency::Currency::from_code(&text.trim().to_ascii_uppercase())?;
        (!currency.is_special()).then(|| Self(currency.code()))
    }

    /// Whether its smaller unit is a hundredth, so that “cents” can mean one thing only.
    pub(crate) fn has_cents(self) -> bool {
        iso_currency::Currency::from_code(self.0).and_then(|currency| currency.exponent()) == Some(2)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
