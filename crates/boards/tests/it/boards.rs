//! Each board's fixture: all fields, and by name the traps that it holds.

use crate::{all, fixture, only, sentences, shown};
use jobfuture_boards::{Adapter, Employment, Fault, Lack, Moment, Per, Problem, Read, Remote, read};
use serde_json::json;

fn whole(adapter: Adapter, bytes: &[u8]) -> Read {
    read(adapter, bytes).unwrap()
}

#[test]
fn every_board_is_read_in_all_its_fields() {
    for (adapter, bytes) in all() {
        let name = format!("{adapter:?}").to_lowercase();
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_json_snapshot!(name, shown(&whole(adapter, bytes)));
        });
    }
}

#[test]
fn greenhouse_states_cents_and_escapes_its_html_once_more() {
    let read = whole(Adapter::Greenhouse, fixture!("greenhouse.json"));
    let senior = &read.postings[0];
    let pay = &senior.pay[0];
    assert_eq!((pay.min.unwrap().to_string(), pay.max.unwrap().to_string()), ("65000".into(), "82000".into()));
    assert_eq!(pay.per, Some(Per::Year), "as its title says");
    let description = senior.description.as_deref().unwrap();
    assert!(
        description.starts_with("## What you do\n\nYou keep our Django services quick & calm.\n\n- Models & querysets")
    );
    assert!(description.ends_with("- Fewer than <10 statements a page"), "unescaped once, and without its script");
    assert_eq!(senior.remote, Some(Remote::Hybrid));
    let country = |at: usize| senior.places[at].country.map(|country| country.code());
    assert_eq!((country(0), country(1)), (Some("DE"), Some("PT")));
    assert_eq!(read.postings[2].places[0].country, None, "Georgia may be the state");
    let support = &read.postings[1];
    assert_eq!(support.pay.len(), 2, "each range is kept; yen have no cents, so that range is asked for");
    assert!(support.lacks().contains(&Lack::PayChoice));
    assert_eq!(support.published_at.unwrap().to_string(), "2026-11-21", "a day, and no hour made up");
}

#[test]
fn greenhouse_content_that_is_not_escaped_is_not_unescaped() {
    let job = json!({ "id": 1, "title": "Writer", "absolute_url": "https://hill.example/1",
        "content": "<p>Write &amp;lt;b&amp;gt; and 2 &lt; 3.</p>" });
    let posting = only(Adapter::Greenhouse, &json!({ "jobs": [job] }));
    assert_eq!(posting.description.as_deref(), Some("Write &lt;b&gt; and 2 < 3."));
}

#[test]
fn lever_counts_milliseconds_and_units() {
    let read = whole(Adapter::Lever, fixture!("lever.json"));
    let engineer = &read.postings[0];
    assert_eq!(engineer.published_at.unwrap().to_string(), "2026-11-02T08:00:00Z");
    assert_eq!(engineer.pay[0].max.unwrap().hundredths(), 12_800_050);
    assert_eq!(engineer.places.len(), 2, "the first place stands in both lists");
    assert_eq!(engineer.places[0].country.unwrap().code(), "CH");
    assert_eq!(engineer.places[1].country.unwrap().code(), "AT", "the country is that of the first place alone");
    let reliability = &read.postings[1];
    assert_eq!(reliability.published_at, None, "seconds in the place of milliseconds would be January 1970");
    assert_eq!(reliability.remote, Some(Remote::Remote), "as its only place says");
    assert_eq!(reliability.pay, [], "half a month is none of our times");
    assert_eq!(reliability.employment, [], "permanent says nothing of hours");
    assert_eq!(read.postings[2].pay, [], "upside down, and not swapped");
    let upside_down = |fault: &&jobfuture_boards::PostingFault| matches!(fault.problem, Problem::UpsideDown { .. });
    assert_eq!(read.faults.iter().filter(upside_down).count(), 1);
}

#[test]
fn ashby_keeps_its_tiers_apart_and_hides_what_is_not_listed() {
    let read = whole(Adapter::Ashby, fixture!("ashby.json"));
    assert_eq!(read.postings.len(), 2);
    let staff = &read.postings[0];
    assert_eq!(staff.remote, Some(Remote::Hybrid), "isRemote is true of hybrid work too");
    let labels: Vec<_> = staff.pay.iter().map(|pay| pay.label.as_deref().unwrap()).collect();
    assert_eq!(labels, ["London", "Lisbon"]);
    assert_eq!(staff.pay[0].min.unwrap().to_string(), "91000", "units, not cents");
    assert_eq!(staff.description.as_deref(), Some("## About\n\nWe use Vec< T> a lot."), "nothing that begins a tag");
    let student = &read.postings[1];
    assert_eq!((student.remote, student.places[0].country.unwrap().code()), (Some(Remote::Remote), "DE"));
    assert_eq!(student.pay.len(), 1);
    assert_eq!((student.pay[0].max, student.pay[0].per), (None, Some(Per::Hour)));
    assert!(student.lacks().contains(&Lack::PayRange), "one end is no range");
}

#[test]
fn workable_hides_places_and_says_nothing_by_telecommuting_false() {
    let read = whole(Adapter::Workable, fixture!("workable.json"));
    let junior = &read.postings[0];
    assert_eq!((junior.places.len(), junior.remote), (1, None));
    assert_eq!(junior.description.as_deref(), Some("Learn from Edna."));
    let accountant = &read.postings[1];
    assert_eq!(accountant.places[0].country.unwrap().code(), "CZ");
    assert_eq!(accountant.remote, Some(Remote::Remote));
}

#[test]
fn recruitee_writes_amounts_as_texts_and_dates_with_a_word() {
    let read = whole(Adapter::Recruitee, fixture!("recruitee.json"));
    let engineer = &read.postings[0];
    assert_eq!(engineer.pay[0].max.unwrap().to_string(), "5600.50");
    assert_eq!(engineer.pay[0].per, Some(Per::Month));
    assert_eq!(engineer.published_at.unwrap().to_string(), "2026-11-05T10:10:39Z");
    assert_eq!(engineer.remote, Some(Remote::Hybrid));
    let analyst = &read.postings[1];
    assert_eq!(analyst.employment, [Employment::PartTime, Employment::Temporary]);
    assert_eq!((analyst.remote, analyst.pay.len()), (None, 0), "remote and at the place at once is a choice");
}

#[test]
fn personio_has_neither_pay_nor_addresses() {
    let read = whole(Adapter::Personio, fixture!("personio.xml"));
    let developer = &read.postings[0];
    assert_eq!(developer.company.as_deref(), Some("Hill & Söhne GmbH"));
    assert_eq!(developer.places.len(), 2);
    assert_eq!((&developer.url, developer.pay.len()), (&None, 0));
    assert_eq!(developer.employment, [Employment::FullTime, Employment::PartTime]);
    assert!(matches!(developer.published_at, Some(Moment::At(_))), "an offset without its colon");
    assert_eq!(read.postings[1].remote, None, "Remote or Wien is a choice");
    let description = developer.description.as_deref().unwrap();
    assert!(description.contains("## Your role & team\n\n- Own the backend\n- You need <5 years of it"));
    assert!(!description.contains("Empty") && !description.contains("alert"));
}

#[test]
fn one_bad_posting_does_not_lose_the_others() {
    let read = whole(Adapter::Greenhouse, fixture!("greenhouse.json"));
    assert_eq!((read.listed, read.postings.len()), (6, 3));
    let lost: Vec<_> = read.faults.iter().filter(|fault| !fault.is_taken()).collect();
    assert_eq!(lost.len(), 3, "{:#?}", sentences(&read));
    assert_eq!(lost[1].external_id.as_deref(), Some("4001"));
    assert_eq!(lost[1].problem, Problem::Repeated);
}

#[test]
fn null_is_missing_and_what_is_missing_is_asked_for() {
    let posting = only(
        Adapter::Ashby,
        &json!({ "jobs": [{ "id": "x", "title": "Cook", "department": null,
        "employmentType": null, "location": null, "compensation": null, "publishedAt": null, "jobUrl": null }] }),
    );
    assert_eq!((posting.department.as_ref(), posting.published_at, posting.url.as_ref()), (None, None, None));
    let needed =
        [Lack::Description, Lack::PlaceOrRemote, Lack::Employment, Lack::PayRange, Lack::ClosingDate, Lack::Role];
    let lacks = posting.lacks();
    assert!(needed.iter().all(|lack| lacks.contains(lack)), "{lacks:?}");
    assert!(!lacks.contains(&Lack::PayPeriod), "of no pay no time is asked");
}

#[test]
fn a_description_of_200_kb_with_scripts_is_its_text() {
    let script = format!("<script>{}</script>", "steal();".repeat(25_000));
    let html = format!("<p>Calm work.</p>{script}<p onclick=\"steal()\">Fair pay.</p><script>steal()");
    let job = json!({ "id": "x", "title": "Cook", "jobUrl": "https://hill.example/x", "descriptionHtml": html });
    let posting = only(Adapter::Ashby, &json!({ "jobs": [job] }));
    assert_eq!(posting.description.as_deref(), Some("Calm work.\n\nFair pay."));
    let long = json!({ "jobs": [{ "id": "x", "title": "Cook", "descriptionHtml": "word ".repeat(40_000) }] });
    let read = whole(Adapter::Ashby, long.to_string().as_bytes());
    assert_eq!(read.postings[0].description, None);
    assert!(matches!(read.faults[0].problem, Problem::TooLong(199_999)), "{:?}", read.faults[0]);
}

#[test]
fn remote_is_spelled_in_many_ways() {
    for (word, remote) in [
        ("remote", Some(Remote::Remote)),
        ("Fully Remote", Some(Remote::Remote)),
        ("REMOTE_FIRST", Some(Remote::Remote)),
        ("on-site", Some(Remote::Onsite)),
        ("OnSite", Some(Remote::Onsite)),
        ("In office", Some(Remote::Onsite)),
        ("Hybrid remote", Some(Remote::Hybrid)),
        ("unspecified", None),
    ] {
        let posting =
            json!([{ "id": "x", "text": "Cook", "hostedUrl": "https://hill.example/x", "workplaceType": word }]);
        assert_eq!(only(Adapter::Lever, &posting).remote, remote, "{word}");
    }
    for (place, remote) in [
        ("Remote - US", Some(Remote::Remote)),
        ("Remote (Germany)", Some(Remote::Remote)),
        ("Berlin (hybrid)", Some(Remote::Hybrid)),
        ("London or Remote", None),
        ("Remote/Berlin", None),
        ("Remote; Berlin", None),
        ("Remote - US; Remote - Canada", Some(Remote::Remote)),
        ("Remoteville", None),
    ] {
        let job = json!({ "id": 1, "title": "Cook", "absolute_url": "https://hill.example/1", "location": { "name": place } });
        assert_eq!(only(Adapter::Greenhouse, &json!({ "jobs": [job] })).remote, remote, "{place}");
    }
}

#[test]
fn a_changed_form_says_what_was_expected_and_where() {
    let fault = |adapter, text: &str| read(adapter, text.as_bytes()).unwrap_err();
    let shape = |fault: Fault| match fault {
        Fault::Shape { at, expected, found } => (at, expected, found),
        other => panic!("{other:?}"),
    };
    let at = |adapter, text| shape(fault(adapter, text));
    assert_eq!(at(Adapter::Greenhouse, "{\"jobs\":{}}"), ("$.jobs".into(), "a list of jobs", "an object".into()));
    assert_eq!(at(Adapter::Ashby, "{\"results\":[]}"), ("$.jobs".into(), "a list of jobs", "nothing".into()));
    assert_eq!(at(Adapter::Recruitee, "{\"offers\":null}"), ("$.offers".into(), "a list of offers", "null".into()));
    assert_eq!(at(Adapter::Workable, "[]"), ("$".into(), "an object", "a list".into()));
    let lever = at(Adapter::Lever, "{\"ok\":false,\"error\":\"Document not found\"}");
    assert_eq!(lever, ("$".into(), "a list of postings", "an object".into()));
    let personio = at(Adapter::Personio, "<html><body/></html>");
    assert_eq!(personio, ("/".into(), "the element workzag-jobs", "the element html".into()));
    let personio = at(Adapter::Personio, "<workzag-jobs><posting/></workzag-jobs>");
    assert_eq!(personio, ("/workzag-jobs".into(), "elements position", "the element posting".into()));
    insta::assert_snapshot!(fault(Adapter::Greenhouse, "{\"jobs\":{}}"), @"a list of jobs was expected at $.jobs, and there is an object. Is this the right board, or has it changed its form?");
    insta::assert_snapshot!(fault(Adapter::Lever, "<!DOCTYPE html><html>"), @"JSON was expected, and it cannot be read on from line 1, column 1. Is this the board's own answer, or a page in its place?");
}

#[test]
fn an_empty_board_is_no_fault() {
    for (adapter, text) in [
        (Adapter::Greenhouse, "{\"jobs\":[],\"meta\":{\"total\":0}}"),
        (Adapter::Lever, "[]"),
        (Adapter::Personio, "<workzag-jobs></workzag-jobs>"),
        (Adapter::Personio, "<workzag-jobs/>"),
    ] {
        let read = read(adapter, text.as_bytes()).unwrap();
        assert_eq!((read.listed, read.postings.len(), read.faults.len()), (0, 0, 0), "{text}");
    }
}

#[test]
fn xml_that_grows_when_it_is_read_is_refused() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\
        <workzag-jobs><position><id>1</id><name>&b;</name></position></workzag-jobs>";
    assert_eq!(read(Adapter::Personio, bomb.as_bytes()), Err(Fault::DocumentType));
    let undefined = "<workzag-jobs><position><id>1</id><name>&b;</name></position></workzag-jobs>";
    assert!(matches!(read(Adapter::Personio, undefined.as_bytes()), Err(Fault::NotXml { .. })));
    let deep = "<a>".repeat(100_000);
    assert!(matches!(read(Adapter::Personio, deep.as_bytes()), Err(Fault::NotXml { .. })));
    let open = "<workzag-jobs><position>";
    assert!(matches!(read(Adapter::Personio, open.as_bytes()), Err(Fault::NotXml { .. })));
}
