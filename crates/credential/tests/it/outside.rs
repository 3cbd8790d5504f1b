//! Verifiers that others wrote accept what is good, and refuse what is not, as far as they look at it.
//!
//! They are fetched once, pinned by hash, into the target folder: `tests/outside/` has their lock files and, for each, a
//! small program that reads cases and says what it made of them.

mod cases;
pub mod fetch;

use cases::{Case, Judge};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

fn check(judge: Judge, mut program: Command) {
    let cases = cases::all();
    let found = ask(&mut program, cases.iter().map(Case::json).collect());
    let mut faults = Vec::new();
    for case in &cases {
        let answer = &found[case.name];
        let accepted = answer["accepted"] == true;
        if accepted != case.accepted_by(judge) {
            faults.push(format!("{}: {answer}", case.name));
        }
    }
    assert!(faults.is_empty(), "{judge:?} says otherwise:\n{}", faults.join("\n"));
    if judge != Judge::Badges {
        return;
    }
    assert_eq!(found["a good badge"]["seen"], "Django developer: at least Middle");
}

/// What the program makes of each case.
pub fn ask(program: &mut Command, cases: Vec<Value>) -> BTreeMap<String, Value> {
    let task = json!({ "issuer": crate::kit::ISSUER, "key": crate::kit::instance().public().jwk(), "cases": cases });
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(task.to_string().as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{program:?}: {}", String::from_utf8_lossy(&done.stderr));
    let answers: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    answers.into_iter().map(|answer| (answer["name"].as_str().unwrap().to_owned(), answer)).collect()
}

#[test]
fn the_reference_implementation_in_python_agrees() {
    check(Judge::Reference, fetch::python("reference.py"));
}

#[test]
fn openbadgeslib_agrees_on_credentials_and_badges() {
    check(Judge::Badges, fetch::python("badges.py"));
}

#[test]
fn sd_jwt_vc_in_javascript_agrees() {
    check(Judge::JavaScript, fetch::node("sd-jwt-vc.mjs"));
}

#[test]
fn the_verify_page_agrees_and_looks_at_everything() {
    check(Judge::Browser, fetch::browser());
}

#[test]
fn what_the_verify_page_should_take_is_what_we_take() {
    for case in cases::all() {
        let found = case.ours();
        assert_eq!(found.is_ok(), case.accepted_by(Judge::Browser), "{}: {found:?}", case.name);
    }
}

/// All of them read the same out of what is shown.
#[test]
fn all_of_them_see_the_same_claims() {
    let cases = cases::all();
    let good = |case: &&Case| case.name == "good";
    let (python, node) = (fetch::python, fetch::node);
    for mut program in [python("reference.py"), python("badges.py"), node("sd-jwt-vc.mjs"), fetch::browser()] {
        let seen = ask(&mut program, cases.iter().filter(good).map(Case::json).collect())["good"]["seen"].clone();
        assert_eq!(seen["at_least"], json!({ "id": "middle", "name": "Middle" }), "{program:?}");
        assert_eq!(seen["competencies"], json!([{ "id": "django-querysets", "name": "QuerySets" }]), "{program:?}");
        for hidden in ["role", "condition", "behaviours", "taken_on", "versions"] {
            assert!(seen.get(hidden).is_none(), "{hidden}: {program:?}");
        }
    }
}
