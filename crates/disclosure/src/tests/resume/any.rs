//! Whatever is read: it does not panic, and what is taken over fits.

use super::words;
use crate::{FieldValue, ReadResume, read_resume, write_resume};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Keys and texts that the reader knows, so that arbitrary files come far into it.
const KNOWN_KEYS: &[&str] = &[
    "basics",
    "work",
    "education",
    "projects",
    "languages",
    "skills",
    "meta",
    "jobfuture",
    "volunteer",
    "name",
    "label",
    "email",
    "phone",
    "url",
    "summary",
    "location",
    "profiles",
    "city",
    "region",
    "country",
    "countryCode",
    "position",
    "startDate",
    "endDate",
    "highlights",
    "area",
    "studyType",
    "institution",
    "description",
    "language",
    "fluency",
    "keywords",
    "pay",
    "zone",
    "contact",
    "least",
    "currency",
    "per",
    "from",
    "to",
    "kind",
    "value",
    "experience",
    "title",
];
const KNOWN_TEXTS: &[&str] = &[
    "2024",
    "2024-03",
    "2024-03-15",
    "2024-13",
    "Present",
    "B2",
    "native",
    "https://a.example/b",
    "javascript:x",
    "ada@a.example",
    "Testing",
    "EUR",
    "year",
    "7",
    "-7",
    "email",
    "– a\n– b",
    "a\u{202e}b",
    "\u{0}",
    "AT",
    "data",
    "2024-03-15T00:00:00Zé",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        select(KNOWN_TEXTS).prop_map(str::to_owned),
        any::<String>(),
        ("[a-zé –\n]", 0..3_000_usize).prop_map(|(c, n)| c.repeat(n))
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        6 => text().prop_map(Value::from),
    ];
    let key = prop_oneof![9 => select(KNOWN_KEYS).prop_map(str::to_owned), 1 => any::<String>()];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..9).prop_map(|pairs| Value::Object(Map::from_iter(pairs))),
        ]
    })
}

/// Entries of every section, with keys that belong there more often than not.
fn file() -> impl Strategy<Value = Value> {
    let entry = prop::collection::vec(
        (select(KNOWN_KEYS), prop_oneof![4 => text().prop_map(Value::from), 1 => json_value()]),
        0..12,
    );
    let entry =
        entry.prop_map(|pairs| Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()));
    let list = prop::collection::vec(entry.clone(), 0..4).prop_map(Value::from);
    (entry, list.clone(), list.clone(), list.clone(), list.clone(), list).prop_map(|(basics, work, projects, languages, skills, other)| {
        json!({ "basics": basics, "work": work, "projects": projects, "languages": languages, "skills": skills, "education": other,
            "meta": { "jobfuture": { "pay": other, "zone": work, "contact": skills, "experience": projects, "roles": languages } } })
    })
}

fn fits(read: &ReadResume) -> Result<(), TestCaseError> {
    for (field, value) in &read.fields {
        prop_assert_eq!(FieldValue::check(*field, value.entries(), &words()), Ok(Some(value.clone())), "{:?}", field);
    }
    let file = write_resume(&read.fields, &words());
    let again = read_resume(file.to_string().as_bytes(), &words());
    prop_assert_eq!(again.as_ref().map(|again| &again.fields), Ok(&read.fields), "{}", file);
    let faults = super::schema::faults(&file);
    prop_assert!(faults.is_empty(), "{:?} in {}", faults, file);
    Ok(())
}

proptest! {
    #[test]
    fn arbitrary_json_gives_values_that_fit(json in prop_oneof![json_value(), file(), file()]) {
        match read_resume(json.to_string().as_bytes(), &words()) {
            Ok(read) => fits(&read)?,
            Err(fault) => prop_assert!(!json.is_object(), "{}", fault),
        }
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_resume(&bytes, &words());
    }

    #[test]
    fn a_file_with_a_few_bytes_changed_does_no_harm(changes in prop::collection::vec((0..2_500_usize, any::<u8>()), 1..4)) {
        let mut bytes = include_bytes!("fictional.json").to_vec();
        for (at, byte) in changes {
            if let Some(old) = bytes.get_mut(at) {
                *old = byte;
            }
        }
        if let Ok(read) = read_resume(&bytes, &words()) {
            fits(&read)?;
        }
    }
}
