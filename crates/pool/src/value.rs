//! Values that candidates share, as filters, facets and explanations name them.

use jobfuture_codes::Code;
use jobfuture_disclosure::Condition;
use std::borrow::Cow;
use std::sync::Arc;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How somebody would like to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Remote {
    /// At an office.
    Office,
    /// Partly remote.
    Hybrid,
    /// Remote.
    Remote,
}

/// How much somebody would like to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Hours {
    /// Full time.
    FullTime,
    /// Part time.
    PartTime,
    /// On contract.
    Contract,
}

/// How well somebody speaks a language; the later, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Fluency {
    /// Basic.
    Basic,
    /// Good enough to work in.
    Working,
    /// Fluent.
    Fluent,
    /// First language.
    First,
}

/// How a check was taken. Conditions are told apart and never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Taken {
    /// For practice.
    Practice,
    /// Without help, as the candidate declares.
    Unaided,
    /// With the candidate's own tools.
    OwnTools,
    /// With the assistant that the check provides.
    ProvidedAssistant,
    /// In the presence of a company.
    Witnessed,
}

impl From<&Condition> for Taken {
    fn from(condition: &Condition) -> Self {
        match condition {
            Condition::Practice {} => Self::Practice,
            Condition::Unaided {} => Self::Unaided,
            Condition::OwnTools {} => Self::OwnTools,
            Condition::ProvidedAssistant {} => Self::ProvidedAssistant,
            Condition::Witnessed { .. } => Self::Witnessed,
        }
    }
}

/// Something that many candidates may have. Roles, levels and competencies are the content's ids; countries and languages are as
/// candidates write them, in lower case and with single spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// They look for this role: they state it, or granted to its pool.
    Role(Arc<str>),
    /// A signal shows at least this level of a role.
    Level {
        /// Of which role.
        role: Arc<str>,
        /// Which.
        level: Arc<str>,
        /// How the check was taken.
        taken: Taken,
    },
    /// The level as they see it.
    Seniority(Arc<str>),
    /// They state a competency, or a signal shows it.
    Competency(Arc<str>),
    /// A signal shows a competency: readiness, shown.
    Shown(Arc<str>),
    /// Where they live.
    Country(Arc<str>),
    /// How they would like to work.
    Remote(Remote),
    /// How much they would like to work.
    Hours(Hours),
    /// A language that they speak.
    Language {
        /// Which.
        language: Arc<str>,
        /// How well, if they say so.
        fluency: Option<Fluency>,
    },
    /// The currency in which they say what they want to be paid.
    Currency(Arc<str>),
}

/// What is counted: a kind of [`Value`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// [`Value::Role`]
    Role,
    /// [`Value::Level`]
    Level,
    /// [`Value::Seniority`]
    Seniority,
    /// [`Value::Competency`]
    Competency,
    /// [`Value::Shown`]
    Shown,
    /// [`Value::Country`]
    Country,
    /// [`Value::Remote`]
    Remote,
    /// [`Value::Hours`]
    Hours,
    /// [`Value::Language`]
    Language,
    /// [`Value::Currency`]
    Currency,
}

impl Facet {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Role,
        Self::Level,
        Self::Seniority,
        Self::Competency,
        Self::Shown,
        Self::Country,
        Self::Remote,
        Self::Hours,
        Self::Language,
        Self::Currency,
    ];
}

impl Value {
    /// Of what kind it is.
    pub fn facet(&self) -> Facet {
        match self {
            Self::Role(_) => Facet::Role,
            Self::Level { .. } => Facet::Level,
            Self::Seniority(_) => Facet::Seniority,
            Self::Competency(_) => Facet::Competency,
            Self::Shown(_) => Facet::Shown,
            Self::Country(_) => Facet::Country,
            Self::Remote(_) => Facet::Remote,
            Self::Hours(_) => Facet::Hours,
            Self::Language { .. } => Facet::Language,
            Self::Currency(_) => Facet::Currency,
        }
    }

    /// Reads a word of what it shares with its clones.
    pub(crate) fn touch(&self) -> usize {
        match self {
            Self::Remote(_) | Self::Hours(_) => 0,
            Self::Level { role, level, .. } => Arc::strong_count(role) ^ Arc::strong_count(level),
            Self::Language { language: text, .. }
            | Self::Role(text)
            | Self::Seniority(text)
            | Self::Competency(text)
            | Self::Shown(text)
            | Self::Country(text)
            | Self::Currency(text) => Arc::strong_count(text),
        }
    }

    /// Whether candidates write it as they like, so that there is no end of them.
    pub(crate) fn is_typed(&self) -> bool {
        matches!(self, Self::Country(_) | Self::Language { .. })
    }
}

/// A value that is only looked at: to find its number no text has to be copied.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Word<'a> {
    pub facet: Facet,
    text: Cow<'a, str>,
    /// Of a level, its role.
    of: &'a str,
    /// What is chosen from a few: the way, the hours, how a check was taken; how well a language is spoken, from 1.
    chosen: u8,
}

impl<'a> Word<'a> {
    /// A value that is a text as it stands.
    pub fn new(facet: Facet, text: &'a str) -> Self {
        Self { facet, text: Cow::Borrowed(text), of: "", chosen: 0 }
    }

    pub fn level(role: &'a str, level: &'a str, taken: Taken) -> Self {
        Self { of: role, chosen: taken as u8, ..Self::new(Facet::Level, level) }
    }

    pub fn country(country: &'a str) -> Self {
        Self { text: folded(country), ..Self::new(Facet::Country, "") }
    }

    pub fn remote(way: Remote) -> Self {
        Self { chosen: way as u8, ..Self::new(Facet::Remote, "") }
    }

    pub fn hours(hours: Hours) -> Self {
        Self { chosen: hours as u8, ..Self::new(Facet::Hours, "") }
    }

    pub fn language(language: &'a str, fluency: Option<Fluency>) -> Self {
        let chosen = fluency.map_or(0, |fluency| fluency as u8 + 1);
        Self { text: folded(language), chosen, ..Self::new(Facet::Language, "") }
    }

    /// Of a value, whose text is as it is compared.
    pub fn of(value: &'a Value) -> Self {
        match value {
            Value::Level { role, level, taken } => Self::level(role, level, *taken),
            Value::Remote(way) => Self::remote(*way),
            Value::Hours(hours) => Self::hours(*hours),
            Value::Language { language, fluency } => {
                Self { text: Cow::Borrowed(language), ..Self::language("", *fluency) }
            }
            Value::Role(text)
            | Value::Seniority(text)
            | Value::Competency(text)
            | Value::Shown(text)
            | Value::Country(text)
            | Value::Currency(text) => Self::new(value.facet(), text),
        }
    }

    /// The value itself.
    pub fn value(&self) -> Value {
        let (text, chosen) = (Arc::from(&*self.text), usize::from(self.chosen));
        match self.facet {
            Facet::Role => Value::Role(text),
            Facet::Level => Value::Level { role: self.of.into(), level: text, taken: Taken::ALL[chosen] },
            Facet::Seniority => Value::Seniority(text),
            Facet::Competency => Value::Competency(text),
            Facet::Shown => Value::Shown(text),
            Facet::Country => Value::Country(text),
            Facet::Remote => Value::Remote(Remote::ALL[chosen]),
            Facet::Hours => Value::Hours(Hours::ALL[chosen]),
            Facet::Language => {
                Value::Language { language: text, fluency: chosen.checked_sub(1).map(|chosen| Fluency::ALL[chosen]) }
            }
            Facet::Currency => Value::Currency(text),
        }
    }
}

/// Text as it is compared: lower case, single spaces.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase();
    if !text.is_empty() && text.split(' ').all(|word| !word.is_empty() && word.bytes().all(is_plain)) {
        return Cow::Borrowed(text);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_is_the_value_that_it_is_of() {
        let text = |text: &str| -> Arc<str> { text.into() };
        let mut values = vec![
            Value::Role(text("dev")),
            Value::Seniority(text("middle")),
            Value::Competency(text("orm")),
            Value::Shown(text("orm")),
            Value::Country(text("new zealand")),
            Value::Currency(text("EUR")),
            Value::Language { language: text("māori"), fluency: None },
        ];
        values.extend(Remote::ALL.iter().map(|way| Value::Remote(*way)));
        values.extend(Hours::ALL.iter().map(|hours| Value::Hours(*hours)));
        let language = |fluency: &Fluency| Value::Language { language: text("māori"), fluency: Some(*fluency) };
        values.extend(Fluency::ALL.iter().map(language));
        let level = |taken: &Taken| Value::Level { role: text("dev"), level: text("middle"), taken: *taken };
        values.extend(Taken::ALL.iter().map(level));
        for (number, value) in values.iter().enumerate() {
            assert_eq!(Word::of(value).value(), *value);
            let same = |other: &&Value| Word::of(other) == Word::of(value);
            assert_eq!(values.iter().position(|other| same(&other)), Some(number), "{value:?}");
        }
    }

    #[test]
    fn text_is_compared_without_regard_to_case_and_spaces() {
        let written = ["new zealand", "New  Zealand", " new zealand", "new\tzealand ", "NEW\u{a0}ZEALAND"];
        assert_eq!(written.map(folded), ["new zealand"; 5]);
        assert_eq!(["MĀORI", "māori", "", " "].map(folded), ["māori", "māori", "", ""]);
    }
}
