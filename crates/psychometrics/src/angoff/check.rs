//! Whether ratings make sense before anything is computed from them.

use super::mixed::Observation;
use super::{Anchored, AngoffError, AngoffOptions, Contradiction, Contradictions, Panel, Rating};
use crate::math::logit;
use std::collections::{BTreeMap, HashSet};

/// The smallest standard deviation of an anchor.
const SURE: f64 = 0.001;

pub(super) fn check(panel: &Panel, options: &AngoffOptions) -> Result<(), AngoffError> {
    check_options(panel, options)?;
    if panel.levels.is_empty() {
        return Err(AngoffError::NoLevels);
    }
    check_ratings(panel)?;
    let raters: HashSet<usize> = panel.ratings.iter().map(|rating| rating.rater).collect();
    if raters.len() < 2 {
        return Err(AngoffError::TooFewRaters(raters.len()));
    }
    let items: HashSet<usize> = panel.ratings.iter().map(|rating| rating.item).collect();
    if items.len() < 2 {
        return Err(AngoffError::TooFewItems(items.len()));
    }
    let levels: HashSet<usize> = panel.ratings.iter().map(|rating| rating.level).collect();
    let missing = |names: &[String], seen: &HashSet<usize>| {
        names.iter().enumerate().find(|(index, _)| !seen.contains(index)).map(|(_, name)| name.clone())
    };
    if let Some(name) = missing(&panel.items, &items).or_else(|| missing(&panel.levels, &levels)) {
        return Err(AngoffError::Unrated(name));
    }
    let contradictions = contradictions(panel);
    if options.contradictions == Contradictions::Refuse && !contradictions.is_empty() {
        return Err(AngoffError::Contradictory(contradictions));
    }
    Ok(())
}

fn check_options(panel: &Panel, options: &AngoffOptions) -> Result<(), AngoffError> {
    if options.anchors.is_empty() {
        return Err(AngoffError::NoAnchor);
    }
    for anchor in &options.anchors {
        if !(anchor.theta.abs() <= 6.0 && anchor.sd >= SURE && anchor.sd.is_finite()) {
            let said = "an anchor lies between -6 and 6 and has a standard deviation of at least 0.001";
            return Err(AngoffError::Options(said));
        }
        if matches!(anchor.what, Anchored::Cut(level) if level >= panel.levels.len()) {
            return Err(AngoffError::Options("an anchor is of a level that is not listed"));
        }
    }
    let slope = options.slope;
    if !(slope.mean.abs() <= 5.0 && slope.sd > 0.0 && slope.sd <= 2.0) {
        return Err(AngoffError::Options(
            "the prior of ln a has a mean within 5 of 0 and a standard deviation up to 2",
        ));
    }
    let spreads = [options.slope_spread, options.shared_error];
    if spreads.iter().any(|spread| !(0.0..=10.0).contains(spread)) {
        return Err(AngoffError::Options("the slopes' spread and the shared error lie between 0 and 10"));
    }
    if !(options.nearest > 0.0 && options.nearest < 0.5) {
        return Err(AngoffError::Options("ratings are drawn in to something between 0 and 0.5"));
    }
    Ok(())
}

fn check_ratings(panel: &Panel) -> Result<(), AngoffError> {
    let mut seen = HashSet::new();
    for (place, rating) in panel.ratings.iter().enumerate() {
        let Rating { rater, item, level, p } = *rating;
        let (Some(rater_name), Some(item_name), Some(level_name)) =
            (panel.raters.get(rater), panel.items.get(item), panel.levels.get(level))
        else {
            return Err(AngoffError::Unknown(place + 1));
        };
        let (rater_name, item_name, level_name) = (rater_name.clone(), item_name.clone(), level_name.clone());
        if !(0.0..=1.0).contains(&p) {
            return Err(AngoffError::NotProbability { rater: rater_name, item: item_name, level: level_name, p });
        }
        if !seen.insert((rater, item, level)) {
            return Err(AngoffError::Twice { rater: rater_name, item: item_name, level: level_name });
        }
    }
    Ok(())
}

/// Every pair of neighbouring ratings of one rater and item of which the higher level does worse.
fn contradictions(panel: &Panel) -> Vec<Contradiction> {
    let mut rows: BTreeMap<(usize, usize), Vec<(usize, f64)>> = BTreeMap::new();
    for rating in &panel.ratings {
        rows.entry((rating.rater, rating.item)).or_default().push((rating.level, rating.p));
    }
    let mut found = Vec::new();
    for ((rater, item), mut row) in rows {
        row.sort_by_key(|(level, _)| *level);
        for pair in row.windows(2).filter(|pair| pair[1].1 < pair[0].1) {
            found.push(Contradiction {
                rater: panel.raters[rater].clone(),
                item: panel.items[item].clone(),
                lower: (panel.levels[pair[0].0].clone(), pair[0].1),
                higher: (panel.levels[pair[1].0].clone(), pair[1].1),
            });
        }
    }
    found
}

/// Ratings as logits, drawn in, in an order that does not depend on how they were listed: so neither do the results.
pub(super) fn observations(panel: &Panel, nearest: f64) -> Vec<Observation> {
    let observation = |rating: &Rating| Observation {
        rater: rating.rater,
        item: rating.item,
        level: rating.level,
        logit: logit(rating.p.clamp(nearest, 1.0 - nearest)),
    };
    let mut observations: Vec<Observation> = panel.ratings.iter().map(observation).collect();
    observations.sort_by_key(|one| (one.item, one.rater, one.level));
    observations
}
