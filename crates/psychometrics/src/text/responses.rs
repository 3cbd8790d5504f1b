//! Answers from a table: a row a person (or a pattern), a column an item.

use super::error::{TextError, shown, some_names};
use super::labels::{Labels, NoCode, is_missing, whole};
use super::source::Source;
use super::table::header;
use crate::responses::{Answer, ItemColumn, MAX_ITEMS, MAX_WEIGHT, Responses};
use csv::ByteRecord;
use std::collections::{HashMap, VecDeque};
use std::io::Read;

/// Groups at most: more are no groups but a column of something else.
const MAX_GROUPS: usize = 1000;

/// How a table of answers is to be read. All columns that are named nowhere here are items.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Column that says how many people gave the row's answers.
    pub weights: Option<String>,
    /// Column that says which group the row's person is in.
    pub groups: Option<String>,
    /// What is done with a row whose group is missing.
    pub no_group: NoGroup,
    /// Column that names the person, kept for results.
    pub id: Option<String>,
    /// Columns that are no items.
    pub ignore: Vec<String>,
    /// Items of a bank, with whole numbers as labels. Then nothing else may be answered, and the answers have the order of
    /// these items. If there are none, items and categories are those of the table.
    pub known: Option<Vec<ItemColumn>>,
}

/// What is done with a row whose group is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoGroup {
    /// It is a fault.
    #[default]
    Refuse,
    /// The row is left out and counted: attributes are given freely, and people may keep theirs to themselves.
    LeaveOut,
}

/// Answers as they were read.
#[derive(Clone, Debug)]
pub struct ReadResponses {
    /// The answers.
    pub responses: Responses,
    /// What each row's person is called, if there is a column for it; else empty.
    pub ids: Vec<String>,
    /// What was met on the way.
    pub notes: ReadNotes,
}

/// What a reader met that is no fault but should be known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadNotes {
    /// What separates the cells.
    pub separator: char,
    /// Rows below the header.
    pub rows: u64,
    /// Rows without any answer. They count as people and change nothing else.
    pub unanswered: u64,
    /// Rows of weight 0, which were left out.
    pub weightless: u64,
    /// Rows left out because their group is missing.
    pub groupless: u64,
    /// Items whose categories have a gap (1, 2, 4): they count as neighbours.
    pub gaps: Vec<ItemColumn>,
}

impl ReadNotes {
    /// The notes as sentences; none when nothing was out of the ordinary.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.separator != ',' {
            let name = if self.separator == '\t' { "tabulators" } else { "semicolons" };
            notes.push(format!("the cells are separated by {name}"));
        }
        let counted = [
            (self.weightless, "of weight 0, left out"),
            (self.groupless, "without a group, left out"),
            (self.unanswered, "without any answer, counted as people; they change nothing else"),
        ];
        for (count, what) in counted.into_iter().filter(|(count, _)| *count > 0) {
            notes.push(format!("{count} {} {what}", if count == 1 { "row" } else { "rows" }));
        }
        for item in self.gaps.iter().take(5) {
            let labels = item.labels.join(", ");
            notes.push(format!("item {}: its categories {labels} have a gap and count as neighbours", item.name));
        }
        if self.gaps.len() > 5 {
            notes.push(format!("so have those of {} more items", self.gaps.len() - 5));
        }
        notes
    }
}

/// Reads answers. Memory: some five bytes an answer while it reads, beside the result.
///
/// Categories are whole numbers in ascending order; where a table holds nothing but 0 and 1, every item has both. Cells
/// that are empty or `NA` were not answered.
///
/// # Errors
/// See [`TextError`]; each names its row and column.
pub fn read_responses<R: Read>(input: R, options: &ReadOptions) -> Result<ReadResponses, TextError> {
    let mut source = Source::open(input)?;
    let names = header(&mut source, MAX_ITEMS)?;
    let mut reading = Reading::new(names, options)?;
    reading.notes.separator = char::from(source.separator);
    let mut record = ByteRecord::new();
    while let Some(row) = source.next(&mut record)? {
        reading.row(row, &record)?;
    }
    reading.finish()
}

/// What a column is.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Item(u32),
    Weight,
    Group,
    Id,
    Ignored,
}

/// Answers as they come: an item's index in the upper bits, the code of its category in the lowest eight. No row is
/// divided between two chunks.
#[derive(Default)]
struct Pending {
    chunks: VecDeque<Vec<u32>>,
    /// How much of the first chunk was given back.
    taken: usize,
}

/// Answers in a chunk: given back one by one while the result grows, so that both are never there at once.
const CHUNK: usize = 1 << 18;

struct Reading<'a> {
    options: &'a ReadOptions,
    names: Vec<String>,
    roles: Vec<Role>,
    items: Vec<String>,
    labels: Vec<Labels>,
    groups: Vec<String>,
    group_of_name: HashMap<Vec<u8>, u16>,
    pending: Pending,
    rows: Vec<(u32, f64, u16)>,
    ids: Vec<String>,
    notes: ReadNotes,
    /// Answers of the row under way.
    row: Vec<u32>,
}

impl<'a> Reading<'a> {
    fn new(names: Vec<String>, options: &'a ReadOptions) -> Result<Self, TextError> {
        let mut roles = special(&names, options)?;
        let mut items = Vec::new();
        let mut labels = Vec::new();
        let known: Option<HashMap<&str, usize>> = options
            .known
            .as_ref()
            .map(|known| known.iter().enumerate().map(|(index, item)| (item.name.as_str(), index)).collect());
        let mut any = false;
        for (role, name) in roles.iter_mut().zip(&names).filter(|(role, _)| matches!(role, Role::Item(_))) {
            any = true;
            let index = match &known {
                Some(known) => *known.get(name.as_str()).ok_or_else(|| TextError::NotInBank(shown(name.as_bytes())))?,
                None => {
                    items.push(name.clone());
                    items.len() - 1
                }
            };
            *role = Role::Item(index as u32);
        }
        if !any {
            return Err(TextError::NoItems(some_names(names.iter().map(String::as_str))));
        }
        match &options.known {
            Some(known) => {
                for (index, item) in known.iter().enumerate() {
                    let values: Option<Vec<i64>> = item.labels.iter().map(|label| whole(label.as_bytes())).collect();
                    let says = || "its labels are no whole numbers".to_owned();
                    let number = index + 1;
                    let values =
                        values.ok_or_else(|| TextError::BankItem { name: item.name.clone(), number, says: says() })?;
                    labels.push(Labels::known(&values));
                }
            }
            None => labels = vec![Labels::open(); items.len()],
        }
        Ok(Self {
            options,
            names,
            roles,
            items,
            labels,
            groups: Vec::new(),
            group_of_name: HashMap::new(),
            pending: Pending::default(),
            rows: Vec::new(),
            ids: Vec::new(),
            notes: ReadNotes::default(),
            row: Vec::new(),
        })
    }

    fn row(&mut self, row: u64, record: &ByteRecord) -> Result<(), TextError> {
        if record.len() != self.roles.len() {
            return Err(TextError::Ragged { row, found: record.len(), wanted: self.roles.len() });
        }
        self.notes.rows += 1;
        self.row.clear();
        let (mut weight, mut group, mut id) = (1.0, Some(0), "");
        for (column, (cell, role)) in record.iter().zip(&self.roles).enumerate() {
            let cell = cell.trim_ascii();
            match role {
                Role::Item(_) if is_missing(cell) => {}
                Role::Item(item) => match self.labels[*item as usize].code(cell) {
                    Ok(code) => self.row.push(*item << 8 | u32::from(code)),
                    Err(why) => return Err(self.no_code(&why, row, column, cell)),
                },
                Role::Weight => weight = weight_of(cell, row, &self.names[column])?,
                Role::Group => {
                    group = group_of(&mut self.groups, &mut self.group_of_name, cell, row, &self.names[column])?
                }
                Role::Id => id = text_of(cell, row, &self.names[column])?,
                Role::Ignored => {}
            }
        }
        if weight == 0.0 {
            self.notes.weightless += 1;
            return Ok(());
        }
        let Some(group) = group else {
            if self.options.no_group == NoGroup::LeaveOut {
                self.notes.groupless += 1;
                return Ok(());
            }
            let column = self.options.groups.clone().unwrap_or_default();
            return Err(TextError::NoGroup { row, column });
        };
        if self.options.id.is_some() {
            self.ids.push(id.to_owned());
        }
        self.notes.unanswered += u64::from(self.row.is_empty());
        if self.options.known.is_some() {
            // The table's columns may stand in another order than the bank's items.
            self.row.sort_unstable();
        }
        self.rows.push((self.row.len() as u32, weight, group));
        self.pending.push(&self.row);
        Ok(())
    }

    #[cold]
    fn no_code(&self, why: &NoCode, row: u64, column: usize, cell: &[u8]) -> TextError {
        let name = &self.names[column];
        let (column, found) = (shown(name.as_bytes()), shown(cell));
        match why {
            NoCode::NotWhole => TextError::Category { row, column, found },
            NoCode::TooMany => TextError::TooManyCategories { row, column },
            NoCode::Unknown => {
                let known = self.options.known.iter().flatten().find(|item| item.name == *name);
                let known = known.map_or_else(String::new, |item| item.labels.join(", "));
                TextError::UnknownCategory { row, column, found, known }
            }
        }
    }

    fn finish(mut self) -> Result<ReadResponses, TextError> {
        if self.notes.rows == 0 {
            return Err(TextError::NoRows);
        }
        if self.rows.is_empty() && self.notes.weightless > 0 {
            return Err(TextError::NoWeight);
        }
        let (columns, codes) = match &self.options.known {
            Some(known) => (known.clone(), None),
            None => {
                let (columns, codes) = self.ordered();
                self.notes.gaps = columns.iter().filter(|column| has_gap(column)).cloned().collect();
                (columns, Some(codes))
            }
        };
        let mut responses = Responses::new(columns, self.groups)?;
        let mut answers = Vec::new();
        for (count, weight, group) in self.rows {
            answers.clear();
            for packed in self.pending.take(count as usize) {
                let (item, code) = (packed >> 8, *packed as u8);
                let category = codes.as_ref().map_or(code, |codes| codes[item as usize][usize::from(code)]);
                answers.push(Answer { item, category });
            }
            responses.push(&answers, weight, usize::from(group))?;
        }
        Ok(ReadResponses { responses, ids: self.ids, notes: self.notes })
    }

    /// Columns with their labels in ascending order, and for each the category of each code.
    fn ordered(&mut self) -> (Vec<ItemColumn>, Vec<Vec<u8>>) {
        let right_or_wrong = self.labels.iter().all(|labels| labels.found().iter().all(|label| (0..2).contains(label)));
        let mut columns = Vec::with_capacity(self.items.len());
        let mut codes = Vec::with_capacity(self.items.len());
        for (name, labels) in std::mem::take(&mut self.items).into_iter().zip(&self.labels) {
            let mut sorted = if right_or_wrong { vec![0, 1] } else { labels.found().to_vec() };
            sorted.sort_unstable();
            let rank = |label: &i64| sorted.partition_point(|other| other < label) as u8;
            codes.push(labels.found().iter().map(rank).collect());
            columns.push(ItemColumn { name, labels: sorted.iter().map(i64::to_string).collect() });
        }
        (columns, codes)
    }
}

impl Pending {
    fn push(&mut self, row: &[u32]) {
        let fits = self.chunks.back().is_some_and(|chunk| chunk.capacity() - chunk.len() >= row.len());
        if !fits {
            self.chunks.push_back(Vec::with_capacity(CHUNK.max(row.len())));
        }
        if let Some(chunk) = self.chunks.back_mut() {
            chunk.extend_from_slice(row);
        }
    }

    /// The next row, of `count` answers.
    fn take(&mut self, count: usize) -> &[u32] {
        if count > 0 && self.chunks.front().is_some_and(|chunk| self.taken == chunk.len()) {
            self.chunks.pop_front();
            self.taken = 0;
        }
        let from = self.taken;
        self.taken += count;
        self.chunks.front().and_then(|chunk| chunk.get(from..from + count)).unwrap_or_default()
    }
}

/// What each column is; items are not numbered yet.
fn special(names: &[String], options: &ReadOptions) -> Result<Vec<Role>, TextError> {
    let mut roles = vec![Role::Item(0); names.len()];
    let asked = [(&options.weights, Role::Weight), (&options.groups, Role::Group), (&options.id, Role::Id)];
    let asked = asked.into_iter().filter_map(|(name, role)| Some((name.as_ref()?, role)));
    for (name, role) in asked.chain(options.ignore.iter().map(|name| (name, Role::Ignored))) {
        let Some(column) = names.iter().position(|other| other == name) else {
            let known = some_names(names.iter().map(String::as_str));
            return Err(TextError::NoColumn { wanted: name.clone(), role: role.name(), known });
        };
        match roles[column] {
            Role::Item(_) => roles[column] = role,
            before if before == role => {}
            before => {
                let (first, second) = (before.name(), role.name());
                return Err(TextError::TwoRoles { name: name.clone(), first, second });
            }
        }
    }
    Ok(roles)
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Item(_) => "an item",
            Self::Weight => "the weights",
            Self::Group => "the groups",
            Self::Id => "the names of people",
            Self::Ignored => "ignored",
        }
    }
}

fn weight_of(cell: &[u8], row: u64, column: &str) -> Result<f64, TextError> {
    let weight = std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok());
    let fault = || TextError::Weight { row, column: column.to_owned(), found: shown(cell) };
    weight.filter(|weight| (0.0..=MAX_WEIGHT).contains(weight)).ok_or_else(fault)
}

/// The index of a group, a new one if it was not met before; nothing if it is missing.
fn group_of(
    groups: &mut Vec<String>,
    index_of: &mut HashMap<Vec<u8>, u16>,
    cell: &[u8],
    row: u64,
    column: &str,
) -> Result<Option<u16>, TextError> {
    if is_missing(cell) {
        return Ok(None);
    }
    if let Some(index) = index_of.get(cell) {
        return Ok(Some(*index));
    }
    if groups.len() == MAX_GROUPS {
        return Err(TextError::TooManyGroups { row, column: column.to_owned(), limit: MAX_GROUPS });
    }
    let index = groups.len() as u16;
    groups.push(text_of(cell, row, column)?.to_owned());
    index_of.insert(cell.to_owned(), index);
    Ok(Some(index))
}

fn text_of<'a>(cell: &'a [u8], row: u64, column: &str) -> Result<&'a str, TextError> {
    std::str::from_utf8(cell).map_err(|_| TextError::NotUtf8 { row, column: column.to_owned() })
}

/// Whether a whole number is missing between two labels.
fn has_gap(column: &ItemColumn) -> bool {
    let values: Vec<i64> = column.labels.iter().filter_map(|label| whole(label.as_bytes())).collect();
    values.windows(2).any(|pair| pair[1] - pair[0] != 1)
}
