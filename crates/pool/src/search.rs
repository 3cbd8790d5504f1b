//! Who matches, counted.

use crate::asked::Asked;
use crate::order::Coarse;
use crate::query::Count;
use crate::read::Eyes;
use crate::row::Row;
use crate::value::{Facet, Value};
use crate::view::Slot;
use crate::vocabulary::{Atom, Vocabulary};
use roaring::RoaringBitmap;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// So many are looked at together: their rows are fetched before the first is read.
const TOGETHER: usize = 32;

/// Everybody who matches, and how many have each value.
pub(crate) struct Matches {
    /// With the coarse part of their order.
    pub found: Vec<(Slot, Coarse)>,
    counts: Vec<u32>,
}

impl Matches {
    /// Finds them. `end` is one more than the greatest number of a value.
    pub fn find(eyes: &Eyes<'_>, asked: &Asked, end: usize) -> Self {
        let mut nice = vec![0; end];
        asked.nice.iter().for_each(|atom| nice[usize::from(*atom)] = 1);
        let mut tally = Tally { asked, nice, matches: Self { found: Vec::new(), counts: vec![0; end] } };
        let mut candidates: Vec<Slot> = in_pools(eyes, asked).iter().collect();
        if let Some(named) = eyes.named() {
            leave_out(&mut candidates, &named.slots);
            leave_out(&mut candidates, &named.hidden);
        }
        tally.matches.found.reserve(candidates.len());
        let mut ready: Vec<(Slot, &Row)> = Vec::with_capacity(TOGETHER);
        let mut touched = 0_u64;
        for some in candidates.chunks(TOGETHER) {
            ready.clear();
            for slot in some {
                match eyes.only(*slot) {
                    Some(row) if eyes.is_over(row) || !asked.fits(row) => {}
                    Some(row) => {
                        // The far end of the row comes while the next one is looked at.
                        touched = touched.wrapping_add(u64::from(row.atoms.last().copied().unwrap_or_default()));
                        ready.push((*slot, row));
                    }
                    None => tally.take_if_it_meets(*slot, eyes.sees(*slot).as_deref()),
                }
            }
            ready.iter().for_each(|(slot, row)| tally.take(*slot, row));
        }
        std::hint::black_box(touched);
        if let Some(named) = eyes.named() {
            let holes = asked.holes();
            let through = named.sieves.iter().zip(&named.slots).filter(|(sieve, _)| Asked::passes(&holes, **sieve));
            for (_, slot) in through.filter(|(_, slot)| !named.hides(**slot)) {
                tally.take_if_it_meets(*slot, eyes.sees(*slot).as_deref());
            }
        }
        tally.matches
    }

    /// Values by how many have them.
    pub fn facets(&self, asked: &Asked, limit: usize, vocabulary: &Vocabulary) -> BTreeMap<Facet, Vec<Count>> {
        let mut by_facet: BTreeMap<Facet, Vec<(u32, Atom)>> = Facet::ALL.map(|facet| (facet, Vec::new())).into();
        for (atom, count) in (0..).zip(&self.counts).filter(|(_, count)| **count > 0) {
            by_facet.entry(vocabulary.value(atom).facet()).or_default().push((*count, atom));
        }
        let mut named: Vec<&Value> = asked.named.iter().collect();
        // Of levels and languages “at least” was asked for: those that somebody has.
        named.extend(
            asked
                .groups
                .iter()
                .flatten()
                .filter(|atom| self.counts[usize::from(**atom)] > 0)
                .map(|atom| vocabulary.value(*atom)),
        );
        let facets = by_facet.into_iter().map(|(facet, mut counts)| {
            let order = |one: &(u32, Atom), other: &(u32, Atom)| -> Ordering {
                other.0.cmp(&one.0).then_with(|| vocabulary.value(one.1).cmp(vocabulary.value(other.1)))
            };
            if counts.len() > limit {
                if limit > 0 {
                    counts.select_nth_unstable_by(limit - 1, order);
                }
                counts.truncate(limit);
            }
            counts.sort_unstable_by(order);
            let count = |(count, atom): (u32, Atom)| Count { value: vocabulary.value(atom).clone(), count };
            let mut shown: Vec<Count> = counts.into_iter().map(count).collect();
            let mut besides: Vec<Count> = Vec::new();
            for value in named.iter().filter(|value| value.facet() == facet) {
                if !shown.iter().chain(&besides).any(|count| count.value == **value) {
                    let count = vocabulary.atom(value).map_or(0, |atom| self.counts[usize::from(atom)]);
                    besides.push(Count { value: (*value).clone(), count });
                }
            }
            besides.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
            shown.extend(besides);
            (facet, shown)
        });
        facets.collect()
    }
}

/// Counts those who match.
struct Tally<'q> {
    asked: &'q Asked,
    /// By value: 1 for what would be nice.
    nice: Vec<u8>,
    matches: Matches,
}

impl Tally<'_> {
    fn take(&mut self, slot: Slot, row: &Row) {
        let mut met = 0;
        for atom in &row.atoms {
            self.matches.counts[usize::from(*atom)] += 1;
            met += self.nice[usize::from(*atom)];
        }
        self.matches.found.push((slot, Coarse::new(met, row.fresh, self.asked.today)));
    }

    fn take_if_it_meets(&mut self, slot: Slot, row: Option<&Row>) {
        if let Some(row) = row.filter(|row| self.asked.meets(row)) {
            self.take(slot, row);
        }
    }
}

/// Those whom the pools give. Who has several grants may be among
/// them for what they had, and is looked at once more.
fn in_pools(eyes: &Eyes<'_>, asked: &Asked) -> RoaringBitmap {
    let mut sets: Vec<Cow<'_, RoaringBitmap>> = Vec::with_capacity(asked.groups.len());
    for group in &asked.groups {
        let with = eyes.views().flat_map(|view| group.iter().filter_map(|atom| view.with(*atom)));
        match union(with) {
            Some(set) => sets.push(set),
            None => return RoaringBitmap::new(),
        }
    }
    if sets.is_empty() {
        sets.extend(union(eyes.views().map(|view| &view.all)));
    }
    sets.sort_by_key(|set| set.len());
    let mut sets = sets.into_iter();
    let mut found = match (sets.next(), sets.next()) {
        (Some(one), Some(other)) => &*one & &*other,
        (Some(one), None) => one.into_owned(),
        _ => return RoaringBitmap::new(),
    };
    sets.for_each(|set| found &= &*set);
    found
}

/// Leaves out some of those in a list; both lists rise.
fn leave_out(from: &mut Vec<Slot>, those: &[Slot]) {
    if from.len() * 8 < those.len() {
        from.retain(|slot| those.binary_search(slot).is_err());
        return;
    }
    let mut rest = those;
    from.retain(|slot| {
        while let Some((_, later)) = rest.split_first().filter(|(first, _)| *first < slot) {
            rest = later;
        }
        rest.first() != Some(slot)
    });
}

fn union<'a>(mut sets: impl Iterator<Item = &'a RoaringBitmap>) -> Option<Cow<'a, RoaringBitmap>> {
    let mut all = Cow::Borrowed(sets.next()?);
    sets.for_each(|set| *all.to_mut() |= set);
    Some(all)
}
