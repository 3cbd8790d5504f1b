//! A table, for companies whose board has no adapter.

use super::draft::{Draft, Stated};
use super::{MOST_POSTINGS, Read};
use crate::country::Country;
use crate::fault::{Fault, Field, Problem};
use crate::posting::Place;
use crate::text;
use ::csv::{ByteRecord, ReaderBuilder, StringRecord, Trim};

/// The columns of a file of CSV. `external_id` and `title` must be there; the others may be, in any order.
///
/// Places and employment may be several, parted by `|`. Amounts are whole units of the currency, dates as `2026-11-30`.
pub const COLUMNS: [&str; 19] = [
    "external_id",
    "title",
    "company",
    "url",
    "apply_url",
    "description",
    "department",
    "team",
    "seniority",
    "place",
    "country",
    "remote",
    "employment",
    "pay_min",
    "pay_max",
    "pay_currency",
    "pay_per",
    "published_on",
    "closes_on",
];

/// Without these there is no posting.
const NEEDED: [&str; 2] = ["external_id", "title"];

pub(super) fn read(text: &str) -> Result<Read, Fault> {
    let header_line = text.trim_start().lines().next().ok_or(Fault::NoHeader)?;
    // Spreadsheets write semicolons where the comma is the decimal mark.
    let delimiter = if header_line.contains(';') && !header_line.contains(',') { b';' } else { b',' };
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(Trim::Headers).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|wrong| not_csv(&wrong))?.clone();
    let columns = columns(&header)?;
    let mut read = Read::default();
    let mut record = ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).map_err(|wrong| not_csv(&wrong))? {
        rows += 1;
        if rows > MOST_POSTINGS {
            return Err(Fault::TooMany(rows));
        }
        let number = rows + 1;
        match StringRecord::from_byte_record(record.clone()) {
            Ok(fields) => read.take(posting(&Row { columns: &columns, fields: &fields, number })),
            // The text was checked, so this cannot be; said, not hidden.
            Err(_) => return Err(Fault::NotText { at: 0 }),
        }
    }
    Ok(read)
}

fn not_csv(wrong: &::csv::Error) -> Fault {
    let line = wrong.position().map_or(1, ::csv::Position::line);
    Fault::NotCsv { line, why: wrong.to_string() }
}

/// The header's names in their order, each known and none twice.
fn columns(header: &StringRecord) -> Result<Vec<&'static str>, Fault> {
    let mut columns: Vec<&'static str> = Vec::new();
    for name in header {
        let Some(known) = COLUMNS.iter().find(|known| known.eq_ignore_ascii_case(name)) else {
            return Err(Fault::UnknownColumn { name: super::draft::quoted(name), known: COLUMNS.join(", ") });
        };
        if columns.contains(known) {
            return Err(Fault::SameColumn((*known).to_owned()));
        }
        columns.push(known);
    }
    match NEEDED.iter().find(|needed| !columns.contains(needed)) {
        Some(missing) => Err(Fault::MissingColumn(missing)),
        None => Ok(columns),
    }
}

/// One row; the header is row 1.
struct Row<'a> {
    columns: &'a [&'static str],
    fields: &'a StringRecord,
    number: usize,
}

impl Row<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let at = self.columns.iter().position(|column| *column == name)?;
        self.fields.get(at).filter(|text| !text.trim().is_empty())
    }

    fn several(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).into_iter().flat_map(|text| text.split('|')).filter(|text| !text.trim().is_empty())
    }

    fn at(&self, name: &str) -> String {
        format!("row {}, {name}", self.number)
    }
}

fn posting(row: &Row<'_>) -> Draft {
    let mut draft = Draft::new(format!("row {}", row.number));
    if row.fields.len() != row.columns.len() {
        let at = draft.at.clone();
        draft.fault(None, &at, Problem::Ragged { fields: row.fields.len(), columns: row.columns.len() });
        return draft;
    }
    let mut line = |field, name| row.get(name).and_then(|text| draft.plain_line(field, &row.at(name), text));
    let external_id = line(Field::Id, "external_id").unwrap_or_default();
    let title = line(Field::Title, "title").unwrap_or_default();
    let company = line(Field::Company, "company");
    let department = line(Field::Department, "department");
    let team = line(Field::Team, "team");
    let seniority = line(Field::Seniority, "seniority");
    let posting = &mut draft.posting;
    (posting.external_id, posting.title, posting.company) = (external_id, title, company);
    (posting.department, posting.team, posting.seniority) = (department, team, seniority);
    let mut address =
        |field, name| row.get(name).and_then(|text| draft.plain_address(field, &row.at(name), text.trim()));
    let (url, apply_url) = (address(Field::Url, "url"), address(Field::ApplyUrl, "apply_url"));
    (draft.posting.url, draft.posting.apply_url) = (url, apply_url);
    if let Some(text) = row.get("description") {
        draft.describe(&row.at("description"), vec![text::lines(text)]);
    }
    places(&mut draft, row);
    draft.posting.remote = row.get("remote").and_then(|text| draft.plain_remote(&row.at("remote"), text));
    for word in row.several("employment") {
        draft.plain_employment(&row.at("employment"), word);
    }
    pay(&mut draft, row);
    let mut moment = |field, name| row.get(name).and_then(|text| draft.plain_moment(field, &row.at(name), text));
    let (published, closes) = (moment(Field::PublishedAt, "published_on"), moment(Field::ClosesAt, "closes_on"));
    (draft.posting.published_at, draft.posting.closes_at) = (published, closes);
    draft
}

/// The country is that of every place of the row; by itself it is a place.
fn places(draft: &mut Draft, row: &Row<'_>) {
    let named = row.get("country");
    let country = named.and_then(Country::parse);
    if let (Some(text), None) = (named, country) {
        let problem = Problem::Country(super::draft::quoted(text));
        draft.fault(Some(Field::Place), &row.at("country"), problem);
    }
    for text in row.several("place") {
        if let Some(text) = draft.plain_line(Field::Place, &row.at("place"), text) {
            let place = Place::of_text(text);
            draft.at_place(Some(Place { country: country.or(place.country), ..place }));
        }
    }
    if draft.posting.places.is_empty()
        && let Some(text) = named.filter(|_| country.is_some())
    {
        draft.at_place(Some(Place { text: text::line(text), country, region: None, city: None }));
    }
}

fn pay(draft: &mut Draft, row: &Row<'_>) {
    let mut ends = [None, None];
    for (end, name) in ends.iter_mut().zip(["pay_min", "pay_max"]) {
        if let Some(text) = row.get(name) {
            match draft.plain_amount(&row.at(name), text) {
                Some(amount) => *end = Some(amount),
                None => return,
            }
        }
    }
    let per = match row.get("pay_per") {
        None => Ok(None),
        Some(text) => draft.plain_period(&row.at("pay_per"), text),
    };
    if let Ok(per) = per {
        let stated = Stated { label: None, ends: (ends[0], ends[1]), currency: row.get("pay_currency"), per };
        draft.pay(&row.at("pay_min"), stated);
    }
}

/// Whether a text begins with a row that names our columns.
pub(super) fn has_header(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let names: Vec<&str> = line.split([',', ';']).map(|name| name.trim().trim_matches('"')).collect();
    NEEDED.iter().all(|needed| names.iter().any(|name| name.eq_ignore_ascii_case(needed)))
}
