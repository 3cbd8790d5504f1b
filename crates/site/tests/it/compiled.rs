//! Pages that are made ready: the same pages, in each encoding, with validators.

use crate::site::{Answer, TestSite};
use axum::body::Body;
use http::Request;
use std::io::Read;
use tokio::sync::OnceCell;

/// One for all tests that only look: brotli takes its time.
async fn published() -> &'static TestSite {
    static PUBLISHED: OnceCell<TestSite> = OnceCell::const_new();
    let publish = || async {
        let test = TestSite::new();
        let report = test.site.publish().await.unwrap();
        assert!(report.pages >= 10 && report.compressed < report.bytes, "{report:?}");
        test
    };
    PUBLISHED.get_or_init(publish).await
}

fn unpacked(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    match answer.header("content-encoding") {
        "br" => drop(brotli::Decompressor::new(answer.body.as_ref(), 4096).read_to_end(&mut plain).unwrap()),
        "gzip" => drop(flate2::read::GzDecoder::new(answer.body.as_ref()).read_to_end(&mut plain).unwrap()),
        "zstd" => plain = zstd::stream::decode_all(answer.body.as_ref()).unwrap(),
        "" => plain = answer.body.to_vec(),
        other => panic!("{other}"),
    }
    plain
}

#[tokio::test]
async fn each_encoding_holds_the_same_page_under_its_own_tag() {
    let test = published().await;
    let unpublished = TestSite::new().get("/guides/django").await;
    let mut tags = Vec::new();
    for (accept, encoding) in [("", ""), ("gzip", "gzip"), ("gzip, zstd", "zstd"), ("gzip, br, zstd", "br")] {
        let page = test.get_with("/guides/django", &[("accept-encoding", accept)]).await;
        page.is(200);
        assert_eq!(page.header("content-encoding"), encoding);
        assert_eq!(page.header("vary"), "accept-encoding");
        assert_eq!(page.header("content-length"), page.body.len().to_string());
        assert_eq!(unpacked(&page), unpublished.body, "{encoding}");
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        tags.push(page.header("etag").to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
}

#[tokio::test]
async fn a_browser_that_has_the_page_is_not_sent_it_again() {
    let test = published().await;
    let page = test.get_with("/guides/django", &[("accept-encoding", "br")]).await;
    let tag = page.header("etag").to_owned();
    for known in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        let again = test.get_with("/guides/django", &[("accept-encoding", "br"), ("if-none-match", &known)]).await;
        again.is(304);
        assert!(again.body.is_empty());
        assert_eq!((again.header("etag"), again.header("vary")), (tag.as_str(), "accept-encoding"));
    }
    test.get_with("/guides/django", &[("if-none-match", &tag)]).await.is(200);
    test.get_with("/guides/django", &[("accept-encoding", "br"), ("if-none-match", "\"other\"")]).await.is(200);
}

#[tokio::test]
async fn heads_have_no_body_and_other_methods_pass_by() {
    let test = published().await;
    let head = test.ask(Request::head("/guides/django").body(Body::empty()).unwrap()).await;
    head.is(200);
    assert!(head.body.is_empty());
    assert_ne!(head.header("content-length"), "0");
    test.ask(Request::post("/guides/django").body(Body::empty()).unwrap()).await.is(405);
    test.get("/guides/django?level=junior").await.is(200).has("QuerySets");
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_their_version() {
    let test = published().await;
    let home = test.get("/").await;
    let assets: Vec<_> = home.links().into_iter().filter(|link| link.starts_with("/assets/")).collect();
    assert!(assets.len() >= 2, "{assets:?}");
    for asset in assets {
        let asset = test.get_with(&asset, &[("accept-encoding", "br")]).await;
        assert!(asset.is(200).header("cache-control").contains("immutable"));
        assert_eq!(asset.header("content-encoding"), "br");
    }
}

#[tokio::test]
async fn publishing_again_shows_what_was_proved_meanwhile() {
    let test = TestSite::new();
    test.site.publish().await.unwrap();
    let page = "/guides/django/querysets";
    let before = test.get(page).await.header("etag").to_owned();
    let proof = test.library.proofs().next().unwrap();
    let proved_on = jiff::civil::date(2026, 11, 22);
    let record = jobfuture_site::ProofRecord { versions: "Django 5.2.19".into(), proved_on, passed: true };
    test.proofs.record(proof.key(&test.library.projects["shop"]), record);
    test.get(page).await.has("Not yet proved");
    test.site.publish().await.unwrap();
    assert_ne!(test.get(page).await.has("Proved on Django 5.2.19").header("etag"), before);
}

#[tokio::test]
async fn pages_of_one_request_are_compressed_too() {
    let test = TestSite::new();
    let page = test.get_with("/tasks/till?variant=7", &[("accept-encoding", "gzip, br, zstd")]).await;
    assert_eq!(page.is(200).header("content-encoding"), "zstd");
    assert!(String::from_utf8(unpacked(&page)).unwrap().contains("The till remembers"));
    assert_eq!(page.header("vary"), "accept-encoding");
}
