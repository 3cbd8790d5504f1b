//! Addresses of quick questions.

use crate::question;
use crate::routes::{in_variant, pages, urls};
use axum::routing::{get, post};

pages! {
    QUESTION_PAGES:
    QUESTIONS => get(question::questions),
    QuickUrl::PATTERN => get(question::question).post(question::answer),
    QuickProofUrl::PATTERN => get(question::proof),
    QuickProofRunUrl::PATTERN => post(question::run_proof).get(question::run_was_reloaded),
}

/// Quick questions, by competency.
pub const QUESTIONS: &str = "/questions";

urls! {
    /// A quick question; without a variant it leads to one.
    QuickUrl { question } = "/questions/{question}";
    /// A proof of a quick question by itself.
    QuickProofUrl { question, proof } = "/questions/{question}/proofs/{proof}";
    /// Runs of a quick question's proof.
    QuickProofRunUrl { question, proof } = "/questions/{question}/proofs/{proof}/run";
}

/// A quick question in one variant.
pub fn quick_url(question: &str, seed: u64) -> String {
    in_variant(&QuickUrl { question }.to_url(), seed)
}

/// A competency's place in the list of quick questions.
pub fn questions_on(competency: &str) -> String {
    format!("{QUESTIONS}#{competency}")
}
