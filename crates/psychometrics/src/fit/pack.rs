//! Answers as rows of the tables, packed for the innermost loop.
//!
//! Of each item the most frequent of its categories and "not answered" is taken for granted: it is added for everybody at
//! once, and only what differs is listed. That halves the work for complete right-or-wrong answers.

use super::kernel::People;
use crate::responses::{Person, Responses};
use std::collections::HashMap;

/// People in a block, at least: its counts are added up in f32 before they are merged in f64, so it must not be long …
const BLOCK_PEOPLE: usize = 2048;
/// … and merging costs one addition per row, so it must not be short: it has at least this many codes per row.
const BLOCK_CODES: usize = 16;
/// Below this many answers equal patterns are always looked for.
const SMALL: usize = 1_000_000;
/// Otherwise they are when so many of the first people …
const PROBE: usize = 4096;
/// … leave at most this share of distinct patterns.
const WORTH: f64 = 0.7;

/// People or patterns that take part: rows of `Responses` with answers, and how many people each stands for.
#[derive(Clone, Debug)]
pub(crate) struct Roll {
    /// Ascending by group, then by first appearance.
    pub rows: Vec<u32>,
    pub weights: Vec<f64>,
    /// Answers in these rows.
    pub answers: usize,
}

impl Roll {
    /// Everybody who answered anything, equal patterns joined where that pays.
    pub fn new(responses: &Responses) -> Self {
        let join = responses.answers() <= SMALL || many_alike(responses);
        let mut found: HashMap<(usize, &[crate::responses::Answer]), usize> = HashMap::new();
        let (mut rows, mut weights) = (Vec::new(), Vec::new());
        for (index, person) in responses.iter().enumerate().filter(|(_, person)| !person.answers.is_empty()) {
            if join {
                let place = *found.entry((person.group, person.answers)).or_insert(rows.len());
                if place < rows.len() {
                    weights[place] += person.weight;
                    continue;
                }
            }
            rows.push(index as u32);
            weights.push(person.weight);
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&place| responses.person(rows[place] as usize).group);
        let rows: Vec<u32> = order.iter().map(|&place| rows[place]).collect();
        let answers = rows.iter().map(|&row| responses.person(row as usize).answers.len()).sum();
        Self { weights: order.iter().map(|&place| weights[place]).collect(), rows, answers }
    }

    /// Every `step`th of them.
    pub fn every(&self, step: usize, responses: &Responses) -> Self {
        let rows: Vec<u32> = self.rows.iter().step_by(step).copied().collect();
        let answers = rows.iter().map(|&row| responses.person(row as usize).answers.len()).sum();
        Self { rows, weights: self.weights.iter().step_by(step).copied().collect(), answers }
    }

    /// Those who take part.
    pub fn people<'a>(&'a self, responses: &'a Responses) -> impl Iterator<Item = Person<'a>> {
        let with_weight = |(&row, &weight): (&u32, &f64)| Person { weight, ..responses.person(row as usize) };
        self.rows.iter().zip(&self.weights).map(with_weight)
    }
}

fn many_alike(responses: &Responses) -> bool {
    let probe = responses.len().min(PROBE);
    let distinct: std::collections::HashSet<_> =
        responses.iter().take(probe).map(|person| (person.group, person.answers)).collect();
    (distinct.len() as f64) < WORTH * probe as f64
}

/// What of an item is taken for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Granted {
    Missing,
    Category(usize),
}

/// Which rows of the tables belong to an item: one for each category, in order, and one for "not answered".
#[derive(Clone, Copy, Debug)]
pub(crate) struct ItemRows {
    pub first: usize,
    pub categories: usize,
    pub granted: Granted,
}

/// Rows of all items.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub items: Vec<ItemRows>,
    /// Number of rows.
    pub rows: usize,
}

impl Layout {
    pub fn new(responses: &Responses, roll: &Roll) -> Self {
        let mut counts: Vec<Vec<usize>> = responses.items().iter().map(|item| vec![0; item.labels.len()]).collect();
        for person in roll.people(responses) {
            for answer in person.answers {
                counts[answer.item as usize][usize::from(answer.category)] += 1;
            }
        }
        let mut rows = 0;
        let items = counts.iter().map(|counts| {
            let missing = roll.rows.len() - counts.iter().sum::<usize>();
            let most = counts.iter().enumerate().rev().max_by_key(|(_, count)| **count);
            let granted = match most {
                Some((category, &count)) if count > missing => Granted::Category(category),
                _ => Granted::Missing,
            };
            let first = rows;
            rows += counts.len() + 1;
            ItemRows { first, categories: counts.len(), granted }
        });
        Self { items: items.collect(), rows }
    }
}

/// Codes, narrow where rows are few.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    Narrow(Vec<u16>),
    Wide(Vec<u32>),
}

/// People as codes, in blocks whose bounds depend on nothing but the answers.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub codes: Codes,
    starts: Vec<usize>,
    /// Empty when all are 1.
    weights: Vec<f64>,
    pub blocks: Vec<Block>,
}

/// People `first` … `last` − 1, all of one group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    first: usize,
    last: usize,
    pub group: usize,
}

impl Packed {
    pub fn new(responses: &Responses, roll: &Roll, layout: &Layout) -> Self {
        let mut starts = vec![0];
        let mut blocks: Vec<Block> = Vec::new();
        let narrow = layout.rows <= usize::from(u16::MAX) + 1;
        let mut codes = if narrow {
            Codes::Narrow(Vec::with_capacity(roll.answers))
        } else {
            Codes::Wide(Vec::with_capacity(roll.answers))
        };
        // Items that are not taken for granted when they are missing.
        let watched: Vec<u32> = (0..layout.items.len() as u32)
            .filter(|&item| layout.items[item as usize].granted != Granted::Missing)
            .collect();
        let mut length = 0;
        for (index, person) in roll.people(responses).enumerate() {
            let mut push = |row: usize| {
                length += 1;
                match &mut codes {
                    Codes::Narrow(codes) => codes.push(row as u16),
                    Codes::Wide(codes) => codes.push(row as u32),
                }
            };
            list(person, layout, &watched, &mut push);
            starts.push(length);
            match blocks.last_mut() {
                Some(block)
                    if block.group == person.group
                        && (block.last - block.first < BLOCK_PEOPLE
                            || starts[block.last] - starts[block.first] < BLOCK_CODES * layout.rows) =>
                {
                    block.last = index + 1;
                }
                _ => blocks.push(Block { first: index, last: index + 1, group: person.group }),
            }
        }
        let weights = if roll.weights.iter().all(|&weight| weight == 1.0) { Vec::new() } else { roll.weights.clone() };
        Self { codes, starts, weights, blocks }
    }

    /// The people of a block; `codes` are those of this very `Packed`.
    pub fn people<'a, C>(&'a self, block: Block, codes: &'a [C]) -> People<'a, C> {
        let weights = if self.weights.is_empty() { &[] } else { &self.weights[block.first..block.last] };
        People { codes, starts: &self.starts[block.first..=block.last], weights }
    }
}

/// Lists a person's rows that are not granted.
fn list(person: Person<'_>, layout: &Layout, watched: &[u32], push: &mut impl FnMut(usize)) {
    let mut next = 0;
    let missed = |item: u32, push: &mut dyn FnMut(usize)| {
        let rows = layout.items[item as usize];
        push(rows.first + rows.categories);
    };
    for answer in person.answers {
        while watched.get(next).is_some_and(|&item| item < answer.item) {
            missed(watched[next], push);
            next += 1;
        }
        if watched.get(next) == Some(&answer.item) {
            next += 1;
        }
        let rows = layout.items[answer.item as usize];
        if rows.granted != Granted::Category(usize::from(answer.category)) {
            push(rows.first + usize::from(answer.category));
        }
    }
    for &item in &watched[next..] {
        missed(item, push);
    }
}
