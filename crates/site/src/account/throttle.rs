//! Guessing is slow, and nobody can use that to shut somebody else out.
//!
//! Attempts are counted for each pair of account and client address, and for each address by itself. Over all addresses an
//! account has a count too, which is far higher and is not asked of a browser that has been signed in to this account
//! before (a “known browser”): a stranger who guesses from many addresses is held up, the owner at home is not.

use super::EmailAddress;
use crate::practice::Client;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Tries of one address on one account, before the first wait.
const PAIR: u32 = 5;
/// Tries of one address on any accounts.
const ADDRESS: u32 = 30;
/// Tries of unknown browsers on one account.
const ACCOUNT: u32 = 50;
/// In which a full allowance comes back.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Entries beyond which the emptiest are forgotten.
const MOST: usize = 100_000;

/// Allowances of tries, in memory.
#[derive(Debug, Clone, Default)]
pub struct Throttle(Arc<Mutex<Buckets>>);

#[derive(Debug, Default)]
struct Buckets {
    pairs: HashMap<(u64, Client), Bucket>,
    addresses: HashMap<Client, Bucket>,
    accounts: HashMap<u64, Bucket>,
}

/// Tries that were made, draining evenly (a leaky bucket).
#[derive(Debug, Clone, Copy)]
struct Bucket {
    filled: f64,
    at: Instant,
}

/// No try now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttled {
    /// Seconds until the next.
    pub retry_after: u64,
}

/// Differs at each start, so that nobody can find two addresses that share a count.
static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl Throttle {
    /// The name under which tries on an account are counted, whether there is such an account or not.
    pub fn key(email: &EmailAddress) -> u64 {
        KEY.hash_one(email)
    }

    /// Takes one try on the account of this name (an address of mail, hashed by the caller into a number), or refuses it.
    ///
    /// # Errors
    /// [`Throttled`], with the seconds to wait.
    pub fn attempt(&self, account: u64, client: Client, known_browser: bool, now: Instant) -> Result<(), Throttled> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { pairs, addresses, accounts } = &mut *buckets;
        let mut waits = vec![wait(pairs, (account, client), PAIR, now), wait(addresses, client, ADDRESS, now)];
        if !known_browser {
            waits.push(wait(accounts, account, ACCOUNT, now));
        }
        if let Some(longest) = waits.into_iter().flatten().max() {
            return Err(Throttled { retry_after: longest.as_secs() + 1 });
        }
        fill(pairs, (account, client), PAIR, now);
        fill(addresses, client, ADDRESS, now);
        if !known_browser {
            fill(accounts, account, ACCOUNT, now);
        }
        Ok(())
    }

    /// The right person came in: their own slips are forgiven.
    pub fn succeeded(&self, account: u64, client: Client) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.pairs.remove(&(account, client));
    }
}

/// How long until a bucket takes one more; nothing if it does now.
fn wait<K: Eq + Hash>(buckets: &HashMap<K, Bucket>, key: K, size: u32, now: Instant) -> Option<Duration> {
    let filled = buckets.get(&key).map_or(0.0, |bucket| bucket.level(size, now));
    let over = filled + 1.0 - f64::from(size);
    (over > 1e-9).then(|| WINDOW.mul_f64(over / f64::from(size)))
}

fn fill<K: Eq + Hash + Clone>(buckets: &mut HashMap<K, Bucket>, key: K, size: u32, now: Instant) {
    if buckets.len() >= MOST {
        buckets.retain(|_, bucket| bucket.level(size, now) > 0.0);
    }
    let bucket = buckets.entry(key).or_insert(Bucket { filled: 0.0, at: now });
    *bucket = Bucket { filled: bucket.level(size, now) + 1.0, at: now };
}

impl Bucket {
    fn level(&self, size: u32, now: Instant) -> f64 {
        let drained = now.saturating_duration_since(self.at).as_secs_f64() / WINDOW.as_secs_f64() * f64::from(size);
        (self.filled - drained).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    fn client(number: u32) -> Client {
        Client::at(IpAddr::V4(Ipv4Addr::from_bits(0xc633_6400 + number)))
    }

    #[test]
    fn guesses_from_one_address_come_to_a_stop_and_go_on_slowly() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..PAIR {
            throttle.attempt(1, client(1), false, now).unwrap();
        }
        let held = throttle.attempt(1, client(1), false, now).unwrap_err();
        assert!((170..=190).contains(&held.retry_after), "{held:?}");
        throttle.attempt(1, client(1), false, now + Duration::from_secs(held.retry_after)).unwrap();
    }

    #[test]
    fn a_stranger_cannot_lock_the_owner_out() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        let mut tries = 0;
        // From two hundred addresses, until nothing goes any more.
        for number in 0..200 {
            while throttle.attempt(7, client(number), false, now).is_ok() {
                tries += 1;
            }
        }
        assert_eq!(tries, ACCOUNT, "all strangers together have one allowance");
        throttle.attempt(7, client(999), true, now).expect("the owner's own browser");
    }

    #[test]
    fn the_right_password_forgives_the_slips_before_it() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..20 {
            throttle.attempt(1, client(1), true, now).unwrap();
            throttle.succeeded(1, client(1));
        }
    }
}
