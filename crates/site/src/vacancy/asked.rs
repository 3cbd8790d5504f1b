//! What is asked of the list of vacancies: the query part of its address, in one canonical form, so that a search can be
//! sent to somebody, saved and subscribed to.

use super::pay::currency;
use super::terms::{Employment, Remote};
use crate::error::SiteError;
use crate::practice::Form;
use jobfuture_codes::Code;
use jobfuture_vacancy_search::{PayFloor, Query, Sort};

/// Vacancies on a page.
pub(super) const ON_A_PAGE: usize = 20;
/// The last page; who wants more narrows the search.
const LAST_PAGE: usize = 500;
/// Values of one filter.
const MOST_VALUES: usize = 30;
/// Characters of the words.
const LONGEST: usize = 200;

/// A search. Values that are unknown are let stand: they find nothing, and the page shows them to be taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What was typed.
    pub words: String,
    /// Roles, any of them.
    pub role: Vec<String>,
    /// Levels, any of them.
    pub level: Vec<String>,
    /// Competencies, all of them.
    pub competency: Vec<String>,
    /// Ids of [`Remote`].
    pub remote: Vec<String>,
    /// Ids of [`Employment`].
    pub employment: Vec<String>,
    /// Codes of countries.
    pub country: Vec<String>,
    /// Offset from UTC in hours of who looks.
    pub zone: String,
    /// The least pay a year, in whole units.
    pub pay: String,
    /// ISO 4217.
    pub currency: String,
    /// `fresh`, `pay` or `words`.
    pub sort: String,
    /// From 1.
    pub page: usize,
}

impl Asked {
    /// Reads the query part of an address.
    ///
    /// # Errors
    /// [`SiteError::UnreadableForm`] if it is no UTF-8.
    pub(crate) fn read(query: &str) -> Result<Self, SiteError> {
        let form = Form::of_query(query)?;
        let line = |name: &str, most: usize| -> Result<String, SiteError> {
            let text = form.text(name)?.unwrap_or_default();
            Ok(text
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(most)
                .collect::<String>()
                .trim()
                .to_owned())
        };
        let many = |name: &str| -> Result<Vec<String>, SiteError> {
            let mut all = form.all(name)?;
            all.retain(|value| !value.is_empty() && value.len() <= 60);
            all.sort_unstable();
            all.dedup();
            all.truncate(MOST_VALUES);
            Ok(all)
        };
        Ok(Self {
            words: line("q", LONGEST)?,
            role: many("role")?,
            level: many("level")?,
            competency: many("competency")?,
            remote: many("remote")?,
            employment: many("employment")?,
            country: many("country")?,
            zone: line("zone", 4)?,
            pay: line("pay", 12)?,
            currency: line("currency", 3)?.to_uppercase(),
            sort: line("sort", 10)?,
            page: line("page", 4)?.parse().unwrap_or(1).clamp(1, LAST_PAGE),
        })
    }

    /// As the index takes it.
    pub(crate) fn query(&self) -> Query {
        let remote = self.remote.iter().filter_map(|id| {
            Some(match Remote::parse(id)? {
                Remote::Onsite => jobfuture_vacancy_search::Remote::Onsite,
                Remote::Hybrid => jobfuture_vacancy_search::Remote::Hybrid,
                Remote::Remote => jobfuture_vacancy_search::Remote::Remote,
            })
        });
        Query {
            words: self.words.clone(),
            roles: self.role.clone(),
            levels: self.level.clone(),
            competencies: self.competency.clone(),
            remote: remote.collect(),
            employment: self.employment.iter().filter(|id| Employment::parse(id).is_some()).cloned().collect(),
            countries: self.country.clone(),
            zones: Some(self.zone.trim_start_matches('+').to_owned())
                .filter(|zone| !zone.is_empty())
                .into_iter()
                .collect(),
            pay_at_least: self.floor(),
            sort: match self.sort.as_str() {
                "pay" => Sort::Pay,
                "words" if !self.words.is_empty() => Sort::Relevance,
                _ => Sort::Freshness,
            },
            offset: (self.page - 1) * ON_A_PAGE,
            limit: ON_A_PAGE,
            ..Query::default()
        }
    }

    /// The least pay, if a number and a currency stand there.
    fn floor(&self) -> Option<PayFloor> {
        let currency = currency(&self.currency)?;
        let digits: String = self.pay.chars().filter(|c| !matches!(c, ' ' | ',' | '\'' | '’')).collect();
        let whole: i64 = digits.parse().ok().filter(|pay| *pay > 0)?;
        let yearly = whole.checked_mul(10_i64.pow(u32::from(currency.exponent()?)))?;
        Some(PayFloor { yearly, currency: currency.code().to_owned() })
    }

    /// The query part of its address: always the same for the same search. Without the page, which is where one stands in it.
    pub(crate) fn to_query(&self) -> String {
        let one = |name: &'static str, value: &str| (!value.is_empty()).then(|| (name, value.to_owned()));
        let mut pairs: Vec<(&str, String)> = one("q", &self.words).into_iter().collect();
        let lists: [(&str, &[String]); 6] = [
            ("role", &self.role),
            ("level", &self.level),
            ("competency", &self.competency),
            ("remote", &self.remote),
            ("employment", &self.employment),
            ("country", &self.country),
        ];
        pairs.extend(lists.iter().flat_map(|(name, values)| values.iter().map(|value| (*name, value.clone()))));
        for (name, value) in
            [("zone", &self.zone), ("pay", &self.pay), ("currency", &self.currency), ("sort", &self.sort)]
        {
            pairs.extend(one(name, value));
        }
        let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", crate::routes::encode_value(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Whether anything narrows it.
    pub(crate) fn is_narrowed(&self) -> bool {
        let everything = Self { sort: self.sort.clone(), page: self.page, ..Self::default() };
        *self != everything
    }

    /// The search in words, for a letter and a list.
    pub(crate) fn words_of(&self, names: &dyn Fn(&str, &str) -> String) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !self.words.is_empty() {
            parts.push(format!("“{}”", self.words));
        }
        let lists = [
            ("role", &self.role),
            ("level", &self.level),
            ("competency", &self.competency),
            ("remote", &self.remote),
            ("employment", &self.employment),
            ("country", &self.country),
        ];
        parts.extend(lists.iter().flat_map(|(kind, values)| values.iter().map(|value| names(kind, value))));
        if !self.zone.is_empty() {
            parts.push(format!(
                "UTC{}",
                if self.zone.starts_with(['-', '+']) { self.zone.clone() } else { format!("+{}", self.zone) }
            ));
        }
        if self.floor().is_some() {
            parts.push(format!("at least {} {} a year", self.currency, self.pay));
        }
        if parts.is_empty() { "Every vacancy".to_owned() } else { parts.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_address_reads_as_what_it_was_made_of(words in "\\PC{0,30}", role in "[a-z-]{1,9}", pay in "[0-9]{0,6}", more in "\\PC{1,20}") {
            let text = format!("q={}&role={role}&role={role}&pay={pay}&country={}", crate::routes::encode_value(&words), crate::routes::encode_value(&more));
            let asked = Asked::read(&text).unwrap();
            prop_assert_eq!(Asked::read(&asked.to_query()).unwrap(), asked);
        }

        #[test]
        fn no_address_is_too_strange(query in "\\PC{0,80}") {
            let _ = Asked::read(&query).map(|asked| asked.query());
        }
    }

    #[test]
    fn pay_is_asked_for_in_a_currency() {
        let asked = Asked::read("pay=60,000&currency=eur").unwrap();
        assert_eq!(asked.floor(), Some(PayFloor { yearly: 6_000_000, currency: "EUR".into() }));
        assert_eq!(Asked::read("pay=60000").unwrap().floor(), None);
        assert_eq!(
            Asked::read("pay=99999999999&currency=KWD").unwrap().floor().map(|floor| floor.currency),
            Some("KWD".into())
        );
    }
}
