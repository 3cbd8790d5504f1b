//! What a simulation found, in the terms of a reader.

use super::generator::Generator;
use super::tally::{GroupTally, Held, LEVEL_REACH, LEVEL_WIDTH, LEVELS, STATED, Tally};
use crate::adaptive::{Release, Stop};

/// What a simulation found.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct Statistics {
    /// People simulated.
    pub people: u64,
    /// Share of people whose level lies in its stated 95 % interval (equal tails). Its error counts that people who meet
    /// the same true bank are missed together.
    pub coverage: Share,
    /// The same by the level that they were told (the posterior mean).
    pub coverage_by_told: Vec<LevelShare>,
    /// The same by their true level. Not 95 % at the ends for any method that uses what is known of the population: it
    /// draws rare levels towards the middle.
    pub coverage_by_true: Vec<LevelShare>,
    /// Stated P(at or above a cut) against the share who are.
    pub calibration: Vec<Calibration>,
    /// Mean distance of the two, weighted with people.
    pub calibration_error: f64,
    /// What that would be on average, of so many people, if every statement were exact: distances do not cancel out, so that
    /// few people make the one above too large.
    pub calibration_chance: f64,
    /// Share of people whose most probable band is their true one.
    pub exact: Share,
    /// Share of people whose most probable band is their true one or its neighbour.
    pub within_one: Share,
    /// Answers of a check, on average.
    pub length: f64,
    /// Shares of people by the number of their answers, from 0 on.
    pub lengths: Vec<f64>,
    /// Questions of a check, on average.
    pub questions: f64,
    /// Tasks of a check, on average.
    pub tasks: f64,
    /// Minutes of a check, on average.
    pub minutes: f64,
    /// Stated standard deviation, on average.
    pub sd: f64,
    /// The same by the level that people were told, in the bins of `coverage_by_told`; nought where nobody is.
    pub sd_by_told: Vec<f64>,
    /// Root of the mean squared error of the posterior mean.
    pub rmse: f64,
    /// Exposure of the bank.
    pub exposure: Exposure,
    /// Share of picks that went to items being calibrated.
    pub seeding: f64,
    /// Share of checks that ended before their blueprint was covered (only time can do that).
    pub uncovered: f64,
    /// Why checks ended: share of people for each reason, in the order of [`Stop::ALL`].
    pub stops: Vec<StopShare>,
    /// Each group for itself.
    pub groups: Vec<GroupStatistics>,
    /// Largest difference between two groups in the mean error of people of the same true level, averaged over levels.
    pub group_gap: f64,
    /// Standard error of that difference; nought without two groups.
    pub group_gap_error: f64,
}

/// A share, and the standard error that simulating so many people leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct Share {
    /// Between 0 and 1; nought of nobody.
    pub value: f64,
    /// Monte-Carlo standard error.
    pub error: f64,
}

/// A share among the people between two levels.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct LevelShare {
    /// Lower border; the lowest bin has everybody below its upper border.
    pub from: f64,
    /// Upper border; the highest bin has everybody above its lower border.
    pub to: f64,
    /// People in it.
    pub people: u64,
    /// Their share.
    pub share: Share,
}

/// People who were told about the same probability of being at or above a cut.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct Calibration {
    /// Which cut, from 0.
    pub cut: usize,
    /// What they were told, on average.
    pub stated: f64,
    /// The share who are.
    pub observed: f64,
    /// How many.
    pub people: u64,
}

/// How the bank was used. Families are what is counted.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct Exposure {
    /// The largest share of people who saw one family.
    pub largest: f64,
    /// Share of a check that two people have in common, on average.
    pub overlap: f64,
    /// Share of families that nobody saw.
    pub never: f64,
    /// For each family the share of people who saw it, in the order of [`Release::families`].
    pub rates: Vec<f64>,
}

/// How often a reason ended a check.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct StopShare {
    /// The reason, in words.
    pub reason: &'static str,
    /// Share of people.
    pub share: f64,
}

/// What became of one group.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct GroupStatistics {
    /// As the generator names it.
    pub name: String,
    /// How many.
    pub people: u64,
    /// Share whose level lies in its stated 95 % interval.
    pub coverage: Share,
    /// Share whose most probable band is their true one.
    pub exact: f64,
    /// Mean error of the posterior mean.
    pub bias: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Answers, on average.
    pub length: f64,
    /// Minutes, on average.
    pub minutes: f64,
    /// Share whose time ran out.
    pub out_of_time: f64,
}

impl Share {
    pub(crate) fn of(held: u64, of: u64) -> Self {
        if of == 0 {
            return Self { value: 0.0, error: 0.0 };
        }
        let value = held as f64 / of as f64;
        Self { value, error: (value * (1.0 - value) / of as f64).sqrt() }
    }
}

impl Statistics {
    pub(crate) fn new(release: &Release, generator: &Generator, tally: &Tally) -> Self {
        let covered = tally.covered();
        let people = covered.of;
        let each = |value: f64| value / people as f64;
        let answers = tally.questions + tally.tasks;
        let groups: Vec<GroupStatistics> = generator
            .groups
            .iter()
            .zip(&tally.groups)
            .map(|(group, tally)| group_statistics(&group.name, tally))
            .collect();
        let whole = |of: fn(&GroupTally) -> f64| tally.groups.iter().map(of).sum::<f64>();
        let calibration = calibration(tally, release.parts().cuts.len());
        let told: u64 = calibration.iter().map(|bin| bin.people).sum();
        let distance = |bin: &Calibration| (bin.stated - bin.observed).abs() * bin.people as f64;
        let (group_gap, group_gap_error) = group_gap(&tally.groups);
        let longest = tally.lengths.iter().rposition(|count| *count > 0).unwrap_or(0);
        Self {
            people,
            coverage: Share { error: tally.blocks.error(covered), ..Share::of(covered.held, people) },
            coverage_by_told: by_level(&tally.by_told),
            coverage_by_true: by_level(&tally.by_true),
            calibration_error: calibration.iter().map(distance).sum::<f64>() / told.max(1) as f64,
            calibration_chance: calibration_chance(&calibration),
            calibration,
            exact: Share::of(tally.exact.held, people),
            within_one: Share::of(tally.within_one.held, people),
            length: each(answers as f64),
            lengths: tally.lengths[..=longest].iter().map(|count| each(*count as f64)).collect(),
            questions: each(tally.questions as f64),
            tasks: each(tally.tasks as f64),
            minutes: each(whole(|group| group.minutes.value())),
            sd: each(tally.sd.value()),
            sd_by_told: tally
                .sd_by_told
                .iter()
                .zip(&tally.by_told)
                .map(|(sum, held)| sum.value() / held.of.max(1) as f64)
                .collect(),
            rmse: each(whole(|group| group.square.value())).sqrt(),
            exposure: exposure(tally, people, answers),
            seeding: tally.seeding as f64 / answers.max(1) as f64,
            uncovered: each(tally.uncovered as f64),
            stops: Stop::ALL
                .iter()
                .zip(&tally.stops)
                .map(|(stop, count)| StopShare { reason: reason(*stop), share: each(*count as f64) })
                .collect(),
            group_gap,
            group_gap_error,
            groups,
        }
    }
}

/// In the words of a report.
fn reason(stop: Stop) -> &'static str {
    match stop {
        Stop::Classified => "one band was probable enough",
        Stop::Steady => "five more answers were not expected to change the band",
        Stop::Precise => "the level was known precisely enough",
        Stop::Full => "the greatest number of items was reached",
        Stop::OutOfTime => "the time was over",
        Stop::NothingLeft => "nothing was left to ask",
    }
}

fn by_level(bins: &[Held; LEVELS]) -> Vec<LevelShare> {
    let at = |k: usize| k as f64 * LEVEL_WIDTH - LEVEL_REACH;
    let bin = |(k, held): (usize, &Held)| LevelShare {
        from: at(k),
        to: at(k + 1),
        people: held.of,
        share: Share::of(held.held, held.of),
    };
    bins.iter().enumerate().map(bin).collect()
}

fn calibration(tally: &Tally, cuts: usize) -> Vec<Calibration> {
    let mut bins = Vec::with_capacity(cuts * STATED);
    for (cut, row) in tally.stated.iter().enumerate().take(cuts) {
        for bin in row.iter().filter(|bin| bin.held.of > 0) {
            let people = bin.held.of;
            let observed = bin.held.held as f64 / people as f64;
            bins.push(Calibration { cut, stated: bin.stated.value() / people as f64, observed, people });
        }
    }
    bins
}

fn exposure(tally: &Tally, people: u64, answers: u64) -> Exposure {
    let rates: Vec<f64> = tally.exposure.iter().map(|seen| *seen as f64 / people as f64).collect();
    // Of two different people: pairs who both saw a family, over all pairs, over the mean length.
    let pairs: f64 = tally.exposure.iter().map(|&seen| seen as f64 * (seen as f64 - 1.0)).sum();
    let n = people as f64;
    let overlap = if people > 1 && answers > 0 { pairs / (n * (n - 1.0)) / (answers as f64 / n) } else { 0.0 };
    let never = rates.iter().filter(|rate| **rate == 0.0).count() as f64 / rates.len() as f64;
    Exposure { largest: rates.iter().copied().fold(0.0, f64::max), overlap, never, rates }
}

fn group_statistics(name: &str, tally: &GroupTally) -> GroupStatistics {
    let people = tally.covered.of;
    let each = |value: f64| if people == 0 { 0.0 } else { value / people as f64 };
    GroupStatistics {
        name: name.to_owned(),
        people,
        coverage: Share::of(tally.covered.held, people),
        exact: each(tally.exact as f64),
        bias: each(tally.error.value()),
        rmse: each(tally.square.value()).sqrt(),
        length: each(tally.answers as f64),
        minutes: each(tally.minutes.value()),
        out_of_time: each(tally.out_of_time as f64),
    }
}

/// The mean of |observed − stated| when each stated p is exact. A bin's observed share is then nearly normal about p with
/// variance p(1 − p)/n, and the mean size of a normal number is its standard deviation times √(2/π). People who meet the same
/// true bank are a little more alike than that, which is left out: it is the least that chance does.
fn calibration_chance(bins: &[Calibration]) -> f64 {
    let told: u64 = bins.iter().map(|bin| bin.people).sum();
    let off = |bin: &Calibration| (bin.stated * (1.0 - bin.stated) / bin.people as f64).max(0.0).sqrt();
    let sum: f64 = bins.iter().map(|bin| off(bin) * bin.people as f64).sum();
    std::f64::consts::FRAC_2_PI.sqrt() * sum / told.max(1) as f64
}

/// Groups are compared at the same level, because a method that draws everybody towards one middle errs differently for
/// groups whose means differ, also when it treats each person alike.
///
/// Beside the largest difference its standard error: a difference at one level has the variance σ²(1/n + 1/m), which is σ²
/// over its weight, so that their weighted mean has σ² over the sum of weights.
fn group_gap(groups: &[GroupTally]) -> (f64, f64) {
    let (mut largest, mut its_error) = (0.0_f64, 0.0);
    let (people, squares) = groups
        .iter()
        .fold((0, 0.0), |(people, squares), group| (people + group.covered.of, squares + group.square.value()));
    let variance = squares / people.max(1) as f64;
    for (place, one) in groups.iter().enumerate() {
        for other in &groups[..place] {
            let (mut sum, mut weights) = (0.0, 0.0);
            for ((n, errors), (m, others)) in one.by_level.iter().zip(&other.by_level) {
                if *n > 0 && *m > 0 {
                    // The precision of a difference of two means.
                    let weight = *n as f64 * *m as f64 / (*n + *m) as f64;
                    sum += weight * (errors.value() / *n as f64 - others.value() / *m as f64);
                    weights += weight;
                }
            }
            let gap = if weights > 0.0 { (sum / weights).abs() } else { 0.0 };
            if weights > 0.0 && gap >= largest {
                (largest, its_error) = (gap, (variance / weights).sqrt());
            }
        }
    }
    (largest, its_error)
}
