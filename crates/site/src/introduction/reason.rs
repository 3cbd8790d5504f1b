//! Why somebody says no, and what came of a conversation: one code each, that both sides keep.

macro_rules! codes {
    ($(#[$doc:meta])+ $name:ident { $($(#[$one:meta])+ $variant:ident = $id:literal, $words:literal;)+ }) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$one])+ $variant),+ }

        impl $name {
            /// All of them, as they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As it stands in rows and forms.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// For a page.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words),+ }
            }

            /// The code of this id; nothing if there is none.
            pub fn parse(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.id() == id)
            }
        }
    };
}

pub(super) use codes;

codes! {
    /// Why who was asked said no.
    Declined {
        /// The pay is not what is looked for.
        Pay = "pay", "The pay does not fit";
        /// Too much or too little is asked for.
        Level = "level", "The level does not fit";
        /// Other competencies are looked for.
        Competencies = "competencies", "Other competencies are needed, or wanted";
        /// Where, or in which time zone.
        Place = "place", "Place, remote work or time zone does not fit";
        /// Not now.
        Timing = "timing", "The time is not right";
        /// What the company does, or the kind of work.
        Work = "work", "Another kind of work is looked for";
        /// Taken.
        Filled = "filled", "The position is filled, or the search is over";
        /// Something else that need not be said.
        Other = "other", "Something else";
    }
}

codes! {
    /// What came of an open conversation.
    Outcome {
        /// They work together.
        Hired = "hired", "They will work together";
        /// An offer was made, and not taken.
        OfferDeclined = "offer-declined", "An offer was made and not taken";
        /// Experience or competencies do not fit this position.
        Competencies = "competencies", "Competencies or experience do not fit this position";
        /// They did not agree on pay.
        Pay = "pay", "No agreement on pay";
        /// Or on place, hours, beginning.
        Conditions = "conditions", "No agreement on place, hours or beginning";
        /// Somebody else was taken.
        Filled = "filled", "The position was filled by somebody else";
        /// It is not filled any more.
        Dropped = "dropped", "The position is not to be filled any more";
        /// Something else that need not be said.
        Other = "other", "Something else";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_read_as_it_wwritten() {
        assert!(Declined::ALL.iter().all(|one| Declined::parse(one.id()) == Some(*one)));
        assert!(Outcome::ALL.iter().all(|one| Outcome::parse(one.id()) == Some(*one)));
        assert_eq!(Declined::parse("hired"), None, "that is an outcome, and no reason to say no");
    }
}
