//! Values that candidates share, as filters, facets and explanations name them.

use jobfuture_disclosure::Condition;
use std::sync::Arc;

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As profiles store it.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// What a profile stores, if it is one.
            pub fn parse(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.key() == key)
            }
        }
    };
}

words! {
    /// How somebody would like to work.
    Remote {
        /// At an office.
        Office = "office",
        /// Partly remote.
        Hybrid = "hybrid",
        /// Remote.
        Remote = "remote",
    }
}

words! {
    /// How much somebody would like to work.
    Hours {
        /// Full time.
        FullTime = "full-time",
        /// Part time.
        PartTime = "part-time",
        /// On contract.
        Contract = "contract",
    }
}

words! {
    /// How well somebody speaks a language; the later, the better.
    Fluency {
        /// Basic.
        Basic = "basic",
        /// Good enough to work in.
        Working = "working",
        /// Fluent.
        Fluent = "fluent",
        /// First language.
        First = "first",
    }
}

words! {
    /// How a check was taken. Conditions are told apart and never compared.
    Taken {
        /// For practice.
        Practice = "practice",
        /// Without help, as the candidate declares.
        Unaided = "unaided",
        /// With the candidate's own tools.
        OwnTools = "own-tools",
        /// With the assistant that the check provides.
        ProvidedAssistant = "provided-assistant",
        /// In the presence of a company.
        Witnessed = "witnessed",
    }
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

    /// Whether candidates write it as they like, so that there is no end of them.
    pub(crate) fn is_typed(&self) -> bool {
        matches!(self, Self::Country(_) | Self::Language { .. })
    }
}

/// Text as it is compared: lower case, single spaces.
pub(crate) fn folded(text: &str) -> Arc<str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().into()
}
