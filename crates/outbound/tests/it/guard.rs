//! What must not be reached is not, by whatever way it is named.

use crate::{SITE, Town, ask, client};
use jobfuture_outbound::{Answer, Error, Policy};
use jobfuture_testkit::{NameServer, WebServer, write_answer};
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

const PLAIN: &[&str] = &["Content-Type: text/plain"];

fn hello(_: &str, stream: &mut TcpStream) {
    write_answer(stream, "200 OK", PLAIN, b"hello");
}

#[tokio::test]
async fn names_that_lead_to_private_places_are_refused_before_any_connection() {
    let dns = NameServer::start();
    let outbound = client(&dns, Policy::default());
    for address in [
        "127.0.0.1",
        "127.9.9.9",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "2001:db8::1",
        "2001::1",
    ] {
        dns.lead("inside.example", &[address]);
        let error = outbound.get(&ask("https://inside.example/")).await.unwrap_err();
        assert!(matches!(&error, Error::NotPublic { host, .. } if host == "inside.example"), "{address}: {error}");
        assert!(!error.is_passing());
        // Together with a public one it is refused as well.
        dns.lead("both.example", &["9.9.9.9", address]);
        let error = outbound.get(&ask("https://both.example/")).await.unwrap_err();
        assert!(matches!(error, Error::NotPublic { .. }), "{address}: {error}");
    }
}

#[tokio::test]
async fn addresses_that_are_written_out_are_refused_in_every_spelling() {
    let dns = NameServer::start();
    let outbound = client(&dns, Policy::default().with_http());
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "169.254.169.254",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[fe80::1]",
        "[64:ff9b::a00:1]",
        "10.0.0.1",
        "１２７.0.0.1",
    ] {
        for scheme in ["http", "https"] {
            let error = outbound.get(&ask(&format!("{scheme}://{host}/"))).await.unwrap_err();
            assert!(matches!(error, Error::NotPublic { .. }), "{scheme}://{host}: {error}");
        }
    }
    let error = outbound.get(&ask("https://localhost/")).await.unwrap_err();
    assert!(matches!(error, Error::NotPublic { .. } | Error::NoSuchName { .. }), "{error}");
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_a_moment_later_leads_nowhere() {
    let town = Town::new(hello);
    let inside = WebServer::start_at("127.0.0.2:0", |_, stream| write_answer(stream, "200 OK", PLAIN, b"secret"));
    // Every question but the first is answered with the place inside.
    town.dns.lead_in_turn("hill.example", &[&["127.0.0.1"], &["127.0.0.2"]]);
    let Answer::Arrived(arrived) = town.get().await.unwrap() else { panic!("something arrives") };
    assert_eq!(arrived.body, b"hello");
    assert_eq!(town.dns.times_asked("hill.example"), 1, "what was looked at is what was connected to");
    let error = town.get().await.unwrap_err();
    assert!(matches!(error, Error::NotPublic { .. }), "{error}");
    assert_eq!(town.dns.times_asked("hill.example"), 2, "nothing is remembered");
    assert_eq!((town.web.heads().len(), inside.heads().len()), (1, 0));
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let inside = WebServer::start_at("127.0.0.3:0", hello);
    let to = format!("http://{}/latest/meta-data", inside.at());
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let location = format!("Location: {to}");
        let town = Town::new(move |_, stream| write_answer(stream, status, &[&location], b""));
        let error = town.get().await.unwrap_err();
        assert_eq!(error, Error::Redirect { url: SITE.to_owned(), to: to.clone() }, "{status}");
    }
    assert!(inside.heads().is_empty(), "nobody went there");
    let town = Town::new(|_, stream| write_answer(stream, "302 Found", &[], b""));
    assert!(matches!(town.get().await.unwrap_err(), Error::Redirect { to, .. } if to == "nowhere"));
}

#[tokio::test]
async fn what_is_too_long_is_not_read_to_its_end() {
    // It says so, and it does not; it says less than it sends.
    let town = Town::new(|_, stream| write_answer(stream, "200 OK", PLAIN, &[b'x'; 10_001]));
    assert!(matches!(town.get().await.unwrap_err(), Error::TooLarge { limit: 10_000, .. }));
    let town = Town::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
        while stream
            .write_all(b"3e8\r\n")
            .and_then(|()| stream.write_all(&[b'x'; 1000]))
            .and_then(|()| stream.write_all(b"\r\n"))
            .is_ok()
        {}
    });
    assert!(matches!(town.get().await.unwrap_err(), Error::TooLarge { .. }));
    let town = Town::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
        while stream.write_all(&[b'x'; 1000]).is_ok() {}
    });
    assert!(matches!(town.get().await.unwrap_err(), Error::TooLarge { .. }));
    // A head without end.
    let town = Town::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"X-More: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n").is_ok() {}
    });
    assert!(matches!(town.get().await.unwrap_err(), Error::Broken { .. }));
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    // Ten megabytes of nothing in some ten kilobytes.
    let packed = gzip(&vec![0; 9_000_000]);
    assert!(packed.len() < 10_000, "{}", packed.len());
    let town = Town::new(move |_, stream| {
        write_answer(stream, "200 OK", &["Content-Type: text/plain", "Content-Encoding: gzip"], &packed);
    });
    assert!(matches!(town.get().await.unwrap_err(), Error::TooLargeUnpacked { limit: 50_000, .. }));
    for coding in ["br", "deflate", "gzip, gzip"] {
        let line = format!("Content-Encoding: {coding}");
        let town =
            Town::new(move |_, stream| write_answer(stream, "200 OK", &["Content-Type: text/plain", &line], b"x"));
        assert!(matches!(town.get().await.unwrap_err(), Error::Broken { .. }), "{coding}");
    }
    let line = "Content-Encoding: gzip";
    let town =
        Town::new(move |_, stream| write_answer(stream, "200 OK", &["Content-Type: text/plain", line], b"no gzip"));
    assert!(matches!(town.get().await.unwrap_err(), Error::Broken { .. }));
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn who_answers_slowly_or_not_at_all_is_not_waited_for() {
    fn nothing(_: &str, _: &mut TcpStream) {
        std::thread::sleep(Duration::from_secs(4));
    }
    fn drips(_: &str, stream: &mut TcpStream) {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9999\r\n\r\n");
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(100));
            if stream.write_all(b"x").is_err() {
                return;
            }
        }
    }
    for town in [Town::new(nothing), Town::new(drips)] {
        let began = Instant::now();
        let error = town.get().await.unwrap_err();
        assert_eq!(error, Error::Slow { host: "hill.example".to_owned(), seconds: 2 });
        assert!(error.is_passing() && began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
}

#[tokio::test]
async fn another_kind_than_was_asked_for_is_not_taken() {
    for (lines, found) in [
        (&["Content-Type: text/html; charset=utf-8"][..], "text/html"),
        (&["Content-Type: application/octet-stream"][..], "application/octet-stream"),
        (&["Content-Type: text/plainer"][..], "text/plainer"),
        (&[][..], "none"),
    ] {
        let lines: Vec<&'static str> = lines.to_vec();
        let town = Town::new(move |_, stream| write_answer(stream, "200 OK", &lines, b"<h1>hello</h1>"));
        let error = town.get().await.unwrap_err();
        let wanted = "text/plain".to_owned();
        assert_eq!(error, Error::WrongKind { url: SITE.to_owned(), found: found.to_owned(), wanted });
    }
}

#[tokio::test]
async fn what_is_no_http_is_told() {
    fn garbage(_: &str, stream: &mut TcpStream) {
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n");
    }
    fn cut(_: &str, stream: &mut TcpStream) {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf");
    }
    for town in [Town::new(garbage), Town::new(cut), Town::new(|_, _| {})] {
        assert!(matches!(town.get().await.unwrap_err(), Error::Broken { .. }));
    }
    // Nobody is there at all.
    let dns = NameServer::start();
    dns.lead("hill.example", &["127.0.0.1"]);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = client(&dns, Policy::default().with_trial(closed)).get(&ask(SITE)).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }) && error.is_passing(), "{error}");
}
