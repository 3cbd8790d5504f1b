//! A lock at which many read while nobody changes, and nobody waits for ever: neither for those who read without a pause, nor asleep for
//! what takes a few microseconds.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError, TryLockResult};

/// So often a lock is tried to be taken at once, about a tenth of a millisecond; then so often between whatever else wants the processor,
/// about a millisecond if nothing does; then one sleeps for it. Whoever sleeps is woken as late as a search takes, and later on a
/// virtual machine whose processor went to sleep as well, and those who left them a turn wait for that.
const SPINS: usize = 4_000;
const YIELDS: usize = 2_000;

/// What is read by many and changed by few. A lock of the standard library lets a reader in again before a writer that it woke is awake:
/// where one search follows another, a writer waits until chance has it. Here readers leave a turn to writers that wait, and a writer leaves
/// one to readers that it has kept waiting.
#[derive(Debug, Default)]
pub(crate) struct Turns<T> {
    lock: RwLock<T>,
    /// How many wait to write, and how many to read.
    writers: AtomicUsize,
    readers: AtomicUsize,
}

impl<T> Turns<T> {
    pub fn read(&self) -> RwLockReadGuard<'_, T> {
        if let Ok(guard) = self.try_read() {
            return guard;
        }
        let _waits = Waits::among(&self.readers);
        // Who has let others go first for so long goes next, whoever waits.
        awaited(|| self.try_read()).unwrap_or_else(|| self.lock.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn write(&self) -> RwLockWriteGuard<'_, T> {
        awaited(|| nobody_waits::<()>(&self.readers));
        let _waits = Waits::among(&self.writers);
        let guard = awaited(|| self.lock.try_write());
        guard.unwrap_or_else(|| self.lock.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins to read, unless somebody writes or waits for it.
    fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        nobody_waits(&self.writers)?;
        self.lock.try_read()
    }
}

fn nobody_waits<G>(all: &AtomicUsize) -> Result<(), TryLockError<G>> {
    match all.load(Ordering::Relaxed) {
        0 => Ok(()),
        _ => Err(TryLockError::WouldBlock),
    }
}

/// One of those who wait, until it is dropped.
struct Waits<'c>(&'c AtomicUsize);

impl<'c> Waits<'c> {
    fn among(all: &'c AtomicUsize) -> Self {
        all.fetch_add(1, Ordering::Relaxed);
        Self(all)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn awaited<G>(mut attempt: impl FnMut() -> TryLockResult<G>) -> Option<G> {
    for number in 0..SPINS + YIELDS {
        match attempt() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if number < SPINS => std::hint::spin_loop(),
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;
    use std::time::{Duration, Instant};

    #[test]
    fn who_writes_has_a_turn_among_those_who_read_without_a_pause() {
        let (turns, done) = (Turns::<u64>::default(), AtomicBool::new(false));
        let (mut slowest, mut reads) = (Duration::ZERO, 0);
        std::thread::scope(|scope| {
            let read = || {
                let mut reads = 0_u64;
                while !done.load(Ordering::Relaxed) {
                    let value = turns.read();
                    let began = Instant::now();
                    while began.elapsed() < Duration::from_micros(200) {
                        std::hint::spin_loop();
                    }
                    drop(value);
                    reads += 1;
                }
                reads
            };
            let readers = [scope.spawn(read), scope.spawn(read)];
            for _ in 0..200 {
                let began = Instant::now();
                *turns.write() += 1;
                slowest = slowest.max(began.elapsed());
                std::thread::sleep(Duration::from_micros(200));
            }
            done.store(true, Ordering::Relaxed);
            reads = readers.into_iter().map(|reader| reader.join().unwrap_or_default()).sum();
        });
        assert_eq!(*turns.read(), 200);
        assert!(reads > 20, "who reads has turns as well: {reads}");
        // A second is a thousand times what it takes here, for a machine that has other things to do.
        assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    }

    #[test]
    fn who_comes_later_leaves_whoever_waits_a_turn_and_not_for_ever() {
        let turns = Turns::<u64>::default();
        let waits_to_write = Waits::among(&turns.writers);
        assert!(turns.try_read().is_err(), "nobody has the lock, but somebody waits to write");
        drop(turns.read());
        drop(waits_to_write);
        assert!(turns.try_read().is_ok());
        let waits_to_read = Waits::among(&turns.readers);
        assert!(nobody_waits::<()>(&turns.readers).is_err());
        *turns.write() += 1;
        drop(waits_to_read);
        assert!(nobody_waits::<()>(&turns.readers).is_ok() && nobody_waits::<()>(&turns.writers).is_ok());
        assert_eq!(*turns.read(), 1);
    }

    #[test]
    fn a_lock_is_good_after_a_panic_of_its_holder() {
        let turns = Turns::<u64>::default();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _guard = turns.write();
            panic!("while it was held");
        }));
        assert!(panicked.is_err());
        *turns.write() += 1;
        assert_eq!(*turns.read(), 1);
    }
}
