//! The many words of boards for a few things.

use crate::posting::{Employment, Per, Remote};

/// What a word says.
pub(crate) enum Word<T> {
    /// This.
    Is(T),
    /// Nothing about it, and says so.
    Unsaid,
    /// Something that we do not know.
    Unknown,
}

/// Small letters and digits alone, so that `FULL_TIME`, `Full-time` and `FullTime` are one word.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How far work is bound to a place.
pub(crate) fn remote(text: &str) -> Word<Remote> {
    match plain(text).as_str() {
        "remote" | "fullyremote" | "fullremote" | "remotefirst" | "remoteonly" | "100remote" | "telecommute"
        | "telecommuting" | "workfromhome" | "wfh" | "homeoffice" | "anywhere" | "distributed" => {
            Word::Is(Remote::Remote)
        }
        "hybrid" | "hybridremote" | "remotehybrid" | "partlyremote" | "partiallyremote" | "partialremote" => {
            Word::Is(Remote::Hybrid)
        }
        "onsite" | "inoffice" | "office" | "officebased" | "inperson" | "onpremise" | "onpremises" => {
            Word::Is(Remote::Onsite)
        }
        "" | "unspecified" | "none" | "notspecified" => Word::Unsaid,
        _ => Word::Unknown,
    }
}

/// The same of a place's free text, such as `Remote - Germany`, `Berlin (hybrid)`. One that gives a choice says nothing.
pub(crate) fn remote_of_place(text: &str) -> Option<Remote> {
    let small = text.to_lowercase();
    let words: Vec<&str> =
        small.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_choice = words.contains(&"or") || text.contains('/') || text.contains('|');
    if is_choice {
        None
    } else if words.contains(&"hybrid") {
        Some(Remote::Hybrid)
    } else if words.first() == Some(&"remote") || words.last() == Some(&"remote") || small.trim() == "anywhere" {
        Some(Remote::Remote)
    } else {
        None
    }
}

/// How somebody is employed. `permanent` is known, and says nothing of hours.
pub(crate) fn employment(text: &str) -> Word<&'static [Employment]> {
    use Employment::{Contract, FullTime, Internship, PartTime, Temporary, Volunteer};
    Word::Is(match plain(text).as_str() {
        "fulltime" | "full" | "fulltimepermanent" | "permanentfulltime" | "fulltimeemployee" | "vollzeit" => {
            &[FullTime]
        }
        "parttime" | "part" | "parttimepermanent" | "permanentparttime" | "teilzeit" => &[PartTime],
        "fullorparttime" | "fulltimeorparttime" | "fulltimeparttime" => &[FullTime, PartTime],
        "fulltimefixedterm" | "fulltimetemporary" => &[FullTime, Temporary],
        "parttimefixedterm" | "parttimetemporary" => &[PartTime, Temporary],
        "contract" | "contractor" | "contracting" | "freelance" | "freelancer" | "perdiem" => &[Contract],
        "temporary" | "temp" | "fixedterm" | "temporaryemployee" | "seasonal" => &[Temporary],
        "intern" | "internship" | "trainee" | "traineeship" | "workingstudent" | "apprenticeship" | "apprentice" => {
            &[Internship]
        }
        "volunteer" | "voluntary" => &[Volunteer],
        "permanent" | "permanentemployee" | "employee" | "other" | "unspecified" | "" => return Word::Unsaid,
        _ => return Word::Unknown,
    })
}

/// The time that pay is for.
pub(crate) fn per(text: &str) -> Word<Per> {
    match plain(text).as_str() {
        "year" | "years" | "1year" | "yearly" | "annual" | "annually" | "annum" | "perannum" | "peryear"
        | "peryearsalary" => Word::Is(Per::Year),
        "month" | "1month" | "monthly" | "permonth" | "permonthsalary" => Word::Is(Per::Month),
        "week" | "1week" | "weekly" | "perweek" | "perweeksalary" | "perweekwage" => Word::Is(Per::Week),
        "day" | "1day" | "daily" | "perday" | "perdaywage" => Word::Is(Per::Day),
        "hour" | "1hour" | "hourly" | "perhour" | "perhourwage" => Word::Is(Per::Hour),
        "" | "none" => Word::Unsaid,
        _ => Word::Unknown,
    }
}

/// The same of a heading such as `Annual Salary:`; of two times in it neither counts.
pub(crate) fn per_in_heading(text: &str) -> Option<Per> {
    let mut said = text.split(|letter: char| !letter.is_alphanumeric()).filter_map(|word| match per(word) {
        Word::Is(per) => Some(per),
        Word::Unsaid | Word::Unknown => None,
    });
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}
