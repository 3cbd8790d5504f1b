//! What publishing needs and a board did not say.

use crate::posting::{Posting, Remote};
use serde::Serialize;
use std::fmt;

/// Something that the company is asked for before a vacancy is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Lack {
    /// What the work is.
    Description,
    /// Where, and whether remotely.
    PlaceOrRemote,
    /// From which time zones, where it is remote or partly so. No board has a field for it.
    TimeZones,
    /// Full time and so on.
    Employment,
    /// Both ends of the range.
    PayRange,
    /// A year, a month, an hour.
    PayPeriod,
    /// Several ranges are stated; which of them it is.
    PayChoice,
    /// At most 60 days away.
    ClosingDate,
    /// One of the site's roles.
    Role,
    /// One of that role's levels.
    Level,
    /// What must be known and what is nice to know.
    Competencies,
    /// Whether there is a vacancy now, or a pool is being filled.
    ExistsNow,
    /// How many people are wanted.
    Headcount,
    /// Whether a machine sorts out applications.
    AutomatedScreening,
    /// What happens after somebody applies.
    Process,
}

/// What no board has a field for, so that a company is always asked.
const ALWAYS: [Lack; 7] = [
    Lack::Role,
    Lack::Level,
    Lack::Competencies,
    Lack::ExistsNow,
    Lack::Headcount,
    Lack::AutomatedScreening,
    Lack::Process,
];

impl Posting {
    /// What has to be asked of the company before this can be published, in the order of [`Lack`].
    pub fn lacks(&self) -> Vec<Lack> {
        let mut lacks = Vec::new();
        let mut ask = |missing: bool, lack: Lack| {
            if missing {
                lacks.push(lack);
            }
        };
        let away = matches!(self.remote, Some(Remote::Remote | Remote::Hybrid));
        ask(self.description.is_none(), Lack::Description);
        ask(self.places.is_empty() && self.remote != Some(Remote::Remote), Lack::PlaceOrRemote);
        ask(away, Lack::TimeZones);
        ask(self.employment.is_empty(), Lack::Employment);
        let whole = |pay: &crate::posting::Pay| pay.min.is_some() && pay.max.is_some();
        ask(self.pay.is_empty() || !self.pay.iter().all(whole), Lack::PayRange);
        ask(self.pay.iter().any(|pay| pay.per.is_none()), Lack::PayPeriod);
        ask(self.pay.len() > 1, Lack::PayChoice);
        ask(self.closes_at.is_none(), Lack::ClosingDate);
        lacks.extend(ALWAYS);
        lacks
    }
}

/// As a question's subject: “the pay range, from and to”.
impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Description => "what the work is",
            Self::PlaceOrRemote => "where the work is, or that it is remote",
            Self::TimeZones => "the time zones from which one can work",
            Self::Employment => "the type of employment",
            Self::PayRange => "the pay range, from and to",
            Self::PayPeriod => "whether the pay is for a year, a month, a week, a day or an hour",
            Self::PayChoice => "which of the pay ranges it is",
            Self::ClosingDate => "the closing date",
            Self::Role => "the role",
            Self::Level => "the level",
            Self::Competencies => "the competencies, which of them are needed and which are nice to have",
            Self::ExistsNow => "whether the vacancy exists now or fills a future pool",
            Self::Headcount => "how many people are wanted",
            Self::AutomatedScreening => "whether applications are screened automatically",
            Self::Process => "how the process runs",
        })
    }
}
