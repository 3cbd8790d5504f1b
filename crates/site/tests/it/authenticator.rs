//! An authenticator in memory: keys on P-256, attestation “none”. What it signs can be bent, as an attacker would.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HAS_KEY: u8 = 0x40;

/// A device with its keys, and the browser before it.
#[derive(Clone)]
pub struct Authenticator {
    /// The origin that the browser says the page has.
    pub origin: String,
    /// As which site the browser names to it, if not as the one that asks.
    pub party: Option<String>,
    /// Whether it checks who holds it.
    pub verifies: bool,
    /// What its keys count from now on.
    pub counter: u32,
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: Vec<u8>,
    party: String,
    user: String,
    secret: SigningKey,
}

impl Authenticator {
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), party: None, verifies: true, counter: 0, keys: Vec::new() }
    }

    /// `navigator.credentials.create`
    pub fn create(&mut self, asked: &Value) -> Value {
        let options = &asked["options"]["publicKey"];
        assert_eq!(options["authenticatorSelection"]["requireResidentKey"], true, "{options}");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required", "{options}");
        let key = Key {
            id: rand::random::<[u8; 32]>().to_vec(),
            party: text(&options["rp"]["id"]),
            user: text(&options["user"]["id"]),
            secret: SigningKey::from_slice(&rand::random::<[u8; 32]>()).unwrap(),
        };
        self.counter += 1;
        let mut data = self.data(&key, HAS_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(key.id.len()).unwrap().to_be_bytes());
        data.extend(&key.id);
        data.extend(cose(&key.secret));
        let client = self.client_data("webauthn.create", options);
        let id = BASE64.encode(&key.id);
        self.keys.push(key);
        json!({
            "id": id, "rawId": id, "type": "public-key",
            "response": {
                "clientDataJSON": BASE64.encode(client),
                "attestationObject": BASE64.encode(attestation(&data)),
            },
        })
    }

    /// `navigator.credentials.get` with the key that was made last.
    pub fn get(&mut self, asked: &Value) -> Value {
        let options = &asked["options"]["publicKey"];
        assert_eq!(options["userVerification"], "required", "{options}");
        let key = self.keys.last().expect("a key").clone();
        self.counter += 1;
        let data = self.data(&key, 0);
        let client = self.client_data("webauthn.get", options);
        let signature: Signature = key.secret.sign(&[&data[..], &Sha256::digest(&client)[..]].concat());
        let id = BASE64.encode(&key.id);
        json!({
            "id": id, "rawId": id, "type": "public-key",
            "response": {
                "clientDataJSON": BASE64.encode(client),
                "authenticatorData": BASE64.encode(data),
                "signature": BASE64.encode(signature.to_der()),
                "userHandle": key.user,
            },
        })
    }

    fn data(&self, key: &Key, more: u8) -> Vec<u8> {
        let flags = PRESENT | more | if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(self.party.as_ref().unwrap_or(&key.party)).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

/// A public key in COSE (RFC 9053, 7.1.1): EC2, ES256, P-256, x, y.
fn cose(secret: &SigningKey) -> Vec<u8> {
    let point = secret.verifying_key().to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    [&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat()
}

/// An attestation object in CBOR that attests nothing.
fn attestation(data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).expect("a short one");
    [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"[..], &[length], data].concat()
}
