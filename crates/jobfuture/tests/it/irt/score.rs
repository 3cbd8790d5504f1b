//! `irt score` and `irt simulate`: what a fit prints is read again.

use super::{Desk, keys, near, numbers};
use serde_json::Value;

fn fitted(desk: &Desk, arguments: &str) {
    let found = desk.json(&format!("fit {arguments}"), 0);
    desk.write("bank.json", found.to_string());
}

#[test]
fn the_bank_that_a_fit_prints_scores_its_own_answers() {
    let desk = Desk::new();
    fitted(&desk, "--model 2pl --responses lsat7_patterns.csv --weights freq");
    let score = "score --bank bank.json --responses lsat7_patterns.csv --weights freq";
    let found = desk.json(score, 0);
    assert_eq!(keys(&found), ["method", "soft", "people", "notes"]);
    assert_eq!(keys(&found["people"][0]), ["answers", "theta", "se"]);
    let levels = |found: &Value| numbers(&found["people"], "theta");
    let eap = levels(&found);
    assert_eq!(eap.len(), 32);
    assert!(eap[0] < -1.8 && eap.iter().all(|level| *level <= eap[31]), "{eap:?}");
    // The same by the function for a single method.
    let bank = psychometrics::text::Bank::read(desk.read("bank.json").as_bytes()).unwrap();
    let options = psychometrics::text::ReadOptions { weights: Some("freq".into()), ..Default::default() };
    let answers = desk.read("lsat7_patterns.csv");
    let answers = psychometrics::text::read_responses(answers.as_bytes(), &options).unwrap().responses;
    let items: Vec<_> = bank.items.iter().map(|entry| entry.fitted.item.clone()).collect();
    let prior = psychometrics::fit::NormalPrior { mean: 0.0, sd: 1.0 };
    let wanted =
        psychometrics::score::score_all(&items, &answers, psychometrics::score::Method::Eap, &[prior]).unwrap();
    near(&eap, &wanted.iter().map(|estimate| estimate.theta()).collect::<Vec<_>>(), 1e-9);
    let map = levels(&desk.json(&format!("{score} --method map"), 0));
    let wle = levels(&desk.json(&format!("{score} --method wle"), 0));
    assert!(map[31] < wle[31] && wle[31].is_finite(), "{} {}", map[31], wle[31]);
    let ml = desk.json(&format!("{score} --method ml"), 0);
    assert!(ml["people"][31]["theta"].is_null() && ml["people"][31]["se"].is_null());
    let soft = desk.json(&format!("{score} --soft"), 0);
    let wider = soft["people"][31]["se"].as_f64().unwrap() > found["people"][31]["se"].as_f64().unwrap();
    assert!(wider, "what is uncertain of items widens what is said of people");
}

#[test]
fn bands_are_told_with_twenty_dots() {
    let desk = Desk::new();
    fitted(&desk, "--model grm --responses science.csv");
    desk.write("bands.csv", "band,at,se\nnovice,,\njunior,-1,0.2\nmiddle,0.2,0.2\nsenior,1.2,0.2\n");
    let found = desk.json("score --bank bank.json --responses science.csv --bands bands.csv", 0);
    for person in found["people"].as_array().unwrap() {
        let dots: u64 = person["bands"].as_array().unwrap().iter().map(|band| band["dots"].as_u64().unwrap()).sum();
        assert_eq!(dots, 20);
    }
    assert_eq!(keys(&found["people"][0]["bands"][1]), ["band", "probability", "at_or_above", "dots"]);
    assert!(found["people"][0]["words"].is_string());
    let told = desk.irt("score --bank bank.json --responses science.csv --bands bands.csv").answer;
    assert!(told.starts_with("person  answers   level     se") && told.contains(" of 20 "), "{told}");
}

#[test]
fn people_keep_their_names_and_missing_answers_cost_precision() {
    let desk = Desk::new();
    fitted(&desk, "--model 2pl --responses lsat6_patterns.csv --weights Freq");
    desk.write("people.csv", "who,Item_5,Item_1\nAda,1,1\nBen,,0\nCleo,NA,\n");
    let found = desk.json("score --bank bank.json --responses people.csv --id who", 0);
    let people = found["people"].as_array().unwrap();
    assert_eq!(people.iter().map(|person| person["id"].as_str().unwrap()).collect::<Vec<_>>(), ["Ada", "Ben", "Cleo"]);
    near(&[people[2]["theta"].as_f64().unwrap(), people[2]["se"].as_f64().unwrap()], &[0.0, 1.0], 1e-6);
    assert!(people[0]["se"].as_f64().unwrap() < people[1]["se"].as_f64().unwrap());
}

#[test]
fn what_is_simulated_is_found_again() {
    let desk = Desk::new();
    let items: Vec<String> = (0..12)
        .map(|k| {
            format!(r#"{{"name": "q{k}", "a": {}, "b": [{}]}}"#, 0.8 + 0.1 * f64::from(k), f64::from(k) * 0.3 - 1.6)
        })
        .collect();
    desk.write("truth.json", format!(r#"{{"model": "2pl", "items": [{}]}}"#, items.join(",")));
    let simulate = "simulate --bank truth.json --people 4000 --seed 11 --missing 0.2 --truth";
    let done = desk.irt(&format!("{simulate} --out made.csv"));
    assert_eq!((done.code, done.answer.as_str(), done.notes.as_str()), (0, "", ""));
    assert!(desk.irt(simulate).answer == desk.read("made.csv"), "a seed makes the same answers");
    let found = desk.json("fit --model 2pl --responses made.csv --ignore level", 0);
    let wanted: Vec<f64> = (0..12).map(|k| f64::from(k) * 0.3 - 1.6).collect();
    near(&numbers(&found["items"], "b"), &wanted, 0.25);
    desk.write("bank.json", found.to_string());
    let scored =
        numbers(&desk.json("score --bank bank.json --responses made.csv --ignore level", 0)["people"], "theta");
    let levels: Vec<f64> =
        desk.read("made.csv").lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect();
    let inside = scored.iter().zip(&levels).filter(|(found, level)| (*found - *level).abs() < 1.2).count();
    assert!(inside > 3_600, "{inside} of 4000 within 1.2");
}

#[test]
fn faults_of_banks_and_their_answers_are_named() {
    let desk = Desk::new();
    fitted(&desk, "--model 2pl --responses lsat6_patterns.csv --weights Freq");
    desk.write("broken.json", "{\"model\": \"2pl\",\n \"items\": [{\"name\": \"a\", \"a\": 1, \"b\": [0], \"c\": 2}]}");
    desk.write("other.csv", "Item_1,Item_9\n1,0\n");
    desk.write("three.csv", "Item_1,Item_2\n1,0\n2,1\n");
    desk.write("grouped.csv", "Item_1,Item_2,g\n1,0,south\n0,1,north\n");
    desk.write("bands.csv", "band,at\nlow,\nmiddle,1\nhigh,0\n");
    let mut said = String::new();
    for arguments in [
        "--bank broken.json --responses other.csv",
        "--bank missing.json --responses other.csv",
        "--bank bank.json --responses other.csv",
        "--bank bank.json --responses three.csv",
        "--bank bank.json --responses grouped.csv --groups g",
        "--bank bank.json --responses grouped.csv --ignore g --bands bands.csv",
        "--bank bank.json --responses grouped.csv --ignore g --soft --method wle",
    ] {
        let done = desk.irt(&format!("score {arguments}"));
        assert_eq!((done.code, done.answer.as_str()), (2, ""), "{arguments}: {}", done.notes);
        said.push_str(&format!("{arguments}\n{}\n", done.notes));
    }
    insta::assert_snapshot!(said);
}
