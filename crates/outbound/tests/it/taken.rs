//! What is taken, and how it is asked for.

use crate::guard::gzip;
use crate::{SITE, Town, ask};
use jobfuture_outbound::{Answer, Ask, Error, RetryAfter, Version};
use jobfuture_testkit::write_answer;
use std::time::Duration;

#[tokio::test]
async fn what_was_asked_for_arrives_and_whoever_asked_says_who_they_are() {
    let town = Town::new(|_, stream| {
        let lines = [
            "Content-Type: text/plain; charset=utf-8",
            "ETag: \"one\"",
            "Last-Modified: Sun, 29 Nov 2026 10:00:00 GMT",
        ];
        write_answer(stream, "200 OK", &lines, "für dich".as_bytes());
    });
    let Answer::Arrived(arrived) = town.get().await.unwrap() else { panic!("something arrives") };
    assert_eq!((arrived.body.as_slice(), arrived.kind.as_str()), ("für dich".as_bytes(), "text/plain"));
    let last_modified = Some("Sun, 29 Nov 2026 10:00:00 GMT".to_owned());
    assert_eq!(arrived.version, Version { etag: Some("\"one\"".to_owned()), last_modified });
    let head = town.web.heads().pop().unwrap().to_lowercase();
    let agent = format!("user-agent: jobfuture/{} (+https://jobs.example.org)", env!("CARGO_PKG_VERSION"));
    for line in ["get /feed http/1.1", "host: hill.example\r\n", "accept: text/plain", "accept-encoding: gzip", &agent]
    {
        assert!(head.contains(line), "{line}: {head}");
    }
    assert!(!head.contains("if-none-match"), "{head}");
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let town = Town::new(|head, stream| {
        let head = head.to_lowercase();
        let is_known = head.contains("if-none-match: \"one\"")
            && head.contains("if-modified-since: sun, 29 nov 2026 10:00:00 gmt");
        let (status, body) = if is_known { ("304 Not Modified", &b""[..]) } else { ("200 OK", &b"new"[..]) };
        write_answer(stream, status, &["Content-Type: text/plain"], body);
    });
    let version =
        Version { etag: Some("\"one\"".to_owned()), last_modified: Some("Sun, 29 Nov 2026 10:00:00 GMT".to_owned()) };
    let known = Ask { known: Some(&version), ..ask(SITE) };
    assert_eq!(town.outbound.get(&known).await.unwrap(), Answer::Unchanged);
    assert!(matches!(town.get().await.unwrap(), Answer::Arrived(_)));
    // 304 to somebody who named no version is no answer.
    let town = Town::new(|_, stream| write_answer(stream, "304 Not Modified", &[], b""));
    assert!(matches!(town.get().await.unwrap_err(), Error::Status { code: 304, .. }));
}

#[tokio::test]
async fn gzip_is_unpacked() {
    let packed = gzip("word ".repeat(5000).as_bytes());
    let town = Town::new(move |_, stream| {
        write_answer(stream, "200 OK", &["Content-Type: text/plain", "Content-Encoding: gzip"], &packed);
    });
    let Answer::Arrived(arrived) = town.get().await.unwrap() else { panic!("something arrives") };
    assert_eq!(arrived.body.len(), 25_000);
}

#[tokio::test]
async fn a_fault_of_the_server_says_whether_and_when_to_try_again() {
    for (status, code, passes) in [
        ("404 Not Found", 404, false),
        ("410 Gone", 410, false),
        ("403 Forbidden", 403, false),
        ("429 Too Many Requests", 429, true),
        ("500 Internal Server Error", 500, true),
        ("503 Service Unavailable", 503, true),
        ("204 No Content", 204, false),
        ("206 Partial Content", 206, false),
    ] {
        let town = Town::new(move |_, stream| write_answer(stream, status, &["Retry-After: 90"], b""));
        let error = town.get().await.unwrap_err();
        let retry_after = Some(RetryAfter::In(Duration::from_secs(90)));
        assert_eq!(error, Error::Status { url: SITE.to_owned(), code, retry_after });
        assert_eq!((error.is_passing(), error.retry_after()), (passes, retry_after), "{status}");
    }
}
