//! Status lists: made, set, read, and refused.

use crate::forge;
use crate::kit::*;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jobfuture_credential::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::Write;

fn check(token: &str, now: i64) -> Result<Standing, Error> {
    let keys = keys();
    let binding = Binding::Required { audience: COMPANY, nonce: NONCE };
    let verifier = Verifier { issuer: ISSUER, keys: &keys, now: NOW };
    let _ = verifier.credential(&presented(), binding, Revocation::List(token))?;
    let verifier = Verifier { now, ..verifier };
    StatusList::verify(token, LIST, &verifier).map(|(_, as_of)| Standing::Valid { as_of })
}

#[test]
fn what_was_withdrawn_is_refused_and_its_neighbours_stand() {
    assert_eq!(check(&list(&[INDEX]), NOW), Err(Error::Revoked { index: INDEX }));
    assert_eq!(check(&list(&[INDEX - 1, INDEX + 1, 0]), NOW), Ok(Standing::Valid { as_of: NOW - 60 }));
}

#[test]
fn what_is_not_looked_up_is_said_to_be_open() {
    let keys = keys();
    let binding = Binding::Required { audience: COMPANY, nonce: NONCE };
    let verifier = Verifier { issuer: ISSUER, keys: &keys, now: NOW };
    let seen = verifier.credential(&presented(), binding, Revocation::NotChecked).unwrap();
    assert_eq!(seen.standing, Standing::NotChecked);
}

#[test]
fn an_old_list_cannot_hide_a_withdrawal() {
    let token = list(&[]);
    assert!(check(&token, NOW + 86_000).is_ok());
    for late in [NOW - 60 + STATUS_LIST_AGE + CLOCK_SKEW, NOW + YEAR] {
        assert!(matches!(check(&token, late), Err(Error::Expired { .. })), "{late}");
    }
    assert!(matches!(check(&token, NOW - 3_600), Err(Error::NotYet { .. })));
}

fn zlib(bytes: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    forge::base64url(encoder.finish().unwrap())
}

fn payload() -> Value {
    json!({
        "sub": LIST, "iat": NOW - 60, "exp": NOW + 600, "ttl": 300,
        "status_list": { "bits": 1, "lst": zlib(&[0; 2048]) },
    })
}

#[test]
fn lists_that_do_not_fit_are_refused() {
    let signed = |payload: &Value| forge::sign(&forge::header("statuslist+jwt"), payload, &forge::INSTANCE);
    assert!(check(&signed(&payload()), NOW).is_ok());
    let with = |path: &str, value: Value| {
        let mut changed = payload();
        *changed.pointer_mut(path).unwrap() = value;
        signed(&changed)
    };
    let bomb = zlib(&vec![0; 64 << 20]);
    for (what, token) in [
        ("another address", with("/sub", json!("https://jobs.example/hiring/status/2"))),
        ("two bits", with("/status_list/bits", json!(2))),
        ("no number of bits", with("/status_list/bits", json!("1"))),
        ("a bomb", with("/status_list/lst", json!(bomb))),
        ("too short for the index", with("/status_list/lst", json!(zlib(&[0; 8])))),
        ("empty", with("/status_list/lst", json!(zlib(&[])))),
        ("not compressed", with("/status_list/lst", json!("AAAA"))),
        ("not base64url", with("/status_list/lst", json!("+/=="))),
        ("from the future", with("/iat", json!(NOW + 3_600))),
        ("expired", with("/exp", json!(NOW - 3_600))),
        ("of another issuer's key", forge::sign(&forge::header("statuslist+jwt"), &payload(), &[8; 32])),
        ("of another type", forge::sign(&forge::header("dc+sd-jwt"), &payload(), &forge::INSTANCE)),
        ("far too long", "e".repeat((1 << 20) + 1)),
    ] {
        assert!(check(&token, NOW).is_err(), "{what}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_list_comes_back_bit_by_bit(entries in 1_u32..5_000, revoked in prop::collection::btree_set(0_u32..5_000, 0..200)) {
        let mut list = StatusList::new(entries).unwrap();
        let inside: Vec<u32> = revoked.iter().copied().filter(|index| *index < list.entries()).collect();
        for index in &inside {
            list.set(*index, Status::Revoked).unwrap();
        }
        let keys = keys();
        let verifier = Verifier { issuer: ISSUER, keys: &keys, now: NOW };
        let (read, as_of) = StatusList::verify(&list.token(&instance(), publication()).unwrap(), LIST, &verifier).unwrap();
        prop_assert_eq!(as_of, NOW - 60);
        prop_assert_eq!(&read, &list);
        for index in 0..list.entries() {
            let expected = if inside.contains(&index) { Status::Revoked } else { Status::Valid };
            prop_assert_eq!(read.get(index), Some(expected));
        }
        for index in inside {
            list.set(index, Status::Valid).unwrap();
        }
        prop_assert_eq!(list, StatusList::new(entries).unwrap());
    }
}
