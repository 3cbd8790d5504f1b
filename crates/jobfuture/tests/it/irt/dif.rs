//! `irt dif`.

use super::{Desk, keys};

/// Answers of two groups of one level to six items, of which the last asks more of the focal group.
fn table(people: usize) -> String {
    let mut random = psychometrics::Random::new(7);
    let mut text = "i1,i2,i3,i4,i5,i6,group\n".to_owned();
    for person in 0..people {
        let focal = person % 2 == 1;
        let theta = random.normal();
        for item in 0..6 {
            let difficulty = f64::from(item) * 0.4 - 1.0 + if focal && item == 5 { 1.2 } else { 0.0 };
            let right = random.uniform() < 1.0 / (1.0 + (-1.3 * (theta - difficulty)).exp());
            text.push_str(if right { "1," } else { "0," });
        }
        // Some keep their group to themselves.
        text.push_str(if person % 50 == 7 {
            "\n"
        } else if focal {
            "new\n"
        } else {
            "old\n"
        });
    }
    text
}

const TWO: &str = "--responses answers.csv --groups group --reference old --focal new";

#[test]
fn an_item_that_differs_is_found_by_all_methods() {
    let desk = Desk::new();
    desk.write("answers.csv", table(3_000));
    let found = desk.json(&format!("dif {TWO}"), 1);
    assert_eq!(keys(&found), ["reference", "focal", "level", "purification", "items", "notes"]);
    assert!(found["notes"][0].as_str().unwrap().ends_with("rows without a group, left out"));
    let item = &found["items"][5];
    assert_eq!(
        (&item["reading"], &item["class"], &item["favours"]),
        (&"differs".into(), &"C".into(), &"reference".into())
    );
    for p in [
        &item["stratified"]["test"]["adjusted_p"],
        &item["logistic"]["both"]["adjusted_p"],
        &item["sibtest"]["test"]["adjusted_p"],
    ] {
        assert!(p.as_f64().unwrap() < 0.001, "{item}");
    }
    assert_eq!(found["items"][0]["reading"], "none seen");
    assert_eq!(found["purification"]["removed"], serde_json::json!(["i6"]));
    let told = desk.irt(&format!("dif {TWO}")).answer;
    assert!(told.contains("✗ i6: class C, easier for the reference group at equal score"), "{told}");
}

#[test]
fn small_groups_are_told_that_nothing_can_be_said() {
    let desk = Desk::new();
    desk.write("answers.csv", table(200));
    let found = desk.json(&format!("dif {TWO}"), 0);
    assert!(found["items"].as_array().unwrap().iter().all(|item| item["reading"] == "not enough data"));
    let told = desk.irt(&format!("dif {TWO}")).answer;
    assert!(told.contains("6 items have too few people in a group to say anything"), "{told}");
    assert!(!told.contains("no item was seen to differ"), "{told}");
}

#[test]
fn groups_must_be_named_and_there() {
    let desk = Desk::new();
    desk.write("answers.csv", table(20));
    let said = |arguments: &str| {
        let done = desk.irt(arguments);
        assert_eq!(done.code, 2);
        done.notes
    };
    let groups = "dif --responses answers.csv --groups group";
    assert!(said("dif --responses answers.csv --reference old --focal new").contains("name it with --groups"));
    assert!(
        said(&format!("{groups} --reference old --focal other"))
            .contains("nobody is in group other; the groups are old, new")
    );
    assert!(
        said(&format!("{groups} --reference old --focal old")).contains("reference and focal group are the same, old")
    );
}
