//! The parts of a bank's JSON that adaptive checks and certificates need. All of them may be missing.

use serde::{Deserialize, Serialize};

/// At least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountFile {
    /// At least; 0 if missing.
    #[serde(default)]
    pub min: u16,
    /// At most; as many as it likes if missing.
    #[serde(default = "any")]
    pub max: u16,
}

fn any() -> u16 {
    u16::MAX
}

impl Default for CountFile {
    fn default() -> Self {
        Self { min: 0, max: any() }
    }
}

/// What a check covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlueprintFile {
    /// Quick questions, all topics together.
    pub questions: CountFile,
    /// Practical tasks, all topics together; none if missing.
    #[serde(default = "none")]
    pub tasks: CountFile,
    /// Topics; if missing, every topic that items name, without quotas.
    #[serde(default)]
    pub topics: Vec<TopicFile>,
}

fn none() -> CountFile {
    CountFile { min: 0, max: 0 }
}

/// What a check covers of one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicFile {
    /// As items name it.
    pub topic: String,
    /// Quick questions.
    #[serde(default)]
    pub questions: CountFile,
    /// Practical tasks.
    #[serde(default)]
    pub tasks: CountFile,
}

/// When a check may end. What is missing ends none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoppingFile {
    /// Probability of one band.
    #[serde(default)]
    pub band_at_least: Option<f64>,
    /// Probability that the next five answers change the band.
    #[serde(default)]
    pub change_at_most: Option<f64>,
    /// Standard deviation of the level.
    #[serde(default)]
    pub sd_at_most: Option<f64>,
    /// Minutes.
    #[serde(default)]
    pub minutes_at_most: Option<f64>,
}

/// How choices are spread; what is missing is as usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpreadFile {
    /// Share of people who may see a family.
    #[serde(default)]
    pub exposure_at_most: Option<f64>,
    /// How much chance decides about the first item.
    #[serde(default)]
    pub randomness: Option<f64>,
    /// After so many items it decides no longer.
    #[serde(default)]
    pub random_until: Option<u16>,
    /// Share of picks for items being calibrated.
    #[serde(default)]
    pub seeding: Option<f64>,
}

/// A band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandFile {
    /// Name.
    pub band: String,
    /// Where it begins; null for the lowest.
    #[serde(default)]
    pub at: Option<f64>,
    /// Standard error of that.
    #[serde(default)]
    pub se: f64,
}

/// What a certificate has to keep; what is missing is as usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarsFile {
    /// Least and greatest share of people whose level lies in its stated 95 % interval.
    #[serde(default)]
    pub coverage: Option<(f64, f64)>,
    /// The same among people who were told about the same level.
    #[serde(default)]
    pub coverage_by_told: Option<(f64, f64)>,
    /// Greatest mean distance of a stated P(at or above) from the share who are.
    #[serde(default)]
    pub calibration: Option<f64>,
    /// Greatest exposure of a family.
    #[serde(default)]
    pub exposure: Option<f64>,
    /// Greatest overlap of two checks.
    #[serde(default)]
    pub overlap: Option<f64>,
    /// Greatest mean number of answers.
    #[serde(default)]
    pub length: Option<f64>,
    /// Greatest mean time in minutes.
    #[serde(default)]
    pub minutes: Option<f64>,
    /// Least share of people in their true band.
    #[serde(default)]
    pub exact: Option<f64>,
    /// Least share of people in their true band or its neighbour.
    #[serde(default)]
    pub within_one: Option<f64>,
    /// Greatest difference in error between groups.
    #[serde(default)]
    pub group_gap: Option<f64>,
    /// Greatest share of checks that end before their blueprint is covered.
    #[serde(default)]
    pub uncovered: Option<f64>,
}
