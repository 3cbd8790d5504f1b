//! Running a task, with and without JavaScript, with all that can be wrong with it.

use crate::pretend::Pretend;
use crate::site::{TestSite, encoded};
use axum::body::Body;
use http::Request;
use jobfuture_site::{Practice, PracticeLimits, SiteConfig};
use std::sync::Arc;
use std::time::Duration;

const RUNS: &str = "/tasks/till/runs";
const FILE: &str = "file:stock/api.py";

#[tokio::test]
async fn a_pass_is_explained() {
    let page = TestSite::new().post(RUNS, &[("variant", "7"), (FILE, "SIZE = 1\r\nprint(SIZE)")]).await;
    page.is(200)
        .has("All 2 behaviours are shown")
        .has("What this was about")
        .has("Judged in 23 ms")
        .has("0 of 2000 allowed");
    page.has("SIZE = 1\nprint(SIZE)</textarea>").has("<samp>SIZE = 1\nprint(SIZE)</samp>").has("value=\"7\"");
}

#[tokio::test]
async fn a_failure_comes_with_a_counter_example() {
    let page = TestSite::new().post(RUNS, &[("variant", "7"), (FILE, "fail")]).await;
    page.is(200).has("1 of 2 behaviours are shown").has("Not shown").has_not("What this was about");
    page.has("The list has &#60;3 items.").has("&#60;b&#62;Tea").has_not("<b>Tea").has("GET /items/ as ada");
    page.has("× 20 the same shape").has("not counted").has("21 statements of this request, one shape × 20");
    page.has("href=\"#R1\"").has("id=\"R1\"");
}

#[tokio::test]
async fn a_script_gets_the_verdict_alone() {
    let fragment = TestSite::new().post_fragment(RUNS, &[("variant", "7"), (FILE, "fail")]).await;
    fragment.is(200).has_not("<html").has("data-jf-passed=\"false\"").has("data-jf-summary=\"1 of 2 behaviours");
}

#[tokio::test]
async fn a_file_of_ones_own_is_taken_where_a_glob_allows_it() {
    let test = TestSite::new();
    let new = [("variant", "7"), (FILE, "a = 1"), ("new-path", "stock/tests/test_till.py"), ("new-text", "b = 2")];
    let page = test.post(RUNS, &new).await;
    page.is(200).has("name=\"file:stock/tests/test_till.py\"").has("a = 1b = 2");
    let empty = [("variant", "7"), (FILE, "a = 1"), ("new-path", ""), ("new-text", "")];
    test.post(RUNS, &empty).await.is(200);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_what_was_written_stays() {
    let test = TestSite::new();
    let refused = |path: &'static str| [("variant", "7"), (FILE, "kept = 1"), (path, "x")];
    let page = test.post(RUNS, &refused("file:stock/models.py")).await;
    page.is(422).has("stock/models.py is not yours to change").has("stock/api.py, stock/tests/*.py").has("kept = 1");
    for path in ["file:../escape.py", "file:/etc/passwd", "file:stock\\api.py", "file:a\0.py", "file:", "file:a//b.py"]
    {
        test.post(RUNS, &refused(path)).await.is(422).has("cannot be used").has("kept = 1");
    }
    test.post(RUNS, &refused(FILE)).await.is(422).has("was sent twice");
    test.post(RUNS, &[("variant", "7")]).await.is(422).has("No file was sent");
    test.post(RUNS, &[]).await.is(422).has("does not say which variant");
    test.post_fragment(RUNS, &refused("file:stock/models.py")).await.is(422).has_not("<html").has("role=\"alert\"");
    test.post("/tasks/nope/runs", &refused(FILE)).await.is(404).has("There is no such task");
    test.post("/tasks/hidden/runs", &refused(FILE)).await.is(404);
    test.get(RUNS).await.is(303);
}

#[tokio::test]
async fn what_is_not_text_is_said_to_be_none() {
    let request = Request::post(RUNS).header("content-type", "application/x-www-form-urlencoded");
    let body = format!("{}&file%3Astock%2Fapi.py=ok%0A%ff%fe", encoded(&[("variant", "7")]));
    let page = TestSite::new().ask(request.body(Body::from(body)).unwrap()).await;
    page.is(422).has("The file stock/api.py is not UTF-8 text: byte 4 cannot be read");
}

#[tokio::test]
async fn what_is_too_large_is_named_with_the_limit() {
    let test = TestSite::new();
    let large = "#".repeat(300 * 1024);
    let page = test.post(RUNS, &[("variant", "7"), (FILE, &large)]).await;
    page.is(413).has("The file stock/api.py is 300 KiB, and may be 256 KiB at most");
    let request = Request::post(RUNS).header("content-type", "application/x-www-form-urlencoded");
    let five = format!("variant=7&file%3Astock%2Fapi.py={}", "x".repeat(5 * 1024 * 1024));
    let page = test.ask(request.body(Body::from(five)).unwrap()).await;
    page.is(413).has("The file stock/api.py may be 256 KiB at most").has("Where to go next");
    let many: Vec<(String, String)> =
        (0..6).map(|n| (format!("file:stock/tests/test_{n}.py"), "y".repeat(200 * 1024))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    test.post(RUNS, &many).await.is(413);
}

#[tokio::test]
async fn forms_of_other_kinds_and_other_sites_are_refused() {
    let test = TestSite::new();
    let json = Request::post(RUNS).header("content-type", "application/json").body(Body::from("{}")).unwrap();
    test.ask(json).await.is(400).has("application/x-www-form-urlencoded");
    let foreign = Request::post(RUNS)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .unwrap();
    test.ask(foreign).await.is(403).has("sent from another site").has("Where to go next");
}

#[tokio::test]
async fn a_fault_of_ours_is_an_error_page() {
    let test = TestSite::new();
    let page = test.post(RUNS, &[("variant", "7"), (FILE, "panic")]).await;
    page.is(500).has("Something broke on our side").has("panic</textarea>").has("Where to go next");
    test.post(RUNS, &[("variant", "7"), (FILE, "unavailable")]).await.is(503).has("Python went away");
    test.post(RUNS, &[("variant", "7"), (FILE, "fine")]).await.is(200);
}

fn hurried(limits: PracticeLimits) -> TestSite {
    TestSite::with(SiteConfig { practice: limits, ..SiteConfig::default() }, Practice::On(Arc::new(Pretend)))
}

#[tokio::test]
async fn more_runs_than_a_minute_holds_are_refused_and_say_when() {
    let test = hurried(PracticeLimits { per_minute: 2, ..PracticeLimits::default() });
    let run = [("variant", "7"), (FILE, "kept = 1")];
    test.post(RUNS, &run).await.is(200);
    test.post(RUNS, &run).await.is(200);
    let page = test.post(RUNS, &run).await;
    page.is(429).has("2 runs a minute").has("kept = 1").has("Where to go next");
    let seconds: u64 = page.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let fragment = test.post_fragment(RUNS, &run).await;
    assert!(!fragment.is(429).has("data-jf-retry-after").header("retry-after").is_empty());
    test.get("/tasks/till?variant=7").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_whose_turn_does_not_come_is_told_so() {
    let test = hurried(PracticeLimits { wait: Duration::from_millis(20), at_once: 1, ..PracticeLimits::default() });
    let slow = test.post(RUNS, &[("variant", "7"), (FILE, "sleep")]);
    let late = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        test.post(RUNS, &[("variant", "7"), (FILE, "kept = 1")]).await
    };
    let (slow, late) = tokio::join!(slow, late);
    slow.is(200);
    late.is(503).has("Everybody is practising").has("kept = 1");
    assert_eq!(late.header("retry-after"), "5");
}
