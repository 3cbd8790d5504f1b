//! Who issues: keys that are published, their rotation, and where they are found.

use crate::error::{Error, shown};
use crate::json;
use crate::key::{IssuerKey, PublicKey};
use serde_json::{Value, json};

/// The path that is put between host and path of an issuer (SD-JWT VC, section “JWT VC Issuer Metadata”).
const WELL_KNOWN: &str = "/.well-known/jwt-vc-issuer";

/// More keys than any issuer publishes.
const MOST_KEYS: usize = 16;

/// In bytes.
const LONGEST_METADATA: usize = 64 << 10;

/// An instance's keys: the one that signs, and the one before it, whose credentials are still about.
#[derive(Debug)]
pub struct IssuerKeys {
    signing: IssuerKey,
    retiring: Option<PublicKey>,
}

impl IssuerKeys {
    /// With one key, that signs.
    pub fn new(signing: IssuerKey) -> Self {
        Self { signing, retiring: None }
    }

    /// As they were stored: with the public half of the key before, if that has not been retired.
    pub fn with_retiring(signing: IssuerKey, retiring: PublicKey) -> Self {
        Self { signing, retiring: Some(retiring) }
    }

    /// The key that signs from now on.
    pub fn signing(&self) -> &IssuerKey {
        &self.signing
    }

    /// The key that only verifies now; its secret is gone.
    pub fn retiring(&self) -> Option<&PublicKey> {
        self.retiring.as_ref()
    }

    /// Takes a new key for signing. The one that has signed so far stays published, and its secret is forgotten.
    ///
    /// # Errors
    /// [`Error::Key`], with the keys unchanged, if the key before is still retiring: what it signed would fail.
    pub fn rotate(&mut self, new: IssuerKey) -> Result<(), Error> {
        if self.retiring.is_some() {
            let why =
                "the key before is still published: retire it when the last credential that it signed has expired";
            return Err(Error::Key { why });
        }
        let before = std::mem::replace(&mut self.signing, new);
        self.retiring = Some(before.public().clone());
        Ok(())
    }

    /// Stops publishing the key before. Everything that it signed fails from now on.
    pub fn retire(&mut self) {
        self.retiring = None;
    }

    /// What is published of them.
    pub fn key_set(&self) -> KeySet {
        KeySet(std::iter::once(self.signing.public()).chain(&self.retiring).cloned().collect())
    }

    /// The document to serve at [`metadata_url`], as `application/json`. `issuer` must be the very text of the
    /// credentials' `iss`.
    pub fn metadata(&self, issuer: &str) -> Value {
        metadata(issuer, &self.key_set())
    }
}

/// Public keys of one issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet(Vec<PublicKey>);

impl KeySet {
    /// Of keys that are known.
    ///
    /// # Errors
    /// [`Error::Key`] if there are none, too many, or one twice.
    pub fn new(keys: Vec<PublicKey>) -> Result<Self, Error> {
        let twice = keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
        if keys.is_empty() || keys.len() > MOST_KEYS || twice {
            return Err(Error::Key { why: "a set has between 1 and 16 keys, each of them once" });
        }
        Ok(Self(keys))
    }

    /// From the JSON of a key set (RFC 7517, section 5). Keys of other kinds are passed over, since an issuer may have them
    /// for something else.
    ///
    /// # Errors
    /// [`Error::Key`] or [`Error::Json`] if no key is left, or a secret key is among them.
    pub fn from_jwks(jwks: &Value) -> Result<Self, Error> {
        let keys = jwks.get("keys").and_then(Value::as_array).ok_or(Error::Key { why: "the set has no “keys”" })?;
        if keys.len() > MOST_KEYS {
            return Err(Error::Key { why: "the set has more than 16 keys" });
        }
        let ours = keys.iter().filter(|key| {
            let is = |name: &str, value: &str| key.get(name).and_then(Value::as_str) == Some(value);
            is("kty", "EC") && is("crv", "P-256") || key.get("d").is_some()
        });
        Self::new(ours.map(PublicKey::from_jwk).collect::<Result<_, _>>()?)
    }

    /// The keys as JSON, for `/.well-known/jwks.json` and the like.
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.0.iter().map(PublicKey::published_jwk).collect::<Vec<_>>() })
    }

    /// The keys, the one that signs first.
    pub fn keys(&self) -> &[PublicKey] {
        &self.0
    }

    /// The key of that name. Names are thumbprints that we compute: what a document calls its keys does not count.
    pub(crate) fn find(&self, kid: &str, what: &'static str) -> Result<&PublicKey, Error> {
        let found = self.0.iter().find(|key| key.kid() == kid);
        found.ok_or_else(|| Error::UnknownKey { what, kid: shown(kid) })
    }
}

pub(crate) fn metadata(issuer: &str, keys: &KeySet) -> Value {
    json!({ "issuer": issuer, "jwks": keys.jwks() })
}

/// Where an issuer's keys are found: `https://jobs.example/hiring` → `https://jobs.example/.well-known/jwt-vc-issuer/hiring`.
///
/// # Errors
/// [`Error::Word`] if the issuer is no `https` address (`http` passes for localhost), or has a query, fragment or user.
pub fn metadata_url(issuer: &str) -> Result<String, Error> {
    let (scheme, rest) = split_issuer(issuer)?;
    let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    Ok(format!("{scheme}://{host}{WELL_KNOWN}{}", path.strip_suffix('/').unwrap_or(path)))
}

/// Reads the document that was served at [`metadata_url`].
///
/// # Errors
/// [`Error::Issuer`] if it is about another issuer than was asked for; [`Error::Json`] and [`Error::Key`] as for
/// [`KeySet::from_jwks`]; [`Error::TooLong`]. Keys by reference (`jwks_uri`) are not followed.
pub fn read_metadata(text: &str, issuer: &str) -> Result<KeySet, Error> {
    let (found, keys) = read_any_metadata(text)?;
    if found != issuer {
        return Err(Error::Issuer { found: shown(&found), expected: shown(issuer) });
    }
    Ok(keys)
}

pub(crate) fn read_any_metadata(text: &str) -> Result<(String, KeySet), Error> {
    const WHAT: &str = "issuer's metadata";
    if text.len() > LONGEST_METADATA {
        return Err(Error::TooLong { what: WHAT, limit: LONGEST_METADATA });
    }
    let document = json::object(text.as_bytes(), WHAT)?;
    let issuer = json::text(&document, "issuer", WHAT)?;
    let jwks = document.get("jwks").ok_or(Error::Claim { what: WHAT, member: "jwks", why: "is missing" })?;
    Ok((issuer.to_owned(), KeySet::from_jwks(jwks)?))
}

/// Checks an address that goes into `iss`.
pub(crate) fn check_issuer(issuer: &str) -> Result<(), Error> {
    split_issuer(issuer).map(|_| ())
}

fn split_issuer(issuer: &str) -> Result<(&str, &str), Error> {
    let wrong = || Error::Word {
        what: "an issuer",
        found: shown(issuer),
        rule: "write https://, the host, and a path if there is one; no query, fragment or user (http only for localhost)",
    };
    let (scheme, rest) = issuer.split_once("://").ok_or_else(wrong)?;
    let host = rest.split('/').next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let local = scheme == "http" && matches!(name, "localhost" | "127.0.0.1");
    let plain = rest.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/:%".contains(c));
    let fits = (scheme == "https" || local) && !name.is_empty() && plain && issuer.len() <= 500;
    if fits { Ok((scheme, rest)) } else { Err(wrong()) }
}
