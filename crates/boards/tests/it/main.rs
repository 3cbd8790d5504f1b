//! What boards send, as they document it and as it comes, through the public surface.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod addresses;
mod anything;
mod boards;
mod changes;
mod files;
mod pages;
mod suggestions;
mod walks;

use jobfuture_boards::{Adapter, Posting, Read, read};

/// A fixture's bytes.
macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/", $name)).as_slice()
    };
}
pub(crate) use fixture;

/// Every fixture with its adapter.
fn all() -> [(Adapter, &'static [u8]); 8] {
    [
        (Adapter::Greenhouse, fixture!("greenhouse.json")),
        (Adapter::Lever, fixture!("lever.json")),
        (Adapter::Ashby, fixture!("ashby.json")),
        (Adapter::Workable, fixture!("workable.json")),
        (Adapter::Recruitee, fixture!("recruitee.json")),
        (Adapter::Personio, fixture!("personio.xml")),
        (Adapter::Page, fixture!("page.html")),
        (Adapter::Csv, fixture!("postings.csv")),
    ]
}

fn sentences(read: &Read) -> Vec<String> {
    read.faults.iter().map(ToString::to_string).collect()
}

/// The one posting of JSON that is a list of one.
fn only(adapter: Adapter, json: &serde_json::Value) -> Posting {
    let read = read(adapter, json.to_string().as_bytes()).unwrap();
    assert_eq!(sentences(&read), Vec::<String>::new());
    assert_eq!(read.postings.len(), 1, "one posting");
    read.postings.into_iter().next().unwrap()
}

/// All that is said of postings, and what was not taken.
fn shown(read: &Read) -> serde_json::Value {
    serde_json::json!({ "listed": read.listed, "postings": read.postings, "faults": sentences(read) })
}
