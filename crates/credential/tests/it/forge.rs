//! Tokens as an attacker writes them, or an issuer whose code is wrong. It shares nothing with the code that it tests.

use crate::kit::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const INSTANCE: [u8; 32] = [7; 32];
pub const ADA: [u8; 32] = [9; 32];

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn read(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

pub fn digest(text: &str) -> String {
    base64url(Sha256::digest(text.as_bytes()))
}

/// Signs any text of a header and a payload.
pub fn sign_text(header: &str, payload: &str, secret: &[u8; 32]) -> String {
    let signed = format!("{}.{}", base64url(header), base64url(payload));
    let signature: Signature = SigningKey::from_slice(secret).unwrap().sign(signed.as_bytes());
    format!("{signed}.{}", base64url(signature.to_bytes()))
}

pub fn sign(header: &Value, payload: &Value, secret: &[u8; 32]) -> String {
    sign_text(&header.to_string(), &payload.to_string(), secret)
}

pub fn header(typ: &str) -> Value {
    json!({ "alg": "ES256", "typ": typ, "kid": instance().public().kid() })
}

/// A good payload without disclosures.
pub fn payload() -> Value {
    json!({
        "iss": ISSUER, "iat": NOW - 60, "exp": NOW + YEAR, "vct": jobfuture_credential::CREDENTIAL_TYPE,
        "cnf": { "jwk": ada().public().jwk() },
        "status": { "status_list": { "idx": INDEX, "uri": LIST } },
    })
}

/// What stands between two tildes: salt, name, value.
pub fn disclosure(parts: &Value) -> String {
    base64url(parts.to_string())
}

/// A salt that is long enough, for each number another one.
pub fn salt(number: u32) -> String {
    format!("salt-salt-salt-salt-{number:04}")
}

/// Ties a token and disclosures to the company's request.
pub fn bind(token: &str, disclosures: &[String]) -> String {
    bind_with(token, disclosures, |_, _| ())
}

/// As [`bind`], with the header and the payload of the proof changed.
pub fn bind_with(token: &str, disclosures: &[String], change: impl FnOnce(&mut Value, &mut Value)) -> String {
    let mut text = token.to_owned();
    for disclosure in disclosures {
        text.push('~');
        text.push_str(disclosure);
    }
    text.push('~');
    let mut header = json!({ "alg": "ES256", "typ": "kb+jwt" });
    let mut payload = json!({ "iat": NOW, "aud": COMPANY, "nonce": NONCE, "sd_hash": digest(&text) });
    change(&mut header, &mut payload);
    text.push_str(&sign(&header, &payload, &ADA));
    text
}

/// A credential of this payload and these disclosures, whose digests are put at its top.
pub fn credential(mut payload: Value, disclosures: &[String]) -> String {
    let digests: Vec<String> = disclosures.iter().map(|disclosure| digest(disclosure)).collect();
    if payload.get("_sd").is_none() {
        payload["_sd"] = digests.into();
    }
    bind(&sign(&header("dc+sd-jwt"), &payload, &INSTANCE), disclosures)
}
