//! Whatever is changed on the way is noticed, and no bytes at all make the verifier fall.

use crate::forge;
use crate::kit::*;
use jobfuture_credential::*;
use proptest::prelude::*;

#[test]
fn every_byte_that_is_changed_is_refused() {
    let good = presented();
    verify(&good).unwrap();
    for at in 0..good.len() {
        // Another letter of the alphabet, another case, and a bit that may only matter in the last letter of a part.
        for flip in [0x01, 0x02, 0x20] {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= flip;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(verify(&changed).is_err(), "byte {at} of {}, changed by {flip:#x}", good.len());
        }
    }
}

#[test]
fn every_byte_that_is_lost_or_added_is_refused() {
    let good = presented();
    for at in 0..good.len() {
        let mut less = good.clone();
        less.remove(at);
        assert!(verify(&less).is_err(), "without byte {at}");
        let extra = ['~', '.', 'A', ' ', '\n', '='][at % 6];
        let mut more = good.clone();
        more.insert(at, extra);
        assert!(verify(&more).is_err(), "with {extra:?} at {at}");
        assert!(verify(&good[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn every_byte_of_a_status_list_and_of_a_badge_counts() {
    let (list, badge, keys) = (list(&[1]), badge(), keys());
    let verifier = Verifier { issuer: ISSUER, keys: &keys, now: NOW };
    StatusList::verify(&list, LIST, &verifier).unwrap();
    verifier.badge(&badge, Revocation::List(&list)).unwrap();
    for at in 0..list.len() {
        let mut changed = list.clone().into_bytes();
        changed[at] ^= 1;
        assert!(StatusList::verify(&String::from_utf8(changed).unwrap(), LIST, &verifier).is_err(), "byte {at}");
    }
    for at in 0..badge.len() {
        let mut changed = badge.clone().into_bytes();
        changed[at] ^= 1;
        let changed = String::from_utf8(changed).unwrap();
        assert!(verifier.badge(&changed, Revocation::NotChecked).is_err(), "byte {at}");
    }
}

fn json_values() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(|number| serde_json::json!(number)),
        ".{0,20}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let names = prop_oneof!["_sd", "\\.\\.\\.", "_sd_alg", "iss", "exp", "cnf", "status", "role", "[a-z]{1,4}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((names, inner), 0..4)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_makes_a_reader_fall(text in "\\PC{0,200}", parts in prop::collection::vec("[A-Za-z0-9_~.-]{0,40}", 0..8)) {
        for text in [text, parts.join("~"), parts.join(".")] {
            let _ = verify(&text);
            let _ = Held::read(&text);
            let _ = WalletFile::read(&text);
            let _ = PublicKey::from_jwk_text(&text);
            let _ = read_metadata(&text, ISSUER);
            let _ = metadata_url(&text);
        }
    }

    /// The issuer's own signature does not make nonsense good, and does not make it fall either.
    #[test]
    fn no_signed_nonsense_is_taken(
        claims in prop::collection::vec(json_values(), 0..4), disclosed in prop::collection::vec(json_values(), 0..4),
    ) {
        let mut payload = forge::payload();
        for claim in claims {
            if let serde_json::Value::Object(members) = claim {
                payload.as_object_mut().unwrap().extend(members);
            }
        }
        let disclosures: Vec<String> = disclosed.iter().map(forge::disclosure).collect();
        let text = forge::bind(&forge::sign(&forge::header("dc+sd-jwt"), &payload, &forge::INSTANCE), &disclosures);
        if let Ok(seen) = verify(&text) {
            // Only if nothing was added that matters.
            prop_assert_eq!(seen.signal.at_least, None);
            prop_assert!(disclosures.is_empty());
        }
    }
}
