//! What open vacancies say of a role, counted from live rows. What too few say is not said.

use super::shelf::Listed;
use super::terms::Remote;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// The fewest vacancies of which pay is said.
pub const FLOOR: usize = 5;
/// What counts as new.
const NEW: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Competencies and companies that are named.
const NAMED: usize = 12;

/// One role's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// Open vacancies.
    pub open: usize,
    /// Of these, of places that were first published within 30 days.
    pub new: usize,
    /// Of these, wholly remote.
    pub remote: usize,
    /// Of these, partly remote.
    pub hybrid: usize,
    /// Companies that they are of.
    pub companies: usize,
    /// The companies of most of them: name, domain, how many.
    pub hiring: Vec<(String, String, usize)>,
    /// What is asked for as a must, most often first: competency, how many.
    pub musts: Vec<(String, usize)>,
    /// Pay by level and currency.
    pub pay: Vec<PayBand>,
    /// Vacancies whose level and currency too few have for pay to be said.
    pub pay_unsaid: usize,
}

/// What is paid at one level in one currency, a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayBand {
    /// The level.
    pub level: String,
    /// ISO 4217.
    pub currency: String,
    /// Median of the lower ends, in the smallest unit.
    pub low: i64,
    /// Median of the upper ends.
    pub high: i64,
    /// Of how many vacancies.
    pub count: usize,
}

/// All roles'.
#[derive(Debug, Default)]
pub struct Markets(HashMap<String, Arc<Market>>);

#[derive(Default)]
struct Counting<'a> {
    open: usize,
    new: usize,
    remote: usize,
    hybrid: usize,
    companies: HashMap<Uuid, (&'a str, &'a str, usize)>,
    musts: HashMap<&'a str, usize>,
    pay: BTreeMap<(&'a str, &'static str), Vec<(i64, i64)>>,
}

impl Markets {
    pub(super) fn count<'a>(listed: impl Iterator<Item = &'a Arc<Listed>>, now: Timestamp) -> Self {
        let mut roles: HashMap<&str, Counting<'_>> = HashMap::new();
        for one in listed.filter(|one| one.until > now) {
            roles.entry(one.terms.role.as_str()).or_default().add(one, now);
        }
        Self(roles.into_iter().map(|(role, counting)| (role.to_owned(), Arc::new(counting.done()))).collect())
    }

    pub(super) fn get(&self, role: &str) -> Option<&Arc<Market>> {
        self.0.get(role)
    }
}

impl<'a> Counting<'a> {
    fn add(&mut self, one: &'a Listed, now: Timestamp) {
        let terms = &one.terms;
        self.open += 1;
        self.new += usize::from(now.duration_since(one.first_published_at) <= NEW);
        self.remote += usize::from(terms.remote == Remote::Remote);
        self.hybrid += usize::from(terms.remote == Remote::Hybrid);
        self.companies.entry(one.company).or_insert((&one.company_name, &one.domain, 0)).2 += 1;
        for must in &terms.must {
            *self.musts.entry(must).or_default() += 1;
        }
        self.pay.entry((&terms.level, terms.pay.currency())).or_default().push(terms.pay.yearly());
    }

    fn done(self) -> Market {
        let mut hiring: Vec<(String, String, usize)> =
            self.companies.values().map(|(name, domain, count)| ((*name).into(), (*domain).into(), *count)).collect();
        hiring.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
        hiring.truncate(NAMED);
        let mut musts: Vec<(String, usize)> =
            self.musts.into_iter().map(|(id, count)| (id.to_owned(), count)).collect();
        musts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        musts.truncate(NAMED);
        let pay_unsaid = self.pay.values().map(Vec::len).filter(|count| *count < FLOOR).sum();
        let pay = self.pay.into_iter().filter(|(_, ranges)| ranges.len() >= FLOOR);
        Market {
            open: self.open,
            new: self.new,
            remote: self.remote,
            hybrid: self.hybrid,
            companies: self.companies.len(),
            hiring,
            musts,
            pay: pay.map(|((level, currency), ranges)| band(level, currency, &ranges)).collect(),
            pay_unsaid,
        }
    }
}

fn band(level: &str, currency: &str, ranges: &[(i64, i64)]) -> PayBand {
    PayBand {
        level: level.to_owned(),
        currency: currency.to_owned(),
        low: median(ranges.iter().map(|(low, _)| *low)),
        high: median(ranges.iter().map(|(_, high)| *high)),
        count: ranges.len(),
    }
}

/// The lower of the two in the middle, where there are two.
fn median(values: impl Iterator<Item = i64>) -> i64 {
    let mut all: Vec<i64> = values.collect();
    all.sort_unstable();
    all.get(all.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}
