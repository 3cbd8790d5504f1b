//! Quick questions that anybody practises: the list, one question in a variant, and what is right. Nothing of it is kept.

pub(crate) mod addresses;
mod answer;
mod list;
mod order;
mod page;
mod proof;
mod submitted;
mod words;

pub use answer::{answer, told};
pub use list::questions;
pub use page::{fields, prompt, question};
pub use proof::{proof, run_proof, run_was_reloaded};
pub use submitted::Submitted;

use crate::error::{Missing, SiteError};
use crate::operator::is_shown;
use crate::routes;
use crate::site::Site;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use jobfuture_content::{Competency, Library, QuestionVariant, QuickQuestion};
use serde::Deserialize;
use std::sync::Arc;

/// The questions that are open to everybody, by id.
pub fn shown(library: &Library) -> impl Iterator<Item = &Arc<QuickQuestion>> {
    library.questions.values().filter(|question| is_shown(question.manifest.status))
}

/// A question that is open to everybody, by its id.
pub fn find<'a>(library: &'a Library, id: &str) -> Option<&'a Arc<QuickQuestion>> {
    library.questions.get(id).filter(|question| is_shown(question.manifest.status))
}

/// `?variant=SEED`
#[derive(Debug, Deserialize)]
pub struct Asked {
    variant: Option<String>,
}

/// A query, or what is wrong with it.
type AskedQuery = Result<Query<Asked>, QueryRejection>;

/// The seed in an address; `None` if it names no variant.
fn seed_of(asked: AskedQuery) -> Result<Option<u64>, SiteError> {
    let none = |_| SiteError::NotFound(Missing::Variant);
    let Query(asked) = asked.map_err(|_| SiteError::NotFound(Missing::Variant))?;
    asked.variant.map(|seed| seed.parse().map_err(none)).transpose()
}

/// A question in one variant.
pub struct Given<'a> {
    /// The question.
    pub question: &'a Arc<QuickQuestion>,
    /// As it is asked of one person.
    pub variant: QuestionVariant,
    /// What it is about.
    pub competency: Option<&'a Competency>,
}

impl<'a> Given<'a> {
    /// Draws the variant.
    ///
    /// # Errors
    /// A fault of the question's own file.
    pub fn new(site: &'a Site, question: &'a Arc<QuickQuestion>, seed: u64) -> Result<Self, SiteError> {
        let variant = question.variant(seed).map_err(|fault| SiteError::internal("a question's variant", &fault))?;
        let competencies = &site.library().competencies;
        let competency = competencies.iter().find(|one| one.id == question.manifest.competency);
        Ok(Self { question, variant, competency })
    }

    fn url(&self) -> String {
        routes::quick_url(&self.question.id, self.variant.seed)
    }

    /// One sentence, for the page's description.
    fn description(&self) -> String {
        let on = self.competency.map(|competency| format!(" on {}", competency.name)).unwrap_or_default();
        format!("A quick question{on}, answered in {}.", words::time(self.question.manifest.seconds))
    }
}

fn known<'a>(site: &'a Site, id: &str) -> Result<&'a Arc<QuickQuestion>, SiteError> {
    find(site.library(), id).ok_or(SiteError::NotFound(Missing::Question))
}
