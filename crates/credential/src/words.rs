//! The words that a credential may hold. Each type checks what it is made from, also when it is read from somebody else's
//! credential.

use crate::error::{Error, shown};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! word {
    ($(#[$about:meta])* $name:ident, $what:literal, $rule:literal, $fits:expr) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Checks it: ", $rule, ".")]
            ///
            /// # Errors
            /// [`Error::Word`].
            pub fn new(text: impl Into<String>) -> Result<Self, Error> {
                let text = text.into();
                let fits: fn(&str) -> bool = $fits;
                if fits(&text) {
                    Ok(Self(text))
                } else {
                    Err(Error::Word { what: $what, found: shown(&text), rule: $rule })
                }
            }

            /// As it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

word! {
    /// The name of a role, a competency, a behaviour or an item in the content: `django-querysets`.
    Id, "an id", "1 to 64 of a-z, 0-9 and hyphens, the first a letter",
    |text| text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

word! {
    /// A name that a person reads, in one line.
    Label, "a label", "1 to 200 characters in one line, without white space at its ends",
    |text| is_line(text, 200)
}

word! {
    /// A level, as its id or as a person reads it: “middle”, “Middle”. It is made of letters, so that no number can be
    /// written in its place.
    LevelWord, "a level", "1 to 40 letters, with single spaces or hyphens between them",
    |text| is_line(text, 40)
        && text.split([' ', '-']).all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic))
}

word! {
    /// A day: `2026-11-29`.
    Date, "a date", "write year, month and day, as in 2026-11-29", is_date
}

/// Characters that steer how a line is shown could make it say something else than it holds.
fn is_line(text: &str, longest: usize) -> bool {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    !text.is_empty() && text.trim() == text && text.chars().count() <= longest && !text.chars().any(steers)
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() });
    if !shape {
        return false;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    year >= 2000 && (1..=12).contains(&month) && (1..=last).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_cannot_be_a_number() {
        for level in ["middle", "Middle", "senior-ready", "Ведущий", "Mid level"] {
            assert!(LevelWord::new(level).is_ok(), "{level}");
        }
        for number in ["87", "0.87", "middle 87", "θ=1.2", "top 5 %", "½", "Ⅳ5", "", " ", "a--b", "a  b"] {
            assert!(LevelWord::new(number).is_err(), "{number}");
        }
    }

    #[test]
    fn dates_are_days_that_exist() {
        for date in ["2026-11-29", "2028-02-29", "2000-12-31"] {
            assert!(Date::new(date).is_ok(), "{date}");
        }
        for no_date in
            ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "1999-01-01", "2026-11-29T00:00", "２026-11-2"]
        {
            assert!(Date::new(no_date).is_err(), "{no_date}");
        }
    }

    #[test]
    fn labels_hold_nothing_that_steers_how_they_are_shown() {
        assert!(Label::new("Reads QuerySets; says when SQL is sent (≤ 3 statements)").is_ok());
        for label in ["", " a", "a\n", "a\u{202e}b", "a\u{200b}b", &"x".repeat(201)] {
            assert!(Label::new(label).is_err(), "{label:?}");
        }
    }

    #[test]
    fn reading_checks_as_making_does() {
        assert!(serde_json::from_str::<Id>("\"django-models\"").is_ok());
        for id in ["\"Django\"", "\"9-lives\"", "\"a/b\"", "\"\"", "7"] {
            assert!(serde_json::from_str::<Id>(id).is_err(), "{id}");
        }
    }
}
