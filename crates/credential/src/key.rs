//! Keys: P-256, for ES256 (RFC 7518, section 3.4).

use crate::error::Error;
use crate::{base64url, json};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rand_core::CryptoRng;
use serde_json::{Value, json};
use std::fmt;
use std::marker::PhantomData;
use zeroize::Zeroizing;

/// The role of a key that signs credentials and status lists.
#[derive(Debug, Clone, Copy)]
pub enum Issuer {}

/// The role of a key that shows who may present a credential.
#[derive(Debug, Clone, Copy)]
pub enum Holder {}

/// An instance's secret key.
pub type IssuerKey = SecretKey<Issuer>;

/// A candidate's secret key.
pub type HolderKey = SecretKey<Holder>;

/// A secret key for one role, so that a candidate's key cannot sign a credential by mistake. Its memory is overwritten when
/// it is dropped, and `Debug` shows its public name only.
pub struct SecretKey<Role> {
    secret: SigningKey,
    public: PublicKey,
    role: PhantomData<fn() -> Role>,
}

impl<Role> SecretKey<Role> {
    /// A new key, from the caller's generator.
    pub fn generate(random: &mut impl CryptoRng) -> Self {
        loop {
            let mut bytes = Zeroizing::new([0; 32]);
            random.fill_bytes(&mut *bytes);
            // Fails for one number in 2^32: then the next one is taken.
            if let Ok(key) = Self::from_secret_bytes(&*bytes) {
                return key;
            }
        }
    }

    /// From the 32 bytes of the secret number.
    ///
    /// # Errors
    /// [`Error::Key`] if they are not 32, or no secret of this curve.
    pub fn from_secret_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let why = "a secret key of P-256 has 32 bytes, which are a number below the order of the curve";
        // p256 would fill up shorter ones with zeros.
        let whole = bytes.len() == 32;
        let secret = SigningKey::from_slice(bytes).ok().filter(|_| whole);
        secret.map(Self::new).ok_or(Error::Key { why })
    }

    /// From PKCS#8 in DER (RFC 5208).
    ///
    /// # Errors
    /// [`Error::Key`] if it is not that, or of another curve.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Error> {
        SigningKey::from_pkcs8_der(der).map(Self::new).map_err(|_| NOT_PKCS8)
    }

    /// From PKCS#8 in PEM (RFC 7468): `-----BEGIN PRIVATE KEY-----`.
    ///
    /// # Errors
    /// [`Error::Key`] if it is not that, or of another curve.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, Error> {
        SigningKey::from_pkcs8_pem(pem).map(Self::new).map_err(|_| NOT_PKCS8)
    }

    /// The 32 bytes of the secret number, overwritten when dropped.
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes().into())
    }

    /// PKCS#8 in DER, overwritten when dropped.
    ///
    /// # Errors
    /// [`Error::Key`] if it cannot be written, which no key of this type is known to cause.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let document = self.secret.to_pkcs8_der().map_err(|_| NOT_WRITTEN)?;
        Ok(Zeroizing::new(document.as_bytes().to_vec()))
    }

    /// PKCS#8 in PEM, overwritten when dropped.
    ///
    /// # Errors
    /// As [`Self::to_pkcs8_der`].
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, Error> {
        self.secret.to_pkcs8_pem(LineEnding::LF).map_err(|_| NOT_WRITTEN)
    }

    /// What may be shown of it.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// r and s, 64 bytes. Deterministic (RFC 6979): a bad generator cannot give the key away.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: Signature = self.secret.sign(message);
        signature.to_bytes().into()
    }

    fn new(secret: SigningKey) -> Self {
        let public = PublicKey::new(*secret.verifying_key());
        Self { secret, public, role: PhantomData }
    }
}

impl<Role> fmt::Debug for SecretKey<Role> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey").field("kid", &self.public.kid).finish_non_exhaustive()
    }
}

const NOT_PKCS8: Error = Error::Key { why: "it is not a P-256 key in PKCS#8 without a password" };
const NOT_WRITTEN: Error = Error::Key { why: "it could not be written as PKCS#8" };

/// A key that may be shown to anybody, of either role.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: VerifyingKey,
    x: String,
    y: String,
    kid: String,
}

impl PublicKey {
    /// From a JWK (RFC 7517): `kty` EC, `crv` P-256, `x` and `y`. Other members are ignored, but for a secret one.
    ///
    /// # Errors
    /// [`Error::Key`] if it is of another kind, no point of the curve, or holds the secret.
    pub fn from_jwk(jwk: &Value) -> Result<Self, Error> {
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        if jwk.get("d").is_some() {
            return Err(Error::Key {
                why: "it holds its secret part (d), which must be shown to nobody: replace the key",
            });
        }
        if member("kty") != Some("EC") || member("crv") != Some("P-256") {
            return Err(Error::Key { why: "it is not of the kind that is used here (kty EC, crv P-256)" });
        }
        if member("alg").is_some_and(|alg| alg != "ES256") || member("use").is_some_and(|usage| usage != "sig") {
            return Err(Error::Key { why: "it is meant for something else than signatures by ES256 (alg, use)" });
        }
        let mut point = vec![4];
        for coordinate in [member("x"), member("y")] {
            let bytes = base64url::decode(coordinate.unwrap_or_default(), "key")?;
            if bytes.len() != 32 {
                return Err(Error::Key { why: "x and y must have 32 bytes each" });
            }
            point.extend(bytes);
        }
        let key = VerifyingKey::from_sec1_bytes(&point);
        key.map(Self::new).map_err(|_| Error::Key { why: "x and y are no point of the curve P-256" })
    }

    /// From the text of a JWK; strict about names that stand twice.
    ///
    /// # Errors
    /// As [`Self::from_jwk`], and [`Error::Json`].
    pub fn from_jwk_text(text: &str) -> Result<Self, Error> {
        Self::from_jwk(&json::value(text.as_bytes(), "key")?)
    }

    /// The JWK with nothing but the key: `kty`, `crv`, `x`, `y`.
    pub fn jwk(&self) -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y })
    }

    /// The JWK with `kid`, `alg` and `use`, as it is published in a key set.
    pub fn published_jwk(&self) -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y, "kid": self.kid, "alg": "ES256", "use": "sig" })
    }

    /// The key's name: the thumbprint of its JWK (RFC 7638), by SHA-256 in base64url.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify(message, &signature).is_ok())
    }

    fn new(key: VerifyingKey) -> Self {
        let point = key.to_sec1_point(false);
        let coordinate = |bytes: &[u8]| base64url::encode(bytes);
        // Uncompressed: the byte 4, then x and y.
        let (x, y) = (coordinate(&point.as_bytes()[1..33]), coordinate(&point.as_bytes()[33..]));
        // The members in the order of their names and without white space, as RFC 7638, section 3 has it.
        let kid = base64url::sha256(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
        Self { key, x, y, kid }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}
