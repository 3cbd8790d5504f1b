//! Files that are uploaded: recognised by their shape, and CSV.

use crate::{all, fixture, sentences};
use jobfuture_boards::{Adapter, Fault, read, recognise};

#[test]
fn files_are_recognised_by_their_shape() {
    for (adapter, bytes) in all() {
        assert_eq!(recognise(bytes), Some(adapter));
    }
    for (text, adapter) in [
        ("{\"jobs\":[],\"meta\":{\"total\":0}}", Some(Adapter::Greenhouse)),
        ("{\"apiVersion\":\"1\",\"jobs\":[]}", Some(Adapter::Ashby)),
        ("{\"name\":\"Hill\",\"jobs\":[]}", Some(Adapter::Workable)),
        ("{\"offers\":[]}", Some(Adapter::Recruitee)),
        ("<workzag-jobs/>", Some(Adapter::Personio)),
        ("{\"@type\":\"JobPosting\"}", Some(Adapter::Page)),
        ("title;external_id\n", Some(Adapter::Csv)),
        ("[]", None),
        ("{\"jobs\":[]}", None),
        ("name,salary\n", None),
        ("<html></html>", None),
        ("", None),
    ] {
        assert_eq!(recognise(text.as_bytes()), adapter, "{text}");
    }
    assert_eq!(recognise(&[0xff, 0xfe, 0xfd]), None);
}

#[test]
fn a_table_is_read_row_by_row() {
    let read = read(Adapter::Csv, fixture!("postings.csv")).unwrap();
    let developer = &read.postings[0];
    assert_eq!(developer.description.as_deref(), Some("Two paragraphs.\n\nThe < b>second< /b>, with a \"quote\"."));
    assert_eq!(
        developer.places.iter().map(|place| place.text.as_str()).collect::<Vec<_>>(),
        ["Porto, Portugal", "Lisbon"]
    );
    assert!(developer.places.iter().all(|place| place.country.unwrap().code() == "PT"));
    assert_eq!(developer.pay[0].currency.code(), "EUR");
    assert_eq!((read.listed, read.postings.len()), (6, 4), "{:#?}", sentences(&read));
    assert_eq!(read.postings[3].places[0].text, "Portugal");
}

#[test]
fn spreadsheets_write_semicolons_and_a_byte_order_mark() {
    let text = "\u{feff}Title;external_id;pay_min;pay_max;pay_currency;pay_per\nCook;1;2000;2500;EUR;month\n";
    let read = read(Adapter::Csv, text.as_bytes()).unwrap();
    assert_eq!((read.faults.len(), read.postings[0].pay.len()), (0, 1));
}

#[test]
fn a_wrong_header_is_said() {
    let fault = |text: &str| read(Adapter::Csv, text.as_bytes()).unwrap_err();
    assert_eq!(fault(""), Fault::NoHeader);
    assert_eq!(fault("external_id\n"), Fault::MissingColumn("title"));
    assert_eq!(fault("title,external_id,title\n"), Fault::SameColumn("title".into()));
    assert!(matches!(fault("title,external_id,salary\n"), Fault::UnknownColumn { name, .. } if name == "salary"));
}

#[test]
fn what_is_too_large_or_too_many_is_refused() {
    assert!(matches!(read(Adapter::Lever, &vec![b' '; 33 << 20]), Err(Fault::TooLarge { .. })));
    let many = format!("[{}1]", "1,".repeat(10_000));
    assert_eq!(read(Adapter::Lever, many.as_bytes()), Err(Fault::TooMany(10_001)));
    let rows = format!("external_id,title\n{}", "1,Cook\n".repeat(10_001));
    assert_eq!(read(Adapter::Csv, rows.as_bytes()), Err(Fault::TooMany(10_001)));
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(matches!(read(Adapter::Page, deep.as_bytes()), Err(Fault::NotJson { .. })));
}
