//! The JSON of an analysis of items between two groups.

use crate::fairness::{
    DifReport, EtsClass, Favours, Group, ItemDif, LogisticDif, Power, Purification, Reading, Sibtest, Stratified, Test,
    Undetermined,
};
use serde::Serialize;

/// All of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DifFile {
    /// The group that others are compared with.
    pub reference: GroupCount,
    /// The group that is asked about.
    pub focal: GroupCount,
    /// Level of significance.
    pub level: f64,
    /// How the purification of the matching ended.
    pub purification: PurificationFile,
    /// Items.
    pub items: Vec<ItemDifFile>,
    /// What was met in the file of answers.
    pub notes: Vec<String>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupCount {
    /// Name.
    pub name: String,
    /// People: the sum of weights.
    pub people: f64,
}

/// How purification ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PurificationFile {
    /// `not asked`, `settled`, `not settled` or `nothing left`.
    pub state: &'static str,
    /// Rounds after the first.
    pub rounds: usize,
    /// Names of the items that were taken out.
    pub removed: Vec<String>,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ItemDifFile {
    /// Name.
    pub name: String,
    /// People of the reference group who count.
    pub reference: f64,
    /// People of the focal group who count.
    pub focal: f64,
    /// What may be said: `differs`, `suspected`, `none seen`, `not enough data` or `undetermined`.
    pub reading: &'static str,
    /// B or C, where the reading names a difference.
    pub class: Option<&'static str>,
    /// `reference` or `focal`, likewise.
    pub favours: Option<&'static str>,
    /// Chance that the stratified test had to see a difference of class B, and of class C.
    pub power: Option<PowerFile>,
    /// Mantel-Haenszel (two categories) or Mantel.
    pub stratified: Outcome<StratifiedFile>,
    /// Logistic regression.
    pub logistic: Outcome<LogisticFile>,
    /// SIBTEST.
    pub sibtest: Outcome<SibtestFile>,
}

/// A result, or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Outcome<T> {
    /// It is there.
    Found(T),
    /// It is not.
    Missing {
        /// Why.
        reason: String,
    },
}

/// Power.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PowerFile {
    /// For the smallest difference of class B.
    pub moderate: f64,
    /// For the smallest difference of class C.
    pub large: f64,
}

/// A test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TestFile {
    /// Chi-squared.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Plain.
    pub p: f64,
    /// Adjusted among the items (Benjamini and Hochberg).
    pub adjusted_p: f64,
}

/// Mantel-Haenszel or Mantel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StratifiedFile {
    /// `mantel-haenszel` or `mantel`.
    pub method: &'static str,
    /// Test.
    pub test: TestFile,
    /// Class of the Educational Testing Service.
    pub class: &'static str,
    /// Common odds ratio (two categories).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odds_ratio: Option<f64>,
    /// MH D-DIF (two categories).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delta: Option<f64>,
    /// Its standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub se_delta: Option<f64>,
    /// Standardised difference of the share right, or of the mean score, focal less reference.
    pub mean_difference: f64,
    /// In standard deviations of the item (more than two categories).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<f64>,
}

/// Logistic regression.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogisticFile {
    /// Effect that is the same at all scores.
    pub uniform: TestFile,
    /// Effect that changes with the score.
    pub non_uniform: TestFile,
    /// Both.
    pub both: TestFile,
    /// What group and product add to Nagelkerke's R².
    pub r_squared_gain: f64,
    /// Class of that gain by Jodoin and Gierl.
    pub jodoin_gierl: &'static str,
    /// Uniform effect in logits.
    pub log_odds: f64,
    /// Its standard error.
    pub se_log_odds: f64,
}

/// SIBTEST.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SibtestFile {
    /// Reference less focal, in points of the item, at equal true score.
    pub beta: f64,
    /// Its standard error.
    pub se_beta: f64,
    /// Test.
    pub test: TestFile,
    /// Share of people whose score was used.
    pub used: f64,
}

impl DifFile {
    /// A report, with what was met while its answers were read.
    #[must_use]
    pub fn of(report: &DifReport, notes: Vec<String>) -> Self {
        let group = |group: &Group| GroupCount { name: group.name.clone(), people: group.people };
        Self {
            reference: group(&report.reference),
            focal: group(&report.focal),
            level: report.level,
            purification: purification(report),
            items: report.items.iter().map(item).collect(),
            notes,
        }
    }
}

fn purification(report: &DifReport) -> PurificationFile {
    let nothing: &[usize] = &[];
    let (state, rounds, removed) = match &report.purification {
        Purification::NotAsked => ("not asked", 0, nothing),
        Purification::Settled { rounds, removed } => ("settled", *rounds, removed.as_slice()),
        Purification::NotSettled { rounds, removed } => ("not settled", *rounds, removed.as_slice()),
        Purification::NothingLeft { rounds } => ("nothing left", *rounds, nothing),
    };
    let name = |place: &usize| report.items.get(*place).map(|item| item.name.clone());
    PurificationFile { state, rounds, removed: removed.iter().filter_map(name).collect() }
}

fn item(item: &ItemDif) -> ItemDifFile {
    let (reading, class, favours) = match item.reading {
        Reading::NotEnoughData { .. } => ("not enough data", None, None),
        Reading::Undetermined => ("undetermined", None, None),
        Reading::NoneSeen { .. } => ("none seen", None, None),
        Reading::Suspected { class, favours } => ("suspected", Some(class), Some(favours)),
        Reading::Differs { class, favours } => ("differs", Some(class), Some(favours)),
    };
    ItemDifFile {
        name: item.name.clone(),
        reference: item.reference,
        focal: item.focal,
        reading,
        class: class.map(class_name),
        favours: favours.map(|favours| match favours {
            Favours::Reference => "reference",
            Favours::Focal => "focal",
        }),
        power: item.power.map(|Power { moderate, large }| PowerFile { moderate, large }),
        stratified: outcome(&item.stratified, stratified),
        logistic: outcome(&item.logistic, logistic),
        sibtest: outcome(&item.sibtest, sibtest),
    }
}

fn outcome<T, F>(result: &Result<T, Undetermined>, file: impl Fn(&T) -> F) -> Outcome<F> {
    match result {
        Ok(found) => Outcome::Found(file(found)),
        Err(why) => Outcome::Missing { reason: why.to_string() },
    }
}

fn class_name(class: EtsClass) -> &'static str {
    match class {
        EtsClass::A => "A",
        EtsClass::B => "B",
        EtsClass::C => "C",
    }
}

fn test(test: Test) -> TestFile {
    TestFile { statistic: test.statistic, df: test.df, p: test.p, adjusted_p: test.adjusted_p }
}

fn stratified(found: &Stratified) -> StratifiedFile {
    let blank = StratifiedFile {
        method: "mantel",
        test: test(found.test()),
        class: class_name(found.class()),
        odds_ratio: None,
        delta: None,
        se_delta: None,
        mean_difference: 0.0,
        effect: None,
    };
    match found {
        Stratified::MantelHaenszel(found) => StratifiedFile {
            method: "mantel-haenszel",
            odds_ratio: Some(found.odds_ratio),
            delta: Some(found.delta),
            se_delta: Some(found.delta_error),
            mean_difference: found.p_difference,
            ..blank
        },
        Stratified::Mantel(found) => {
            StratifiedFile { mean_difference: found.mean_difference, effect: Some(found.effect), ..blank }
        }
    }
}

fn logistic(found: &LogisticDif) -> LogisticFile {
    LogisticFile {
        uniform: test(found.uniform),
        non_uniform: test(found.non_uniform),
        both: test(found.both),
        r_squared_gain: found.r_squared_gain(),
        jodoin_gierl: class_name(found.jodoin_gierl()),
        log_odds: found.log_odds,
        se_log_odds: found.log_odds_error,
    }
}

fn sibtest(found: &Sibtest) -> SibtestFile {
    SibtestFile { beta: found.beta, se_beta: found.error, test: test(found.test), used: found.used }
}
