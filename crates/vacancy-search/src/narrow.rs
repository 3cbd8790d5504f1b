//! Filters and facet counts, by sets of bits.

use crate::asked::{Asked, Found};
use crate::bits::Bits;
use crate::columns::{Columns, Vocabulary};
use crate::schema::Place;
use crate::segment::Part;
use crate::state::State;
use crate::{Count, Error, Facet, Query, Remote};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What was found: by part of the index, and counted.
pub(crate) struct Narrowed {
    pub docs: Vec<Bits>,
    pub total: usize,
    /// Counts of all values, by number.
    pub counts: Vec<u32>,
}

/// A query's filters, by the numbers of what they name.
struct Filters {
    /// Any of these values. A value that nobody has ever had has no number.
    any: Vec<(Facet, Vec<u32>)>,
    /// All of these.
    all: Vec<Option<u32>>,
    pay: Option<Pay>,
}

struct Pay {
    yearly: i64,
    currency: Option<u32>,
}

impl Narrowed {
    /// Narrows by words and filters, and counts.
    pub fn find(state: &State, asked: &Asked, query: &Query) -> Result<Self, Error> {
        let filters = Filters::of(query, &state.vocabulary);
        if !asked.unknown.is_empty() {
            let docs = state.parts.iter().map(|part| Bits::none(part.segment.columns.docs)).collect();
            return Ok(Self { docs, total: 0, counts: vec![0; state.vocabulary.len()] });
        }
        if asked.terms.is_empty() && filters.is_empty() {
            return Ok(Self::everything(state));
        }
        let mut counts = vec![0; state.vocabulary.len()];
        let mut docs = Vec::with_capacity(state.parts.len());
        for part in &state.parts {
            let base = with_words(part, &asked.terms)?;
            docs.push(filters.narrow(base, &part.segment.columns, &state.vocabulary, &mut counts));
        }
        let total = docs.iter().map(Bits::len).sum();
        Ok(Self { docs, total, counts })
    }

    fn everything(state: &State) -> Self {
        let docs: Vec<Bits> = state.parts.iter().map(Part::everything).collect();
        let count = || {
            let mut counts = vec![0; state.vocabulary.len()];
            state.parts.iter().zip(&docs).for_each(|(part, docs)| part.segment.columns.count(docs, &mut counts));
            counts
        };
        let counts = state.everything.get_or_init(count).clone();
        Self { docs, total: state.len, counts }
    }

    /// The counts that the query wants, by facet.
    pub fn facets(&self, query: &Query, vocabulary: &Vocabulary) -> BTreeMap<Facet, Vec<Count>> {
        let mut counts: BTreeMap<Facet, Vec<(u32, u32)>> = Facet::ALL.map(|facet| (facet, Vec::new())).into();
        for (number, count) in (0..).zip(&self.counts).filter(|(_, count)| **count > 0) {
            if let Some(counts) = counts.get_mut(&vocabulary.facet(number)) {
                counts.push((*count, number));
            }
        }
        let shown = |(facet, counts)| (facet, self.shown(facet, counts, query, vocabulary));
        counts.into_iter().map(shown).collect()
    }

    /// The values of one facet that most have, and those that were asked for.
    fn shown(&self, facet: Facet, mut counts: Vec<(u32, u32)>, query: &Query, vocabulary: &Vocabulary) -> Vec<Count> {
        let order = |one: &(u32, u32), other: &(u32, u32)| {
            other.0.cmp(&one.0).then_with(|| vocabulary.value(one.1).cmp(vocabulary.value(other.1)))
        };
        if query.facet_limit < counts.len() {
            if query.facet_limit > 0 {
                counts.select_nth_unstable_by(query.facet_limit - 1, order);
            }
            counts.truncate(query.facet_limit);
        }
        counts.sort_unstable_by(order);
        let count = |(count, number): (u32, u32)| Count { value: vocabulary.value(number).clone(), count };
        let mut shown: Vec<Count> = counts.into_iter().map(count).collect();
        let mut left_out: Vec<Count> = Vec::new();
        for value in asked_for(query, facet) {
            if !shown.iter().chain(&left_out).any(|count| count.value == value) {
                let number = vocabulary.number(facet, &value);
                left_out.push(Count { value, count: number.map_or(0, |number| self.counts[number as usize]) });
            }
        }
        left_out.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
        shown.extend(left_out);
        shown
    }
}

/// Whoever has all words, and is there.
fn with_words(part: &Part, terms: &[Found]) -> Result<Bits, Error> {
    let Some((first, rest)) = terms.split_first() else { return Ok(part.everything()) };
    let mut docs = first.docs(part, Place::All)?;
    for found in rest {
        if docs.is_empty() {
            return Ok(docs);
        }
        docs.and(&found.docs(part, Place::All)?);
    }
    part.keep_alive(&mut docs);
    Ok(docs)
}

/// The values that a query asks for, as counts name them.
fn asked_for(query: &Query, facet: Facet) -> Vec<Arc<str>> {
    let texts = |values: &[String]| values.iter().map(|value| value.as_str().into()).collect();
    match facet {
        Facet::Role => texts(&query.roles),
        Facet::Level => texts(&query.levels),
        Facet::Competency => texts(&query.competencies),
        Facet::Remote => query.remote.iter().map(|remote: &Remote| remote.key().into()).collect(),
        Facet::Zone => texts(&query.zones),
        Facet::Country => texts(&query.countries),
        Facet::Employment => texts(&query.employment),
        Facet::Company => query.companies.iter().map(|id: &Uuid| id.hyphenated().to_string().into()).collect(),
        Facet::Currency => query.pay_at_least.iter().map(|floor| floor.currency.as_str().into()).collect(),
    }
}

impl Filters {
    fn of(query: &Query, vocabulary: &Vocabulary) -> Self {
        let mut any = Vec::new();
        // Of competencies all are asked for; the currency goes with the pay.
        for facet in Facet::ALL.into_iter().filter(|facet| !matches!(facet, Facet::Competency | Facet::Currency)) {
            let values = asked_for(query, facet);
            if !values.is_empty() {
                any.push((facet, values.iter().filter_map(|value| vocabulary.number(facet, value)).collect()));
            }
        }
        let number = |value: &String| vocabulary.number(Facet::Competency, value);
        let pay = query
            .pay_at_least
            .as_ref()
            .map(|floor| Pay { yearly: floor.yearly, currency: vocabulary.number(Facet::Currency, &floor.currency) });
        Self { any, all: query.competencies.iter().map(number).collect(), pay }
    }

    fn is_empty(&self) -> bool {
        self.any.is_empty() && self.all.is_empty() && self.pay.is_none()
    }

    /// Narrows what the words found, and counts: each facet as if nothing of it had been asked for.
    fn narrow(&self, mut base: Bits, columns: &Columns, vocabulary: &Vocabulary, counts: &mut [u32]) -> Bits {
        for competency in &self.all {
            let mut with = Bits::none(columns.docs);
            competency.iter().for_each(|number| columns.add_with(*number, &mut with));
            base.and(&with);
        }
        let sets = self.sets(&base, columns);
        let mut found = base.clone();
        sets.iter().for_each(|(_, docs)| found.and(docs));
        columns.count(&found, counts);
        for (facet, _) in &sets {
            let mut more = base.clone();
            sets.iter().filter(|(other, _)| other != facet).for_each(|(_, docs)| more.and(docs));
            more.and_not(&found);
            columns.count_one(&more, *facet, vocabulary, counts);
        }
        found
    }

    /// For each filter but competencies, whoever passes it.
    fn sets(&self, base: &Bits, columns: &Columns) -> Vec<(Facet, Bits)> {
        let with = |(facet, values): &(Facet, Vec<u32>)| {
            let mut docs = Bits::none(columns.docs);
            values.iter().for_each(|value| columns.add_with(*value, &mut docs));
            (*facet, docs)
        };
        let mut sets: Vec<(Facet, Bits)> = self.any.iter().map(with).collect();
        if let Some(pay) = &self.pay {
            let mut docs = Bits::none(columns.docs);
            base.each(|doc| {
                let at = doc as usize;
                if pay.currency.is_some() && columns.currency[at] == pay.currency && columns.pay_max[at] >= pay.yearly {
                    docs.insert(doc);
                }
            });
            sets.push((Facet::Currency, docs));
        }
        sets
    }
}
