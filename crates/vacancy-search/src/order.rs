//! The order of what was found, and the page of it that is asked for.

use crate::asked::Asked;
use crate::bits::Bits;
use crate::columns::{Columns, Vocabulary};
use crate::narrow::Narrowed;
use crate::schema::Place;
use crate::segment::Part;
use crate::state::State;
use crate::{Error, Facet, Query, Sort};
use std::cmp::Ordering;
use uuid::Uuid;

/// By what a document is ordered: the greater number first; by id what is equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    by: [i64; 3],
    id: Uuid,
}

impl Ord for Standing {
    fn cmp(&self, other: &Self) -> Ordering {
        other.by.cmp(&self.by).then_with(|| self.id.cmp(&other.id))
    }
}

impl PartialOrd for Standing {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The page that a query asks for.
pub(crate) fn page(state: &State, asked: &Asked, narrowed: &Narrowed, query: &Query) -> Result<Vec<Uuid>, Error> {
    let end = query.offset.saturating_add(query.limit).min(narrowed.total);
    if end <= query.offset {
        return Ok(Vec::new());
    }
    let groups = if query.sort == Sort::Pay { groups(&narrowed.counts, &state.vocabulary) } else { Vec::new() };
    let mut first = First::new(end);
    for (part, docs) in state.parts.iter().zip(&narrowed.docs) {
        let columns = &part.segment.columns;
        match query.sort {
            Sort::Freshness => first.take(docs, columns, |at| fresh(columns, at)),
            Sort::Pay => first.take(docs, columns, |at| {
                let group = columns.currency[at].map_or(i64::MIN, |number| groups[number as usize]);
                [group, columns.pay_min[at], columns.pay_max[at]]
            }),
            Sort::Relevance => {
                let points = points(part, asked, docs)?;
                first.take(docs, columns, |at| {
                    let [published, confirmed, _] = fresh(columns, at);
                    [i64::from(points[at]), published, confirmed]
                });
            }
        }
    }
    Ok(first.done().into_iter().skip(query.offset).map(|place| place.id).collect())
}

fn fresh(columns: &Columns, at: usize) -> [i64; 3] {
    [columns.published[at], columns.confirmed[at], 0]
}

/// For each value that is a currency its group, by how many of those found have it: the greater, the earlier.
fn groups(counts: &[u32], vocabulary: &Vocabulary) -> Vec<i64> {
    let currencies = (0..).zip(vocabulary.values()).filter(|(_, (facet, _))| *facet == Facet::Currency);
    let mut found: Vec<(u32, &str, u32)> =
        currencies.map(|(number, (_, code))| (counts[number as usize], code.as_ref(), number)).collect();
    found.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
    let mut groups = vec![i64::MIN; counts.len()];
    (0..).zip(found).for_each(|(rank, (_, _, number)): (i64, _)| groups[number as usize] = -rank);
    groups
}

/// Points by where the words stand.
fn points(part: &Part, asked: &Asked, docs: &Bits) -> Result<Vec<u16>, Error> {
    let mut points = vec![0; part.segment.columns.docs as usize];
    if docs.is_empty() {
        return Ok(points);
    }
    for (place, worth) in [(Place::Title, Sort::POINTS.0), (Place::Facts, Sort::POINTS.1)] {
        for found in &asked.terms {
            found.docs(part, place)?.each(|doc| points[doc as usize] += worth);
        }
    }
    Ok(points)
}

/// The first so many of all that are shown to it.
struct First {
    wanted: usize,
    places: Vec<Standing>,
    /// The last that was among them when they were last put in order: whoever is behind it needs no look.
    last: Option<Standing>,
}

impl First {
    fn new(wanted: usize) -> Self {
        Self { wanted, places: Vec::new(), last: None }
    }

    fn take(&mut self, docs: &Bits, columns: &Columns, by: impl Fn(usize) -> [i64; 3]) {
        docs.each(|doc| {
            let by = by(doc as usize);
            if self.last.is_none_or(|last| by >= last.by) {
                self.push(Standing { by, id: columns.ids[doc as usize] });
            }
        });
    }

    fn push(&mut self, place: Standing) {
        if self.last.is_some_and(|last| place > last) {
            return;
        }
        self.places.push(place);
        if self.places.len() >= self.wanted.saturating_mul(2) {
            self.cut();
            self.last = self.places.iter().max().copied();
        }
    }

    fn cut(&mut self) {
        if self.places.len() > self.wanted {
            self.places.select_nth_unstable(self.wanted - 1);
            self.places.truncate(self.wanted);
        }
    }

    fn done(mut self) -> Vec<Standing> {
        self.cut();
        self.places.sort_unstable();
        self.places
    }
}
