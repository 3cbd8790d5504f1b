//! Signed tokens in their compact form (RFC 7515), by ES256 alone and each of one type (RFC 8725, section 3.11).

use crate::error::{Error, shown};
use crate::key::{PublicKey, SecretKey};
use crate::{base64url, json};
use serde_json::{Map, Value, json};

/// What tells the tokens apart, so that none can be passed off as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The header's `typ`.
    pub typ: &'static str,
    /// For messages.
    pub what: &'static str,
    /// In bytes, of the whole token.
    pub longest: usize,
    /// Whether the header may hold the signer's own key. It is never used: only compared.
    pub own_key: bool,
}

/// An SD-JWT VC: its part that the issuer signs.
pub(crate) const CREDENTIAL: Kind = Kind { typ: "dc+sd-jwt", what: "credential", longest: 16 << 10, own_key: false };
/// What a holder signs when showing it.
pub(crate) const KEY_BINDING: Kind = Kind { typ: "kb+jwt", what: "proof of the key", longest: 4 << 10, own_key: false };
/// A status list.
pub(crate) const STATUS_LIST: Kind =
    Kind { typ: "statuslist+jwt", what: "status list", longest: 1 << 20, own_key: false };
/// An Open Badge.
pub(crate) const BADGE: Kind = Kind { typ: "JWT", what: "badge", longest: 64 << 10, own_key: true };

/// Headers that name a key or its place, and those that change how a token is read. The key is the issuer's, which the
/// verifier knows; everything else would be the attacker's choice.
const REFUSED: [&str; 7] = ["jku", "x5u", "x5c", "crit", "b64", "zip", "enc"];

/// Signs a payload. `members` stand in the header beside `alg` and `typ`.
pub(crate) fn sign<R>(kind: Kind, members: Value, payload: &Value, key: &SecretKey<R>) -> String {
    let mut header = json!({ "alg": "ES256", "typ": kind.typ });
    if let (Value::Object(header), Value::Object(members)) = (&mut header, members) {
        header.extend(members);
    }
    let mut token = format!("{}.{}", base64url::encode(header.to_string()), base64url::encode(payload.to_string()));
    let signature = key.sign(token.as_bytes());
    token.push('.');
    token.push_str(&base64url::encode(signature));
    token
}

/// A token whose header is as it must be. Its payload cannot be had without a key.
pub(crate) struct Unverified<'t> {
    kind: Kind,
    header: Map<String, Value>,
    signed: &'t str,
    payload: &'t str,
    signature: Vec<u8>,
}

impl<'t> Unverified<'t> {
    /// Checks size, form, `alg`, `typ`, and that the header asks for nothing else.
    pub fn read(token: &'t str, kind: Kind) -> Result<Self, Error> {
        let what = kind.what;
        if token.len() > kind.longest {
            return Err(Error::TooLong { what, limit: kind.longest });
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::Damaged { what, why: "it does not have three parts with a dot between them" });
        };
        let signed = &token[..header.len() + 1 + payload.len()];
        let header = json::object(&base64url::decode(header, what)?, what)?;
        check_header(&header, kind)?;
        Ok(Self { kind, header, signed, payload, signature: base64url::decode(signature, what)? })
    }

    /// The name of the key that should have signed it.
    pub fn kid(&self) -> Result<&str, Error> {
        json::text(&self.header, "kid", self.kind.what)
    }

    /// The payload, if this key signed it.
    pub fn verify(&self, key: &PublicKey) -> Result<Map<String, Value>, Error> {
        let what = self.kind.what;
        if !key.verify(self.signed.as_bytes(), &self.signature) {
            return Err(Error::Signature { what });
        }
        if let Some(own) = self.header.get("jwk")
            && PublicKey::from_jwk(own)? != *key
        {
            return Err(Error::Header { what, member: "jwk" });
        }
        json::object(&base64url::decode(self.payload, what)?, what)
    }
}

fn check_header(header: &Map<String, Value>, kind: Kind) -> Result<(), Error> {
    let what = kind.what;
    let found = |name: &str| header.get(name).map_or_else(|| "(none)".to_owned(), |value| shown(&value.to_string()));
    // To the letter: “es256” is no algorithm.
    if header.get("alg").and_then(Value::as_str) != Some("ES256") {
        return Err(Error::Algorithm { what, found: found("alg") });
    }
    if header.get("typ").and_then(Value::as_str) != Some(kind.typ) {
        return Err(Error::Type { what, found: found("typ"), expected: kind.typ });
    }
    let refused = REFUSED.iter().chain((!kind.own_key).then_some(&"jwk"));
    match refused.copied().find(|name| header.contains_key(*name)) {
        Some(member) => Err(Error::Header { what, member }),
        None => Ok(()),
    }
}
