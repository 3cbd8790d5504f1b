//! What is asked of the pool: the query part of an address, in one canonical form, so that a search can be sent to a colleague, kept
//! and narrowed by a link.

use crate::error::SiteError;
use crate::practice::Form;
use crate::routes::encode_value;
use crate::vacancy::currency;
use jiff::Timestamp;
use jiff::civil::Date;
use jobfuture_codes::Code;
use jobfuture_pool::{AtLeast, Fluency, Hours, Pay, Query, Remote, Taken, Value, Zones};

/// Candidates on a page.
pub(super) const ON_A_PAGE: usize = 20;
/// The last page; who wants more narrows the search.
const LAST_PAGE: usize = 50;
/// Competencies of one list.
const MOST_COMPETENCIES: usize = 20;
/// Values of any other list.
const MOST_VALUES: usize = 10;
/// Languages that can be asked for at once.
pub(super) const MOST_LANGUAGES: usize = 4;
/// Characters of a country, a language.
const LONGEST: usize = 60;

/// A search. Roles, levels and competencies that the content does not know are let stand: they find nobody, and the page shows them to be
/// taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Roles that they look for, any of them.
    pub role: Vec<String>,
    /// A level that a signal shows, or a higher one.
    pub level: String,
    /// How its check was taken: ids of [`Taken`], any of them.
    pub taken: Vec<String>,
    /// Levels as they see them, any of them.
    pub seniority: Vec<String>,
    /// Competencies that are needed, all of them.
    pub must: Vec<String>,
    /// Competencies that a signal shows, all of them.
    pub shown: Vec<String>,
    /// Competencies that would be good to have.
    pub nice: Vec<String>,
    /// Countries, any of them, as they were typed.
    pub country: Vec<String>,
    /// Offsets from UTC in hours.
    pub zone_from: String,
    /// See there.
    pub zone_to: String,
    /// Ids of [`Remote`], any of them.
    pub remote: Vec<String>,
    /// What can be paid a year at most, in whole units.
    pub pay: String,
    /// ISO 4217.
    pub currency: String,
    /// Ids of [`Hours`], any of them.
    pub hours: Vec<String>,
    /// The latest day on which they could begin, as `2027-01-15`.
    pub by: String,
    /// Languages, all of them, and how well at least: an id of [`Fluency`], or nothing.
    pub languages: Vec<(String, String)>,
    /// From 1.
    pub page: usize,
}

/// What is wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The id of the field in the form.
    pub field: &'static str,
    /// What is wrong, and the mend, as a sentence.
    pub says: String,
}

impl Asked {
    /// Reads the query part of an address.
    ///
    /// # Errors
    /// [`SiteError::Refused`] if it is no UTF-8.
    pub(crate) fn read(query: &str) -> Result<Self, SiteError> {
        let form = Form::of_query(query)?;
        let line = |name: &str, most: usize| -> Result<String, SiteError> {
            Ok(tidy(&form.text(name)?.unwrap_or_default(), most))
        };
        let many = |name: &str, most: usize| -> Result<Vec<String>, SiteError> {
            let mut all: Vec<String> = form.all(name)?.iter().map(|value| tidy(value, LONGEST)).collect();
            all.retain(|value| !value.is_empty());
            all.sort_unstable();
            all.dedup();
            all.truncate(most);
            Ok(all)
        };
        let known = |name: &str, is_one: &dyn Fn(&str) -> bool| -> Result<Vec<String>, SiteError> {
            Ok(many(name, MOST_VALUES)?.into_iter().filter(|value| is_one(value)).collect())
        };
        let fluency = form.all("fluency")?;
        let spoken = form.all("language")?.into_iter().enumerate().map(|(at, language)| {
            let least = fluency.get(at).filter(|least| Fluency::parse(least).is_some()).cloned().unwrap_or_default();
            (tidy(&language, LONGEST), least)
        });
        let mut languages: Vec<(String, String)> = spoken.filter(|(language, _)| !language.is_empty()).collect();
        languages.truncate(MOST_LANGUAGES);
        // One field takes several, with commas between them.
        let typed = form.all("country")?;
        let mut country: Vec<String> =
            typed.iter().flat_map(|text| text.split(',')).map(|one| tidy(one, LONGEST)).collect();
        country.retain(|one| !one.is_empty());
        country.dedup();
        country.truncate(MOST_VALUES);
        Ok(Self {
            role: many("role", MOST_VALUES)?,
            level: line("level", LONGEST)?,
            taken: known("taken", &|id| Taken::parse(id).is_some())?,
            seniority: many("seniority", MOST_VALUES)?,
            must: many("must", MOST_COMPETENCIES)?,
            shown: many("shown", MOST_COMPETENCIES)?,
            nice: many("nice", MOST_COMPETENCIES)?,
            country,
            zone_from: line("zone_from", 4)?,
            zone_to: line("zone_to", 4)?,
            remote: known("remote", &|id| Remote::parse(id).is_some())?,
            pay: line("pay", 20)?,
            currency: line("currency", 3)?.to_uppercase(),
            hours: known("hours", &|id| Hours::parse(id).is_some())?,
            by: line("by", 10)?,
            languages,
            page: line("page", 4)?.parse().unwrap_or(1).clamp(1, LAST_PAGE),
        })
    }

    /// As the pool takes it. `lowest` is the lowest level of the content.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(crate) fn query(&self, at: Timestamp, lowest: &str) -> Result<Query, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let zones = self.zones().unwrap_or_else(|one| refuse(&mut wrong, one));
        let pay = self.most_pay().unwrap_or_else(|one| refuse(&mut wrong, one));
        let available_by = self.day().unwrap_or_else(|one| refuse(&mut wrong, one));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let level = (!self.level.is_empty() || !self.taken.is_empty()).then(|| AtLeast {
            // How a check was taken can be asked for by itself.
            level: if self.level.is_empty() { lowest.to_owned() } else { self.level.clone() },
            taken: self.taken.iter().filter_map(|id| Taken::parse(id)).collect(),
        });
        Ok(Query {
            roles: self.role.clone(),
            level,
            seniority: self.seniority.clone(),
            must: self.must.clone(),
            shown: self.shown.clone(),
            nice: self.nice.clone(),
            countries: self.country.clone(),
            zones,
            remote: self.remote.iter().filter_map(|id| Remote::parse(id)).collect(),
            pay,
            hours: self.hours.iter().filter_map(|id| Hours::parse(id)).collect(),
            available_by,
            languages: self.languages.iter().map(|(one, least)| (one.clone(), Fluency::parse(least))).collect(),
            offset: (self.page.max(1) - 1) * ON_A_PAGE,
            limit: ON_A_PAGE,
            ..Query::at(at)
        })
    }

    fn zones(&self) -> Result<Option<Zones>, Wrong> {
        let wrong = |field, says: &str| Wrong { field, says: says.to_owned() };
        let hours = |field, text: &str| match text.trim_start_matches('+').replace('\u{2212}', "-").parse::<i8>() {
            Ok(hours) if (-12..=14).contains(&hours) => Ok(hours),
            _ => Err(wrong(field, "Write a time zone as hours from UTC, a whole number between -12 and 14.")),
        };
        let (from, to) = match (self.zone_from.as_str(), self.zone_to.as_str()) {
            ("", "") => return Ok(None),
            // One alone is a zone by itself.
            ("", to) => (hours("zone_to", to)?, hours("zone_to", to)?),
            (from, "") => (hours("zone_from", from)?, hours("zone_from", from)?),
            (from, to) => (hours("zone_from", from)?, hours("zone_to", to)?),
        };
        if from > to {
            return Err(wrong("zone_from", "Write the earlier time zone first: the smaller number."));
        }
        Ok(Some(Zones { from, to }))
    }

    fn most_pay(&self) -> Result<Option<Pay>, Wrong> {
        let wrong = |field, says: &str| Wrong { field, says: says.to_owned() };
        if self.pay.is_empty() {
            return Ok(None);
        }
        let Some(currency) = currency(&self.currency) else {
            let says = "Choose the currency of the pay: amounts are compared within one currency alone.";
            return Err(wrong("currency", says));
        };
        let bare: String =
            self.pay.chars().filter(|c| !matches!(c, ' ' | ',' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
        let units = 10_i64.pow(u32::from(currency.exponent().unwrap_or(0)));
        let yearly = bare.parse::<i64>().ok().filter(|whole| *whole > 0).and_then(|whole| whole.checked_mul(units));
        match yearly {
            Some(yearly) => Ok(Some(Pay { yearly, currency: currency.code().to_owned() })),
            None => Err(wrong("pay", "Write what you can pay a year as a whole number, as in 60000.")),
        }
    }

    fn day(&self) -> Result<Option<Date>, Wrong> {
        if self.by.is_empty() {
            return Ok(None);
        }
        let says = || "Write the day on which they could begin as year, month and day, as in 2027-01-15.".to_owned();
        self.by.parse().map(Some).map_err(|_| Wrong { field: "by", says: says() })
    }

    /// The query part of its address: always the same for the same search. Without the page, which is where one stands in it.
    pub(crate) fn to_query(&self) -> String {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        let lists: [(&str, &[String]); 9] = [
            ("role", &self.role),
            ("taken", &self.taken),
            ("seniority", &self.seniority),
            ("must", &self.must),
            ("shown", &self.shown),
            ("nice", &self.nice),
            ("country", &self.country),
            ("remote", &self.remote),
            ("hours", &self.hours),
        ];
        pairs.extend(lists.iter().flat_map(|(name, values)| values.iter().map(|value| (*name, value.as_str()))));
        for (language, fluency) in &self.languages {
            pairs.extend([("language", language.as_str()), ("fluency", fluency.as_str())]);
        }
        let ones = [
            ("level", &self.level),
            ("zone_from", &self.zone_from),
            ("zone_to", &self.zone_to),
            ("pay", &self.pay),
            ("currency", &self.currency),
            ("by", &self.by),
        ];
        // A currency by itself asks for nothing.
        let said = |(name, value): &(&str, &String)| !value.is_empty() && (*name != "currency" || !self.pay.is_empty());
        pairs.extend(ones.iter().filter(|one| said(one)).map(|(name, value)| (*name, value.as_str())));
        let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", encode_value(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Whether anything narrows it. What would be good to have does not.
    pub(crate) fn is_narrowed(&self) -> bool {
        let everybody =
            Self { nice: self.nice.clone(), page: self.page, currency: self.currency.clone(), ..Self::default() };
        *self != everybody
    }

    /// The search with a value of a facet besides, or without it if it is asked for; nothing for what cannot be asked for by a link.
    pub(crate) fn with(&self, value: &Value) -> Option<Self> {
        let mut asked = Self { page: 1, ..self.clone() };
        match value {
            Value::Role(role) => switch(&mut asked.role, role),
            Value::Level { role, level, taken } => {
                let is_asked = self.asks_for(value);
                asked.level = if is_asked { String::new() } else { level.to_string() };
                asked.taken = if is_asked { Vec::new() } else { vec![taken.id().to_owned()] };
                if !is_asked {
                    asked.role = vec![role.to_string()];
                }
            }
            Value::Seniority(level) => switch(&mut asked.seniority, level),
            Value::Competency(one) => switch(&mut asked.must, one),
            Value::Shown(one) => switch(&mut asked.shown, one),
            Value::Country(country) => match asked.country.iter().position(|one| folded(one) == **country) {
                Some(at) => drop(asked.country.remove(at)),
                None => asked.country.push(country.to_string()),
            },
            Value::Remote(way) => switch(&mut asked.remote, way.id()),
            Value::Hours(hours) => switch(&mut asked.hours, hours.id()),
            Value::Language { language, fluency } => {
                let is_asked = self.asks_for(value);
                asked.languages.retain(|(one, _)| folded(one) != **language);
                if !is_asked {
                    let least = fluency.map(|fluency| fluency.id().to_owned()).unwrap_or_default();
                    asked.languages.push((language.to_string(), least));
                }
            }
            Value::Currency(_) => return None,
        }
        Some(asked)
    }

    /// Whether a value of a facet is among what is asked for.
    pub(crate) fn asks_for(&self, value: &Value) -> bool {
        let among = |list: &[String], one: &str| list.iter().any(|other| other == one);
        match value {
            Value::Role(role) => among(&self.role, role),
            Value::Level { role, level, taken } => {
                **level == *self.level && among(&self.taken, taken.id()) && among(&self.role, role)
            }
            Value::Seniority(level) => among(&self.seniority, level),
            Value::Competency(one) => among(&self.must, one),
            Value::Shown(one) => among(&self.shown, one),
            Value::Country(country) => self.country.iter().any(|one| folded(one) == **country),
            Value::Remote(way) => among(&self.remote, way.id()),
            Value::Hours(hours) => among(&self.hours, hours.id()),
            Value::Language { language, fluency } => {
                self.languages.iter().any(|(one, least)| folded(one) == **language && Fluency::parse(least) == *fluency)
            }
            Value::Currency(_) => false,
        }
    }
}

fn refuse<T>(wrong: &mut Vec<Wrong>, one: Wrong) -> Option<T> {
    wrong.push(one);
    None
}

/// A text of one line, without space at its ends.
fn tidy(text: &str, most: usize) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    line.trim().to_owned()
}

/// As the pool compares what people write: lower case, single spaces.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn switch(list: &mut Vec<String>, one: &str) {
    match list.iter().position(|other| other == one) {
        Some(at) => drop(list.remove(at)),
        None => {
            list.push(one.to_owned());
            list.sort_unstable();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    proptest! {
        #[test]
        fn an_address_reads_as_what_it_was_made_of(
            must in "[a-z-]{1,9}", country in "\\PC{0,20}", language in "\\PC{0,20}", pay in "[0-9]{0,6}",
            fluency in prop_oneof![Just(""), Just("fluent"), Just("soso")], zone in "-?[0-9]{0,2}",
        ) {
            let [country, language] = [country, language].map(|text| encode_value(&text));
            let text = format!(
                "must={must}&must=b&country={country}&language={language}&fluency={fluency}&language=German&fluency=first&pay={pay}&currency=eur&zone_from={zone}"
            );
            let asked = Asked::read(&text).unwrap();
            let again = Asked::read(&asked.to_query()).unwrap();
            prop_assert_eq!(again.to_query(), asked.to_query());
            prop_assert_eq!(again.query(now(), "junior"), asked.query(now(), "junior"));
        }

        #[test]
        fn no_address_is_too_strange(query in "\\PC{0,80}") {
            let _ = Asked::read(&query).map(|asked| asked.query(now(), "junior"));
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_field() {
        let wrong = |text: &str| {
            let all = Asked::read(text).unwrap().query(now(), "junior").err().unwrap_or_default();
            all.into_iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong("pay=60000"), ["currency"]);
        assert_eq!(wrong("pay=a+lot&currency=EUR"), ["pay"]);
        assert_eq!(wrong("zone_from=3&zone_to=1"), ["zone_from"]);
        assert_eq!(wrong("zone_to=99&by=soon"), ["zone_to", "by"]);
        assert!(wrong("pay=60,000&currency=EUR&zone_from=%2B1&by=2027-01-15").is_empty());
        assert!(wrong("currency=EUR").is_empty(), "a currency by itself asks for nothing");
    }

    #[test]
    fn a_link_puts_a_value_in_and_takes_it_out_again() {
        let begin = Asked::read("must=orm&country=New+Zealand&page=3").unwrap();
        let values = [
            Value::Role("dev".into()),
            Value::Level { role: "dev".into(), level: "middle".into(), taken: Taken::Unaided },
            Value::Seniority("senior".into()),
            Value::Competency("forms".into()),
            Value::Shown("orm".into()),
            Value::Country("austria".into()),
            Value::Remote(Remote::Hybrid),
            Value::Hours(Hours::PartTime),
            Value::Language { language: "māori".into(), fluency: Some(Fluency::Working) },
        ];
        for value in values {
            assert!(!begin.asks_for(&value), "{value:?}");
            let with = begin.with(&value).unwrap();
            assert!(with.asks_for(&value) && with.is_narrowed() && with.page == 1, "{value:?}");
            assert!(!with.with(&value).unwrap().asks_for(&value), "{value:?}");
        }
        let without = begin.with(&Value::Country("new zealand".into())).unwrap();
        assert!(without.country.is_empty());
        assert_eq!(begin.with(&Value::Currency("EUR".into())), None);
    }

    #[test]
    fn how_a_check_was_taken_can_be_asked_for_by_itself() {
        let query = Asked::read("taken=unaided&taken=by-luck").unwrap().query(now(), "junior").unwrap();
        assert_eq!(query.level, Some(AtLeast { level: "junior".into(), taken: vec![Taken::Unaided] }));
    }
}
