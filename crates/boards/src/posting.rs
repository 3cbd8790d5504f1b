//! What a board says of one vacancy.

use crate::amount::Amount;
use crate::country::{Country, Currency};
use crate::moment::Moment;
use serde::Serialize;

/// One vacancy, as a board, a page or a file says it. What it does not say is `None` or empty.
///
/// Texts are plain: no markup, no control characters, and no `<` that could begin a tag. They are a stranger's all the same,
/// and to be escaped where they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Posting {
    /// What the board calls it; unique on that board.
    pub external_id: String,
    /// Its title, on one line.
    pub title: String,
    /// Who hires, where the board names them.
    pub company: Option<String>,
    /// Where it is described; `http` or `https`.
    pub url: Option<String>,
    /// Where one applies; `http` or `https`.
    pub apply_url: Option<String>,
    /// Paragraphs with a blank line between them; headings begin with `## `, items of lists with `- `.
    pub description: Option<String>,
    /// The larger unit.
    pub department: Option<String>,
    /// The smaller one.
    pub team: Option<String>,
    /// The board's own word for the level, as it is written there.
    pub seniority: Option<String>,
    /// Where the work is.
    pub places: Vec<Place>,
    /// How far it is bound to these places.
    pub remote: Option<Remote>,
    /// Where somebody who works remotely has to live. Empty where nothing is said, which is not “anywhere”.
    pub remote_from: Vec<Place>,
    /// In the order of [`Employment`], none twice. Empty where nothing is said.
    pub employment: Vec<Employment>,
    /// Each range that is stated. Several, where pay differs by place or grade.
    pub pay: Vec<Pay>,
    /// First published.
    pub published_at: Option<Moment>,
    /// Last changed, by the board's account; no part of the digest.
    pub updated_at: Option<Moment>,
    /// Until when one may apply.
    pub closes_at: Option<Moment>,
}

impl Posting {
    pub(crate) fn empty() -> Self {
        Self {
            external_id: String::new(),
            title: String::new(),
            company: None,
            url: None,
            apply_url: None,
            description: None,
            department: None,
            team: None,
            seniority: None,
            places: Vec::new(),
            remote: None,
            remote_from: Vec::new(),
            employment: Vec::new(),
            pay: Vec::new(),
            published_at: None,
            updated_at: None,
            closes_at: None,
        }
    }
}

/// A place, as it is written and as far as it can be told apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// As the board shows it.
    pub text: String,
    /// Where the board says it, by code or by name.
    pub country: Option<Country>,
    /// State, canton, province: only where the board has a field for it.
    pub region: Option<String>,
    /// Only where the board has a field for it.
    pub city: Option<String>,
}

impl Place {
    /// Of a free text; the country only where its name is the last part.
    pub(crate) fn of_text(text: String) -> Self {
        Self { country: Country::at_the_end_of(&text), region: None, city: None, text }
    }
}

/// How far work is bound to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Remote {
    /// At the place.
    Onsite,
    /// Partly there.
    Hybrid,
    /// From elsewhere.
    Remote,
}

/// How somebody is employed. One posting may offer several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Employment {
    /// Whole weeks.
    FullTime,
    /// Parts of weeks.
    PartTime,
    /// Freelance and other contracts for work.
    Contract,
    /// Employed for a fixed term.
    Temporary,
    /// Internships, traineeships, working students.
    Internship,
    /// Unpaid.
    Volunteer,
}

/// A range of pay. At least one end is stated, and the lower is not above the upper.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Pay {
    /// What it is for, where there are several: a place, a grade.
    pub label: Option<String>,
    /// Lower end.
    pub min: Option<Amount>,
    /// Upper end; the same as the lower where one amount is stated.
    pub max: Option<Amount>,
    /// In which currency.
    pub currency: Currency,
    /// For which time, where the board says it.
    pub per: Option<Per>,
}

/// The time that pay is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[allow(missing_docs, reason = "each is what it is called")]
pub enum Per {
    Year,
    Month,
    Week,
    Day,
    Hour,
}
