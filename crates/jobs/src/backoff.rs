//! How long to wait after a failure.

use jiff::SignedDuration;
use uuid::Uuid;

/// Waits that double with each attempt, up to the longest, and are spread so that those that failed together do not come
/// back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// After the first failure, at most this long.
    pub first: SignedDuration,
    /// Never longer.
    pub longest: SignedDuration,
}

impl Default for Backoff {
    /// Ten seconds, then twenty, … up to six hours.
    fn default() -> Self {
        Self { first: SignedDuration::from_secs(10), longest: SignedDuration::from_hours(6) }
    }
}

impl Backoff {
    /// The wait after so many attempts (from 1): between one half and the whole of `first` doubled so many times less one.
    /// Which of it is drawn from the job's id, so that a test knows it.
    pub fn wait(&self, attempts: u32, job: Uuid) -> SignedDuration {
        let (first, longest) = (self.first.as_micros().max(0), self.longest.as_micros().max(0));
        // After 2^62 microseconds nobody waits any more.
        let doubled = first.saturating_mul(1_i128 << attempts.saturating_sub(1).min(62));
        let whole = doubled.min(longest);
        let half = whole / 2;
        let spread = ((whole - half) * i128::from(draw(job, attempts))) >> 64;
        SignedDuration::from_micros(i64::try_from(half + spread).unwrap_or(i64::MAX))
    }
}

/// An even number of 64 bits, by the finaliser of SplitMix64 (Steele, Lea, Flood, 2014). The lower half of an id is random.
fn draw(job: Uuid, attempts: u32) -> u64 {
    let (_, low) = job.as_u64_pair();
    let mut mixed = low.wrapping_add(u64::from(attempts).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_wait_is_between_the_half_and_the_whole_and_never_too_long(
            attempts in 1_u32..200, job: u128, first in 0_i64..1_000_000, longest in 0_i64..100_000_000
        ) {
            let backoff = Backoff { first: SignedDuration::from_millis(first), longest: SignedDuration::from_millis(longest) };
            let whole = (first as f64 * 2_f64.powi(attempts as i32 - 1)).min(longest as f64);
            let wait = backoff.wait(attempts, Uuid::from_u128(job)).as_secs_f64() * 1e3;
            prop_assert!(wait <= whole + 0.001 && wait >= whole / 2.0 - 0.001, "{wait} of {whole}");
        }

        #[test]
        fn it_is_the_same_each_time_that_it_is_asked(attempts in 1_u32..50, job: u128) {
            let job = Uuid::from_u128(job);
            prop_assert_eq!(Backoff::default().wait(attempts, job), Backoff::default().wait(attempts, job));
        }
    }

    #[test]
    fn waits_double_and_jobs_do_not_come_back_together() {
        let backoff = Backoff::default();
        let waits = |attempts| -> Vec<i64> {
            (0..1_000).map(|_| backoff.wait(attempts, Uuid::now_v7()).as_micros() as i64).collect()
        };
        let mean = |waits: &[i64]| waits.iter().sum::<i64>() as f64 / waits.len() as f64 / 1e6;
        // Three quarters of the whole, on average.
        for (attempts, whole) in [(1, 10.0), (2, 20.0), (5, 160.0), (30, 21_600.0)] {
            let found = mean(&waits(attempts));
            assert!((found / (0.75 * whole) - 1.0).abs() < 0.05, "{attempts}: {found}");
        }
        let mut all = waits(3);
        all.sort_unstable();
        all.dedup();
        assert!(all.len() > 990, "{} different waits of 1,000", all.len());
    }
}
