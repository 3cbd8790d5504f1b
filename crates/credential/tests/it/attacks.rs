//! Forged credentials, by what they attack. Each table begins with the good one.

use crate::forge::*;
use crate::kit::*;
use jobfuture_credential::{CLOCK_SKEW, Error, HolderKey, KEY_BINDING_AGE, MOST_ENTRIES};
use serde_json::{Value, json};

fn good_disclosure() -> String {
    disclosure(&json!([salt(1), "at_least", { "id": "middle", "name": "Middle" }]))
}

fn kid() -> String {
    instance().public().kid().to_owned()
}

#[track_caller]
fn refused(what: &str, text: &str, fits: fn(&Error) -> bool) {
    match verify(text) {
        Err(error) if fits(&error) => {}
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn the_forger_can_also_write_a_good_one() {
    let seen = verify(&credential(payload(), &[good_disclosure()])).unwrap();
    assert_eq!(seen.signal.at_least, Some(signal().at_least));
}

#[test]
fn only_es256_is_an_algorithm() {
    let payload = payload().to_string();
    for alg in ["none", "None", "NONE", "", "HS256", "ES256K", "es256", "Es256", "ES256 ", "ES384", "RS256", "EdDSA"] {
        let header = json!({ "alg": alg, "typ": "dc+sd-jwt", "kid": kid() }).to_string();
        refused(alg, &bind(&sign_text(&header, &payload, &INSTANCE), &[]), |e| matches!(e, Error::Algorithm { .. }));
        let unsigned = format!("{}.{}.", base64url(&header), base64url(&payload));
        refused(alg, &bind(&unsigned, &[]), |e| matches!(e, Error::Algorithm { .. }));
    }
    for alg in [json!(null), json!(["ES256"]), json!(256), json!({ "ES256": 1 })] {
        let header = json!({ "alg": alg, "typ": "dc+sd-jwt", "kid": kid() }).to_string();
        refused("no text", &bind(&sign_text(&header, &payload, &INSTANCE), &[]), |e| {
            matches!(e, Error::Algorithm { .. })
        });
    }
    let header = json!({ "typ": "dc+sd-jwt", "kid": kid() }).to_string();
    refused("missing", &bind(&sign_text(&header, &payload, &INSTANCE), &[]), |e| matches!(e, Error::Algorithm { .. }));
    let twice = format!(r#"{{"alg":"none","alg":"ES256","typ":"dc+sd-jwt","kid":"{}"}}"#, kid());
    refused("twice", &bind(&sign_text(&twice, &payload, &INSTANCE), &[]), |e| matches!(e, Error::Json { .. }));
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let header = json!({ "alg": "HS256", "typ": "dc+sd-jwt", "kid": kid() }).to_string();
    let signed = format!("{}.{}", base64url(&header), base64url(payload().to_string()));
    for secret in [instance().public().jwk().to_string(), kid()] {
        let mac = base64url(hmac_sha256(secret.as_bytes(), signed.as_bytes()));
        refused("HS256", &bind(&format!("{signed}.{mac}"), &[]), |e| matches!(e, Error::Algorithm { .. }));
    }
}

/// RFC 2104.
pub fn hmac_sha256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let mut key = [0; 64];
    if secret.len() > 64 {
        key[..32].copy_from_slice(&Sha256::digest(secret));
    } else {
        key[..secret.len()].copy_from_slice(secret);
    }
    let with = |pad: u8, tail: &[u8]| Sha256::digest([&key.map(|byte| byte ^ pad)[..], tail].concat()).to_vec();
    with(0x5c, &with(0x36, message))
}

#[test]
fn tokens_of_one_kind_do_not_pass_for_another() {
    let is_type = |error: &Error| matches!(error, Error::Type { .. });
    for typ in ["kb+jwt", "statuslist+jwt", "JWT", "vc+sd-jwt", "dc+sd-jwt ", "DC+SD-JWT", "application/dc+sd-jwt", ""]
    {
        refused(typ, &bind(&sign(&header(typ), &payload(), &INSTANCE), &[]), is_type);
    }
    let bare = json!({ "alg": "ES256", "kid": kid() });
    refused("no type", &bind(&sign(&bare, &payload(), &INSTANCE), &[]), is_type);
    refused("a status list", &bind(&list(&[]), &[]), is_type);
    refused("a badge", &bind(&badge(), &[]), is_type);
    let good = credential(payload(), &[]);
    let (token, proof) = (good.split('~').next().unwrap(), good.rsplit('~').next().unwrap());
    refused("the proof as the credential", &bind(proof, &[]), is_type);
    refused("the credential as the proof", &format!("{token}~{token}"), is_type);
    for typ in ["dc+sd-jwt", "JWT", "KB+JWT", "statuslist+jwt", ""] {
        refused(typ, &bind_with(token, &[], |header, _| header["typ"] = typ.into()), is_type);
    }
    let keys = keys();
    let verifier = jobfuture_credential::Verifier { issuer: ISSUER, keys: &keys, now: NOW };
    for other in [token, proof, &list(&[])] {
        assert!(is_type(&verifier.badge(other, jobfuture_credential::Revocation::NotChecked).unwrap_err()));
    }
    for other in [token, proof, &badge()] {
        assert!(is_type(&jobfuture_credential::StatusList::verify(other, LIST, &verifier).unwrap_err()));
    }
}

#[test]
fn keys_come_from_the_issuer_alone() {
    let mallory = HolderKey::from_secret_bytes(&[8; 32]).unwrap();
    let own = mallory.public().jwk();
    let with = |name: &str, value: Value| {
        let mut header = header("dc+sd-jwt");
        header[name] = value;
        header
    };
    for (name, value) in [
        ("jwk", own.clone()),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/chain")),
        ("x5c", json!(["AAAA"])),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
    ] {
        for secret in [INSTANCE, [8; 32]] {
            let text = bind(&sign(&with(name, value.clone()), &payload(), &secret), &[]);
            refused(name, &text, |e| matches!(e, Error::Header { .. }));
        }
    }
    let text = bind(&sign(&header("dc+sd-jwt"), &payload(), &[8; 32]), &[]);
    refused("another key under the issuer's name", &text, |e| matches!(e, Error::Signature { .. }));
    let text = bind(&sign(&with("kid", json!(mallory.public().kid())), &payload(), &[8; 32]), &[]);
    refused("a key that is not published", &text, |e| matches!(e, Error::UnknownKey { .. }));
    for kid in [json!(null), json!(0), json!("")] {
        assert!(verify(&bind(&sign(&with("kid", kid), &payload(), &INSTANCE), &[])).is_err());
    }
}

#[test]
fn claims_of_the_credential_itself_are_checked() {
    for (what, path, value) in [
        ("another issuer", "/iss", json!("https://evil.example")),
        ("an issuer that looks alike", "/iss", json!(format!("{ISSUER}/"))),
        ("another type", "/vct", json!("urn:other:1")),
        ("expired", "/exp", json!(NOW - CLOCK_SKEW)),
        ("expiry as text", "/exp", json!((NOW + YEAR).to_string())),
        ("expiry out of range", "/exp", json!(u64::MAX)),
        ("expiry with a fraction", "/exp", json!(NOW as f64 + 0.5)),
        ("no expiry", "/exp", json!(null)),
        ("from the future", "/iat", json!(NOW + CLOCK_SKEW + 1)),
        ("no holder", "/cnf", json!({})),
        ("a holder by reference", "/cnf", json!({ "kid": "ada" })),
        ("a holder's key of another kind", "/cnf/jwk/crv", json!("P-384")),
        ("no status", "/status", json!({})),
        ("another kind of status", "/status/status_list/idx", json!("4711")),
        ("a negative index", "/status/status_list/idx", json!(-1)),
        ("an index beyond the list", "/status/status_list/idx", json!(MOST_ENTRIES)),
        ("another list", "/status/status_list/uri", json!("https://evil.example/list")),
    ] {
        let mut changed = payload();
        *changed.pointer_mut(path).unwrap() = value;
        assert!(verify(&credential(changed, &[])).is_err(), "{what}");
    }
    for (name, value) in
        [("nbf", json!(NOW + 3_600)), ("nbf", json!("soon")), ("score", json!(0.87)), ("at_least", json!(3))]
    {
        let mut more = payload();
        more[name] = value;
        assert!(verify(&credential(more, &[])).is_err(), "{name}");
    }
    let twice = payload().to_string().replacen('{', &format!(r#"{{"exp":{},"#, NOW + 9 * YEAR), 1);
    let text = bind(&sign_text(&header("dc+sd-jwt").to_string(), &twice, &INSTANCE), &[]);
    refused("a claim that stands twice", &text, |e| matches!(e, Error::Json { .. }));
}

#[test]
fn clocks_may_differ_by_a_minute() {
    let with = |name: &str, at: i64| {
        let mut changed = payload();
        changed[name] = at.into();
        verify(&credential(changed, &[]))
    };
    assert!(with("exp", NOW - CLOCK_SKEW + 1).is_ok());
    assert!(matches!(with("exp", NOW - CLOCK_SKEW), Err(Error::Expired { .. })));
    assert!(with("iat", NOW + CLOCK_SKEW).is_ok());
    assert!(matches!(with("iat", NOW + CLOCK_SKEW + 1), Err(Error::NotYet { .. })));
    assert!(with("nbf", NOW + CLOCK_SKEW).is_ok());
}

#[test]
fn disclosures_are_those_of_the_issuer_each_once() {
    let (one, other) = (good_disclosure(), disclosure(&json!([salt(2), "role", { "id": "x", "name": "X" }])));
    let token = |digests: &[String]| {
        let mut payload = payload();
        payload["_sd"] = digests.into();
        sign(&header("dc+sd-jwt"), &payload, &INSTANCE)
    };
    let is_disclosure = |error: &Error| matches!(error, Error::Disclosure(_));
    let digests = [digest(&one), digest(&other)];
    verify(&bind(&token(&digests), &[one.clone(), other.clone()])).unwrap();
    refused("there twice", &bind(&token(&digests), &[one.clone(), one.clone()]), is_disclosure);
    refused("one too many", &bind(&token(&digests[..1]), &[one.clone(), other.clone()]), is_disclosure);
    let twice = [digest(&one), digest(&one)];
    refused("its digest twice", &bind(&token(&twice), std::slice::from_ref(&one)), |e| matches!(e, Error::DigestTwice));
    refused("a decoy twice", &bind(&token(&[digest("a"), digest("a")]), &[]), |e| matches!(e, Error::DigestTwice));
    let reused = disclosure(&json!([salt(1), "role", { "id": "x", "name": "X" }]));
    refused("a salt used twice", &credential(payload(), &[one.clone(), reused]), is_disclosure);
    let short = disclosure(&json!(["salt", "role", { "id": "x", "name": "X" }]));
    refused("a short salt", &credential(payload(), &[short]), is_disclosure);
    let element = disclosure(&json!([salt(3), { "id": "x", "name": "X" }]));
    refused("an element in an object", &credential(payload(), &[element]), is_disclosure);
    let mut open = payload();
    open["at_least"] = json!({ "id": "senior", "name": "Senior" });
    refused("a claim said twice", &credential(open, &[one]), |e| matches!(e, Error::ClaimTwice(_)));
    refused("an empty one", &bind(&token(&digests), &[String::new()]), |_| true);
    refused("very many", &bind(&token(&digests), &vec![other; 1_000]), is_disclosure);
}

#[test]
fn names_of_the_format_and_of_the_issuer_are_not_disclosed() {
    let names = ["_sd", "...", "_sd_alg", "iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "sub"];
    for name in names {
        let text = credential(payload(), &[disclosure(&json!([salt(1), name, NOW]))]);
        refused(name, &text, |e| matches!(e, Error::ReservedName(_)));
    }
    // A holder who could hide that it has expired.
    let mut hidden = payload();
    hidden.as_object_mut().unwrap().remove("exp");
    assert!(verify(&credential(hidden, &[])).is_err());
    for (what, value) in [
        ("digests that are no list", json!({ "_sd": "x" })),
        ("digests that are no texts", json!({ "_sd": [1] })),
        ("an element with more in it", json!({ "competencies": [{ "...": digest("x"), "id": "y" }] })),
        ("an element whose digest is no text", json!({ "competencies": [{ "...": 7 }] })),
        ("another hash", json!({ "_sd_alg": "sha-1" })),
        ("a hash in another case", json!({ "_sd_alg": "SHA-256" })),
        ("a hash that is no text", json!({ "_sd_alg": 256 })),
        ("digests in the depth", json!({ "role": { "_sd": [digest("x"), digest("x")] } })),
    ] {
        let mut changed = payload();
        changed.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        assert!(verify(&credential(changed, &[])).is_err(), "{what}");
    }
}

/// Each disclosure holds the digest of the next one: reading them must not use up the stack.
#[test]
fn a_chain_of_disclosures_comes_to_an_end() {
    let mut chain = vec![disclosure(&json!([salt(0), "role", 1]))];
    for link in 1..150 {
        let inner = json!({ "_sd": [digest(&chain[link as usize - 1])] });
        chain.push(disclosure(&json!([salt(link), "role", inner])));
    }
    let mut payload = payload();
    payload["_sd"] = json!([digest(chain.last().unwrap())]);
    refused("a chain", &bind(&sign(&header("dc+sd-jwt"), &payload, &INSTANCE), &chain), |e| {
        matches!(e, Error::Disclosure(_))
    });
}

#[test]
fn claims_hold_what_may_be_shown_and_no_score() {
    for (name, value) in [
        ("score", json!(0.87)),
        ("estimate", json!("1.2")),
        ("at_least", json!({ "id": "middle", "name": "Middle", "score": 87 })),
        ("at_least", json!({ "id": "middle", "name": "87" })),
        ("at_least", json!("middle")),
        ("role", json!({ "id": "Django Developer", "name": "x" })),
        ("role", json!({ "id": "django", "name": "a\u{202e}b" })),
        ("condition", json!({ "kind": "cheated" })),
        ("condition", json!({ "kind": "unaided", "score": 1 })),
        ("taken_on", json!("yesterday")),
        ("versions", json!([{ "of": "bank", "version": 0.5 }])),
        ("competencies", json!({})),
    ] {
        let text = credential(payload(), &[disclosure(&json!([salt(1), name, value]))]);
        refused(name, &text, |e| matches!(e, Error::Json { .. }));
    }
}

#[test]
fn a_proof_answers_one_request_of_one_company() {
    let good = credential(payload(), &[good_disclosure()]);
    let token = good.split('~').next().unwrap();
    let shown = [good_disclosure()];
    let with = |name: &str, value: Value| bind_with(token, &shown, |_, proof| proof[name] = value);
    for (what, text) in [
        ("another audience", with("aud", json!("https://other.example"))),
        ("several audiences", with("aud", json!([COMPANY, "https://other.example"]))),
        ("no audience", with("aud", json!(null))),
        ("another nonce", with("nonce", json!("other"))),
        ("no nonce", with("nonce", json!(null))),
        ("another hash", with("sd_hash", json!(digest("x")))),
        ("no hash", with("sd_hash", json!(null))),
        ("too old", with("iat", json!(NOW - KEY_BINDING_AGE - CLOCK_SKEW))),
        ("from the future", with("iat", json!(NOW + CLOCK_SKEW + 1))),
        ("no time", with("iat", json!(null))),
        ("expired", with("exp", json!(NOW - CLOCK_SKEW))),
        ("of another algorithm", bind_with(token, &shown, |header, _| header["alg"] = json!("none"))),
        ("with a key of its own", bind_with(token, &shown, |header, _| header["jwk"] = ada().public().jwk())),
        ("none", good[..=good.rfind('~').unwrap()].to_owned()),
        ("of another credential", format!("{token}~{}", good.rsplit('~').next().unwrap())),
    ] {
        assert!(verify(&text).is_err(), "{what}");
    }
    let mut others = payload();
    others["cnf"]["jwk"] = instance().public().jwk();
    refused("of another holder", &credential(others, &[]), |e| matches!(e, Error::Signature { .. }));
    verify(&with("iat", json!(NOW - KEY_BINDING_AGE))).unwrap();
}

#[test]
fn sizes_are_bounded() {
    let is_long = |error: &Error| matches!(error, Error::TooLong { .. });
    refused("one large text", &"a".repeat(1 << 20), is_long);
    refused("many tildes", &"~".repeat(90_000), |_| true);
    refused("many dots", &".".repeat(90_000), |_| true);
    let mut large = payload();
    large["iss"] = "x".repeat(20_000).into();
    refused("a large token", &credential(large, &[]), is_long);
    let nested = base64url(format!("[\"{}\",\"role\",{}0{}]", salt(1), "[".repeat(400), "]".repeat(400)));
    refused("a deep one", &credential(payload(), &[nested]), |e| matches!(e, Error::Json { .. }));
}
