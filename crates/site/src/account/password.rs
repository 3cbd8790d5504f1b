//! Passwords: which are taken, and how they are kept.
//!
//! OWASP ASVS 5.0: at least 8 characters (6.2.1), any characters and no rules of composition (6.2.5), at least 64 taken
//! (6.2.9), compared with passwords that everybody uses (6.2.4, 6.2.12), never changed on a date (6.2.10).

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Fewer characters are refused.
pub const SHORTEST: usize = 8;
/// More bytes are refused: hashing them would be work for an attacker to order.
pub const LONGEST: usize = 1024;
/// Guesses, as a power of ten, that a password must withstand: the ten thousand commonest, and simple turns on them, do not.
const GUESSES: f64 = 6.0;

/// A password as it is kept: Argon2id, in the PHC string format.
#[derive(Clone)]
pub struct PasswordHash(String);

/// Why a password is not taken; fit for the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Too short.
    #[error("Use at least {SHORTEST} characters. A few words that do not belong together are easy to remember.")]
    Short,
    /// Too long.
    #[error("Use at most {LONGEST} bytes.")]
    Long,
    /// Too many people have it, or it is made of what is known about the person.
    #[error("This one is guessed quickly: it is common, or made of your name or address. {0}")]
    Common(String),
}

/// Hashes and compares, a few at a time: each takes some 20 MiB and 40 ms of a core, which nobody may order without end.
#[derive(Debug, Clone)]
pub struct Passwords {
    at_once: Arc<Semaphore>,
    /// A hash of nothing in particular, to be compared with where there is no account: the answer takes as long.
    nobody: Arc<str>,
}

/// Hashing could not be done.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a password could not be hashed: {0}")]
pub struct HashingFailed(String);

impl PasswordHash {
    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn from_row(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Whether a password is taken from a person about whom this is known (name, address).
///
/// # Errors
/// What is wrong with it.
pub fn check(password: &str, known: &[&str]) -> Result<(), PasswordFault> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordFault::Short);
    }
    if password.len() > LONGEST {
        return Err(PasswordFault::Long);
    }
    // The estimate takes time that grows with the length, and a hundred characters settle it.
    let head: String = password.chars().take(100).collect();
    let parts: Vec<&str> =
        known.iter().flat_map(|text| text.split(['@', '.', ' '])).filter(|part| part.len() > 2).collect();
    let estimate = zxcvbn::zxcvbn(&head, &parts);
    if estimate.guesses_log10() >= GUESSES {
        return Ok(());
    }
    let advice = estimate.feedback().and_then(|feedback| feedback.warning()).map(|warning| warning.to_string());
    Err(PasswordFault::Common(advice.unwrap_or_else(|| "Add another word or two.".to_owned())))
}

impl Passwords {
    /// With as many at once as there are cores, at most four.
    ///
    /// # Errors
    /// No randomness.
    pub fn new() -> Result<Self, HashingFailed> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        let nobody = hash("nobody has this password").map(|hash| Arc::from(hash.as_str()))?;
        Ok(Self { at_once: Arc::new(Semaphore::new(cores)), nobody })
    }

    /// Hashes a password that was checked.
    ///
    /// # Errors
    /// No randomness, or no memory.
    pub async fn hash(&self, password: String) -> Result<PasswordHash, HashingFailed> {
        self.work(move || hash(&password)).await?
    }

    /// Whether a password is the one that was hashed. Without a hash it is not, and the answer takes as long.
    ///
    /// # Errors
    /// No memory.
    pub async fn is_right(&self, password: String, hash: Option<PasswordHash>) -> Result<bool, HashingFailed> {
        let nobody = Arc::clone(&self.nobody);
        self.work(move || {
            let stored = hash.as_ref().map_or(&*nobody, PasswordHash::as_str);
            let same = Phc::new(stored)
                .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok());
            same && hash.is_some()
        })
        .await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashingFailed> {
        let failed = |error: &dyn std::fmt::Display| HashingFailed(error.to_string());
        let permit = Arc::clone(&self.at_once).acquire_owned().await.map_err(|error| failed(&error))?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(|error| failed(&error))
    }
}

fn hash(password: &str) -> Result<PasswordHash, HashingFailed> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| PasswordHash(hash.to_string())).map_err(|error| HashingFailed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_uses_is_refused() {
        for password in ["password", "Passw0rd!", "12345678", "qwertyuiop", "iloveyou1", "lindqvist", "benlindqvist"] {
            assert!(check(password, &["Ben Lindqvist", "ben.lindqvist@example.org"]).is_err(), "{password}");
        }
        for password in ["ferry orchard lantern", "tram-Wolke-7-kiesel", "пароль дождь север"] {
            assert_eq!(check(password, &[]), Ok(()), "{password}");
        }
        assert_eq!(check("short", &[]), Err(PasswordFault::Short));
        assert_eq!(check(&"long ".repeat(300), &[]), Err(PasswordFault::Long));
    }

    #[tokio::test]
    async fn only_the_password_that_was_hashed_is_right() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("ferry orchard lantern".into()).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$"));
        assert!(passwords.is_right("ferry orchard lantern".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.is_right("ferry orchard lanterns".into(), Some(hash)).await.unwrap());
        assert!(!passwords.is_right("nobody has this password".into(), None).await.unwrap());
    }
}
