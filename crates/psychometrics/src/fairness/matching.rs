//! People of two groups, their matching scores, and tables of answers by score.

use super::report::{DifError, DifOptions, Matching, Missing};
use crate::responses::Responses;
use std::collections::BTreeMap;

/// The people of both groups.
pub(super) struct Sample<'a> {
    responses: &'a Responses,
    options: &'a DifOptions,
    /// Rows of both groups.
    people: Vec<Member>,
    /// For each item who answered it (place in `people`) and with which category.
    by_item: Vec<Vec<(u32, u8)>>,
    /// For each item its highest category.
    highest: Vec<f64>,
    /// For each of `people` the number of the stratum, where matching values are given.
    strata: Vec<i64>,
}

#[derive(Clone, Copy)]
struct Member {
    row: usize,
    side: usize,
    weight: f64,
}

/// Answers of both groups at one matching score.
#[derive(Clone, Debug)]
pub(super) struct Stratum {
    /// The score, or the mean of matching values.
    pub score: f64,
    /// For reference (0) and focal (1) group the weighted number of people in each category.
    pub counts: [Vec<f64>; 2],
}

impl Stratum {
    /// People of a side.
    pub fn people(&self, side: usize) -> f64 {
        self.counts[side].iter().sum()
    }
}

/// How finely scores are kept apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fineness {
    /// Whole points or given strata: for tests within strata.
    Strata,
    /// Each different score by itself: for regressions.
    Exact,
}

/// Everybody's score on the items that are matched on.
pub(super) struct Scores<'a> {
    sample: &'a Sample<'a>,
    anchors: Vec<bool>,
    /// For each person points, and points that were attainable in what was answered.
    sums: Vec<(f64, f64)>,
    full: f64,
}

impl<'a> Sample<'a> {
    pub fn new(
        responses: &'a Responses,
        reference: usize,
        focal: usize,
        options: &'a DifOptions,
    ) -> Result<Self, DifError> {
        check(responses, reference, focal, options)?;
        let mut people = Vec::new();
        let mut by_item = vec![Vec::new(); responses.items().len()];
        for (row, person) in responses.iter().enumerate() {
            let side = if person.group == reference {
                0
            } else if person.group == focal {
                1
            } else {
                continue;
            };
            let place = people.len() as u32;
            people.push(Member { row, side, weight: person.weight });
            for answer in person.answers {
                by_item[answer.item as usize].push((place, answer.category));
            }
        }
        for (side, group) in [(0, reference), (1, focal)] {
            if !people.iter().any(|member: &Member| member.side == side) {
                return Err(DifError::EmptyGroup(responses.groups()[group].clone()));
            }
        }
        let highest = responses.items().iter().map(|item| item.labels.len().saturating_sub(1) as f64).collect();
        let strata = match &options.matching {
            Matching::Given { values, strata } => cut(&people, values, *strata),
            Matching::Total | Matching::Rest => Vec::new(),
        };
        Ok(Self { responses, options, people, by_item, highest, strata })
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.by_item.len()
    }

    /// Sum of weights of a side.
    pub fn people(&self, side: usize) -> f64 {
        self.people.iter().filter(|member| member.side == side).map(|member| member.weight).sum()
    }

    /// Weight and side of a person.
    pub fn member(&self, person: usize) -> (f64, usize) {
        (self.people[person].weight, self.people[person].side)
    }

    /// Number of rows of both sides.
    pub fn rows(&self) -> usize {
        self.people.len()
    }

    /// Who answered an item, and with which category.
    pub fn answers_to(&self, item: usize) -> &[(u32, u8)] {
        &self.by_item[item]
    }

    /// Number of categories of an item.
    pub fn categories(&self, item: usize) -> usize {
        self.responses.items()[item].labels.len()
    }

    /// Scores on the items that are marked.
    pub fn scores(&'a self, anchors: &[bool]) -> Scores<'a> {
        let mut sums = vec![(0.0, 0.0); self.people.len()];
        let mut full = 0.0;
        for item in (0..anchors.len()).filter(|&item| anchors[item]) {
            full += self.highest[item];
            for &(person, category) in &self.by_item[item] {
                let sum: &mut (f64, f64) = &mut sums[person as usize];
                sum.0 += f64::from(category);
                sum.1 += self.highest[item];
            }
        }
        Scores { sample: self, anchors: anchors.to_vec(), sums, full }
    }
}

impl Scores<'_> {
    /// Answers to an item by matching score, in rising order of scores.
    pub fn strata(&self, item: usize, fineness: Fineness) -> Vec<Stratum> {
        let categories = self.sample.categories(item);
        let mut strata: BTreeMap<i64, (Stratum, f64)> = BTreeMap::new();
        for &(person, category) in self.sample.answers_to(item) {
            let Some((key, score)) = self.place(person as usize, item, category, fineness) else { continue };
            let (weight, side) = self.sample.member(person as usize);
            let empty = || {
                let counts = [vec![0.0; categories], vec![0.0; categories]];
                (Stratum { score: 0.0, counts }, 0.0)
            };
            let (stratum, people) = strata.entry(key).or_insert_with(empty);
            stratum.counts[side][usize::from(category)] += weight;
            // A running mean: exact for equal scores.
            *people += weight;
            stratum.score += (score - stratum.score) * weight / *people;
        }
        strata.into_values().map(|(stratum, _)| stratum).collect()
    }

    /// Key of the stratum and score of a person for an item, or nothing when the person is left out.
    fn place(&self, person: usize, item: usize, category: u8, fineness: Fineness) -> Option<(i64, f64)> {
        if let Matching::Given { values, .. } = &self.sample.options.matching {
            let value = values[self.sample.people[person].row];
            let key = if fineness == Fineness::Strata { self.sample.strata[person] } else { ordered_bits(value) };
            return Some((key, value));
        }
        let score = self.score(person, item, category)?;
        Some(match fineness {
            Fineness::Strata => (score.round() as i64, score.round()),
            Fineness::Exact => (ordered_bits(score), score),
        })
    }

    fn score(&self, person: usize, item: usize, category: u8) -> Option<f64> {
        let (mut points, mut attainable) = self.sums[person];
        let mut full = self.full;
        let own = self.sample.highest[item];
        let step = match (self.anchors[item], &self.sample.options.matching) {
            (true, Matching::Rest) => -1.0,
            (false, Matching::Total) => 1.0,
            _ => 0.0,
        };
        points += step * f64::from(category);
        attainable += step * own;
        full += step * own;
        match self.sample.options.missing {
            Missing::Nought => Some(points),
            // Whole numbers, so that equality is exact.
            Missing::LeftOut => (attainable == full).then_some(points),
            Missing::Prorated if attainable == full => Some(points),
            Missing::Prorated => (attainable > 0.0).then(|| points / attainable * full),
        }
    }
}

fn check(responses: &Responses, reference: usize, focal: usize, options: &DifOptions) -> Result<(), DifError> {
    let groups = responses.groups().len();
    if let Some(group) = [reference, focal].into_iter().find(|&group| group >= groups) {
        return Err(DifError::UnknownGroup { group, groups });
    }
    if reference == focal {
        return Err(DifError::SameGroup(responses.groups()[focal].clone()));
    }
    if responses.items().is_empty() {
        return Err(DifError::NoItems);
    }
    if !(options.level > 0.0 && options.level < 0.5 && options.enough >= 0.0) {
        return Err(DifError::Options);
    }
    if let Matching::Given { values, strata } = &options.matching {
        if values.len() != responses.len() {
            return Err(DifError::MatchingLength { values: values.len(), rows: responses.len() });
        }
        if *strata < 2 || values.iter().any(|value| !value.is_finite()) {
            return Err(DifError::Matching);
        }
    }
    Ok(())
}

/// Strata of about equal weight; equal values are never parted.
fn cut(people: &[Member], values: &[f64], strata: usize) -> Vec<i64> {
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by(|&a, &b| values[people[a].row].total_cmp(&values[people[b].row]));
    let whole: f64 = people.iter().map(|member| member.weight).sum();
    let mut stratum_of = vec![0; people.len()];
    let mut below = 0.0;
    let mut before: Option<(f64, i64)> = None;
    for place in order {
        let value = values[people[place].row];
        let stratum = match before {
            Some((same, stratum)) if same == value => stratum,
            _ => (below / whole * strata as f64).floor() as i64,
        };
        stratum_of[place] = stratum;
        before = Some((value, stratum));
        below += people[place].weight;
    }
    stratum_of
}

/// A whole number that is ordered as the finite number is.
fn ordered_bits(value: f64) -> i64 {
    // Nought has two signs and one value.
    let bits = (value + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}
