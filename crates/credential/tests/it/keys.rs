//! Keys and where they are found.

use crate::kit::*;
use jobfuture_credential::*;
use serde_json::json;

#[test]
fn a_key_comes_back_from_every_form_and_tells_nobody_its_secret() {
    let key = IssuerKey::generate(&mut random(3));
    let forms = [
        IssuerKey::from_secret_bytes(&*key.to_secret_bytes()).unwrap(),
        IssuerKey::from_pkcs8_der(&key.to_pkcs8_der().unwrap()).unwrap(),
        IssuerKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap()).unwrap(),
    ];
    for form in &forms {
        assert_eq!(form.public(), key.public());
    }
    let shown = format!("{key:?} {:?} {:?}", key.public(), IssuerKeys::new(forms.into_iter().next().unwrap()));
    let secret: String = key.to_secret_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!shown.to_lowercase().contains(&secret[..8]), "{shown}");
    assert!(!shown.contains(&format!("{}", key.to_secret_bytes()[0]).repeat(2)));
    assert!(shown.contains(key.public().kid()));
}

#[test]
fn what_is_no_secret_of_the_curve_is_refused() {
    for bytes in [&[0; 32][..], &[255; 32], &[1; 31], &[1; 33], &[]] {
        assert!(matches!(IssuerKey::from_secret_bytes(bytes), Err(Error::Key { .. })), "{bytes:?}");
    }
    assert!(IssuerKey::from_pkcs8_der(b"no").is_err());
    assert!(IssuerKey::from_pkcs8_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").is_err());
}

/// The key of RFC 7515, appendix A.3, which is one of ES256.
#[test]
fn a_key_of_an_rfc_is_read() {
    let jwk = json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    let key = PublicKey::from_jwk(&jwk).unwrap();
    assert_eq!(key.jwk(), jwk);
    assert_eq!(key.kid().len(), 43);
}

#[test]
fn public_keys_are_read_strictly() {
    let good = ada().public().jwk();
    assert_eq!(PublicKey::from_jwk(&good).unwrap(), *ada().public());
    for (member, value) in [
        ("kty", json!("RSA")),
        ("crv", json!("P-384")),
        ("crv", json!("secp256k1")),
        ("x", json!("AAAA")),
        ("x", json!(good["y"])),
        ("y", json!(7)),
        ("d", json!("AAAA")),
        ("alg", json!("ES256K")),
        ("use", json!("enc")),
    ] {
        let mut wrong = good.clone();
        wrong[member] = value;
        assert!(PublicKey::from_jwk(&wrong).is_err(), "{member}");
    }
    assert!(PublicKey::from_jwk_text(r#"{"kty":"EC","kty":"EC"}"#).is_err());
}

#[test]
fn the_key_before_verifies_until_it_is_retired() {
    let mut keys = IssuerKeys::new(instance());
    let before = presented();
    let check = |keys: &IssuerKeys| {
        let published = read_metadata(&keys.metadata(ISSUER).to_string(), ISSUER).unwrap();
        let binding = Binding::Required { audience: COMPANY, nonce: NONCE };
        let verifier = Verifier { issuer: ISSUER, keys: &published, now: NOW };
        verifier.credential(&before, binding, Revocation::List(&list(&[])))
    };
    assert!(check(&keys).is_ok());
    keys.rotate(IssuerKey::generate(&mut random(4))).unwrap();
    assert_eq!(keys.key_set().keys().len(), 2);
    assert!(check(&keys).is_ok());
    assert!(keys.rotate(IssuerKey::generate(&mut random(5))).is_err(), "two keys are live, and a third waits");
    keys.retire();
    assert!(matches!(check(&keys), Err(Error::UnknownKey { .. })));
    keys.rotate(IssuerKey::generate(&mut random(5))).unwrap();
}

#[test]
fn keys_lie_where_the_draft_has_them() {
    for (issuer, url) in [
        ("https://jobs.example", "https://jobs.example/.well-known/jwt-vc-issuer"),
        ("https://jobs.example/", "https://jobs.example/.well-known/jwt-vc-issuer"),
        ("https://jobs.example/tenant/7", "https://jobs.example/.well-known/jwt-vc-issuer/tenant/7"),
        ("https://jobs.example:8443/a/", "https://jobs.example:8443/.well-known/jwt-vc-issuer/a"),
        ("http://localhost:8000", "http://localhost:8000/.well-known/jwt-vc-issuer"),
    ] {
        assert_eq!(metadata_url(issuer).as_deref(), Ok(url));
    }
    for no_issuer in [
        "",
        "jobs.example",
        "http://jobs.example",
        "https://",
        "https://a?b",
        "https://a#b",
        "https://u@a",
        "ftp://a",
        "http://localhost.evil.example",
        "https://a b",
    ] {
        assert!(metadata_url(no_issuer).is_err(), "{no_issuer}");
    }
}

#[test]
fn metadata_is_about_the_issuer_that_was_asked_for() {
    let text = IssuerKeys::new(instance()).metadata(ISSUER).to_string();
    assert_eq!(read_metadata(&text, ISSUER).unwrap(), keys());
    assert!(matches!(read_metadata(&text, "https://jobs.example"), Err(Error::Issuer { .. })));
    for wrong in [
        "{}".to_owned(),
        format!(r#"{{"issuer":"{ISSUER}"}}"#),
        format!(r#"{{"issuer":"{ISSUER}","jwks":{{"keys":[]}}}}"#),
        format!(r#"{{"issuer":"{ISSUER}","jwks_uri":"https://jobs.example/keys"}}"#),
        text.replace(r#""kty":"EC""#, r#""kty":"EC","d":"AAAA""#),
        text.replace(r#""issuer":"#, r#""issuer":"https://evil.example","issuer":"#),
        " ".repeat(70_000),
    ] {
        assert!(read_metadata(&wrong, ISSUER).is_err(), "{wrong}");
    }
}
