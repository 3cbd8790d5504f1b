//! Keeping in step: what changes, and when nothing is closed.

use crate::{all, fixture};
use jobfuture_boards::{Adapter, Digest, Doubt, Known, Read, diff, read};
use serde_json::{Value, json};

fn known(read: &Read) -> Vec<Known> {
    let one = |posting: &jobfuture_boards::Posting| Known {
        external_id: posting.external_id.clone(),
        digest: posting.digest(),
    };
    read.postings.iter().map(one).collect()
}

fn board(ids: &[usize]) -> Read {
    let job =
        |id: &usize| json!({ "id": id.to_string(), "title": format!("Cook {id}"), "jobUrl": "https://hill.example/" });
    let jobs: Vec<Value> = ids.iter().map(job).collect();
    read(Adapter::Ashby, json!({ "jobs": jobs }).to_string().as_bytes()).unwrap()
}

#[test]
fn the_same_board_again_changes_nothing() {
    for (adapter, bytes) in all() {
        let (first, again) = (read(adapter, bytes).unwrap(), read(adapter, bytes).unwrap());
        assert_eq!(first, again);
        let known = known(&first);
        let plan = diff(&known, &again);
        assert!(plan.is_empty() && plan.gone().is_empty() && plan.doubt().is_none(), "{adapter}: {plan:?}");
        assert_eq!(plan.same.len(), first.postings.len());
    }
}

#[test]
fn a_touch_without_a_change_is_none() {
    let text = String::from_utf8(fixture!("greenhouse.json").to_vec()).unwrap();
    let touched = text.replace("2026-11-20T09:30:00-05:00", "2026-11-29T09:30:00-05:00");
    let first = read(Adapter::Greenhouse, text.as_bytes()).unwrap();
    let again = read(Adapter::Greenhouse, touched.as_bytes()).unwrap();
    assert_ne!(first, again);
    let known = known(&first);
    assert!(diff(&known, &again).is_empty());
}

#[test]
fn what_is_new_changed_and_gone() {
    let before = known(&board(&[1, 2, 3, 4]));
    let mut now = board(&[1, 2, 3, 5]);
    now.postings[1].title.push_str(" and baker");
    let plan = diff(&before, &now);
    let ids = |postings: &[&jobfuture_boards::Posting]| {
        postings.iter().map(|posting| posting.external_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!((ids(&plan.new), ids(&plan.changed)), (vec!["5".to_owned()], vec!["2".to_owned()]));
    assert_eq!((plan.same.as_slice(), plan.to_close(), plan.doubt()), (["1", "3"].as_slice(), ["4"].as_slice(), None));
}

#[test]
fn a_feed_that_is_suddenly_empty_closes_nothing() {
    let before = known(&board(&[1, 2, 3]));
    let empty = board(&[]);
    let plan = diff(&before, &empty);
    assert_eq!((plan.doubt(), plan.to_close()), (Some(&Doubt::Empty(3)), [].as_slice()));
    assert_eq!(plan.gone().len(), 3, "they are shown");
    assert!(plan.is_empty());
    assert_eq!(plan.confirmed().to_close().len(), 3);
}

#[test]
fn a_feed_that_loses_most_closes_nothing() {
    let before = known(&board(&[1, 2, 3, 4, 5]));
    let (few, fewer, more) = (board(&[1, 2]), board(&[1]), board(&[1, 2, 3]));
    assert_eq!(diff(&before, &few).doubt(), Some(&Doubt::MostGone { gone: 3, known: 5 }));
    assert_eq!(diff(&before, &fewer).to_close(), [] as [&str; 0]);
    assert_eq!(diff(&before, &more).to_close(), ["4", "5"]);
    let three = known(&board(&[1, 2, 3]));
    let one = board(&[1]);
    assert_eq!(diff(&three, &one).to_close().len(), 2, "two of three may be filled in a week");
}

#[test]
fn what_could_not_be_read_is_not_gone() {
    let before = known(&board(&[1, 2]));
    let job = |id: Value, title: Value| json!({ "id": id, "title": title });
    let text = json!({ "jobs": [job(json!("1"), json!("Cook 1")), job(json!("2"), Value::Null)] }).to_string();
    let unread = read(Adapter::Ashby, text.as_bytes()).unwrap();
    let plan = diff(&before, &unread);
    assert_eq!((plan.unread.as_slice(), plan.gone().len()), (["2"].as_slice(), 0));
    let text = json!({ "jobs": [job(json!("1"), json!("Cook 1")), job(Value::Null, json!("Cook 2"))] }).to_string();
    let nameless = read(Adapter::Ashby, text.as_bytes()).unwrap();
    assert_eq!(diff(&before, &nameless).doubt(), Some(&Doubt::Nameless(1)));
    let mut cut_short = board(&[1]);
    cut_short.complete = false;
    assert_eq!(diff(&before, &cut_short).doubt(), Some(&Doubt::Incomplete));
}

#[test]
fn digests_are_written_and_read() {
    let digest = board(&[1]).postings[0].digest();
    assert_eq!(digest.to_string().parse::<Digest>(), Ok(digest));
    let other = "+".repeat(64);
    assert!(
        other.parse::<Digest>().is_err() && "é".repeat(32).parse::<Digest>().is_err() && "".parse::<Digest>().is_err()
    );
}
