//! Whatever is put in, taken out and asked: the answer is that of the list.

use super::corpus::{Corpus, mistyped, searches};
use super::oracle;
use jobfuture_vacancy_search::{Answer, Change, Document, Facet, Index, PayFloor, Query, Remote, Sort};
use proptest::prelude::*;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Near each other, so that errors lead from one to the next; none ends like a plural.
const WORDS: [&str; 24] = [
    "django",
    "developer",
    "rust",
    "trust",
    "terraform",
    "kotlin",
    "python",
    "go",
    "golang",
    "cloud",
    "proud",
    "data",
    "database",
    "senior",
    "tester",
    "taster",
    "master",
    "backend",
    "web",
    "weather",
    "hill",
    "mill",
    "till",
    "elixir",
];
const KEYS: [&str; 4] = ["alfa", "bravo", "charlie", ""];
const VACANCIES: u128 = 30;

/// What happens to an index.
#[derive(Debug, Clone)]
enum Step {
    Apply(Vec<(u64, bool)>),
    Rebuild(Vec<u64>),
    Ask(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => prop::collection::vec((any::<u64>(), prop::bool::weighted(0.8)), 1..20).prop_map(Step::Apply),
        1 => prop::collection::vec(any::<u64>(), 0..40).prop_map(Step::Rebuild),
        12 => any::<u64>().prop_map(Step::Ask),
    ];
    prop::collection::vec(step, 1..40)
}

fn text(random: &mut ChaCha8Rng, words: usize) -> String {
    let words: Vec<&str> = (0..random.random_range(0..=words)).map(|_| *WORDS.choose(random).unwrap()).collect();
    words.join(" ")
}

fn key(random: &mut ChaCha8Rng) -> String {
    (*KEYS.choose(random).unwrap()).into()
}

fn keys(random: &mut ChaCha8Rng, most: usize) -> Vec<String> {
    let keys = (0..random.random_range(0..=most)).map(|_| key(random));
    keys.filter(|key| !key.is_empty()).collect()
}

fn document(seed: u64) -> Document {
    let random = &mut ChaCha8Rng::seed_from_u64(seed);
    Document {
        id: Uuid::from_u128(random.random_range(0..VACANCIES) << 60),
        title: text(random, 4),
        company_name: text(random, 2),
        company: Uuid::from_u128(random.random_range(0..4)),
        text: text(random, 12),
        role: key(random),
        level: key(random),
        competencies: keys(random, 4),
        remote: *Remote::ALL.choose(random).unwrap(),
        zones: keys(random, 3),
        countries: (0..random.random_range(0..3)).map(|_| key(random)).collect(),
        city: random.random_bool(0.5).then(|| text(random, 1)),
        employment: key(random),
        pay_min: random.random_range(0..4),
        pay_max: random.random_range(2..6),
        currency: key(random),
        published_at: random.random_range(-2..3),
        confirmed_at: random.random_range(0..3),
    }
}

fn query(seed: u64) -> Query {
    let random = &mut ChaCha8Rng::seed_from_u64(seed);
    let words: Vec<String> = (0..random.random_range(0..3)).map(|_| word(random)).collect();
    let some = |random: &mut ChaCha8Rng| if random.random_bool(0.25) { keys(random, 3) } else { Vec::new() };
    Query {
        words: words.join(" "),
        roles: some(random),
        levels: some(random),
        competencies: some(random),
        remote: Remote::ALL.into_iter().filter(|_| random.random_bool(0.1)).collect(),
        zones: some(random),
        countries: some(random),
        employment: some(random),
        companies: (0..5).filter(|_| random.random_bool(0.05)).map(Uuid::from_u128).collect(),
        pay_at_least: random
            .random_bool(0.2)
            .then(|| PayFloor { yearly: random.random_range(0..7), currency: KEYS[random.random_range(0..3)].into() }),
        sort: *[Sort::Freshness, Sort::Pay, Sort::Relevance].choose(random).unwrap(),
        offset: random.random_range(0..8),
        limit: random.random_range(0..12),
        facet_limit: usize::MAX,
    }
}

/// A word as it is, begun, or with up to two errors.
fn word(random: &mut ChaCha8Rng) -> String {
    let word = *WORDS.choose(random).unwrap();
    match random.random_range(0..6) {
        0 => word[..random.random_range(1..=word.len())].to_owned(),
        1 => mistyped(word, random),
        2 => {
            let once = mistyped(word, random);
            mistyped(&once, random)
        }
        _ => word.to_owned(),
    }
}

fn plain(answer: &Answer) -> oracle::Expected {
    let facets = answer
        .facets
        .iter()
        .map(|(facet, counts)| (*facet, counts.iter().map(|count| (count.value.to_string(), count.count)).collect()));
    oracle::Expected {
        ids: answer.ids.clone(),
        total: answer.total,
        facets: facets.collect(),
        corrected: answer.corrected.clone(),
        unknown: answer.unknown.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_that_of_the_list(steps in steps()) {
        let index = Index::new().unwrap();
        let mut list: BTreeMap<Uuid, Document> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Apply(changes) => {
                    let change = |(seed, stays): (u64, bool)| {
                        let document = document(seed);
                        if stays { Change::Upsert(document) } else { Change::Remove(document.id) }
                    };
                    let changes: Vec<Change> = changes.into_iter().map(change).collect();
                    for change in &changes {
                        match change {
                            Change::Upsert(document) => list.insert(document.id, document.clone()),
                            Change::Remove(id) => list.remove(id),
                        };
                    }
                    index.apply(changes).unwrap();
                }
                Step::Rebuild(seeds) => {
                    let documents: Vec<Document> = seeds.into_iter().map(document).collect();
                    list = documents.iter().map(|document| (document.id, document.clone())).collect();
                    index.rebuild(documents).unwrap();
                }
                Step::Ask(seed) => {
                    let query = query(seed);
                    let answer = index.search(&query).unwrap();
                    prop_assert_eq!(plain(&answer), oracle::answer(&list, &query), "{:?}", query);
                }
            }
            prop_assert_eq!(index.len(), list.len());
        }
    }

    #[test]
    fn no_text_is_a_fault(words in ".{0,200}", documents in prop::collection::vec(".{0,60}", 1..6)) {
        let index = super::index((0..).zip(&documents).map(|(id, title)| super::titled(id, title)));
        super::ask(&index, &words);
        for (id, title) in (0..).zip(&documents) {
            let answer = super::ask(&index, title);
            prop_assert!(answer.ids.contains(&Uuid::from_u128(id)), "{title:?} finds itself");
            prop_assert_eq!(answer.corrected, None);
        }
    }
}

/// Enough vacancies that a common word or value is kept in another way than a rare one.
#[test]
fn a_large_index_answers_like_the_list() {
    let corpus = Corpus::new();
    let index = Index::new().unwrap();
    let mut list: BTreeMap<Uuid, Document> = (0..300).map(|n| corpus.vacancy(n)).map(|one| (one.id, one)).collect();
    index.rebuild(list.values().cloned()).unwrap();
    let check = |index: &Index, list: &BTreeMap<Uuid, Document>| {
        for search in searches(&corpus, 300, 15) {
            let query = Query { facet_limit: usize::MAX, ..search.query };
            let answer = index.search(&query).unwrap();
            let mut expected = oracle::answer(list, &query);
            let mut plain = plain(&answer);
            // Words of the list have no hyphens; no search looks for such a word.
            for facet in Facet::ALL {
                assert_eq!(plain.facets.remove(&facet), expected.facets.remove(&facet), "{facet:?} of {query:?}");
            }
            assert_eq!(plain, expected, "{query:?}");
        }
    };
    check(&index, &list);
    let gone: Vec<Uuid> = list.keys().copied().step_by(3).collect();
    gone.iter().for_each(|id| drop(list.remove(id)));
    index.apply(gone.into_iter().map(Change::Remove)).unwrap();
    check(&index, &list);
}
