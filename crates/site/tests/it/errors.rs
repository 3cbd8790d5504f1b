//! Errors say what happened and lead on.

use crate::site::TestSite;
use axum::body::Body;
use http::Request;

#[tokio::test]
async fn what_is_not_there_leads_to_what_is() {
    let test = TestSite::new();
    for (path, title, leads_to) in [
        ("/nope", "There is no page here", "/guides"),
        ("/guides/nope", "There is no such guide", "/guides"),
        ("/guides/django/nope", "There is no such section", "/guides/django"),
        ("/guides/django/proofs/nope", "There is no such proof", "/guides/django"),
        ("/guides/nope/search?q=x", "There is no such guide", "/guides"),
        ("/tasks/nope", "There is no such task", "/tasks"),
        ("/tasks/hidden", "There is no such task", "/tasks"),
        ("/questions/nope", "There is no such question", "/questions"),
        ("/questions/who-asks?variant=x", "There is no such variant", "/questions/who-asks"),
        ("/questions/who-asks/proofs/nope?variant=1", "There is no such proof", "/questions/who-asks"),
        ("/assets/0/site.css", "There is no page here", "/tasks"),
        ("/%ff%fe", "There is no page here", "/"),
    ] {
        let page = test.get(path).await;
        page.is(404).has(title);
        assert!(page.links().iter().any(|link| link == leads_to), "{path} leads to {:?}", page.links());
        assert_eq!(page.header("cache-control"), "no-store");
        let fragment = test.get_with(path, &[("jf-fragment", "1")]).await;
        fragment.is(404).has_not("<html").has(title);
    }
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_page_and_nowhere_else() {
    let test = TestSite::new();
    assert_eq!(test.get("/guides/django/").await.is(308).header("location"), "/guides/django");
    assert_eq!(test.get("/tasks/till/?variant=7").await.is(308).header("location"), "/tasks/till?variant=7");
    test.get("//elsewhere.example/").await.is(404);
    test.get("///elsewhere.example//").await.is(404);
}

#[tokio::test]
async fn a_method_that_is_not_answered_says_which_are() {
    let test = TestSite::new();
    let page = test.ask(Request::delete("/guides").body(Body::empty()).unwrap()).await;
    page.is(405).has("This address does not do that").has("Where to go next");
    assert!(page.header("allow").contains("GET"), "{:?}", page.headers);
}

#[tokio::test]
async fn every_answer_carries_the_strict_headers() {
    let test = TestSite::new();
    for path in ["/", "/nope", "/tasks/till?variant=1", "/healthz", "/guides/django/querysets", "/favicon.svg"] {
        let page = test.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("set-cookie"), "", "{path}");
        page.has_not(" style=\"").has_not("<style").has_not(" onclick");
    }
}
