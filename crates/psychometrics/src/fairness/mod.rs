//! Fairness: do items ask more of one group than of another, and do decisions fall on groups alike?
//!
//! - [`dif()`]: differential item functioning between a reference and a focal group, by three methods (Mantel-Haenszel,
//!   logistic regression, SIBTEST), each with p adjusted for the number of items, and with the power that the groups'
//!   sizes allow. Where groups are too small the reading is [`Reading::NotEnoughData`], never "no difference".
//! - [`impact()`]: selection or scoring rates of categories of people, as ratios that cannot be had without their interval
//!   and exact test ([`ImpactRatio`]).
//!
//! A difference in how an item works is found by statistics; whether it is unfair is judged by people who read the item.

mod adjust;
mod exact;
mod impact;
mod logistic;
mod mantel;
mod matching;
mod ordinal;
mod power;
mod purify;
mod ratio;
mod report;
mod run;
mod sibtest;

pub use adjust::benjamini_hochberg;
pub use exact::fisher_exact;
pub use impact::{Category, Impact, ImpactError, ImpactOptions, Measured, Outcome, impact, scoring_rates};
pub use logistic::LogisticDif;
pub use mantel::{Mantel, MantelHaenszel, Stratified};
pub use power::{LARGE_SHIFT, MODERATE_SHIFT, Power, group_power};
pub use purify::Purification;
pub use ratio::{ImpactRatio, Interval};
pub use report::{
    Continuity, DifError, DifOptions, DifReport, EtsClass, Favours, Group, ItemDif, Matching, Missing, Neighbours,
    Reading, Test, Undetermined,
};
pub use run::dif;
pub use sibtest::Sibtest;

#[cfg(test)]
mod tests;
