//! What is asked, and the answer.

use crate::Remote;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// What is asked. Lists that are empty ask for nothing; of a list, any value will do, but for competencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What a person typed. Any text is safe. Its first 1,000 characters count, and of them the first 32 different words.
    pub words: String,
    /// Roles, by their keys.
    pub roles: Vec<String>,
    /// Levels, by their keys.
    pub levels: Vec<String>,
    /// Competencies, by their keys: all of them must be asked for.
    pub competencies: Vec<String>,
    /// Where the work is done.
    pub remote: Vec<Remote>,
    /// Time zones.
    pub zones: Vec<String>,
    /// Countries.
    pub countries: Vec<String>,
    /// Types of employment, by their keys.
    pub employment: Vec<String>,
    /// Companies.
    pub companies: Vec<Uuid>,
    /// Vacancies that may pay this much. Those in other currencies are left out: no rate is invented.
    pub pay_at_least: Option<PayFloor>,
    /// What comes first.
    pub sort: Sort,
    /// How many are skipped.
    pub offset: usize,
    /// How many are wanted at most. The total and the facets are of all.
    pub limit: usize,
    /// How many values of each facet are wanted at most; values that were asked for are among them in any case.
    pub facet_limit: usize,
}

impl Default for Query {
    /// Everything, the newest first: twenty of them, and twenty values of each facet.
    fn default() -> Self {
        Self {
            words: String::new(),
            roles: Vec::new(),
            levels: Vec::new(),
            competencies: Vec::new(),
            remote: Vec::new(),
            zones: Vec::new(),
            countries: Vec::new(),
            employment: Vec::new(),
            companies: Vec::new(),
            pay_at_least: None,
            sort: Sort::default(),
            offset: 0,
            limit: 20,
            facet_limit: 20,
        }
    }
}

/// The least that a vacancy must be able to pay: the upper end of its range counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayFloor {
    /// A year, in minor units of the currency.
    pub yearly: i64,
    /// The currency, by its code.
    pub currency: String,
}

/// What comes first. What is equal is ordered by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The last to be published; of these, the last to be confirmed.
    #[default]
    Freshness,
    /// The best paid, by the lower end of the range, because that is what is certain; of these, by the upper end. Across
    /// currencies nothing is compared: vacancies are grouped by currency, the currency of most of those found first (of as
    /// many, by its code), and those without a currency last.
    Pay,
    /// Where the words stand: a word in the title counts two points, one in the company's name, role, level, competencies or
    /// place counts one, one in both three; more points first, and with as many, by freshness. Neither the length of a text
    /// nor how rare a word is plays a part, so that the order can be explained in a sentence and is the same in every
    /// process, whatever its history.
    Relevance,
}

impl Sort {
    /// Points of a word in the title, and of one in what else names the vacancy.
    pub(crate) const POINTS: (u16, u16) = (2, 1);
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Roles, by their keys.
    Role,
    /// Levels, by their keys.
    Level,
    /// Competencies, by their keys.
    Competency,
    /// Where the work is done, by [`Remote::key`].
    Remote,
    /// Time zones.
    Zone,
    /// Countries.
    Country,
    /// Types of employment, by their keys.
    Employment,
    /// Companies, by their hyphenated id.
    Company,
    /// Currencies of pay. Its own filter is [`Query::pay_at_least`].
    Currency,
}

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 9] = [
        Self::Role,
        Self::Level,
        Self::Competency,
        Self::Remote,
        Self::Zone,
        Self::Country,
        Self::Employment,
        Self::Company,
        Self::Currency,
    ];
}

/// A value of a facet, and how many vacancies have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The value.
    pub value: Arc<str>,
    /// How many.
    pub count: u32,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The vacancies of this page, in order.
    pub ids: Vec<Uuid>,
    /// How many were found.
    pub total: usize,
    /// For each facet its values, those of most vacancies first (of as many, by value). A facet is counted as if nothing of it
    /// had been asked for, so that the other choices show what they would bring. Competencies are counted among what was
    /// found, because each further one narrows it.
    pub facets: BTreeMap<Facet, Vec<Count>>,
    /// What was asked for instead, where typing errors were repaired.
    pub corrected: Option<String>,
    /// Words that no vacancy has, nor anything like them. If there are any, nothing was found.
    pub unknown: Vec<String>,
    /// How long it took.
    pub took: Duration,
}
