//! A million people who are made up, and what companies look for among them. The same number makes the same person, whatever came
//! before.
//!
//! 50 roles by Zipf's law (0.8); 2,000 competencies, six of ten of a core of 40 that the role has, the others by Zipf's law over all;
//! 5 to 25 of them stated; up to 8 shown by a signal. Each field is open to everybody of the role, to named companies only, or to nobody.
//! 5,000 companies, by Zipf's law; four named grants for ten people; two blocks for ten people.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use jobfuture_codes::Code;
use jobfuture_pool::{
    AtLeast, Audience, Available, Change, Facts, Fluency, Hours, Language, Pay, Projection, Query, Remote, Shown,
    Taken, Viewer, Zones,
};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use uuid::Uuid;

const ROLES: usize = 50;
const COMPETENCIES: usize = 2_000;
const CORE: usize = 40;
const COMPANIES: usize = 5_000;
pub const LEVELS: [&str; 3] = ["junior", "middle", "senior"];
const COUNTRIES: usize = 61;
const LANGUAGES: usize = 16;
const CURRENCIES: [(&str, i64); 4] = [("EUR", 100), ("USD", 110), ("GBP", 90), ("PLN", 420)];
const TODAY: Date = date(2026, 11, 22);
pub const NARROW: &str = "narrow";
pub const BROAD: &str = "broad";

/// Zipf's law over so many things.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(count: usize, exponent: f64) -> Self {
        let mut sum = 0.0;
        let weights = (1..=count).map(|rank| {
            sum += (rank as f64).powf(-exponent);
            sum
        });
        Self(weights.collect())
    }

    fn draw(&self, random: &mut ChaCha8Rng) -> usize {
        let at = random.random::<f64>() * self.0.last().copied().unwrap_or(1.0);
        self.0.partition_point(|sum| *sum < at).min(self.0.len() - 1)
    }
}

/// Who is among them.
pub struct People {
    roles: Zipf,
    competencies: Zipf,
    core: Zipf,
    companies: Zipf,
    countries: Zipf,
    languages: Zipf,
}

/// A search, and of which kind.
pub struct Search {
    pub kind: &'static str,
    pub viewer: Viewer,
    pub roles: Vec<String>,
    pub query: Query,
}

pub fn now() -> Timestamp {
    TODAY.at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp()).unwrap_or_default()
}

fn seeded(what: u64, number: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(what << 56 ^ number)
}

fn role(number: usize) -> String {
    format!("role-{number}")
}

fn competency(number: usize) -> String {
    format!("competency-{number}")
}

/// The company with a number.
pub fn company(number: usize) -> Uuid {
    Uuid::from_u128(0xC0 << 120 | number as u128)
}

/// The roles that a company looks for: one to three.
fn roles_of(people: &People, number: usize) -> Vec<usize> {
    let random = &mut seeded(2, number as u64);
    let mut roles: Vec<usize> = (0..random.random_range(1..=3)).map(|_| people.roles.draw(random)).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

impl People {
    pub fn new() -> Self {
        Self {
            roles: Zipf::new(ROLES, 0.8),
            competencies: Zipf::new(COMPETENCIES, 1.0),
            core: Zipf::new(CORE, 0.5),
            companies: Zipf::new(COMPANIES, 0.6),
            countries: Zipf::new(COUNTRIES, 0.8),
            languages: Zipf::new(LANGUAGES, 1.0),
        }
    }

    fn competency(&self, role: usize, random: &mut ChaCha8Rng) -> usize {
        match random.random_bool(0.6) {
            // The cores of roles overlap.
            true => (role * 31 + self.core.draw(random)) % COMPETENCIES,
            false => self.competencies.draw(random),
        }
    }

    fn facts(&self, roles: &[usize], random: &mut ChaCha8Rng) -> Facts {
        let own = *roles.choose(random).unwrap_or(&0);
        let competencies = |random: &mut ChaCha8Rng, count: usize| -> Vec<String> {
            (0..count).map(|_| competency(self.competency(own, random))).collect()
        };
        let level = *[0, 0, 1, 1, 1, 2].choose(random).unwrap_or(&1);
        let zone = random.random_range(-8..10_i8);
        let signal = random.random_bool(0.6).then(|| Shown {
            role: role(own),
            level: LEVELS[level].into(),
            taken: *Taken::ALL.choose(random).unwrap_or(&Taken::Unaided),
            on: TODAY.checked_sub(random.random_range(0..600).days()).ok(),
            competencies: {
                let count = random.random_range(0..=8);
                competencies(random, count)
            },
        });
        let (currency, rate) = *CURRENCIES.choose(random).unwrap_or(&CURRENCIES[0]);
        let count = random.random_range(5..=25);
        Facts {
            roles: roles.iter().map(|one| role(*one)).collect(),
            seniority: Some(LEVELS[level].into()),
            competencies: competencies(random, count),
            signals: signal.into_iter().collect(),
            country: Some(format!("country {}", self.countries.draw(random))),
            zones: Some(Zones { from: zone, to: zone + random.random_range(1..=6) }),
            remote: Remote::ALL.iter().copied().filter(|_| random.random_bool(0.5)).collect(),
            pay: Some(Pay { yearly: (30 + random.random_range(0..60_i64)) * 1_000 * rate, currency: currency.into() }),
            availability: vec![Available {
                hours: *Hours::ALL.choose(random).unwrap_or(&Hours::FullTime),
                from: TODAY.checked_add(random.random_range(-60..240).days()).ok(),
            }],
            languages: (0..random.random_range(1..=3))
                .map(|_| Language {
                    language: format!("language {}", self.languages.draw(random)),
                    fluency: Fluency::ALL.choose(random).copied(),
                })
                .collect(),
        }
    }

    /// All that the pool is told of a person, in this edition of them.
    pub fn person(&self, number: u64, edition: u64) -> Vec<Change> {
        let random = &mut seeded(1, number);
        let candidate = Uuid::from_u128((u128::from(random.random::<u64>()) << 64) | u128::from(number));
        let mut roles = vec![self.roles.draw(random)];
        if random.random_bool(0.15) {
            roles.push(self.roles.draw(random));
        }
        roles.dedup();
        let companies: Vec<usize> = (0..*[0, 0, 0, 0, 0, 0, 0, 1, 1, 2].choose(random).unwrap_or(&0))
            .map(|_| self.companies.draw(random))
            .collect();
        let hidden: Vec<Uuid> = match random.random_bool(0.15) {
            true => (0..random.random_range(1..=2)).map(|_| company(self.companies.draw(random))).collect(),
            false => Vec::new(),
        };
        let random = &mut seeded(3, number ^ edition << 32);
        let whole = self.facts(&roles, random);
        let audiences = roles.iter().map(|one| Audience::Pool { role: role(*one) });
        let audiences = audiences.chain(companies.iter().map(|one| Audience::Company(company(*one))));
        let mut changes = Vec::new();
        for (at, audience) in (0..).zip(audiences) {
            let share = if matches!(audience, Audience::Pool { .. }) { 0.85 } else { 0.95 };
            changes.push(Change::Granted(Projection {
                candidate,
                grant: Uuid::from_u128(candidate.as_u128() ^ (at + 1) << 100),
                audience,
                made_on: TODAY.checked_sub(random.random_range(0..500).days()).unwrap_or(TODAY),
                until: now() + random.random_range(1..8_000).hours(),
                facts: opened(&whole, share, random),
            }));
        }
        if !hidden.is_empty() {
            changes.push(Change::Hidden { candidate, companies: hidden });
        }
        changes
    }

    /// What companies look for: each search for a person of its own, of whom it is known that they are there.
    pub fn searches(&self, count: u64, people: u64) -> Vec<Search> {
        let mut searches = Vec::new();
        for number in 0..count {
            let random = &mut seeded(4, number);
            let company_number = self.companies.draw(random);
            let roles = roles_of(self, company_number);
            let own = *roles.choose(random).unwrap_or(&0);
            // Somebody of that role, so that what is asked for goes together.
            let model = (0..).map(|at: u64| self.person((number * 7_919 + at) % people, 0));
            let model = model.take(5_000).find_map(|changes| match changes.into_iter().next() {
                Some(Change::Granted(Projection { audience: Audience::Pool { role: at }, facts, .. }))
                    if at == role(own) && facts.competencies.len() > 4 && facts.pay.is_some() =>
                {
                    Some(facts)
                }
                _ => None,
            });
            let Some(model) = model else { continue };
            let texts: Vec<String> = roles.iter().map(|one| role(*one)).collect();
            let base = Query { roles: vec![role(own)], remote: vec![Remote::Remote], ..Query::at(now()) };
            let must = |count: usize| model.competencies.iter().take(count).cloned().collect::<Vec<_>>();
            let nice =
                |random: &mut ChaCha8Rng| (0..4).map(|_| competency(self.competency(own, random))).collect::<Vec<_>>();
            let kinds = [
                (
                    NARROW,
                    Query {
                        must: {
                            let count = if number % 2 == 0 { 2 } else { 1 };
                            must(count)
                        },
                        zones: Some(Zones { from: -3, to: 3 }),
                        pay: model.pay.clone().map(|pay| Pay { yearly: pay.yearly * 2, ..pay }),
                        level: (number % 3 == 0).then(|| AtLeast { level: "junior".into(), taken: Vec::new() }),
                        nice: nice(random),
                        ..base.clone()
                    },
                ),
                (BROAD, Query { nice: nice(random), ..base }),
            ];
            searches.extend(kinds.into_iter().map(|(kind, query)| Search {
                kind,
                viewer: Viewer::new(company(company_number), texts.clone()),
                roles: texts.clone(),
                query,
            }));
        }
        searches
    }
}

/// What of somebody's facts a grant opens: each field with this probability.
fn opened(whole: &Facts, share: f64, random: &mut ChaCha8Rng) -> Facts {
    let mut open = whole.clone();
    let mut is_shut = || !random.random_bool(share);
    if is_shut() {
        open.roles.clear();
    }
    if is_shut() {
        open.seniority = None;
    }
    if is_shut() {
        open.competencies.clear();
    }
    if is_shut() {
        open.signals.clear();
    }
    if is_shut() {
        open.country = None;
    }
    if is_shut() {
        open.zones = None;
    }
    if is_shut() {
        open.remote.clear();
    }
    if is_shut() {
        open.pay = None;
    }
    if is_shut() {
        open.availability.clear();
    }
    if is_shut() {
        open.languages.clear();
    }
    open
}
