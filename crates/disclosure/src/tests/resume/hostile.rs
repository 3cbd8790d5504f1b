//! Files that somebody made to do harm, by what they attack.

use super::{read, words};
use crate::{Field, ReadResume, ResumeFault, read_resume};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Far more than any of them needs, in a build for debugging on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

#[test]
fn files_that_cannot_be_read_are_refused_with_the_reason() {
    use ResumeFault::{NotAnObject, NotJson, NotUtf8, TooDeep, TooLarge, TooManyValues};
    let bytes = |text: &str| text.as_bytes().to_vec();
    let deep = |most: usize| format!("{{\"work\": {}{}}}", "[".repeat(most - 1), "]".repeat(most - 1));
    let many = |most: usize| json!({ "work": vec![0; most - 2] }).to_string();
    let cases: Vec<(&str, Vec<u8>, ResumeFault)> = vec![
        ("10 MB", vec![b' '; 10_000_000], TooLarge),
        ("10 MB of one text", bytes(&json!({ "basics": "x".repeat(10_000_000) }).to_string()), TooLarge),
        ("one byte too many", vec![b' '; crate::LARGEST_RESUME + 1], TooLarge),
        ("100,000 lists deep", bytes(&"[".repeat(100_000)), TooDeep),
        ("80,000 objects deep", bytes(&"{\"a\":".repeat(80_000)), TooDeep),
        ("one too deep", bytes(&deep(33)), TooDeep),
        ("one value too many", bytes(&many(10_001)), TooManyValues),
        ("very many values", bytes(&format!("[{}", "[],".repeat(150_000))), TooManyValues),
        ("bytes", vec![b'{', 0xff, b'}'], NotUtf8),
        ("UTF-16", [0xff, 0xfe, b'{', 0, b'}', 0].to_vec(), NotUtf8),
        ("a surrogate as bytes", b"{\"a\":\"\xed\xa0\x80\"}".to_vec(), NotUtf8),
        ("half a pair", bytes(r#"{"basics": {"name": "\ud800"}}"#), NotJson { line: 1, column: 28 }),
        ("cut off", bytes("{\n\"work\": ["), NotJson { line: 2, column: 9 }),
        ("two files", bytes("{}\n{}"), NotJson { line: 2, column: 1 }),
        ("a control character", bytes("{\"a\": \"\u{0}\"}"), NotJson { line: 1, column: 8 }),
        ("a number without end", bytes("{\"a\": 1e999}"), NotJson { line: 1, column: 11 }),
        ("not a number", bytes("{\"a\": NaN}"), NotJson { line: 1, column: 7 }),
        ("a list", bytes("[]"), NotAnObject),
        ("nothing", bytes("null"), NotAnObject),
    ];
    for (case, file, expected) in cases {
        let began = Instant::now();
        assert_eq!(read_resume(&file, &words()), Err(expected), "{case}");
        assert!(began.elapsed() < LONGEST, "{case}");
        assert!(expected.to_string().ends_with('.'), "{case}");
    }
    for (case, file) in [("as deep as may be", deep(32)), ("as many as may be", many(10_000))] {
        assert!(read_resume(file.as_bytes(), &words()).is_ok(), "{case}");
    }
}

/// A file in which the same stands everywhere that the schema knows.
fn everywhere(value: &Value) -> Value {
    let v = value;
    let dated = json!({ "name": v, "position": v, "startDate": v, "endDate": v, "summary": v, "highlights": [v],
        "institution": v, "area": v, "studyType": v, "description": v, "url": v, "language": v, "fluency": v, "keywords": [v] });
    json!({ "$schema": v, "meta": { "jobfuture": { "pay": [{ "least": v }], "contact": v } },
        "basics": { "name": v, "label": v, "email": v, "phone": v, "url": v, "summary": v, "image": v,
            "location": { "city": v, "region": v, "countryCode": v, "country": v, "address": v }, "profiles": [{ "url": v, "network": v }] },
        "work": [dated], "education": [dated], "projects": [dated], "languages": [dated], "skills": [dated],
        "volunteer": v, "awards": v, "certificates": v, "publications": v, "interests": v, "references": v, "other": v })
}

#[test]
fn the_same_everywhere_is_taken_as_text_or_left_out_with_a_sentence() {
    let nested = json!({ "a": [{ "b": {} }] });
    for (case, value, taken) in [
        ("numbers", json!(7), 0),
        ("truth", json!(true), 0),
        ("objects", json!({}), 0),
        ("nested objects", nested, 0),
        ("lists", json!([]), 0),
        ("nulls", Value::Null, 0),
        ("blanks", json!(" \t\n"), 0),
        ("huge strings", json!("x".repeat(4_500)), 0),
        ("short strings", json!("x"), 9),
        ("scripts", json!("<script>alert(1)</script>"), 9),
    ] {
        let read = read(&everywhere(&value));
        assert_eq!(read.fields.len(), taken, "{case}: {:?}", read.fields.keys());
        assert_eq!(read.left_out.is_empty(), matches!(case, "nulls" | "blanks"), "{case}: {:#?}", read.left_out);
        assert!(read.left_out.iter().all(|says| says.chars().count() < 300), "{case}: {:#?}", read.left_out);
    }
    for key in everywhere(&Value::Null).as_object().unwrap().keys().filter(|key| *key != "$schema") {
        assert_ne!(read(&json!({ key.as_str(): 7 })).left_out, Vec::<String>::new(), "{key}");
    }
}

#[test]
fn a_script_is_a_text_like_another() {
    let script = "<script>alert(\"1\")</script>";
    let read = read(&everywhere(&json!(script)));
    let text = |field: Field, column: &str| read.fields[&field].entries()[0][column].clone();
    assert_eq!(text(Field::Name, "name"), script);
    assert_eq!(text(Field::Experience, "about"), format!("{script}\n– {script}"));
    // It is no address, so it is none of a page, and no way to reach somebody but the telephone, of which anything is taken.
    assert_eq!(super::column(&read, Field::Contact, "kind"), ["phone"]);
    assert!(!read.fields[&Field::Projects].entries()[0].contains_key("url"));
}

#[test]
fn odd_files_are_read_as_they_are_meant() {
    let name = |file: &str| -> (Option<String>, ReadResume) {
        let read = read_resume(file.as_bytes(), &words()).unwrap();
        (read.fields.get(&Field::Name).map(|value| value.entries()[0]["name"].clone()), read)
    };
    let cases = [
        ("a mark before the file", "\u{feff}{\"basics\": {\"name\": \"Ada\"}}", Some("Ada"), 0),
        ("a key twice", r#"{"basics": {"name": "Ben", "name": "Ada"}}"#, Some("Ada"), 0),
        ("a part twice", r#"{"basics": {"name": "Ben"}, "basics": {"name": "Ada"}}"#, Some("Ada"), 0),
        ("a whole pair", r#"{"basics": {"name": "Ada \ud83d\ude00"}}"#, Some("Ada 😀"), 0),
        ("steering", r#"{"basics": {"name": "A\u202eda\u0000"}}"#, Some("Ada"), 1),
        ("a line break", r#"{"basics": {"name": "Ada\nFictional"}}"#, Some("Ada Fictional"), 1),
        ("a mark alone", r#"{"basics": {"name": "\ufeff"}}"#, None, 1),
    ];
    for (case, file, expected, sentences) in cases {
        let (found, read) = name(file);
        assert_eq!(found.as_deref(), expected, "{case}");
        assert_eq!(read.left_out.len(), sentences, "{case}: {:?}", read.left_out);
    }
}

#[test]
fn a_file_that_is_wrong_everywhere_costs_little_and_says_how_much_it_does_not_say() {
    let jobs: Vec<Value> =
        (0..3_000).map(|at| json!({ "position": format!("{at}"), "startDate": format!("x{at}") })).collect();
    let skills: Vec<Value> = (0..3_000).map(|at| json!(format!("skill {at}"))).collect();
    let mut keys = json!({ "work": jobs[..1_500], "skills": [{ "keywords": skills[..2_000] }] });
    (0..2_000).for_each(|at| keys[format!("\u{202e}key {at}")] = json!(1));
    let began = Instant::now();
    let read = read(&keys);
    assert!(began.elapsed() < LONGEST);
    assert_eq!(read.left_out.len(), 201);
    assert_eq!(read.left_out[200], "There are 1303 more of this sort in the file.");
    assert!(read.left_out.iter().all(|says| !says.contains('\u{202e}')));
}
