//! Whatever comes: no panic, the same again, and no markup in a text.

use jobfuture_boards::{Adapter, Amount, Board, Known, Moment, Posting, diff, read, recognise};
use proptest::prelude::*;
use serde_json::{Value, json};

const ADAPTERS: [Adapter; 8] = [
    Adapter::Greenhouse,
    Adapter::Lever,
    Adapter::Ashby,
    Adapter::Workable,
    Adapter::Recruitee,
    Adapter::Personio,
    Adapter::Page,
    Adapter::Csv,
];

fn texts(posting: &Posting) -> Vec<&str> {
    let optional = [&posting.company, &posting.description, &posting.department, &posting.team, &posting.seniority];
    let places = posting.places.iter().chain(&posting.remote_from).map(|place| place.text.as_str());
    let labels = posting.pay.iter().filter_map(|pay| pay.label.as_deref());
    let optional = optional.into_iter().filter_map(|text| text.as_deref());
    std::iter::once(posting.title.as_str()).chain(optional).chain(places).chain(labels).collect()
}

/// What must hold of every reading.
fn holds(adapter: Adapter, bytes: &[u8]) {
    let Ok(first) = read(adapter, bytes) else { return };
    assert_eq!(read(adapter, bytes).as_ref(), Ok(&first), "the same again");
    let known = |posting: &Posting| Known { external_id: posting.external_id.clone(), digest: posting.digest() };
    let known: Vec<Known> = first.postings.iter().map(known).collect();
    let plan = diff(&known, &first);
    assert!(plan.is_empty() && plan.gone().is_empty() && plan.doubt().is_none());
    for posting in &first.postings {
        assert!(!posting.external_id.is_empty() && !posting.title.is_empty());
        texts(posting).into_iter().for_each(is_plain);
        for pay in &posting.pay {
            assert!(pay.min.is_some() || pay.max.is_some());
            assert!(pay.min.zip(pay.max).is_none_or(|(min, max)| min <= max));
        }
        for url in [&posting.url, &posting.apply_url].into_iter().flatten() {
            assert!(url.starts_with("https://") || url.starts_with("http://"), "{url}");
        }
    }
}

/// Nothing that a browser could take for a tag, and no control character.
fn is_plain(text: &str) {
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins = |next: &char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
        assert!(letter != '<' || !letters.peek().is_some_and(begins), "{text}");
        assert!(letter == '\n' || !letter.is_control(), "{text:?}");
    }
    assert_eq!(text.trim(), text);
}

/// JSON in which the names that boards use are frequent, with values of every kind.
fn json() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "jobs",
        "offers",
        "id",
        "title",
        "text",
        "absolute_url",
        "hostedUrl",
        "shortcode",
        "location",
        "name",
        "locations",
        "content",
        "description",
        "descriptionHtml",
        "salary",
        "salaryRange",
        "min",
        "max",
        "currency",
        "interval",
        "pay_input_ranges",
        "min_cents",
        "max_cents",
        "compensation",
        "compensationTiers",
        "components",
        "minValue",
        "maxValue",
        "@type",
        "@graph",
        "@id",
        "baseSalary",
        "value",
        "jobLocation",
        "address",
        "createdAt",
        "categories",
        "employmentType",
        "workplaceType",
        "identifier",
        "url",
        "metadata",
        "lists",
    ]);
    let word = prop::sample::select(vec![
        "JobPosting",
        "EUR",
        "JPY",
        "HOUR",
        "remote",
        "1 YEAR",
        "Salary",
        "<b>x",
        "&lt;p&gt;",
        "#org",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        word.prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| Value::Object(
                members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        recognise(&bytes);
        ADAPTERS.iter().for_each(|adapter| holds(*adapter, &bytes));
    }

    #[test]
    fn any_json(value in json(), id in 0u8..3, title in "\\PC{1,20}") {
        let mut job = json!({ "id": id, "shortcode": id, "identifier": id, "title": title, "text": title, "@type": "JobPosting" });
        if let (Some(job), Some(members)) = (job.as_object_mut(), value.as_object()) {
            for (name, value) in members {
                job.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        for whole in [json!({ "jobs": [job, value] }), json!({ "offers": [job, value] }), json!([job, value]), value.clone()] {
            let text = whole.to_string();
            recognise(text.as_bytes());
            ADAPTERS.iter().for_each(|adapter| holds(*adapter, text.as_bytes()));
        }
    }

    #[test]
    fn any_html_leaves_no_tag_and_no_script(
        parts in prop::collection::vec(prop_oneof![
            Just("<script>steal()</script>".to_owned()),
            Just("<style>steal{}</style>".to_owned()),
            Just("<svg/onload=steal()>".to_owned()),
            Just("<img src=x onerror=steal()>".to_owned()),
            Just("<<b>".to_owned()),
            Just("&lt;script&gt;".to_owned()),
            Just("</".to_owned()),
            Just("<!--".to_owned()),
            Just("-->".to_owned()),
            Just("<li><p>".to_owned()),
            Just("<h2>".to_owned()),
            "[a-z <>&;/!\"']{0,8}",
        ], 0..12)
    ) {
        let html = parts.concat();
        let job = json!({ "id": 1, "title": "Cook", "descriptionHtml": html });
        let read = read(Adapter::Ashby, json!({ "jobs": [job] }).to_string().as_bytes()).unwrap();
        let text = read.postings[0].description.clone().unwrap_or_default();
        is_plain(&text);
        // Read as plain text it is the same text.
        let again = json!({ "jobs": [{ "id": 1, "title": "Cook", "descriptionPlain": text }] });
        let again = jobfuture_boards::read(Adapter::Ashby, again.to_string().as_bytes()).unwrap();
        prop_assert_eq!(again.postings[0].description.clone().unwrap_or_default(), text);
    }

    #[test]
    fn any_script_is_gone(inner in "[a-zA-Z(); =\"']{0,30}", before in "[a-z]{1,5}") {
        let html = format!("<p>{before}</p><ScRiPt type=x>SECRET{inner}</sCrIpT ><style>SECRET</style><textarea>SECRET</textarea>");
        let job = json!({ "id": 1, "title": "Cook", "descriptionHtml": html });
        let read = read(Adapter::Ashby, json!({ "jobs": [job] }).to_string().as_bytes()).unwrap();
        prop_assert_eq!(read.postings[0].description.as_deref(), Some(before.as_str()));
    }

    #[test]
    fn any_address(text in "\\PC{0,60}", account in "[A-Za-z0-9 ._-]{1,20}") {
        for text in [text, format!("https://jobs.ashbyhq.com/{account}"), format!("https://{account}.recruitee.com")] {
            if let Ok(board) = Board::parse(&text) {
                let again = Board::parse(&board.to_string());
                prop_assert_eq!(again, Ok(board));
            }
        }
    }

    #[test]
    fn amounts_are_written_as_they_are_read(hundredths in 0i64..1_000_000_000_000) {
        let amount = Amount::from_hundredths(hundredths).unwrap();
        prop_assert_eq!(Amount::parse(&amount.to_string()), Some(amount));
    }

    #[test]
    fn any_text_as_an_amount_or_a_time(text in "\\PC{0,24}") {
        let _ = Amount::parse(&text);
        if let Some(moment) = Moment::parse(&text) {
            prop_assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
        }
    }
}
