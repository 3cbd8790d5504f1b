//! A page cannot print something of a person that nobody opened.
use jobfuture_disclosure::{FieldValue, Private};

fn page(value: &Private<FieldValue>) -> String {
    format!("<p>{value}</p>")
}

fn main() {}
