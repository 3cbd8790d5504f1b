//! What is searched.

use std::fmt;
use uuid::Uuid;

/// A vacancy as it is searched. Texts that are empty are not stated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The vacancy. One id has one document: a later one takes the place of an earlier one.
    pub id: Uuid,
    /// Its title. Words of it weigh most in [`Sort::Relevance`](crate::Sort::Relevance).
    pub title: String,
    /// The company's name.
    pub company_name: String,
    /// The company.
    pub company: Uuid,
    /// Everything else that was written about it, as plain text.
    pub text: String,
    /// The role, by its key, such as `django-developer`.
    pub role: String,
    /// The level, by its key, such as `senior`.
    pub level: String,
    /// Competencies asked for, by their keys. One that is repeated counts once.
    pub competencies: Vec<String>,
    /// Where the work is done.
    pub remote: Remote,
    /// Time zones in which one may work, as the caller names them.
    pub zones: Vec<String>,
    /// Countries in which one may work, as the caller names them (ISO 3166-1, say): one for a place, several for remote work.
    pub countries: Vec<String>,
    /// The city of the place.
    pub city: Option<String>,
    /// The type of employment, by its key.
    pub employment: String,
    /// The least pay a year, in minor units of the currency (cents).
    pub pay_min: i64,
    /// The most pay a year, in minor units of the currency.
    pub pay_max: i64,
    /// The currency of the pay, by its code (ISO 4217).
    pub currency: String,
    /// When it was first published, in seconds since 1970. A vacancy that is posted again keeps its first date, if freshness is
    /// to mean anything.
    pub published_at: i64,
    /// When it was last confirmed to be alive, in seconds since 1970.
    pub confirmed_at: i64,
}

/// Where the work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Remote {
    /// At a place.
    #[default]
    Onsite,
    /// Partly at a place.
    Hybrid,
    /// Anywhere within the time zones.
    Remote,
}

impl Remote {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Onsite, Self::Hybrid, Self::Remote];

    /// Its key, as counts of facets name it: `onsite`, `hybrid` or `remote`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Onsite => "onsite",
            Self::Hybrid => "hybrid",
            Self::Remote => "remote",
        }
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// One change of the index. Making it twice is making it once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly all changes are documents; a box for each would only cost")]
pub enum Change {
    /// The vacancy is there, and is this.
    Upsert(Document),
    /// The vacancy is not there.
    Remove(Uuid),
}

impl Change {
    /// The vacancy that it is about.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Upsert(document) => document.id,
            Self::Remove(id) => *id,
        }
    }
}
