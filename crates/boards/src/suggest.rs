//! Role, level and competencies of a posting, proposed by the words that stand in it.

use crate::posting::Posting;
use crate::text;
use serde::Serialize;

/// The site's words for roles, levels and competencies. A name counts as one of its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Looked for in titles first, then in descriptions.
    pub roles: Vec<Term>,
    /// Looked for in titles and in the board's own word for the level: a description names the levels of colleagues too.
    pub levels: Vec<Term>,
    /// Looked for everywhere.
    pub competencies: Vec<Term>,
}

/// Something of the site's content, and the words that mean it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As in the content.
    pub id: String,
    /// As it is shown.
    pub name: String,
    /// Other words for it; one or more words each, capitals as they come.
    pub words: Vec<String>,
}

/// What a posting seems to be about, the best first. For a person to confirm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Roles.
    pub roles: Vec<Suggested>,
    /// Levels.
    pub levels: Vec<Suggested>,
    /// Competencies.
    pub competencies: Vec<Suggested>,
}

/// One proposal and its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggested {
    /// Of a [`Term`].
    pub id: String,
    /// The words that led to it; never empty.
    pub because: Vec<Found>,
}

/// A word, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// As in the vocabulary.
    pub word: String,
    /// The first of the places in which it was found.
    pub at: Where,
}

/// A part of a posting. The earlier says more of what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[allow(missing_docs, reason = "each is the part of that name")]
pub enum Where {
    Title,
    Seniority,
    Description,
}

impl Suggestion {
    /// The role to choose beforehand: the first, if no other is as good.
    pub fn role(&self) -> Option<&Suggested> {
        foremost(&self.roles)
    }

    /// The level to choose beforehand, likewise.
    pub fn level(&self) -> Option<&Suggested> {
        foremost(&self.levels)
    }
}

fn foremost(all: &[Suggested]) -> Option<&Suggested> {
    match all {
        [only] => Some(only),
        [first, second, ..] => (first.strength() > second.strength()).then_some(first),
        [] => None,
    }
}

impl Suggested {
    /// Letters that were found in the title or as the level, so that “Django developer” says more than “developer”; then how
    /// many words there are in all.
    fn strength(&self) -> (usize, usize) {
        let before = self.because.iter().filter(|found| found.at != Where::Description);
        (before.map(|found| found.word.chars().count()).sum(), self.because.len())
    }
}

/// Proposes what a posting is about. Words count as whole words: `Java` is not found in `JavaScript`, nor `C` in `C++`.
pub fn suggest(posting: &Posting, vocabulary: &Vocabulary) -> Suggestion {
    let small = |text: &str| text::line(text).to_lowercase();
    let title = (Where::Title, small(&posting.title));
    let seniority = (Where::Seniority, small(posting.seniority.as_deref().unwrap_or_default()));
    let description = (Where::Description, small(posting.description.as_deref().unwrap_or_default()));
    let whole = [title.clone(), description];
    Suggestion {
        roles: ranked(&vocabulary.roles, &whole),
        levels: ranked(&vocabulary.levels, &[title, seniority]),
        competencies: ranked(&vocabulary.competencies, &whole),
    }
}

fn ranked(terms: &[Term], texts: &[(Where, String)]) -> Vec<Suggested> {
    let mut found: Vec<Suggested> = terms.iter().filter_map(|term| one(term, texts)).collect();
    // Stable: what is equally strong stays in the vocabulary's order.
    found.sort_by_key(|suggested| std::cmp::Reverse(suggested.strength()));
    found
}

fn one(term: &Term, texts: &[(Where, String)]) -> Option<Suggested> {
    let mut because: Vec<Found> = Vec::new();
    for word in std::iter::once(&term.name).chain(&term.words) {
        let small = text::line(word).to_lowercase();
        let is_new = !because.iter().any(|found| found.word.to_lowercase() == small);
        if let Some((at, _)) = texts.iter().find(|(_, text)| has_word(text, &small))
            && is_new
        {
            because.push(Found { word: word.clone(), at: *at });
        }
    }
    (!because.is_empty()).then(|| Suggested { id: term.id.clone(), because })
}

/// Whether a text holds a word that is no part of a longer one. Both in small letters.
fn has_word(text: &str, word: &str) -> bool {
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let mut behind = text[at + word.len()..].chars();
            let (next, then) = (behind.next(), behind.next());
            let goes_on = match next {
                Some('+' | '#') => true,
                // `node` in `node.js`.
                Some('.') => then.is_some_and(char::is_alphanumeric),
                Some(letter) => letter.is_alphanumeric(),
                None => false,
            };
            !before.is_some_and(char::is_alphanumeric) && !goes_on
        })
}
