//! What a credential says.

use crate::words::{Date, Id, Label, LevelWord};
use crate::{error::Error, json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// More competencies or behaviours than one check has.
const MOST_NAMED: usize = 64;
const MOST_VERSIONS: usize = 64;

/// What a candidate chose to make of a check. There is no field for a score, and none that could hold one: a level is made
/// of letters, and the rest are names, days and versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// For which role.
    pub role: Named,
    /// The level that was shown: at it, or above it.
    pub at_least: Level,
    /// How the check was taken.
    pub condition: Condition,
    /// What was shown.
    pub competencies: Vec<Named>,
    /// Behaviours that were seen.
    pub behaviours: Vec<Named>,
    /// The day of the check.
    pub taken_on: Date,
    /// What was asked, so that somebody can look up what it was.
    pub versions: Vec<Version>,
}

/// Something of the content, with the name that a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its id in the content.
    pub id: Id,
    /// What a person reads.
    pub name: Label,
}

/// A level of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its id in the content: `middle`.
    pub id: LevelWord,
    /// What a person reads: “Middle”.
    pub name: LevelWord,
}

/// How a check was taken. Conditions are told apart and never mixed; none of them accuses anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// For practice.
    Practice {},
    /// Without help, as the candidate declares.
    Unaided {},
    /// With the candidate's own tools.
    OwnTools {},
    /// With the assistant that the check provides.
    ProvidedAssistant {},
    /// In the presence of a company.
    Witnessed {
        /// Which company.
        company: Label,
        /// On which day.
        on: Date,
    },
}

/// What was asked, in which version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// A bank, a task or a question.
    pub of: Id,
    /// Counted from 1.
    pub version: u32,
}

/// What a presentation shows of a [`Signal`]: what the candidate left out is `None`, or not in its list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownSignal {
    /// For which role.
    pub role: Option<Named>,
    /// The level that was shown: at it, or above it.
    pub at_least: Option<Level>,
    /// How the check was taken.
    pub condition: Option<Condition>,
    /// Those competencies that are shown; `None` if not even the list is.
    pub competencies: Option<Vec<Named>>,
    /// Those behaviours that are shown.
    pub behaviours: Option<Vec<Named>>,
    /// The day of the check.
    pub taken_on: Option<Date>,
    /// What was asked.
    pub versions: Option<Vec<Version>>,
}

/// Something that a candidate may show or leave out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// [`Signal::role`].
    Role,
    /// [`Signal::at_least`].
    AtLeast,
    /// [`Signal::condition`].
    Condition,
    /// One of [`Signal::competencies`].
    Competency(Id),
    /// One of [`Signal::behaviours`].
    Behaviour(Id),
    /// [`Signal::taken_on`].
    TakenOn,
    /// [`Signal::versions`].
    Versions,
}

impl Fact {
    /// The claim that it is, or that it is an element of.
    pub(crate) fn claim(&self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::AtLeast => "at_least",
            Self::Condition => "condition",
            Self::Competency(_) => COMPETENCIES,
            Self::Behaviour(_) => BEHAVIOURS,
            Self::TakenOn => "taken_on",
            Self::Versions => "versions",
        }
    }

    /// Which element of the claim it is.
    pub(crate) fn element(&self) -> Option<&Id> {
        match self {
            Self::Competency(id) | Self::Behaviour(id) => Some(id),
            _ => None,
        }
    }

    /// The fact that a claim is; none for lists and for names of nobody.
    pub(crate) fn of_claim(name: &str) -> Option<Self> {
        [Self::Role, Self::AtLeast, Self::Condition, Self::TakenOn, Self::Versions]
            .into_iter()
            .find(|fact| fact.claim() == name)
    }
}

pub(crate) const COMPETENCIES: &str = "competencies";
pub(crate) const BEHAVIOURS: &str = "behaviours";

impl Signal {
    /// The claims whose value is one disclosure each.
    pub(crate) fn whole_claims(&self) -> Result<[(&'static str, Value); 5], Error> {
        Ok([
            (Fact::Role.claim(), written(&self.role)?),
            (Fact::AtLeast.claim(), written(&self.at_least)?),
            (Fact::Condition.claim(), written(&self.condition)?),
            (Fact::TakenOn.claim(), written(&self.taken_on)?),
            (Fact::Versions.claim(), written(&self.versions)?),
        ])
    }

    /// The claims that are lists, with a disclosure for each element.
    pub(crate) fn list_claims(&self) -> [(&'static str, &[Named]); 2] {
        [(COMPETENCIES, &self.competencies), (BEHAVIOURS, &self.behaviours)]
    }

    /// All of it in the open, for a badge.
    pub(crate) fn open_claims(&self) -> Result<Map<String, Value>, Error> {
        let mut claims = Map::new();
        for (name, value) in self.whole_claims()? {
            claims.insert(name.to_owned(), value);
        }
        for (name, list) in self.list_claims() {
            claims.insert(name.to_owned(), written(&list)?);
        }
        Ok(claims)
    }

    /// Whether it is of a size that can be issued, with each thing once.
    ///
    /// # Errors
    /// [`Error::Issue`] with what is wrong.
    pub fn check(&self) -> Result<(), Error> {
        let too_many = |list: &[Named]| list.len() > MOST_NAMED;
        if too_many(&self.competencies) || too_many(&self.behaviours) || self.versions.len() > MOST_VERSIONS {
            return Err(Error::Issue("at most 64 competencies, 64 behaviours and 64 versions fit in one"));
        }
        let twice = |list: &[Named]| list.iter().enumerate().any(|(at, one)| list[..at].iter().any(|o| o.id == one.id));
        if twice(&self.competencies) || twice(&self.behaviours) {
            return Err(Error::Issue("a competency or a behaviour stands in it twice"));
        }
        Ok(())
    }
}

impl ShownSignal {
    pub(crate) fn read(claims: Map<String, Value>, what: &'static str) -> Result<Self, Error> {
        json::typed(Value::Object(claims), what)
    }
}

impl From<Signal> for ShownSignal {
    fn from(signal: Signal) -> Self {
        Self {
            role: Some(signal.role),
            at_least: Some(signal.at_least),
            condition: Some(signal.condition),
            competencies: Some(signal.competencies),
            behaviours: Some(signal.behaviours),
            taken_on: Some(signal.taken_on),
            versions: Some(signal.versions),
        }
    }
}

fn written(value: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|_| Error::Issue("a claim could not be written as JSON"))
}
