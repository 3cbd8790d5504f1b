//! The verify page, which checks in the browser alone, refuses what this crate refuses.

use crate::forge;
use crate::kit::*;
use crate::outside::{ask, fetch};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jobfuture_credential::*;
use rand::Rng;
use serde_json::{Value, json};
use std::io::Write;

fn file() -> String {
    let status_list = Some(list(&[INDEX - 1]));
    WalletFile { credential: issued(&signal(), Decoys::Padded), issuer: Some((ISSUER.into(), keys())), status_list }
        .write()
}

fn ours(text: &str) -> Result<(), Error> {
    WalletFile::read(text)?.verify(Trust::AsEnclosed, NOW).map(|_| ())
}

/// Names and texts of wallet files, each of which both must take or both refuse.
#[track_caller]
fn agree(files: &[(String, String)]) -> usize {
    let case = |(name, text): &(String, String)| json!({ "name": name, "kind": "file", "token": text, "now": NOW });
    let found = ask(&mut fetch::browser(), files.iter().map(case).collect());
    let mut taken = 0;
    for (name, text) in files {
        let (ours, theirs) = (ours(text), &found[name]);
        assert_eq!(ours.is_ok(), theirs["accepted"] == true, "{name}: {ours:?}, and in the browser {theirs}");
        assert!(ours.is_ok() || theirs["why"].as_str().is_some_and(|why| why.ends_with('.')), "{name}: {theirs}");
        taken += usize::from(ours.is_ok());
    }
    taken
}

/// With one letter changed into another one that may stand there.
fn changed(text: &str, at: usize, random: &mut impl Rng) -> (String, String) {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~. =\"{";
    let mut bytes = text.as_bytes().to_vec();
    let before = bytes[at];
    while bytes[at] == before {
        bytes[at] = LETTERS[random.random_range(0..LETTERS.len())];
    }
    (format!("{} at {at} for {}", bytes[at] as char, before as char), String::from_utf8(bytes).unwrap())
}

#[test]
fn every_letter_of_a_credential_counts_there_as_here() {
    let text = file();
    let credential = WalletFile::read(&text).unwrap().credential;
    let start = text.find(&credential).unwrap();
    let mut random = random(21);
    let mut files: Vec<_> =
        (0..200).map(|_| changed(&text, start + random.random_range(0..credential.len()), &mut random)).collect();
    // The last letters of parts hold bits that matter to nobody but who is strict.
    let ends = credential.match_indices(['~', '.']).map(|(at, _)| start + at - 1);
    files.extend(ends.collect::<Vec<_>>().into_iter().map(|at| changed(&text, at, &mut random)));
    assert_eq!(agree(&files), 0);
    assert_eq!(agree(&[("as it was".into(), text)]), 1);
}

/// The lines for people, the keys and the list: some letters of these matter, and some do not.
#[test]
fn every_letter_of_a_file_counts_there_as_here() {
    let text = file();
    let (before, behind) = (text.find("eyJ").unwrap(), text.find("-----END CREDENTIAL").unwrap());
    let mut random = random(22);
    let places: Vec<usize> = (0..300)
        .map(|at| if at % 3 == 0 { random.random_range(0..before) } else { random.random_range(behind..text.len()) })
        .collect();
    let mut files: Vec<_> = places.into_iter().map(|at| changed(&text, at, &mut random)).collect();
    files.push(("as some editors write it".into(), text.replace('\n', "\r\n")));
    files.push(("twice".into(), format!("{text}{text}")));
    files.push(("empty".into(), String::new()));
    let taken = agree(&files);
    assert!((50..250).contains(&taken), "{taken} of {}", files.len());
}

fn signed(header: &str, payload: &str) -> String {
    let credential = format!("{}~", forge::sign_text(header, payload, &forge::INSTANCE));
    WalletFile { credential, issuer: Some((ISSUER.into(), keys())), status_list: None }.write()
}

/// JSON that readers take in several ways, signed by the issuer.
#[test]
fn json_is_read_there_as_here() {
    let (header, payload) = (forge::header("dc+sd-jwt").to_string(), forge::payload().to_string());
    let inside = |more: &str| signed(&header, &payload.replacen('{', &format!("{{{more},"), 1));
    let deep = |depth: usize| format!("\"sub\":{}{}", "[".repeat(depth), "]".repeat(depth));
    let good = [
        r#""sub":"\ud83d\ude00""#,
        r#""sub":1e3"#,
        r#""sub":-0"#,
        r#""sub":18446744073709551616"#,
        r#""sub":[{},[],null]"#,
        r#""sub":"\/\b\f\n\r\t\"\\""#,
        " \t\n\r\"sub\" : \"\u{7f}\"",
        r#""sub":{"__proto__":1}"#,
        r#""nbf":0"#,
    ];
    let bad = [
        r#""sub":1,"sub":1"#,
        r#""sub":1,"\u0073ub":1"#,
        r#""sub":{"a":1,"a":1}"#,
        r#""sub":"\ud83d""#,
        r#""sub":"\ude00""#,
        r#""sub":"\ud83d\u0041""#,
        r#""sub":"\x41""#,
        r#""sub":1e400"#,
        r#""sub":01"#,
        r#""sub":.5"#,
        r#""sub":1."#,
        r#""sub":+1"#,
        r#""sub":NaN"#,
        r#""sub":[1,]"#,
        r#""sub":{"a":1,}"#,
        r#""sub":'a'"#,
        r#""sub":"a	b""#,
        r#""sub":/**/1"#,
        r#""nbf":0.0"#,
        r#""nbf":-1"#,
        r#""nbf":1e9"#,
        r#""nbf":"0""#,
        r#""nbf":null"#,
        r#""__proto__":{}"#,
        r#""constructor":1"#,
        "\u{a0}\"sub\":1",
        r#""_sd":{}"#,
        r#""_sd_alg":null"#,
        r#""at_least":{"id":"middle","name":"Middle","__proto__":1}"#,
    ];
    let files = |list: &[&str]| list.iter().map(|more| ((*more).to_owned(), inside(more))).collect::<Vec<_>>();
    assert_eq!(agree(&files(&good)), good.len());
    assert_eq!(agree(&files(&bad)), 0);
    let whole = [
        ("behind it", signed(&header, &format!("{payload}x"))),
        ("a mark before it", signed(&header, &format!("\u{feff}{payload}"))),
        ("a list", signed(&header, &format!("[{payload}]"))),
        ("a header behind a header", signed(&format!("{header}{header}"), &payload)),
        ("an algorithm twice", signed(&header.replacen('{', r#"{"alg":"none","#, 1), &payload)),
        ("deep", inside(&deep(14))),
        ("too deep", inside(&deep(18))),
        ("far too deep", inside(&deep(200))),
        ("deep beyond the stack", inside(&deep(3_000))),
    ];
    assert_eq!(agree(&whole.map(|(name, text)| (name.to_owned(), text))), 1);
}

/// What a credential may say, and nothing that looks like it.
#[test]
fn words_are_read_there_as_here() {
    let said = |name: &str, value: &Value| {
        let mut payload = forge::payload();
        payload[name] = value.clone();
        (format!("{name} {value}"), signed(&forge::header("dc+sd-jwt").to_string(), &payload.to_string()))
    };
    let label = |text: &str| json!({ "id": "django", "name": text });
    let level = |text: &str| json!({ "id": "middle", "name": text });
    let good = [
        ("role", label("Reads QuerySets; says when SQL is sent (≤ 3 statements)")),
        ("role", label(&"😀".repeat(200))),
        ("at_least", level("Ведущий")),
        ("at_least", level("Mid-level one")),
        ("condition", json!({ "kind": "own_tools" })),
        ("condition", json!({ "kind": "witnessed", "company": "Riverside", "on": "2028-02-29" })),
        ("competencies", json!([])),
        ("versions", json!([{ "of": "bank", "version": 4_294_967_295_u32 }])),
        ("taken_on", json!("2000-12-31")),
    ];
    let bad = [
        ("role", label("")),
        ("role", label(" a")),
        ("role", label("a\u{a0}")),
        ("role", label("a\nb")),
        ("role", label("a\u{202e}b")),
        ("role", label("a\u{feff}b")),
        ("role", label("a\u{85}")),
        ("role", label(&"x".repeat(201))),
        ("role", json!({ "id": "Django", "name": "x" })),
        ("role", json!({ "id": "a".repeat(65), "name": "x" })),
        ("role", json!({ "id": "a\n", "name": "x" })),
        ("role", json!({ "id": "a" })),
        ("at_least", level("87")),
        ("at_least", level("a  b")),
        ("at_least", level("½")),
        ("at_least", level("a-")),
        ("at_least", json!("middle")),
        ("at_least", json!({ "id": "middle", "name": "Middle", "score": 1 })),
        ("condition", json!({ "kind": "cheated" })),
        ("condition", json!({ "kind": "unaided", "score": 1 })),
        ("condition", json!({ "kind": "witnessed" })),
        ("condition", json!("unaided")),
        ("taken_on", json!("2026-02-29")),
        ("taken_on", json!("2026-00-10")),
        ("taken_on", json!("1999-01-01")),
        ("taken_on", json!("２026-11-2")),
        ("competencies", json!({})),
        ("competencies", json!(["a"])),
        ("versions", json!([{ "of": "bank", "version": 0.5 }])),
        ("versions", json!([{ "of": "bank", "version": -1 }])),
        ("versions", json!([{ "of": "bank", "version": 4_294_967_296_u64 }])),
        ("score", json!(0.87)),
        ("estimate", json!("1.2")),
    ];
    let files = |list: &[(&str, Value)]| list.iter().map(|(name, value)| said(name, value)).collect::<Vec<_>>();
    assert_eq!(agree(&files(&good)), good.len());
    assert_eq!(agree(&files(&bad)), 0);
}

/// A few bytes that unpack to very much. Node may use no more memory than the page would in a browser.
#[test]
fn a_bomb_of_a_list_does_no_harm() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..500 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let lst = forge::base64url(encoder.finish().unwrap());
    let payload = json!({ "sub": LIST, "iat": NOW - 60, "exp": NOW + 600, "status_list": { "bits": 1, "lst": lst } });
    let bomb = forge::sign(&forge::header("statuslist+jwt"), &payload, &forge::INSTANCE);
    let text = WalletFile {
        credential: issued(&signal(), Decoys::Padded),
        issuer: Some((ISSUER.into(), keys())),
        status_list: Some(bomb),
    };
    let case = json!({ "name": "bomb", "kind": "file", "token": text.write(), "now": NOW });
    let found = ask(&mut fetch::browser(), vec![case])["bomb"].clone();
    assert_eq!(found["accepted"], false, "{found}");
    assert!(found["why"].as_str().unwrap().contains("more than 2^22 entries"), "{found}");
    assert!(found["most_memory"].as_u64().unwrap() < 250 << 20, "{found}");
}
