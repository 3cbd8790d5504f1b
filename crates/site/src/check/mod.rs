//! The private skill check: quick questions that place practical tasks, and what its owner alone learns from it.
//!
//! - [`BankParts`] is what a check is asked from, stored as a release; [`Loaded`] is a release ready to use.
//! - [`Attempt`] is one check of one person, as its rows say; [`Checks`] reads and changes it, with the owner's key.
//! - [`Reading`] is what the answers come to. It has no `Display`, and nothing of it is put into an address, a title or a log.

mod act;
pub(crate) mod addresses;
mod attempt;
mod bank;
mod calibrate;
mod clock;
mod loaded;
mod pages;
mod reading;
mod regrade;
mod sealed;
mod store;
mod tally;
mod watch;

pub use act::{Answering, HandedIn};
pub use attempt::{Attempt, AttemptId, AttemptItem, EndedBy, ExplainQuestion, Outcome, Step, Work};
pub use bank::{AreaQuota, BankEntry, BankError, BankParts, ItemKind, Source, item_id};
pub use calibrate::{Calibration, CalibrationOutcome, CalibrationPlan, MissedBar, Moved};
pub use loaded::{Loaded, ReleaseId};
pub(crate) use pages::*;
pub use reading::Reading;
pub use regrade::{RegradePlan, Regraded};
pub use store::{Beginning, Checks, Refusal};
pub use tally::{ENOUGH, ItemTally, drifts_from};
pub use watch::{Frozen, LeftOver};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a person says of how they take a check. Conditions are different things to measure, and never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Alone, with documentation, without a person or a program that answers.
    Unaided,
    /// With the tools that one works with, assistants included.
    OwnTools,
    /// To try it, in whatever way.
    Practice,
}

impl Condition {
    /// In words, behind "taken".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Practice => "as practice",
            Self::Unaided => "unaided",
            Self::OwnTools => "with your own tools",
        }
    }
}

/// How much time somebody is given: an accommodation that nobody has to give reasons for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace(u32);

impl Pace {
    /// Per cent of the usual time, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self(100), Self(150), Self(200)];

    /// Per cent.
    pub fn percent(self) -> u32 {
        self.0
    }

    /// What a row or a form says, if it is one.
    pub fn parse(percent: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|pace| i64::from(pace.0) == percent)
    }

    /// The usual pace's seconds for seconds at this one.
    pub fn usual(self, seconds: u64) -> u64 {
        seconds * 100 / u64::from(self.0)
    }

    /// Minutes at this pace for the usual minutes.
    pub fn minutes(self, usual: u32) -> u32 {
        usual * self.0 / 100
    }
}
