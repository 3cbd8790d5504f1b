//! `irt certify` and `irt simulate --adaptive`.

use super::{Desk, keys};

/// A bank of well-known questions in two topics.
fn bank(more: &str) -> String {
    let mut random = psychometrics::Random::new(5);
    let mut item = |k: usize| {
        let (a, b) = (random.log_normal(0.2, 0.3), random.normal());
        format!(r#"{{"name": "q{k}", "a": {a}, "b": [{b}], "topic": "t{}"}}"#, k % 2)
    };
    let items: Vec<String> = (0..120).map(&mut item).collect();
    format!(r#"{{"model": "2pl", "items": [{}]{more}}}"#, items.join(", "))
}

const RULES: &str = r#",
    "blueprint": {"questions": {"min": 6, "max": 30}, "topics": [{"topic": "t0", "questions": {"min": 3}}, {"topic": "t1", "questions": {"min": 3}}]},
    "stopping": {"band_at_least": 0.8},
    "bands": [{"band": "novice"}, {"band": "junior", "at": -1}, {"band": "middle", "at": 0}, {"band": "senior", "at": 1}],
    "spread": {"exposure_at_most": 0.35}"#;

#[test]
fn a_bank_is_tried_and_the_exit_code_says_whether_it_keeps_its_bars() {
    let desk = Desk::new();
    desk.write("bank.json", bank(&format!(r#"{RULES}, "bars": {{"exposure": 0.4, "overlap": 0.4}}"#)));
    let certify = "certify --bank bank.json --people 20000 --seed 1";
    let done = desk.irt(&format!("{certify} --report report.html --json"));
    let found: serde_json::Value = serde_json::from_str(&done.answer).unwrap_or_else(|_| panic!("{}", done.notes));
    assert_eq!(done.code, i32::from(found["passed"] == false));
    assert_eq!(done.notes, "", "nothing is assumed that the bank says");
    for key in ["release", "items", "families", "regimes", "passed"] {
        assert!(keys(&found).contains(&key), "{key}");
    }
    assert_eq!(
        keys(&found["regimes"][0]["bars"][0]),
        ["what", "value", "error", "chance", "least", "greatest", "passed"]
    );
    let report = desk.read("report.html");
    assert!(report.starts_with("<!") && report.contains("</html>"));

    desk.write("bank.json", bank(&format!(r#"{RULES}, "bars": {{"length": 3}}"#)));
    let done = desk.irt(certify);
    assert!(done.code == 1 && done.answer.contains("bars are missed"), "{}", done.answer);
    assert!(done.answer.contains("at most 3") && done.answer.contains("wrong on purpose"), "{}", done.answer);
}

#[test]
fn people_take_the_check_of_a_bank_that_says_nothing_of_it() {
    let desk = Desk::new();
    desk.write("bank.json", bank(""));
    let done = desk.irt("simulate --adaptive --bank bank.json --people 2000 --threads 2");
    assert_eq!(done.code, 0, "{}", done.notes);
    let found: serde_json::Value = serde_json::from_str(&done.answer).unwrap();
    assert!(found["coverage"]["value"].as_f64().unwrap() > 0.9 && found["length"].as_f64().unwrap() >= 6.0);
    let notes = [
        "note: the bank does not say, so taken as usual: four bands that begin at −1, 0 and 1",
        "note: the bank does not say, so taken as usual: 6 to 40 questions",
        "note: the bank does not say, so taken as usual: a check ends when one band has a probability of .80",
    ];
    assert_eq!(done.notes.lines().collect::<Vec<_>>(), notes);
    assert_eq!(desk.irt("simulate --adaptive --bank bank.json --people 2000 --threads 1").answer, done.answer);
}

#[test]
fn a_bank_that_cannot_be_released_is_named() {
    let desk = Desk::new();
    let quota = r#", "blueprint": {"questions": {"min": 200, "max": 200}}"#;
    let topic = r#", "blueprint": {"questions": {"min": 2}, "topics": [{"topic": "t0"}]}"#;
    let bands = r#", "bands": [{"band": "a"}, {"band": "b", "at": 1}, {"band": "c", "at": 0}]"#;
    let mut said = String::new();
    for more in [quota, topic, bands] {
        desk.write("bank.json", bank(more));
        let done = desk.irt("certify --bank bank.json --people 100");
        assert_eq!((done.code, done.answer.as_str()), (2, ""), "{more}");
        said.push_str(&done.notes);
    }
    insta::assert_snapshot!(said);
}
