//! Many readers, while one writes.

use super::{index, titled};
use jobfuture_vacancy_search::{Change, Document, Facet, Index, Query};
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

const VACANCIES: u128 = 40;

/// All vacancies of one edition: each change replaces all of them at once.
fn edition(number: i64) -> impl Iterator<Item = Document> {
    let word = format!("edition{number}");
    (0..VACANCIES).map(move |id| Document { role: word.clone(), published_at: number, ..titled(id, &word) })
}

/// Every answer is of one edition, whole: never of two, nor of a half.
fn look(index: &Index) -> i64 {
    let answer = index.search(&Query { limit: 100, ..Query::default() }).unwrap();
    assert_eq!((answer.total, answer.ids.len()), (VACANCIES as usize, VACANCIES as usize));
    let [role] = answer.facets[&Facet::Role].as_slice() else { panic!("of several editions: {answer:?}") };
    assert_eq!(role.count, VACANCIES as u32);
    role.value.strip_prefix("edition").unwrap().parse().unwrap()
}

#[test]
fn readers_see_each_change_whole_and_never_go_back() {
    let index = index(edition(0));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let seen = look(&index);
                    assert!(seen >= last, "edition {seen} after {last}");
                    last = seen;
                }
            });
        }
        for number in 1..=60 {
            if number % 10 == 0 {
                index.rebuild(edition(number)).unwrap();
            } else {
                index.apply(edition(number).map(Change::Upsert)).unwrap();
            }
            assert_eq!(look(&index), number, "what was written is seen by who wrote it");
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn many_may_write() {
    let index = Index::new().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4_u128 {
            let index = index.clone();
            scope.spawn(move || {
                for round in 0..10_u128 {
                    let id = writer * 100 + round;
                    index.apply([Change::Upsert(titled(id, "Django"))]).unwrap();
                    assert!(
                        index
                            .search(&Query { limit: 100, ..Query::default() })
                            .unwrap()
                            .ids
                            .contains(&Uuid::from_u128(id))
                    );
                }
            });
        }
    });
    assert_eq!(index.len(), 40);
}
