//! A query in numbers.

use crate::query::{Query, Wish};
use crate::row::{Row, day, seconds, share};
use crate::value::{Facet, Hours, Value, Word, folded};
use crate::vocabulary::{Atom, Vocabulary};
use jiff::tz::TimeZone;
use jobfuture_codes::Code;

/// What is asked. Everything is met by what a row says, and by nothing that it does not say.
pub(crate) struct Asked {
    /// Of each, one value must be there.
    pub groups: Vec<Vec<Atom>>,
    /// What was asked for by name, whether anybody has it or not: that somebody has it whom the viewer does not see must not show.
    pub named: Vec<(Value, Option<Atom>)>,
    pub nice: Vec<Atom>,
    /// By value, what is wished of it.
    wishes: Vec<Option<Wish>>,
    /// Of competencies that are wished for, by number: the value that a signal shows it.
    shown: Vec<(Atom, Atom)>,
    /// In this currency, this much or less.
    pay: Option<i64>,
    currency: Atom,
    pub zones: Option<(i8, i8)>,
    /// Working so much, from this day or an earlier one.
    by: Option<(Vec<Hours>, u16)>,
    pub now: u32,
    pub today: u16,
}

impl Asked {
    /// Reads a query. Values that nobody has make a group that nobody meets.
    pub fn read(query: &Query, levels: &[String], vocabulary: &Vocabulary) -> Self {
        let any = |values: Vec<Value>| values.iter().filter_map(|value| vocabulary.atom(value)).collect::<Vec<_>>();
        let mut groups: Vec<Vec<Atom>> = Vec::new();
        let one_of = [
            query.roles.iter().map(|role| Value::Role(role.as_str().into())).collect::<Vec<_>>(),
            query.seniority.iter().map(|level| Value::Seniority(level.as_str().into())).collect(),
            query.countries.iter().map(|country| Value::Country(folded(country).into())).collect(),
            query.remote.iter().map(|way| Value::Remote(*way)).collect(),
            query.hours.iter().map(|hours| Value::Hours(*hours)).collect(),
            query.pay.iter().map(|pay| Value::Currency(pay.currency.as_str().into())).collect(),
        ];
        let all_of = query.must.iter().map(|one| Value::Competency(one.as_str().into()));
        let all_of = all_of.chain(query.shown.iter().map(|one| Value::Shown(one.as_str().into())));
        let nice: Vec<Value> = query.nice.iter().map(|one| Value::Competency(one.as_str().into())).collect();
        let each = one_of.into_iter().filter(|values| !values.is_empty()).chain(all_of.map(|value| vec![value]));
        let asked: Vec<Vec<Value>> = each.collect();
        let named = asked.iter().flatten().chain(&nice);
        let named = named.map(|value| (value.clone(), vocabulary.atom(value))).collect();
        groups.extend(asked.into_iter().map(any));
        groups.extend(level(query, levels, vocabulary));
        for (language, least) in &query.languages {
            let spoken = vocabulary.language(&folded(language)).iter().copied();
            let is_enough = |atom: &Atom| match vocabulary.value(*atom) {
                Value::Language { fluency, .. } => {
                    fluency.is_some_and(|fluency| Some(fluency) >= *least) || least.is_none()
                }
                _ => false,
            };
            groups.push(spoken.filter(is_enough).collect());
        }
        let by = query.available_by.map(|date| {
            let hours = if query.hours.is_empty() { Hours::ALL.to_vec() } else { query.hours.clone() };
            (hours, day(date))
        });
        if let Some((hours, _)) = by.as_ref().filter(|_| query.hours.is_empty()) {
            groups.push(any(hours.iter().map(|hours| Value::Hours(*hours)).collect()));
        }
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.sort();
        groups.dedup();
        let mut nice = any(nice);
        nice.sort_unstable();
        nice.dedup();
        let currency =
            query.pay.as_ref().and_then(|pay| vocabulary.atom(&Value::Currency(pay.currency.as_str().into())));
        let mut wishes = vec![None; vocabulary.end()];
        nice.iter().for_each(|atom| wishes[usize::from(*atom)] = Some(Wish::Nice));
        groups.iter().flatten().for_each(|atom| wishes[usize::from(*atom)] = Some(Wish::Must));
        let shown = groups.iter().flatten().chain(&nice).filter_map(|atom| Some((*atom, shown(*atom, vocabulary)?)));
        let shown = shown.collect();
        Self {
            groups,
            named,
            nice,
            wishes,
            shown,
            pay: query.pay.as_ref().map(|pay| pay.yearly),
            currency: currency.unwrap_or_default(),
            zones: query.zones.map(|zones| (zones.from, zones.to)),
            by,
            now: seconds(query.at),
            today: day(query.at.to_zoned(TimeZone::UTC).date()),
        }
    }

    /// Whether somebody with such a sieve could meet it.
    pub fn passes(holes: &[u128], sieve: u128) -> bool {
        // No branch: whether somebody falls through cannot be foretold.
        holes.iter().fold(true, |passes, any| passes & (sieve & any != 0))
    }

    /// For each group, the holes that its values are in.
    pub fn holes(&self, vocabulary: &Vocabulary) -> Vec<u128> {
        let of = |group: &Vec<Atom>| group.iter().fold(0, |holes, atom| holes | vocabulary.hole(*atom));
        self.groups.iter().map(of).collect()
    }

    /// This much or less, if pay was asked for. In which currency is in a group.
    pub fn pay(&self) -> Option<i64> {
        self.pay
    }

    /// Whether something is asked that is in no group, so that each must be looked at.
    pub fn asks_of_each(&self) -> bool {
        self.zones.is_some() || self.pay.is_some() || self.by.is_some()
    }

    /// Whether a day is asked for by which somebody could begin.
    pub fn asks_for_a_day(&self) -> bool {
        self.by.is_some()
    }

    /// Whether a row meets what is not in groups.
    pub fn fits(&self, row: &Row<'_>) -> bool {
        self.pay.is_none_or(|most| row.currency == self.currency && self.currency != 0 && row.pay <= most)
            && self.zones.is_none_or(|zones| row.zones.is_some_and(|own| share(own, zones)))
            && self.by.as_ref().is_none_or(|(hours, by)| hours.iter().any(|hours| begins_by(row.from(*hours), *by)))
    }

    /// Whether a row meets everything.
    pub fn meets(&self, row: &Row<'_>) -> bool {
        self.groups.iter().all(|group| group.iter().any(|atom| row.has(*atom))) && self.fits(row)
    }

    /// With which hours somebody could begin in time, if that was asked.
    pub fn in_time(&self, row: &Row<'_>) -> Vec<Hours> {
        let Some((hours, by)) = &self.by else { return Vec::new() };
        hours.iter().copied().filter(|hours| begins_by(row.from(*hours), *by)).collect()
    }

    pub fn asks_for_zones(&self) -> bool {
        self.zones.is_some()
    }

    /// Why a value of a row is there: because it is needed, or because it would be nice.
    pub fn wish(&self, atom: Atom) -> Option<Wish> {
        self.wishes[usize::from(atom)]
    }

    /// Whether a signal shows the competency that a value of a row is, which is asked for.
    pub fn is_shown(&self, atom: Atom, row: &Row<'_>) -> bool {
        self.shown.iter().any(|(stated, shown)| *stated == atom && row.has(*shown))
    }
}

/// The value that a signal shows a competency, if anybody has it.
fn shown(atom: Atom, vocabulary: &Vocabulary) -> Option<Atom> {
    match vocabulary.value(atom) {
        Value::Competency(one) => vocabulary.find(&Word::new(Facet::Shown, one)),
        _ => None,
    }
}

fn begins_by(from: u16, by: u16) -> bool {
    from > crate::row::NO_DAY && from <= by
}

/// The levels that are enough.
fn level(query: &Query, levels: &[String], vocabulary: &Vocabulary) -> Option<Vec<Atom>> {
    let least = query.level.as_ref()?;
    let rank = |level: &str| levels.iter().position(|known| known == level);
    let all: Vec<Atom> = match query.roles.is_empty() {
        true => vocabulary.levels(None),
        false => query.roles.iter().flat_map(|role| vocabulary.levels(Some(role))).collect(),
    };
    let is_enough = |atom: &Atom| match vocabulary.value(*atom) {
        Value::Level { level, taken, .. } => {
            let is_high = match (rank(level), rank(&least.level)) {
                (Some(level), Some(least)) => level >= least,
                _ => **level == least.level,
            };
            is_high && (least.taken.is_empty() || least.taken.contains(taken))
        }
        _ => false,
    };
    Some(all.into_iter().filter(is_enough).collect())
}
