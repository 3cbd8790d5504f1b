//! Values on the wire.

use jobfuture_grader::recorder::{INTEGER_TOO_LARGE, Recorder, RecorderLimits, Value};
use proptest::prelude::*;

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Real),
        any::<String>().prop_map(Value::Text),
        any::<Vec<u8>>().prop_map(Value::Blob),
    ]
}

/// The same bits, where a NaN is any NaN.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Real(left), Value::Real(right)) => {
            left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
        }
        _ => left == right,
    }
}

proptest! {
    #[test]
    fn json_brings_every_value_back(value in any_value()) {
        let json = serde_json::to_string(&value).unwrap();
        let back: Value = serde_json::from_str(&json).unwrap();
        prop_assert!(same(&value, &back), "{value:?} came back as {back:?} from {json}");
    }

    #[test]
    fn sqlite_brings_every_value_back(value in any_value()) {
        let mut recorder = Recorder::new(RecorderLimits::default()).unwrap();
        let rows = recorder.execute("SELECT ?", std::slice::from_ref(&value)).unwrap().rows;
        let wanted = if matches!(value, Value::Real(number) if number.is_nan()) { Value::Null } else { value };
        prop_assert!(same(&rows[0][0], &wanted), "{wanted:?} came back as {:?}", rows[0][0]);
    }
}

#[test]
fn the_forms_are_as_documented() {
    for (value, json) in [
        (Value::Null, "null"),
        (Value::Integer(-5), "-5"),
        (Value::Real(5.0), "5.0"),
        (Value::Real(f64::NEG_INFINITY), r#"{"f":"-inf"}"#),
        (Value::Text("é\"".to_owned()), r#""é\"""#),
        (Value::Blob(vec![0, 255]), r#"{"b":"AP8="}"#),
    ] {
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(serde_json::from_str::<Value>(json).unwrap(), value);
    }
}

#[test]
fn what_is_no_value_is_refused() {
    for json in ["[1]", "{}", r#"{"b":"!"}"#, r#"{"f":"big"}"#, r#"{"b":"","f":"inf"}"#, r#"{"x":"y"}"#, r#"{"b":1}"#] {
        assert!(serde_json::from_str::<Value>(json).is_err(), "{json}");
    }
    let error = serde_json::from_str::<Value>("9223372036854775808").unwrap_err().to_string();
    assert!(error.starts_with(INTEGER_TOO_LARGE), "{error}");
    assert_eq!(serde_json::from_str::<Value>("-9223372036854775808").unwrap(), Value::Integer(i64::MIN));
}
