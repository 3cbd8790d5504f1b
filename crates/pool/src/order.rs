//! The order of those who match, and the page that is asked for.

use crate::asked::Asked;
use crate::exposure::Times;
use crate::lent::Lent;
use crate::query::{Found, Freshness, Ground, Matched, Query, Why, Wish};
use crate::read::Eyes;
use crate::row::{Row, date_of};
use crate::value::Value;
use crate::vocabulary::{Atom, Vocabulary};
use crate::{Pay, Zones};
use siphasher::sip::SipHasher13;
use std::cmp::Reverse;
use std::hash::Hasher;
use uuid::Uuid;

/// Whatever decides of the order, and whose it is.
pub(crate) type Standing = ((Reverse<Coarse>, u32, u64, Uuid), u32);

/// What comes first of the order: how many nice competencies, then freshness. The greater, the sooner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Coarse(u8);

/// Up to how many days each lasts.
const STEPS: [(u16, Freshness); 4] =
    [(30, Freshness::Month), (90, Freshness::Quarter), (365, Freshness::Year), (u16::MAX, Freshness::Older)];

impl Coarse {
    pub fn new(nice: u8, fresh: u16, today: u16) -> Self {
        Self(nice * 4 + freshness(fresh, today) as u8)
    }
}

/// How long ago a day was, in steps.
pub(crate) fn freshness(day: u16, today: u16) -> Freshness {
    let age = today.saturating_sub(day);
    // Without a branch, for it is asked of ten thousands.
    STEPS[STEPS.iter().filter(|(days, _)| age > *days).count()].1
}

/// The page that a query asks for.
pub(crate) fn page(
    mut found: Lent<(u32, Coarse)>,
    eyes: &Eyes<'_>,
    asked: &Asked,
    query: &Query,
    ranks: &Ranks,
    times: &Times<'_>,
    vocabulary: &Vocabulary,
) -> Vec<Found> {
    let end = query.offset.saturating_add(query.limit).min(found.len());
    if end <= query.offset {
        return Vec::new();
    }
    let last = last_of(&found, end);
    // Only for those who can be among them the rest of the order is made.
    found.retain(|(_, coarse)| *coarse >= last);
    eyes.fetch_ids(found.iter().map(|(person, _)| *person));
    let times = times.all();
    let standing = |(person, coarse): (u32, Coarse)| {
        let id = eyes.id(person);
        let times = times.and_then(|times| times.get(&id)).copied().unwrap_or_default();
        ((Reverse(coarse), times, ranks.of(eyes.company, id), id), person)
    };
    let mut places: Lent<Standing> = Lent::new();
    places.extend(found.iter().copied().map(standing));
    if end < places.len() {
        places.select_nth_unstable(end - 1);
        places.truncate(end);
    }
    places.sort_unstable();
    let shown = &places[query.offset..];
    eyes.fetch(shown.iter().map(|(_, person)| *person));
    let mut page = Vec::with_capacity(shown.len());
    page.extend(shown.iter().filter_map(|((_, _, _, candidate), person)| {
        let row = eyes.sees(*person)?;
        Some(Found {
            candidate: *candidate,
            why: why(&row, asked, vocabulary),
            freshness: freshness(row.fresh, asked.today),
        })
    }));
    page
}

/// The coarse order of the last of so many.
fn last_of(found: &[(u32, Coarse)], wanted: usize) -> Coarse {
    let mut having = [0; 256];
    found.iter().for_each(|(_, coarse)| having[usize::from(coarse.0)] += 1);
    let mut so_far = 0;
    for coarse in (0..=u8::MAX).rev() {
        so_far += having[usize::from(coarse)];
        if so_far >= wanted {
            return Coarse(coarse);
        }
    }
    Coarse(0)
}

/// What of the query a row meets, in order: of what must be there the values, then the rest, and at last what would be nice.
fn why(row: &Row<'_>, asked: &Asked, vocabulary: &Vocabulary) -> Vec<Why> {
    let wished = |atom: &Atom| Some((asked.wish(*atom)?, vocabulary.rank(*atom), *atom));
    let mut all: Lent<(Wish, u16, Atom)> = Lent::new();
    all.extend(row.atoms.iter().filter_map(wished));
    all.sort_unstable();
    let wished = all.as_slice();
    let (must, nice) = wished.split_at(wished.partition_point(|(wish, ..)| *wish == Wish::Must));
    let value = |(wish, _, atom): &(Wish, u16, Atom)| match vocabulary.value(*atom) {
        Value::Currency(_) => None,
        value => Some(Why {
            wish: *wish,
            what: Matched::Value(value.clone()),
            ground: ground(value, asked.is_shown(*atom, row)),
        }),
    };
    let mut why = Vec::with_capacity(wished.len() + 3);
    why.extend(must.iter().filter_map(value));
    let must = |what| Why { wish: Wish::Must, what, ground: Ground::Stated };
    if asked.pay().is_some()
        && let Value::Currency(currency) = vocabulary.value(row.currency)
    {
        why.push(must(Matched::Pay(Pay { yearly: row.pay, currency: currency.to_string() })));
    }
    if let Some((from, to)) = row.zones.filter(|_| asked.asks_for_zones()) {
        why.push(must(Matched::Zones(Zones { from, to })));
    }
    let mut in_time = asked.in_time(row);
    in_time.sort_unstable();
    why.extend(in_time.into_iter().map(|hours| must(Matched::From(hours, date_of(row.from(hours))))));
    why.extend(nice.iter().filter_map(value));
    why
}

/// What a value rests on; a competency on a signal that shows it as well.
fn ground(value: &Value, is_shown: bool) -> Ground {
    match value {
        Value::Level { .. } | Value::Shown(_) => Ground::Signal,
        Value::Competency(_) if is_shown => Ground::Signal,
        _ => Ground::Stated,
    }
}

/// For each company an order of all candidates, that tells nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranks(pub [u8; 16]);

impl Ranks {
    fn of(&self, company: Uuid, candidate: Uuid) -> u64 {
        let mut hasher = SipHasher13::new_with_key(&self.0);
        hasher.write(company.as_bytes());
        hasher.write(candidate.as_bytes());
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_has_four_steps_and_a_day_to_come_is_fresh() {
        let steps = [(1_000, 0), (970, 30), (969, 31), (910, 90), (909, 91), (635, 365), (634, 366), (1_010, -10)];
        let found: Vec<Freshness> = steps.iter().map(|(day, _)| freshness(*day, 1_000)).collect();
        use Freshness::{Month, Older, Quarter, Year};
        assert_eq!(found, [Month, Month, Quarter, Quarter, Year, Year, Older, Month]);
    }

    #[test]
    fn one_more_nice_competency_is_more_than_all_freshness() {
        assert!(Coarse::new(3, 0, 1_000) > Coarse::new(2, 1_000, 1_000));
        assert!(Coarse::new(2, 1_000, 1_000) > Coarse::new(2, 0, 1_000));
    }
}
