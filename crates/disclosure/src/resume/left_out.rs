//! What a file holds and is not taken over, in sentences.

use crate::value::steers;

/// How many sentences are said. A file that needs more is not read by a person.
const MOST_SENTENCES: usize = 200;

/// How many characters of a text are quoted.
const MOST_QUOTED: usize = 40;

/// How many texts are named in one sentence.
const MOST_NAMED: usize = 40;

/// The sentences so far.
#[derive(Default)]
pub(super) struct LeftOut {
    sentences: Vec<String>,
    unsaid: usize,
}

impl LeftOut {
    /// That this was left out, or changed, and why.
    pub(super) fn say(&mut self, sentence: String) {
        if self.sentences.len() < MOST_SENTENCES {
            self.sentences.push(sentence);
        } else {
            self.unsaid += 1;
        }
    }

    /// All of them; the last tells how many more there would be.
    pub(super) fn sentences(mut self) -> Vec<String> {
        if self.unsaid > 0 {
            self.sentences.push(format!("There are {} more of this sort in the file.", self.unsaid));
        }
        self.sentences
    }
}

/// A text of the file within a sentence: without what cannot be seen, and shortened.
pub(super) fn quoted(text: &str) -> String {
    let mut seen = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_unseen(*c));
    let start: String = seen.by_ref().take(MOST_QUOTED).collect();
    let more = if seen.next().is_some() { "…" } else { "" };
    format!("“{start}{more}”")
}

/// Several texts of the file within a sentence.
pub(super) fn named<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> String {
    let more = texts.len().saturating_sub(MOST_NAMED);
    let quotes: Vec<String> = texts.take(MOST_NAMED).map(quoted).collect();
    match (more, quotes.as_slice()) {
        (0, [rest @ .., last]) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        (0, quotes) => quotes.join(", "),
        (more, quotes) => format!("{} and {more} more", quotes.join(", ")),
    }
}

/// What a field would refuse: characters that control, or that steer how text is shown.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control() || steers(c)
}

/// A sentence as it goes on after a colon.
pub(super) fn after_colon(sentence: &str) -> String {
    let mut rest = sentence.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}
