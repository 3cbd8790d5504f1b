//! What filters, facets and the order need of each document of a segment, as rows of numbers.

use crate::bits::Bits;
use crate::schema::{FACETS, Number};
use crate::{Error, Facet};
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::SegmentReader;
use uuid::Uuid;

/// A value that more than one in so many documents have is kept as a set of bits, which is then smaller than a list.
const COMMON: usize = 32;

/// Of more than one in so many documents a facet is counted value by value, and not document by document.
const MANY: usize = 16;

/// Every value that a facet has had, and its number. Numbers are the same in all segments, and are never taken back: a value
/// that no document has any more is counted as zero, and is gone when the index is rebuilt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    values: Vec<(Facet, Arc<str>)>,
    numbers: [HashMap<Arc<str>, u32>; Facet::ALL.len()],
}

impl Vocabulary {
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The number of a value, if any document has ever had it.
    pub fn number(&self, facet: Facet, value: &str) -> Option<u32> {
        self.numbers[facet as usize].get(value).copied()
    }

    pub fn facet(&self, number: u32) -> Facet {
        self.values[number as usize].0
    }

    pub fn value(&self, number: u32) -> &Arc<str> {
        &self.values[number as usize].1
    }

    /// Every value with its facet, by number.
    pub fn values(&self) -> &[(Facet, Arc<str>)] {
        &self.values
    }

    /// The number of a value. What others read is copied only if there is something new to learn.
    fn learn(this: &mut Arc<Self>, facet: Facet, value: &str) -> u32 {
        if let Some(known) = this.number(facet, value) {
            return known;
        }
        let new = Arc::make_mut(this);
        let number = new.values.len() as u32;
        let value: Arc<str> = value.into();
        new.values.push((facet, value.clone()));
        new.numbers[facet as usize].insert(value, number);
        number
    }

    /// Bytes in memory, more or less.
    pub fn bytes(&self) -> usize {
        self.values.iter().map(|(_, value)| value.len() + 80).sum()
    }
}

/// The columns of one segment. Documents that were removed from it are in them as well.
#[derive(Debug)]
pub(crate) struct Columns {
    pub docs: u32,
    pub ids: Vec<Uuid>,
    pub published: Vec<i64>,
    pub confirmed: Vec<i64>,
    pub pay_min: Vec<i64>,
    pub pay_max: Vec<i64>,
    /// The number of the currency, if there is one.
    pub currency: Vec<Option<u32>>,
    /// Where the row of each document begins in `rows`.
    starts: Vec<u32>,
    /// The numbers of all values of a document, of whatever facet, side by side.
    rows: Vec<u32>,
    /// For each value, who has it.
    with: HashMap<u32, Docs>,
}

#[derive(Debug)]
enum Docs {
    Few(Box<[u32]>),
    Many(Bits),
}

impl Columns {
    pub fn load(reader: &SegmentReader, vocabulary: &mut Arc<Vocabulary>) -> Result<Self, Error> {
        let docs = reader.max_doc();
        let number = |which: Number| -> Result<Vec<i64>, Error> {
            let column = reader.fast_fields().i64(which.name()).map_err(Error::read)?;
            Ok((0..docs).map(|doc| column.first(doc).unwrap_or(0)).collect())
        };
        let halves = number(Number::IdHigh)?.into_iter().zip(number(Number::IdLow)?);
        let ids = halves.map(|(high, low)| Uuid::from_u64_pair(high.cast_unsigned(), low.cast_unsigned())).collect();
        let (starts, rows) = rows(reader, vocabulary)?;
        let row = |doc: u32| &rows[starts[doc as usize] as usize..starts[doc as usize + 1] as usize];
        let currency = |doc| row(doc).iter().copied().find(|value| vocabulary.facet(*value) == Facet::Currency);
        Ok(Self {
            docs,
            ids,
            published: number(Number::Published)?,
            confirmed: number(Number::Confirmed)?,
            pay_min: number(Number::PayMin)?,
            pay_max: number(Number::PayMax)?,
            currency: (0..docs).map(currency).collect(),
            with: with((0..docs).map(|doc| (doc, row(doc))), docs),
            starts,
            rows,
        })
    }

    /// Adds to the set whoever has this value.
    pub fn add_with(&self, value: u32, into: &mut Bits) {
        match self.with.get(&value) {
            None => {}
            Some(Docs::Few(docs)) => docs.iter().for_each(|doc| into.insert(*doc)),
            Some(Docs::Many(bits)) => into.or(bits),
        }
    }

    /// Counts every value of these documents.
    pub fn count(&self, docs: &Bits, counts: &mut [u32]) {
        docs.each(|doc| {
            for value in self.row(doc) {
                counts[*value as usize] += 1;
            }
        });
    }

    /// Counts the values of one facet.
    pub fn count_one(&self, docs: &Bits, facet: Facet, vocabulary: &Vocabulary, counts: &mut [u32]) {
        if docs.len() * MANY > self.docs as usize {
            for value in vocabulary.numbers[facet as usize].values() {
                counts[*value as usize] += match self.with.get(value) {
                    None => 0,
                    Some(Docs::Few(few)) => few.iter().filter(|doc| docs.contains(**doc)).count() as u32,
                    Some(Docs::Many(many)) => docs.in_common(many) as u32,
                };
            }
            return;
        }
        docs.each(|doc| {
            for value in self.row(doc).iter().filter(|value| vocabulary.facet(**value) == facet) {
                counts[*value as usize] += 1;
            }
        });
    }

    fn row(&self, doc: u32) -> &[u32] {
        &self.rows[self.starts[doc as usize] as usize..self.starts[doc as usize + 1] as usize]
    }

    /// Bytes in memory, more or less.
    pub fn bytes(&self) -> usize {
        let fixed = self.docs as usize * (16 + 4 * 8 + 8 + 4);
        let with = self.with.values().map(|docs| match docs {
            Docs::Few(few) => few.len() * 4 + 40,
            Docs::Many(bits) => bits.bytes() + 40,
        });
        fixed + self.rows.len() * 4 + with.sum::<usize>()
    }
}

/// The rows of facets, end to end, and where each begins.
fn rows(reader: &SegmentReader, vocabulary: &mut Arc<Vocabulary>) -> Result<(Vec<u32>, Vec<u32>), Error> {
    let docs = reader.max_doc();
    let (mut starts, mut rows) = (Vec::with_capacity(docs as usize + 1), Vec::new());
    let Some(column) = reader.fast_fields().str(FACETS).map_err(Error::read)? else {
        return Ok((vec![0; docs as usize + 1], rows));
    };
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut text = String::new();
    for ord in 0..column.num_terms() as u64 {
        text.clear();
        column.ord_to_str(ord, &mut text).map_err(Error::read)?;
        numbers.push(Facet::read(&text).map(|(facet, value)| Vocabulary::learn(vocabulary, facet, value)));
    }
    for doc in 0..docs {
        let start = rows.len();
        starts.push(start as u32);
        rows.extend(column.term_ords(doc).filter_map(|ord| numbers[ord as usize]));
        // A value that was given twice counts once.
        rows[start..].sort_unstable();
        let mut last = None;
        let mut kept = start;
        for at in start..rows.len() {
            if last != Some(rows[at]) {
                last = Some(rows[at]);
                rows[kept] = rows[at];
                kept += 1;
            }
        }
        rows.truncate(kept);
    }
    starts.push(rows.len() as u32);
    rows.shrink_to_fit();
    Ok((starts, rows))
}

/// For each value, who has it.
fn with<'a>(all: impl Iterator<Item = (u32, &'a [u32])>, size: u32) -> HashMap<u32, Docs> {
    let mut lists: HashMap<u32, Vec<u32>> = HashMap::new();
    for (doc, row) in all {
        row.iter().for_each(|value| lists.entry(*value).or_default().push(doc));
    }
    let kept = |list: Vec<u32>| {
        if list.len() * COMMON <= size as usize {
            return Docs::Few(list.into());
        }
        let mut bits = Bits::none(size);
        list.into_iter().for_each(|doc| bits.insert(doc));
        Docs::Many(bits)
    };
    lists.into_iter().map(|(value, list)| (value, kept(list))).collect()
}
