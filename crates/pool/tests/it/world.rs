//! Worlds that are made up: profiles, grants of parts of them, companies, and what these ask. Small, so that things meet.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use jobfuture_codes::Code;
use jobfuture_pool::{
    AtLeast, Audience, Available, Change, Facts, Fluency, Hours, Language, Pay, Projection, Query, Remote, Shown,
    Taken, Viewer, Zones,
};
use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::BTreeSet;
use uuid::Uuid;

pub const LEVELS: [&str; 3] = ["junior", "middle", "senior"];
pub const KEY: [u8; 16] = *b"sixteen letters.";
const ROLES: [&str; 4] = ["backend", "data", "django", "frontend"];
const COMPETENCIES: [&str; 7] = ["caches", "forms", "indexes", "orm", "queues", "tests", "views"];
const COUNTRIES: [&str; 4] = ["Norway", "  new  Zealand", "Chile", "Japan"];
const LANGUAGES: [&str; 3] = ["English", "Spanish", "Māori"];
const CURRENCIES: [&str; 2] = ["EUR", "JPY"];
/// Fields that can be granted one by one.
pub const FIELDS: u16 = 9;
pub const TODAY: Date = date(2026, 11, 22);

/// A candidate, with all that they wrote and all that they granted.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: Uuid,
    pub facts: Facts,
    pub grants: Vec<Granted>,
    pub hidden_from: Vec<Uuid>,
}

/// A grant of a part of somebody's facts.
#[derive(Debug, Clone)]
pub struct Granted {
    pub id: Uuid,
    pub audience: Audience,
    pub made_on: Date,
    pub until: Timestamp,
    /// By number, from [`part`].
    pub fields: BTreeSet<u16>,
    /// By place.
    pub signals: BTreeSet<usize>,
}

/// Everything.
#[derive(Debug, Clone)]
pub struct World {
    pub people: Vec<Person>,
    pub companies: Vec<Viewer>,
    pub company_ids: Vec<Uuid>,
    pub company_roles: Vec<BTreeSet<String>>,
}

pub fn random(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

pub fn now() -> Timestamp {
    TODAY.at(9, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
}

/// One of `from`, or nothing.
fn perhaps<T: Clone>(random: &mut ChaCha8Rng, from: &[T]) -> Option<T> {
    if random.random_bool(0.7) { from.choose(random).cloned() } else { None }
}

/// Some of `from`, each once.
fn some<T: Clone>(random: &mut ChaCha8Rng, from: &[T], most: usize) -> Vec<T> {
    let count = random.random_range(0..=most.min(from.len()));
    let mut all = from.to_vec();
    all.shuffle(random);
    all.truncate(count);
    all
}

fn strings(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn a_day(random: &mut ChaCha8Rng) -> Date {
    TODAY.checked_sub(random.random_range(-200..500_i64).days()).unwrap()
}

/// What somebody writes of themselves, and the signals that they made.
pub fn facts(random: &mut ChaCha8Rng) -> Facts {
    let zone = random.random_range(-4..4_i8);
    Facts {
        roles: strings(some(random, &ROLES, 2)),
        seniority: perhaps(random, &LEVELS).map(str::to_owned),
        competencies: strings(some(random, &COMPETENCIES, 6)),
        signals: (0..random.random_range(0..4)).map(|_| signal(random)).collect(),
        country: perhaps(random, &COUNTRIES).map(str::to_owned),
        zones: random.random_bool(0.6).then(|| Zones { from: zone, to: zone + random.random_range(0..4) }),
        remote: some(random, Remote::ALL, 3),
        pay: perhaps(random, &CURRENCIES).map(|currency| Pay { yearly: yearly(random), currency: currency.into() }),
        availability: some(random, Hours::ALL, 2)
            .into_iter()
            .map(|hours| Available { hours, from: random.random_bool(0.7).then(|| a_day(random)) })
            .collect(),
        languages: some(random, &LANGUAGES, 2)
            .into_iter()
            .map(|language| Language { language: language.into(), fluency: perhaps(random, Fluency::ALL) })
            .collect(),
    }
}

pub fn signal(random: &mut ChaCha8Rng) -> Shown {
    Shown {
        role: (*ROLES.choose(random).unwrap()).into(),
        level: (*LEVELS.choose(random).unwrap()).into(),
        taken: *Taken::ALL.choose(random).unwrap(),
        on: Some(a_day(random)),
        competencies: strings(some(random, &COMPETENCIES, 3)),
    }
}

/// Puts one field of some facts in the place of that of others.
pub fn part(field: u16, from: &Facts, to: &mut Facts) {
    match field {
        0 => to.roles = from.roles.clone(),
        1 => to.seniority = from.seniority.clone(),
        2 => to.competencies = from.competencies.clone(),
        3 => to.country = from.country.clone(),
        4 => to.zones = from.zones,
        5 => to.remote = from.remote.clone(),
        6 => to.pay = from.pay.clone(),
        7 => to.availability = from.availability.clone(),
        8 => to.languages = from.languages.clone(),
        _ => unreachable!("there are {FIELDS} fields"),
    }
}

/// What of somebody's facts these fields and signals are.
pub fn projected(facts: &Facts, fields: &BTreeSet<u16>, signals: &BTreeSet<usize>) -> Facts {
    let mut open = Facts::default();
    fields.iter().for_each(|field| part(*field, facts, &mut open));
    open.signals = signals.iter().filter_map(|at| facts.signals.get(*at).cloned()).collect();
    open
}

pub fn granted(random: &mut ChaCha8Rng, companies: &[Uuid]) -> Granted {
    let audience = match random.random_bool(0.65) {
        true => Audience::Pool { role: (*ROLES.choose(random).unwrap()).into() },
        false => Audience::Company(*companies.choose(random).unwrap()),
    };
    let share = *[0.3, 0.7, 1.0].choose(random).unwrap();
    let is_over = random.random_bool(0.1);
    let seconds = if is_over { -random.random_range(0..90_000_i64) } else { random.random_range(1..90_000) };
    Granted {
        id: Uuid::from_u128(random.random()),
        audience,
        made_on: a_day(random),
        until: now() + seconds.seconds(),
        fields: (0..FIELDS).filter(|_| random.random_bool(share)).collect(),
        signals: (0..4).filter(|_| random.random_bool(share)).collect(),
    }
}

pub fn person(random: &mut ChaCha8Rng, companies: &[Uuid]) -> Person {
    Person {
        id: Uuid::from_u128(random.random()),
        facts: facts(random),
        grants: (0..*[0, 1, 1, 1, 2, 2, 3, 5].choose(random).unwrap()).map(|_| granted(random, companies)).collect(),
        hidden_from: if random.random_bool(0.2) { some(random, companies, 2) } else { Vec::new() },
    }
}

impl World {
    pub fn new(seed: u64, people: usize) -> Self {
        let random = &mut random(seed);
        let company_ids: Vec<Uuid> = (0..4).map(|_| Uuid::from_u128(random.random())).collect();
        let roles =
            |random: &mut ChaCha8Rng| strings(some(random, &ROLES, 3)).into_iter().collect::<BTreeSet<String>>();
        let company_roles: Vec<BTreeSet<String>> = company_ids.iter().map(|_| roles(random)).collect();
        let viewers = company_ids.iter().zip(&company_roles).map(|(id, roles)| Viewer::new(*id, roles.clone()));
        Self {
            people: (0..people).map(|_| person(random, &company_ids)).collect(),
            companies: viewers.collect(),
            company_ids,
            company_roles,
        }
    }

    /// All that the pool is told of it.
    pub fn changes(&self) -> Vec<Change> {
        self.people.iter().flat_map(Person::changes).collect()
    }

    /// Whether a grant opens something to a company now.
    pub fn opens(&self, company: usize, grant: &Granted) -> bool {
        let is_to = match &grant.audience {
            Audience::Pool { role } => self.company_roles[company].contains(role),
            Audience::Company(id) => *id == self.company_ids[company],
        };
        is_to && grant.until > now()
    }

    /// The grants of somebody that open something to a company now.
    pub fn open<'p>(&self, company: usize, person: &'p Person) -> Vec<&'p Granted> {
        if person.hidden_from.contains(&self.company_ids[company]) {
            return Vec::new();
        }
        person.grants.iter().filter(|grant| self.opens(company, grant)).collect()
    }
}

impl Person {
    pub fn changes(&self) -> Vec<Change> {
        let grants = self.grants.iter().map(|grant| Change::Granted(self.projection(grant)));
        grants.chain([Change::Hidden { candidate: self.id, companies: self.hidden_from.clone() }]).collect()
    }

    pub fn projection(&self, grant: &Granted) -> Projection {
        Projection {
            candidate: self.id,
            grant: grant.id,
            audience: grant.audience.clone(),
            made_on: grant.made_on,
            until: grant.until,
            facts: projected(&self.facts, &grant.fields, &grant.signals),
        }
    }
}

/// Something to ask.
pub fn query(random: &mut ChaCha8Rng) -> Query {
    let mut query = Query::at(now());
    let rarely = |random: &mut ChaCha8Rng| random.random_bool(0.2);
    if random.random_bool(0.4) {
        query.roles = strings(some(random, &["backend", "data", "django", "frontend", "nobody"], 2));
    }
    if rarely(random) {
        let level = (*["junior", "middle", "senior", "chief"].choose(random).unwrap()).into();
        query.level = Some(AtLeast { level, taken: some(random, Taken::ALL, 3) });
    }
    if rarely(random) {
        query.seniority = strings(some(random, &LEVELS, 2));
    }
    if random.random_bool(0.4) {
        query.must = strings(some(random, &["caches", "forms", "orm", "tests", "unheard-of"], 2));
    }
    if rarely(random) {
        query.shown = strings(some(random, &COMPETENCIES, 2));
    }
    if random.random_bool(0.6) {
        query.nice = strings(some(random, &COMPETENCIES, 5));
    }
    if rarely(random) {
        query.countries = strings(some(random, &["norway", "New Zealand", "Atlantis"], 2));
    }
    if rarely(random) {
        let from = random.random_range(-6..6);
        query.zones = Some(Zones { from, to: from + random.random_range(0..4) });
    }
    if rarely(random) {
        query.remote = some(random, Remote::ALL, 2);
    }
    if rarely(random) {
        let currency = (*["EUR", "JPY", "CHF"].choose(random).unwrap()).into();
        query.pay = Some(Pay { yearly: yearly(random), currency });
    }
    if rarely(random) {
        query.hours = some(random, Hours::ALL, 2);
    }
    if rarely(random) {
        query.available_by = Some(a_day(random));
    }
    if rarely(random) {
        let asked = some(random, &["english", "MĀORI", "Dutch"], 2).into_iter();
        query.languages = asked.map(|one| (one.to_owned(), perhaps(random, Fluency::ALL))).collect();
    }
    query.offset = *[0, 0, 0, 1, 7].choose(random).unwrap();
    query.limit = *[20, 20, 5, 1, 0, 1_000].choose(random).unwrap();
    query.facet_limit = *[20, 2, 0].choose(random).unwrap();
    query
}

/// A few sums, some of which differ by so little that they are one sum to whoever rounds.
fn yearly(random: &mut ChaCha8Rng) -> i64 {
    random.random_range(1..7) * 1_000_000 + random.random_range(0..2)
}
