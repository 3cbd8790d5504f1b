//! The closed lists that a vacancy chooses from. What is stored and what stands in addresses is the id; pages say the label.

use jobfuture_codes::Code;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Id and label of each, for a form.
pub(crate) fn choices<C: Code>(label: fn(C) -> &'static str) -> Vec<(String, String)> {
    C::ALL.iter().map(|one| (one.id().to_owned(), label(*one).to_owned())).collect()
}

/// Where a vacancy stands.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Read by its company's people alone.
    Draft,
    /// Public, as long as its company is verified.
    Open,
    /// Over; its page says so.
    Closed,
}

impl State {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Open => "Open",
            Self::Closed => "Closed",
        }
    }
}

/// Where the work is done.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Remote {
    /// At the place that is named.
    Onsite,
    /// Some of it at the place that is named.
    Hybrid,
    /// Anywhere within the countries and zones that are named.
    Remote,
}

impl Remote {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Onsite => "On site",
            Self::Hybrid => "Hybrid",
            Self::Remote => "Remote",
        }
    }
}

/// What kind of contract.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Employment {
    /// Without an end, all of the usual hours.
    FullTime,
    /// Without an end, fewer hours.
    PartTime,
    /// With an end that is known.
    Temporary,
    /// By somebody who works on their own account.
    Contractor,
    /// To learn.
    Internship,
}

impl Employment {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::FullTime => "Full time",
            Self::PartTime => "Part time",
            Self::Temporary => "Temporary",
            Self::Contractor => "Contractor",
            Self::Internship => "Internship",
        }
    }
}

impl Employment {
    /// As schema.org's `employmentType` is written for Google's reader of job postings.
    pub fn schema(self) -> &'static str {
        match self {
            Self::FullTime => "FULL_TIME",
            Self::PartTime => "PART_TIME",
            Self::Temporary => "TEMPORARY",
            Self::Contractor => "CONTRACTOR",
            Self::Internship => "INTERN",
        }
    }
}

/// What pay is said for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A week.
    Week,
    /// A day of work.
    Day,
    /// An hour of work.
    Hour,
}

impl Period {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Year => "a year",
            Self::Month => "a month",
            Self::Week => "a week",
            Self::Day => "a day",
            Self::Hour => "an hour",
        }
    }
}

impl Period {
    /// How many there are in a year of full-time work: 12 months, 52 weeks, 260 days, 2,080 hours. For comparing, and
    /// for nothing else.
    pub fn in_a_year(self) -> i64 {
        match self {
            Self::Year => 1,
            Self::Month => 12,
            Self::Week => 52,
            Self::Day => 260,
            Self::Hour => 2_080,
        }
    }

    /// As schema.org's `unitText`.
    pub fn schema(self) -> &'static str {
        match self {
            Self::Year => "YEAR",
            Self::Month => "MONTH",
            Self::Week => "WEEK",
            Self::Day => "DAY",
            Self::Hour => "HOUR",
        }
    }
}

/// Whether somebody is to begin now.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// A place is free, and is to be filled.
    Now,
    /// Nobody is taken on yet: the company collects people for later.
    Later,
}

impl Opening {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Now => "A place that is free now",
            Self::Later => "For later: no place is free yet",
        }
    }
}

/// What part machines have in choosing.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Screening {
    /// People read every application.
    None,
    /// Software sorts, people decide.
    Sorts,
    /// Software turns some down by itself.
    Decides,
}

impl Screening {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "No: people read every application",
            Self::Sorts => "Software sorts, people decide on each",
            Self::Decides => "Software turns some down by itself",
        }
    }
}

/// Why a vacancy was closed.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum ClosedFor {
    /// By somebody who came through this site.
    FilledHere,
    /// By somebody else.
    Filled,
    /// The company changed its plans.
    Withdrawn,
    /// Its closing date came.
    Date,
    /// Nobody confirmed that it is alive.
    Silence,
    /// The company is not verified any more.
    Unverified,
    /// Its board no longer has it.
    Gone,
    /// The operator of this site found that it breaks the rules.
    Rules,
}

impl ClosedFor {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::FilledHere => "Filled by somebody who came from here",
            Self::Filled => "Filled",
            Self::Withdrawn => "Withdrawn: plans changed",
            Self::Date => "Its closing date came",
            Self::Silence => "The company did not confirm it any more",
            Self::Unverified => "The company is not verified any more",
            Self::Gone => "The company's own board no longer has it",
            Self::Rules => "It broke the rules of this site",
        }
    }
}

impl ClosedFor {
    /// Those that a company chooses from; the others are found by the site.
    pub const BY_COMPANY: [Self; 3] = [Self::FilledHere, Self::Filled, Self::Withdrawn];
}

/// What somebody reports a vacancy for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum ReportedFor {
    /// There is no such place, or no such company.
    Fake,
    /// Money, bank details or documents are asked for.
    Money,
    /// Pay or terms are other than stated.
    Terms,
    /// It shuts people out for what they are.
    Discriminates,
    /// Anything else.
    Other,
}

impl ReportedFor {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fake => "The place or the company does not exist",
            Self::Money => "It asks for money, bank details or documents",
            Self::Terms => "Pay or terms are other than stated",
            Self::Discriminates => "It shuts people out for who they are",
            Self::Other => "Something else",
        }
    }
}
