//! Where randomness comes from: the system, or in tests a stream that two worlds share.

use crate::Error;
use rand::rngs::OsRng;
use rand::{RngCore, SeedableRng, TryRngCore};
use rand_chacha::ChaCha20Rng;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A source of randomness. Cheap to clone; clones share it.
#[derive(Clone, Debug)]
pub struct Randomness(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl Randomness {
    /// The system's.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A stream that is the same each time: for tests that compare two worlds. Never for people.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))))
    }

    /// Begins a seeded stream anew, so that what comes next does not depend on what was drawn before. Does nothing to the
    /// system's.
    pub fn begin_anew(&self, seed: u64) {
        if let Source::Seeded(stream) = &self.0 {
            *stream.lock().unwrap_or_else(PoisonError::into_inner) = ChaCha20Rng::seed_from_u64(seed);
        }
    }

    /// So many random bytes, overwritten when they are dropped.
    ///
    /// # Errors
    /// The system has none.
    pub fn bytes<const N: usize>(&self) -> Result<Zeroizing<[u8; N]>, Error> {
        let mut bytes = Zeroizing::new([0; N]);
        match &self.0 {
            Source::System => OsRng.try_fill_bytes(&mut *bytes).map_err(|_| Error::NoRandomness)?,
            Source::Seeded(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut *bytes),
        }
        Ok(bytes)
    }

    /// A random id, that says nothing of when it was made.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn id(&self) -> Result<Uuid, Error> {
        Ok(uuid::Builder::from_random_bytes(*self.bytes::<16>()?).into_uuid())
    }

    /// A generator for salts and keys.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generator(&self) -> Result<ChaCha20Rng, Error> {
        Ok(ChaCha20Rng::from_seed(*self.bytes::<32>()?))
    }
}
