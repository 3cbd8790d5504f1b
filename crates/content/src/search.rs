//! What a guide's own search looks through.

use crate::model::{Block, Guide};
use serde::Serialize;

/// One place that a search can lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchEntry {
    /// Section id.
    pub section: String,
    /// Question id; `None` for the section's introduction.
    pub question: Option<String>,
    /// The question, or the section's heading.
    pub title: String,
    /// Plain text of all parts, code and output of proofs included; words separated by single spaces.
    pub text: String,
}

impl Guide {
    /// One entry for each section's introduction, followed by one for each of its questions.
    pub fn search_entries(&self) -> Vec<SearchEntry> {
        let mut entries = Vec::new();
        for section in &self.sections {
            entries.push(SearchEntry {
                section: section.id.clone(),
                question: None,
                title: section.title.clone(),
                text: words(&format!("{} {}", section.summary, text_of(section.intro.iter()))),
            });
            entries.extend(section.questions.iter().map(|question| SearchEntry {
                section: section.id.clone(),
                question: Some(question.id.clone()),
                title: question.title.clone(),
                text: words(&text_of(question.blocks())),
            }));
        }
        entries
    }
}

fn text_of<'a>(blocks: impl Iterator<Item = &'a Block>) -> String {
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Html(html) => text.push_str(&plain(html)),
            Block::Proof(proof) => {
                text.push_str(&proof.code);
                text.push_str(proof.output.as_deref().unwrap_or_default());
            }
        }
        text.push(' ');
    }
    text
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of HTML that this crate made. A tag ends a word only if it is a block's: `<em>` and the spans of
/// highlighted code stand inside words.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let name = rest[open + 1..open + close].trim_start_matches('/');
        let name = name.split([' ', '/']).next().unwrap_or_default();
        if !matches!(name, "a" | "code" | "em" | "span" | "strong") {
            text.push(' ');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, plain)| text.replace(entity, plain))
}
