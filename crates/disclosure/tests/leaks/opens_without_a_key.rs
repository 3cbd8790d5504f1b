//! What is inside is reached by its owner's key alone.
use jobfuture_disclosure::{FieldValue, Private};

fn open(value: Private<FieldValue>) -> FieldValue {
    value.value
}

fn main() {}
