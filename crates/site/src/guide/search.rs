//! `/guides/{guide}/search?q=`: all words must occur.

use super::find;
use crate::error::SiteError;
use crate::page::{Nav, NextSteps, Page, Step, render};
use crate::routes;
use crate::site::Site;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jobfuture_content::{Guide, SearchEntry};
use serde::Deserialize;

/// More than these words narrow nothing.
const MAX_WORDS: usize = 12;
/// Results shown; a search that finds more wants another word.
const MAX_HITS: usize = 40;
/// Bytes of text around the first word that was found.
const EXCERPT: usize = 220;

/// What was asked.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "guide/search.html")]
struct SearchPage<'a> {
    guide: &'a Guide,
    asked: &'a str,
    hits: &'a [Hit],
    found: usize,
}

impl SearchPage<'_> {
    fn guide_url(&self) -> String {
        routes::GuideUrl { guide: &self.guide.id }.to_url()
    }

    fn search_url(&self) -> String {
        routes::GuideSearchUrl { guide: &self.guide.id }.to_url()
    }
}

/// A place that holds all words.
struct Hit {
    url: String,
    section: String,
    title: Vec<Piece>,
    excerpt: Vec<Piece>,
    /// Words that stand in the title.
    in_title: usize,
}

/// A stretch of text, marked if it is a word that was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    marked: bool,
}

/// `GET /guides/{guide}/search`
pub async fn search(
    State(site): State<Site>,
    Path(guide): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, SiteError> {
    let guide = find(&site, &guide)?;
    let asked: String = asked.map(|Query(asked)| asked.q).unwrap_or_default().chars().take(200).collect();
    let words: Vec<String> = asked.split_whitespace().take(MAX_WORDS).map(str::to_lowercase).collect();
    let mut hits: Vec<Hit> = match words.is_empty() {
        true => Vec::new(),
        false => site.searchable(&guide.id).iter().filter_map(|entry| hit(guide, entry, &words)).collect(),
    };
    // Stable, so that otherwise the order of the guide stays.
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.in_title));
    let shown = &hits[..hits.len().min(MAX_HITS)];
    let main = render(&SearchPage { guide, asked: &asked, hits: shown, found: hits.len() })?;
    let contents =
        Step::new(routes::GuideUrl { guide: &guide.id }.to_url(), &guide.title, "All sections and questions.");
    Page {
        title: format!("Search · {}", guide.title),
        description: format!("Search within the {}.", guide.title),
        active: Nav::Guides,
        main,
        next: NextSteps::new(contents).and(Step::tasks()),
        canonical: None,
        editor: false,
    }
    .answer(&site)
}

/// An entry with its texts in lower case, made once.
#[derive(Debug)]
pub struct Searchable {
    entry: SearchEntry,
    title: String,
    text: String,
}

impl Searchable {
    /// All entries of a guide, in its order.
    pub fn all(guide: &Guide) -> Vec<Self> {
        let lower = |entry: SearchEntry| {
            let (title, text) = (entry.title.to_lowercase(), entry.text.to_lowercase());
            Self { entry, title, text }
        };
        guide.search_entries().into_iter().map(lower).collect()
    }
}

fn hit(guide: &Guide, searchable: &Searchable, words: &[String]) -> Option<Hit> {
    let Searchable { entry, title, text } = searchable;
    if !words.iter().all(|word| title.contains(word) || text.contains(word)) {
        return None;
    }
    let section = guide.sections.iter().find(|section| section.id == entry.section)?;
    let url = match &entry.question {
        Some(question) => routes::question_url(&guide.id, &section.id, question),
        None => super::section_url(guide, section),
    };
    Some(Hit {
        url,
        section: section.title.clone(),
        title: marked(&entry.title, words),
        excerpt: marked(&excerpt(&entry.text, words), words),
        in_title: words.iter().filter(|word| title.contains(*word)).count(),
    })
}

/// The text around the first place at which a word stands.
fn excerpt(text: &str, words: &[String]) -> String {
    let first = occurrences(text, words).first().map_or(0, |(from, _)| *from);
    let from = text[..first.saturating_sub(EXCERPT / 3).min(text.len())].len();
    let from = (0..=floor(text, from)).rev().find(|at| *at == 0 || text.as_bytes()[at - 1] == b' ').unwrap_or(0);
    let to = floor(text, (from + EXCERPT).min(text.len()));
    let to = text[to..].find(' ').map_or(text.len(), |more| to + more);
    let dots = |needed: bool| if needed { "…" } else { "" };
    format!("{}{}{}", dots(from > 0), &text[from..to], dots(to < text.len()))
}

/// The nearest boundary of a character at or before an offset.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Text cut where words stand.
fn marked(text: &str, words: &[String]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for (from, to) in occurrences(text, words) {
        if from > at {
            pieces.push(Piece { text: text[at..from].to_owned(), marked: false });
        }
        pieces.push(Piece { text: text[from..to].to_owned(), marked: true });
        at = to;
    }
    if at < text.len() {
        pieces.push(Piece { text: text[at..].to_owned(), marked: false });
    }
    pieces
}

/// Where words stand, in order, without overlap; the longest word wins.
fn occurrences(text: &str, words: &[String]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut until = 0;
    for (at, _) in text.char_indices() {
        if at < until {
            continue;
        }
        if let Some(length) = words.iter().filter_map(|word| starts_with(&text[at..], word)).max() {
            found.push((at, at + length));
            until = at + length;
        }
    }
    found
}

/// How many bytes of the text a lower-case word takes up at its beginning, in whatever case.
fn starts_with(text: &str, word: &str) -> Option<usize> {
    let mut wanted = word.chars();
    let mut length = 0;
    for character in text.chars() {
        if wanted.as_str().is_empty() {
            break;
        }
        for lower in character.to_lowercase() {
            if wanted.next() != Some(lower) {
                return None;
            }
        }
        length += character.len_utf8();
    }
    wanted.as_str().is_empty().then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn shown(text: &str, asked: &str) -> String {
        let pieces = marked(text, &words(asked));
        pieces.iter().map(|p| if p.marked { format!("[{}]", p.text) } else { p.text.clone() }).collect()
    }

    #[test]
    fn words_are_marked_in_any_case() {
        assert_eq!(shown("A QuerySet is lazy", "queryset lazy"), "A [QuerySet] is [lazy]");
        assert_eq!(shown("prefetch and pre", "pre prefetch"), "[prefetch] and [pre]");
        assert_eq!(shown("İstanbul, Ärger", "ärger"), "İstanbul, [Ärger]");
        assert_eq!(shown("nothing here", "x"), "nothing here");
    }

    #[test]
    fn excerpts_are_cut_between_words() {
        let text = format!("{} needle {}", "hay ".repeat(100), "straw ".repeat(100));
        let cut = excerpt(&text, &words("needle"));
        assert!(cut.starts_with("…hay ") && cut.ends_with("straw…") && cut.contains(" needle "), "{cut}");
        assert_eq!(excerpt("short", &words("short")), "short");
        let wide = "é".repeat(400);
        assert_eq!(excerpt(&wide, &words("é")), wide);
    }
}
