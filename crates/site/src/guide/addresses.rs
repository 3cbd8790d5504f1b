//! Addresses of guides, their sections and proofs.

use crate::guide;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    GUIDE_PAGES:
    GUIDES => get(guide::guides),
    GuideUrl::PATTERN => get(guide::contents),
    GuideSearchUrl::PATTERN => get(guide::search),
    SectionUrl::PATTERN => get(guide::section),
    ProofUrl::PATTERN => get(guide::proof),
    ProofRunUrl::PATTERN => post(guide::run_proof).get(guide::run_was_reloaded),
}

/// All guides.
pub const GUIDES: &str = "/guides";

urls! {
    /// A guide's contents.
    GuideUrl { guide } = "/guides/{guide}";
    /// Search within a guide.
    GuideSearchUrl { guide } = "/guides/{guide}/search";
    /// A section of a guide.
    SectionUrl { guide, section } = "/guides/{guide}/{section}";
    /// A proof by itself.
    ProofUrl { guide, proof } = "/guides/{guide}/proofs/{proof}";
    /// Runs of a proof.
    ProofRunUrl { guide, proof } = "/guides/{guide}/proofs/{proof}/run";
}

/// A question on its section's page.
pub fn question_url(guide: &str, section: &str, question: &str) -> String {
    format!("{}#{question}", SectionUrl { guide, section }.to_url())
}
