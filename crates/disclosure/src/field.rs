//! The fields of a profile: what each holds, and which of it says who somebody is.

use crate::value::Kind;
use std::fmt;

/// One column of a field's entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// In rows and forms.
    pub key: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// What may stand there.
    pub kind: Kind,
    /// Whether an entry needs it.
    pub required: bool,
    /// Whether it names somebody or something by which the person can be found. Shown only with [`Field::Organisations`].
    pub names_somebody: bool,
}

const fn needed(key: &'static str, label: &'static str, kind: Kind) -> Column {
    Column { key, label, kind, required: true, names_somebody: false }
}

const fn free(key: &'static str, label: &'static str, kind: Kind) -> Column {
    Column { key, label, kind, required: false, names_somebody: false }
}

const fn naming(key: &'static str, label: &'static str, kind: Kind) -> Column {
    Column { key, label, kind, required: false, names_somebody: true }
}

/// A part of a profile that is granted by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// A name to be called by that is not one's own.
    Handle,
    /// One line.
    Headline,
    /// A few paragraphs.
    Summary,
    /// Roles that the person looks for.
    Roles,
    /// The level as the person sees it.
    Seniority,
    /// What the person says they can do; a signal says what was shown.
    Competencies,
    /// Work, without the names of employers.
    Experience,
    /// Education, without the names of schools.
    Education,
    /// Projects, without their addresses.
    Projects,
    /// Languages that people speak.
    Languages,
    /// Where the person lives.
    Place,
    /// Office, remote or both.
    Remote,
    /// Hours of the day, as offsets from UTC.
    Zone,
    /// What they want to be paid. Nobody is ever asked what they were paid.
    Pay,
    /// From when, and how much.
    Availability,
    /// Where they may work.
    RightToWork,
    /// The person's name.
    Name,
    /// Addresses, numbers, pages.
    Contact,
    /// The names that are left out of work, education and projects.
    Organisations,
}

use Field::{
    Availability, Competencies, Contact, Education, Experience, Handle, Headline, Languages, Name, Organisations, Pay,
    Place, Projects, Remote, RightToWork, Roles, Seniority, Summary, Zone,
};

const WAYS: Kind = Kind::Choice(&[("office", "At an office"), ("hybrid", "Partly remote"), ("remote", "Remote")]);
const FLUENCY: Kind = Kind::Choice(&[
    ("basic", "Basic"),
    ("working", "Good enough to work in"),
    ("fluent", "Fluent"),
    ("first", "First language"),
]);
const PERIODS: Kind = Kind::Choice(&[("year", "a year"), ("month", "a month"), ("day", "a day"), ("hour", "an hour")]);
const HOURS: Kind =
    Kind::Choice(&[("full-time", "Full time"), ("part-time", "Part time"), ("contract", "On contract")]);
const BASIS: Kind = Kind::Choice(&[
    ("free", "Needs no permit"),
    ("permit", "Has a permit"),
    ("sponsor", "Needs an employer who applies for one"),
]);
const WAYS_TO_REACH: Kind = Kind::Choice(&[("email", "E-mail"), ("phone", "Telephone"), ("page", "Web page")]);

impl Field {
    /// All of them, in the order of the page. Those that say who somebody is come last.
    pub const ALL: [Self; 19] = [
        Handle,
        Headline,
        Summary,
        Roles,
        Seniority,
        Competencies,
        Experience,
        Education,
        Projects,
        Languages,
        Place,
        Remote,
        Zone,
        Pay,
        Availability,
        RightToWork,
        Name,
        Contact,
        Organisations,
    ];

    /// As it stands in rows and addresses.
    pub fn id(self) -> &'static str {
        match self {
            Handle => "handle",
            Headline => "headline",
            Summary => "summary",
            Roles => "roles",
            Seniority => "seniority",
            Competencies => "competencies",
            Experience => "experience",
            Education => "education",
            Projects => "projects",
            Languages => "languages",
            Place => "place",
            Remote => "remote",
            Zone => "zone",
            Pay => "pay",
            Availability => "availability",
            RightToWork => "right-to-work",
            Name => "name",
            Contact => "contact",
            Organisations => "organisations",
        }
    }

    /// What a row, a form or an address says, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.id() == text)
    }

    /// What a person reads.
    pub fn label(self) -> &'static str {
        match self {
            Handle => "Handle",
            Headline => "Headline",
            Summary => "About you",
            Roles => "Roles you look for",
            Seniority => "Seniority, as you see it",
            Competencies => "Competencies you claim",
            Experience => "Experience",
            Education => "Education",
            Projects => "Projects",
            Languages => "Languages",
            Place => "Place",
            Remote => "Office or remote",
            Zone => "Time zones",
            Pay => "Pay you look for",
            Availability => "Availability",
            RightToWork => "Right to work",
            Name => "Your name",
            Contact => "Contact",
            Organisations => "Names of employers and schools",
        }
    }

    /// The same, where somebody else reads it.
    pub fn label_for_others(self) -> &'static str {
        match self {
            Summary => "About",
            Roles => "Looks for",
            Seniority => "Seniority, as they see it",
            Competencies => "Competencies they claim",
            Pay => "Pay they look for",
            Name => "Name",
            other => other.label(),
        }
    }

    /// What it is for, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Handle => "A name to be called by that does not say who you are.",
            Headline => "What you do, in one line.",
            Summary => {
                "A few paragraphs in your own words. They are shown as you write them, so leave out names that would tell who you are."
            }
            Roles => "Which roles you would like to be found for.",
            Seniority => "Your own view. What a check showed is a signal, and is shown apart from it.",
            Competencies => "What you say you can do. What checks showed stands beside it, told apart.",
            Experience => {
                "What you worked on, latest first. Names of employers are shown only to those to whom you grant them."
            }
            Education => {
                "What you learned, latest first. Names of schools are shown only to those to whom you grant them."
            }
            Projects => "Things you made. Their addresses are shown only with the names of employers and schools.",
            Languages => "Languages you speak.",
            Place => "Where you live, as exactly as you like.",
            Remote => "How you would like to work.",
            Zone => "The earliest and the latest offset from UTC whose working day you could share.",
            Pay => "The least that you would work for. Nobody here may ask what you were paid before.",
            Availability => "From when you could begin, and how much you would like to work.",
            RightToWork => "Where you may work, and on what basis.",
            Name => "Your name as you write it.",
            Contact => "How you can be reached.",
            Organisations => {
                "Not a field to fill in: whether the names in your experience, education and projects are shown."
            }
        }
    }

    /// Whether it tells who somebody is. Such fields stay masked until both sides have agreed to an introduction, unless a
    /// grant names them.
    pub fn is_identity(self) -> bool {
        matches!(self, Name | Contact | Organisations)
    }

    /// Whether companies can search by it. The rest is read, or says who somebody is.
    pub fn is_searched(self) -> bool {
        matches!(self, Roles | Seniority | Competencies | Place | Languages | Remote | Zone | Pay | Availability)
    }

    /// Whether there is anything to fill in.
    pub fn holds_something(self) -> bool {
        !self.columns().is_empty()
    }

    /// What an entry consists of.
    pub fn columns(self) -> &'static [Column] {
        const HANDLE: &[Column] = &[needed("handle", "Handle", Kind::Line(40))];
        const HEADLINE: &[Column] = &[needed("headline", "Headline", Kind::Line(160))];
        const SUMMARY: &[Column] = &[needed("text", "About you", Kind::Text(4_000))];
        const ROLES: &[Column] = &[needed("role", "Role", Kind::Role)];
        const SENIORITY: &[Column] = &[needed("level", "Level", Kind::Level)];
        const COMPETENCIES: &[Column] = &[needed("competency", "Competency", Kind::Competency)];
        const EXPERIENCE: &[Column] = &[
            needed("title", "What you were", Kind::Line(120)),
            naming("organisation", "Employer", Kind::Line(120)),
            free("from", "From", Kind::Month),
            free("to", "To (empty if you are there still)", Kind::Month),
            free("about", "What you did", Kind::Text(2_000)),
        ];
        const EDUCATION: &[Column] = &[
            needed("what", "What you learned", Kind::Line(160)),
            naming("organisation", "School", Kind::Line(120)),
            free("to", "Until", Kind::Month),
        ];
        const PROJECTS: &[Column] = &[
            needed("title", "Project", Kind::Line(120)),
            naming("url", "Address", Kind::Url),
            free("about", "What it is, and what you did", Kind::Text(1_500)),
        ];
        const LANGUAGES: &[Column] =
            &[needed("language", "Language", Kind::Line(40)), free("fluency", "How well", FLUENCY)];
        const PLACE: &[Column] =
            &[needed("country", "Country", Kind::Line(60)), free("town", "Town or region", Kind::Line(80))];
        const REMOTE: &[Column] = &[needed("way", "How you would like to work", WAYS)];
        const ZONE: &[Column] = &[
            needed("from", "Earliest offset from UTC, in hours", Kind::Whole { least: -12, most: 14 }),
            needed("to", "Latest offset from UTC, in hours", Kind::Whole { least: -12, most: 14 }),
        ];
        const PAY: &[Column] = &[
            needed("least", "At least", Kind::Whole { least: 1, most: 100_000_000 }),
            needed("currency", "Currency, as three letters", Kind::Currency),
            needed("per", "For", PERIODS),
        ];
        const AVAILABILITY: &[Column] = &[needed("hours", "How much", HOURS), free("from", "From", Kind::Day)];
        const RIGHT: &[Column] =
            &[needed("where", "Country or region", Kind::Line(60)), needed("basis", "Basis", BASIS)];
        const NAME: &[Column] = &[needed("name", "Name", Kind::Line(120))];
        const CONTACT: &[Column] =
            &[needed("kind", "Kind", WAYS_TO_REACH), needed("value", "Address or number", Kind::Line(200))];
        match self {
            Handle => HANDLE,
            Headline => HEADLINE,
            Summary => SUMMARY,
            Roles => ROLES,
            Seniority => SENIORITY,
            Competencies => COMPETENCIES,
            Experience => EXPERIENCE,
            Education => EDUCATION,
            Projects => PROJECTS,
            Languages => LANGUAGES,
            Place => PLACE,
            Remote => REMOTE,
            Zone => ZONE,
            Pay => PAY,
            Availability => AVAILABILITY,
            RightToWork => RIGHT,
            Name => NAME,
            Contact => CONTACT,
            Organisations => &[],
        }
    }

    /// How many entries there may be.
    pub fn most_entries(self) -> usize {
        match self {
            Experience | Projects => 20,
            Education | Languages | RightToWork => 10,
            Competencies => 60,
            Roles => 5,
            Contact => 6,
            Remote | Availability => 3,
            Organisations => 0,
            _ => 1,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_a_name_of_its_own_and_comes_back_from_it() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.id()), Some(field));
            assert_eq!(field.holds_something(), field.most_entries() > 0, "{field:?}");
        }
        assert_eq!(Field::parse("score"), None);
    }

    #[test]
    fn columns_that_name_somebody_are_never_needed() {
        // An entry without them must still be one.
        for column in Field::ALL.into_iter().flat_map(Field::columns) {
            assert!(!(column.names_somebody && column.required), "{}", column.key);
        }
    }
}
