//! Vectors that a thread uses again for its next search. Whatever asks the allocator for them instead waits a tenth of a search for it:
//! after a million people its lists are long, and far away.

use crate::block::Place;
use crate::order::{Coarse, Standing};
use crate::query::Wish;
use crate::vocabulary::Atom;
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::thread::LocalKey;

/// Greater ones are given back to the allocator: few searches need them.
const KEPT_BYTES: usize = 1 << 20;
/// More than one search uses of a kind at once.
const KEPT: usize = 16;

/// A vector that goes back to its thread when it is dropped. It begins empty.
#[derive(Debug)]
pub(crate) struct Lent<T: Lendable>(Vec<T>);

/// What such vectors hold.
pub(crate) trait Lendable: Sized + 'static {
    /// Where those of a thread wait.
    fn shelf() -> &'static LocalKey<Shelf<Self>>;
}

pub(crate) type Shelf<T> = RefCell<Vec<Vec<T>>>;

macro_rules! lendable {
    ($($kind:ty),*) => {$(
        impl Lendable for $kind {
            fn shelf() -> &'static LocalKey<Shelf<Self>> {
                thread_local!(static SHELF: Shelf<$kind> = const { RefCell::new(Vec::new()) });
                &SHELF
            }
        }
    )*};
}

lendable!(u8, u16, u32, u64, Place, (u32, Coarse), (u32, Atom), Standing, (Wish, u16, Atom));

impl<T: Lendable> Lent<T> {
    /// An empty one.
    pub fn new() -> Self {
        // While its thread ends there is no shelf any more.
        Self(T::shelf().try_with(|shelf| shelf.borrow_mut().pop()).ok().flatten().unwrap_or_default())
    }

    /// With so many of one.
    pub fn of(one: T, count: usize) -> Self
    where
        T: Clone,
    {
        let mut all = Self::new();
        all.resize(count, one);
        all
    }
}

impl<T: Lendable> Drop for Lent<T> {
    fn drop(&mut self) {
        let mut all = std::mem::take(&mut self.0);
        if all.capacity() * size_of::<T>() > KEPT_BYTES {
            return;
        }
        all.clear();
        let _ = T::shelf().try_with(|shelf| {
            let mut shelf = shelf.borrow_mut();
            if shelf.len() < KEPT {
                shelf.push(all);
            }
        });
    }
}

impl<T: Lendable> Deref for Lent<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Lendable> DerefMut for Lent<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_in_one_is_in_no_other() {
        let mut one = Lent::of(7_u64, 1_000);
        one.push(8);
        let place = one.as_ptr();
        drop(one);
        let (again, other) = (Lent::of(0_u64, 1_001), Lent::<u64>::new());
        assert_eq!(again.as_ptr(), place);
        assert!(again.iter().all(|word| *word == 0) && other.is_empty());
    }

    #[test]
    fn a_great_one_is_not_kept() {
        drop(Lent::of(0_u64, KEPT_BYTES));
        assert_eq!(Lent::<u64>::new().capacity(), 0);
    }
}
