//! Files in tables, by what they are made of: the page takes those that this crate takes, and no others.

use super::{agree, file, ours};
use crate::forge;
use crate::kit::*;
use crate::outside::{ask, fetch};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jobfuture_credential::*;
use serde_json::{Value, json};
use std::io::Write;
use std::slice::from_ref;

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
        r#""sub":"\ude00\ude00""#,
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

/// A file with a payload and disclosures, whose digests are put at its top if nothing is said of them.
fn made(mut payload: Value, disclosures: &[String]) -> String {
    if payload.get("_sd").is_none() {
        payload["_sd"] = disclosures.iter().map(|disclosure| forge::digest(disclosure)).collect();
    }
    let token = forge::sign(&forge::header("dc+sd-jwt"), &payload, &forge::INSTANCE);
    let credential = std::iter::once(&token).chain(disclosures).map(|part| format!("{part}~")).collect();
    WalletFile { credential, issuer: Some((ISSUER.into(), keys())), status_list: None }.write()
}

fn with(members: Value) -> Value {
    let mut payload = forge::payload();
    payload.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    payload
}

fn named_files<const N: usize>(files: [(&str, String); N]) -> Vec<(String, String)> {
    files.map(|(name, text)| (name.to_owned(), text)).into()
}

#[test]
fn disclosures_have_their_places_there_as_here() {
    let (disclosure, digest, salt) = (forge::disclosure, forge::digest, forge::salt);
    let one = disclosure(&json!([salt(1), { "id": "x", "name": "X" }]));
    let list = disclosure(&json!([salt(2), "competencies", [{ "...": digest(&one) }, { "...": digest("a decoy") }]]));
    let role = disclosure(&json!([salt(3), "role", { "id": "x", "name": "X" }]));
    let inner = disclosure(&json!([salt(4), "name", "X"]));
    let nested = json!({ "_sd": [], "role": { "id": "x", "_sd": [digest(&inner)] } });
    let top = |digests: &[&String]| with(json!({ "_sd": digests.iter().map(|one| digest(one)).collect::<Vec<_>>() }));
    let good = named_files([
        ("a list and its element", made(top(&[&list]), &[list.clone(), one.clone()])),
        ("a list without its element", made(top(&[&list]), from_ref(&list))),
        ("a member of a member", made(with(nested), from_ref(&inner))),
        ("a decoy", made(with(json!({ "_sd": [digest("a decoy")] })), &[])),
        ("sha-256 in name", made(with(json!({ "_sd_alg": "sha-256" })), from_ref(&role))),
    ]);
    let open = |value: Value| made(with(json!({ "_sd": [], "competencies": value })), &[]);
    let bad = named_files([
        ("an element without its list", made(top(&[&list]), from_ref(&one))),
        ("an element in the depth", made(with(json!({ "_sd": [], "sub": { "_sd": [digest(&one)] } })), from_ref(&one))),
        ("an element for a member", made(top(&[&one]), from_ref(&one))),
        (
            "a member for an element",
            made(with(json!({ "_sd": [], "competencies": [{ "...": digest(&role) }] })), from_ref(&role)),
        ),
        ("a decoy twice", made(with(json!({ "_sd": [digest("a"), digest("a")] })), &[])),
        (
            "a decoy at two places",
            made(with(json!({ "_sd": [digest("a")], "competencies": [{ "...": digest("a") }] })), &[]),
        ),
        ("an element with more in it", open(json!([{ "...": digest("x"), "id": "y" }]))),
        ("an element whose digest is no text", open(json!([{ "...": 7 }]))),
        ("an element that is no element", made(with(json!({ "sub": { "...": digest("x") } })), &[])),
        ("a hash in the depth", made(with(json!({ "sub": { "_sd_alg": "sha-256" } })), &[])),
        ("digests in the depth that are none", made(with(json!({ "sub": { "_sd": [1] } })), &[])),
        (
            "a name of the format",
            made(top(&[&disclosure(&json!([salt(5), "_sd", []]))]), &[disclosure(&json!([salt(5), "_sd", []]))]),
        ),
        ("a name of the format behind another", {
            let hidden = disclosure(&json!([salt(6), "...", "x"]));
            made(with(json!({ "_sd": [], "sub": { "_sd": [digest(&hidden)] } })), &[hidden])
        }),
        ("four parts", made(forge::payload(), &[disclosure(&json!([salt(7), "role", 1, 2]))])),
        ("one part", made(forge::payload(), &[disclosure(&json!([salt(8)]))])),
        ("no list", made(forge::payload(), &[disclosure(&json!({}))])),
        ("a salt that is no text", made(forge::payload(), &[disclosure(&json!([1, "role", 1]))])),
        ("a name that is no text", made(forge::payload(), &[disclosure(&json!([salt(9), 1, 1]))])),
        ("an empty one", made(forge::payload(), &[String::new()])),
        ("a proof for somebody", WalletFile { credential: presented(), ..WalletFile::read(&file()).unwrap() }.write()),
    ]);
    assert_eq!(agree(&good), good.len());
    assert_eq!(agree(&bad), 0);
}

#[test]
fn sizes_are_bounded_there_as_here() {
    let many = |count: u32, name: &str| {
        let one = |number| forge::disclosure(&json!([forge::salt(number), { "id": "x", "name": name }]));
        let elements: Vec<String> = (0..count).map(one).collect();
        let digests: Vec<Value> = elements.iter().map(|one| json!({ "...": forge::digest(one) })).collect();
        made(with(json!({ "_sd": [], "competencies": digests })), &elements)
    };
    let text = file();
    let good = named_files([
        ("as many disclosures as may be", many(160, "X")),
        ("a long one", many(80, &"😀".repeat(200))),
        ("a long token", made(with(json!({ "sub": "x".repeat(10_000) })), &[])),
        ("a long file", format!("{text}{}", " ".repeat(900_000))),
    ]);
    let bad = named_files([
        ("one disclosure too many", many(161, "X")),
        ("too long a one", many(100, &"😀".repeat(200))),
        ("too long a token", made(with(json!({ "sub": "x".repeat(13_000) })), &[])),
        ("too long a file", format!("{text}{}", " ".repeat(1_300_000))),
        ("too long a file, of letters of four bytes", format!("{text}{}", "😀".repeat(400_000))),
    ]);
    assert_eq!(agree(&good), good.len());
    assert_eq!(agree(&bad), 0);
}

/// The holder's key, the issuer's keys, and the place in the list.
#[test]
fn keys_are_read_there_as_here() {
    let text = file();
    let ours = keys().jwks()["keys"][0].clone();
    let enclosed = json!({ "issuer": ISSUER, "jwks": keys().jwks() }).to_string();
    assert!(text.contains(&enclosed));
    let document = |issuer: Value, keys: Value| {
        text.replace(&enclosed, &json!({ "issuer": issuer, "jwks": { "keys": keys } }).to_string())
    };
    let set = |keys: Value| document(ISSUER.into(), keys);
    let changed = |name: &str, value: Value| {
        let mut key = ours.clone();
        key[name] = value;
        key
    };
    let other = ada().public().published_jwk();
    let holder = |name: &str, value: Value| {
        let mut payload = forge::payload();
        payload["cnf"]["jwk"][name] = value;
        made(payload, &[])
    };
    let index = |value: Value| made(with(json!({ "status": { "status_list": { "idx": value, "uri": LIST } } })), &[]);
    let good = named_files([
        ("two keys", set(json!([other, ours]))),
        ("keys of other kinds beside it", set(json!([{ "kty": "OKP" }, ours, 7, { "kty": "EC", "crv": "P-384" }]))),
        ("a name that does not count", set(json!([changed("kid", "x".into())]))),
        ("more in the holder's key", holder("more", json!(1))),
        ("the last place", index(u32::MAX.into())),
    ]);
    let bad = named_files([
        ("the same key twice", set(json!([ours, ours]))),
        ("no keys", set(json!([]))),
        ("another key", set(json!([other]))),
        (
            "too many keys",
            set(json!(std::iter::repeat_n(json!({ "kty": "OKP" }), 16).chain([ours.clone()]).collect::<Vec<_>>())),
        ),
        ("keys that are no list", set(json!({}))),
        ("a secret", set(json!([changed("d", "x".into())]))),
        ("a secret of another kind", set(json!([ours, { "kty": "OKP", "d": "x" }]))),
        ("of another curve", set(json!([changed("crv", "P-384".into())]))),
        ("no point", set(json!([changed("x", ours["y"].clone()), ours]))),
        ("a short coordinate", set(json!([changed("x", "AAAA".into()), ours]))),
        ("for something else", set(json!([changed("use", "enc".into())]))),
        ("another issuer", document("https://other.example".into(), json!([ours]))),
        ("an issuer that is no text", document(json!(7), json!([ours]))),
        ("a holder's secret", holder("d", "x".into())),
        ("a holder's key of another kind", holder("kty", "RSA".into())),
        ("a holder's key of another curve", holder("crv", "P-384".into())),
        ("a holder's key off the curve", holder("x", ours["x"].clone())),
        ("a holder's key for something else", holder("alg", "ES384".into())),
        ("two holders", made(with(json!({ "cnf": { "jwk": ada().public().jwk(), "kid": "x" } })), &[])),
        ("no holder", made(with(json!({ "cnf": {} })), &[])),
        ("a place beyond all", index(json!(1_u64 << 32))),
        ("a place before all", index(json!(-1))),
        ("a place that is not whole", index(json!(1.0))),
    ]);
    assert_eq!(agree(&good), good.len());
    assert_eq!(agree(&bad), 0);
}

#[test]
fn lists_are_read_there_as_here() {
    let zlib = |bytes: &[u8]| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        forge::base64url(encoder.finish().unwrap())
    };
    let file = |members: Value| {
        let bits = json!({ "bits": 1, "lst": zlib(&[0; 4096]) });
        let mut payload = json!({ "sub": LIST, "iat": NOW - 60, "exp": NOW + 600, "ttl": 300, "status_list": bits });
        payload.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let token = forge::sign(&forge::header("statuslist+jwt"), &payload, &forge::INSTANCE);
        WalletFile { status_list: Some(token), ..WalletFile::read(&self::file()).unwrap() }.write()
    };
    let bits = |lst: String| file(json!({ "status_list": { "bits": 1, "lst": lst } }));
    let good = named_files([
        ("a list", file(json!({}))),
        ("its issuer's name", file(json!({ "iss": ISSUER }))),
        ("as long as may be", bits(zlib(&vec![0; 1 << 19]))),
    ]);
    let bad = named_files([
        ("another issuer's name", file(json!({ "iss": "https://other.example" }))),
        ("of yesterday", file(json!({ "iat": NOW - 86_400 - 60 }))),
        ("of tomorrow", file(json!({ "iat": NOW + 86_400 }))),
        ("an end that is no time", file(json!({ "exp": "soon" }))),
        ("longer than may be", bits(zlib(&vec![0; (1 << 19) + 1]))),
        ("empty", bits(zlib(&[]))),
        ("nothing", bits(String::new())),
        ("not compressed", bits(forge::base64url([0; 600]))),
        ("with a dictionary", bits(forge::base64url([0x78, 0xbb, 0, 0, 0, 1, 3, 0, 0, 0, 0, 1]))),
        ("no bits", file(json!({ "status_list": {} }))),
        ("bits as text", file(json!({ "status_list": { "bits": "1", "lst": zlib(&[0; 4096]) } }))),
    ]);
    assert_eq!(agree(&good), good.len());
    assert_eq!(agree(&bad), 0);
    // The draft says what a ttl must be; this crate does not look.
    let odd = named_files([
        ("a ttl that is a text", file(json!({ "ttl": "300" }))),
        ("a ttl of nothing", file(json!({ "ttl": 0 }))),
    ]);
    stricter(&odd);
}

/// What this crate takes, and the page does not: none of ours is like that.
fn stricter(files: &[(String, String)]) {
    let case = |(name, text): &(String, String)| json!({ "name": name, "kind": "file", "token": text, "now": NOW });
    let found = ask(&mut fetch::browser(), files.iter().map(case).collect());
    for (name, text) in files {
        assert_eq!((ours(text), &found[name]["accepted"]), (Ok(()), &json!(false)), "{name}");
    }
}

#[test]
fn what_only_the_page_refuses_is_known() {
    stricter(&named_files([
        ("a claim of nothing", made(with(json!({ "role": null })), &[])),
        ("a list for an object", made(with(json!({ "role": ["django", "Django"] })), &[])),
    ]));
}
