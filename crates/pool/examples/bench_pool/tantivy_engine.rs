//! The same search by tantivy: a document for each grant, its values as terms and as a column. It does less: of several grants of one
//! candidate it takes each by itself, it explains nothing, and it counts all values without choosing the commonest.

use super::Result;
use super::numbers::Numbers;
use super::people::{People, Search, now};
use jobfuture_pool::{Audience, Change, Projection, Query};
use std::collections::{BTreeSet, HashSet};
use std::hint::black_box;
use std::ops::Bound;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Occur, Query as TantivyQuery, RangeQuery, TermQuery};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema};
use tantivy::{DocId, Index, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument, Term};

/// Bytes that the one thread which writes may use.
const WRITER: usize = 500_000_000;
const SHOWN: usize = 20;

#[derive(Clone, Copy)]
struct Fields {
    atoms: Field,
    candidate: Field,
    until: Field,
    made: Field,
    pay: Field,
    zone_from: Field,
    zone_to: Field,
}

/// An index in memory, in one segment.
pub struct Tantivy {
    searcher: Searcher,
    fields: Fields,
    numbers: Numbers,
}

impl Tantivy {
    pub fn new(people: &People, count: u64) -> Result<Self> {
        let mut schema = Schema::builder();
        let fields = Fields {
            atoms: schema.add_u64_field("atoms", INDEXED | FAST),
            candidate: schema.add_u64_field("candidate", FAST),
            until: schema.add_i64_field("until", FAST),
            made: schema.add_i64_field("made", FAST),
            pay: schema.add_i64_field("pay", FAST),
            zone_from: schema.add_i64_field("zone_from", FAST),
            zone_to: schema.add_i64_field("zone_to", FAST),
        };
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, WRITER)?;
        let mut numbers = Numbers::default();
        for number in 0..count {
            let changes = people.person(number, 0);
            let hidden = changes.iter().filter_map(|change| match change {
                Change::Hidden { companies, .. } => Some(companies),
                _ => None,
            });
            let hidden: Vec<i32> = hidden.flatten().map(|id| numbers.of("hidden from", &id.to_string())).collect();
            for change in &changes {
                if let Change::Granted(projection) = change {
                    writer.add_document(fields.document(number, projection, &hidden, &mut numbers))?;
                }
            }
        }
        writer.commit()?;
        let segments = index.searchable_segment_ids()?;
        writer.merge(&segments).wait()?;
        writer.wait_merging_threads()?;
        Ok(Self { searcher: index.reader()?.searcher(), fields, numbers })
    }

    /// Answers in full, and says how many were found.
    pub fn search(&mut self, search: &Search) -> Result<usize> {
        let query = self.fields.query(search, &mut self.numbers);
        let nice = search.query.nice.iter().map(|one| self.numbers.of("competency", one) as u64).collect();
        let answer = self.searcher.search(&query, &Page { nice })?;
        let total = answer.total;
        black_box(answer);
        Ok(total)
    }

    /// Bytes in memory.
    pub fn size(&self) -> Result<u64> {
        Ok(self.searcher.space_usage()?.total().get_bytes())
    }
}

impl Fields {
    fn document(self, number: u64, projection: &Projection, hidden: &[i32], numbers: &mut Numbers) -> TantivyDocument {
        let (audience, role) = match &projection.audience {
            Audience::Pool { role } => (numbers.of("pool", role), Some(role.as_str())),
            Audience::Company(id) => (numbers.of("company", &id.to_string()), None),
        };
        let facts = &projection.facts;
        let mut document = TantivyDocument::default();
        let mut atoms = numbers.atoms(audience, role, facts);
        atoms.extend(facts.pay.as_ref().map(|pay| numbers.of("currency", &pay.currency)));
        atoms.iter().chain(hidden).for_each(|atom| document.add_u64(self.atoms, *atom as u64));
        document.add_u64(self.candidate, number);
        document.add_i64(self.until, projection.until.as_second());
        document.add_i64(self.made, projection.made_on.to_string().replace('-', "").parse().unwrap_or_default());
        if let Some(pay) = &facts.pay {
            document.add_i64(self.pay, pay.yearly);
        }
        if let Some(zones) = facts.zones {
            document.add_i64(self.zone_from, zones.from.into());
            document.add_i64(self.zone_to, zones.to.into());
        }
        document
    }

    fn has(self, atom: i32) -> Box<dyn TantivyQuery> {
        Box::new(TermQuery::new(Term::from_field_u64(self.atoms, atom as u64), IndexRecordOption::Basic))
    }

    fn any(self, atoms: impl IntoIterator<Item = i32>) -> Box<dyn TantivyQuery> {
        Box::new(BooleanQuery::union(atoms.into_iter().map(|atom| self.has(atom)).collect()))
    }

    fn query(self, search: &Search, numbers: &mut Numbers) -> BooleanQuery {
        let query: &Query = &search.query;
        let company = search.viewer.company().to_string();
        let mut audiences: Vec<i32> = search.roles.iter().map(|role| numbers.of("pool", role)).collect();
        audiences.push(numbers.of("company", &company));
        let mut clauses = vec![(Occur::Must, self.any(audiences))];
        clauses.extend(numbers.must(query).into_iter().map(|atom| (Occur::Must, self.has(atom))));
        if query.level.is_some() {
            clauses.push((Occur::Must, self.any(numbers.levels(query))));
        }
        let at = |field: Field, value: i64| Term::from_field_i64(field, value);
        let mut within = |from: Bound<Term>, to: Bound<Term>| {
            clauses.push((Occur::Must, Box::new(RangeQuery::new(from, to)) as Box<dyn TantivyQuery>));
        };
        within(Bound::Excluded(at(self.until, now().as_second())), Bound::Unbounded);
        if let Some(pay) = &query.pay {
            within(Bound::Unbounded, Bound::Included(at(self.pay, pay.yearly)));
        }
        if let Some(zones) = query.zones {
            within(Bound::Unbounded, Bound::Included(at(self.zone_from, zones.to.into())));
            within(Bound::Included(at(self.zone_to, zones.from.into())), Bound::Unbounded);
        }
        if let Some(pay) = &query.pay {
            clauses.push((Occur::Must, self.has(numbers.of("currency", &pay.currency))));
        }
        clauses.push((Occur::MustNot, self.has(numbers.of("hidden from", &company))));
        BooleanQuery::new(clauses)
    }
}

/// Who was found: how many, how many have each value, and the first twenty.
struct Page {
    nice: HashSet<u64>,
}

#[derive(Default)]
struct Answer {
    total: usize,
    counts: Vec<u32>,
    first: BTreeSet<(usize, i64, u64)>,
}

struct PageOfSegment {
    atoms: Column<u64>,
    candidate: Column<u64>,
    made: Column<i64>,
    nice: HashSet<u64>,
    seen: HashSet<u64>,
    answer: Answer,
}

impl Collector for Page {
    type Fruit = Answer;
    type Child = PageOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<PageOfSegment> {
        let columns = segment.fast_fields();
        let atoms = columns.u64("atoms")?;
        let counts = vec![0; atoms.max_value() as usize + 1];
        Ok(PageOfSegment {
            atoms,
            candidate: columns.u64("candidate")?,
            made: columns.i64("made")?,
            nice: self.nice.clone(),
            seen: HashSet::new(),
            answer: Answer { counts, ..Answer::default() },
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, answers: Vec<Answer>) -> tantivy::Result<Answer> {
        // There is one segment.
        Ok(answers.into_iter().next().unwrap_or_default())
    }
}

impl SegmentCollector for PageOfSegment {
    type Fruit = Answer;

    fn collect(&mut self, doc: DocId, _: Score) {
        let candidate = self.candidate.first(doc).unwrap_or_default();
        if !self.seen.insert(candidate) {
            return;
        }
        let mut nice = 0;
        for atom in self.atoms.values_for_doc(doc) {
            self.answer.counts[atom as usize] += 1;
            nice += usize::from(self.nice.contains(&atom));
        }
        self.answer.total += 1;
        self.answer.first.insert((nice, self.made.first(doc).unwrap_or_default(), candidate));
        if self.answer.first.len() > SHOWN {
            self.answer.first.pop_first();
        }
    }

    fn harvest(self) -> Answer {
        self.answer
    }
}
