//! The secret in a link.

use crate::{Error, Randomness};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

const BYTES: usize = 32;

/// 256 random bits as text. Whoever has it sees what its grant opens, so it is stored as a hash, and sealed for its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub(crate) fn random(randomness: &Randomness) -> Result<Self, Error> {
        Ok(Self(URL_SAFE_NO_PAD.encode(*randomness.bytes::<BYTES>()?)))
    }

    /// One that came from outside; nothing if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == BYTES);
        is_one.then(|| Self(text.to_owned()))
    }

    /// The text, for its address.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// What is stored. Looking it up compares hashes, so how long that takes tells nothing of the token.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}
