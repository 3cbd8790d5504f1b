//! Whether the parts of a release fit together.

use super::MAX_CUTS;
use super::blueprint::{Blueprint, Count, Kind, MAX_TOPICS, Spread, Stopping};
use super::clusters::Clusters;
use super::error::ReleaseError;
use super::lists::Shelf;
use super::release::{BankItem, ReleaseParts};
use crate::MAX_CATEGORIES;
use crate::score::Cut;
use std::collections::HashMap;

/// Names turned into numbers.
pub(crate) struct Bound {
    pub families: Vec<String>,
    pub family_of: Vec<u32>,
    pub topics: Vec<usize>,
    pub enemies: Vec<(u32, u32)>,
}

/// Checks all but the supply, and binds names.
pub(crate) fn parts(parts: &ReleaseParts) -> Result<Bound, ReleaseError> {
    if parts.items.is_empty() {
        return Err(ReleaseError::Empty);
    }
    cuts(&parts.cuts)?;
    stopping(&parts.stopping)?;
    spread(&parts.spread)?;
    blueprint(&parts.blueprint)?;
    items(parts)
}

fn fault(item: &BankItem, fault: impl Into<String>) -> ReleaseError {
    ReleaseError::Item { id: item.id.clone(), fault: fault.into() }
}

fn items(parts: &ReleaseParts) -> Result<Bound, ReleaseError> {
    let mut places = HashMap::new();
    for (place, item) in parts.items.iter().enumerate() {
        if item.id.is_empty() {
            return Err(ReleaseError::Item { id: format!("number {}", place + 1), fault: "it has no id".to_owned() });
        }
        if places.insert(item.id.as_str(), place as u32).is_some() {
            return Err(fault(item, "two items have this id; give each version an id of its own"));
        }
    }
    let topic_places: HashMap<&str, usize> =
        parts.blueprint.topics.iter().enumerate().map(|(place, quota)| (quota.topic.as_str(), place)).collect();
    let mut numbers: HashMap<&str, (u32, Kind, &str)> = HashMap::new();
    let mut bound = Bound { families: Vec::new(), family_of: Vec::new(), topics: Vec::new(), enemies: Vec::new() };
    for (place, item) in parts.items.iter().enumerate() {
        if !(item.minutes > 0.0 && item.minutes.is_finite()) {
            return Err(fault(item, format!("it is expected to take {} minutes; give a time above 0", item.minutes)));
        }
        if item.model.categories() > MAX_CATEGORIES {
            return Err(fault(
                item,
                format!("it has {} categories; at most {MAX_CATEGORIES} are taken", item.model.categories()),
            ));
        }
        let Some(&topic) = topic_places.get(item.topic.as_str()) else {
            return Err(fault(item, format!("the blueprint has no topic {}; add it there, or correct it", item.topic)));
        };
        bound.topics.push(topic);
        let next = bound.families.len() as u32;
        let (family, kind, of_topic) = *numbers.entry(&item.family).or_insert((next, item.kind, &item.topic));
        if (kind, of_topic) != (item.kind, item.topic.as_str()) {
            let message =
                format!("its family {} has items of another kind or topic; a family has one of each", item.family);
            return Err(fault(item, message));
        }
        if family == next {
            bound.families.push(item.family.clone());
        }
        bound.family_of.push(family);
        for enemy in &item.enemies {
            match places.get(enemy.as_str()) {
                Some(&other) if other as usize != place => bound.enemies.push((place as u32, other)),
                Some(_) => return Err(fault(item, "it names itself as an enemy; leave that out")),
                None => {
                    return Err(fault(item, format!("its enemy {enemy} is not in the bank; leave it out or add it")));
                }
            }
        }
    }
    Ok(bound)
}

fn blueprint(blueprint: &Blueprint) -> Result<(), ReleaseError> {
    let quota = |what: String, fault: &str| Err(ReleaseError::Quota { what, fault: fault.to_owned() });
    if blueprint.topics.is_empty() || blueprint.topics.len() > MAX_TOPICS {
        return quota("topics".to_owned(), "there are 1 to 64 of them");
    }
    for (place, topic) in blueprint.topics.iter().enumerate() {
        if blueprint.topics[..place].iter().any(|before| before.topic == topic.topic) {
            return quota(format!("topic {}", topic.topic), "it stands there twice");
        }
    }
    if blueprint.questions.max == 0 && blueprint.tasks.max == 0 {
        return quota("route".to_owned(), "it has neither questions nor tasks");
    }
    for kind in Kind::ALL {
        let whole = blueprint.of(kind);
        let named =
            blueprint.topics.iter().map(|topic| (format!("{} on {}", kind.plural(), topic.topic), topic.of(kind)));
        for (what, count) in named.chain([(kind.plural().to_owned(), whole)]) {
            if count.min > count.max {
                return quota(what, &format!("at least {} and at most {} cannot both be", count.min, count.max));
            }
        }
        let least: u32 = blueprint.topics.iter().map(|topic| u32::from(topic.of(kind).min)).sum();
        if least > u32::from(whole.max) {
            let message = format!("the topics need {least} together, and at most {} are asked", whole.max);
            return quota(kind.plural().to_owned(), &message);
        }
    }
    Ok(())
}

/// The numbers of each kind, with the least raised to the sum over topics, when the bank is certain to supply them.
pub(crate) fn supply(
    blueprint: &Blueprint,
    clusters: &Clusters,
    shelves: &[Shelf],
) -> Result<[Count; 2], ReleaseError> {
    let supply = clusters.supply(blueprint.topics.len(), |item| (shelves[item].kind, shelves[item].topic), |_| true);
    let counts = Kind::ALL.map(|kind| {
        let least: u16 = blueprint.topics.iter().map(|topic| topic.of(kind).min).sum();
        Count { min: blueprint.of(kind).min.max(least), ..blueprint.of(kind) }
    });
    match shortage(blueprint, &counts, &supply) {
        None => Ok(counts),
        Some((what, left, needed)) => Err(ReleaseError::Quota {
            what,
            fault: format!(
                "{needed} are needed, and the bank is certain to have {left}: of a family, or of items that are enemies, \
                 one is counted, and none when enemies stand in several topics or kinds"
            ),
        }),
    }
}

/// What cannot be supplied, how much is certain, and how much is needed.
pub(crate) fn shortage(
    blueprint: &Blueprint,
    counts: &[Count; 2],
    supply: &[Vec<usize>; 2],
) -> Option<(String, usize, usize)> {
    for kind in Kind::ALL {
        let mut whole = 0;
        for (topic, &left) in blueprint.topics.iter().zip(&supply[kind.index()]) {
            let count = topic.of(kind);
            if left < usize::from(count.min) {
                return Some((format!("{} on {}", kind.plural(), topic.topic), left, usize::from(count.min)));
            }
            whole += left.min(usize::from(count.max));
        }
        let needed = usize::from(counts[kind.index()].min);
        if whole < needed {
            return Some((kind.plural().to_owned(), whole, needed));
        }
    }
    None
}

fn cuts(cuts: &[Cut]) -> Result<(), ReleaseError> {
    let rises = cuts.windows(2).all(|pair| pair[0].value() < pair[1].value());
    if rises && cuts.len() <= MAX_CUTS { Ok(()) } else { Err(ReleaseError::Cuts) }
}

fn stopping(rules: &Stopping) -> Result<(), ReleaseError> {
    let open = |value: f64| value > 0.0 && value < 1.0;
    let given = |rule: Option<f64>| rule.unwrap_or(0.5);
    let band = given(rules.band_at_least);
    number("the probability of a band that ends a check", band, open(band), "between 0 and 1")?;
    let change = given(rules.change_at_most);
    number("the probability of a change that ends a check", change, open(change), "between 0 and 1")?;
    let sd = given(rules.sd_at_most);
    number("the standard deviation that ends a check", sd, sd > 0.0 && sd.is_finite(), "above 0")?;
    let minutes = given(rules.minutes_at_most);
    number("the greatest time of a check", minutes, minutes > 0.0 && minutes.is_finite(), "above 0, in minutes")
}

fn spread(spread: &Spread) -> Result<(), ReleaseError> {
    let exposure = spread.exposure_at_most;
    number("the greatest exposure", exposure, exposure > 0.0 && exposure <= 1.0, "above 0 and at most 1")?;
    number("the randomness", spread.randomness, (0.0..=1.0).contains(&spread.randomness), "from 0 to 1")?;
    number(
        "the share of items being calibrated",
        spread.seeding,
        (0.0..=0.5).contains(&spread.seeding),
        "from 0 to 0.5",
    )
}

fn number(what: &'static str, value: f64, is_right: bool, wanted: &'static str) -> Result<(), ReleaseError> {
    if is_right { Ok(()) } else { Err(ReleaseError::Number { what, value, wanted }) }
}
