//! Whether a release keeps its bars.

use super::regimes::{Tolerance, Trial, trials};
use super::simulate::{Plan, SimulationError, simulate};
use super::statistics::{Share, Statistics};
use crate::adaptive::{Kind, Release};
use crate::grid::{NODES, node};

/// What a release has to keep. `None` where nothing is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bars {
    /// Least and greatest share of people whose level lies in its stated 95 % interval.
    pub coverage: (f64, f64),
    /// The same among people who were told about the same level, where they are at least one in a hundred.
    pub coverage_by_told: (f64, f64),
    /// Greatest mean distance of a stated P(at or above) from the share who are.
    pub calibration: f64,
    /// Greatest share of people who see one family.
    pub exposure: Option<f64>,
    /// Greatest share of a check that two people have in common.
    pub overlap: Option<f64>,
    /// Greatest number of answers, on average.
    pub length: Option<f64>,
    /// Greatest time in minutes, on average.
    pub minutes: Option<f64>,
    /// Least share of people whose most probable band is the true one.
    pub exact: Option<f64>,
    /// Least share of people whose most probable band is the true one or its neighbour.
    pub within_one: Option<f64>,
    /// Greatest difference in error between groups, among people of the same level.
    pub group_gap: f64,
    /// Greatest share of checks that end before their blueprint is covered.
    pub uncovered: f64,
}

impl Default for Bars {
    /// Coverage 94–96 % (93–97 % by told level), calibration .01, exposure .25, overlap .22, within one band 99.5 %, gap
    /// .03, one uncovered check in a hundred. Length, time and exact bands depend on what a bank is for: none.
    fn default() -> Self {
        Self {
            coverage: (0.94, 0.96),
            coverage_by_told: (0.93, 0.97),
            calibration: 0.01,
            exposure: Some(0.25),
            overlap: Some(0.22),
            length: None,
            minutes: None,
            exact: None,
            within_one: Some(0.995),
            group_gap: 0.03,
            uncovered: 0.01,
        }
    }
}

/// A figure, and what it has to keep.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct Bar {
    /// What it is, in words.
    pub what: String,
    /// As found.
    pub value: f64,
    /// Monte-Carlo standard error, where there is a simple one.
    pub error: Option<f64>,
    /// By so much beyond what it has to keep, chance among so few people may put a figure that keeps it; where that is simple.
    pub chance: Option<f64>,
    /// At least.
    pub least: Option<f64>,
    /// At most.
    pub greatest: Option<f64>,
    /// Whether it keeps them.
    pub passed: bool,
}

impl Bar {
    /// Whether it is missed by no more than chance does among so few people. Then it is not known whether the release keeps it,
    /// and more people would tell. It has not passed all the same.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        let below = self.least.map_or(0.0, |least| least - self.value);
        let above = self.greatest.map_or(0.0, |greatest| self.value - greatest);
        !self.passed && self.chance.is_some_and(|chance| below.max(above) < chance)
    }
}

/// Standard errors by which a figure is off once in forty times.
const SELDOM: f64 = 2.0;
/// The same of the furthest of some ten figures, or of some dozens: once in thirty times and less.
const FURTHEST: f64 = 3.0;
/// What the mean of some dozen distances seldom exceeds, of what chance makes of it on average. A distance is at most that of the
/// truth and that of chance together; one of chance alone varies by .76 of its mean, and the mean of thirty of them by .14.
const DISTANCES: f64 = 1.5;

/// One population that the release was tried on.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct Regime {
    /// For links and for reading by programs.
    pub id: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// What was different, and why it is tried.
    pub what: String,
    /// Whether something that the release assumes was wrong on purpose. Its bars are then tolerances.
    pub wrong_on_purpose: bool,
    /// What was found.
    pub statistics: Statistics,
    /// What has to be kept.
    pub bars: Vec<Bar>,
}

/// What a bank can tell at a level.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct InformationAt {
    /// In standard deviations of the reference population.
    pub level: f64,
    /// Information of the items that tell most there, as many as a check has on average.
    pub best: f64,
}

/// The certificate of a release.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "text", derive(serde::Serialize))]
pub struct Certificate {
    /// Fingerprint of the release, in hexadecimal digits.
    pub release: String,
    /// Of the crate that made it.
    pub version: &'static str,
    /// Items in the bank.
    pub items: usize,
    /// Families that they belong to.
    pub families: usize,
    /// Of them, items being calibrated.
    pub seeding: usize,
    /// Borders between bands, and their standard errors.
    pub cuts: Vec<(f64, f64)>,
    /// Seed of the simulation.
    pub seed: u64,
    /// What the bank can tell, by level.
    pub information: Vec<InformationAt>,
    /// The population that the release believes in first, then the others.
    pub regimes: Vec<Regime>,
    /// Whether every bar is kept.
    pub passed: bool,
}

/// Tries a release on `plan.people` people as it believes them to be, and on a fifth of that for every other population.
///
/// # Errors
/// See [`SimulationError`].
pub fn certify(release: &Release, bars: &Bars, plan: &Plan) -> Result<Certificate, SimulationError> {
    let mut regimes = Vec::new();
    for (number, trial) in trials(release).into_iter().enumerate() {
        let people = if number == 0 { plan.people } else { plan.people.div_ceil(5) };
        let plan = Plan { people, seed: plan.seed.wrapping_add(number as u64), ..plan.clone() };
        let statistics = simulate(release, &trial.generator, &plan)?;
        regimes.push(regime(trial, statistics, bars));
    }
    let length = regimes.first().map_or(0.0, |regime| regime.statistics.length);
    Ok(Certificate {
        release: format!("{:016x}", release.fingerprint()),
        version: env!("CARGO_PKG_VERSION"),
        items: release.items().len(),
        families: release.families().len(),
        seeding: release.items().iter().filter(|item| item.seeding).count(),
        cuts: release.parts().cuts.iter().map(|cut| (cut.value(), cut.se())).collect(),
        seed: plan.seed,
        information: information(release, length),
        passed: regimes.iter().flat_map(|regime| &regime.bars).all(|bar| bar.passed),
        regimes,
    })
}

fn regime(trial: Trial, statistics: Statistics, bars: &Bars) -> Regime {
    let kept = match trial.tolerance {
        Tolerance::Full => full(&statistics, bars),
        Tolerance::Groups => groups(&statistics, bars),
        Tolerance::Wrong(least, greatest, calibration) => statements(&statistics, (least, greatest), calibration),
    };
    let wrong_on_purpose = matches!(trial.tolerance, Tolerance::Wrong(..));
    Regime { id: trial.id, title: trial.title, what: trial.what, wrong_on_purpose, statistics, bars: kept }
}

/// What a figure has to keep.
#[derive(Clone, Copy)]
struct Wanted(Option<f64>, Option<f64>);

impl Wanted {
    fn at_most(greatest: f64) -> Self {
        Self(None, Some(greatest))
    }

    fn within((least, greatest): (f64, f64)) -> Self {
        Self(Some(least), Some(greatest))
    }
}

fn bar(what: &str, value: f64, error: Option<f64>, chance: Option<f64>, Wanted(least, greatest): Wanted) -> Bar {
    let passed = least.is_none_or(|least| value >= least) && greatest.is_none_or(|greatest| value <= greatest);
    Bar { what: what.to_owned(), value, error, chance, least, greatest, passed }
}

/// A share of so many people. If nobody or everybody is in it, its own error is nought, and so that of what it should be counts.
fn share_bar(what: &str, share: Share, people: u64, errors: f64, wanted: Wanted) -> Bar {
    let at = |bound: f64| (bound * (1.0 - bound) / people.max(1) as f64).max(0.0).sqrt();
    let bounds = [wanted.0, wanted.1].into_iter().flatten().map(at).fold(0.0, f64::max);
    bar(what, share.value, Some(share.error), Some(errors * share.error.max(bounds)), wanted)
}

fn statements(found: &Statistics, coverage: (f64, f64), calibration: f64) -> Vec<Bar> {
    let what = "Stated 95 % intervals hold the level";
    let mut bars = vec![share_bar(what, found.coverage, found.people, SELDOM, Wanted::within(coverage))];
    if !found.calibration.is_empty() {
        let what = "Distance of stated “at or above” from the truth";
        let chance = Some(DISTANCES * found.calibration_chance);
        bars.push(bar(what, found.calibration_error, None, chance, Wanted::at_most(calibration)));
    }
    bars
}

fn full(found: &Statistics, wanted: &Bars) -> Vec<Bar> {
    let mut bars = statements(found, wanted.coverage, wanted.calibration);
    let enough = |bin: &&super::LevelShare| bin.people * 100 >= found.people;
    let off = |bin: &&super::LevelShare| (bin.share.value - 0.95).abs();
    let bins = found.coverage_by_told.iter().filter(enough);
    if let Some(worst) = bins.reduce(|worst, bin| if off(&bin) > off(&worst) { bin } else { worst }) {
        let what = "The same where it is furthest from 95 %, by told level";
        bars.push(share_bar(what, worst.share, worst.people, FURTHEST, Wanted::within(wanted.coverage_by_told)));
    }
    let exposure = &found.exposure;
    if let Some(greatest) = wanted.exposure {
        let what = "Largest share of people who see one family";
        let rate = exposure.largest;
        let share = Share { value: rate, error: (rate * (1.0 - rate) / found.people as f64).sqrt() };
        bars.push(share_bar(what, share, found.people, FURTHEST, Wanted::at_most(greatest)));
    }
    let means = [
        ("Part of a check that two people share", exposure.overlap, wanted.overlap),
        ("Answers of a check, on average", found.length, wanted.length),
        ("Minutes of a check, on average", found.minutes, wanted.minutes),
    ];
    for (what, value, greatest) in means {
        if let Some(greatest) = greatest {
            bars.push(bar(what, value, None, None, Wanted::at_most(greatest)));
        }
    }
    let what = "Checks that end before the blueprint is covered";
    bars.push(bar(what, found.uncovered, None, None, Wanted::at_most(wanted.uncovered)));
    for (what, share, least) in [
        ("Told the true band", found.exact, wanted.exact),
        ("Told the true band or its neighbour", found.within_one, wanted.within_one),
    ] {
        if least.is_some() && !found.calibration.is_empty() {
            bars.push(share_bar(what, share, found.people, SELDOM, Wanted(least, None)));
        }
    }
    bars
}

fn groups(found: &Statistics, wanted: &Bars) -> Vec<Bar> {
    let mut bars = statements(found, wanted.coverage, 2.0 * wanted.calibration);
    let what = "Difference in error between groups at the same level";
    let error = found.group_gap_error;
    // The largest of a few pairs, and whichever of the two errs more.
    let chance = Some(FURTHEST * error);
    bars.push(bar(what, found.group_gap, Some(error), chance, Wanted::at_most(wanted.group_gap)));
    for group in &found.groups {
        let what = format!("Intervals hold the level, {}", group.name);
        let within = Wanted::within(wanted.coverage_by_told);
        bars.push(share_bar(&what, group.coverage, group.people, FURTHEST, within));
    }
    bars
}

/// The best that so many items could tell, at the nodes from −3 to 3.
fn information(release: &Release, length: f64) -> Vec<InformationAt> {
    let is_asked = |kind: Kind| release.parts().blueprint.of(kind).max > 0;
    let asked: Vec<&[f32; NODES]> = release
        .facts
        .iter()
        .zip(&release.information)
        .filter(|(facts, _)| is_asked(facts.shelf.kind))
        .map(|(_, row)| row)
        .collect();
    let at = |q: usize| {
        let mut values: Vec<f32> = asked.iter().map(|row| row[q]).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let best = values.iter().take(length.round() as usize).map(|value| f64::from(*value)).sum();
        InformationAt { level: node(q), best }
    };
    (15..=45).map(at).collect()
}
