//! `irt fit`: public sets against the values of R's mirt 1.47, and the shape of what is printed.

use super::{Desk, keys, near, numbers};

const LSAT6: &str = "--responses lsat6_patterns.csv --weights Freq";
const LSAT7: &str = "--responses lsat7_patterns.csv --weights freq";

#[test]
fn public_sets_have_their_known_likelihoods() {
    let desk = Desk::new();
    let fits = [
        (format!("--model rasch {LSAT6}"), -2466.93760),
        (format!("--model 2pl {LSAT6}"), -2466.65338),
        (format!("--model rasch {LSAT7}"), -2664.90089),
        (format!("--model 2pl {LSAT7}"), -2658.80511),
        ("--model grm --responses science.csv".into(), -1608.86941),
        ("--model gpcm --responses science.csv".into(), -1612.68160),
        ("--model pcm --responses science.csv".into(), -1619.27410),
    ];
    for (arguments, wanted) in fits {
        let found = desk.json(&format!("fit {arguments}"), 0);
        near(&[found["log_likelihood"].as_f64().unwrap()], &[wanted], 0.01);
        assert_eq!(found["converged"], true, "{arguments}");
    }
}

#[test]
fn parameters_of_lsat6_and_lsat7_are_the_known_ones() {
    let desk = Desk::new();
    let found = desk.json(&format!("fit --model 2pl {LSAT6} --tolerance 0.00001"), 0);
    near(&numbers(&found["items"], "a"), &[0.826, 0.723, 0.891, 0.688, 0.657], 0.001);
    near(&numbers(&found["items"], "d"), &[2.773, 0.990, 0.249, 1.285, 2.053], 0.001);
    near(&[found["fit"]["m2"].as_f64().unwrap()], &[4.738], 0.01);
    assert_eq!((&found["fit"]["df"], &found["persons"]), (&5.into(), &1000.0.into()));
    let found = desk.json(&format!("fit --model 2pl {LSAT7} --tolerance 0.00001"), 0);
    near(&numbers(&found["items"], "a"), &[0.988, 1.081, 1.707, 0.765, 0.736], 0.0015);
}

#[test]
fn the_json_of_a_fit_has_its_documented_shape() {
    let desk = Desk::new();
    let found = desk.json(&format!("fit --model 2pl {LSAT6} --item-fit"), 0);
    assert_eq!(
        keys(&found),
        [
            "model",
            "log_likelihood",
            "converged",
            "iterations",
            "persons",
            "parameters",
            "items",
            "groups",
            "reliability",
            "fit"
        ]
    );
    let item = ["name", "labels", "a", "b", "d", "se_a", "se_b", "se_d", "covariance", "answers", "s_x2"];
    assert_eq!(keys(&found["items"][0]), item);
    assert_eq!(keys(&found["groups"][0]), ["name", "mean", "variance", "se_mean", "se_variance", "persons"]);
    assert_eq!(keys(&found["fit"]), ["m2", "df", "p", "rmsea"]);
    assert_eq!(keys(&found["items"][0]["s_x2"]), ["statistic", "df", "p", "rmsea"]);
    assert_eq!((&found["model"], &found["items"][0]["name"]), (&"2pl".into(), &"Item_1".into()));
}

/// Three factors: with two, how much of an item's slope is general cannot be told apart.
#[test]
fn bifactor_and_testlet_fits_have_two_slopes_an_item_and_are_scored() {
    let desk = Desk::new();
    let own = |k: usize| ["http", "orm", "tests"][k / 4];
    let item = |k: usize| {
        let b = k as f64 * 0.25 - 1.4;
        format!(r#"{{"name": "i{k}", "a": [1.3, 1.0], "b": [{b}], "factor": "{}"}}"#, own(k))
    };
    let items = (0..12).map(item).collect::<Vec<_>>().join(",");
    desk.write(
        "truth.json",
        format!(r#"{{"model": "bifactor", "items": [{items}], "factors": ["http", "orm", "tests"]}}"#),
    );
    assert_eq!(desk.irt("simulate --bank truth.json --people 3000 --out made.csv").code, 0);
    let factors: String = (0..12).map(|k| format!("i{k},{}\n", own(k))).collect();
    desk.write("factors.csv", format!("item,factor\n{factors}"));
    for model in ["bifactor", "testlet"] {
        let found = desk.json(&format!("fit --model {model} --responses made.csv --factors factors.csv"), 0);
        let item = &found["items"][0];
        assert_eq!((item["a"].as_array().unwrap().len(), item["se_a"].as_array().unwrap().len()), (2, 2), "{model}");
        assert_eq!(
            (&item["factor"], &found["factors"]),
            (&"http".into(), &serde_json::json!(["http", "orm", "tests"]))
        );
        near(&[item["a"][0].as_f64().unwrap(), item["a"][1].as_f64().unwrap()], &[1.3, 1.0], 0.5);
        desk.write("bank.json", found.to_string());
        let scored = desk.json("score --bank bank.json --responses made.csv", 0);
        assert_eq!(scored["people"].as_array().unwrap().len(), 3000);
        assert!(
            desk.irt("score --bank bank.json --responses made.csv --method map").notes.contains("--method eap only")
        );
    }
}

#[test]
fn groups_have_means_and_variances_of_their_own() {
    let desk = Desk::new();
    // Each pattern in both schools, the better ones more often in the south.
    let mut text = "Item.1,Item.2,Item.3,Item.4,Item.5,freq,school\n".to_owned();
    for line in desk.read("lsat7_patterns.csv").lines().skip(1) {
        let (pattern, people) = line.rsplit_once(',').unwrap();
        let (right, people) = (pattern.matches('1').count() as f64, people.parse::<f64>().unwrap());
        let south = people * (right + 1.0) / 8.0;
        text.push_str(&format!("{pattern},{},north\n{pattern},{south},south\n", people - south));
    }
    desk.write("grouped.csv", text);
    let found = desk.json("fit --model 2pl --responses grouped.csv --weights freq --groups school", 0);
    let groups = &found["groups"];
    assert_eq!(
        (&groups[0]["name"], &groups[0]["mean"], &groups[0]["se_mean"]),
        (&"north".into(), &0.0.into(), &serde_json::Value::Null)
    );
    assert!(groups[1]["name"] == "south" && groups[1]["mean"].as_f64().unwrap() > 0.3, "{groups}");
    assert!(groups[1]["se_mean"].as_f64().unwrap() > 0.0, "{groups}");
}

#[test]
fn a_table_for_people_says_the_same() {
    let desk = Desk::new();
    let done = desk.irt(&format!("fit --model 2pl {LSAT6}"));
    assert_eq!(done.code, 0, "{}", done.notes);
    for part in [
        "Two-parameter model: 1000 people, 5 items, log-likelihood -2466.653",
        "✓ converged in ",
        "item        a     se      d     se       b     se",
        "M2 4.73",
        "marginal reliability 0.",
    ] {
        assert!(done.answer.contains(part), "{part}: {}", done.answer);
    }
    assert_eq!(done.notes, "");
}

#[test]
fn a_fit_that_does_not_converge_says_why_and_ends_with_one() {
    let desk = Desk::new();
    let found = desk.json(&format!("fit --model 2pl {LSAT6} --max-iterations 2"), 1);
    assert_eq!(found["converged"], false);
    assert!(found["reason"].as_str().unwrap().contains("allow more iterations"), "{}", found["reason"]);
    let done = desk.irt(&format!("fit --model 2pl {LSAT6} --max-iterations 2"));
    assert!(done.code == 1 && done.answer.contains("✗ not converged after "), "{}", done.answer);
}

#[test]
fn answers_are_read_from_standard_input() {
    let desk = Desk::new();
    let done = desk.irt_with("fit --model rasch --responses - --weights Freq --json", &desk.read("lsat6_patterns.csv"));
    assert_eq!(done.code, 0, "{}", done.notes);
    assert!(done.answer.contains("\"log_likelihood\": -2466.937"), "{}", done.answer);
}

#[test]
fn the_number_of_threads_changes_no_digit() {
    let desk = Desk::new();
    let answers = ["1", "2", "5"]
        .map(|threads| desk.irt(&format!("fit --model grm --responses science.csv --json --threads {threads}")).answer);
    assert!(answers[0] == answers[1] && answers[1] == answers[2] && !answers[0].is_empty());
}

#[test]
fn whoever_reads_the_first_line_only_may_go() {
    let desk = Desk::new();
    let folder = desk.0.path().to_str().unwrap();
    let command = format!("cd {folder} && {} irt fit {LSAT6} --model 2pl | head -n 0", env!("CARGO_BIN_EXE_jobfuture"));
    let output = std::process::Command::new("sh").args(["-c", &command]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
