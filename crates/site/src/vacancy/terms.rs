//! The closed lists that a vacancy chooses from. What is stored and what stands in addresses is the id; pages say the label.

/// A closed list: ids for storage and addresses, labels for people.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $( $(#[$variant_about:meta])* $variant:ident = $id:literal, $label:literal; )+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$variant_about])* $variant, )+ }

        impl $name {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// What is stored.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// What people read.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The one of this id.
            pub fn parse(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.id() == id)
            }

            /// Id and label of each, for a form.
            pub fn choices() -> Vec<(String, String)> {
                Self::ALL.iter().map(|one| (one.id().to_owned(), one.label().to_owned())).collect()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.id())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let id = std::borrow::Cow::<'de, str>::deserialize(from)?;
                Self::parse(&id).ok_or_else(|| serde::de::Error::custom(format!("no such choice: {id}")))
            }
        }
    };
}

choice! {
    /// Where a vacancy stands.
    State {
        /// Read by its company's people alone.
        Draft = "draft", "Draft";
        /// Public, as long as its company is verified.
        Open = "open", "Open";
        /// Over; its page says so.
        Closed = "closed", "Closed";
    }
}

choice! {
    /// Where the work is done.
    Remote {
        /// At the place that is named.
        Onsite = "onsite", "On site";
        /// Some of it at the place that is named.
        Hybrid = "hybrid", "Hybrid";
        /// Anywhere within the countries and zones that are named.
        Remote = "remote", "Remote";
    }
}

choice! {
    /// What kind of contract.
    Employment {
        /// Without an end, all of the usual hours.
        FullTime = "full-time", "Full time";
        /// Without an end, fewer hours.
        PartTime = "part-time", "Part time";
        /// With an end that is known.
        Temporary = "temporary", "Temporary";
        /// By somebody who works on their own account.
        Contractor = "contractor", "Contractor";
        /// To learn.
        Internship = "internship", "Internship";
    }
}

impl Employment {
    /// As schema.org's `employmentType` is written for Google's reader of job postings.
    pub fn schema(self) -> &'static str {
        match self {
            Self::FullTime => "FULL_TIME",
            Self::PartTime => "PART_TIME",
            Self::Temporary => "TEMPORARY",
            Self::Contractor => "CONTRACTOR",
            Self::Internship => "INTERN",
        }
    }
}

choice! {
    /// What pay is said for.
    Period {
        /// A year.
        Year = "year", "a year";
        /// A month.
        Month = "month", "a month";
        /// A week.
        Week = "week", "a week";
        /// A day of work.
        Day = "day", "a day";
        /// An hour of work.
        Hour = "hour", "an hour";
    }
}

impl Period {
    /// How many there are in a year of full-time work: 12 months, 52 weeks, 260 days, 2,080 hours. For comparing, and
    /// for nothing else.
    pub fn in_a_year(self) -> i64 {
        match self {
            Self::Year => 1,
            Self::Month => 12,
            Self::Week => 52,
            Self::Day => 260,
            Self::Hour => 2_080,
        }
    }

    /// As schema.org's `unitText`.
    pub fn schema(self) -> &'static str {
        match self {
            Self::Year => "YEAR",
            Self::Month => "MONTH",
            Self::Week => "WEEK",
            Self::Day => "DAY",
            Self::Hour => "HOUR",
        }
    }
}

choice! {
    /// Whether somebody is to begin now.
    Opening {
        /// A place is free, and is to be filled.
        Now = "now", "A place that is free now";
        /// Nobody is taken on yet: the company collects people for later.
        Later = "later", "For later: no place is free yet";
    }
}

choice! {
    /// What part machines have in choosing.
    Screening {
        /// People read every application.
        None = "none", "No: people read every application";
        /// Software sorts, people decide.
        Sorts = "sorts", "Software sorts, people decide on each";
        /// Software turns some down by itself.
        Decides = "decides", "Software turns some down by itself";
    }
}

choice! {
    /// Why a vacancy was closed.
    ClosedFor {
        /// By somebody who came through this site.
        FilledHere = "filled-here", "Filled by somebody who came from here";
        /// By somebody else.
        Filled = "filled", "Filled";
        /// The company changed its plans.
        Withdrawn = "withdrawn", "Withdrawn: plans changed";
        /// Its closing date came.
        Date = "date", "Its closing date came";
        /// Nobody confirmed that it is alive.
        Silence = "silence", "The company did not confirm it any more";
        /// The company is not verified any more.
        Unverified = "unverified", "The company is not verified any more";
        /// Its board no longer has it.
        Gone = "gone", "The company's own board no longer has it";
        /// The operator of this site found that it breaks the rules.
        Rules = "rules", "It broke the rules of this site";
    }
}

impl ClosedFor {
    /// Those that a company chooses from; the others are found by the site.
    pub const BY_COMPANY: [Self; 3] = [Self::FilledHere, Self::Filled, Self::Withdrawn];
}

choice! {
    /// What somebody reports a vacancy for.
    ReportedFor {
        /// There is no such place, or no such company.
        Fake = "fake", "The place or the company does not exist";
        /// Money, bank details or documents are asked for.
        Money = "money", "It asks for money, bank details or documents";
        /// Pay or terms are other than stated.
        Terms = "terms", "Pay or terms are other than stated";
        /// It shuts people out for what they are.
        Discriminates = "discriminates", "It shuts people out for who they are";
        /// Anything else.
        Other = "other", "Something else";
    }
}
