//! The innermost loop: posteriors of people on the grid, and expected counts from them.
//!
//! One body, compiled three times: for any processor, for AVX2 and for AVX-512; which of them runs is found out at run
//! time. None fuses a multiplication with an addition and all sum in the same order, so all give the same bits.

use super::real::Real;
use crate::grid::NODES;

/// Lanes of a row of numbers for the nodes: a few more than nodes, so that rows begin on whole cache lines.
pub(crate) const LANES: usize = 64;
/// Lanes that are worked on at once: one register of the widest kind.
const WIDTH: usize = 16;
const _: () = assert!(NODES <= LANES && LANES.is_multiple_of(WIDTH));

/// A row of the tables, in as few bytes as will do.
pub(crate) trait Code: Copy + Send + Sync {
    fn row(self) -> usize;
}

impl Code for u16 {
    #[inline(always)]
    fn row(self) -> usize {
        usize::from(self)
    }
}

impl Code for u32 {
    #[inline(always)]
    fn row(self) -> usize {
        self as usize
    }
}

/// People of one block, all of one group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct People<'a, C> {
    pub codes: &'a [C],
    /// Where each person's codes begin in `codes`; one more than people.
    pub starts: &'a [usize],
    /// One a person; empty when all are 1.
    pub weights: &'a [f64],
}

impl<C> People<'_, C> {
    /// How many people there are, each by their weight.
    pub fn weight(&self) -> f64 {
        if self.weights.is_empty() { (self.starts.len() - 1) as f64 } else { self.weights.iter().sum() }
    }
}

/// What is known before: log-probabilities.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a, T> {
    /// Rows of `LANES`.
    pub table: &'a [T],
    /// What every person of the block starts with.
    pub start: &'a [T; LANES],
}

/// What is summed up.
#[derive(Debug)]
pub(crate) struct Sums<'a, T> {
    /// Rows of `LANES`, as in the table.
    pub counts: &'a mut [T],
    /// Weight of people at each node.
    pub nodes: &'a mut [T; LANES],
}

/// Adds the people of a block to `sums` (when they are given), and gives their log-likelihood.
pub(crate) fn add_people<T: Real, C: Code>(
    people: People<'_, C>,
    known: Known<'_, T>,
    sums: Option<Sums<'_, T>>,
) -> f64 {
    match sums {
        Some(sums) => dispatch::<T, C, true>(people, known, sums),
        None => {
            let sums = Sums { counts: &mut [], nodes: &mut [T::ZERO; LANES] };
            dispatch::<T, C, false>(people, known, sums)
        }
    }
}

fn dispatch<T: Real, C: Code, const COUNT: bool>(people: People<'_, C>, known: Known<'_, T>, sums: Sums<'_, T>) -> f64 {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has just said that it has AVX-512F, which is all that the function asks for.
            return unsafe { with_avx512::<T, C, COUNT>(people, known, sums) };
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just said that it has AVX2, which is all that the function asks for.
            return unsafe { with_avx2::<T, C, COUNT>(people, known, sums) };
        }
    }
    body::<T, C, COUNT>(people, known, sums)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn with_avx512<T: Real, C: Code, const COUNT: bool>(
    people: People<'_, C>,
    known: Known<'_, T>,
    sums: Sums<'_, T>,
) -> f64 {
    body::<T, C, COUNT>(people, known, sums)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2<T: Real, C: Code, const COUNT: bool>(
    people: People<'_, C>,
    known: Known<'_, T>,
    sums: Sums<'_, T>,
) -> f64 {
    body::<T, C, COUNT>(people, known, sums)
}

#[inline(always)]
fn body<T: Real, C: Code, const COUNT: bool>(people: People<'_, C>, known: Known<'_, T>, sums: Sums<'_, T>) -> f64 {
    let mut log_likelihood = 0.0;
    for (person, bounds) in people.starts.windows(2).enumerate() {
        let codes = &people.codes[bounds[0]..bounds[1]];
        let weight = people.weights.get(person).copied().unwrap_or(1.0);
        let mut posterior = summed(codes, known);
        let largest = reduce(&posterior, T::larger);
        for lane in &mut posterior {
            *lane = (*lane - largest).exp_of_negative();
        }
        let total = reduce(&posterior, |a, b| a + b).to_f64();
        log_likelihood += weight * (largest.to_f64() + crate::math::ln(total));
        if COUNT {
            let share = T::from_f64(weight / total);
            for lane in &mut posterior {
                *lane = *lane * share;
            }
            for code in codes {
                add(&mut sums.counts[code.row() * LANES..][..LANES], &posterior);
            }
            add(sums.nodes, &posterior);
        }
    }
    log_likelihood
}

/// The start and all rows of the codes, summed. Lanes go in chunks that stay in a register over all codes.
#[inline(always)]
fn summed<T: Real, C: Code>(codes: &[C], known: Known<'_, T>) -> [T; LANES] {
    let mut sums = *known.start;
    let mut chunks = sums.chunks_exact_mut(2 * WIDTH);
    let mut first = 0;
    for chunk in &mut chunks {
        let mut register = [T::ZERO; 2 * WIDTH];
        register.copy_from_slice(chunk);
        for code in codes {
            let row = &known.table[code.row() * LANES + first..][..2 * WIDTH];
            for lane in 0..2 * WIDTH {
                register[lane] += row[lane];
            }
        }
        chunk.copy_from_slice(&register);
        first += 2 * WIDTH;
    }
    sums
}

#[inline(always)]
fn add<T: Real>(row: &mut [T], posterior: &[T; LANES]) {
    for lane in 0..LANES {
        row[lane] += posterior[lane];
    }
}

/// Halves the lanes until one is left: an order that suits every width.
#[inline(always)]
fn reduce<T: Real>(lanes: &[T; LANES], with: impl Fn(T, T) -> T) -> T {
    let mut part = *lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            part[lane] = with(part[lane], part[lane + half]);
        }
        half /= 2;
    }
    part[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variant<'a, T> = &'a dyn Fn(People<'_, u16>, Known<'_, T>, Sums<'_, T>) -> f64;

    fn check<T: Real + std::fmt::Debug>() {
        const ROWS: usize = 40;
        let noise = |k: usize| ((k * 2_654_435_761) % 1000) as f64 / 250.0 - 4.0;
        let table: Vec<T> = (0..ROWS * LANES).map(|k| T::from_f64(noise(k))).collect();
        let start: [T; LANES] = std::array::from_fn(|k| T::from_f64(noise(k + 7)));
        let codes: Vec<u16> = (0..300).map(|k| ((k * 7919) % ROWS) as u16).collect();
        let starts = [0, 0, 13, 100, 300];
        let weights = [1.0, 2.0, 0.5, 1.0];
        let people = People { codes: &codes, starts: &starts, weights: &weights };
        let known = Known { table: &table, start: &start };
        let run = |variant: Variant<'_, T>| {
            let (mut counts, mut nodes) = (vec![T::ZERO; ROWS * LANES], [T::ZERO; LANES]);
            let sum = variant(people, known, Sums { counts: &mut counts, nodes: &mut nodes });
            (sum.to_bits(), counts.into_iter().map(T::to_f64).collect::<Vec<f64>>(), nodes.map(T::to_f64))
        };
        let plain = run(&body::<T, u16, true>);
        assert!((plain.2.iter().sum::<f64>() - 4.5).abs() < 1e-5);
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has AVX2, as it has just said.
                assert_eq!(
                    plain,
                    run(&|people, known, sums| unsafe { with_avx2::<T, u16, true>(people, known, sums) })
                );
            }
            if std::arch::is_x86_feature_detected!("avx512f") {
                // SAFETY: the processor has AVX-512F, as it has just said.
                let found = run(&|people, known, sums| unsafe { with_avx512::<T, u16, true>(people, known, sums) });
                assert_eq!(plain, found);
            }
        }
    }

    #[test]
    fn every_processor_gives_the_same_bits() {
        check::<f32>();
        check::<f64>();
    }
}
