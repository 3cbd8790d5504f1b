//! The verify page, which checks in the browser alone, refuses what this crate refuses.

mod tables;

use crate::forge;
use crate::kit::*;
use crate::outside::{ask, fetch};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jobfuture_credential::*;
use rand::Rng;
use serde_json::json;
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

/// As `what_a_file_brings_along_does_not_replace_whom_one_trusts`.
#[test]
fn whom_one_trusts_is_not_replaced_there_either() {
    let metadata = |issuer: &str, keys: &KeySet| json!({ "issuer": issuer, "jwks": keys.jwks() }).to_string();
    let others = KeySet::new(vec![ada().public().clone()]).unwrap();
    let case = |name: &str, metadata: String, issuer: &str| json!({ "name": name, "kind": "file", "token": file(), "now": NOW, "metadata": metadata, "issuer": issuer });
    let found = ask(
        &mut fetch::browser(),
        vec![
            case("good", metadata(ISSUER, &keys()), ISSUER),
            case("other keys", metadata(ISSUER, &others), ISSUER),
            case("another issuer's keys", metadata("https://other.example", &keys()), "https://other.example"),
            case("another issuer was asked for", metadata(ISSUER, &keys()), "https://other.example"),
        ],
    );
    assert_eq!((&found["good"]["accepted"], &found["good"]["keys"]), (&json!(true), &json!("asked")));
    for name in ["other keys", "another issuer's keys", "another issuer was asked for"] {
        assert_eq!(found[name]["accepted"], false, "{name}");
    }
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
