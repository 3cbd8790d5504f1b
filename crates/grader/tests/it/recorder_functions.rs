//! Django's SQL functions in Rust against Django's own in CPython, call by call.
//!
//! `django_functions.json` was written by `make_django_functions.py`.

use jobfuture_grader::recorder::{Recorder, RecorderLimits, Refusal, Value};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    sql: String,
    params: Vec<Value>,
    value: Option<Value>,
    error: Option<(String, String)>,
    #[serde(default)]
    close: bool,
}

fn ask(recorder: &mut Recorder, case: &Case) -> Result<Value, (String, String)> {
    match recorder.execute(&case.sql, &case.params) {
        Ok(mut answer) => Ok(answer.rows.remove(0).remove(0)),
        Err(Refusal::Sql(error)) => Err((error.class.to_string(), error.message)),
        Err(Refusal::Limit(hit)) => panic!("{hit} in {}", case.sql),
    }
}

/// Equal; for mathematics, within the last digits that C libraries differ in.
fn agrees(case: &Case, found: &Result<Value, (String, String)>) -> bool {
    match (found, &case.error) {
        (Err(found), Some(wanted)) => found == wanted,
        (Ok(found), None) => match (found, case.value.as_ref().unwrap_or(&Value::Null)) {
            (Value::Real(found), Value::Real(wanted)) if case.close && wanted.is_finite() => {
                (found - wanted).abs() <= wanted.abs() * 1e-15
            }
            (found, wanted) => found == wanted,
        },
        _ => false,
    }
}

#[test]
fn every_call_gives_what_django_gives() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("django_functions.json")).unwrap();
    let limits = RecorderLimits { statements: 1_000_000, rows: 1_000_000, ..RecorderLimits::default() };
    let mut recorder = Recorder::new(limits).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let found = ask(&mut recorder, case);
        if !agrees(case, &found) {
            let wanted = case.error.as_ref().map_or(Ok(&case.value), Err);
            wrong.push(format!("{} {:?}\n    found {found:?}\n    wanted {wanted:?}", case.sql, case.params));
        }
    }
    assert!(cases.len() > 1000, "only {} cases", cases.len());
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn rand_lies_between_0_and_1_and_changes() {
    let mut recorder = Recorder::new(RecorderLimits::default()).unwrap();
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT RAND() FROM n";
    let rows = recorder.execute(sql, &[]).unwrap().rows;
    let numbers: Vec<f64> =
        rows.iter().map(|row| if let Value::Real(number) = row[0] { number } else { panic!("{row:?}") }).collect();
    assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
    assert!(numbers.iter().any(|number| *number != numbers[0]));
}

#[test]
fn functions_may_stand_in_check_constraints_and_generated_columns() {
    let mut recorder = Recorder::new(RecorderLimits::default()).unwrap();
    recorder
        .execute(
            "CREATE TABLE t (a text CHECK (a REGEXP '^[a-z]+$'), \
             b text GENERATED ALWAYS AS (REPLACE(LPAD(a, 5, '-'), 'a', 'A')) STORED)",
            &[],
        )
        .unwrap();
    recorder.execute("INSERT INTO t (a) VALUES (?)", &["abc".into()]).unwrap();
    assert_eq!(recorder.execute("SELECT b FROM t", &[]).unwrap().rows, [["--Abc".into()]]);
    let refused = recorder.execute("INSERT INTO t (a) VALUES ('123')", &[]).unwrap_err();
    assert_eq!(refused.to_string(), "IntegrityError: CHECK constraint failed: a REGEXP '^[a-z]+$'");
}

#[test]
fn a_result_may_not_be_longer_than_any_value() {
    let mut recorder = Recorder::new(RecorderLimits::default()).unwrap();
    for sql in
        ["SELECT REPEAT('x', 1000000000)", "SELECT LPAD('x', 1000000000, 'y')", "SELECT RPAD('x', 1000000000, 'y')"]
    {
        let refused = recorder.execute(sql, &[]).unwrap_err();
        assert_eq!(refused.to_string(), "DataError: string or blob too big", "{sql}");
    }
}
