//! Secrets that travel in cookies and links.

use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// 32 bytes in Base64url without padding.
const LENGTH: usize = 43;

/// 256 random bits as text. Whoever has it is let in, so it is shown to one browser or one mailbox and stored as a hash only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one, from the system's source of randomness.
    ///
    /// # Errors
    /// The system has none; nothing should be let in then.
    pub fn random() -> Result<Self, rand::rand_core::OsError> {
        let mut bytes = [0; 32];
        OsRng.try_fill_bytes(&mut bytes)?;
        Ok(Self(base64url(&bytes)))
    }

    /// One that came from outside; nothing if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte));
        is_one.then(|| Self(text.to_owned()))
    }

    /// The text, to be handed to whom it is for.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// Another secret that only the holder of this one can make, for one purpose: it tells nothing of this one.
    pub fn derived(&self, purpose: &str) -> String {
        base64url(&Sha256::new().chain_update(purpose).chain_update([0]).chain_update(&self.0).finalize())
    }

    /// SHA-256: what is stored. Looking it up compares hashes, so how long that takes tells nothing of the token.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(LENGTH);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(word >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_different_and_hashed() {
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(one, other);
        assert_eq!(Token::parse(one.secret()), Some(one.clone()));
        assert_eq!(one.hash().len(), 32);
        assert_eq!(format!("{one:?}"), "Token(…)");
        assert_eq!(one.derived("nonce").len(), LENGTH);
        assert!(one.derived("nonce") != one.derived("other") && one.derived("nonce") != other.derived("nonce"));
        assert_eq!(base64url(b"\xfb\xff\xfe\x00"), "-__-AA");
        assert!(Token::parse("short").is_none() && Token::parse(&"!".repeat(LENGTH)).is_none());
    }
}
