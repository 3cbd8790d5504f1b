//! The same work on many things, some at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Applies `work` to the items in their order, on so many threads: the results, in that order as well. After a result that
/// `ends_it` no more is begun, so that there may be fewer results than items; those that were begun are among them.
pub(crate) fn side_by_side<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
    ends_it: impl Fn(&R) -> bool + Sync,
) -> Vec<R> {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    let take = || {
        while !is_over.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return };
            let result = work(item);
            if ends_it(&result) {
                is_over.store(true, Ordering::Relaxed);
            }
            results.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((index, result));
        }
    };
    std::thread::scope(|scope| (0..threads.max(1)).for_each(|_| drop(scope.spawn(take))));
    let mut results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items_and_nothing_is_begun_after_the_end() {
        let items: Vec<usize> = (0..200).collect();
        for threads in [0, 1, 2, 5] {
            assert_eq!(
                side_by_side(&items, threads, |item| item * 2, |_| false),
                (0..400).step_by(2).collect::<Vec<_>>()
            );
            let until_50 = side_by_side(&items, threads, |item| *item, |item| *item == 50);
            assert!(until_50.len() > 50 && until_50.iter().copied().eq(0..until_50.len()), "{threads}: without gaps");
            assert!(threads > 1 || until_50.len() == 51, "one thread ends at once: {}", until_50.len());
        }
        assert!(side_by_side(&[(); 0], 2, |()| (), |()| false).is_empty());
    }
}
