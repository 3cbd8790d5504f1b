//! Vacancies that are made up, and what people look for among them. The same seed makes the same ones.
//!
//! Words are drawn by Zipf's law from a vocabulary of made-up words, which looks like text in what matters here: a few words
//! are in nearly every vacancy, most in a handful. No word is the plural of another, so that an engine that knows no plurals
//! must find the same.

use jobfuture_vacancy_search::{Document, PayFloor, Query, Remote, Sort};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use uuid::Uuid;

const WORDS: usize = 60_000;
/// How many words a text has, at least and at most.
const TEXT: std::ops::RangeInclusive<usize> = 120..=320;
const ROLES: [&str; 12] = [
    "backend",
    "frontend",
    "fullstack",
    "platform",
    "mobile",
    "data",
    "security",
    "embedded",
    "cloud",
    "quality",
    "support",
    "research",
];
const LEVELS: [&str; 5] = ["junior", "middle", "senior", "principal", "lead"];
const KINDS: [&str; 3] = ["developer", "engineer", "architect"];
const EMPLOYMENT: [&str; 4] = ["permanent", "contract", "internship", "temporary"];
const CURRENCIES: [(&str, i64); 6] = [("EUR", 1), ("USD", 1), ("GBP", 1), ("PLN", 4), ("CHF", 1), ("JPY", 150)];

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

/// A made-up world of vacancies.
pub struct Corpus {
    words: Vec<String>,
    by_word: Zipf,
    by_company: Zipf,
    by_competency: Zipf,
    by_role: Zipf,
    by_country: Zipf,
}

impl Corpus {
    /// The world.
    pub fn new() -> Self {
        Self {
            words: (0..WORDS).map(word).collect(),
            by_word: Zipf::new(WORDS, 1.0),
            by_company: Zipf::new(5_000, 0.8),
            by_competency: Zipf::new(300, 0.9),
            by_role: Zipf::new(ROLES.len() * KINDS.len(), 0.7),
            by_country: Zipf::new(40, 0.9),
        }
    }

    /// One vacancy. The number is its id, and the seed of everything else.
    pub fn vacancy(&self, number: u64) -> Document {
        let random = &mut ChaCha8Rng::seed_from_u64(number);
        let role = self.by_role.draw(random);
        let (area, kind) = (ROLES[role % ROLES.len()], KINDS[role / ROLES.len()]);
        let level = LEVELS[random.random_range(0..LEVELS.len())];
        let company = self.by_company.draw(random);
        let remote = Remote::ALL[random.random_range(0..3)];
        let zones = if remote == Remote::Onsite { 1 } else { random.random_range(1..8) };
        let first_zone = self.by_country.draw(random) as i64 % 24;
        let (currency, scale) = CURRENCIES[self.by_country.draw(random) % CURRENCIES.len()];
        let pay_min = random.random_range(25..150) * 100_000 * scale;
        let competencies =
            (0..random.random_range(3..10)).map(|_| format!("competency-{}", self.by_competency.draw(random)));
        let competencies = competencies.collect();
        let country = self.by_country.draw(random);
        let days = random.random_range(0..60 * 24 * 3600);
        Document {
            id: Uuid::from_u128(u128::from(number) << 64 | 1),
            title: format!("{level} {area} {kind} {}", self.words[self.by_word.draw(random)]),
            company_name: format!("{} {}", self.words[company * 3 + 7], self.words[company + 11]),
            company: Uuid::from_u128(company as u128 + 1),
            text: self.text(random),
            role: format!("{area}-{kind}"),
            level: level.into(),
            competencies,
            remote,
            zones: (0..zones).map(|step| format!("UTC{:+}", (first_zone + step) % 24 - 11)).collect(),
            countries: vec![format!("C{country}")],
            city: Some(self.words[country * 50 + random.random_range(0..20)].clone()),
            employment: EMPLOYMENT[self.by_country.draw(random) % EMPLOYMENT.len()].into(),
            pay_min,
            pay_max: pay_min + random.random_range(0..40) * 100_000 * scale,
            currency: currency.into(),
            published_at: 1_790_000_000 + days,
            confirmed_at: 1_790_000_000 + days + random.random_range(0..600_000),
        }
    }

    fn text(&self, random: &mut ChaCha8Rng) -> String {
        let mut text = String::new();
        for _ in 0..random.random_range(TEXT) {
            text += &self.words[self.by_word.draw(random)];
            text.push(if random.random_ratio(1, 12) { '\n' } else { ' ' });
        }
        text
    }

    /// A word of this vacancy's text.
    pub fn word_of(&self, document: &Document, random: &mut ChaCha8Rng) -> String {
        let words: Vec<&str> = document.text.split_whitespace().collect();
        words.choose(random).map_or_else(String::new, |word| (*word).to_owned())
    }
}

/// The word of this rank, the shorter the commoner. It ends in a way that no plural does.
fn word(rank: usize) -> String {
    const BEGIN: [&str; 16] = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "t", "v", "st", "tr", "pl", "gr"];
    const MIDDLE: [&str; 5] = ["a", "e", "i", "o", "u"];
    const END: [&str; 4] = ["n", "r", "l", "m"];
    let (mut rest, mut word) = (rank, String::new());
    loop {
        word += BEGIN[rest % BEGIN.len()];
        rest /= BEGIN.len();
        word += MIDDLE[rest % MIDDLE.len()];
        rest /= MIDDLE.len();
        if rest == 0 {
            break;
        }
        rest -= 1;
    }
    word + END[rank % END.len()]
}

/// A letter too many, a wrong one, or two that changed places: never the first. The word has at least two letters.
pub fn mistyped(word: &str, random: &mut ChaCha8Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = random.random_range(1..letters.len());
    match random.random_range(0..3) {
        0 => letters.insert(at, 'w'),
        1 if at + 1 < letters.len() && letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        _ => letters[at] = 'w',
    }
    letters.into_iter().collect()
}

/// What is looked for, and what kind of search it is.
pub struct Search {
    /// Its kind.
    pub kind: &'static str,
    /// The query.
    pub query: Query,
}

/// Kinds of searches, and how many of a hundred are of each.
pub const KINDS_OF_SEARCH: [(&str, usize); 7] = [
    ("two words", 25),
    ("one word", 10),
    ("title and filters", 20),
    ("filters only", 15),
    (TYPO, 15),
    ("pay", 10),
    ("everything", 5),
];

/// The kind with a typing error in it.
pub const TYPO: &str = "typing error";

/// So many searches, mixed.
pub fn searches(corpus: &Corpus, vacancies: u64, count: usize) -> Vec<Search> {
    let random = &mut ChaCha8Rng::seed_from_u64(2_026);
    let mut kinds = Vec::new();
    while kinds.len() < count {
        kinds.extend(KINDS_OF_SEARCH.iter().flat_map(|(kind, weight)| std::iter::repeat_n(*kind, *weight)));
    }
    // Mixed by a step that has no divisor in common with a hundred.
    (0..count).map(|at| search(kinds[at * 37 % 100], corpus, vacancies, random)).collect()
}

fn search(kind: &'static str, corpus: &Corpus, vacancies: u64, random: &mut ChaCha8Rng) -> Search {
    // Whoever looks for something has a vacancy in mind, so that most searches find one.
    let wanted = corpus.vacancy(random.random_range(0..vacancies));
    let mut word = || corpus.word_of(&wanted, random);
    let (one, other) = (word(), word());
    let mut query = Query::default();
    match kind {
        "two words" => query.words = format!("{one} {other}"),
        "one word" => query.words = one,
        "title and filters" => {
            query.words = format!("{} {}", wanted.level, wanted.title.split(' ').nth(1).unwrap_or_default());
            query.remote = vec![wanted.remote];
            query.zones = wanted.zones[..1].to_vec();
            query.sort = Sort::Relevance;
        }
        "filters only" => {
            query.roles = vec![wanted.role];
            query.levels = vec![wanted.level];
            query.countries = wanted.countries;
            query.competencies = wanted.competencies[..1].to_vec();
        }
        // Of the title, which people remember, and of the rarest word of the text that is long enough.
        TYPO => {
            let long = wanted.text.split_whitespace().filter(|word| word.len() >= 6).max_by_key(|word| word.len());
            query.words = format!("{} {}", mistyped(long.unwrap_or("developer"), random), wanted.level);
        }
        "pay" => {
            query.words = one;
            query.pay_at_least = Some(PayFloor { yearly: wanted.pay_min, currency: wanted.currency });
            query.sort = Sort::Pay;
        }
        _ => {}
    }
    Search { kind, query }
}
