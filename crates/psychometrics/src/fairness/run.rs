//! All methods over all items.

use super::adjust::benjamini_hochberg;
use super::logistic::{self, LogisticDif};
use super::mantel::{self, Stratified};
use super::matching::{Fineness, Sample, Scores};
use super::purify::purify;
use super::report::{DifError, DifOptions, DifReport, EtsClass, Group, ItemDif, Matching, Reading, Test, Undetermined};
use super::sibtest::{Matched, Sibtest};
use crate::responses::Responses;

/// Whether items work alike in a reference and a focal group (indices of [`Responses::groups`]; people of other groups are
/// left out).
///
/// Weights count as so many people. Matching and missing answers are as [`DifOptions`] says; people who did not answer an
/// item do not count for it, and SIBTEST counts only those who answered every item that is matched on. Purification is
/// done by each method for itself. p is adjusted among the items of one method and kind of test.
///
/// # Errors
/// See [`DifError`]. What cannot be found of one item is an [`Undetermined`] of that item.
pub fn dif(responses: &Responses, reference: usize, focal: usize, options: &DifOptions) -> Result<DifReport, DifError> {
    let sample = Sample::new(responses, reference, focal, options)?;
    let (mut stratified, purification) = purify(
        sample.items(),
        options.purify,
        options.level,
        |anchors| test_strata(&sample, anchors, options),
        |result| result.as_ref().ok().map(|found| found.test().p),
    );
    let (mut regressed, _) = purify(
        sample.items(),
        options.purify,
        options.level,
        |anchors| test_regressions(&sample, anchors),
        |result| result.as_ref().ok().map(|found| found.both.p),
    );
    let (mut simultaneous, _) = purify(
        sample.items(),
        options.purify,
        options.level,
        |anchors| test_simultaneous(&sample, anchors, options),
        |result| result.as_ref().ok().map(|found| found.test.p),
    );
    adjust_strata(&mut stratified);
    adjust(&mut regressed, |found: &mut LogisticDif| &mut found.uniform);
    adjust(&mut regressed, |found| &mut found.non_uniform);
    adjust(&mut regressed, |found| &mut found.both);
    adjust(&mut simultaneous, |found: &mut Sibtest| &mut found.test);
    let scores = sample.scores(&vec![true; sample.items()]);
    let items = stratified.into_iter().zip(regressed).zip(simultaneous).enumerate();
    let items = items
        .map(|(item, ((stratified, logistic), sibtest))| {
            let [reference, focal] = counted(&scores, item);
            let power = stratified.as_ref().ok().map(|found| found.power(options.continuity, options.level));
            let reading = read(&stratified, reference.min(focal), options);
            let name = responses.items()[item].name.clone();
            ItemDif { name, reference, focal, stratified, logistic, sibtest, power, reading }
        })
        .collect();
    let group =
        |side: usize, index: usize| Group { name: responses.groups()[index].clone(), people: sample.people(side) };
    let (reference, focal) = (group(0, reference), group(1, focal));
    Ok(DifReport { reference, focal, items, purification, level: options.level })
}

fn test_strata(sample: &Sample, anchors: &[bool], options: &DifOptions) -> Vec<Result<Stratified, Undetermined>> {
    let scores = sample.scores(anchors);
    (0..sample.items())
        .map(|item| mantel::test(&scores.strata(item, Fineness::Strata), options.continuity, options.level))
        .collect()
}

fn test_regressions(sample: &Sample, anchors: &[bool]) -> Vec<Result<LogisticDif, Undetermined>> {
    let scores = sample.scores(anchors);
    (0..sample.items()).map(|item| logistic::test(&scores.strata(item, Fineness::Exact))).collect()
}

fn test_simultaneous(sample: &Sample, anchors: &[bool], options: &DifOptions) -> Vec<Result<Sibtest, Undetermined>> {
    if matches!(options.matching, Matching::Given { .. }) {
        return vec![Err(Undetermined::NoMatchingItems); sample.items()];
    }
    let matched = Matched::new(sample, anchors);
    (0..sample.items()).map(|item| matched.test(item, options.neighbours)).collect()
}

fn adjust_strata(results: &mut [Result<Stratified, Undetermined>]) {
    let p: Vec<f64> = results.iter().map(|result| result.as_ref().map_or(f64::NAN, |found| found.test().p)).collect();
    for (result, p) in results.iter_mut().zip(benjamini_hochberg(&p)) {
        if let Ok(found) = result {
            found.adjust(p);
        }
    }
}

fn adjust<T>(results: &mut [Result<T, Undetermined>], test: impl Fn(&mut T) -> &mut Test) {
    let p: Vec<f64> =
        results.iter_mut().map(|result| result.as_mut().map_or(f64::NAN, |found| test(found).p)).collect();
    for (result, p) in results.iter_mut().zip(benjamini_hochberg(&p)) {
        if let Ok(found) = result {
            test(found).adjusted_p = p;
        }
    }
}

/// People of each side who answered an item and can be matched.
fn counted(scores: &Scores, item: usize) -> [f64; 2] {
    let strata = scores.strata(item, Fineness::Strata);
    [0, 1].map(|side| strata.iter().map(|stratum| stratum.people(side)).sum())
}

fn read(stratified: &Result<Stratified, Undetermined>, fewest: f64, options: &DifOptions) -> Reading {
    let power = stratified.as_ref().ok().map(|found| found.power(options.continuity, options.level));
    if fewest < options.enough {
        return Reading::NotEnoughData { needed: options.enough, power };
    }
    let (Ok(found), Some(power)) = (stratified, power) else { return Reading::Undetermined };
    let (class, favours) = (found.class(), found.favours());
    if class == EtsClass::A {
        Reading::NoneSeen { power }
    } else if found.test().adjusted_p < options.level {
        Reading::Differs { class, favours }
    } else {
        Reading::Suspected { class, favours }
    }
}
