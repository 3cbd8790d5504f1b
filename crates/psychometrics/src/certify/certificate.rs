//! Whether a release keeps its bars.

use super::regimes::{Tolerance, Trial, trials};
use super::simulate::{Plan, SimulationError, simulate};
use super::statistics::Statistics;
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
    /// At least.
    pub least: Option<f64>,
    /// At most.
    pub greatest: Option<f64>,
    /// Whether it keeps them.
    pub passed: bool,
}

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

fn bar(what: &str, value: f64, error: Option<f64>, least: Option<f64>, greatest: Option<f64>) -> Bar {
    let passed = least.is_none_or(|least| value >= least) && greatest.is_none_or(|greatest| value <= greatest);
    Bar { what: what.to_owned(), value, error, least, greatest, passed }
}

fn statements(found: &Statistics, coverage: (f64, f64), calibration: f64) -> Vec<Bar> {
    let share = found.coverage;
    let mut bars = vec![bar(
        "Stated 95 % intervals hold the level",
        share.value,
        Some(share.error),
        Some(coverage.0),
        Some(coverage.1),
    )];
    if !found.calibration.is_empty() {
        bars.push(bar(
            "Distance of stated “at or above” from the truth",
            found.calibration_error,
            None,
            None,
            Some(calibration),
        ));
    }
    bars
}

fn full(found: &Statistics, wanted: &Bars) -> Vec<Bar> {
    let mut bars = statements(found, wanted.coverage, wanted.calibration);
    let (least, greatest) = wanted.coverage_by_told;
    let enough = |bin: &&super::LevelShare| bin.people * 100 >= found.people;
    let ends = found.coverage_by_told.iter().filter(enough).map(|bin| bin.share);
    let worst = ends.fold(None, |worst: Option<super::Share>, share| match worst {
        Some(worst) if (worst.value - 0.95).abs() >= (share.value - 0.95).abs() => Some(worst),
        _ => Some(share),
    });
    if let Some(worst) = worst {
        let what = "The same where it is furthest from 95 %, by told level";
        bars.push(bar(what, worst.value, Some(worst.error), Some(least), Some(greatest)));
    }
    let exposure = &found.exposure;
    let mut at_most = |what, value, error, wanted: Option<f64>| {
        if wanted.is_some() {
            bars.push(bar(what, value, error, None, wanted));
        }
    };
    let shown = |rate: f64| (rate * (1.0 - rate) / found.people as f64).sqrt();
    at_most(
        "Largest share of people who see one family",
        exposure.largest,
        Some(shown(exposure.largest)),
        wanted.exposure,
    );
    at_most("Part of a check that two people share", exposure.overlap, None, wanted.overlap);
    at_most("Answers of a check, on average", found.length, None, wanted.length);
    at_most("Minutes of a check, on average", found.minutes, None, wanted.minutes);
    at_most("Checks that end before the blueprint is covered", found.uncovered, None, Some(wanted.uncovered));
    for (what, share, least) in [
        ("Told the true band", found.exact, wanted.exact),
        ("Told the true band or its neighbour", found.within_one, wanted.within_one),
    ] {
        if least.is_some() && !found.calibration.is_empty() {
            bars.push(bar(what, share.value, Some(share.error), least, None));
        }
    }
    bars
}

fn groups(found: &Statistics, wanted: &Bars) -> Vec<Bar> {
    let mut bars = statements(found, wanted.coverage, 2.0 * wanted.calibration);
    let what = "Difference in error between groups at the same level";
    bars.push(bar(what, found.group_gap, None, None, Some(wanted.group_gap)));
    let (least, greatest) = wanted.coverage_by_told;
    for group in &found.groups {
        let what = format!("Intervals hold the level, {}", group.name);
        bars.push(bar(&what, group.coverage.value, Some(group.coverage.error), Some(least), Some(greatest)));
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
