//! What is asked of an analysis of items between two groups, and what it answers.

use super::logistic::LogisticDif;
use super::mantel::Stratified;
use super::power::Power;
use super::purify::Purification;
use super::sibtest::Sibtest;

/// How [`super::dif`] goes about it. `DifOptions::default()` is the usual way.
#[derive(Clone, Debug, PartialEq)]
pub struct DifOptions {
    /// What people of both groups are matched on.
    pub matching: Matching,
    /// What becomes of people who have not answered all items that are matched on.
    pub missing: Missing,
    /// Whether the Mantel-Haenszel statistic is corrected for continuity (the custom).
    pub continuity: Continuity,
    /// Rounds of purification at most; nothing leaves all items in the matching score. In each round the items that
    /// differ are taken out of the score on which the others are matched, until the same ones are found twice.
    pub purify: Option<usize>,
    /// Level of significance, in (0, 0.5); 0.05 is the custom.
    pub level: f64,
    /// People in each group who answered an item below which nothing is read from it. 250 is what half the power for a
    /// moderate difference takes.
    pub enough: f64,
    /// What SIBTEST's regression correction does at the edge of a gap.
    pub neighbours: Neighbours,
}

impl Default for DifOptions {
    fn default() -> Self {
        Self {
            matching: Matching::Total,
            missing: Missing::Prorated,
            continuity: Continuity::Corrected,
            purify: None,
            level: 0.05,
            enough: 250.0,
            neighbours: Neighbours::Nought,
        }
    }
}

/// What people are matched on, so that like is compared with like.
#[derive(Clone, Debug, PartialEq)]
pub enum Matching {
    /// The score of all items that are matched on, the studied one included (Holland and Thayer 1988: without it the
    /// test is biased where groups differ in level).
    Total,
    /// The same without the studied item.
    Rest,
    /// A number for each row of the answers, such as the level's estimate from a session in which everybody saw other
    /// items, cut into `strata` strata of about equally many people. SIBTEST is then not available.
    Given {
        /// One for each row.
        values: Vec<f64>,
        /// From 2.
        strata: usize,
    },
}

/// What becomes of a person who has not answered all items that are matched on. Somebody who has not answered the
/// studied item never counts for it. With complete answers all three give the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The share of attainable points in what was answered stands for the whole; strata are rounded to whole points.
    /// Right when what a person was asked does not depend on the group.
    Prorated,
    /// An answer that was not given scores nought, as in tests where a blank is a wrong answer (and in R's `difR`).
    Nought,
    /// The person is left out.
    LeftOut,
}

/// Correction of a chi-squared statistic for continuity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuity {
    /// (|difference| − ½)² / variance, always, as R's `difR` has it.
    Corrected,
    /// Difference² / variance.
    Uncorrected,
}

/// SIBTEST corrects the mean at a score by the slope between the neighbouring scores. At the edge of a gap one group has
/// nobody at a neighbouring score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbours {
    /// The mean of nobody is taken as nought. R's `mirt` does so, and published values rest on it; in small groups it
    /// adds noise, which is one more reason to read nothing from them.
    Nought,
    /// The nearest score at which the group has somebody takes its place.
    Nearest,
}

/// Everything about the items of a test between two groups.
#[derive(Clone, Debug, PartialEq)]
pub struct DifReport {
    /// The group that others are compared with.
    pub reference: Group,
    /// The group that is asked about.
    pub focal: Group,
    /// Items in the order of their columns.
    pub items: Vec<ItemDif>,
    /// How the purification of the Mantel-Haenszel matching ended.
    pub purification: Purification,
    /// Level of significance that classes and readings rest on.
    pub level: f64,
}

/// A group of people.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Name.
    pub name: String,
    /// People in it: the sum of weights.
    pub people: f64,
}

/// One item.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemDif {
    /// Name of the column.
    pub name: String,
    /// People of the reference group who count for it.
    pub reference: f64,
    /// People of the focal group who count for it.
    pub focal: f64,
    /// Mantel-Haenszel, or Mantel where the item has more than two categories.
    pub stratified: Result<Stratified, Undetermined>,
    /// Logistic regression.
    pub logistic: Result<LogisticDif, Undetermined>,
    /// SIBTEST.
    pub sibtest: Result<Sibtest, Undetermined>,
    /// How likely the stratified test was to see a difference of class B or C; nothing where there is no test.
    pub power: Option<Power>,
    /// What may be said.
    pub reading: Reading,
}

/// A test's outcome: plain p and p among all items of the analysis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// Chi-squared statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// P of a statistic at least as large where groups do not differ.
    pub p: f64,
    /// p adjusted for the number of items tested (Benjamini and Hochberg 1995).
    pub adjusted_p: f64,
}

impl Test {
    /// A chi-squared test that is not yet adjusted: both p are the plain one.
    pub(super) fn new(statistic: f64, df: f64) -> Self {
        let p = crate::math::chi_squared_sf(statistic, df);
        Self { statistic, df, p, adjusted_p: p }
    }
}

/// Whom an item favours, at the same matching score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Favours {
    /// The reference group scores higher.
    Reference,
    /// The focal group scores higher.
    Focal,
}

/// Classes of the Educational Testing Service (Zieky 1993), with their tests of significance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EtsClass {
    /// Negligible, or not told from nought.
    A,
    /// Moderate.
    B,
    /// Large.
    C,
}

/// What may be said of an item. There is no variant "no difference": either there was too little to see one, or none of
/// a stated size was seen with a stated power.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Too few people in a group: nothing was found and nothing was ruled out. Have the item reviewed by readers.
    NotEnoughData {
        /// People that a group needs.
        needed: f64,
        /// Power that the sizes allow, if a test could be made at all.
        power: Option<Power>,
    },
    /// The test could not be made; the item's `stratified` says why.
    Undetermined,
    /// Class A. A difference of class B or C would have been seen with this power.
    NoneSeen {
        /// Of the test.
        power: Power,
    },
    /// Class B or C by itself, but not when the number of items is allowed for: to be looked at again with more people.
    Suspected {
        /// B or C.
        class: EtsClass,
        /// Whom.
        favours: Favours,
    },
    /// Class B or C, significant among all items.
    Differs {
        /// B or C.
        class: EtsClass,
        /// Whom.
        favours: Favours,
    },
}

/// Why a statistic is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undetermined {
    /// A group without anybody.
    #[error("one of the groups has nobody who answered the item and can be matched")]
    NoPeople,
    /// Everybody in the same category.
    #[error("everybody who answered is in the same category, so groups cannot differ")]
    OneCategory,
    /// No score at which both groups have people in different categories.
    #[error("there is no matching score at which people of both groups answered differently")]
    NoOverlap,
    /// An odds ratio of nought or infinity.
    #[error("at every matching score one group is all right or all wrong, so the odds ratio has no finite value")]
    NoOddsRatio,
    /// Score or group tell the answers without error.
    #[error("score or group tell the answers without error (separation), so the regression has no finite coefficients")]
    Separated,
    /// Nobody differs in score.
    #[error("everybody has the same matching score, so there is nothing to regress on")]
    OneScore,
    /// The regression did not settle.
    #[error("the regression did not settle in {0} iterations")]
    NotConverged(usize),
    /// SIBTEST without a score of other items.
    #[error("SIBTEST needs at least two other items to match on, answered by everybody who counts")]
    NoMatchingItems,
    /// SIBTEST with constant matching scores.
    #[error("the matching score does not vary inside a group, so its reliability is not known")]
    NoReliability,
}

/// Why there is no analysis.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DifError {
    /// A group that is not there.
    #[error("there is no group number {group} (counted from 0); there are {groups}")]
    UnknownGroup {
        /// As given.
        group: usize,
        /// How many there are.
        groups: usize,
    },
    /// The same group twice.
    #[error("reference and focal group are the same, {0}: name two groups")]
    SameGroup(String),
    /// A group of nobody.
    #[error("nobody is in group {0}")]
    EmptyGroup(String),
    /// No items.
    #[error("there are no items")]
    NoItems,
    /// Matching values of another number than rows.
    #[error("{values} matching values are given for {rows} rows of answers: each row needs one")]
    MatchingLength {
        /// How many are given.
        values: usize,
        /// How many are needed.
        rows: usize,
    },
    /// A matching value that is not finite, or too few strata.
    #[error("matching values are finite numbers, and there are at least 2 strata")]
    Matching,
    /// A level of significance outside (0, 0.5), or people needed that are no number.
    #[error("the level of significance lies between 0 and 0.5 (0.05 is the custom), and `enough` is at least 0")]
    Options,
}
