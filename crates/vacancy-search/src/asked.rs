//! The words of a query: found, completed or repaired.

use crate::Error;
use crate::bits::Bits;
use crate::schema::{Fields, Place};
use crate::segment::Part;
use crate::words::{Word, forms, words};
use std::collections::{BTreeMap, BTreeSet};
use tantivy::Term;
use tantivy::query::FuzzyTermQuery;

/// Letters of a query that count.
const MOST_LETTERS: usize = 1_000;
/// Different words of a query that count.
const MOST_WORDS: usize = 32;
/// A word is completed from so many letters on.
const COMPLETED_FROM: usize = 2;
/// A word of as many letters may have one error, or two; a longer one than the last is no typing error.
const ONE_ERROR: std::ops::RangeInclusive<usize> = 4..=7;
const TWO_ERRORS: std::ops::RangeInclusive<usize> = 8..=40;

/// Words that say nothing of a vacancy. Fewer than usual lists have: `it`, `go`, `no` and `can` mean something here.
const IDLE: [&str; 13] = ["a", "an", "and", "as", "at", "for", "in", "of", "on", "or", "the", "to", "with"];

/// What a query's words come to.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// All of them must be found. None: nothing was asked for.
    pub terms: Vec<Found>,
    /// The query as it was understood, if that is not as it was written.
    pub corrected: Option<String>,
    /// Words that are nowhere.
    pub unknown: Vec<String>,
}

/// What one word stands for: any of some terms, or else all of some others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    any: Vec<String>,
    /// One of each.
    all: Vec<Vec<String>>,
}

impl Asked {
    /// Reads a query's text.
    pub fn read(text: &str, parts: &[Part], fields: &Fields) -> Result<Self, Error> {
        let asked = different(text);
        let matter = |word: &Word| !IDLE.contains(&word.whole.as_str());
        let all_idle = !asked.iter().any(matter);
        let reading = Reading { parts, fields };
        let mut out = Self::default();
        let (mut shown, mut repaired) = (Vec::new(), false);
        for (at, word) in asked.iter().enumerate() {
            if !all_idle && !matter(word) {
                shown.push(word.written.clone());
                continue;
            }
            let manner = if at + 1 == asked.len() { Manner::Last } else { Manner::Within };
            let (found, said) = reading.find(word, manner)?;
            repaired |= said.is_some();
            shown.push(said.unwrap_or_else(|| word.written.clone()));
            match found {
                Some(found) => out.terms.extend(found),
                None => out.unknown.push(word.written.clone()),
            }
        }
        out.corrected = repaired.then(|| shown.join(" "));
        Ok(out)
    }
}

/// Whether a word may still be under way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Within,
    Last,
}

/// The different words of a query, as many as count.
fn different(text: &str) -> Vec<Word> {
    let end = text.char_indices().nth(MOST_LETTERS).map_or(text.len(), |(at, _)| at);
    let mut all: Vec<Word> = Vec::new();
    words(&text[..end], |word| {
        if all.len() < MOST_WORDS && !all.iter().any(|earlier| earlier.whole == word.whole) {
            all.push(word);
        }
    });
    all
}

impl Found {
    fn any(any: Vec<String>) -> Self {
        Self { any, all: Vec::new() }
    }

    /// Whoever has it there; removed documents as well.
    pub fn docs(&self, part: &Part, place: Place) -> Result<Bits, Error> {
        let segment = &part.segment;
        let of = |terms: &[String]| {
            let mut docs = Bits::none(segment.columns.docs);
            terms.iter().try_for_each(|term| segment.add_with(place, term, &mut docs)).map(|()| docs)
        };
        let mut docs = of(&self.any)?;
        if let Some((first, rest)) = self.all.split_first() {
            let mut all = of(first)?;
            for terms in rest {
                all.and(&of(terms)?);
            }
            docs.or(&all);
        }
        Ok(docs)
    }
}

struct Reading<'a> {
    parts: &'a [Part],
    fields: &'a Fields,
}

/// What a word stands for, nothing if it is unknown; and what it was repaired to.
type Understood = (Option<Vec<Found>>, Option<String>);

impl Reading<'_> {
    fn find(&self, word: &Word, manner: Manner) -> Result<Understood, Error> {
        if let Some(found) = self.as_written(word)? {
            return Ok((Some(vec![found]), None));
        }
        if manner == Manner::Last {
            let begun = self.beginning_with(&word.whole)?;
            if !begun.is_empty() {
                return Ok((Some(vec![Found::any(begun)]), None));
            }
        }
        if let Some(near) = self.nearest(&word.whole)? {
            return Ok((Some(vec![Found::any(forms(&near))]), Some(near)));
        }
        if word.parts.len() < 2 {
            return Ok((None, None));
        }
        self.part_by_part(word, manner)
    }

    /// Where the word stands as it is, or its singular or plural.
    fn as_written(&self, word: &Word) -> Result<Option<Found>, Error> {
        let any = forms(&word.whole);
        let whole = self.is_known(&any)?;
        if word.parts.is_empty() || (whole && !word.loose) {
            return Ok(whole.then(|| Found::any(any)));
        }
        let all: Vec<Vec<String>> = word.parts.iter().map(|part| forms(part)).collect();
        for part in &all {
            if !self.is_known(part)? {
                return Ok(whole.then(|| Found::any(any)));
            }
        }
        Ok(Some(Found { any, all }))
    }

    /// A compound that is nowhere, as if its parts had been written apart.
    fn part_by_part(&self, word: &Word, manner: Manner) -> Result<Understood, Error> {
        let (mut all, mut shown, mut repaired) = (Vec::new(), Vec::new(), false);
        for (at, part) in word.parts.iter().enumerate() {
            let alone = Word { written: part.clone(), whole: part.clone(), ..Word::default() };
            let last = at + 1 == word.parts.len();
            let (found, said) = self.find(&alone, if last { manner } else { Manner::Within })?;
            let Some(found) = found else { return Ok((None, None)) };
            all.extend(found);
            repaired |= said.is_some();
            shown.push(said.unwrap_or(alone.written));
        }
        Ok((Some(all), repaired.then(|| shown.join(" "))))
    }

    /// Whether any document has any of the terms.
    fn is_known(&self, terms: &[String]) -> Result<bool, Error> {
        for (part, term) in self.parts.iter().flat_map(|part| terms.iter().map(move |term| (part, term))) {
            if part.has(term)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Every term that begins so and that some document has.
    fn beginning_with(&self, start: &str) -> Result<Vec<String>, Error> {
        if start.chars().count() < COMPLETED_FROM {
            return Ok(Vec::new());
        }
        let mut all = BTreeSet::new();
        for part in self.parts {
            let terms = part.segment.dictionary().terms();
            let mut stream = terms.range().ge(start.as_bytes()).into_stream().map_err(Error::read)?;
            while stream.advance() {
                let Some(term) = std::str::from_utf8(stream.key()).ok().filter(|term| term.starts_with(start)) else {
                    break;
                };
                if part.has_any_of(stream.value())? {
                    all.insert(term.to_owned());
                }
            }
        }
        Ok(all.into_iter().collect())
    }

    /// The nearest term, if one is near enough.
    fn nearest(&self, word: &str) -> Result<Option<String>, Error> {
        if word.chars().any(char::is_numeric) {
            return Ok(None);
        }
        let most = match word.chars().count() {
            letters if ONE_ERROR.contains(&letters) => 1,
            letters if TWO_ERRORS.contains(&letters) => 2,
            _ => 0,
        };
        for errors in 1..=most {
            let near = self.within(word, errors)?;
            // Of as many vacancies the first by the alphabet, which is the last of these.
            if let Some((term, _)) = near.into_iter().rev().max_by_key(|(_, count)| *count) {
                return Ok(Some(term));
            }
        }
        Ok(None)
    }

    /// Terms with at most so many errors, and how many documents have them.
    fn within(&self, word: &str, errors: u8) -> Result<BTreeMap<String, u32>, Error> {
        let term = Term::from_field_text(self.fields.words[Place::All as usize], word);
        let mut near: BTreeMap<String, u32> = BTreeMap::new();
        for part in self.parts {
            let automaton = FuzzyTermQuery::new(term.clone(), errors, true).automaton().map_err(Error::read)?;
            let terms = part.segment.dictionary().terms();
            let mut stream = terms.search(automaton).into_stream().map_err(Error::read)?;
            while stream.advance() {
                let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
                *near.entry(term.to_owned()).or_default() += part.frequency(stream.value())?;
            }
        }
        near.retain(|_, count| *count > 0);
        Ok(near)
    }
}
