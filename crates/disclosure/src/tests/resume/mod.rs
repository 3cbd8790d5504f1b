//! Files of JSON Resume: what is taken over, what is not, and that no file does harm.

mod any;
mod hostile;
mod round;
mod schema;

use crate::{Field, FieldValue, ReadResume, ResumeFault, Vocabulary, read_resume, write_resume};
use serde_json::json;

/// A few words, two of which could be taken for each other.
pub(super) fn words() -> Vocabulary {
    let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(id, name)| ((*id).into(), (*name).into())).collect();
    Vocabulary {
        roles: pairs(&[("backend", "Backend developer"), ("data", "Data engineer")]),
        competencies: pairs(&[
            ("queries", "Database queries"),
            ("testing", "Testing"),
            ("review", "Code review"),
            ("old-testing", "testing"),
        ]),
        levels: pairs(&[("junior", "Junior"), ("middle", "Middle"), ("senior", "Senior")]),
    }
}

fn read(json: &serde_json::Value) -> ReadResume {
    read_resume(json.to_string().as_bytes(), &words()).unwrap()
}

/// What stands in one column of a field, entry by entry.
fn column(read: &ReadResume, field: Field, column: &str) -> Vec<String> {
    let entries = read.fields.get(&field).map(FieldValue::entries).unwrap_or_default();
    entries.iter().map(|entry| entry.get(column).cloned().unwrap_or_default()).collect()
}

#[test]
fn a_believable_file_is_taken_over_and_the_rest_is_told() {
    let read = read_resume(include_bytes!("fictional.json"), &words()).unwrap();
    let fields: Vec<_> = read.fields.iter().map(|(field, value)| json!({ field.id(): value.entries() })).collect();
    insta::assert_json_snapshot!(json!({ "fields": fields, "left_out": read.left_out }));
}

#[test]
fn what_does_not_fit_costs_an_entry_no_more_than_it_must() {
    let read = read(&json!({
        "work": [
            { "position": "Developer", "startDate": "Spring", "endDate": "2024", "summary": "x".repeat(2_001), "highlights": ["a"] },
            { "name": "Hill Books", "startDate": "2020-01" },
            { "position": "x".repeat(121), "name": "Hill Books" },
            { "position": "Tester", "startDate": "2021-05-06", "endDate": "2020-01" },
            7,
        ],
        "projects": [{ "name": "Atlas", "url": "javascript:alert(1)" }],
    }));
    assert_eq!(column(&read, Field::Experience, "title"), ["Developer", "Tester"]);
    assert_eq!(column(&read, Field::Experience, "from"), ["", "2021-05"]);
    assert_eq!(column(&read, Field::Experience, "about"), ["– a", ""]);
    assert_eq!(column(&read, Field::Projects, "url"), [""]);
    assert_eq!(
        read.left_out,
        [
            "work[4]: this is a number, where an object belongs.",
            "work[0].summary: this has 2001 characters; there is room for 2000.",
            "work[0].endDate “2024”: the month is not said, so the date is left out. Write year and month, as in 2024-03.",
            "work[0].startDate “Spring”: write year and month, as in 2024-03.",
            "work[1]: left out, because it has no position.",
            "work[2].position: this has 121 characters; there is room for 120. work[2] is left out with it.",
            "work[3].endDate “2020-01”: this ends before it begins. Put the earlier one first.",
            "projects[0].url “javascript:alert(1)”: write a whole address, as in https://example.org/page.",
            "Days were left out of dates: year and month are kept here.",
        ]
    );
}

#[test]
fn what_is_too_many_is_counted() {
    let jobs: Vec<_> = (0..25).map(|at| json!({ "position": format!("Developer {at}") })).collect();
    let lines = vec!["x".repeat(400); 6];
    let read = read(&json!({ "work": jobs, "projects": [{ "name": "Atlas", "highlights": lines }] }));
    assert_eq!(read.fields[&Field::Experience].entries().len(), 20);
    assert_eq!(
        read.left_out,
        [
            "projects[0].highlights: 3 of them were left out: with the text before them there is room for 1500 characters.",
            "work: there is room for 20 of them here. The last ones were left out, 5 in all.",
        ]
        .map(str::to_owned)
        .into_iter()
        .rev()
        .collect::<Vec<_>>()
    );
}

#[test]
fn what_was_changed_by_hand_goes_before_what_this_program_wrote() {
    let entry = |value: &str| [("kind".to_owned(), "email".to_owned()), ("value".to_owned(), value.to_owned())].into();
    let two = [entry("ada@example.org"), entry("ada@hill.example")];
    let value = FieldValue::check(Field::Contact, &two, &words()).unwrap().unwrap();
    let mut file = write_resume(&[(Field::Contact, value.clone())].into(), &words());
    assert_eq!(read(&file).fields[&Field::Contact], value);
    assert_eq!(read(&file).left_out, Vec::<String>::new());
    file["basics"]["email"] = json!("ada@new.example");
    let changed = read(&file);
    assert_eq!(column(&changed, Field::Contact, "value"), ["ada@new.example"]);
    assert_eq!(changed.left_out.len(), 1, "{:?}", changed.left_out);
}

#[test]
fn a_file_of_nothing_gives_nothing() {
    let read = read(&json!({}));
    assert!(read.fields.is_empty() && read.left_out.is_empty());
    assert!(write_resume(&read.fields, &words())["basics"].is_null());
    assert_eq!(read_resume(b"", &words()), Err(ResumeFault::NotJson { line: 1, column: 0 }));
}

#[test]
fn pages_are_taken_as_people_write_them_but_none_that_runs() {
    for (page, is_taken) in [
        ("https://ada.example.org/a?b#c", true),
        ("HTTP://ADA.EXAMPLE.ORG", true),
        ("ada.example.org", true),
        ("javascript:alert(document.domain)", false),
        ("JavaScript:alert(1.5)", false),
        ("data:text/html,a.b", false),
        ("https://a.b/\"><script>", false),
        ("my page", false),
    ] {
        let read = read(&json!({ "basics": { "profiles": [{ "url": page }] } }));
        assert_eq!(column(&read, Field::Contact, "value").len(), usize::from(is_taken), "{page}");
        assert_eq!(read.left_out.is_empty(), is_taken, "{page}");
    }
}

#[test]
fn what_cannot_be_seen_is_taken_out_of_texts_and_the_rest_is_kept() {
    let read = read(
        &json!({ "basics": { "summary": "a\u{202e}b\u{0}\r\n\tc" }, "work": vec![json!({ "position": "x" }); 30] }),
    );
    assert_eq!(column(&read, Field::Summary, "text"), ["ab\n\tc"]);
    assert_eq!(read.left_out, ["basics.summary: characters that cannot be seen were taken out."]);
    assert_eq!(column(&read, Field::Experience, "title"), ["x"], "what stands there twice is one entry");
}
