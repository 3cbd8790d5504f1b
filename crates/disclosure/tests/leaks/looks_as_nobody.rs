//! The door asks who stands there: a name is not enough.
use jobfuture_disclosure::{CandidateName, Disclosure};

async fn look(disclosure: &Disclosure, name: CandidateName) {
    let _ = disclosure.see(name).await;
}

fn main() {}
