//! Guides: contents, sections, search, and proofs that a reader runs.

pub(crate) mod addresses;
mod card;
mod contents;
mod proof;
mod search;
mod section;

pub(crate) use card::shows;
pub use card::{ProofCard, ProofOf, Ran, Showing};
pub use contents::{contents, guides};
pub use proof::{proof, run_proof, run_was_reloaded};
pub use search::{Searchable, search};
pub use section::section;

use crate::error::{Missing, SiteError};
use crate::routes;
use crate::site::Site;
use jobfuture_content::{Guide, Level, Section};
use std::sync::Arc;

/// A guide by its id.
fn find<'a>(site: &'a Site, guide: &str) -> Result<&'a Arc<Guide>, SiteError> {
    site.library().guides.get(guide).ok_or(SiteError::NotFound(Missing::Guide))
}

/// All levels, for the filter.
pub const LEVELS: [Level; 3] = [Level::Junior, Level::Middle, Level::Senior];

/// What a level is called.
pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::Junior => "Junior",
        Level::Middle => "Middle",
        Level::Senior => "Senior",
    }
}

/// What a level is called in addresses, classes and attributes.
pub fn level_id(level: Level) -> &'static str {
    match level {
        Level::Junior => "junior",
        Level::Middle => "middle",
        Level::Senior => "senior",
    }
}

fn section_url(guide: &Guide, section: &Section) -> String {
    routes::SectionUrl { guide: &guide.id, section: &section.id }.to_url()
}

/// How many proofs a section holds.
fn proof_count(section: &Section) -> usize {
    let in_questions = section.questions.iter().flat_map(|question| question.blocks());
    section.intro.iter().chain(in_questions).filter(|block| block.proof().is_some()).count()
}
