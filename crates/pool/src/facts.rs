//! What a grant opens of a candidate, as far as it can be searched.

use crate::value::{Facet, Fluency, Hours, Remote, Taken, Word};
use iso_currency::Currency;
use jiff::civil::Date;
use jobfuture_codes::Code;
use jobfuture_disclosure::{Entry, Field, FieldValue, Seen, Signal};

/// What a grant opens of a candidate. What is not opened and what is not filled in are both simply not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Roles that they look for.
    pub roles: Vec<String>,
    /// The level as they see it.
    pub seniority: Option<String>,
    /// Competencies that they claim.
    pub competencies: Vec<String>,
    /// What signals show.
    pub signals: Vec<Shown>,
    /// Where they live: the country.
    pub country: Option<String>,
    /// Time zones whose working day they could share.
    pub zones: Option<Zones>,
    /// How they would like to work.
    pub remote: Vec<Remote>,
    /// The least that they would work for.
    pub pay: Option<Pay>,
    /// How much they would like to work, and from when.
    pub availability: Vec<Available>,
    /// Languages that they speak.
    pub languages: Vec<Language>,
}

/// What one signal shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Of which role.
    pub role: String,
    /// At least this level.
    pub level: String,
    /// How the check was taken.
    pub taken: Taken,
    /// On which day.
    pub on: Option<Date>,
    /// Which competencies.
    pub competencies: Vec<String>,
}

/// Offsets from UTC in hours, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zones {
    /// The least.
    pub from: i8,
    /// The greatest.
    pub to: i8,
}

/// An amount for a year of full-time work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pay {
    /// In the smallest unit of the currency.
    pub yearly: i64,
    /// ISO 4217.
    pub currency: String,
}

/// How much somebody would like to work, and from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Available {
    /// How much.
    pub hours: Hours,
    /// From when, if they say so.
    pub from: Option<Date>,
}

/// A language that somebody speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// Which.
    pub language: String,
    /// How well, if they say so.
    pub fluency: Option<Fluency>,
}

impl Facts {
    /// Of what the door shows.
    pub fn of_seen(seen: &Seen) -> Self {
        Self::of(seen.fields(), seen.signals().iter().map(|signal| signal.says()))
    }

    /// Of fields and signals that a grant opens. Fields that cannot be searched are passed over, and so is an entry that is not as
    /// profiles check it.
    pub fn of<'a>(
        fields: impl IntoIterator<Item = (Field, &'a FieldValue)>,
        signals: impl IntoIterator<Item = &'a Signal>,
    ) -> Self {
        let mut facts = Self { signals: signals.into_iter().map(Shown::of).collect(), ..Self::default() };
        for (field, value) in fields {
            facts.take(field, value.entries());
        }
        facts
    }

    fn take(&mut self, field: Field, entries: &[Entry]) {
        let texts = |key: &str| entries.iter().filter_map(|entry| entry.get(key).cloned()).collect::<Vec<_>>();
        match field {
            Field::Roles => self.roles = texts("role"),
            Field::Seniority => self.seniority = texts("level").pop(),
            Field::Competencies => self.competencies = texts("competency"),
            Field::Place => self.country = texts("country").pop(),
            Field::Languages => self.languages = entries.iter().filter_map(Language::of).collect(),
            Field::Remote => self.remote = texts("way").iter().filter_map(|way| Remote::parse(way)).collect(),
            Field::Zone => self.zones = entries.iter().find_map(Zones::of),
            Field::Pay => self.pay = entries.iter().find_map(Pay::of),
            Field::Availability => self.availability = entries.iter().filter_map(Available::of).collect(),
            // Text, which is read and not searched; and what tells who somebody is. Where people may work is for the conversation.
            Field::Handle
            | Field::Headline
            | Field::Summary
            | Field::Experience
            | Field::Education
            | Field::Projects
            | Field::RightToWork
            | Field::Name
            | Field::Contact
            | Field::Organisations => {}
        }
    }

    /// The values among them.
    pub(crate) fn words(&self) -> Vec<Word<'_>> {
        let mut words: Vec<Word<'_>> = Vec::with_capacity(32);
        words.extend(self.roles.iter().map(|role| Word::new(Facet::Role, role)));
        words.extend(self.seniority.iter().map(|level| Word::new(Facet::Seniority, level)));
        words.extend(self.competencies.iter().map(|one| Word::new(Facet::Competency, one)));
        for Shown { role, level, taken, competencies, .. } in &self.signals {
            words.push(Word::level(role, level, *taken));
            for one in competencies {
                words.extend([Word::new(Facet::Competency, one), Word::new(Facet::Shown, one)]);
            }
        }
        words.extend(self.country.iter().map(|country| Word::country(country)));
        words.extend(self.remote.iter().map(|way| Word::remote(*way)));
        words.extend(self.availability.iter().map(|one| Word::hours(one.hours)));
        words.extend(self.languages.iter().map(|one| Word::language(&one.language, one.fluency)));
        words.extend(self.pay.iter().map(|pay| Word::new(Facet::Currency, &pay.currency)));
        words
    }
}

impl Shown {
    fn of(signal: &Signal) -> Self {
        Self {
            role: signal.role.id.as_str().to_owned(),
            level: signal.at_least.id.as_str().to_owned(),
            taken: Taken::from(&signal.condition),
            on: signal.taken_on.as_str().parse().ok(),
            competencies: signal.competencies.iter().map(|one| one.id.as_str().to_owned()).collect(),
        }
    }
}

impl Zones {
    fn of(entry: &Entry) -> Option<Self> {
        let hours = |key: &str| entry.get(key)?.parse::<i8>().ok();
        Some(Self { from: hours("from")?, to: hours("to")? })
    }
}

impl Pay {
    /// For comparing, a year has as many months, days and hours here as in a vacancy: 12, 260 and 2,080. What is in no known currency
    /// can be compared with nothing.
    fn of(entry: &Entry) -> Option<Self> {
        let least: i64 = entry.get("least")?.parse().ok()?;
        let times = match entry.get("per")?.as_str() {
            "year" => 1,
            "month" => 12,
            "day" => 260,
            "hour" => 2_080,
            _ => return None,
        };
        let currency = Currency::from_code(entry.get("currency")?)?;
        let units = 10_i64.checked_pow(u32::from(currency.exponent().unwrap_or(0)))?;
        let yearly = least.checked_mul(times)?.checked_mul(units)?;
        Some(Self { yearly, currency: currency.code().to_owned() })
    }
}

impl Available {
    fn of(entry: &Entry) -> Option<Self> {
        let from = entry.get("from").and_then(|day| day.parse().ok());
        Some(Self { hours: Hours::parse(entry.get("hours")?)?, from })
    }
}

impl Language {
    fn of(entry: &Entry) -> Option<Self> {
        let fluency = entry.get("fluency").and_then(|fluency| Fluency::parse(fluency));
        Some(Self { language: entry.get("language")?.clone(), fluency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;
    use jobfuture_disclosure::Vocabulary;

    fn value(field: Field, entries: &[&[(&str, &str)]]) -> (Field, FieldValue) {
        let typed = |pairs: &&[(&str, &str)]| pairs.iter().map(|(key, text)| ((*key).into(), (*text).into())).collect();
        let typed: Vec<Entry> = entries.iter().map(typed).collect();
        let known = |id: &str| vec![(id.to_owned(), id.to_owned())];
        let words = Vocabulary { roles: known("dev"), competencies: known("orm"), levels: known("middle") };
        (field, FieldValue::check(field, &typed, &words).unwrap().unwrap())
    }

    #[test]
    fn each_field_that_can_be_searched_is_read_as_profiles_store_it() {
        let fields = [
            value(Field::Roles, &[&[("role", "dev")]]),
            value(Field::Seniority, &[&[("level", "middle")]]),
            value(Field::Competencies, &[&[("competency", "orm")]]),
            value(Field::Place, &[&[("country", "New  Zealand"), ("town", "Nelson")]]),
            value(Field::Zone, &[&[("from", "-3"), ("to", "12")]]),
            value(Field::Remote, &[&[("way", "hybrid")], &[("way", "remote")]]),
            value(Field::Pay, &[&[("least", "40"), ("currency", "eur"), ("per", "hour")]]),
            value(Field::Availability, &[&[("hours", "contract")], &[("hours", "full-time"), ("from", "2027-01-15")]]),
            value(Field::Languages, &[&[("language", "Māori"), ("fluency", "first")], &[("language", "English")]]),
            value(Field::Name, &[&[("name", "Ada")]]),
        ];
        let facts = Facts::of(fields.iter().map(|(field, value)| (*field, value)), []);
        assert_eq!(facts.zones, Some(Zones { from: -3, to: 12 }));
        assert_eq!(facts.pay, Some(Pay { yearly: 40 * 2_080 * 100, currency: "EUR".into() }));
        assert_eq!(facts.availability[1].from, Some(jiff::civil::date(2027, 1, 15)));
        let text = |text: &str| -> std::sync::Arc<str> { text.into() };
        let values = [
            Value::Role(text("dev")),
            Value::Seniority(text("middle")),
            Value::Competency(text("orm")),
            Value::Country(text("new zealand")),
            Value::Remote(Remote::Hybrid),
            Value::Remote(Remote::Remote),
            Value::Hours(Hours::Contract),
            Value::Hours(Hours::FullTime),
            Value::Language { language: text("māori"), fluency: Some(Fluency::First) },
            Value::Language { language: text("english"), fluency: None },
            Value::Currency(text("EUR")),
        ];
        let found: Vec<Value> = facts.words().iter().map(Word::value).collect();
        assert_eq!(found, values);
    }

    #[test]
    fn a_currency_that_there_is_not_is_no_pay_and_one_without_small_units_has_none() {
        let pay = |code| {
            let (field, value) = value(Field::Pay, &[&[("least", "5000000"), ("currency", code), ("per", "year")]]);
            Facts::of([(field, &value)], []).pay.map(|pay| pay.yearly)
        };
        assert_eq!((pay("XQZ"), pay("JPY"), pay("GBP")), (None, Some(5_000_000), Some(500_000_000)));
    }
}
