//! What is written is read again as it was.

use super::words;
use crate::{Column, Entry, Field, FieldValue, Kind, read_resume, write_resume};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;

/// Texts that have a meaning in some place of a file.
const MEANT: &[&str] = &[
    "Present",
    "2024",
    "ada@example.org",
    "https://ada.example.org/ü?a[]=1#b#c",
    "– a",
    "AT",
    "Testing",
    "Ada",
    "+43 1 555",
];
const PAGES: &[&str] = &[
    "https://a.example",
    "http://a.example:80/b?c#d",
    "https://ü.example/%zz%41",
    "https://a.example:x/",
    "https://a.b/[1]#2#3",
];

fn texts(kind: Kind) -> BoxedStrategy<String> {
    if let Some(choices) = words().choices(kind) {
        return select(choices.into_iter().map(|(id, _)| id.to_owned()).collect::<Vec<_>>()).boxed();
    }
    match kind {
        Kind::Line(_) => prop_oneof!["\\PC{1,30}", select(MEANT).prop_map(str::to_owned)].boxed(),
        Kind::Text(most) => {
            let begin = select(&["", "", "– ", "– ", "– – ", "• ", " ", "\t"][..]);
            let some = vec((begin, "\\PC{0,20}"), 1..9);
            let lines = some.prop_map(|lines| {
                lines.into_iter().map(|(begin, line)| format!("{begin}{line}")).collect::<Vec<_>>().join("\n")
            });
            prop_oneof![9 => lines, 1 => Just("– a\n".repeat(most / 4))].boxed()
        }
        Kind::Url => prop_oneof![select(PAGES).prop_map(str::to_owned), "https://[a-z]{1,9}\\.org/[!-~]{0,20}"].boxed(),
        Kind::Month => (prop_oneof![9 => 1900..2100, 1 => 0..9999], 1..=12)
            .prop_map(|(year, month)| format!("{year:04}-{month:02}"))
            .boxed(),
        Kind::Day => {
            (1900..2100, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")).boxed()
        }
        Kind::Whole { least, most } => (least..=most).prop_map(|number| number.to_string()).boxed(),
        Kind::Currency => "[A-Z]{3}".boxed(),
        Kind::Choice(_) | Kind::Role | Kind::Competency | Kind::Level => unreachable!("these have choices"),
    }
}

fn cells(column: &'static Column) -> BoxedStrategy<Option<(String, String)>> {
    let filled = texts(column.kind).prop_map(|text| Some((column.key.to_owned(), text)));
    if column.required { filled.boxed() } else { prop_oneof![3 => filled, 1 => Just(None)].boxed() }
}

fn entries(field: Field) -> impl Strategy<Value = Entry> {
    let cells: Vec<_> = field.columns().iter().map(cells).collect();
    cells.prop_map(move |cells| {
        let mut entry: Entry = cells.into_iter().flatten().collect();
        // What begins after it ends would not be taken, so it is turned round.
        if let (Some(from), Some(to)) = (entry.get("from").cloned(), entry.get("to").cloned()) {
            let number = |text: &String| text.parse::<i64>().ok();
            let is_wrong = if field == Field::Zone { number(&from) > number(&to) } else { from > to };
            if is_wrong {
                entry.extend([("from".to_owned(), to), ("to".to_owned(), from)]);
            }
        }
        entry
    })
}

/// What fits a field; nothing, where what came up does not.
fn values(field: Field) -> impl Strategy<Value = Option<(Field, FieldValue)>> {
    let most = field.most_entries().min(7);
    vec(entries(field), 0..=most).prop_map(move |entries| {
        let fit = |entry: &Entry| FieldValue::check(field, std::slice::from_ref(entry), &words()).is_ok();
        let entries: Vec<Entry> = entries.into_iter().filter(fit).collect();
        FieldValue::check(field, &entries, &words()).ok().flatten().map(|value| (field, value))
    })
}

fn profiles() -> impl Strategy<Value = BTreeMap<Field, FieldValue>> {
    let fields = Field::ALL.into_iter().filter(|field| field.holds_something());
    let values: Vec<_> = fields.map(|field| values(field).boxed()).collect();
    values.prop_map(|values| values.into_iter().flatten().collect())
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_as_it_was(fields in profiles()) {
        let file = write_resume(&fields, &words());
        let text = serde_json::to_string_pretty(&file).unwrap();
        let read = read_resume(text.as_bytes(), &words()).unwrap();
        for field in Field::ALL {
            prop_assert_eq!(read.fields.get(&field), fields.get(&field), "{:?} in {}", field, text);
        }
        let faults = super::schema::faults(&file);
        prop_assert!(faults.is_empty(), "{:?} in {}", faults, text);
    }
}

#[test]
fn every_field_comes_up_and_plain_ones_need_no_part_of_ours() {
    let value = |field: Field| {
        let mut entry: Entry = field
            .columns()
            .iter()
            .filter_map(|column| plain(column.kind).map(|text| (column.key.to_owned(), text)))
            .collect();
        if field == Field::Contact {
            entry.insert("value".to_owned(), "ada@example.org".to_owned());
        }
        (field, FieldValue::check(field, &[entry], &words()).unwrap().unwrap())
    };
    let fields: BTreeMap<_, _> = Field::ALL.into_iter().filter(|field| field.holds_something()).map(value).collect();
    let file = write_resume(&fields, &words());
    let ours: Vec<&str> = file["meta"]["jobfuture"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(ours, ["handle", "roles", "seniority", "remote", "zone", "pay", "availability", "right-to-work"]);
    let read = super::read(&file);
    assert_eq!(read.fields, fields);
    assert_eq!(read.left_out, Vec::<String>::new());
}

fn plain(kind: Kind) -> Option<String> {
    let text = match kind {
        Kind::Line(_) => "Ada",
        Kind::Text(_) => "Search\n– a\n– b",
        Kind::Url => "https://a.example/b",
        Kind::Month => "2024-03",
        Kind::Day => "2027-01-15",
        Kind::Whole { .. } => "7",
        Kind::Currency => "EUR",
        _ => return words().choices(kind)?.first().map(|(id, _)| (*id).to_owned()),
    };
    Some(text.to_owned())
}

#[test]
fn the_largest_profiles_are_within_what_is_read() {
    for filling in ["界", "– a\n", "\"\n"] {
        let fields = Field::ALL.into_iter().filter_map(|field| Some((field, largest(field, filling)?))).collect();
        let text = serde_json::to_string_pretty(&write_resume(&fields, &words())).unwrap();
        let read = read_resume(text.as_bytes(), &words()).map(|read| read.fields);
        assert_eq!(read, Ok(fields), "{filling:?}: {} bytes", text.len());
    }
}

/// As many entries as there is room for, each as long as may be.
fn largest(field: Field, filling: &str) -> Option<FieldValue> {
    let count = filling.chars().count();
    let full = |most: usize, at: usize| {
        // A number first, so that entries differ; and a character last, so that nothing is trimmed.
        let text = format!("{at:02}\n{}", filling.repeat((most - 4) / count));
        format!("{}x", text.trim_end())
    };
    let cell = |column: &Column, at: usize| match column.kind {
        Kind::Line(most) => Some(full(most, at).replace('\n', " ")),
        Kind::Text(most) => Some(full(most, at)),
        // Written a second time, because the schema has it in ASCII only.
        Kind::Url => Some(format!("https://a.example/{}", "ü".repeat(280))),
        kind => plain(kind),
    };
    let entry = |at: usize| {
        field.columns().iter().filter_map(|column| Some((column.key.to_owned(), cell(column, at)?))).collect()
    };
    let entries: Vec<Entry> = (0..field.most_entries()).map(entry).collect();
    FieldValue::check(field, &entries, &words()).unwrap()
}
