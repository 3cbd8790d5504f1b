//! A search, its filters and its explanations in words.

use super::asked::Asked;
use crate::vacancy::{currency, yearly_words};
use jobfuture_codes::Code;
use jobfuture_disclosure::{Field, Kind, Vocabulary};
use jobfuture_pool::{Facet, Fluency, Ground, Hours, Matched, Remote, Taken, Value, Why};

/// One thing that is asked for.
pub(super) struct Part {
    /// In words.
    pub label: String,
    /// The search without it.
    pub without: Asked,
}

/// What a choice of a profile's field is called.
fn choice(field: Field, key: &str, id: &str) -> String {
    let column = field.columns().iter().find(|column| column.key == key);
    match column.map(|column| column.kind) {
        Some(kind) => Vocabulary::default().shown(kind, id).to_owned(),
        None => id.to_owned(),
    }
}

pub(super) fn remote(way: Remote) -> String {
    choice(Field::Remote, "way", way.id())
}

pub(super) fn hours(hours: Hours) -> String {
    choice(Field::Availability, "hours", hours.id())
}

pub(super) fn fluency(fluency: Fluency) -> String {
    choice(Field::Languages, "fluency", fluency.id())
}

/// How a check was taken.
pub(super) fn taken(taken: Taken) -> &'static str {
    match taken {
        Taken::Practice => "as practice",
        Taken::Unaided => "unaided, as they declare",
        Taken::OwnTools => "with their own tools",
        Taken::ProvidedAssistant => "with the check's assistant",
        Taken::Witnessed => "witnessed",
    }
}

/// What people wrote, which the pool compares in lower case, as a name again.
fn named(text: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    text.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

fn level<'w>(words: &'w Vocabulary, id: &'w str) -> &'w str {
    words.shown(Kind::Level, id)
}

fn day(day: jiff::civil::Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn offset(hours: i8) -> String {
    if hours < 0 { format!("UTC\u{2212}{}", hours.unsigned_abs()) } else { format!("UTC+{hours}") }
}

fn zones(from: i8, to: i8) -> String {
    if from == to { offset(from) } else { format!("{} to {}", offset(from), offset(to)) }
}

/// A value as a facet and an explanation name it.
pub(super) fn value(words: &Vocabulary, value: &Value) -> String {
    match value {
        Value::Role(role) => words.shown(Kind::Role, role).to_owned(),
        Value::Level { role, level: at, taken: how } => {
            format!("{}, {} or above, {}", words.shown(Kind::Role, role), level(words, at), taken(*how))
        }
        Value::Seniority(at) => level(words, at).to_owned(),
        Value::Competency(one) | Value::Shown(one) => words.shown(Kind::Competency, one).to_owned(),
        Value::Country(country) => named(country),
        Value::Remote(way) => remote(*way),
        Value::Hours(how) => hours(*how),
        Value::Language { language, fluency: None } => named(language),
        Value::Language { language, fluency: Some(how) } => {
            format!("{}: {}", named(language), fluency(*how).to_lowercase())
        }
        Value::Currency(code) => code.to_string(),
    }
}

/// What a facet is called.
pub(super) fn facet(facet: Facet) -> &'static str {
    match facet {
        Facet::Role => "Look for",
        Facet::Level => "Shown by a signal",
        Facet::Seniority => "Level as they see it",
        Facet::Competency => "Competencies",
        Facet::Shown => "Competencies that a signal shows",
        Facet::Country => "Country",
        Facet::Remote => "Office or remote",
        Facet::Hours => "How much",
        Facet::Language => "Language",
        Facet::Currency => "Pay named in",
    }
}

/// Why somebody matches, in half a sentence.
pub(super) fn why(words: &Vocabulary, why: &Why) -> String {
    match &why.what {
        Matched::Value(Value::Role(role)) => format!("looks for {}", words.shown(Kind::Role, role)),
        Matched::Value(level @ Value::Level { .. }) => format!("a signal shows {}", value(words, level)),
        Matched::Value(Value::Seniority(at)) => format!("{}, as they see it", level(words, at)),
        Matched::Value(one @ (Value::Competency(_) | Value::Shown(_))) => match why.ground {
            Ground::Signal => format!("{}, shown by a signal", value(words, one)),
            Ground::Stated => format!("{}, as they state", value(words, one)),
        },
        Matched::Value(Value::Country(country)) => format!("lives in {}", named(country)),
        Matched::Value(other) => value(words, other),
        Matched::Pay(pay) => format!("would work for {} or more", yearly_words(&pay.currency, pay.yearly, pay.yearly)),
        Matched::Zones(own) => format!("could share {}", zones(own.from, own.to)),
        Matched::From(how, from) => format!("{} from {}", hours(*how).to_lowercase(), day(*from)),
    }
}

/// Everything that keeps somebody out, each with the search without it.
pub(super) fn parts(asked: &Asked, words: &Vocabulary) -> Vec<Part> {
    let asked = &Asked { page: 1, ..asked.clone() };
    let mut parts = Vec::new();
    let mut part = |label: String, change: &dyn Fn(&mut Asked)| {
        let mut without = asked.clone();
        change(&mut without);
        parts.push(Part { label, without });
    };
    let any = |labels: Vec<String>| labels.join(" or ");
    let shown = |kind: Kind, ids: &[String]| ids.iter().map(|id| words.shown(kind, id).to_owned()).collect::<Vec<_>>();
    if !asked.role.is_empty() {
        part(format!("Looks for {}", any(shown(Kind::Role, &asked.role))), &|asked| asked.role.clear());
    }
    if !asked.level.is_empty() || !asked.taken.is_empty() {
        let at = if asked.level.is_empty() {
            "A signal".to_owned()
        } else {
            format!("A signal of {} or above", level(words, &asked.level))
        };
        let how =
            asked.taken.iter().filter_map(|id| Taken::parse(id)).map(|how| taken(how).to_owned()).collect::<Vec<_>>();
        let label = if how.is_empty() { at } else { format!("{at}, {}", any(how)) };
        part(label, &|asked| {
            asked.level.clear();
            asked.taken.clear();
        });
    }
    if !asked.seniority.is_empty() {
        let label = format!("{}, as they see it", any(shown(Kind::Level, &asked.seniority)));
        part(label, &|asked| asked.seniority.clear());
    }
    for one in &asked.must {
        part(words.shown(Kind::Competency, one).to_owned(), &|asked| asked.must.retain(|other| other != one));
    }
    for one in &asked.shown {
        let label = format!("{}, shown by a signal", words.shown(Kind::Competency, one));
        part(label, &|asked| asked.shown.retain(|other| other != one));
    }
    if !asked.country.is_empty() {
        part(format!("Lives in {}", any(asked.country.clone())), &|asked| asked.country.clear());
    }
    if !asked.zone_from.is_empty() || !asked.zone_to.is_empty() {
        part(zones_asked(asked), &|asked| {
            asked.zone_from.clear();
            asked.zone_to.clear();
        });
    }
    if !asked.remote.is_empty() {
        let ways = asked.remote.iter().filter_map(|id| Remote::parse(id)).map(remote);
        part(any(ways.collect()), &|asked| asked.remote.clear());
    }
    if !asked.pay.is_empty() {
        let code = currency(&asked.currency).map_or(asked.currency.as_str(), |currency| currency.code());
        part(format!("At most {} {code} a year", asked.pay), &|asked| {
            asked.pay.clear();
            asked.currency.clear();
        });
    }
    if !asked.hours.is_empty() {
        let how = asked.hours.iter().filter_map(|id| Hours::parse(id)).map(hours);
        part(any(how.collect()), &|asked| asked.hours.clear());
    }
    if !asked.by.is_empty() {
        let by = asked.by.parse().map_or_else(|_| asked.by.clone(), day);
        part(format!("Could begin by {by}"), &|asked| asked.by.clear());
    }
    for (at, (language, least)) in asked.languages.iter().enumerate() {
        let label = match Fluency::parse(least) {
            Some(least) => format!("{language}: {} or better", fluency(least).to_lowercase()),
            None => language.clone(),
        };
        part(label, &|asked| drop(asked.languages.remove(at)));
    }
    parts
}

fn zones_asked(asked: &Asked) -> String {
    let said: Vec<&str> =
        [&asked.zone_from, &asked.zone_to].into_iter().map(String::as_str).filter(|zone| !zone.is_empty()).collect();
    format!("Time zone {} from UTC", said.join(" to "))
}

/// The whole search in one line.
pub(super) fn of_search(asked: &Asked, words: &Vocabulary) -> String {
    let mut said: Vec<String> = parts(asked, words).into_iter().map(|part| part.label).collect();
    if !asked.nice.is_empty() {
        let nice: Vec<&str> = asked.nice.iter().map(|id| words.shown(Kind::Competency, id)).collect();
        said.push(format!("good to have: {}", nice.join(", ")));
    }
    if said.is_empty() { "Everybody".to_owned() } else { said.join("; ") }
}
