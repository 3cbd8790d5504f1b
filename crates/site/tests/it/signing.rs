//! How the provider of tests signs: as it should, and as it should not.

use crate::provider::SECRET;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding, Signer as _};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// With which key and algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    Rs256,
    /// After its keys have changed.
    Es256,
    /// By a new key under the old name, which it publishes.
    SameName,
    /// By a key that it does not publish, under a name that it does.
    Stolen,
    /// By a key of another name, which it does not publish.
    Unpublished,
    /// Not at all.
    None,
    /// By what both know.
    Secret,
    /// By what everybody knows: the public key as if it were a secret.
    PublicKey,
    /// With a signature that belongs to other words.
    Changed,
}

/// All that is not to be taken.
pub const FORGERIES: [Signing; 6] =
    [Signing::Stolen, Signing::Unpublished, Signing::None, Signing::Secret, Signing::PublicKey, Signing::Changed];

static RSA: LazyLock<RsaPrivateKey> = LazyLock::new(new_rsa);
static NEW: LazyLock<RsaPrivateKey> = LazyLock::new(new_rsa);
static STOLEN: LazyLock<RsaPrivateKey> = LazyLock::new(new_rsa);
static P256: LazyLock<p256::ecdsa::SigningKey> =
    LazyLock::new(|| p256::ecdsa::SigningKey::from_slice(&rand::random::<[u8; 32]>()).unwrap());

fn new_rsa() -> RsaPrivateKey {
    RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap()
}

fn published(key: &RsaPrivateKey) -> Value {
    let (n, e) = (BASE64.encode(key.n().to_bytes_be()), BASE64.encode(key.e().to_bytes_be()));
    json!({"kty": "RSA", "kid": "one", "use": "sig", "n": n, "e": e})
}

impl Signing {
    /// The keys that it publishes.
    pub fn published(self) -> Value {
        let key = match self {
            Self::Es256 => {
                let point = P256.verifying_key().to_sec1_point(false);
                let (x, y) = (&point.as_bytes()[1..33], &point.as_bytes()[33..]);
                json!({"kty": "EC", "crv": "P-256", "x": BASE64.encode(x), "y": BASE64.encode(y), "kid": "two"})
            }
            Self::SameName => published(&NEW),
            _ => published(&RSA),
        };
        json!({"keys": [key]})
    }

    /// A signed token.
    pub fn sign(self, claims: &Value) -> String {
        let (algorithm, key) = match self {
            Self::Rs256 | Self::SameName | Self::Stolen | Self::Changed => ("RS256", "one"),
            Self::Unpublished => ("RS256", "three"),
            Self::Es256 => ("ES256", "two"),
            Self::None => ("none", "one"),
            Self::Secret | Self::PublicKey => ("HS256", "one"),
        };
        let part = |value: &Value| BASE64.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({"alg": algorithm, "kid": key, "typ": "JWT"})), part(claims));
        format!("{text}.{}", BASE64.encode(self.signature(text.as_bytes())))
    }

    fn signature(self, text: &[u8]) -> Vec<u8> {
        let rsa = |key: &RsaPrivateKey, text: &[u8]| SigningKey::<Sha256>::new(key.clone()).sign(text).to_vec();
        match self {
            Self::Rs256 => rsa(&RSA, text),
            Self::Changed => rsa(&RSA, &[text, b"."].concat()),
            Self::SameName => rsa(&NEW, text),
            Self::Stolen | Self::Unpublished => rsa(&STOLEN, text),
            Self::Es256 => {
                let signature: p256::ecdsa::Signature = P256.sign(text);
                signature.to_bytes().to_vec()
            }
            Self::None => Vec::new(),
            Self::Secret => hmac(SECRET.as_bytes(), text),
            Self::PublicKey => hmac(&modulus(), text),
        }
    }
}

fn modulus() -> Vec<u8> {
    RSA.n().to_bytes_be()
}

/// HMAC with SHA-256 (RFC 2104).
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    let hashed = Sha256::digest(key);
    let key = if key.len() > block.len() { &hashed[..] } else { key };
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}
