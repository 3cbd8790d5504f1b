//! What is asked of a board, answer by answer.

use crate::fixture;
use jobfuture_boards::{Board, Details, Expects, LEVER_PAGE, Walk};
use serde_json::{Value, json};

fn walk(address: &str) -> Walk {
    Walk::new(Board::parse(address).unwrap(), Details::Ask)
}

fn next(walk: &Walk) -> String {
    walk.next().unwrap().url.clone()
}

#[test]
fn each_board_is_asked_at_its_own_interface() {
    let asked: Vec<String> = [
        "https://boards.greenhouse.io/hill",
        "https://jobs.lever.co/hill",
        "https://jobs.eu.lever.co/hill",
        "https://jobs.ashbyhq.com/Hill%20Street",
        "https://hill.workable.com",
        "https://hill.recruitee.com",
        "https://hill.jobs.personio.de",
        "https://hill.jobs.personio.com",
        "https://hill.example/jobs/1?lang=en",
    ]
    .into_iter()
    .map(|address| next(&walk(address)))
    .collect();
    insta::assert_snapshot!(asked.join("\n"), @r"
    https://boards-api.greenhouse.io/v1/boards/hill/jobs?content=true&pay_transparency=true
    https://api.lever.co/v0/postings/hill?mode=json&skip=0&limit=100
    https://api.eu.lever.co/v0/postings/hill?mode=json&skip=0&limit=100
    https://api.ashbyhq.com/posting-api/job-board/Hill%20Street?includeCompensation=true
    https://apply.workable.com/api/v1/widget/accounts/hill?details=true
    https://hill.recruitee.com/api/offers/
    https://hill.jobs.personio.de/xml?language=en
    https://hill.jobs.personio.com/xml?language=en
    https://hill.example/jobs/1?lang=en
    ");
}

#[test]
fn types_of_answers() {
    assert!(Expects::Json.fits("application/json; charset=utf-8"));
    assert!(Expects::Xml.fits("text/xml") && Expects::Html.fits("TEXT/HTML"));
    assert!(!Expects::Json.fits("text/html") && !Expects::Xml.fits("") && !Expects::Html.fits("image/png"));
}

fn lever_page(from: usize, count: usize) -> Vec<u8> {
    let posting = |at: usize| json!({ "id": format!("p{at}"), "text": "Cook", "hostedUrl": "https://hill.example/p" });
    Value::Array((from..from + count).map(posting).collect()).to_string().into_bytes()
}

#[test]
fn lever_is_asked_page_by_page() {
    let mut walk = walk("https://jobs.lever.co/hill");
    walk.answer(&lever_page(0, LEVER_PAGE)).unwrap();
    assert!(next(&walk).ends_with("skip=100&limit=100"));
    // One posting moved to this page while it was asked for.
    walk.answer(&lever_page(99, LEVER_PAGE)).unwrap();
    assert!(next(&walk).ends_with("skip=200&limit=100"));
    let so_far = walk.clone().finish();
    assert!(!so_far.complete, "one page is left");
    walk.answer(&lever_page(199, 3)).unwrap();
    assert_eq!(walk.next(), None);
    let read = walk.finish();
    assert_eq!((read.complete, read.postings.len(), read.listed, read.faults.len()), (true, 202, 202, 0));
}

#[test]
fn a_board_that_sends_the_same_page_for_ever_is_left() {
    let mut walk = walk("https://jobs.lever.co/hill");
    walk.answer(&lever_page(0, LEVER_PAGE)).unwrap();
    walk.answer(&lever_page(0, LEVER_PAGE)).unwrap();
    assert_eq!(walk.next(), None);
}

#[test]
fn a_page_that_repeats_a_posting_is_still_a_full_page() {
    let mut walk = walk("https://jobs.lever.co/hill");
    let mut page: Vec<Value> = serde_json::from_slice(&lever_page(0, LEVER_PAGE)).unwrap();
    page[7] = page[6].clone();
    walk.answer(Value::from(page).to_string().as_bytes()).unwrap();
    assert!(next(&walk).ends_with("skip=100&limit=100"));
}

#[test]
fn greenhouse_is_asked_for_pay_where_its_list_has_none() {
    let job = |id: u32| json!({ "id": id, "title": "Cook", "absolute_url": format!("https://hill.example/{id}") });
    let mut walk = walk("https://boards.greenhouse.io/hill");
    walk.answer(json!({ "jobs": [job(1), job(2)] }).to_string().as_bytes()).unwrap();
    assert!(next(&walk).ends_with("/v1/boards/hill/jobs/1?pay_transparency=true"), "{}", next(&walk));
    let mut first = job(1);
    first["pay_input_ranges"] =
        json!([{ "min_cents": 5_000_000, "max_cents": 6_000_000, "currency_type": "EUR", "title": "Per year" }]);
    walk.answer(first.to_string().as_bytes()).unwrap();
    let mut second = job(2);
    second["pay_input_ranges"] = json!([{ "min_cents": 2, "max_cents": 1, "currency_type": "EUR" }]);
    walk.answer(second.to_string().as_bytes()).unwrap();
    let read = walk.finish();
    assert_eq!((read.listed, read.postings[0].pay.len(), read.postings[1].pay.len()), (2, 1, 0));
    assert_eq!(read.faults.len(), 1, "that of the second's pay");

    let mut left = Walk::new(Board::parse("https://boards.greenhouse.io/hill").unwrap(), Details::Leave);
    left.answer(json!({ "jobs": [job(1)] }).to_string().as_bytes()).unwrap();
    assert_eq!(left.next(), None);
    let mut listed = self::walk("https://boards.greenhouse.io/hill");
    listed.answer(fixture!("greenhouse.json")).unwrap();
    assert_eq!(listed.next(), None, "its list states pay");
}

#[test]
fn addresses_that_a_board_does_not_give_are_known_from_where_it_was_asked() {
    let mut personio = walk("https://hill.jobs.personio.de");
    personio.answer(fixture!("personio.xml")).unwrap();
    let read = personio.finish();
    assert_eq!(read.postings[0].url.as_deref(), Some("https://hill.jobs.personio.de/job/2777228"));
    let mut page = walk("https://hill.example/jobs/1");
    page.answer(b"{\"@type\":\"JobPosting\",\"title\":\"Cook\"}").unwrap();
    let read = page.finish();
    assert_eq!(read.postings[0].external_id, "https://hill.example/jobs/1");
}

#[test]
fn a_wrong_answer_ends_the_walk_incomplete() {
    let mut walk = walk("https://jobs.lever.co/hill");
    assert!(walk.answer(b"<html>moved</html>").is_err());
    assert!(!walk.finish().complete);
}
