//! How a document is kept.

use crate::words::words;
use crate::{Document, Facet};
use tantivy::TantivyDocument;
use tantivy::schema::{BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

/// The name by which the index knows our way of finding words.
const TOKENIZER: &str = "vacancy";

/// Where words are looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// Anywhere.
    All,
    /// In the title.
    Title,
    /// In the company's name, role, level, competencies or place.
    Facts,
}

/// The fields of the index.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub schema: Schema,
    /// By this a document is removed.
    pub id: Field,
    /// By [`Place`].
    pub words: [Field; 3],
    facets: Field,
    numbers: [Field; Number::ALL.len()],
}

/// What is kept as a number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    IdHigh,
    IdLow,
    Published,
    Confirmed,
    PayMin,
    PayMax,
}

impl Number {
    pub const ALL: [Self; 6] =
        [Self::IdHigh, Self::IdLow, Self::Published, Self::Confirmed, Self::PayMin, Self::PayMax];

    pub const fn name(self) -> &'static str {
        match self {
            Self::IdHigh => "id_high",
            Self::IdLow => "id_low",
            Self::Published => "published",
            Self::Confirmed => "confirmed",
            Self::PayMin => "pay_min",
            Self::PayMax => "pay_max",
        }
    }

    fn of(self, document: &Document) -> i64 {
        let (high, low) = document.id.as_u64_pair();
        match self {
            Self::IdHigh => high.cast_signed(),
            Self::IdLow => low.cast_signed(),
            Self::Published => document.published_at,
            Self::Confirmed => document.confirmed_at,
            Self::PayMin => document.pay_min,
            Self::PayMax => document.pay_max,
        }
    }
}

/// The column of facets: each value with its facet's letter in front.
pub(crate) const FACETS: &str = "facets";

impl Fields {
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        // Neither how often a word stands in a document nor where is needed: the order does not depend on it.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let text = TextOptions::default().set_indexing_options(indexing);
        let words = ["all", "title", "facts"].map(|name| builder.add_text_field(name, text.clone()));
        let id = builder.add_bytes_field("id", BytesOptions::default().set_indexed());
        let facets = builder.add_text_field(FACETS, TextOptions::default().set_fast("raw"));
        let numbers =
            Number::ALL.map(|number| builder.add_i64_field(number.name(), NumericOptions::default().set_fast()));
        Self { schema: builder.build(), id, words, facets, numbers }
    }

    /// A document as the index takes it.
    pub fn document(&self, document: &Document) -> TantivyDocument {
        let [all, title, facts] = self.words;
        let mut out = TantivyDocument::default();
        out.add_bytes(self.id, document.id.as_bytes());
        for number in Number::ALL {
            out.add_i64(self.numbers[number as usize], number.of(document));
        }
        for text in [&document.title, &document.text] {
            out.add_text(all, text);
        }
        out.add_text(title, &document.title);
        let named = [&document.company_name, &document.role, &document.level];
        let place = document.city.iter().chain(&document.countries);
        for text in named.into_iter().chain(&document.competencies).chain(place) {
            out.add_text(all, text);
            out.add_text(facts, text);
        }
        each_facet(document, |facet, value| out.add_text(self.facets, format!("{}{value}", facet.letter())));
        out
    }
}

/// Every value that a document states.
fn each_facet(document: &Document, mut each: impl FnMut(Facet, &str)) {
    let mut stated = |facet: Facet, value: &str| {
        if !value.is_empty() {
            each(facet, value);
        }
    };
    stated(Facet::Role, &document.role);
    stated(Facet::Level, &document.level);
    stated(Facet::Remote, document.remote.key());
    stated(Facet::Employment, &document.employment);
    stated(Facet::Company, &document.company.hyphenated().to_string());
    stated(Facet::Currency, &document.currency);
    document.competencies.iter().for_each(|value| stated(Facet::Competency, value));
    document.zones.iter().for_each(|value| stated(Facet::Zone, value));
    document.countries.iter().for_each(|value| stated(Facet::Country, value));
}

impl Facet {
    /// What marks its values in the column.
    const fn letter(self) -> char {
        (b'a' + self as u8) as char
    }

    /// The facet and the value of a text in the column.
    pub(crate) fn read(text: &str) -> Option<(Self, &str)> {
        let letter = text.bytes().next()?;
        let facet = Self::ALL.get(usize::from(letter.checked_sub(b'a')?))?;
        Some((*facet, &text[1..]))
    }
}

/// Our way of finding words, for the index.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(TOKENIZER, Vacancy);
    manager
}

#[derive(Debug, Clone)]
struct Vacancy;

impl Tokenizer for Vacancy {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        let mut terms = Vec::new();
        words(text, |word| word.terms(|term| terms.push(term)));
        terms.reverse();
        Terms { rest: terms, token: Token::default() }
    }
}

/// The terms of a text, the last first.
struct Terms {
    rest: Vec<String>,
    token: Token,
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let next = self.rest.pop();
        // Positions are not kept; they must only not go backwards.
        self.token.position = self.token.position.wrapping_add(1);
        next.map(|term| self.token.text = term).is_some()
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
