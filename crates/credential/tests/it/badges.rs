//! Open Badges.

use crate::forge;
use crate::kit::*;
use jobfuture_credential::*;
use serde_json::{Value, json};

fn check(token: &str, now: i64) -> Result<VerifiedBadge, Error> {
    let keys = keys();
    Verifier { issuer: ISSUER, keys: &keys, now }.badge(token, Revocation::List(&list(&[])))
}

fn payload() -> Value {
    forge::read(badge().split('.').nth(1).unwrap())
}

#[test]
fn a_badge_says_what_the_signal_says() {
    let seen = check(&badge(), NOW).unwrap();
    assert_eq!(seen.signal, ShownSignal::from(signal()));
    assert_eq!(seen.subject, "urn:uuid:01930000-0000-7000-8000-000000000001");
    assert_eq!(seen.standing, Standing::Valid { as_of: NOW - 60 });
}

#[test]
fn a_badge_begins_and_ends_and_can_be_withdrawn() {
    assert!(matches!(check(&badge(), NOW + YEAR + CLOCK_SKEW), Err(Error::Expired { .. })));
    assert!(matches!(check(&badge(), NOW - 86_400 - CLOCK_SKEW - 1), Err(Error::NotYet { .. })));
    let keys = keys();
    let verifier = Verifier { issuer: ISSUER, keys: &keys, now: NOW };
    let withdrawn = verifier.badge(&badge(), Revocation::List(&list(&[INDEX])));
    assert_eq!(withdrawn, Err(Error::Revoked { index: INDEX }));
}

#[test]
fn what_a_badge_says_twice_it_says_the_same_way() {
    let header = json!({ "alg": "ES256", "typ": "JWT", "kid": instance().public().kid() });
    let signed = |payload: &Value| forge::sign(&header, payload, &forge::INSTANCE);
    check(&signed(&payload()), NOW).unwrap();
    for (path, value) in [
        ("/iss", json!("https://evil.example")),
        ("/sub", json!("urn:uuid:2")),
        ("/jti", json!("urn:uuid:3")),
        ("/exp", json!(NOW + 2 * YEAR)),
        ("/nbf", json!(NOW - 5)),
        ("/id", json!("urn:uuid:3")),
        ("/issuer/id", json!("https://evil.example")),
        ("/issuer", json!(ISSUER)),
        ("/credentialSubject/id", json!("urn:uuid:2")),
        ("/validUntil", json!("2099-01-01T00:00:00Z")),
        ("/@context", json!(["https://www.w3.org/2018/credentials/v1"])),
        ("/type", json!(["VerifiableCredential"])),
        ("/status", json!({})),
        ("/jobfuture/at_least/name", json!("99")),
        ("/jobfuture", json!({ "score": 0.9 })),
    ] {
        let mut changed = payload();
        *changed.pointer_mut(path).unwrap() = value;
        assert!(check(&signed(&changed), NOW).is_err(), "{path}");
    }
}

#[test]
fn the_key_in_the_header_is_not_believed() {
    let mallory = HolderKey::from_secret_bytes(&[8; 32]).unwrap();
    let kid = instance().public().kid().to_owned();
    for (what, header, secret) in [
        ("its own key", json!({ "alg": "ES256", "typ": "JWT", "jwk": mallory.public().jwk() }), [8; 32]),
        (
            "the issuer's name",
            json!({ "alg": "ES256", "typ": "JWT", "kid": kid, "jwk": mallory.public().jwk() }),
            [8; 32],
        ),
        (
            "another key beside",
            json!({ "alg": "ES256", "typ": "JWT", "kid": kid, "jwk": mallory.public().jwk() }),
            [7; 32],
        ),
    ] {
        assert!(check(&forge::sign(&header, &payload(), &secret), NOW).is_err(), "{what}");
    }
}

#[test]
fn a_badge_is_made_of_addresses() {
    let (name, status, signal) = (Label::new("Example jobs").unwrap(), place(), signal());
    let badge = |id: &'static str, subject: &'static str| {
        let badge = Badge {
            issuer: ISSUER,
            issuer_name: &name,
            id,
            subject,
            valid_from: NOW,
            valid_until: NOW + YEAR,
            status: &status,
            signal: &signal,
        };
        badge.issue(&instance())
    };
    assert!(badge("urn:uuid:1", "urn:uuid:2").is_ok());
    assert!(badge("1", "urn:uuid:2").is_err());
    assert!(badge("urn:uuid:1", "Ada").is_err());
}
