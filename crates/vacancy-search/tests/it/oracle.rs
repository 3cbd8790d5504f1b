//! The same search, so plainly that it can only be right: a list, gone through from end to end.

use jobfuture_vacancy_search::{Document, Facet, Query, Sort};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is to be answered. Facets with all their values, in order.
#[derive(Debug, PartialEq, Eq)]
pub struct Expected {
    pub ids: Vec<Uuid>,
    pub total: usize,
    pub facets: BTreeMap<Facet, Vec<(String, u32)>>,
    pub corrected: Option<String>,
    pub unknown: Vec<String>,
}

/// Answers from a list. Its words are runs of small letters, and none is the plural of another.
pub fn answer(all: &BTreeMap<Uuid, Document>, query: &Query) -> Expected {
    let with_their_words: Vec<(&Document, BTreeSet<&str>)> = all.values().map(|one| (one, words_of(one))).collect();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for word in with_their_words.iter().flat_map(|(_, words)| words) {
        *known.entry(word).or_default() += 1;
    }
    let (mut wanted, mut shown, mut unknown, mut repaired) = (Vec::new(), Vec::new(), Vec::new(), false);
    let mut asked: Vec<&str> = Vec::new();
    for word in query.words.split_whitespace() {
        if !asked.contains(&word) {
            asked.push(word);
        }
    }
    for (at, word) in asked.iter().enumerate() {
        let begun: Vec<&str> = known.keys().filter(|known| known.starts_with(word)).copied().collect();
        shown.push(*word);
        if known.contains_key(word) {
            wanted.push(vec![*word]);
        } else if at + 1 == asked.len() && word.len() >= 2 && !begun.is_empty() {
            wanted.push(begun);
        } else if let Some(near) = nearest(word, &known) {
            wanted.push(vec![near]);
            shown.pop();
            shown.push(near);
            repaired = true;
        } else {
            unknown.push((*word).to_owned());
        }
    }
    let fits = |words: &BTreeSet<&str>| {
        unknown.is_empty() && wanted.iter().all(|any| any.iter().any(|word| words.contains(word)))
    };
    let candidates: Vec<&Document> =
        with_their_words.iter().filter(|(_, words)| fits(words)).map(|(document, _)| *document).collect();
    let passes_all_but = |document: &Document, left_out: Option<Facet>| {
        Facet::ALL
            .iter()
            .all(|facet| passes(document, *facet, query) || (Some(*facet) == left_out && *facet != Facet::Competency))
    };
    let mut found: Vec<&Document> =
        candidates.iter().copied().filter(|document| passes_all_but(document, None)).collect();
    let facets = Facet::ALL.map(|facet| {
        let among = candidates.iter().filter(|document| passes_all_but(document, Some(facet)));
        (facet, counted(among.copied(), facet, query))
    });
    sort(&mut found, query, &wanted);
    Expected {
        total: found.len(),
        ids: found.iter().skip(query.offset).take(query.limit).map(|document| document.id).collect(),
        facets: facets.into(),
        corrected: repaired.then(|| shown.join(" ")),
        unknown,
    }
}

fn words_of(document: &Document) -> BTreeSet<&str> {
    title_of(document).chain(facts_of(document)).chain(document.text.split_whitespace()).collect()
}

fn title_of(document: &Document) -> impl Iterator<Item = &str> {
    document.title.split_whitespace()
}

fn facts_of(document: &Document) -> impl Iterator<Item = &str> {
    let named = [&document.company_name, &document.role, &document.level].into_iter();
    let all = named.chain(&document.competencies).chain(&document.countries).chain(&document.city);
    all.flat_map(|text| text.split_whitespace())
}

fn nearest<'k>(word: &str, known: &BTreeMap<&'k str, usize>) -> Option<&'k str> {
    let most = match word.len() {
        4..=7 => 1,
        8..=40 => 2,
        _ => 0,
    };
    let near = known.iter().map(|(known, count)| (errors(word, known), Reverse(*count), *known));
    near.filter(|(errors, _, _)| *errors <= most).min().map(|(_, _, word)| word)
}

/// Letters too many, too few or wrong, and neighbours that changed places.
fn errors(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            if i == 0 || j == 0 {
                table[i][j] = i + j;
                continue;
            }
            let wrong = usize::from(one[i - 1] != other[j - 1]);
            let mut least = (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(table[i - 1][j - 1] + wrong);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = least;
        }
    }
    table[one.len()][other.len()]
}

fn values(document: &Document, facet: Facet) -> BTreeSet<String> {
    let all: Vec<String> = match facet {
        Facet::Role => vec![document.role.clone()],
        Facet::Level => vec![document.level.clone()],
        Facet::Competency => document.competencies.clone(),
        Facet::Remote => vec![document.remote.to_string()],
        Facet::Zone => document.zones.clone(),
        Facet::Country => document.countries.clone(),
        Facet::Employment => vec![document.employment.clone()],
        Facet::Company => vec![document.company.to_string()],
        Facet::Currency => vec![document.currency.clone()],
    };
    all.into_iter().filter(|value| !value.is_empty()).collect()
}

fn asked_for(query: &Query, facet: Facet) -> BTreeSet<String> {
    let texts = |texts: &[String]| texts.iter().cloned().collect();
    match facet {
        Facet::Role => texts(&query.roles),
        Facet::Level => texts(&query.levels),
        Facet::Competency => texts(&query.competencies),
        Facet::Remote => query.remote.iter().map(ToString::to_string).collect(),
        Facet::Zone => texts(&query.zones),
        Facet::Country => texts(&query.countries),
        Facet::Employment => texts(&query.employment),
        Facet::Company => query.companies.iter().map(ToString::to_string).collect(),
        Facet::Currency => query.pay_at_least.iter().map(|floor| floor.currency.clone()).collect(),
    }
}

fn passes(document: &Document, facet: Facet, query: &Query) -> bool {
    let (has, asked) = (values(document, facet), asked_for(query, facet));
    match facet {
        _ if asked.is_empty() => true,
        Facet::Competency => asked.is_subset(&has),
        Facet::Currency => {
            has == asked && query.pay_at_least.as_ref().is_some_and(|floor| document.pay_max >= floor.yearly)
        }
        _ => !asked.is_disjoint(&has),
    }
}

fn counted<'a>(among: impl Iterator<Item = &'a Document>, facet: Facet, query: &Query) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<String, u32> = asked_for(query, facet).into_iter().map(|value| (value, 0)).collect();
    for value in among.flat_map(|document| values(document, facet)) {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(String, u32)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts
}

fn sort(found: &mut [&Document], query: &Query, wanted: &[Vec<&str>]) {
    found.sort_by_key(|document| document.id);
    let fresh = |document: &Document| (Reverse(document.published_at), Reverse(document.confirmed_at));
    match query.sort {
        Sort::Freshness => found.sort_by_key(|document| fresh(document)),
        Sort::Relevance => found.sort_by_key(|document| {
            let points = wanted.iter().map(|any| {
                let within = |mut words: Box<dyn Iterator<Item = &str> + '_>| words.any(|word| any.contains(&word));
                let title = within(Box::new(title_of(document)));
                2 * usize::from(title) + usize::from(within(Box::new(facts_of(document))))
            });
            (Reverse(points.sum::<usize>()), fresh(document))
        }),
        Sort::Pay => {
            let mut currencies: BTreeMap<String, usize> = BTreeMap::new();
            found.iter().for_each(|document| *currencies.entry(document.currency.clone()).or_default() += 1);
            found.sort_by_key(|document| {
                let group =
                    (document.currency.is_empty(), Reverse(currencies[&document.currency]), document.currency.clone());
                (group, Reverse(document.pay_min), Reverse(document.pay_max))
            });
        }
    }
}
