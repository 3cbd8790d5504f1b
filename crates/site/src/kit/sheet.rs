//! What one interviewer notes and grades: read from a form, checked, and kept.

use super::plan::{GRADES, RubricRow};
use crate::error::SiteError;
use crate::practice::Form;
use jobfuture_codes::Code;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Characters of a note, and of a reason.
pub const LONGEST_NOTE: usize = 1_000;

/// A sheet, as its author filled it in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// By competency. What is not in it was not seen.
    pub grades: BTreeMap<String, Graded>,
    /// Whether they would work with the candidate on this role.
    pub would: Option<Would>,
    /// Why.
    pub reason: String,
}

/// What was seen of one competency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// Which step of the rubric, from 0; nothing if it was not seen.
    pub grade: Option<u8>,
    /// What was seen and heard, in the author's words.
    pub note: String,
}

/// Whether somebody would work with the candidate on this role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "lowercase")]
pub enum Would {
    /// They would.
    Yes,
    /// They would not.
    No,
    /// They cannot tell.
    Unsure,
}

impl Would {
    /// For a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::Unsure => "Not sure",
        }
    }
}

/// What is wrong with a field, in a sentence with the mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The id of the field on the page.
    pub field: String,
    /// What is wrong.
    pub says: String,
}

impl Sheet {
    /// What was typed, whatever it is: nothing of it is lost when something is wrong. A step that there is not is none.
    ///
    /// # Errors
    /// A form that is not text.
    pub fn read(form: &Form, rubric: &[RubricRow<'_>]) -> Result<Self, SiteError> {
        let text = |name: &str| form.text(name).map(Option::unwrap_or_default);
        let mut sheet = Self { would: Would::parse(&text("would")?), reason: text("reason")?, ..Self::default() };
        for row in rubric {
            let grade = text(&format!("grade:{}", row.topic.id))?.parse().ok();
            let grade = grade.filter(|grade: &u8| usize::from(*grade) < GRADES);
            let note = text(&format!("note:{}", row.topic.id))?;
            if grade.is_some() || !note.trim().is_empty() {
                sheet.grades.insert(row.topic.id.to_owned(), Graded { grade, note });
            }
        }
        Ok(sheet)
    }

    /// Everything that keeps it from being kept.
    pub fn check(&self, rubric: &[RubricRow<'_>]) -> Vec<Problem> {
        let mut wrong = Vec::new();
        let mut look = |field: String, what: &str, text: &str| {
            let count = text.chars().count();
            if count > LONGEST_NOTE {
                let says = format!("{what} has {count} characters. Shorten it to at most {LONGEST_NOTE}.");
                wrong.push(Problem { field, says });
            }
        };
        for row in rubric {
            let note = self.grades.get(row.topic.id).map_or("", |graded| graded.note.as_str());
            look(format!("note-{}", row.topic.id), &format!("Your note on {}", row.topic.name), note);
        }
        look("reason".to_owned(), "Your reason", &self.reason);
        wrong
    }

    /// Everything that keeps it from being locked: besides, it has to say something.
    pub fn check_whole(&self, rubric: &[RubricRow<'_>], is_sure: bool) -> Vec<Problem> {
        let mut wrong = self.check(rubric);
        let mut say = |field: &str, says: &str| wrong.push(Problem { field: field.to_owned(), says: says.to_owned() });
        if self.would.is_none() {
            say("would", "Say whether you would work with them on this role. “Not sure” is an answer.");
        }
        if self.reason.trim().is_empty() {
            say("reason", "Say why, in a sentence at least: others will read it beside yours.");
        }
        if !is_sure {
            say("sure", "Tick that you have nothing to add: a sheet that is locked stays as it is.");
        }
        wrong
    }

    /// The step and the note of a competency.
    pub fn of(&self, competency: &str) -> Option<&Graded> {
        self.grades.get(competency)
    }
}
