//! The same answers, made the long way: for each company everybody is looked at as the door shows them, one by one. And an engine as it
//! is usually made, which searches what there is and hides what must not be shown.

use super::world::{KEY, LEVELS, Person, TODAY, World, projected};
use jiff::civil::Date;
use jobfuture_codes::Code;
use jobfuture_pool::{
    Answer, Count, Facet, Facts, Fluency, Found, Freshness, Ground, Hours, Matched, Query, Taken, Value, Why, Wish,
};
use siphasher::sip::SipHasher13;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use uuid::Uuid;

/// What somebody is seen as.
struct Look {
    id: Uuid,
    facts: Facts,
    fresh: Date,
}

/// What the door shows of somebody: all that their grants to this company open together.
fn look(world: &World, company: usize, person: &Person) -> Option<Look> {
    let open = world.open(company, person);
    let fields = open.iter().flat_map(|grant| grant.fields.clone()).collect();
    let signals = open.iter().flat_map(|grant| grant.signals.clone()).collect();
    let mut facts = projected(&person.facts, &fields, &signals);
    for grant in &open {
        if let jobfuture_pool::Audience::Pool { role } = &grant.audience {
            facts.roles.push(role.clone());
        }
    }
    let shown = facts.signals.iter().filter_map(|signal| signal.on);
    let fresh = open.iter().map(|grant| grant.made_on).chain(shown).max()?;
    Some(Look { id: person.id, facts, fresh })
}

fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn values(facts: &Facts) -> BTreeSet<Value> {
    let mut values = BTreeSet::new();
    values.extend(facts.roles.iter().map(|one| Value::Role(one.as_str().into())));
    values.extend(facts.seniority.iter().map(|one| Value::Seniority(one.as_str().into())));
    values.extend(facts.competencies.iter().map(|one| Value::Competency(one.as_str().into())));
    for signal in &facts.signals {
        let (role, level) = (signal.role.as_str().into(), signal.level.as_str().into());
        values.insert(Value::Level { role, level, taken: signal.taken });
        values.extend(signal.competencies.iter().map(|one| Value::Competency(one.as_str().into())));
        values.extend(signal.competencies.iter().map(|one| Value::Shown(one.as_str().into())));
    }
    values.extend(facts.country.iter().map(|one| Value::Country(folded(one).into())));
    values.extend(facts.remote.iter().map(|one| Value::Remote(*one)));
    values.extend(facts.availability.iter().map(|one| Value::Hours(one.hours)));
    values.extend(
        facts
            .languages
            .iter()
            .map(|one| Value::Language { language: folded(&one.language).into(), fluency: one.fluency }),
    );
    values.extend(facts.pay.iter().map(|one| Value::Currency(one.currency.as_str().into())));
    values
}

/// What of a query somebody meets; nothing if they do not match.
fn meets(facts: &Facts, query: &Query) -> Option<Vec<Why>> {
    let has = values(facts);
    let mut why = Vec::new();
    let mut must = |what: Vec<Matched>, ground: Ground| -> Option<()> {
        why.extend(what.iter().map(|what| Why { wish: Wish::Must, what: what.clone(), ground }));
        (!what.is_empty()).then_some(())
    };
    let is_shown = |one: &str| facts.signals.iter().any(|signal| signal.competencies.iter().any(|own| own == one));
    let ground = |one: &str| if is_shown(one) { Ground::Signal } else { Ground::Stated };
    let those = |wanted: &dyn Fn(&Value) -> bool| -> Vec<Matched> {
        has.iter().filter(|value| wanted(value)).map(|value| Matched::Value(value.clone())).collect()
    };
    let in_list = |list: &[String], own: &str| list.iter().any(|one| one == own);
    if !query.roles.is_empty() {
        must(those(&|value| matches!(value, Value::Role(own) if in_list(&query.roles, own))), Ground::Stated)?;
    }
    if !query.seniority.is_empty() {
        must(those(&|value| matches!(value, Value::Seniority(own) if in_list(&query.seniority, own))), Ground::Stated)?;
    }
    for one in &query.must {
        must(those(&|value| matches!(value, Value::Competency(own) if **own == **one)), ground(one))?;
    }
    for one in &query.shown {
        must(those(&|value| matches!(value, Value::Shown(own) if **own == **one)), Ground::Signal)?;
    }
    if let Some(least) = &query.level {
        let rank = |level: &str| LEVELS.iter().position(|known| *known == level);
        let is_high =
            |level: &str| level == least.level || (rank(&least.level).is_some() && rank(level) >= rank(&least.level));
        let is_so = |taken: Taken| least.taken.is_empty() || least.taken.contains(&taken);
        let is_enough = |value: &Value| match value {
            Value::Level { role, level, taken } => {
                (query.roles.is_empty() || in_list(&query.roles, role)) && is_high(level) && is_so(*taken)
            }
            _ => false,
        };
        must(those(&is_enough), Ground::Signal)?;
    }
    if !query.countries.is_empty() {
        let asked: Vec<String> = query.countries.iter().map(|one| folded(one)).collect();
        must(those(&|value| matches!(value, Value::Country(own) if in_list(&asked, own))), Ground::Stated)?;
    }
    if !query.remote.is_empty() {
        must(those(&|value| matches!(value, Value::Remote(own) if query.remote.contains(own))), Ground::Stated)?;
    }
    if !query.hours.is_empty() {
        must(those(&|value| matches!(value, Value::Hours(own) if query.hours.contains(own))), Ground::Stated)?;
    }
    for (language, least) in &query.languages {
        let is_enough = |fluency: &Option<Fluency>| least.is_none() || *fluency >= *least;
        let spoken = |value: &Value| matches!(value, Value::Language { language: own, fluency } if **own == *folded(language) && is_enough(fluency));
        must(those(&spoken), Ground::Stated)?;
    }
    if let Some(asked) = query.zones {
        let own = facts.zones.filter(|own| own.from <= asked.to && asked.from <= own.to);
        must(own.map(Matched::Zones).into_iter().collect(), Ground::Stated)?;
    }
    if let Some(asked) = &query.pay {
        let own = facts.pay.clone().filter(|own| own.currency == asked.currency && own.yearly <= asked.yearly);
        must(own.map(Matched::Pay).into_iter().collect(), Ground::Stated)?;
    }
    if let Some(by) = query.available_by {
        let wanted = if query.hours.is_empty() { Hours::ALL } else { &query.hours };
        let own = facts.availability.iter().filter(|one| wanted.contains(&one.hours));
        let begins = own.filter_map(|one| Some(Matched::From(one.hours, one.from.filter(|from| *from <= by)?)));
        must(begins.collect(), Ground::Stated)?;
        if query.hours.is_empty() {
            must(those(&|value| matches!(value, Value::Hours(_))), Ground::Stated)?;
        }
    }
    for one in query.nice.iter().filter(|one| !query.must.contains(one)) {
        let nice = those(&|value| matches!(value, Value::Competency(own) if **own == **one));
        why.extend(nice.into_iter().map(|what| Why { wish: Wish::Nice, what, ground: ground(one) }));
    }
    why.sort();
    why.dedup();
    Some(why)
}

fn freshness(day: Date) -> Freshness {
    match TODAY.since(day).unwrap().get_days() {
        ..=30 => Freshness::Month,
        31..=90 => Freshness::Quarter,
        91..=365 => Freshness::Year,
        _ => Freshness::Older,
    }
}

fn rank(company: Uuid, candidate: Uuid) -> u64 {
    let mut hasher = SipHasher13::new_with_key(&KEY);
    hasher.write(&[*company.as_bytes(), *candidate.as_bytes()].concat());
    hasher.finish()
}

fn asked_for(query: &Query) -> BTreeSet<Value> {
    let mut asked: BTreeSet<Value> = BTreeSet::new();
    asked.extend(query.roles.iter().map(|one| Value::Role(one.as_str().into())));
    asked.extend(query.seniority.iter().map(|one| Value::Seniority(one.as_str().into())));
    asked.extend(query.must.iter().chain(&query.nice).map(|one| Value::Competency(one.as_str().into())));
    asked.extend(query.shown.iter().map(|one| Value::Shown(one.as_str().into())));
    asked.extend(query.countries.iter().map(|one| Value::Country(folded(one).into())));
    asked.extend(query.remote.iter().map(|one| Value::Remote(*one)));
    asked.extend(query.hours.iter().map(|one| Value::Hours(*one)));
    asked.extend(query.pay.iter().map(|one| Value::Currency(one.currency.as_str().into())));
    asked
}

/// Values that meet “at least”, or “in any way”.
fn is_enough(value: &Value, why: &[&Why]) -> bool {
    why.iter().any(|one| one.wish == Wish::Must && one.what == Matched::Value(value.clone()))
}

fn facets(matching: &[(Look, Vec<Why>)], query: &Query) -> BTreeMap<Facet, Vec<Count>> {
    let mut counts: BTreeMap<Value, u32> = BTreeMap::new();
    matching.iter().flat_map(|(look, _)| values(&look.facts)).for_each(|value| *counts.entry(value).or_default() += 1);
    let why: Vec<&Why> = matching.iter().flat_map(|(_, why)| why).collect();
    let asked = asked_for(query);
    let facet = |facet: Facet| {
        let mut all: Vec<(&Value, u32)> =
            counts.iter().filter(|(value, _)| value.facet() == facet).map(|(v, c)| (v, *c)).collect();
        all.sort_by_key(|(value, count)| (Reverse(*count), *value));
        let shown = all.len().min(query.facet_limit);
        let mut besides: Vec<(&Value, u32)> =
            all[shown..].iter().filter(|(value, _)| asked.contains(value) || is_enough(value, &why)).copied().collect();
        let lacking = asked.iter().filter(|value| value.facet() == facet && !counts.contains_key(value));
        besides.extend(lacking.map(|value| (value, 0)));
        besides.sort_by_key(|(value, count)| (Reverse(*count), *value));
        let all = all[..shown].iter().copied().chain(besides);
        (facet, all.map(|(value, count)| Count { value: value.clone(), count }).collect())
    };
    Facet::ALL.map(facet).into()
}

fn put_together(mut matching: Vec<(Look, Vec<Why>)>, company: Uuid, query: &Query) -> Answer {
    matching.sort_by_key(|(look, _)| {
        let own = values(&look.facts);
        let nice: BTreeSet<&String> = query.nice.iter().collect();
        let nice = nice.into_iter().filter(|one| own.contains(&Value::Competency(one.as_str().into()))).count();
        (Reverse(nice), Reverse(freshness(look.fresh)), rank(company, look.id))
    });
    let (total, facets) = (matching.len(), facets(&matching, query));
    let page = matching.into_iter().skip(query.offset).take(query.limit);
    let found = page.map(|(look, why)| Found { candidate: look.id, why, freshness: freshness(look.fresh) });
    Answer { found: found.collect(), total, facets }
}

/// As it must be.
pub fn answer(world: &World, company: usize, query: &Query) -> Answer {
    let looks = world.people.iter().filter_map(|person| look(world, company, person));
    let matching = looks.filter_map(|look| meets(&look.facts, query).map(|why| (look, why))).collect();
    put_together(matching, world.company_ids[company], query)
}

/// As it is usually made, and must not be: whoever matches by what they wrote is shown, with what may be shown.
pub fn usual(world: &World, company: usize, query: &Query) -> Answer {
    let matching = world.people.iter().filter(|person| meets(&person.facts, query).is_some());
    let looks = matching.filter_map(|person| look(world, company, person));
    let shown = looks.map(|look| {
        let why = meets(&look.facts, query).unwrap_or_default();
        (look, why)
    });
    put_together(shown.collect(), world.company_ids[company], query)
}
