//! Why somebody says no, and what came of a conversation: one code each, that both sides keep.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// Why who was asked said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Declined {
    /// The pay is not what is looked for.
    Pay,
    /// Too much or too little is asked for.
    Level,
    /// Other competencies are looked for.
    Competencies,
    /// Where, or in which time zone.
    Place,
    /// Not now.
    Timing,
    /// What the company does, or the kind of work.
    Work,
    /// Taken.
    Filled,
    /// Something else that need not be said.
    Other,
}

impl Declined {
    /// For a page.
    pub fn words(self) -> &'static str {
        match self {
            Self::Pay => "The pay does not fit",
            Self::Level => "The level does not fit",
            Self::Competencies => "Other competencies are needed, or wanted",
            Self::Place => "Place, remote work or time zone does not fit",
            Self::Timing => "The time is not right",
            Self::Work => "Another kind of work is looked for",
            Self::Filled => "The position is filled, or the search is over",
            Self::Other => "Something else",
        }
    }
}

/// What came of an open conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    /// They work together.
    Hired,
    /// An offer was made, and not taken.
    OfferDeclined,
    /// Experience or competencies do not fit this position.
    Competencies,
    /// They did not agree on pay.
    Pay,
    /// Or on place, hours, beginning.
    Conditions,
    /// Somebody else was taken.
    Filled,
    /// It is not filled any more.
    Dropped,
    /// Something else that need not be said.
    Other,
}

impl Outcome {
    /// For a page.
    pub fn words(self) -> &'static str {
        match self {
            Self::Hired => "They will work together",
            Self::OfferDeclined => "An offer was made and not taken",
            Self::Competencies => "Competencies or experience do not fit this position",
            Self::Pay => "No agreement on pay",
            Self::Conditions => "No agreement on place, hours or beginning",
            Self::Filled => "The position was filled by somebody else",
            Self::Dropped => "The position is not to be filled any more",
            Self::Other => "Something else",
        }
    }
}
