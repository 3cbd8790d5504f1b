//! What people ask about the product before they begin, and what is answered: one page for candidates and one for employers, and
//! the places of the site at which some of the questions are offered.

use crate::model::{Library, NextStep};
use std::path::PathBuf;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Who asks. Each has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Asker {
    /// Who prepares, and may want to show something.
    Candidates,
    /// Who hires.
    Employers,
}

/// A place of the site where questions arise. The site shows at each the titles of those that name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Place {
    /// The page of a role.
    Role,
    /// The list of vacancies.
    Vacancies,
    /// How practice works.
    Practice,
    /// Where an account is made.
    Join,
    /// What a check is like.
    Check,
    /// What one agrees to before a check.
    CheckConsent,
    /// What a check showed.
    CheckResult,
    /// One's own profile.
    Profile,
    /// Where a signal is made.
    Signal,
    /// Where something is shown to somebody.
    Grant,
    /// Who looked.
    Views,
    /// Where an account is deleted.
    Leaving,
    /// For companies.
    Companies,
    /// Where a company is asked for.
    CompanyNew,
    /// Where a vacancy is written.
    VacancyForm,
    /// The candidates of a company.
    Candidates,
    /// Where a credential is checked.
    Verify,
    /// Hiring for a role.
    Hiring,
}

impl Place {
    /// How many questions it offers at most: somebody has come there for something else. Who reads about hiring has come for them.
    pub fn room(self) -> usize {
        if self == Self::Hiring { 12 } else { 4 }
    }
}

/// One page of questions and answers, `answers/<asker>.md`.
#[derive(Debug)]
pub struct Answers {
    /// Who asks.
    pub asker: Asker,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// SPDX expression.
    pub licence: String,
    /// Names.
    pub authors: Vec<String>,
    /// Never empty.
    pub next: Vec<NextStep>,
    /// In order.
    pub groups: Vec<AnswerGroup>,
    /// The file, relative to the content root.
    pub file: PathBuf,
}

/// Questions that belong together.
#[derive(Debug)]
pub struct AnswerGroup {
    /// Unique in the file, among questions too: it is a place on the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// In order, never none.
    pub questions: Vec<Asked>,
    /// Line of its heading in the file, from 1.
    pub line: usize,
}

/// A question about the product, with its answer.
#[derive(Debug)]
pub struct Asked {
    /// Unique in the file.
    pub id: String,
    /// As somebody would ask it, as plain text.
    pub title: String,
    /// Where it is offered; never nowhere.
    pub places: Vec<Place>,
    /// The answer, as HTML that is safe as [`crate::Block::Html`] is. It leads on.
    pub answer_html: String,
    /// Line of its heading in the file, from 1.
    pub line: usize,
}

impl Answers {
    /// All questions, in order.
    pub fn questions(&self) -> impl Iterator<Item = &Asked> {
        self.groups.iter().flat_map(|group| &group.questions)
    }
}

impl Library {
    /// What is offered at a place: what candidates ask, then what employers ask.
    pub fn asked_at(&self, place: Place) -> impl Iterator<Item = (Asker, &Asked)> {
        let all = self.answers.values().flat_map(|answers| answers.questions().map(|asked| (answers.asker, asked)));
        all.filter(move |(_, asked)| asked.places.contains(&place))
    }
}
