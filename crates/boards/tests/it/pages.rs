//! schema.org in pages, in the many ways in which it is written.

use crate::{fixture, only};
use jobfuture_boards::{Adapter, Employment, Fault, Per, Problem, Remote, read};
use serde_json::json;

fn page(scripts: &[&str]) -> String {
    let scripts: Vec<_> =
        scripts.iter().map(|script| format!("<script type=\"application/ld+json\">{script}</script>")).collect();
    format!("<!doctype html><html><head>{}</head><body></body></html>", scripts.concat())
}

#[test]
fn graphs_lists_and_broken_scripts_of_one_page() {
    let read = read(Adapter::Page, fixture!("page.html")).unwrap();
    let titles: Vec<_> = read.postings.iter().map(|posting| posting.title.as_str()).collect();
    assert_eq!(titles, ["Backend developer", "Night porter", "Seasonal helper"]);
    let backend = &read.postings[0];
    assert_eq!(backend.external_id, "77");
    assert_eq!(backend.company.as_deref(), Some("Hill Street Software"), "named by its @id");
    assert_eq!(backend.description.as_deref(), Some("You write Python.\n\nAnd SQL."));
    assert_eq!(backend.remote, Some(Remote::Remote));
    assert_eq!(backend.employment, [Employment::FullTime, Employment::Contract]);
    let from: Vec<_> = backend.remote_from.iter().map(|place| place.country.unwrap().code()).collect();
    assert_eq!(from, ["AT", "DE"]);
    assert_eq!(backend.closes_at.unwrap().to_string(), "2026-12-24", "a time without a zone is its day");
    assert_eq!(backend.pay.len(), 1, "what others estimate is not taken");
    let porter = &read.postings[1];
    assert_eq!(porter.external_id, "https://hill.example/jobs/porter");
    assert_eq!((porter.pay[0].min, porter.pay[0].per), (porter.pay[0].max, None), "one number is both ends");
    assert_eq!(read.postings[2].pay, [], "upside down");
    assert!(matches!(read.faults[0].problem, Problem::BrokenScript { line: 1, .. }), "{:?}", read.faults[0]);
    assert_eq!(read.faults[0].at, "$script[1]");
}

#[test]
fn pay_is_a_number_an_amount_or_a_range() {
    let pay = |salary: serde_json::Value| {
        let posting = json!({ "@type": "JobPosting", "title": "Cook", "url": "https://hill.example/1",
            "baseSalary": salary, "salaryCurrency": "EUR" });
        let pay = only(Adapter::Page, &posting).pay;
        pay.into_iter()
            .next()
            .map(|pay| (pay.min.map(|end| end.to_string()), pay.max.map(|end| end.to_string()), pay.per))
    };
    let ends = |min: &str, max: &str, per| Some((Some(min.to_owned()), Some(max.to_owned()), per));
    assert_eq!(pay(json!(30000)), ends("30000", "30000", None));
    assert_eq!(pay(json!("30000.5")), ends("30000.50", "30000.50", None));
    assert_eq!(pay(json!({ "@type": "MonetaryAmount", "currency": "EUR", "value": 17 })), ends("17", "17", None));
    let value = json!({ "@type": "QuantitativeValue", "value": 17.25, "unitText": "HOUR" });
    assert_eq!(
        pay(json!({ "@type": "MonetaryAmount", "currency": "EUR", "value": value })),
        ends("17.25", "17.25", Some(Per::Hour))
    );
    let value = json!({ "@type": "QuantitativeValue", "minValue": 2000, "maxValue": 2500, "unitCode": "MON" });
    assert_eq!(pay(json!([{ "currency": "EUR", "value": value }])), ends("2000", "2500", Some(Per::Month)));
    assert_eq!(pay(json!({ "currency": "EUR", "minValue": 0, "maxValue": 0 })), None, "nothing stated");
}

#[test]
fn a_page_without_a_posting_says_what_it_has() {
    let fault = |text: &str| read(Adapter::Page, text.as_bytes()).unwrap_err();
    assert_eq!(fault("<html></html>"), Fault::NoPosting { scripts: 0, broken: 0 });
    let text = page(&["{\"@type\":\"Organization\"}", "{ no json"]);
    assert_eq!(fault(&text), Fault::NoPosting { scripts: 2, broken: 1 });
    let in_a_comment = "<!-- <script type=\"application/ld+json\">{\"@type\":\"JobPosting\"}</script> -->";
    assert_eq!(fault(in_a_comment), Fault::NoPosting { scripts: 0, broken: 0 });
}

#[test]
fn scripts_may_stand_in_comments_or_cdata() {
    let posting = "{\"@type\":\"JobPosting\",\"title\":\"Cook\",\"url\":\"https://hill.example/1\"}";
    for script in [format!("<!--{posting}-->"), format!("//<![CDATA[\n{posting}\n//]]>"), posting.to_owned()] {
        let text = page(&[&script]);
        assert_eq!(read(Adapter::Page, text.as_bytes()).unwrap().postings.len(), 1, "{script}");
    }
}

#[test]
fn a_list_of_items_holds_postings() {
    let item = json!({ "@type": "JobPosting", "title": "Cook", "url": "https://hill.example/1" });
    let list =
        json!({ "@type": "ItemList", "itemListElement": [{ "@type": "ListItem", "position": 1, "item": item }] });
    assert_eq!(only(Adapter::Page, &list).title, "Cook");
}

#[test]
fn pages_are_read_in_the_encoding_that_they_declare() {
    let text = page(&["{\"@type\":\"JobPosting\",\"title\":\"Köchin\",\"url\":\"https://hill.example/1\"}"]);
    let text = text.replace("<head>", "<head><meta charset=\"iso-8859-1\">");
    let bytes: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    assert_eq!(read(Adapter::Page, &bytes).unwrap().postings[0].title, "Köchin");
    let undeclared: Vec<u8> = text.replace("iso-8859-1", "utf-8").chars().map(|letter| letter as u8).collect();
    assert!(matches!(read(Adapter::Page, &undeclared), Err(Fault::NotText { .. })));
    let utf16: Vec<u8> = "\u{feff}[]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(Adapter::Lever, &utf16).unwrap().listed, 0);
}
