//! A posting while it is read: each field checked, and what does not fit told.

use super::json::At;
use super::{LONGEST_DESCRIPTION, LONGEST_LINE};
use crate::amount::Amount;
use crate::country::{Country, Currency};
use crate::fault::{Field, PostingFault, Problem};
use crate::moment::Moment;
use crate::posting::{Employment, Pay, Per, Place, Posting, Remote};
use crate::text;
use crate::words::{self, Word};
use serde_json::Value;

/// How much of a stranger's word is repeated in a fault, in characters.
const QUOTED: usize = 60;

/// A posting that is being read.
pub(super) struct Draft {
    pub posting: Posting,
    /// Where it stands.
    pub at: String,
    faults: Vec<PostingFault>,
}

/// The lower and the upper end of a range, as far as they are stated.
pub(super) type Ends = (Option<Amount>, Option<Amount>);

/// What is stated of pay, before it is checked.
#[derive(Default)]
pub(super) struct Stated<'a> {
    pub label: Option<String>,
    pub ends: Ends,
    pub currency: Option<&'a str>,
    pub per: Option<Per>,
}

impl Draft {
    pub fn new(at: impl Into<String>) -> Self {
        Self { posting: Posting::empty(), at: at.into(), faults: Vec::new() }
    }

    /// Of an element that can be no posting.
    pub fn not_an_object(item: &At<'_>) -> Self {
        let mut draft = Self::new(&item.path);
        draft.fault(None, &item.path, Problem::Kind { expected: "an object", found: item.found() });
        draft
    }

    pub fn fault(&mut self, field: Option<Field>, at: &str, problem: Problem) {
        self.faults.push(PostingFault { at: at.to_owned(), external_id: None, title: None, field, problem });
    }

    /// The posting, unless it has no id, no title, or is no posting; and its faults, named after it.
    pub fn finish(mut self) -> (Option<Posting>, Vec<PostingFault>) {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (id, title) = (given(&self.posting.external_id), given(&self.posting.title));
        // One that was no posting at all has said so already.
        if self.faults.iter().all(PostingFault::is_taken) {
            for (value, field) in [(&id, Field::Id), (&title, Field::Title)] {
                if value.is_none() {
                    let at = self.at.clone();
                    self.fault(None, &at, Problem::Missing(field));
                }
            }
        }
        for fault in &mut self.faults {
            fault.external_id.clone_from(&id);
            fault.title.clone_from(&title);
        }
        let is_taken = self.faults.iter().all(PostingFault::is_taken);
        (is_taken.then_some(self.posting), self.faults)
    }

    /// A text on one line; a number counts as its digits. Blank is as good as missing.
    pub fn line(&mut self, field: Field, at: Option<At<'_>>) -> Option<String> {
        let at = at?;
        match at.value {
            Value::String(text) => self.plain_line(field, &at.path, text),
            Value::Number(number) => Some(number.to_string()),
            _ => {
                self.fault(Some(field), &at.path, Problem::Kind { expected: "a text", found: at.found() });
                None
            }
        }
    }

    pub fn plain_line(&mut self, field: Field, at: &str, text: &str) -> Option<String> {
        let line = text::line(text);
        self.no_longer_than(LONGEST_LINE, field, at, line)
    }

    fn no_longer_than(&mut self, longest: usize, field: Field, at: &str, text: String) -> Option<String> {
        let length = text.chars().count();
        if length > longest {
            self.fault(Some(field), at, Problem::TooLong(length));
            return None;
        }
        (length > 0).then_some(text)
    }

    /// Sets the description, of pieces of text that may be empty.
    pub fn describe(&mut self, at: &str, pieces: Vec<String>) {
        let pieces: Vec<String> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
        self.posting.description =
            self.no_longer_than(LONGEST_DESCRIPTION, Field::Description, at, pieces.join("\n\n"));
    }

    /// The text of a member that holds HTML; nothing where there is none.
    pub fn html(&mut self, at: Option<At<'_>>) -> String {
        let Some(at) = at else { return String::new() };
        match at.text() {
            Some(html) => text::of_html(html),
            None => {
                let problem = Problem::Kind { expected: "a text", found: at.found() };
                self.fault(Some(Field::Description), &at.path, problem);
                String::new()
            }
        }
    }

    /// An address of the web.
    pub fn address(&mut self, field: Field, at: Option<At<'_>>) -> Option<String> {
        let at = at?;
        let text = self.line(field, Some(at.clone()))?;
        self.plain_address(field, &at.path, &text)
    }

    pub fn plain_address(&mut self, field: Field, at: &str, text: &str) -> Option<String> {
        match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "https" | "http") && url.has_host() => Some(url.to_string()),
            _ => {
                self.fault(Some(field), at, Problem::Address(quoted(text)));
                None
            }
        }
    }

    /// A time or a day, as text.
    pub fn moment(&mut self, field: Field, at: Option<At<'_>>) -> Option<Moment> {
        let at = at?;
        let text = self.line(field, Some(at.clone()))?;
        self.plain_moment(field, &at.path, &text)
    }

    pub fn plain_moment(&mut self, field: Field, at: &str, text: &str) -> Option<Moment> {
        let moment = Moment::parse(text);
        if moment.is_none() {
            self.fault(Some(field), at, Problem::Date(quoted(text)));
        }
        moment
    }

    /// A time in milliseconds since 1970.
    pub fn milliseconds(&mut self, field: Field, at: Option<At<'_>>) -> Option<Moment> {
        let at = at?;
        let moment = at.value.as_i64().and_then(Moment::of_milliseconds);
        if moment.is_none() {
            let expected = "a time in milliseconds since 1970";
            self.fault(Some(field), &at.path, Problem::Kind { expected, found: at.found() });
        }
        moment
    }

    /// How far work is bound to a place.
    pub fn remote(&mut self, at: Option<At<'_>>) -> Option<Remote> {
        let at = at?;
        let text = self.line(Field::Remote, Some(at.clone()))?;
        self.plain_remote(&at.path, &text)
    }

    pub fn plain_remote(&mut self, at: &str, text: &str) -> Option<Remote> {
        match words::remote(text) {
            Word::Is(remote) => Some(remote),
            Word::Unsaid => None,
            Word::Unknown => {
                self.fault(Some(Field::Remote), at, Problem::Word(quoted(text)));
                None
            }
        }
    }

    /// What the texts of all places say of remote work, where they say the same and nothing else said it. A remote place
    /// beside another one is a choice.
    pub fn remote_by_places(&mut self) {
        let mut said = self.posting.places.iter().map(|place| words::remote_of_place(&place.text));
        let first = said.next().flatten();
        if self.posting.remote.is_none() && said.all(|other| other == first) {
            self.posting.remote = first;
        }
    }

    /// Adds what a word says of the employment.
    pub fn employment(&mut self, at: Option<At<'_>>) {
        let Some(at) = at else { return };
        if let Some(text) = self.line(Field::Employment, Some(at.clone())) {
            self.plain_employment(&at.path, &text);
        }
    }

    pub fn plain_employment(&mut self, at: &str, text: &str) {
        match words::employment(text) {
            Word::Is(said) => self.employed(said),
            Word::Unsaid => {}
            Word::Unknown => self.fault(Some(Field::Employment), at, Problem::Word(quoted(text))),
        }
    }

    fn employed(&mut self, said: &[Employment]) {
        let employment = &mut self.posting.employment;
        employment.extend(said);
        employment.sort_unstable();
        employment.dedup();
    }

    /// A place of which the board has separate fields.
    pub fn place(&mut self, text: Option<At<'_>>, parts: [Option<At<'_>>; 3]) -> Option<Place> {
        let text = self.line(Field::Place, text);
        let [city, region, country] = parts;
        let city = self.line(Field::Place, city);
        let region = self.line(Field::Place, region);
        let named = self.line(Field::Place, country);
        let shown = [&city, &region, &named].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
        let text = text.unwrap_or(shown);
        let country = named.as_deref().and_then(Country::parse).or_else(|| Country::at_the_end_of(&text));
        (!text.is_empty()).then_some(Place { text, country, region, city })
    }

    /// Adds a place, once.
    pub fn at_place(&mut self, place: Option<Place>) {
        if let Some(place) = place
            && !self.posting.places.contains(&place)
        {
            self.posting.places.push(place);
        }
    }

    /// Both ends of a range in whole units, as numbers or as digits. `None` where one is stated and cannot be read: then the
    /// other alone would mislead.
    pub fn units(&mut self, min: Option<At<'_>>, max: Option<At<'_>>) -> Option<Ends> {
        self.ends([min, max], |at| match at.value {
            Value::Number(number) => Amount::parse(&number.to_string()),
            Value::String(text) => Amount::parse(text),
            _ => None,
        })
    }

    /// The same in cents.
    pub fn cents(&mut self, min: Option<At<'_>>, max: Option<At<'_>>) -> Option<Ends> {
        self.ends([min, max], |at| at.value.as_i64().and_then(Amount::from_hundredths))
    }

    fn ends(&mut self, ends: [Option<At<'_>>; 2], amount: impl Fn(&At<'_>) -> Option<Amount>) -> Option<Ends> {
        let is_blank = |at: &At<'_>| at.text().is_some_and(|text| text.trim().is_empty());
        let [min, max] = ends.map(|end| end.filter(|at| !is_blank(at)).map(|at| (amount(&at), at)));
        for (read, at) in [&min, &max].into_iter().flatten() {
            if read.is_none() {
                let text = at.text().map(quoted).unwrap_or_else(|| at.found());
                self.fault(Some(Field::Pay), &at.path, Problem::Amount(text));
            }
        }
        let whole = |end: Option<(Option<Amount>, At<'_>)>| match end {
            None => Some(None),
            Some((None, _)) => None,
            Some((read, _)) => Some(read),
        };
        Some((whole(min)?, whole(max)?))
    }

    pub fn plain_amount(&mut self, at: &str, text: &str) -> Option<Amount> {
        let amount = Amount::parse(text);
        if amount.is_none() {
            self.fault(Some(Field::Pay), at, Problem::Amount(quoted(text)));
        }
        amount
    }

    /// The time that pay is for, or `Err` where it is one that we have no name for: then the amounts would mislead.
    pub fn period(&mut self, at: Option<At<'_>>) -> Result<Option<Per>, ()> {
        let Some(at) = at else { return Ok(None) };
        let Some(text) = self.line(Field::Pay, Some(at.clone())) else { return Ok(None) };
        self.plain_period(&at.path, &text)
    }

    pub fn plain_period(&mut self, at: &str, text: &str) -> Result<Option<Per>, ()> {
        match words::per(text) {
            Word::Is(per) => Ok(Some(per)),
            Word::Unsaid => Ok(None),
            Word::Unknown => {
                self.fault(Some(Field::Pay), at, Problem::Period(quoted(text)));
                Err(())
            }
        }
    }

    /// Adds a range of pay, if something is stated and it holds together. Nothing at all, in digits, is nothing stated.
    pub fn pay(&mut self, at: &str, stated: Stated<'_>) {
        let some = |amount: Option<Amount>| amount.filter(|amount| !amount.is_zero());
        let (min, max) = (some(stated.ends.0), some(stated.ends.1));
        if min.is_none() && max.is_none() {
            return;
        }
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            let problem = Problem::UpsideDown { min: min.to_string(), max: max.to_string() };
            return self.fault(Some(Field::Pay), at, problem);
        }
        let Some(name) = stated.currency.filter(|name| !name.trim().is_empty()) else {
            return self.fault(Some(Field::Pay), at, Problem::NoCurrency);
        };
        let Some(currency) = Currency::parse(name) else {
            return self.fault(Some(Field::Pay), at, Problem::Currency(quoted(name)));
        };
        let pay = Pay { label: stated.label, min, max, currency, per: stated.per };
        if !self.posting.pay.contains(&pay) {
            self.posting.pay.push(pay);
        }
    }
}

/// A stranger's word for a fault: one line, not too long.
pub(super) fn quoted(text: &str) -> String {
    text::line(text).chars().take(QUOTED).collect()
}
