//! Nor can it be written as JSON, into a log or a cache.
use jobfuture_disclosure::{FieldValue, Private};

fn answer(value: &Private<FieldValue>) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn main() {}
