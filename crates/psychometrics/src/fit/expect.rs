//! The E-step: how many people of each level are expected to have given each answer.

use super::kernel::{Code, Known, LANES, Sums, add_people};
use super::pack::{Block, Codes, Granted, Layout, Packed};
use super::real::Real;
use crate::grid::NODES;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What the present parameters say: logarithms of probabilities.
#[derive(Clone, Debug)]
pub(crate) struct Logs {
    /// For each row of the layout and each node; rows for "not answered" are not used.
    pub rows: Vec<f64>,
    /// For each group, of the nodes.
    pub groups: Vec<[f64; NODES]>,
}

/// What people are expected to have done.
#[derive(Clone, Debug)]
pub(crate) struct Totals {
    pub log_likelihood: f64,
    /// For each row of the layout and each node: an item's categories stand one after the other.
    pub counts: Vec<f64>,
    /// For each group, weight of people at each node.
    pub groups: Vec<[f64; NODES]>,
}

impl Totals {
    /// Counts of one item, category by category.
    pub fn item(&self, layout: &Layout, item: usize) -> &[f64] {
        let rows = layout.items[item];
        &self.counts[rows.first * NODES..(rows.first + rows.categories) * NODES]
    }
}

/// The log-likelihood alone.
pub(crate) fn log_likelihood<T: Real>(layout: &Layout, packed: &Packed, logs: &Logs, threads: usize) -> f64 {
    sum_people::<T>(layout, packed, logs, threads, false).log_likelihood
}

/// Expected counts and log-likelihood.
pub(crate) fn expect<T: Real>(layout: &Layout, packed: &Packed, logs: &Logs, threads: usize) -> Totals {
    let mut totals = sum_people::<T>(layout, packed, logs, threads, true);
    let mut everybody = [0.0; NODES];
    for group in &totals.groups {
        everybody.iter_mut().zip(group).for_each(|(sum, weight)| *sum += weight);
    }
    for rows in &layout.items {
        let Granted::Category(granted) = rows.granted else { continue };
        // Whoever is in none of the other rows is in the one that was taken for granted.
        for (node, all) in everybody.iter().enumerate() {
            let others: f64 = (0..=rows.categories)
                .filter(|&row| row != granted)
                .map(|row| totals.counts[(rows.first + row) * NODES + node])
                .sum();
            totals.counts[(rows.first + granted) * NODES + node] = (all - others).max(0.0);
        }
    }
    totals
}

fn sum_people<T: Real>(layout: &Layout, packed: &Packed, logs: &Logs, threads: usize, count: bool) -> Totals {
    let tables = Tables::<T>::new(layout, logs);
    match &packed.codes {
        Codes::Narrow(codes) => Run { packed, codes, tables: &tables, rows: layout.rows, count }.all(threads),
        Codes::Wide(codes) => Run { packed, codes, tables: &tables, rows: layout.rows, count }.all(threads),
    }
}

/// Tables for the innermost loop.
struct Tables<T> {
    table: Vec<T>,
    /// For each group what everybody starts with: the prior, and what is taken for granted …
    starts: Vec<[T; LANES]>,
    /// … less the largest of it, so that sums in f32 stay small and keep their digits.
    largest: Vec<f64>,
}

impl<T: Real> Tables<T> {
    fn new(layout: &Layout, logs: &Logs) -> Self {
        let mut table = vec![T::ZERO; layout.rows * LANES];
        let mut granted = [0.0; NODES];
        let nothing = [0.0; NODES];
        for rows in &layout.items {
            let log = |row: usize| &logs.rows[(rows.first + row) * NODES..][..NODES];
            let base = match rows.granted {
                Granted::Category(category) => log(category),
                Granted::Missing => &nothing[..],
            };
            granted.iter_mut().zip(base).for_each(|(sum, log)| *sum += log);
            for row in 0..=rows.categories {
                let own = if row == rows.categories { &nothing[..] } else { log(row) };
                let places = &mut table[(rows.first + row) * LANES..][..NODES];
                for ((place, own), base) in places.iter_mut().zip(own).zip(base) {
                    *place = T::from_f64(own - base);
                }
            }
        }
        let (mut starts, mut largest) = (Vec::new(), Vec::new());
        for prior in &logs.groups {
            let whole: [f64; NODES] = std::array::from_fn(|node| prior[node] + granted[node]);
            let top = whole.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut start = [T::NEVER; LANES];
            start.iter_mut().zip(&whole).for_each(|(lane, log)| *lane = T::from_f64(log - top));
            starts.push(start);
            largest.push(top);
        }
        Self { table, starts, largest }
    }
}

/// One pass over all people.
struct Run<'a, T, C> {
    packed: &'a Packed,
    codes: &'a [C],
    tables: &'a Tables<T>,
    rows: usize,
    count: bool,
}

/// What is merged so far, and how many blocks that is.
struct Merged {
    blocks: usize,
    totals: Totals,
}

impl<T: Real, C: Code> Run<'_, T, C> {
    /// Blocks are worked on side by side and merged in their order, so threads cannot be seen in the result.
    fn all(&self, threads: usize) -> Totals {
        let totals = Totals {
            log_likelihood: 0.0,
            counts: vec![0.0; if self.count { self.rows * NODES } else { 0 }],
            groups: vec![[0.0; NODES]; self.tables.starts.len()],
        };
        let merged = Mutex::new(Merged { blocks: 0, totals });
        let (next, turn) = (AtomicUsize::new(0), Condvar::new());
        let threads = threads.min(self.packed.blocks.len());
        if threads <= 1 {
            self.work(&next, &merged, &turn);
        } else {
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| self.work(&next, &merged, &turn));
                }
            });
        }
        merged.into_inner().unwrap_or_else(PoisonError::into_inner).totals
    }

    fn work(&self, next: &AtomicUsize, merged: &Mutex<Merged>, turn: &Condvar) {
        let mut counts = vec![T::ZERO; if self.count { self.rows * LANES } else { 0 }];
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = self.packed.blocks.get(index) else { return };
            let mut nodes = [T::ZERO; LANES];
            let log_likelihood = self.block(*block, &mut counts, &mut nodes);
            let mut place = lock(merged);
            while place.blocks != index {
                place = turn.wait(place).unwrap_or_else(PoisonError::into_inner);
            }
            place.blocks += 1;
            place.totals.log_likelihood += log_likelihood;
            add_row(&mut place.totals.groups[block.group], &nodes);
            for (sums, row) in place.totals.counts.chunks_exact_mut(NODES).zip(counts.chunks_exact(LANES)) {
                add_row(sums, row);
            }
            drop(place);
            turn.notify_all();
            counts.fill(T::ZERO);
        }
    }

    fn block(&self, block: Block, counts: &mut [T], nodes: &mut [T; LANES]) -> f64 {
        let people = self.packed.people(block, self.codes);
        let known = Known { table: &self.tables.table, start: &self.tables.starts[block.group] };
        let granted = self.tables.largest[block.group] * people.weight();
        granted + add_people(people, known, self.count.then_some(Sums { counts, nodes }))
    }
}

fn lock(merged: &Mutex<Merged>) -> MutexGuard<'_, Merged> {
    merged.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add_row<T: Real>(sums: &mut [f64], row: &[T]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += value.to_f64();
    }
}
