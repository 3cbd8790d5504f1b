//! What a company sees is made by the door.
use jobfuture_disclosure::{CandidateName, Seen};

fn forge(name: CandidateName) -> Seen {
    Seen { name, fields: Default::default(), signals: Vec::new(), terms: Vec::new() }
}

fn main() {}
